//! The queries of deliveries. What it is not: who may see one; whoever sees the document does.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::deliveries::model::Delivery;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CreditNoteId, DeliveryId, Id, InvoiceId};
use crate::schema::deliveries;

type RowType = diesel::dsl::SqlTypeOf<<deliveries::table as Table>::AllColumns>;

/// The delivery.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: DeliveryId) -> Result<Delivery> {
    deliveries::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: DeliveryId::KIND,
            id: id.public(),
        })
}

/// The deliveries of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[DeliveryId]) -> Result<Vec<Delivery>> {
    Ok(
        Sql::new("SELECT deliveries.* FROM deliveries WHERE deliveries.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, Delivery>(db)?,
    )
}

/// The deliveries of these invoices.
///
/// # Errors
/// What the database says.
pub fn of_invoices(db: &mut Db, ids: &[InvoiceId]) -> Result<HashMap<InvoiceId, Delivery>> {
    let found = Sql::new("SELECT deliveries.* FROM deliveries WHERE deliveries.invoice_id")
        .in_uids(ids.iter().map(|id| id.uuid()).collect())
        .load::<RowType, Delivery>(db)?;
    Ok(found
        .into_iter()
        .filter_map(|delivery| Some((delivery.invoice_id?, delivery)))
        .collect())
}

/// The deliveries of these credit notes.
///
/// # Errors
/// What the database says.
pub fn of_credit_notes(
    db: &mut Db,
    ids: &[CreditNoteId],
) -> Result<HashMap<CreditNoteId, Delivery>> {
    let found = Sql::new("SELECT deliveries.* FROM deliveries WHERE deliveries.credit_note_id")
        .in_uids(ids.iter().map(|id| id.uuid()).collect())
        .load::<RowType, Delivery>(db)?;
    Ok(found
        .into_iter()
        .filter_map(|delivery| Some((delivery.credit_note_id?, delivery)))
        .collect())
}

/// The delivery of the document with this number.
pub(super) fn find_by_number(db: &mut Db, number: &str) -> Result<Option<Delivery>> {
    Ok(deliveries::table
        .filter(deliveries::number.eq(number))
        .first(db)
        .optional()?)
}

/// Locks the delivery's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Delivery> {
    tx.lock_row("SELECT 1 FROM deliveries WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a new delivery.
pub(super) fn insert(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<()> {
    diesel::insert_into(deliveries::table)
        .values(delivery)
        .execute(tx.db)?;
    Ok(())
}

/// Stores how far the delivery now is.
pub(super) fn update(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<()> {
    let rows = diesel::update(deliveries::table.find(delivery.id))
        .set((
            deliveries::channel.eq(delivery.channel),
            deliveries::transport.eq(delivery.transport),
            deliveries::state.eq(delivery.state),
            deliveries::message.eq(&delivery.message),
            deliveries::queued_at.eq(delivery.queued_at),
            deliveries::sent_at.eq(delivery.sent_at),
            deliveries::answered_at.eq(delivery.answered_at),
            deliveries::updated_at.eq(delivery.updated_at),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}
