//! What moves the account of a city. What it is not: how it is read or shown.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::kernel::money::Currency;

crate::text_enum! {
    /// What moves the account of a city.
    pub enum MovementKind {
        /// An invoice was issued.
        Invoice = "INVOICE",
        /// A credit note was issued.
        CreditNote = "CREDIT_NOTE",
        /// Money came from the city.
        Payment = "PAYMENT",
        /// The bank took a payment back, or it was recorded wrongly.
        PaymentReversed = "PAYMENT_REVERSED",
        /// Unused money was paid back.
        Refund = "REFUND",
        /// What was open was given up; or stands again, where the amount is above zero.
        WriteOff = "WRITE_OFF",
        /// Another city's payment settled an invoice of this one; or does so no more.
        PaidByOther = "PAID_BY_OTHER",
        /// A payment of this city settled an invoice of another one; or does so no more.
        PaidForOther = "PAID_FOR_OTHER",
    }
}

/// Something that moved the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// What.
    pub kind: MovementKind,
    /// The day from which it counts.
    pub on: NaiveDate,
    /// The record: the invoice, the payment, and so on.
    pub id: Uuid,
    /// How much, in minor units: above zero when the city owes more.
    pub minor: i64,
    /// The number of the document, or of the invoice that it is about.
    pub number: Option<String>,
    /// The number of the invoice that a credit note takes back, or what the payer wrote.
    pub reference: Option<String>,
}

/// A movement with the balance after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What moved.
    pub movement: Movement,
    /// What the city owes after it, in minor units; below zero when it has a credit.
    pub balance_minor: i64,
}

/// The account of a city over some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStatement {
    /// The currency of all amounts.
    pub currency: Currency,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub through: NaiveDate,
    /// What the city owed before the first day, in minor units.
    pub opening_minor: i64,
    /// What moved, in the order of the days.
    pub entries: Vec<Entry>,
    /// What the city owes after the last day, in minor units.
    pub closing_minor: i64,
}
