//! The queries of write-offs. What it is not: rules.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::write_offs::model::WriteOff;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, InvoiceId, WriteOffId};
use crate::schema::write_offs;

/// The SQL type of a row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<write_offs::table as Table>::AllColumns>;

/// The write-off.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: WriteOffId) -> Result<WriteOff> {
    write_offs::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: WriteOffId::KIND,
            id: id.public(),
        })
}

/// The write-offs of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[WriteOffId]) -> Result<Vec<WriteOff>> {
    Ok(
        Sql::new("SELECT write_offs.* FROM write_offs WHERE write_offs.id")
            .in_uids(keys(ids))
            .load::<RowType, WriteOff>(db)?,
    )
}

/// The write-offs of these invoices, proposals among them, as they were made.
///
/// # Errors
/// What the database says.
pub fn of_invoices(
    db: &mut Db,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<WriteOff>>> {
    let found = Sql::new("SELECT write_offs.* FROM write_offs WHERE write_offs.invoice_id")
        .in_uids(keys(invoices))
        .text(" ORDER BY write_offs.invoice_id, write_offs.id")
        .load::<RowType, WriteOff>(db)?;
    let mut write_offs: HashMap<InvoiceId, Vec<WriteOff>> = HashMap::new();
    for write_off in found {
        write_offs
            .entry(write_off.invoice_id)
            .or_default()
            .push(write_off);
    }
    Ok(write_offs)
}

/// Whether a write-off is taken back.
pub(super) fn is_reversed(db: &mut Db, id: WriteOffId) -> Result<bool> {
    let found: Option<WriteOffId> = write_offs::table
        .filter(write_offs::reverses_id.eq(id))
        .select(write_offs::id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// Locks the write-off's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: WriteOffId) -> Result<WriteOff> {
    tx.lock_row("SELECT 1 FROM write_offs WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a write-off.
pub(super) fn insert(tx: &mut Tx<'_>, write_off: &WriteOff) -> Result<()> {
    diesel::insert_into(write_offs::table)
        .values(write_off)
        .execute(tx.db)?;
    Ok(())
}

/// Stores the write-off as it now is.
pub(super) fn update(tx: &mut Tx<'_>, write_off: &WriteOff) -> Result<()> {
    let rows = diesel::update(write_offs::table.find(write_off.id))
        .set(write_off)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Removes a proposal.
pub(super) fn remove(tx: &mut Tx<'_>, id: WriteOffId) -> Result<()> {
    ensure_one(diesel::delete(write_offs::table.find(id)).execute(tx.db)?)
}

fn keys<I: Id>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
