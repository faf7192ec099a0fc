//! A refund pays back what is left of a payment: money that came in and is used for nothing. What it is
//! not: a credit note, which takes back what was owed; nor the bank's reversal of a payment.
//!
//! Invariants: no more is paid back than is neither used nor given back; what is paid never changes.
//!
//! Four eyes: what one person pays back of a payment alone is limited by the setting of the seller that
//! limits credit notes. Above it a refund is a proposal that moves nothing, until another person
//! approves it.

mod actions;
pub mod graphql;
mod lists;
mod model;
pub mod rules;
mod store;

pub use actions::{approve, discard, refund};
pub use lists::{count, list, order};
pub use model::{NewRefund, Refund, RefundFilter, RefundOrder, RefundStatus};
pub use store::{find_many, get, of_payments};
