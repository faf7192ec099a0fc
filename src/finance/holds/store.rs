//! The queries of holds. What it is not: whether one holds; that is a rule.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::holds::model::ReminderHold;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, InvoiceId, ReminderHoldId};
use crate::schema::reminder_holds;

type RowType = diesel::dsl::SqlTypeOf<<reminder_holds::table as Table>::AllColumns>;

/// The hold.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: ReminderHoldId) -> Result<ReminderHold> {
    let found = reminder_holds::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: ReminderHoldId::KIND,
        id: id.public(),
    })
}

/// The holds of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[ReminderHoldId]) -> Result<Vec<ReminderHold>> {
    let keys: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    Ok(
        Sql::new("SELECT reminder_holds.* FROM reminder_holds WHERE reminder_holds.id")
            .in_uids(keys)
            .load::<RowType, ReminderHold>(db)?,
    )
}

/// The holds of these invoices, as they were recorded.
///
/// # Errors
/// What the database says.
pub fn of_invoices(
    db: &mut Db,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<ReminderHold>>> {
    let keys: Vec<Uuid> = invoices.iter().map(|id| id.uuid()).collect();
    let found =
        Sql::new("SELECT reminder_holds.* FROM reminder_holds WHERE reminder_holds.invoice_id")
            .in_uids(keys)
            .text(" ORDER BY reminder_holds.invoice_id, reminder_holds.id")
            .load::<RowType, ReminderHold>(db)?;
    let mut holds: HashMap<InvoiceId, Vec<ReminderHold>> = HashMap::new();
    for hold in found {
        holds.entry(hold.invoice_id).or_default().push(hold);
    }
    Ok(holds)
}

/// Locks the hold's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: ReminderHoldId) -> Result<ReminderHold> {
    tx.lock_row("SELECT 1 FROM reminder_holds WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a hold.
pub(super) fn insert(tx: &mut Tx<'_>, hold: &ReminderHold) -> Result<()> {
    diesel::insert_into(reminder_holds::table)
        .values(hold)
        .execute(tx.db)?;
    Ok(())
}

/// Stores how a hold ended.
pub(super) fn end(tx: &mut Tx<'_>, hold: &ReminderHold) -> Result<()> {
    let rows = diesel::update(reminder_holds::table.find(hold.id))
        .set((
            reminder_holds::ended_on.eq(hold.ended_on),
            reminder_holds::ended_by.eq(hold.ended_by),
            reminder_holds::end_note.eq(&hold.end_note),
            reminder_holds::updated_at.eq(hold.updated_at),
            reminder_holds::version.eq(hold.version),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}
