//! What each city owes and why, and what it paid. What it is not: the bank's business.
//!
//! `sellers` is who invoices, `products` the dated price list, `fees` what a fee costs and why;
//! `invoices` numbers and freezes what is owed, `einvoices` says it in the form of the buyer's system,
//! `documents` on pages for readers, `deliveries` takes it there, `credit_notes` takes it back, `payments` holds what came in and what
//! it is for. `ledger` keeps the books of all of it, and `revenue` says when what is invoiced is earned.
//! `fee_runs` invoices a year's fee to everybody at once; `credit_notes` takes it back, `fee_refunds`
//! by days; `package_billing` says which instalments of packages are billed; `payments` holds what came in and what it is for. `ledger` keeps the
//! books of all of it, and `revenue` says when what is invoiced is earned.

pub mod credit_notes;
pub mod deliveries;
pub mod documents;
pub mod einvoices;
pub mod fee_refunds;
pub mod fee_runs;
pub mod fees;
pub mod invoices;
pub mod ledger;
pub mod package_billing;
pub mod payments;
pub mod periods;
pub mod products;
pub mod receivables;
pub mod revenue;
pub mod sellers;
