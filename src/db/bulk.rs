//! Storing very many rows at once, of networks made for load tests. What it is not: a way around
//! the rules; whoever stores rows like this answers for them.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;

/// How many rows go into one statement of SQLite, which takes at most 32,766 values.
pub const SQLITE_ROWS: usize = 1_000;

/// Stores rows of one table: through COPY on PostgreSQL, in statements of many rows on SQLite.
#[macro_export]
macro_rules! store_in_bulk {
    ($db:expr, $table:expr, $rows:expr) => {
        match $db {
            $crate::db::Db::Postgres(connection) => diesel::copy_from($table)
                .from_insertable($rows)
                .execute(connection)
                .map(drop),
            $crate::db::Db::Sqlite(connection) => $rows
                .chunks($crate::db::bulk::SQLITE_ROWS)
                .try_for_each(|rows| {
                    diesel::insert_into($table)
                        .values(rows)
                        .execute(connection)
                        .map(drop)
                }),
        }
    };
}

/// Runs `work` while the triggers of a table rest: those that keep records as they are would refuse
/// records that are stored finished. A failure rolls the transaction back and the triggers with it.
///
/// # Errors
/// The error of `work`; what the database says.
pub fn without_triggers<T>(
    tx: &mut Tx<'_>,
    table: &'static str,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let wake = rest(tx.db, table)?;
    let done = work(tx)?;
    tx.db.batch_execute(&wake)?;
    Ok(done)
}

/// PostgreSQL alters no table on which references are still to be looked at.
const SETTLE: &str = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;";

/// Lets the triggers rest, and returns the statements that wake them.
fn rest(db: &mut Db, table: &'static str) -> Result<String> {
    if let Db::Postgres(_) = db {
        db.batch_execute(&format!(
            "{SETTLE} ALTER TABLE {table} DISABLE TRIGGER USER"
        ))?;
        return Ok(format!("{SETTLE} ALTER TABLE {table} ENABLE TRIGGER USER"));
    }
    // SQLite cannot disable a trigger; it keeps the text of each, so it is dropped and made again.
    let triggers =
        Sql::new("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ")
            .bind_text(table)
            .load::<(Text, Text), (String, String)>(db)?;
    let mut wake = String::new();
    for (name, made_by) in triggers {
        db.batch_execute(&format!("DROP TRIGGER {name}"))?;
        wake.push_str(&made_by);
        wake.push_str(";\n");
    }
    Ok(wake)
}
