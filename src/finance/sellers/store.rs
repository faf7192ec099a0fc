//! The queries of sellers. What it is not: their settings' meaning (`rules`).

use diesel::prelude::*;

use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::sellers::model::{ReminderPolicy, Seller};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, SellerId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::on_backend;
use crate::schema::{reminder_policies, sellers};

/// The code of the one seller there is.
pub(super) const CODE: &str = "network";

/// The seller, if there is one with this key.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: SellerId) -> Result<Option<Seller>> {
    Ok(sellers::table.find(id).first(db).optional()?)
}

/// The seller.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: SellerId) -> Result<Seller> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: SellerId::KIND,
        id: id.public(),
    })
}

/// The one who invoices.
///
/// # Errors
/// A fault of ours when the reference data was never loaded.
pub fn the_seller(db: &mut Db) -> Result<Seller> {
    sellers::table
        .filter(sellers::code.eq(CODE))
        .first(db)
        .optional()?
        .ok_or_else(|| {
            Error::refused(Refusal::new(
                RefusalCode::NoPrice,
                "",
                "The seller and the prices are not set up; run `intercultural-cities seed` first.",
                "Sælger og priser er ikke sat op; kør først `intercultural-cities seed`.",
            ))
        })
}

/// Stores the seller unless it is there.
pub(super) fn insert_if_missing(tx: &mut Tx<'_>, seller: &Seller) -> Result<bool> {
    let rows = on_backend!(&mut *tx.db, connection => {
        diesel::insert_into(sellers::table).values(seller).on_conflict_do_nothing().execute(connection)
    })?;
    Ok(rows == 1)
}

/// How a seller reminds.
///
/// # Errors
/// `NotFound` for a seller without a policy.
pub fn reminder_policy(db: &mut Db, seller: SellerId) -> Result<ReminderPolicy> {
    reminder_policies::table
        .find(seller)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: SellerId::KIND,
            id: seller.public(),
        })
}

/// Locks how a seller reminds until the transaction ends.
pub(super) fn lock_policy(tx: &mut Tx<'_>, seller: SellerId) -> Result<ReminderPolicy> {
    tx.lock_row(
        "SELECT 1 FROM reminder_policies WHERE seller_id = ",
        seller.uuid(),
    )?;
    reminder_policy(tx.db, seller)
}

/// Stores how a seller reminds unless it is known.
pub(super) fn insert_policy_if_missing(tx: &mut Tx<'_>, policy: &ReminderPolicy) -> Result<()> {
    on_backend!(&mut *tx.db, connection => {
        diesel::insert_into(reminder_policies::table).values(policy).on_conflict_do_nothing().execute(connection)
    })?;
    Ok(())
}

/// Stores how a seller reminds from now on.
pub(super) fn update_policy(tx: &mut Tx<'_>, policy: &ReminderPolicy) -> Result<()> {
    let rows = diesel::update(reminder_policies::table.find(policy.seller_id))
        .set(policy)
        .execute(tx.db)?;
    ensure_one(rows)
}
