//! Tests of finance: what a fee costs, invoices, payments, and who sees them.

pub mod arrange;
mod einvoices;
mod fees;
mod invoices;
mod issuing;
mod memberships;
mod packages;
mod payments;
mod privacy;
mod races;
mod stateful;
mod totals;
