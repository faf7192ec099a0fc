//! The queries of the books. What it is not: pages of lists (`lists`) and sums (`balances`).

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::ledger::model::{LedgerLine, LedgerTransaction};
use crate::finance::ledger::rules::Locks;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, LedgerTransactionId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::on_backend;
use crate::schema::{ledger_lines, ledger_locks, ledger_transactions};

/// The SQL type of a transaction's row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<ledger_transactions::table as Table>::AllColumns>;
type LineType = diesel::dsl::SqlTypeOf<<ledger_lines::table as Table>::AllColumns>;

/// How many rows go into one statement.
const ROWS: usize = 500;

/// The transactions of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[LedgerTransactionId]) -> Result<Vec<LedgerTransaction>> {
    Ok(Sql::new(
        "SELECT ledger_transactions.* FROM ledger_transactions WHERE ledger_transactions.id",
    )
    .in_uids(keys(ids))
    .load::<RowType, LedgerTransaction>(db)?)
}

/// The lines of these transactions, in their order.
///
/// # Errors
/// What the database says.
pub fn lines_of_many(
    db: &mut Db,
    ids: &[LedgerTransactionId],
) -> Result<HashMap<LedgerTransactionId, Vec<LedgerLine>>> {
    let found =
        Sql::new("SELECT ledger_lines.* FROM ledger_lines WHERE ledger_lines.transaction_id")
            .in_uids(keys(ids))
            .text(" ORDER BY ledger_lines.transaction_id, ledger_lines.position")
            .load::<LineType, LedgerLine>(db)?;
    let mut lines: HashMap<LedgerTransactionId, Vec<LedgerLine>> = HashMap::new();
    for line in found {
        lines.entry(line.transaction_id).or_default().push(line);
    }
    Ok(lines)
}

/// Up to which days the books are closed, and the version of that.
///
/// # Errors
/// What the database says.
pub fn locks(db: &mut Db) -> Result<(Locks, i32)> {
    let (soft_through, hard_through, version) = ledger_locks::table
        .find(1)
        .select((
            ledger_locks::soft_through,
            ledger_locks::hard_through,
            ledger_locks::version,
        ))
        .first(db)?;
    let locks = Locks {
        soft_through,
        hard_through,
    };
    Ok((locks, version))
}

/// Stores the lines, and then the transactions that they belong to: the database lets a transaction
/// in only when its lines balance.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    transactions: &[LedgerTransaction],
    lines: &[LedgerLine],
) -> Result<()> {
    for part in lines.chunks(ROWS) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(ledger_lines::table).values(part).execute(connection))?;
    }
    for part in transactions.chunks(ROWS) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(ledger_transactions::table).values(part).execute(connection))
            .map_err(|error| closed_meanwhile(error).unwrap_or_else(Error::from))?;
    }
    Ok(())
}

/// What the database says when the books were closed between our look at them and the posting.
fn closed_meanwhile(
    error: diesel::result::Error,
) -> std::result::Result<Error, diesel::result::Error> {
    match &error {
        diesel::result::Error::DatabaseError(_, information)
            if information
                .message()
                .ends_with("closed: ledger_transactions") =>
        {
            Ok(Error::refused(Refusal::new(
                RefusalCode::NotInState,
                "",
                "The books were closed for that day meanwhile; try again.",
                "Bøgerne blev imens lukket for den dag; prøv igen.",
            )))
        }
        _ => Err(error),
    }
}

fn keys(ids: &[LedgerTransactionId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
