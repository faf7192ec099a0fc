//! What the search has to read again: each thing that can be found, with the number of its last change. One
//! counter numbers all changes, in the transactions that make them; so an index that has read up to a number
//! has missed nothing, whichever instance and database made the change. What it is not: the index (`search`).
//!
//! Invariant: the counter is held by whoever changes something until the change is committed, so numbers
//! become visible in their order.

mod actions;
mod model;
mod store;

pub use actions::changed;
pub use model::{Change, Kind};
pub use store::{latest, since};
