//! The queries of what is closed. What it is not: the ledger's.

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::ledger;
use crate::finance::periods::model::BookLocks;
use crate::kernel::error::Result;
use crate::schema::ledger_locks;

/// Up to which days the books are closed.
///
/// # Errors
/// What the database says.
pub fn book_locks(db: &mut Db) -> Result<BookLocks> {
    let (locks, version) = ledger::locks(db)?;
    Ok(BookLocks { locks, version })
}

/// Waits until nobody posts, lets nobody post until the transaction ends, and reads what is closed. SQLite
/// has one writer.
pub(super) fn lock(tx: &mut Tx<'_>) -> Result<BookLocks> {
    if let Db::Postgres(_) = tx.db {
        Sql::new("SELECT 1 FROM (SELECT pg_advisory_xact_lock(20261123)) AS books")
            .load::<diesel::sql_types::Integer, i32>(tx.db)?;
    }
    book_locks(tx.db)
}

/// Stores what is closed; the database keeps closed what is closed hard.
pub(super) fn update(tx: &mut Tx<'_>, locks: &BookLocks) -> Result<()> {
    let rows = diesel::update(ledger_locks::table.find(1))
        .set((
            ledger_locks::soft_through.eq(locks.locks.soft_through),
            ledger_locks::hard_through.eq(locks.locks.hard_through),
            ledger_locks::updated_at.eq(tx.now),
            ledger_locks::version.eq(locks.version),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}
