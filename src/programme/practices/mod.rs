//! A good practice shows how a city did what the steps and the policy table ask for. The first
//! seven are those of the network's memo; their cities need not be members. A practice is linked to
//! the areas and steps it illustrates; where the source does not make these links, they are the
//! network's own judgement and are marked as such.
//!
//! Invariants: a practice has one lasting name and so one key in every database; it names at least
//! one area; the public sees what is published. What it is not: evidence of how far a city is.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::ensure_reference;
pub use model::{Practice, PracticeFilter, PracticeStatus};
pub use store::{count, count_of_cities, find_many, list, list_of_cities, order};
