//! The record of a payment and of its allocations, and what is said to record them. What it is not:
//! the bank's statement.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::invoices::InvoiceStatus;
use crate::kernel::ids::{AllocationId, CityId, CreditNoteId, InvoiceId, PaymentId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::money::Money;
use crate::schema::{allocations, payment_reversals, payments};

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = payments, treat_none_as_default_value = false)]
pub struct Payment {
    /// The key.
    pub id: PaymentId,
    /// The city it is from, or for.
    pub city_id: CityId,
    /// ISO 4217.
    pub currency: String,
    /// The amount in minor units.
    pub amount_minor: i64,
    /// How much of it is allocated.
    pub allocated_minor: i64,
    /// How much of it the bank took back, or was paid back.
    pub returned_minor: i64,
    /// The day it came.
    pub received_on: NaiveDate,
    /// What the payer wrote.
    pub reference: Option<String>,
    /// Who paid, where it was not the city.
    pub payer_name: Option<String>,
    /// What finance wrote.
    pub note: Option<String>,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it was last allocated from.
    pub updated_at: Instant,
    /// Grows by one with each allocation.
    pub version: i32,
}

impl Payment {
    /// What is neither allocated nor given back, in minor units.
    #[must_use]
    pub fn unallocated_minor(&self) -> i64 {
        self.amount_minor
            .saturating_sub(self.allocated_minor)
            .saturating_sub(self.returned_minor)
    }
}

/// The use of a part of a payment for an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = allocations, treat_none_as_default_value = false)]
pub struct Allocation {
    /// The key.
    pub id: AllocationId,
    /// The payment.
    pub payment_id: PaymentId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// The credit note that gave the money back to its payment; then the amount is below zero.
    pub credit_note_id: Option<CreditNoteId>,
    /// The reversal, by the key of its payment, that took the money off the invoice; then the amount is
    /// below zero.
    pub reversal_id: Option<PaymentId>,
    /// The allocation that this one undoes; then the amount is below zero.
    pub released_id: Option<AllocationId>,
    /// The amount in minor units, in the currency of both.
    pub amount_minor: i64,
    /// The day from which it counts.
    pub allocated_on: NaiveDate,
    /// Why an allocation is undone.
    pub reason: Option<String>,
    /// Where the invoice stood before; none for what takes money off it.
    pub found_status: Option<InvoiceStatus>,
    /// Who allocated it.
    pub allocated_by: Option<UserId>,
    /// When it was allocated.
    pub created_at: Instant,
}

/// A payment that the bank took back, or that was recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = payment_reversals, treat_none_as_default_value = false)]
pub struct PaymentReversal {
    /// The payment.
    pub payment_id: PaymentId,
    /// The day from which it counts no more.
    pub reversed_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who reversed it.
    pub reversed_by: Option<UserId>,
    /// When it was reversed.
    pub created_at: Instant,
}

/// A payment to reverse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReversal {
    /// The payment.
    pub payment: PaymentId,
    /// The version of the payment that was read.
    pub version: i32,
    /// The day from which it counts no more.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// A use of a payment to undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelease {
    /// The allocation.
    pub allocation: AllocationId,
    /// Why.
    pub reason: String,
}

/// How much of a payment an invoice has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Used {
    /// The invoice.
    pub(super) invoice: InvoiceId,
    /// How much, in minor units; above zero.
    pub(super) minor: i64,
    /// The latest day from which a part of it counts.
    pub(super) last_on: NaiveDate,
}

/// Whose allocations a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AllocationsOf {
    /// Those to an invoice.
    Invoice,
    /// Those from a payment.
    Payment,
}

/// A payment to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// The city it is from, or for.
    pub city: CityId,
    /// How much.
    pub amount: Money,
    /// The day it came.
    pub received_on: NaiveDate,
    /// What the payer wrote.
    pub reference: Option<String>,
    /// Who paid, where it was not the city.
    pub payer_name: Option<String>,
    /// What finance wrote.
    pub note: Option<String>,
    /// What it is for.
    pub allocate_to: Vec<Share>,
    /// Whether it may settle invoices of other cities.
    pub other_cities: bool,
}

/// A part of a payment for an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much.
    pub amount: Money,
}

/// An allocation to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAllocation {
    /// The payment.
    pub payment: PaymentId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much, as written; the currency is the payment's.
    pub amount: String,
    /// Whether the invoice may be of another city.
    pub other_city: bool,
}

/// Which payments a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PaymentFilter {
    /// From this city.
    pub city: Option<CityId>,
    /// Received on or after.
    pub received_from: Option<NaiveDate>,
    /// Received before.
    pub received_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How payments are sorted.
    pub enum PaymentOrder {
        /// By the day they came, the earliest first.
        ReceivedOnAsc = "RECEIVED_ON_ASC",
        /// By the day they came, the latest first.
        ReceivedOnDesc = "RECEIVED_ON_DESC",
        /// By last change, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last change, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}
