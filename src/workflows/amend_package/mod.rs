//! The contract of a package is changed: its price, and how what is not invoiced yet is paid. What it is
//! not: a change of what is invoiced; its parts stay as they are.

mod actions;
mod approving;
pub mod graphql;
pub mod rules;

pub use actions::{NewTerms, amend_package};
pub use approving::approve_amendment;
