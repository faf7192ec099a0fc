//! Packages that somebody should look at: for the work list. What it is not: the work list itself.

use chrono::{NaiveDate, TimeDelta};
use diesel::sql_types::{BigInt, Date};
use uuid::Uuid;

use crate::db::Db;
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PackageAmendmentId, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::sql_types::{Stamp, Uid};

/// How many days before its units are lost a package is looked at.
pub const DAYS_BEFORE_LOSS: i64 = 90;

/// A package that loses units soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Losing {
    /// The package.
    pub package: PackageId,
    /// Whose it is.
    pub city: CityId,
    /// The first day on which they are lost.
    pub day: NaiveDate,
    /// How many are neither used nor set aside.
    pub units: i64,
}

/// An amendment that waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The amendment.
    pub amendment: PackageAmendmentId,
    /// Whose package it changes.
    pub city: CityId,
    /// When it was proposed.
    pub since: Instant,
}

/// The packages that lose units soon, by the day: a part of them.
///
/// # Errors
/// What the database says.
pub fn losing(db: &mut Db, today: NaiveDate, part: &Part) -> Result<Vec<Losing>> {
    type Row = (Uid, Uid, Date, BigInt);

    let rows = merged::load::<Row, (PackageId, CityId, NaiveDate, i64)>(
        db,
        losing_candidates(today)?,
        part,
    )?;
    let read = |(package, city, day, units)| Losing {
        package,
        city,
        day,
        units,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many such packages there are, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_losing(db: &mut Db, today: NaiveDate, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, losing_candidates(today)?, cities)
}

/// The amendments that wait, by the moment they were proposed: a part of them.
///
/// # Errors
/// What the database says.
pub fn waiting(db: &mut Db, part: &Part) -> Result<Vec<Waiting>> {
    type Row = (Uid, Uid, Stamp);

    let candidates = waiting_candidates();
    let rows = merged::load::<Row, (PackageAmendmentId, CityId, Instant)>(db, candidates, part)?;
    let read = |(amendment, city, since)| Waiting {
        amendment,
        city,
        since,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many amendments wait, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_waiting(db: &mut Db, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, waiting_candidates(), cities)
}

fn losing_candidates(today: NaiveDate) -> Result<Candidates> {
    let until = today
        .checked_add_signed(TimeDelta::days(DAYS_BEFORE_LOSS))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a day beyond the calendar")))?;
    Ok(Candidates(
        Sql::new(
            "SELECT p.id, p.city_id, p.expires_on AS since, \
             CAST(SUM(e.granted - e.reserved - e.consumed - e.expired) AS BIGINT) AS units \
             FROM packages p JOIN entitlements e ON e.package_id = p.id \
             WHERE p.status = 'ENROLLED' AND e.granted > e.reserved + e.consumed + e.expired AND p.expires_on > ",
        )
        // What is lost already is written off by the hourly round; so the statement looks at few packages.
        .bind_date(today)
        .text(" AND p.expires_on <= ")
        .bind_date(until)
        .text(" GROUP BY p.id, p.city_id, p.expires_on"),
    ))
}

fn waiting_candidates() -> Candidates {
    Candidates(Sql::new(
        "SELECT a.id, a.city_id, a.created_at AS since FROM package_amendments a WHERE a.status = 'PROPOSED'",
    ))
}
