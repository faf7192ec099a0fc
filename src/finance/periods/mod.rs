//! The closing of the books. A period that is locked softly takes nothing but the work of closing it;
//! one that is locked hard takes nothing at all, ever. Closing a year moves its result to equity and
//! locks it hard. What it is not: the postings of single deeds.
//!
//! What happens later about closed days counts to the first open one; an invoice is not issued with a
//! closed date.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::{close_year, lock, refuse_closed, unlock};
pub use model::{BookLocks, LockKind, NewLock, YearToClose};
pub use store::book_locks;
