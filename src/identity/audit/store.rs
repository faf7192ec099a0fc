//! The queries of the audit log and its seals. What it is not: the chain; hashes are made in
//! `rules.rs`.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::{Db, Tx};
use crate::identity::audit::model::{AuditEntry, AuditFilter, Seal};
use crate::kernel::error::Result;
use crate::kernel::ids::{AuditEntryId, Id};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::sql_types::Uid;
use crate::on_backend;
use crate::schema::{audit_entries, audit_seals};

type RowType = diesel::dsl::SqlTypeOf<<audit_entries::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "audit_entries",
    from: "audit_entries",
    id: "audit_entries.id",
    parent: "",
};

/// A page of the lines, the newest first. The log is for those who may see all of it: a scope of
/// single cities has nothing.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub(super) fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &AuditFilter,
    page: &Page,
) -> Result<Listed<AuditEntry>> {
    listing::list::<RowType, AuditEntry>(db, &SOURCE, conditions(scope, filter), &order(), page)
}

/// How many lines a list has.
///
/// # Errors
/// What the database says.
pub(super) fn count(db: &mut Db, scope: &Scope, filter: &AuditFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// The newest first.
pub(super) fn order() -> Order<AuditEntry> {
    Order {
        keys: vec![OrderKey {
            column: "audit_entries.at",
            descending: true,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |entry| KeyValue::Stamp(entry.at),
        }],
        id: |entry| entry.id.uuid(),
    }
}

/// The lines of these keys.
///
/// # Errors
/// What the database says.
pub(super) fn find_many(
    db: &mut Db,
    ids: &[AuditEntryId],
) -> Result<HashMap<AuditEntryId, AuditEntry>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let found = Sql::new("SELECT audit_entries.* FROM audit_entries WHERE id")
        .in_uids(keys)
        .load::<RowType, AuditEntry>(db)?;
    Ok(found.into_iter().map(|entry| (entry.id, entry)).collect())
}

fn conditions(scope: &Scope, filter: &AuditFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if *scope != Scope::All {
        conditions = conditions.and(Sql::new("1 = 0"));
    }
    if let Some(city) = filter.city {
        conditions = conditions.and(Sql::new("audit_entries.city_id = ").bind_uid(city.uuid()));
    }
    if let Some(object) = filter.object {
        conditions = conditions.and(Sql::new("audit_entries.object_id = ").bind_uid(object.uuid()));
    }
    if let Some(action) = &filter.action {
        conditions = conditions.and(Sql::new("audit_entries.action = ").bind_text(action));
    }
    if let Some(from) = filter.from {
        conditions = conditions.and(Sql::new("audit_entries.at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.before {
        conditions = conditions.and(Sql::new("audit_entries.at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

pub(super) fn insert(tx: &mut Tx<'_>, entry: &AuditEntry) -> Result<()> {
    diesel::insert_into(audit_entries::table)
        .values(entry)
        .execute(tx.db)?;
    Ok(())
}

/// Stores lines.
pub(super) fn insert_many(tx: &mut Tx<'_>, entries: &[AuditEntry]) -> Result<()> {
    for part in entries.chunks(500) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(audit_entries::table).values(part).execute(connection))?;
    }
    Ok(())
}

/// Whether a line from this key on is not sealed. A plain read, so that an idle sealer never takes
/// SQLite's write lock.
///
/// # Errors
/// What the database says.
pub fn has_unsealed(db: &mut Db, from: Uuid) -> Result<bool> {
    let statement = Sql::new("SELECT count(*) FROM (SELECT id FROM audit_entries WHERE ")
        .append(unsealed_from(from))
        .text(" LIMIT 1) found");
    Ok(statement.number(db)? > 0)
}

/// Lines from this key on that are not sealed, at most so many.
pub(super) fn unsealed(tx: &mut Tx<'_>, from: Uuid, most: i64) -> Result<Vec<AuditEntry>> {
    Ok(Sql::new("SELECT audit_entries.* FROM audit_entries WHERE ")
        .append(unsealed_from(from))
        .text(" ORDER BY id LIMIT ")
        .bind_int(most)
        .load::<RowType, AuditEntry>(tx.db)?)
}

/// The ids of lines that are not sealed, the oldest first, at most so many.
///
/// # Errors
/// What the database says.
pub(super) fn unsealed_ids(db: &mut Db, most: i64) -> Result<Vec<AuditEntryId>> {
    Ok(
        Sql::new("SELECT audit_entries.id FROM audit_entries WHERE ")
            .append(unsealed_from(Uuid::nil()))
            .text(" ORDER BY id LIMIT ")
            .bind_int(most)
            .load::<Uid, AuditEntryId>(db)?,
    )
}

/// How many lines are not sealed.
///
/// # Errors
/// What the database says.
pub(super) fn count_unsealed(db: &mut Db) -> Result<i64> {
    Ok(
        Sql::new("SELECT count(*) FROM audit_entries WHERE NOT EXISTS ")
            .text("(SELECT 1 FROM audit_seals WHERE audit_seals.entry_id = audit_entries.id)")
            .number(db)?,
    )
}

/// The comparison with a scalar keeps PostgreSQL from joining with the whole table of seals: the
/// lines from a recent key on are few, and each is looked up in the index.
fn unsealed_from(from: Uuid) -> Sql {
    Sql::new("id >= ").bind_uid(from).text(
        " AND (SELECT audit_seals.sequence FROM audit_seals WHERE audit_seals.entry_id = audit_entries.id) IS NULL",
    )
}

/// Takes the right to seal until the transaction ends. False when another sealer has it; on SQLite
/// the transaction itself is the right.
pub(super) fn take_turn(tx: &mut Tx<'_>) -> Result<bool> {
    /// Any number that no other advisory lock of the service has.
    const SEALER: i64 = 0x6175_6469;
    match tx.db {
        Db::Sqlite(_) => Ok(true),
        Db::Postgres(_) => {
            // Services may live side by side in schemas of one database; such locks know no schema.
            let statement = Sql::new("SELECT CASE WHEN pg_try_advisory_xact_lock((")
                .bind_int(SEALER)
                .text("::bigint << 32) + hashtext(current_schema()::text)) THEN 1::bigint ELSE 0::bigint END");
            Ok(statement.number(tx.db)? == 1)
        }
    }
}

/// The last seal.
///
/// # Errors
/// What the database says.
pub fn last_seal(db: &mut Db) -> Result<Option<Seal>> {
    Ok(audit_seals::table
        .order(audit_seals::sequence.desc())
        .first(db)
        .optional()?)
}

/// Seals behind a place in the chain, at most so many.
///
/// # Errors
/// What the database says.
pub(super) fn seals_after(db: &mut Db, sequence: i64, most: i64) -> Result<Vec<Seal>> {
    Ok(audit_seals::table
        .filter(audit_seals::sequence.gt(sequence))
        .order(audit_seals::sequence)
        .limit(most)
        .load(db)?)
}

pub(super) fn insert_seals(tx: &mut Tx<'_>, seals: &[Seal]) -> Result<()> {
    on_backend!(&mut *tx.db, connection => diesel::insert_into(audit_seals::table).values(seals).execute(connection))?;
    Ok(())
}
