//! What each city owes and why, and what it paid. What it is not: the bank's business.
//!
//! `sellers` is who invoices, `products` the dated price list, `fees` what a fee costs and why;
//! `invoices` numbers and freezes what is owed, `einvoices` says it in the form of the buyer's system,
//! `documents` on pages for readers, and `deliveries` takes it there. `fee_runs` invoices a year's fee to
//! everybody at once, `package_billing` says which instalments of packages are billed. `credit_notes`
//! takes an invoice back, `fee_refunds` by days; `payments` holds what came in and what it is for,
//! `refunds` pays back what is left, `write_offs` gives up what will not come.
//! `funders` pay fees in a city's stead by `grants`.
//! `ledger` keeps the books of all of it, `revenue` says when what is invoiced is earned, `periods`
//! closes the books, `receivables` looks at what is owed as a whole.
//! What is not paid in time is reminded of and charged for by `reminders`, unless `holds` says why not, with
//! the numbers of `legal`.

pub mod bank;
pub mod credit_notes;
pub mod deliveries;
pub mod documents;
pub mod einvoices;
pub mod fee_refunds;
pub mod fee_runs;
pub mod fees;
pub mod funders;
pub mod grants;
pub mod holds;
pub mod invoices;
pub mod ledger;
pub mod legal;
pub mod package_billing;
pub mod payments;
pub mod periods;
pub mod products;
pub mod receivables;
pub mod refunds;
pub mod reminders;
pub mod revenue;
pub mod sellers;
pub mod statements;
pub mod write_offs;
