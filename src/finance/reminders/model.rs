//! The records of reminders, of their runs and of what lateness was charged. What it is not: why one is
//! not sent; that is decided in `rules` each time.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::sellers::DayCount;
use crate::kernel::ids::{CityId, InvoiceId, ReminderId, ReminderRunId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::phrase::Phrase;
use crate::schema::{late_charges, reminder_runs, reminders};

/// A reminder that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = reminders, treat_none_as_default_value = false)]
pub struct Reminder {
    /// The key.
    pub id: ReminderId,
    /// The invoice that is overdue.
    pub invoice_id: InvoiceId,
    /// Who owes it.
    pub city_id: CityId,
    /// 1 to 3; 4 is the notice of collection.
    pub level: i32,
    /// Its date.
    pub sent_on: NaiveDate,
    /// The last day on which a payment was in time.
    pub in_time_until: NaiveDate,
    /// Until when to pay now.
    pub pay_by: NaiveDate,
    /// What was owed on the invoice, in minor units.
    pub open_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// How days of interest are counted.
    pub day_count: DayCount,
    /// What else it says: a [`Said`].
    pub said: Json,
    /// The invoice of what the lateness costs, if anything.
    pub charges_invoice_id: Option<InvoiceId>,
    /// Where it was mailed to; none when the city has no address for invoices.
    pub recipient: Option<String>,
    /// The run that sent it.
    pub run_id: Option<ReminderRunId>,
    /// When it was sent.
    pub created_at: Instant,
    /// Who sent it.
    pub created_by: Option<UserId>,
}

/// What a reminder says besides its own claim, as it stood when it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Said {
    /// The open invoices of what the lateness cost.
    pub charges: Vec<LetterCharge>,
    /// Whether interest is charged.
    pub interest: bool,
}

/// An open invoice of what the lateness cost.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LetterCharge {
    /// Its number.
    pub number: String,
    /// What is owed on it, in minor units.
    pub open_minor: i64,
}

crate::text_enum! {
    /// How far a run is.
    pub enum RunStatus {
        /// Its reminders are being sent.
        Running = "RUNNING",
        /// Every overdue invoice was looked at.
        Finished = "FINISHED",
    }
}

/// The sending of all reminders that are due on a day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = reminder_runs, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ReminderRun {
    /// The key.
    pub id: ReminderRunId,
    /// The date of its reminders.
    pub run_on: NaiveDate,
    /// How far it is.
    pub status: RunStatus,
    /// How many reminders it sent.
    pub sent: i64,
    /// How many overdue invoices it did not remind of.
    pub held: i64,
    /// For how many something went wrong.
    pub failed: i64,
    /// A list of [`RunProblem`].
    pub problems: Json,
    /// When it was started.
    pub created_at: Instant,
    /// Who started it.
    pub created_by: Option<UserId>,
    /// When it was done.
    pub finished_at: Option<Instant>,
    /// Grows by one with each change.
    pub version: i32,
}

/// What went wrong for one invoice of a run; the others went on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunProblem {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// What is wrong and what to do.
    pub message: Phrase,
}

/// Which invoice charges for the lateness of which.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = late_charges, treat_none_as_default_value = false)]
pub struct LateCharge {
    /// The invoice that charges.
    pub invoice_id: InvoiceId,
    /// The invoice that is late.
    pub overdue_invoice_id: InvoiceId,
    /// The fee of a reminder in minor units.
    pub fee_minor: i64,
    /// The fixed compensation.
    pub compensation_minor: i64,
    /// The interest.
    pub interest_minor: i64,
    /// Up to and with which day interest was counted.
    pub interest_until: Option<NaiveDate>,
    /// When it was charged.
    pub created_at: Instant,
}

/// Which reminders a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ReminderFilter {
    /// To this city.
    pub city: Option<CityId>,
    /// Of this invoice.
    pub invoice: Option<InvoiceId>,
    /// Of one of these levels.
    pub level: Option<Vec<i32>>,
    /// Sent on or after.
    pub sent_from: Option<NaiveDate>,
    /// Sent before.
    pub sent_before: Option<NaiveDate>,
}

crate::text_enum! {
    /// How reminders are sorted.
    pub enum ReminderOrder {
        /// By date, the earliest first.
        SentOnAsc = "SENT_ON_ASC",
        /// By date, the latest first.
        SentOnDesc = "SENT_ON_DESC",
    }
}
