//! The queries of revenue over time. What it is not: the ledger's.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable};
use diesel::upsert::excluded;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::revenue::groups::Shifts;
use crate::finance::revenue::model::{RevenueRun, RevenueSchedule, RunState};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, InvoiceLineId, RevenueRunId};
use crate::on_backend;
use crate::schema::{revenue_runs, revenue_schedules};

type RowType = diesel::dsl::SqlTypeOf<<revenue_schedules::table as Table>::AllColumns>;
type RunType = diesel::dsl::SqlTypeOf<<revenue_runs::table as Table>::AllColumns>;

/// How many rows go into one statement.
const ROWS: usize = 500;

/// Locks the line's row until the transaction ends; none when the line is not earned over time.
pub(super) fn lock(tx: &mut Tx<'_>, line: InvoiceLineId) -> Result<Option<RevenueSchedule>> {
    tx.lock_row(
        "SELECT 1 FROM revenue_schedules WHERE line_id = ",
        line.uuid(),
    )?;
    Ok(revenue_schedules::table
        .find(line)
        .first(tx.db)
        .optional()?)
}

/// Stores new lines.
pub(super) fn insert(tx: &mut Tx<'_>, schedules: &[RevenueSchedule]) -> Result<()> {
    let mut shifts = Shifts::default();
    for part in schedules.chunks(ROWS) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(revenue_schedules::table).values(part).execute(connection))?;
        for line in part {
            shifts.comes(line);
        }
    }
    shifts.apply(tx)
}

/// Stores lines as they now are, after what they were. The rows are there and locked.
pub(super) fn update(
    tx: &mut Tx<'_>,
    before: &[RevenueSchedule],
    schedules: &[RevenueSchedule],
) -> Result<()> {
    use revenue_schedules::{
        amount_minor, is_done, recognised_minor, recognised_through, updated_at,
    };
    for part in schedules.chunks(ROWS) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(revenue_schedules::table)
            .values(part)
            .on_conflict(revenue_schedules::line_id)
            .do_update()
            .set((
                amount_minor.eq(excluded(amount_minor)),
                recognised_minor.eq(excluded(recognised_minor)),
                recognised_through.eq(excluded(recognised_through)),
                is_done.eq(excluded(is_done)),
                updated_at.eq(excluded(updated_at)),
            ))
            .execute(connection))?;
    }
    let mut shifts = Shifts::default();
    for line in before {
        shifts.goes(line);
    }
    for line in schedules {
        shifts.comes(line);
    }
    shifts.apply(tx)
}

/// Locks some lines that are not recognised through a day yet, though issued and begun by then.
pub(super) fn lock_due(
    tx: &mut Tx<'_>,
    through: NaiveDate,
    most: i64,
) -> Result<Vec<RevenueSchedule>> {
    let select = Sql::new(
        "SELECT revenue_schedules.* FROM revenue_schedules WHERE NOT is_done AND issued_on <= ",
    )
    .append(behind(through))
    .text(" ORDER BY line_id LIMIT ")
    .bind_int(most);
    let select = match tx.db {
        Db::Postgres(_) => select.text(" FOR NO KEY UPDATE"),
        Db::Sqlite(_) => select,
    };
    Ok(select.load::<RowType, RevenueSchedule>(tx.db)?)
}

/// Whether a line that was issued and has begun by a day is not recognised through it.
///
/// # Errors
/// What the database says.
pub fn has_unearned(db: &mut Db, through: NaiveDate) -> Result<bool> {
    let found = Sql::new(
        "SELECT count(*) FROM (SELECT 1 FROM revenue_schedules WHERE NOT is_done AND issued_on <= ",
    )
    .append(behind(through))
    .text(" LIMIT 1) AS behind")
    .number(db)?;
    Ok(found != 0)
}

fn behind(through: NaiveDate) -> Sql {
    Sql::default()
        .bind_date(through)
        .text(" AND starts_on <= ")
        .bind_date(through)
        .text(" AND (recognised_through IS NULL OR recognised_through < ")
        .bind_date(through)
        .text(")")
}

/// The first day on which a line was issued that is not done.
///
/// # Errors
/// What the database says.
pub(super) fn first_issue(db: &mut Db) -> Result<Option<NaiveDate>> {
    let found = Sql::new("SELECT MIN(issued_on) FROM revenue_schedules WHERE NOT is_done")
        .load::<Nullable<Date>, Option<NaiveDate>>(db)?;
    Ok(found.into_iter().next().flatten())
}

/// Stores a run.
pub(super) fn insert_run(tx: &mut Tx<'_>, run: &RevenueRun) -> Result<()> {
    diesel::insert_into(revenue_runs::table)
        .values(run)
        .execute(tx.db)?;
    Ok(())
}

/// The runs of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many_runs(db: &mut Db, ids: &[RevenueRunId]) -> Result<Vec<RevenueRun>> {
    Ok(
        Sql::new("SELECT revenue_runs.* FROM revenue_runs WHERE revenue_runs.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RunType, RevenueRun>(db)?,
    )
}

/// The latest runs, the newest first.
///
/// # Errors
/// What the database says.
pub fn latest_runs(db: &mut Db, most: i64) -> Result<Vec<RevenueRun>> {
    Ok(
        Sql::new(
            "SELECT revenue_runs.* FROM revenue_runs ORDER BY created_at DESC, id DESC LIMIT ",
        )
        .bind_int(most)
        .load::<RunType, RevenueRun>(db)?,
    )
}

/// Stores how far a run is.
pub(super) fn move_run(
    tx: &mut Tx<'_>,
    id: RevenueRunId,
    state: RunState,
    postings: i64,
) -> Result<()> {
    let rows = diesel::update(revenue_runs::table.find(id))
        .set((
            revenue_runs::state.eq(state),
            revenue_runs::postings.eq(revenue_runs::postings + postings),
            revenue_runs::updated_at.eq(tx.now),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}
