//! The queries of mailed links. What it is not: whether a link works (`rules.rs`).

use diesel::prelude::*;

use crate::db::{Db, Tx};
use crate::identity::invitations::model::{AccountLink, Purpose};
use crate::identity::invitations::rules;
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountLinkId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::account_links;

/// How long links are kept after their end.
const MEMORY: chrono::TimeDelta = chrono::TimeDelta::days(30);

/// Whether there is a link with this digest that works now.
///
/// # Errors
/// What the database says.
pub fn holds(db: &mut Db, purpose: Purpose, token_hash: &str, now: Instant) -> Result<bool> {
    Ok(find(db, purpose, token_hash)?.is_some_and(|link| rules::works(&link, now)))
}

/// Removes links that ended longer ago than they are kept.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now.plus(-MEMORY);
    Ok(
        diesel::delete(account_links::table.filter(account_links::expires_at.lt(before)))
            .execute(tx.db)?,
    )
}

/// The link with this digest.
pub(super) fn find(db: &mut Db, purpose: Purpose, token_hash: &str) -> Result<Option<AccountLink>> {
    Ok(account_links::table
        .filter(account_links::token_hash.eq(token_hash))
        .filter(account_links::purpose.eq(purpose))
        .first(db)
        .optional()?)
}

/// When the last link of a purpose that was not voided was made for a user.
pub(super) fn last_made(db: &mut Db, user: UserId, purpose: Purpose) -> Result<Option<Instant>> {
    Ok(account_links::table
        .filter(account_links::user_id.eq(user))
        .filter(account_links::purpose.eq(purpose))
        .filter(account_links::voided_at.is_null())
        .order(account_links::created_at.desc())
        .select(account_links::created_at)
        .first(db)
        .optional()?)
}

/// Stores a link.
pub(super) fn insert(tx: &mut Tx<'_>, link: &AccountLink) -> Result<()> {
    diesel::insert_into(account_links::table)
        .values(link)
        .execute(tx.db)?;
    Ok(())
}

/// Uses a link, if nobody did before. Tells whether it was used now.
pub(super) fn use_link(tx: &mut Tx<'_>, id: AccountLinkId) -> Result<bool> {
    let changed = diesel::update(
        account_links::table
            .find(id)
            .filter(account_links::used_at.is_null())
            .filter(account_links::voided_at.is_null())
            .filter(account_links::expires_at.gt(tx.now)),
    )
    .set(account_links::used_at.eq(Some(tx.now)))
    .execute(tx.db)?;
    Ok(changed == 1)
}

/// Voids the links of a user for these purposes that were not used.
///
/// # Errors
/// What the database says.
pub fn void(tx: &mut Tx<'_>, user: UserId, purposes: &[Purpose]) -> Result<()> {
    for purpose in purposes {
        diesel::update(
            account_links::table
                .filter(account_links::user_id.eq(user))
                .filter(account_links::purpose.eq(purpose))
                .filter(account_links::used_at.is_null())
                .filter(account_links::voided_at.is_null()),
        )
        .set(account_links::voided_at.eq(Some(tx.now)))
        .execute(tx.db)?;
    }
    Ok(())
}
