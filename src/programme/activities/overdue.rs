//! Activities that took place, or should have, and are not said to be delivered: for the work list. What it
//! is not: the work list itself.

use chrono::{NaiveDate, TimeDelta};
use diesel::sql_types::Date;
use uuid::Uuid;

use crate::db::Db;
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ActivityId, CityId};
use crate::kernel::sql_types::Uid;

/// How many days after its last one an activity should be delivered.
pub const DAYS_TO_DELIVER: i64 = 14;

/// An activity that is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The activity.
    pub activity: ActivityId,
    /// Whose it is.
    pub city: CityId,
    /// The day after its last.
    pub ended_on: NaiveDate,
}

/// The activities that are late, by their end: a part of them.
///
/// # Errors
/// What the database says.
pub fn overdue(db: &mut Db, today: NaiveDate, part: &Part) -> Result<Vec<Overdue>> {
    type Row = (Uid, Uid, Date);

    let rows = merged::load::<Row, (ActivityId, CityId, NaiveDate)>(db, candidates(today)?, part)?;
    let read = |(activity, city, ended_on)| Overdue {
        activity,
        city,
        ended_on,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many activities are late, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_overdue(db: &mut Db, today: NaiveDate, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, candidates(today)?, cities)
}

fn candidates(today: NaiveDate) -> Result<Candidates> {
    let until = today
        .checked_sub_signed(TimeDelta::days(DAYS_TO_DELIVER))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a day beyond the calendar")))?;
    Ok(Candidates(
        Sql::new(
            "SELECT a.id, a.city_id, a.ends_on AS since FROM activities a \
             WHERE a.status = 'CONFIRMED' AND a.ends_on <= ",
        )
        .bind_date(until),
    ))
}
