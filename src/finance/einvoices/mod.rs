//! Electronic invoices: what an invoice or a credit note says in the terms of EN 16931, whether it
//! may be sent, and its UBL in the form of Peppol BIS Billing 3.0. What it is not: the sending, or
//! a document for readers.
//!
//! `facts` is what our records say; `preflight` is everything that keeps it from being a document
//! that the buyer's system takes (EN 16931, Peppol, and the Danish rules `DK-R`), each named with
//! its field; `mapping` makes the `semantic` model of sound facts, and `ubl` writes it. Credit notes
//! take the same way.
//!
//! Invariant: facts without a problem become a document, and every document can be written.

mod actions;
mod charges;
mod facts;
pub mod graphql;
mod mapping;
mod parties;
mod payment;
mod preflight;
pub mod rest;
mod semantic;
mod taxes;
mod ubl;
mod xml;

pub use actions::{facts_of_credit_note, facts_of_many, refuse_undeliverable, written};

pub use facts::{Charge, Facts, Numbered};
pub use mapping::document;
pub use payment::{Card, PaymentMeans, Slip, Transfer};
pub use preflight::preflight;
pub use semantic::{
    Address, Document, DocumentKind, Identifier, Line, Preceding, Scheme, Totals, Trader,
    VatBreakdown,
};
pub use taxes::{exemption_code, vat_breakdown};
pub use ubl::write;
pub use xml::Unwritable;
