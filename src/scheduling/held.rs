//! Which visits were held in a time: for the network's figures of a year. What it is not: single visits; they are
//! asked of their slices.

use chrono::NaiveDate;

use crate::db::Db;
use crate::db::sql::{Bind, Sql};
use crate::kernel::error::Result;
use crate::kernel::ids::{ExpertVisitId, StudyVisitId};
use crate::kernel::instant::Instant;
use crate::kernel::sql_types::Uid;

/// The expert visits whose last day is from a day on and before another, and that are over now.
///
/// # Errors
/// What the database says.
pub fn expert_visits_between(
    db: &mut Db,
    days: (NaiveDate, NaiveDate),
    now: Instant,
) -> Result<Vec<ExpertVisitId>> {
    let select = "SELECT visit.id FROM expert_visits visit";
    Ok(held(select, days, now).load::<Uid, ExpertVisitId>(db)?)
}

/// The study visits whose last day is from a day on and before another, and that are over now.
///
/// # Errors
/// What the database says.
pub fn study_visits_between(
    db: &mut Db,
    days: (NaiveDate, NaiveDate),
    now: Instant,
) -> Result<Vec<StudyVisitId>> {
    let select = "SELECT visit.id FROM study_visits visit";
    Ok(held(select, days, now).load::<Uid, StudyVisitId>(db)?)
}

/// A planned visit is held when its last day is over where it takes place.
fn held(select: &'static str, (from, before): (NaiveDate, NaiveDate), now: Instant) -> Sql {
    Sql::new(select)
        .text(" WHERE visit.status = 'PLANNED' AND visit.ends_on > ")
        .bind_date(from)
        .text(" AND visit.ends_on <= ")
        .bind_date(before)
        .text(" AND visit.ends_at <= ")
        .bind(Bind::Stamp(now))
        .text(" ORDER BY visit.starts_on, visit.id")
}
