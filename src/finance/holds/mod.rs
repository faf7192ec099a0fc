//! Why an invoice is not reminded of for a while: the city disputes it, it has promised to pay, or finance
//! pauses its reminders. What it is not: a change of what is owed, or of the day that it was due; interest
//! goes on, since a dispute may be lost.
//!
//! Invariants: a hold is ended, never removed; what was said when it began stays; an invoice has one
//! dispute at a time.

mod actions;
pub mod graphql;
mod model;
mod store;

pub use actions::{dispute, pause, promise, resolve, resume};
pub use model::{EndOfHold, HoldKind, NewHold, ReminderHold};
pub use store::{find_many, get, of_invoices};
