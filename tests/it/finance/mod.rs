//! Tests of finance: what a fee costs, invoices, credit notes, payments, and who sees them.

pub mod arrange;
pub mod closing;
mod credit_notes;
mod deliveries;
mod documents;
mod einvoices;
mod fee_refunds;
mod fee_runs;
mod fees;
mod invoices;
mod issuing;
mod late_interest;
pub mod ledger;
mod memberships;
mod package_billing;
mod packages;
mod payments;
mod privacy;
mod races;
mod refunds;
mod reminders;
mod reversals;
mod stateful;
mod totals;
mod write_offs;
mod year;
