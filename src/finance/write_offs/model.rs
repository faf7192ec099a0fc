//! The record of a write-off, and what is said to make one. What it is not: what is open on an invoice.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::invoices::InvoiceStatus;
use crate::finance::ledger::Account;
use crate::kernel::ids::{CityId, InvoiceId, UserId, WriteOffId};
use crate::kernel::instant::Instant;
use crate::schema::write_offs;

crate::text_enum! {
    /// Where a write-off stands.
    pub enum WriteOffStatus {
        /// Waiting for a second person; it changes nothing.
        Proposed = "PROPOSED",
        /// The claim is given up, or stands again where the amount is below zero.
        WrittenOff = "WRITTEN_OFF",
    }
}

crate::text_enum! {
    /// Why a claim is given up, as a word.
    pub enum WriteOffKind {
        /// The city paid a little less.
        SmallDifference = "SMALL_DIFFERENCE",
        /// A bank took its fee of what the city paid.
        BankFee = "BANK_FEE",
        /// Nobody will pay it.
        BadDebt = "BAD_DEBT",
    }
}

impl WriteOffKind {
    /// The account of the loss.
    #[must_use]
    pub const fn account(self) -> Account {
        match self {
            Self::SmallDifference | Self::BankFee => Account::BankCharges,
            Self::BadDebt => Account::BadDebts,
        }
    }
}

/// What is given up of an invoice, or taken back of that.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = write_offs, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct WriteOff {
    /// The key.
    pub id: WriteOffId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Whose invoice that is.
    pub city_id: CityId,
    /// The write-off that this one takes back; then the amount is below zero.
    pub reverses_id: Option<WriteOffId>,
    /// Where it stands.
    pub status: WriteOffStatus,
    /// Why, as a word.
    pub kind: WriteOffKind,
    /// ISO 4217; the invoice's.
    pub currency: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// Why.
    pub reason: String,
    /// Where the invoice stood before.
    pub found_status: Option<InvoiceStatus>,
    /// The day from which it counts; none while it is a proposal.
    pub written_on: Option<NaiveDate>,
    /// Who let it count.
    pub approved_by: Option<UserId>,
    /// When it was made.
    pub created_at: Instant,
    /// Who made or proposed it.
    pub created_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

/// A write-off to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWriteOff {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The version of the invoice that was read.
    pub version: i32,
    /// How much, as written; all that is open when nothing is said. The currency is the invoice's.
    pub amount: Option<String>,
    /// Why, as a word.
    pub kind: WriteOffKind,
    /// Why.
    pub reason: String,
}

/// Which write-offs a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WriteOffFilter {
    /// In one of these states.
    pub status: Option<Vec<WriteOffStatus>>,
    /// For one of these reasons.
    pub kind: Option<Vec<WriteOffKind>>,
    /// Of this city.
    pub city: Option<CityId>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How write-offs are sorted.
    pub enum WriteOffOrder {
        /// As they were made, the oldest first.
        CreatedAtAsc = "CREATED_AT_ASC",
        /// As they were made, the newest first.
        CreatedAtDesc = "CREATED_AT_DESC",
    }
}
