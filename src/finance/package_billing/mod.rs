//! What of a package is billed and when: its instalments with the days they fall on, which of them have
//! an invoice, and what was invoiced against the part of the time that was used. What it is not: the
//! invoices, or the contract (`programme/packages`).

mod actions;
pub mod graphql;
pub mod rules;
mod store;

pub use actions::{billings, due};
pub use rules::{Billing, Instalment, InstalmentState};
