//! Which days of a fee were given back by a credit note, and what is still due. What it is not: the
//! credit note.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::fees::Refund;
use crate::finance::invoices::Invoice;
use crate::kernel::ids::{CreditNoteId, InvoiceLineId};
use crate::kernel::instant::Instant;
use crate::schema::fee_refunds;

crate::text_enum! {
    /// Why days of a fee are given back.
    pub enum RefundReason {
        /// The city left within the fee year.
        Left = "LEFT",
        /// A package pays for the days.
        Package = "PACKAGE",
    }
}

/// Days of a line that a credit note gives back.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = fee_refunds, treat_none_as_default_value = false)]
pub struct FeeRefund {
    /// The credit note.
    pub credit_note_id: CreditNoteId,
    /// The line of the invoice.
    pub invoice_line_id: InvoiceLineId,
    /// Why.
    pub reason: RefundReason,
    /// The first day.
    pub period_from: NaiveDate,
    /// The day after the last.
    pub period_until: NaiveDate,
    /// The credit without tax, in minor units.
    pub net_minor: i64,
    /// How it came about, in English.
    pub formula_en: String,
    /// How it came about, in Danish.
    pub formula_da: String,
    /// When.
    pub created_at: Instant,
}

/// Days of a line that are to be given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPart {
    /// The line.
    pub line: InvoiceLineId,
    /// The days, the credit, and what is kept of the line.
    pub refund: Refund,
}

/// What a city that left is to get back of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRefund {
    /// The invoice.
    pub invoice: Invoice,
    /// The first day on which the city is no member.
    pub left_on: NaiveDate,
    /// The days, line by line; never empty.
    pub parts: Vec<RefundPart>,
}
