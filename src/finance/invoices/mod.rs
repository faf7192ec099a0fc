//! An invoice is what a city owes: the annual fee of a fee year, or a payment for a package. It
//! begins as a draft without a number; issuing gives it the next number of its series and year,
//! and from then on nothing on it changes but its settlement. The database itself refuses more.
//!
//! Invariants: the numbers of a series and year run from 1 without gap or double, in the order of
//! their dates; a membership has one fee invoice for a fee year and a package one for each
//! instalment; no day of a city's membership is paid for twice, whether by its fee or by a package
//! that covers the fee, or by the fees of two periods; what is allocated to an invoice, credited of it and written off never exceeds its
//! total.
//!
//! What a credit note takes back stays on the invoice as what is credited of it; an invoice that is
//! credited in full frees its fee year, or its instalment.
//!
//! A membership whose fee is waived gets an invoice of 0,00 for the year: it settles the year as any
//! other invoice does and is paid when it is issued.

mod bookkeeping;
mod content;
mod coverage;
mod drafts;
mod fee_drafts;
pub mod graphql;
mod issuing;
mod lists;
mod model;
mod open_amounts;
pub mod rules;
mod store;
mod tax;
mod totals;

pub use bookkeeping::{claim, taken_back};
pub use content::{buyer_party, content_hash, seller_party, write_canonical};
pub use coverage::charging_fee_within;
pub use drafts::{discard, draft_package};
pub use fee_drafts::draft_fee;
pub use issuing::{Credit, credit, issue, issue_read, mark_sent, settle, take_number, write_off};
pub use lists::{
    Overdue, count, count_of_cities, count_open, count_overdue, count_overdue_on, list,
    list_of_cities, list_open, list_overdue, order, order_by_due, overdue_on,
};
pub use model::{
    Invoice, InvoiceFilter, InvoiceKind, InvoiceLine, InvoiceOrder, InvoiceParties, InvoiceStatus,
    NewFeeInvoice, NewPackageInvoice, OverdueInvoice, Party,
};
pub use open_amounts::{open_of_cities, reopened_on, settled_until};
pub use store::{find, find_many, get, lines_of_many, lock, parties_of_many};
pub use totals::{FeeTotal, Shifts, TotalsBy, differences, rebuild, totals};
