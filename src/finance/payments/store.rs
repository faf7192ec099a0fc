//! The queries of payments and allocations. What it is not: pages of lists (`lists`).

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::payments::model::{Allocation, Payment, PaymentReversal, Used};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AllocationId, Id, InvoiceId, PaymentId};
use crate::kernel::sql_types::Uid;
use crate::schema::{allocations, payment_reversals, payments};

/// The SQL type of a payment's row.
pub(super) type PaymentType = diesel::dsl::SqlTypeOf<<payments::table as Table>::AllColumns>;
/// The SQL type of an allocation's row.
pub(super) type AllocationType = diesel::dsl::SqlTypeOf<<allocations::table as Table>::AllColumns>;

type ReversalType = diesel::dsl::SqlTypeOf<<payment_reversals::table as Table>::AllColumns>;

/// The payment.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: PaymentId) -> Result<Payment> {
    payments::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: PaymentId::KIND,
            id: id.public(),
        })
}

/// The allocation.
///
/// # Errors
/// `NotFound`.
pub fn get_allocation(db: &mut Db, id: AllocationId) -> Result<Allocation> {
    allocations::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: AllocationId::KIND,
            id: id.public(),
        })
}

/// The payments of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PaymentId]) -> Result<Vec<Payment>> {
    Ok(
        Sql::new("SELECT payments.* FROM payments WHERE payments.id")
            .in_uids(keys(ids))
            .load::<PaymentType, Payment>(db)?,
    )
}

/// The allocations of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many_allocations(db: &mut Db, ids: &[AllocationId]) -> Result<Vec<Allocation>> {
    Ok(
        Sql::new("SELECT allocations.* FROM allocations WHERE allocations.id")
            .in_uids(keys(ids))
            .load::<AllocationType, Allocation>(db)?,
    )
}

/// How much of each payment an invoice has, in minor units: the payment that was used last comes first.
pub(super) fn used_for(db: &mut Db, invoice: InvoiceId) -> Result<Vec<(PaymentId, i64)>> {
    Ok(
        Sql::new("SELECT payment_id, CAST(SUM(amount_minor) AS BIGINT) FROM allocations WHERE invoice_id = ")
            .bind_uid(invoice.uuid())
            .text(" GROUP BY payment_id HAVING SUM(amount_minor) > 0 ORDER BY MAX(allocated_on) DESC, MAX(created_at) DESC, payment_id DESC")
            .load::<(Uid, BigInt), (PaymentId, i64)>(db)?,
    )
}

/// How much of a payment each invoice has, in the order of the invoices' ids.
pub(super) fn uses_of(db: &mut Db, payment: PaymentId) -> Result<Vec<Used>> {
    let found =
        Sql::new("SELECT invoice_id, CAST(SUM(amount_minor) AS BIGINT), MAX(allocated_on) FROM allocations WHERE payment_id = ")
            .bind_uid(payment.uuid())
            .text(" GROUP BY invoice_id HAVING SUM(amount_minor) > 0")
            .load::<(Uid, BigInt, Date), (InvoiceId, i64, NaiveDate)>(db)?;
    let mut uses: Vec<_> = found
        .into_iter()
        .map(|(invoice, minor, last_on)| Used {
            invoice,
            minor,
            last_on,
        })
        .collect();
    uses.sort_by_key(|used| used.invoice);
    Ok(uses)
}

/// Whether an allocation is undone.
pub(super) fn is_released(db: &mut Db, id: AllocationId) -> Result<bool> {
    let found: Option<AllocationId> = allocations::table
        .filter(allocations::released_id.eq(id))
        .select(allocations::id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// The reversals of these payments.
///
/// # Errors
/// What the database says.
pub fn reversals_of(db: &mut Db, ids: &[PaymentId]) -> Result<Vec<PaymentReversal>> {
    Ok(Sql::new(
        "SELECT payment_reversals.* FROM payment_reversals WHERE payment_reversals.payment_id",
    )
    .in_uids(keys(ids))
    .load::<ReversalType, PaymentReversal>(db)?)
}

/// Stores the reversal of a payment.
pub(super) fn insert_reversal(tx: &mut Tx<'_>, reversal: &PaymentReversal) -> Result<()> {
    diesel::insert_into(payment_reversals::table)
        .values(reversal)
        .execute(tx.db)?;
    Ok(())
}

/// Locks the payment's row until the transaction ends.
///
/// # Errors
/// `NotFound`.
pub fn lock(tx: &mut Tx<'_>, id: PaymentId) -> Result<Payment> {
    tx.lock_row("SELECT 1 FROM payments WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a payment.
pub(super) fn insert(tx: &mut Tx<'_>, payment: &Payment) -> Result<()> {
    diesel::insert_into(payments::table)
        .values(payment)
        .execute(tx.db)?;
    Ok(())
}

/// Stores an allocation.
pub(super) fn insert_allocation(tx: &mut Tx<'_>, allocation: &Allocation) -> Result<()> {
    diesel::insert_into(allocations::table)
        .values(allocation)
        .execute(tx.db)?;
    Ok(())
}

/// Stores how much of a payment is allocated, and how much was given back.
pub(super) fn update_use(tx: &mut Tx<'_>, payment: &Payment) -> Result<()> {
    let rows = diesel::update(payments::table.find(payment.id))
        .set((
            payments::allocated_minor.eq(payment.allocated_minor),
            payments::returned_minor.eq(payment.returned_minor),
            payments::updated_at.eq(payment.updated_at),
            payments::version.eq(payment.version),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}

fn keys<I: Id>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
