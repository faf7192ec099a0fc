//! What a buyer reads: an invoice or a credit note as pages (PDF), in Danish or English. What it is
//! not: the electronic invoice, which says the same to the buyer's system (`einvoices`), or a record; the
//! pages are made of what was frozen, and the same document always has the same bytes.
//!
//! `letter` is what any document of the house consists of, `invoice` fills one in from the facts of an
//! invoice or credit note; `pages` sets a letter on paper, `typesetting` measures and breaks its
//! lines, `paper` keeps what stands where and in which order it is read, and `pdf` writes it.

mod actions;
mod invoice;
mod letter;
mod pages;
mod paper;
mod pdf;
pub mod rest;
mod tables;
mod typesetting;
mod words;

pub use actions::{Original, of_credit_note, of_invoice, write};
pub use invoice::{language_of, letter};
pub use letter::{Cell, Column, Letter, Payment, Side, Table, Total};
pub use rest::Wanted;
pub use words::{Words, in_fours};
