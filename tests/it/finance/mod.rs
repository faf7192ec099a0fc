//! Tests of finance: what a fee costs, invoices, credit notes, payments, and who sees them.

pub mod arrange;
pub mod closing;
mod credit_notes;
mod einvoices;
mod fees;
mod invoices;
mod issuing;
pub mod ledger;
mod memberships;
mod packages;
mod payments;
mod privacy;
mod races;
mod refunds;
mod reversals;
mod stateful;
mod totals;
mod write_offs;
