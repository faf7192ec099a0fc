//! The queries of refunds. What it is not: rules.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::refunds::model::Refund;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, PaymentId, RefundId};
use crate::schema::refunds;

/// The SQL type of a row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<refunds::table as Table>::AllColumns>;

/// The refund.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: RefundId) -> Result<Refund> {
    refunds::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: RefundId::KIND,
            id: id.public(),
        })
}

/// The refunds of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[RefundId]) -> Result<Vec<Refund>> {
    Ok(Sql::new("SELECT refunds.* FROM refunds WHERE refunds.id")
        .in_uids(keys(ids))
        .load::<RowType, Refund>(db)?)
}

/// The refunds of these payments, proposals among them, as they were made.
///
/// # Errors
/// What the database says.
pub fn of_payments(db: &mut Db, payments: &[PaymentId]) -> Result<HashMap<PaymentId, Vec<Refund>>> {
    let found = Sql::new("SELECT refunds.* FROM refunds WHERE refunds.payment_id")
        .in_uids(keys(payments))
        .text(" ORDER BY refunds.payment_id, refunds.id")
        .load::<RowType, Refund>(db)?;
    let mut refunds: HashMap<PaymentId, Vec<Refund>> = HashMap::new();
    for refund in found {
        refunds.entry(refund.payment_id).or_default().push(refund);
    }
    Ok(refunds)
}

/// Locks the refund's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: RefundId) -> Result<Refund> {
    tx.lock_row("SELECT 1 FROM refunds WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a refund.
pub(super) fn insert(tx: &mut Tx<'_>, refund: &Refund) -> Result<()> {
    diesel::insert_into(refunds::table)
        .values(refund)
        .execute(tx.db)?;
    Ok(())
}

/// Stores the refund as it now is.
pub(super) fn update(tx: &mut Tx<'_>, refund: &Refund) -> Result<()> {
    let rows = diesel::update(refunds::table.find(refund.id))
        .set(refund)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Removes a proposal.
pub(super) fn remove(tx: &mut Tx<'_>, id: RefundId) -> Result<()> {
    ensure_one(diesel::delete(refunds::table.find(id)).execute(tx.db)?)
}

fn keys<I: Id>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
