//! What a city has coming to it from a package: an account of units for each kind of deliverable, and
//! the entries that tell what happened to them.
//!
//! Invariants, held by the database: the balances are the sum of the entries; none is below zero, and
//! never more is reserved, consumed and expired than was granted, so the last unit goes to one of two
//! who want it; an entry never changes, what was wrong is set right by another one; a unit is consumed
//! for one acceptance, once. What it is not: the activities that the units become.

mod actions;
pub mod graphql;
mod model;
mod store;

pub use actions::{adjust, consume, expire, grant, release, reserve, restore};
pub use model::{Entitlement, EntitlementEntry, EntitlementEntryKind, Unit};
pub use store::{entries_of_many, of_many, of_package};
