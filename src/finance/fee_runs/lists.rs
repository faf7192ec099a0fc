//! Pages of fee runs and of their rows. What it is not: single ones (`store`).

use std::collections::HashMap;

use uuid::Uuid;

use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::Sql;
use crate::finance::fee_runs::model::{FeeRun, FeeRunFilter, FeeRunRow};
use crate::finance::fee_runs::store::{ResultType, RowType};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const RUNS: Source = Source {
    columns: "fee_runs",
    from: "fee_runs",
    id: "fee_runs.id",
    parent: "",
};

const ROWS: Source = Source {
    columns: "fee_run_rows",
    from: "fee_run_rows",
    id: "fee_run_rows.id",
    parent: "fee_run_rows.run_id",
};

/// A page of the runs, the newest first.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(db: &mut Db, page: &Page) -> Result<Listed<FeeRun>> {
    listing::list::<RowType, FeeRun>(db, &RUNS, Conditions::none(), &order(), page)
}

/// How many runs there are.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db) -> Result<i64> {
    listing::count(db, &RUNS, Conditions::none())
}

/// The newest run first.
#[must_use]
pub fn order() -> Order<FeeRun> {
    Order {
        keys: vec![OrderKey {
            column: "fee_runs.created_at",
            descending: true,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |run| KeyValue::Stamp(run.created_at),
        }],
        id: |run| run.id.uuid(),
    }
}

/// A page of the rows of each run, as they were made.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_rows_of(
    db: &mut Db,
    runs: &[Uuid],
    filter: &FeeRunFilter,
    page: &Page,
) -> Result<HashMap<Uuid, Listed<FeeRunRow>>> {
    let (conditions, order) = (conditions(filter), order_of_rows());
    listing::list_for::<ResultType, FeeRunRow>(db, &ROWS, runs, conditions, &order, page)
}

/// How many rows each run has.
///
/// # Errors
/// What the database says.
pub fn count_rows_of(
    db: &mut Db,
    runs: &[Uuid],
    filter: &FeeRunFilter,
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &ROWS, runs, conditions(filter))
}

/// Rows as they were made: their keys grow with time.
#[must_use]
pub fn order_of_rows() -> Order<FeeRunRow> {
    Order {
        keys: Vec::new(),
        id: |row| row.id.uuid(),
    }
}

fn conditions(filter: &FeeRunFilter) -> Conditions {
    match &filter.outcome {
        None => Conditions::none(),
        Some(outcomes) => {
            let words = outcomes.iter().map(ToString::to_string).collect();
            Conditions::none().and(Sql::new("fee_run_rows.outcome").in_texts(words))
        }
    }
}
