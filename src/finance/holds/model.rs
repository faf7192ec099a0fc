//! The record of a hold and what is said to begin and end one. What it is not: what it holds back.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, InvoiceId, ReminderHoldId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::reminder_holds;

crate::text_enum! {
    /// Why an invoice is not reminded of.
    pub enum HoldKind {
        /// The city says that it does not owe it, or not so much.
        Dispute = "DISPUTE",
        /// The city has promised to pay by a day.
        Promise = "PROMISE",
        /// Finance has decided so.
        Pause = "PAUSE",
    }
}

/// Why an invoice is not reminded of for a while.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = reminder_holds, treat_none_as_default_value = false)]
pub struct ReminderHold {
    /// The key.
    pub id: ReminderHoldId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Whose invoice that is.
    pub city_id: CityId,
    /// What it is.
    pub kind: HoldKind,
    /// Why, in words.
    pub reason: String,
    /// The first day on which it holds.
    pub from_on: NaiveDate,
    /// The last day on which it holds by itself; without one it holds until it is ended.
    pub until_on: Option<NaiveDate>,
    /// Who said so.
    pub opened_by: Option<UserId>,
    /// The day from which it holds no more, because somebody ended it.
    pub ended_on: Option<NaiveDate>,
    /// Who ended it.
    pub ended_by: Option<UserId>,
    /// What came of it.
    pub end_note: Option<String>,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl ReminderHold {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, on: NaiveDate) -> bool {
        self.from_on <= on
            && self.until_on.is_none_or(|until| on <= until)
            && self.ended_on.is_none_or(|ended| on < ended)
    }
}

/// A hold to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Why, in words.
    pub reason: String,
    /// The last day on which it holds by itself; a promise has one.
    pub until: Option<NaiveDate>,
}

/// A hold to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndOfHold {
    /// The hold.
    pub hold: ReminderHoldId,
    /// The version that was read.
    pub version: i32,
    /// What came of it.
    pub note: String,
}
