//! A credit note takes back an invoice, or a part of it: what is issued is never changed, so whatever
//! was wrong on it, or is not owed any more, is taken back by a document of its own.
//!
//! Invariants: a credit note refers to exactly one issued invoice and has positive amounts; the numbers
//! of its series `K` run from 1 in each year without gap or double, in the order of their dates; what is
//! credited of a line never exceeds the line, nor of an invoice the invoice, and the database itself
//! holds both; the tax is computed with the invoice's rates, once for each category, and the credit that
//! takes the rest takes exactly the rest; what is issued never changes.
//!
//! Crediting what is paid gives the money above the invoice's new total back to its payments, where it
//! is the payer's credit: each gets an entry below zero, and the history stays
//! (docs/decisions/0011). An invoice that is credited in full is CREDITED, and its fee year, or its
//! instalment, can be invoiced again.
//!
//! Four eyes: what one person credits of an invoice alone is limited by a setting of the seller. Above
//! it a credit note is a proposal without a number that changes nothing, until another person approves
//! it.

mod actions;
mod content;
pub mod graphql;
mod lists;
mod model;
pub mod rules;
mod store;

pub use actions::{approve, credit, discard, take_back, take_back_approved};
pub use content::content_hash;
pub use lists::{count, list, order};
pub use model::{
    AskedLine, CreditNote, CreditNoteFilter, CreditNoteLine, CreditNoteOrder, CreditNoteStatus,
    CreditReason, CreditedTax, NewCredit,
};
pub use store::{find_many, get, lines_of_many, of_invoices};
