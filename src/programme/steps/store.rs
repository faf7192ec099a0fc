//! The queries of what cities say of the steps. What it is not: who may see them.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, StepReportId};
use crate::programme::steps::model::{StepReport, StepStatus};
use crate::schema::step_reports;

type RowType = diesel::dsl::SqlTypeOf<<step_reports::table as Table>::AllColumns>;

/// The reports of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[StepReportId]) -> Result<Vec<StepReport>> {
    Ok(
        Sql::new("SELECT step_reports.* FROM step_reports WHERE step_reports.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, StepReport>(db)?,
    )
}

/// Everything these cities said, by step, the last first.
///
/// # Errors
/// What the database says.
pub fn of_cities(db: &mut Db, cities: &[CityId]) -> Result<HashMap<CityId, Vec<StepReport>>> {
    let rows = Sql::new("SELECT step_reports.* FROM step_reports WHERE step_reports.city_id")
        .in_uids(cities.iter().map(|id| id.uuid()).collect())
        .text(" ORDER BY step_reports.city_id, step_reports.step, step_reports.sequence DESC")
        .load::<RowType, StepReport>(db)?;
    let mut reports: HashMap<CityId, Vec<StepReport>> = HashMap::new();
    for row in rows {
        reports.entry(row.city_id).or_default().push(row);
    }
    Ok(reports)
}

/// How many cities stand where with each step.
///
/// # Errors
/// What the database says.
pub fn standings(db: &mut Db) -> Result<Vec<(i32, StepStatus, i64)>> {
    Ok(Sql::new("SELECT step, status, COUNT(*) FROM step_reports r WHERE NOT EXISTS (SELECT 1 FROM step_reports o WHERE o.city_id = r.city_id AND o.step = r.step AND o.sequence > r.sequence) GROUP BY step, status")
        .load::<(Integer, Text, BigInt), (i32, StepStatus, i64)>(db)?)
}

/// Stores a report.
pub(super) fn insert(tx: &mut Tx<'_>, report: &StepReport) -> Result<()> {
    diesel::insert_into(step_reports::table)
        .values(report)
        .execute(tx.db)?;
    Ok(())
}
