//! The price list: what the network charges for, and since when it costs what. A price is net; how
//! tax applies to it is part of the same dated entry.
//!
//! Invariants: a price never changes and is never removed; a new one begins on a day of its own.
//! No price is below zero. Whatever is not taxed by a rate says why.

mod actions;
pub mod graphql;
mod model;
mod rules;
mod store;

pub use actions::{ensure_reference, set_price};
pub use model::{NewPrice, PriceVersion, Tax, VatCategory};
pub use rules::{history, in_force, vat_of};
pub use store::{all, find_many, get};
