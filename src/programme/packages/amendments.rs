//! Changes of a contract that a second person approves: other units, a later end, a pause. What it is
//! not: another price or another plan of payment; those are changed with the invoices in sight
//! (`workflows/amend_package`).

mod actions;
pub mod graphql;
mod model;
mod rules;
mod store;

pub use actions::{approve, discard, propose};
pub use model::{AmendmentKind, AmendmentStatus, Change, NewAmendment, PackageAmendment, Units};
pub use store::{find_many, get, of_many, pauses_of, pauses_of_many};
