//! The record of a credit note with its lines, and what is said to make one. What it is not: what an
//! invoice has left; that stands on the invoice.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::fees::Product;
use crate::finance::products::VatCategory;
use crate::kernel::ids::{
    CityId, CreditNoteId, CreditNoteLineId, InvoiceId, InvoiceLineId, UserId,
};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::{credit_note_lines, credit_notes};

crate::text_enum! {
    /// Where a credit note stands.
    pub enum CreditNoteStatus {
        /// Waiting for a second person; it has no number and changes nothing.
        Proposed = "PROPOSED",
        /// Issued: it has a number and stays as it is.
        Issued = "ISSUED",
    }
}

crate::text_enum! {
    /// Why an invoice is taken back.
    pub enum CreditReason {
        /// The city has left.
        Withdrawal = "WITHDRAWAL",
        /// The city has moved to a package that pays for the days.
        Upgrade = "UPGRADE",
        /// It was somebody else who owes it.
        WrongBuyer = "WRONG_BUYER",
        /// Another amount is owed.
        WrongAmount = "WRONG_AMOUNT",
        /// A funder pays it in the city's stead, or does so no longer.
        Funding = "FUNDING",
        /// A favour.
        Goodwill = "GOODWILL",
        /// Something else, which the text says.
        Other = "OTHER",
    }
}

/// A credit note.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = credit_notes, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CreditNote {
    /// The key.
    pub id: CreditNoteId,
    /// The one invoice that it takes back.
    pub invoice_id: InvoiceId,
    /// Whose invoice that is.
    pub city_id: CityId,
    /// Where it stands.
    pub status: CreditNoteStatus,
    /// Why, as a word.
    pub reason_code: CreditReason,
    /// Why, as it is told the city.
    pub reason: String,
    /// The series of its number.
    pub series: Option<String>,
    /// The year of its number.
    pub year: Option<i32>,
    /// Its number in the series and year.
    pub sequence: Option<i64>,
    /// The number as it is written.
    pub number: Option<String>,
    /// ISO 4217; the invoice's.
    pub currency: String,
    /// Without tax, in minor units.
    pub net_minor: i64,
    /// The tax.
    pub vat_minor: i64,
    /// With tax.
    pub total_minor: i64,
    /// A list of [`CreditedTax`].
    pub taxes: Json,
    /// The party that invoices, as it stands on the invoice.
    pub seller: Json,
    /// The party that is invoiced, as it stands on the invoice.
    pub buyer: Json,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// Who issued it.
    pub issued_by: Option<UserId>,
    /// SHA-256 of everything that stands on it.
    pub content_hash: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// Who made or proposed it.
    pub created_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

/// A line of a credit note: what is taken back of a line of the invoice.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = credit_note_lines, treat_none_as_default_value = false)]
pub struct CreditNoteLine {
    /// The key.
    pub id: CreditNoteLineId,
    /// The credit note.
    pub credit_note_id: CreditNoteId,
    /// The line of the invoice.
    pub invoice_line_id: InvoiceLineId,
    /// Its place, from 1.
    pub position: i32,
    /// What was charged.
    pub product: Product,
    /// What it was, in English.
    pub description_en: String,
    /// What it was, in Danish.
    pub description_da: String,
    /// The amount without tax.
    pub net_minor: i64,
    /// How tax applied.
    pub vat_category: VatCategory,
    /// The rate in basis points.
    pub vat_rate_bp: i32,
    /// Why no tax was charged.
    pub exemption_reason: Option<String>,
}

/// The tax that a credit note takes back for one category and rate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreditedTax {
    /// How tax applied.
    pub category: VatCategory,
    /// The rate in basis points.
    pub rate_bp: i32,
    /// What it is on, in minor units.
    pub net_minor: i64,
    /// The tax.
    pub vat_minor: i64,
}

/// How much of a line to take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedLine {
    /// The line of the invoice.
    pub line: InvoiceLineId,
    /// The amount without tax, as written; the currency is the invoice's.
    pub amount: String,
}

/// A credit note to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredit {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The version of the invoice that was read.
    pub version: i32,
    /// How much of which lines; all that is left when none are named.
    pub lines: Option<Vec<AskedLine>>,
    /// Why, as a word.
    pub reason_code: CreditReason,
    /// Why, as it is told the city.
    pub reason: String,
}

/// Which credit notes a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CreditNoteFilter {
    /// In one of these states.
    pub status: Option<Vec<CreditNoteStatus>>,
    /// Of this city.
    pub city: Option<CityId>,
    /// Of this invoice.
    pub invoice: Option<InvoiceId>,
    /// Issued on or after.
    pub issued_from: Option<NaiveDate>,
    /// Issued before.
    pub issued_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How credit notes are sorted.
    pub enum CreditNoteOrder {
        /// As they were made, the oldest first.
        CreatedAtAsc = "CREATED_AT_ASC",
        /// As they were made, the newest first.
        CreatedAtDesc = "CREATED_AT_DESC",
        /// By date of issue, the oldest first; proposals last.
        IssuedOnAsc = "ISSUED_ON_ASC",
        /// By date of issue, the newest first; proposals last.
        IssuedOnDesc = "ISSUED_ON_DESC",
        /// By last change, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last change, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}
