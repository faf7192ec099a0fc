//! The record of a fee run and of what it did about each membership. What it is not: the invoices.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::jobs::Job;
use crate::kernel::ids::{CityId, FeeRunId, FeeRunRowId, Id, InvoiceId, MembershipId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::{fee_run_rows, fee_runs};

crate::text_enum! {
    /// How far a fee run is.
    pub enum FeeRunState {
        /// Asked for; the job has not begun.
        Queued = "QUEUED",
        /// The job works through the cities.
        Running = "RUNNING",
        /// Every city is done.
        Done = "DONE",
    }
}

crate::text_enum! {
    /// How far a fee run takes an invoice.
    pub enum FeeRunStep {
        /// Drafts, to be looked at.
        Draft = "DRAFT",
        /// Issued invoices; drafts that are there already are issued too.
        Issue = "ISSUE",
    }
}

crate::text_enum! {
    /// What a fee run did about a membership, or would do.
    pub enum FeeRunOutcome {
        /// Its invoice is drafted.
        Drafted = "DRAFTED",
        /// Its invoice is issued.
        Invoiced = "INVOICED",
        /// Nothing is to be invoiced.
        Skipped = "SKIPPED",
        /// It should have been invoiced and could not be.
        Failed = "FAILED",
    }
}

crate::text_enum! {
    /// Why a membership was not invoiced.
    pub enum FeeRunReason {
        /// The fee year has an invoice.
        AlreadyInvoiced = "ALREADY_INVOICED",
        /// The fee year has a draft.
        AlreadyDrafted = "ALREADY_DRAFTED",
        /// A package that covers the fee pays for every day.
        CoveredByPackage = "COVERED_BY_PACKAGE",
        /// The fee of the year of joining pays for this year too.
        PaidByRollover = "PAID_BY_ROLLOVER",
        /// The fee of an earlier or later membership pays for the days.
        PaidByOtherMembership = "PAID_BY_OTHER_MEMBERSHIP",
        /// National networks have fees of their own.
        NationalNetwork = "NATIONAL_NETWORK",
        /// The price list has no price on the first day of the fee year.
        NoPrice = "NO_PRICE",
        /// The invoice has to be sent electronically and cannot be.
        NotDeliverable = "NOT_DELIVERABLE",
        /// A grant pays a part of it; draft it, fund it and issue it.
        AwaitsFunding = "AWAITS_FUNDING",
        /// The membership ended before it began.
        ZeroDays = "ZERO_DAYS",
        /// It was refused for another reason, which the text says.
        Refused = "REFUSED",
        /// A fault of the service, or somebody else held the city; run again.
        Fault = "FAULT",
    }
}

impl FeeRunReason {
    /// Whether there was nothing to invoice, or nothing that can be; else it failed.
    #[must_use]
    pub const fn outcome(self) -> FeeRunOutcome {
        match self {
            Self::Refused | Self::Fault => FeeRunOutcome::Failed,
            _ => FeeRunOutcome::Skipped,
        }
    }
}

/// A fee run.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = fee_runs, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FeeRun {
    /// The key.
    pub id: FeeRunId,
    /// The calendar year in which the fee years begin.
    pub fee_year: i32,
    /// The date of the invoices.
    pub issued_on: NaiveDate,
    /// How far it takes an invoice.
    pub step: FeeRunStep,
    /// How far it is.
    pub state: FeeRunState,
    /// ISO 4217; of its sums.
    pub currency: String,
    /// How many memberships were drafted.
    pub drafted: i32,
    /// How many were invoiced.
    pub invoiced: i32,
    /// How many were skipped.
    pub skipped: i32,
    /// How many failed.
    pub failed: i32,
    /// What was drafted and invoiced, without tax, in minor units.
    pub net_minor: i64,
    /// The same with tax.
    pub total_minor: i64,
    /// The last city that is done.
    pub after_city_id: Option<CityId>,
    /// Who asked for it.
    pub requested_by: Option<UserId>,
    /// When it was asked for.
    pub created_at: Instant,
    /// When the job began.
    pub started_at: Option<Instant>,
    /// When the last city was done.
    pub finished_at: Option<Instant>,
    /// When it last moved.
    pub updated_at: Instant,
    /// Grows by one with each step.
    pub version: i32,
}

/// What a fee run did about a membership.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = fee_run_rows, treat_none_as_default_value = false)]
pub struct FeeRunRow {
    /// The key.
    pub id: FeeRunRowId,
    /// The run.
    pub run_id: FeeRunId,
    /// The city.
    pub city_id: CityId,
    /// The membership.
    pub membership_id: MembershipId,
    /// What was done.
    pub outcome: FeeRunOutcome,
    /// Why it was not invoiced.
    pub reason_code: Option<FeeRunReason>,
    /// The same in words, in English.
    pub reason_en: Option<String>,
    /// The same in words, in Danish.
    pub reason_da: Option<String>,
    /// The invoice: the new one, or the one that was there.
    pub invoice_id: Option<InvoiceId>,
    /// ISO 4217.
    pub currency: String,
    /// What was drafted or invoiced, without tax, in minor units.
    pub net_minor: i64,
    /// The same with tax.
    pub total_minor: i64,
    /// When.
    pub created_at: Instant,
}

/// A fee run to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewFeeRun {
    /// The calendar year in which the fee years begin.
    pub fee_year: i32,
    /// The date of the invoices.
    pub issued_on: NaiveDate,
    /// How far it takes an invoice.
    pub step: FeeRunStep,
}

/// Which rows of a run a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FeeRunFilter {
    /// With one of these outcomes.
    pub outcome: Option<Vec<FeeRunOutcome>>,
}

/// The work of a run, from the city on that is next.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct FeeRunWork {
    /// The run.
    pub run: FeeRunId,
}

impl Job for FeeRunWork {
    const NAME: &'static str = "finance.fee_run";

    fn aggregate(&self) -> String {
        format!("fee_run:{}", self.run.uuid())
    }
}
