//! The queries of fee runs, their rows, and the cities they work through. What it is not: pages of
//! lists (`lists`).

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::fee_runs::model::{FeeRun, FeeRunRow};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, FeeRunId, Id};
use crate::kernel::sql_types::Uid;
use crate::on_backend;
use crate::schema::{fee_run_rows, fee_runs};

/// The SQL type of a run's row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<fee_runs::table as Table>::AllColumns>;

/// The SQL type of the row of a membership.
pub(super) type ResultType = diesel::dsl::SqlTypeOf<<fee_run_rows::table as Table>::AllColumns>;

/// The runs of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[FeeRunId]) -> Result<Vec<FeeRun>> {
    Ok(
        Sql::new("SELECT fee_runs.* FROM fee_runs WHERE fee_runs.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, FeeRun>(db)?,
    )
}

/// Locks the run's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: FeeRunId) -> Result<FeeRun> {
    tx.lock_row("SELECT 1 FROM fee_runs WHERE id = ", id.uuid())?;
    fee_runs::table
        .find(id)
        .first(tx.db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: FeeRunId::KIND,
            id: id.public(),
        })
}

/// Stores a new run.
pub(super) fn insert(tx: &mut Tx<'_>, run: &FeeRun) -> Result<()> {
    diesel::insert_into(fee_runs::table)
        .values(run)
        .execute(tx.db)?;
    Ok(())
}

/// Stores the run as it now is.
pub(super) fn update(tx: &mut Tx<'_>, run: &FeeRun) -> Result<()> {
    let rows = diesel::update(fee_runs::table.find(run.id))
        .set(run)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores what was done about memberships.
pub(super) fn insert_rows(tx: &mut Tx<'_>, rows: &[FeeRunRow]) -> Result<()> {
    for part in rows.chunks(500) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(fee_run_rows::table).values(part).execute(connection))?;
    }
    Ok(())
}

/// The next cities, by key, with a membership that may have days in a fee year that begins in the year:
/// it ends before the year after the next one.
pub(super) fn next_cities(
    db: &mut Db,
    year: i32,
    after: Option<CityId>,
    most: i64,
) -> Result<Vec<CityId>> {
    let first_of = |year| {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a year beyond the calendar")))
    };
    let mut statement = Sql::new(
        "SELECT DISTINCT memberships.city_id FROM memberships WHERE memberships.starts_on < ",
    )
    .bind_date(first_of(year.saturating_add(2))?)
    .text(" AND (memberships.ends_on IS NULL OR memberships.ends_on >= ")
    .bind_date(first_of(year)?)
    .text(")");
    if let Some(after) = after {
        statement = statement
            .text(" AND memberships.city_id > ")
            .bind_uid(after.uuid());
    }
    let found = statement
        .text(" ORDER BY memberships.city_id LIMIT ")
        .bind_int(most)
        .load::<Uid, Uuid>(db)?;
    Ok(found.into_iter().map(CityId::of).collect())
}
