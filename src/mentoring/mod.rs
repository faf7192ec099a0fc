//! Cities that help each other: pairs of a mentor and a mentee. What it is not: visits between
//! them; those are planned in `scheduling`.

pub mod pairings;
