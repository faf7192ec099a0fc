//! The queries of the feed. What it is not: what is done with it.

use diesel::sql_types::{BigInt, Text};
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::sql_types::Uid;
use crate::programme::search_feed::model::{Change, Kind};

/// Gives a thing the next number.
pub(super) fn note(tx: &mut Tx<'_>, kind: Kind, subject: Uuid) -> Result<()> {
    Sql::new("UPDATE search_counter SET change = change + 1 WHERE id = 1").execute(tx.db)?;
    Sql::new("INSERT INTO search_feed (kind, subject_id, change) SELECT ")
        .bind_text(kind.to_string())
        .text(", ")
        .bind_uid(subject)
        .text(", change FROM search_counter WHERE id = 1")
        .text(" ON CONFLICT (kind, subject_id) DO UPDATE SET change = excluded.change")
        .execute(tx.db)?;
    Ok(())
}

/// The number of the last change; 0 before the first.
///
/// # Errors
/// What the database says.
pub fn latest(db: &mut Db) -> Result<i64> {
    Ok(Sql::new("SELECT change FROM search_counter WHERE id = 1").number(db)?)
}

/// Everything that changed after a number, in order.
///
/// # Errors
/// What the database says.
pub fn since(db: &mut Db, number: i64) -> Result<Vec<Change>> {
    let rows = Sql::new("SELECT kind, subject_id, change FROM search_feed WHERE change > ")
        .bind_int(number)
        .text(" ORDER BY change")
        .load::<(Text, Uid, BigInt), (Kind, Uuid, i64)>(db)?;
    let change = |(kind, subject, number)| Change {
        kind,
        subject,
        number,
    };
    Ok(rows.into_iter().map(change).collect())
}
