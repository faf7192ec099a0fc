//! The record of what a city said of a step. What it is not: the step's text.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, StepReportId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::step_reports;

crate::text_enum! {
    /// How far a city is with a step.
    pub enum StepStatus {
        /// It has not begun, or has said nothing of it.
        NotStarted = "NOT_STARTED",
        /// It has begun.
        InProgress = "IN_PROGRESS",
        /// It says that the step is taken, and what shows it.
        Done = "DONE",
        /// Somebody of the network has looked at what shows it.
        Verified = "VERIFIED",
    }
}

/// What a city said of a step, or what the network verified.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = step_reports, treat_none_as_default_value = false)]
pub struct StepReport {
    /// The key.
    pub id: StepReportId,
    /// The city.
    pub city_id: CityId,
    /// 1 to 10.
    pub step: i32,
    /// 1 for the first report of the city on the step.
    pub sequence: i32,
    /// How far it is.
    pub status: StepStatus,
    /// The day from which it is so.
    pub reported_on: NaiveDate,
    /// What shows it.
    pub evidence: Option<String>,
    /// Where it can be read.
    pub source_url: Option<String>,
    /// Why it is less than it was.
    pub reason: Option<String>,
    /// The name of who said it, at the time.
    pub said_by: String,
    /// When it was said.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// What a city says of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStepReport {
    /// The city.
    pub city: CityId,
    /// 1 to 10.
    pub step: i32,
    /// The number of the last report that was read; 0 for none.
    pub version: i32,
    /// How far it is.
    pub status: StepStatus,
    /// The day from which it is so; today when nothing is said.
    pub on: Option<NaiveDate>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Where it can be read.
    pub source_url: Option<String>,
    /// Why it is less than it was.
    pub reason: Option<String>,
}
