//! Which cities came, went and were there, in whichever networks: for the network's figures of a year. What it is
//! not: a single membership.

use chrono::NaiveDate;

use crate::db::Db;
use crate::db::sql::Sql;
use crate::kernel::error::Result;
use crate::kernel::ids::CityId;
use crate::kernel::sql_types::Uid;

/// The cities that became members from a day on and before another: nothing led up to their membership.
///
/// # Errors
/// What the database says.
pub fn joined_between(db: &mut Db, from: NaiveDate, before: NaiveDate) -> Result<Vec<CityId>> {
    let statement = Sql::new(
        "SELECT DISTINCT run.city_id FROM city_standings run \
         WHERE run.status IN ('ACTIVE', 'SUSPENDED') AND run.starts_on >= ",
    )
    .bind_date(from)
    .text(" AND run.starts_on < ")
    .bind_date(before)
    .text(
        " AND NOT EXISTS (SELECT 1 FROM city_standings past WHERE past.city_id = run.city_id \
         AND past.status IN ('ACTIVE', 'SUSPENDED') AND past.starts_on < run.starts_on \
         AND (past.ends_on IS NULL OR past.ends_on >= run.starts_on)) ORDER BY run.city_id",
    );
    Ok(statement.load::<Uid, CityId>(db)?)
}

/// The cities whose membership ended in these days, and that no other one kept in.
///
/// # Errors
/// What the database says.
pub fn left_between(db: &mut Db, from: NaiveDate, before: NaiveDate) -> Result<Vec<CityId>> {
    let statement = Sql::new(
        "SELECT DISTINCT run.city_id FROM city_standings run \
         WHERE run.status IN ('ACTIVE', 'SUSPENDED') AND run.ends_on >= ",
    )
    .bind_date(from)
    .text(" AND run.ends_on < ")
    .bind_date(before)
    .text(
        " AND NOT EXISTS (SELECT 1 FROM city_standings next WHERE next.city_id = run.city_id \
         AND next.status IN ('ACTIVE', 'SUSPENDED') AND next.starts_on <= run.ends_on \
         AND (next.ends_on IS NULL OR next.ends_on > run.ends_on)) ORDER BY run.city_id",
    );
    Ok(statement.load::<Uid, CityId>(db)?)
}

/// How many cities were members on a day.
///
/// # Errors
/// What the database says.
pub fn count_on(db: &mut Db, day: NaiveDate) -> Result<i64> {
    let statement = Sql::new(
        "SELECT COUNT(DISTINCT city_id) FROM city_standings \
         WHERE status IN ('ACTIVE', 'SUSPENDED') AND starts_on <= ",
    )
    .bind_date(day)
    .text(" AND (ends_on IS NULL OR ends_on > ")
    .bind_date(day)
    .text(")");
    Ok(statement.number(db)?)
}
