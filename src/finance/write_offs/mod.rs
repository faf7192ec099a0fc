//! A write-off gives up what is open on an invoice, or a part of it: a small difference, a fee of the
//! bank, or a debt that nobody will pay. What it is not: a credit note; the city did owe it.
//!
//! Invariants: what is written off never exceeds what is open, and the database holds that what an
//! invoice says of it is the sum of its write-offs; what is written off never changes. When the money
//! comes after all, an entry below zero takes the write-off back and the claim stands again.
//!
//! Four eyes: what one person writes off of an invoice alone is limited by the setting of the seller that
//! limits credit notes. Above it a write-off is a proposal that changes nothing, until another person
//! approves it.

mod actions;
pub mod graphql;
mod lists;
mod model;
pub mod rules;
mod store;

pub use actions::{approve, discard, reverse, write_off};
pub use lists::{count, list, order};
pub use model::{
    NewWriteOff, WriteOff, WriteOffFilter, WriteOffKind, WriteOffOrder, WriteOffStatus,
};
pub use store::{find_many, get, of_invoices};
