//! The record of a line's revenue over time. What it is not: the postings; those are in the ledger.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::finance::ledger::Account;
use crate::jobs::Job;
use crate::kernel::ids::{CityId, InvoiceId, InvoiceLineId, RevenueRunId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::period::Period;
use crate::schema::{revenue_runs, revenue_schedules};

/// A line's revenue over the days that earn it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = revenue_schedules, treat_none_as_default_value = false)]
pub struct RevenueSchedule {
    /// The line.
    pub line_id: InvoiceLineId,
    /// Its invoice.
    pub invoice_id: InvoiceId,
    /// Whose it is.
    pub city_id: CityId,
    /// The number of the invoice.
    pub document: String,
    /// The account of the revenue.
    pub account: Account,
    /// ISO 4217.
    pub currency: String,
    /// The date of the invoice: nothing is posted before it.
    pub issued_on: NaiveDate,
    /// The first day that earns.
    pub starts_on: NaiveDate,
    /// The day after the last that earns.
    pub ends_on: NaiveDate,
    /// What all days together earn, in minor units: the line less what was credited of it.
    pub amount_minor: i64,
    /// What is posted as revenue so far.
    pub recognised_minor: i64,
    /// The last day that is posted.
    pub recognised_through: Option<NaiveDate>,
    /// Whether all of it is posted.
    pub is_done: bool,
    /// When it last moved.
    pub updated_at: Instant,
}

/// A line that is being issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earning {
    /// The line.
    pub line: InvoiceLineId,
    /// The account of its revenue.
    pub account: Account,
    /// The days that earn it.
    pub period: Period,
    /// The net amount.
    pub minor: i64,
}

crate::text_enum! {
    /// How far the recognising of revenue is.
    pub enum RunState {
        /// To be done in the background.
        Queued = "QUEUED",
        /// Being done.
        Running = "RUNNING",
        /// Done: everything that the days had earned is posted.
        Done = "DONE",
    }
}

/// The recognising of revenue through the end of a month.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = revenue_runs, treat_none_as_default_value = false)]
pub struct RevenueRun {
    /// The key.
    pub id: RevenueRunId,
    /// The last day of the last month.
    pub through: NaiveDate,
    /// How far it is.
    pub state: RunState,
    /// How many lines it posted, month by month.
    pub postings: i64,
    /// When it was asked for.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it last moved.
    pub updated_at: Instant,
}

/// Recognise revenue in the background.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct RecogniseRevenue {
    /// The run.
    pub run: RevenueRunId,
}

impl Job for RecogniseRevenue {
    const NAME: &'static str = "finance.recognise_revenue";

    fn aggregate(&self) -> String {
        "revenue".to_owned()
    }
}
