//! What each city owes and why, and what it paid. What it is not: the bank's business.
//!
//! `sellers` is who invoices, `products` the dated price list, `fees` what a fee costs and why;
//! `invoices` numbers and freezes what is owed, `einvoices` says it in the form of the buyer's system,
//! `credit_notes` takes it back, `payments` holds what came in and what it is for,
//! `refunds` pays back what is left, `write_offs` gives up what will not come. `ledger` keeps the
//! books of all of it, and `revenue` says when what is invoiced is earned.

pub mod credit_notes;
pub mod einvoices;
pub mod fees;
pub mod invoices;
pub mod ledger;
pub mod payments;
pub mod periods;
pub mod products;
pub mod refunds;
pub mod revenue;
pub mod sellers;
pub mod write_offs;
