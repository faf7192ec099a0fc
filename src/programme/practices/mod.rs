//! A good practice shows how a city did what the steps and the policy table ask for. The first
//! seven are those of the network's memo; their cities need not be members. A practice is linked to
//! the areas and steps it illustrates; where the source does not make these links, they are the
//! network's own judgement and are marked as such.
//!
//! Invariants: a practice has one lasting name and so one key in every database; it names at least
//! one area; the public sees what is published; what was published once is kept as an edition that never
//! changes. What it is not: evidence of how far a city is, nor what is only proposed
//! (`practice_proposals`).

mod actions;
mod content;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::{archive, ensure_reference, publish};
pub use content::{Contact, Content, Words};
pub use model::{Practice, PracticeEdition, PracticeFilter, PracticeOrigin, PracticeStatus};
pub use store::{
    count, count_of_cities, editions_of, find_many, list, list_of_cities, lock, order,
    published_between,
};
