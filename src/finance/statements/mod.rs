//! The account of a city with the network: what was charged, credited, paid, paid back and given up over
//! some days, and what is owed before and after. What it is not: the books (`ledger`), which are the
//! network's own; this is what a city is shown.
//!
//! Invariants: the opening balance and all movements make the closing balance; the closing balance of a day
//! is what is open on the city's invoices less what is unused of its payments at the end of that day.

pub mod graphql;
mod letter;
mod model;
pub mod rest;
mod rules;
mod store;

pub use letter::letter;
pub use model::{AccountStatement, Entry, Movement, MovementKind};
pub use rules::{days, statement};
pub use store::movements_until;
