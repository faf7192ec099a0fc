//! The table of failed sign-ins. What it is not: the rule, which is pure (`rules.rs`).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::identity::attempts::rules::{self, Answer, AttemptState, Outcome};
use crate::kernel::error::Result;
use crate::kernel::hash::sha256_hex;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::on_backend;
use crate::schema::sign_in_attempts;

/// The key of a typed address. A digest, because people also type passwords into this field, and
/// because a key must not be as long as somebody likes.
fn key(typed: &str) -> String {
    sha256_hex(typed.trim().to_ascii_lowercase().as_bytes())
}

/// Until when sign-ins with the typed address are answered no more, if so. To be asked before a
/// password is hashed.
///
/// # Errors
/// What the database says.
pub fn blocked_until(db: &mut Db, typed: &str, now: Instant) -> Result<Option<Instant>> {
    let state = read(db, &key(typed))?.unwrap_or_default();
    Ok(rules::blocked_until(&state, now.utc()).map(Instant::new))
}

/// Counts an attempt whose password was compared and tells what to answer. Attempts with the same
/// address wait here for each other, so of any number that were let in together ten learn their
/// outcome.
///
/// # Errors
/// What the database says.
pub fn settle(tx: &mut Tx<'_>, typed: &str, outcome: Outcome) -> Result<Answer> {
    let key = key(typed);
    lock(tx, &key)?;
    let state = read(tx.db, &key)?.unwrap_or_default();
    let (answer, next) = rules::settle(&state, outcome, tx.now.utc());
    if next != state {
        let changed = diesel::update(sign_in_attempts::table.find(&key))
            .set((
                sign_in_attempts::failures.eq(Json::of(&next.failures)?),
                sign_in_attempts::blocked_until.eq(next.blocked_until.map(Instant::new)),
            ))
            .execute(tx.db)?;
        ensure_one(changed)?;
    }
    Ok(answer)
}

/// Forgets the failures of an address whose holder has proved by a mailed link to be the one.
///
/// # Errors
/// What the database says.
pub fn forgive(tx: &mut Tx<'_>, typed: &str) -> Result<()> {
    diesel::delete(sign_in_attempts::table.find(key(typed))).execute(tx.db)?;
    Ok(())
}

/// Removes what no longer counts: neither as a failure nor as a block.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now.plus(-(rules::WINDOW + rules::BLOCK));
    Ok(
        diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::updated_at.lt(before)))
            .execute(tx.db)?,
    )
}

/// Makes the row if there is none and holds it until the transaction ends.
fn lock(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    let row = (
        sign_in_attempts::account_key.eq(key),
        sign_in_attempts::failures.eq(Json(serde_json::json!([]))),
        sign_in_attempts::blocked_until.eq(None::<Instant>),
        sign_in_attempts::updated_at.eq(tx.now),
    );
    on_backend!(&mut *tx.db, connection => {
        diesel::insert_into(sign_in_attempts::table)
            .values(row)
            .on_conflict(sign_in_attempts::account_key)
            .do_update()
            .set(sign_in_attempts::updated_at.eq(excluded(sign_in_attempts::updated_at)))
            .execute(connection)
    })?;
    Ok(())
}

fn read(db: &mut Db, key: &str) -> Result<Option<AttemptState>> {
    let row: Option<(Json, Option<Instant>)> = sign_in_attempts::table
        .find(key)
        .select((sign_in_attempts::failures, sign_in_attempts::blocked_until))
        .first(db)
        .optional()?;
    row.map(|(failures, blocked_until)| {
        Ok(AttemptState {
            failures: failures.read::<Vec<DateTime<Utc>>>()?,
            blocked_until: blocked_until.map(Instant::utc),
        })
    })
    .transpose()
}
