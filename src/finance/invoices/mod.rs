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
//! What the late payment of an invoice costs is an invoice of its own, in the series `R`: so it is issued,
//! paid and credited as any other, and the claim that is late stays what it is.
//!
//! A membership whose fee is waived gets an invoice of 0,00 for the year: it settles the year as any
//! other invoice does and is paid when it is issued.

mod bookkeeping;
mod charged;
mod content;
mod coverage;
mod drafts;
mod dues;
mod fee_batches;
mod fee_drafts;
pub mod graphql;
mod issuing;
mod late_drafts;
mod lists;
mod model;
mod open_amounts;
mod opening_items;
mod payment_plans;
pub mod payment_reference;
pub mod rules;
mod settling;
mod share_drafts;
mod shares;
mod store;
mod tax;
mod totals;

pub use bookkeeping::{claim, taken_back};
pub use charged::{Charged, charged_of_cities};
pub use content::{buyer_party, content_hash, seller_party, write_canonical};
pub use coverage::{charging_fee_within, falls_after_end};
pub use drafts::{Stamp, discard, draft_package};
pub use dues::{Due, open_by_due, open_by_due_on};
pub use fee_batches::{
    Draft, FeeBooks, fee_books, fee_draft, issue_drafts, refuse_mixed_tax, refuse_undeliverable,
    store_drafts,
};
pub use fee_drafts::{Fee, FeeTariff, draft_fee, fee_of, fee_tariff, refuse_another};
pub use issuing::{check_issue_day, issue, issue_read, mark_sent, take_number};
pub use late_drafts::draft_late_charges;
pub use lists::{
    Overdue, count, count_of_cities, count_open, count_overdue, count_overdue_on, list,
    list_of_cities, list_open, list_overdue, order, order_by_due, overdue_on,
};
pub use model::{
    Invoice, InvoiceFilter, InvoiceKind, InvoiceLine, InvoiceOrder, InvoiceParties, InvoiceStatus,
    NewFeeInvoice, NewPackageInvoice, OverdueInvoice, Party,
};
pub use open_amounts::{
    OpenItem, cities_of_numbers, open_of_cities, open_of_seller, reopened_on, settled_until,
    settlements_of_many,
};
pub use opening_items::{OpeningItem, take_over};
pub use payment_plans::{PlannedPart, payment_plan};
pub use settling::{Credit, credit, settle, write_off};
pub use share_drafts::{draft_share, drop_share, rewrite};
pub use store::{fees_of_year, find, find_many, get, lines_of_many, lock, parties_of_many};
pub use totals::{FeeTotal, Shifts, TotalsBy, differences, rebuild, totals};
