//! A fee that was charged for days that are not used after all is given back for these days: when a city
//! leaves within a fee year and the seller's policy says so, and when it moves to a package that covers
//! the fee.
//!
//! Invariants: what is given back is the exact part of the price, and what is kept is the rest of the
//! line; the days are kept beside the credit note, so they are free to be charged again, and are never
//! given back twice. What it is not: the credit note itself (`credit_notes`).

mod actions;
pub mod graphql;
mod model;
mod rules;
mod store;

pub use actions::{due, give_back, refund};
pub use model::{DueRefund, FeeRefund, RefundPart, RefundReason};
