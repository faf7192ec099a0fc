//! The name of what a reader sees. Two reads with the same name see the same database to the last
//! row, so that what was worked out for one holds for the other. What it is not: a way to read an
//! old state again.

use diesel::sql_types::Text;

use crate::db::Db;
use crate::db::sql::Sql;
use crate::kernel::error::Result;
use crate::kernel::instant::Instant;
use crate::kernel::sql_types::Stamp;

/// Which transactions a reader sees, of which run of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotId {
    /// When the server started: after a failover another one counts its transactions anew.
    server_started: Instant,
    /// When its statistics began: at each recovery from a crash, too, after which numbers of
    /// transactions that left nothing behind are given out again.
    statistics_began: Instant,
    /// The transactions that are visible: all below a number but those still running.
    transactions: String,
}

/// The name of the running snapshot, or of what a single statement sees outside of one. None where
/// the database does not tell: SQLite, and a PostgreSQL standby, whose snapshots do not list what
/// still runs.
///
/// Source: PostgreSQL documentation, "Transaction ID and Snapshot Information Functions": a
/// transaction below `xmax` is visible if it committed and is not in the list, and neither changes
/// once it is so, as long as the server does not crash.
///
/// # Errors
/// What the database says.
pub fn current(db: &mut Db) -> Result<Option<SnapshotId>> {
    if let Db::Sqlite(_) = db {
        return Ok(None);
    }
    let found = Sql::new(
        "SELECT pg_postmaster_start_time(), stats_reset, pg_current_snapshot()::text FROM pg_stat_wal \
         WHERE stats_reset IS NOT NULL AND NOT pg_is_in_recovery()",
    )
    .load::<(Stamp, Stamp, Text), (Instant, Instant, String)>(db)?;
    let named = found.into_iter().next();
    Ok(named.map(
        |(server_started, statistics_began, transactions)| SnapshotId {
            server_started,
            statistics_began,
            transactions,
        },
    ))
}
