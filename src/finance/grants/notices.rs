//! Grants that somebody should look at: for the work list. What it is not: the work list itself.

use chrono::{NaiveDate, TimeDelta};
use diesel::sql_types::{Date, Text};
use uuid::Uuid;

use crate::db::Db;
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, FundingGrantId};
use crate::kernel::sql_types::Uid;

/// Why a grant is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// An instalment was expected and is not recorded.
    InstalmentLate,
    /// The eligible days end soon, or are over, and money is left.
    MoneyUnused,
    /// The report is due soon, or late.
    ReportDue,
}

impl NoticeKind {
    /// How many days before the day in question somebody should look; below zero is after it.
    #[must_use]
    pub const fn days_before(self) -> i64 {
        match self {
            Self::InstalmentLate => -1,
            Self::MoneyUnused => 60,
            Self::ReportDue => 30,
        }
    }
}

/// A grant that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The grant.
    pub grant: FundingGrantId,
    /// Whose it is.
    pub city: CityId,
    /// The day in question: of the instalment, after the last eligible one, of the report.
    pub day: NaiveDate,
    /// What the project is called.
    pub title: String,
}

/// The grants that should be looked at for a reason, by the day in question: a part of them.
///
/// # Errors
/// What the database says.
pub fn notices(
    db: &mut Db,
    kind: NoticeKind,
    today: NaiveDate,
    part: &Part,
) -> Result<Vec<Notice>> {
    type Row = (Uid, Uid, Date, Text);

    let rows = merged::load::<Row, (FundingGrantId, CityId, NaiveDate, String)>(
        db,
        candidates(kind, today)?,
        part,
    )?;
    let read = |(grant, city, day, title)| Notice {
        grant,
        city,
        day,
        title,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many such grants there are, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_notices(
    db: &mut Db,
    kind: NoticeKind,
    today: NaiveDate,
    cities: Option<&[Uuid]>,
) -> Result<i64> {
    merged::count(db, candidates(kind, today)?, cities)
}

fn candidates(kind: NoticeKind, today: NaiveDate) -> Result<Candidates> {
    let until = today
        .checked_add_signed(TimeDelta::days(kind.days_before()))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a day beyond the calendar")))?;
    Ok(Candidates(match kind {
        NoticeKind::InstalmentLate => Sql::new(
            "SELECT g.id, g.city_id, MIN(i.due_on) AS since, g.title FROM funding_grants g \
             JOIN funding_instalments i ON i.grant_id = g.id WHERE i.status = 'EXPECTED' \
             AND g.status IN ('AWARDED', 'IN_PROGRESS', 'REPORTED') AND i.due_on <= ",
        )
        .bind_date(until)
        .text(" GROUP BY g.id, g.city_id, g.title"),
        NoticeKind::MoneyUnused => Sql::new(
            "SELECT g.id, g.city_id, a.eligible_until AS since, g.title FROM funding_grants g \
             JOIN funding_awards a ON a.grant_id = g.id WHERE g.status IN ('AWARDED', 'IN_PROGRESS') \
             AND a.paid_to <> 'CITY' AND a.used_minor < a.usable_minor AND a.eligible_until <= ",
        )
        .bind_date(until),
        NoticeKind::ReportDue => Sql::new(
            "SELECT g.id, g.city_id, a.report_due_on AS since, g.title FROM funding_grants g \
             JOIN funding_awards a ON a.grant_id = g.id WHERE g.status IN ('AWARDED', 'IN_PROGRESS') \
             AND a.report_due_on <= ",
        )
        .bind_date(until),
    }))
}
