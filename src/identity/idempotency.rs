//! Doing a thing at most once for a key: the key is stored in the transaction of the effect, with
//! what was asked and the ids of what came of it. What it is not: a cache of answers; a repeated
//! request reads its objects again.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::Tx;
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::kernel::error::{Error, Result};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::idempotency_keys;

/// How long a key is remembered.
pub const MEMORY: TimeDelta = TimeDelta::days(30);

/// Whether a text can be a key: 1 to 128 visible ASCII characters.
#[must_use]
pub fn is_key(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The ids of what was done, now or the first time.
    pub value: T,
    /// Whether it had been done before.
    pub replayed: bool,
}

/// Does `work` unless the viewer did it before under this key. A refusal takes the key back with
/// everything else, so that a corrected input may use it.
///
/// # Errors
/// `IdempotencyMismatch` when the key was used for something else, `IdempotencyInProgress` when
/// the first request is still running after the database's lock time-out, else what `work` says.
pub fn once<T>(
    tx: &mut Tx<'_>,
    key: &str,
    field: &str,
    digest: &str,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<Outcome<T>>
where
    T: Serialize + DeserializeOwned,
{
    let viewer = tx.viewer.key();
    if !claim(tx, &viewer, key, field, digest)? {
        return Ok(Outcome {
            value: recall(tx, &viewer, key, field, digest)?,
            replayed: true,
        });
    }
    let value = work(tx)?;
    // Written by hand because it is prepared once so; diesel prepares each update anew.
    let stored = Sql::new("UPDATE idempotency_keys SET receipt = ")
        .bind(Bind::Json(Json::of(&value)?))
        .text(" WHERE viewer = ")
        .bind_text(viewer)
        .text(" AND key = ")
        .bind_text(key);
    ensure_one(stored.execute(tx.db)?)?;
    Ok(Outcome {
        value,
        replayed: false,
    })
}

/// Removes keys that are older than they are remembered.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before: Instant = tx.now.plus(-MEMORY);
    Ok(
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before)))
            .execute(tx.db)?,
    )
}

/// Stores the key, also in the place of a forgotten one. On PostgreSQL a second request with it waits here for the first one's commit;
/// on SQLite it waited for the write lock.
fn claim(tx: &mut Tx<'_>, viewer: &str, key: &str, field: &str, digest: &str) -> Result<bool> {
    let stored = Sql::new(
        "INSERT INTO idempotency_keys (viewer, key, field, digest, created_at) VALUES (",
    )
    .bind_text(viewer)
    .text(", ")
    .bind_text(key)
    .text(", ")
    .bind_text(field)
    .text(", ")
    .bind_text(digest)
    .text(", ")
    .bind(Bind::Stamp(tx.now))
    .text(
        ") ON CONFLICT (viewer, key) DO UPDATE SET field = excluded.field, digest = excluded.digest, \
         receipt = NULL, created_at = excluded.created_at WHERE idempotency_keys.created_at < ",
    )
    .bind(Bind::Stamp(tx.now.plus(-MEMORY)));
    match stored.execute(tx.db).map_err(Error::from) {
        Ok(rows) => Ok(rows == 1),
        Err(Error::Unavailable(why)) if why.contains("lock timeout") => {
            Err(Error::IdempotencyInProgress)
        }
        Err(error) => Err(error),
    }
}

fn recall<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    viewer: &str,
    key: &str,
    field: &str,
    digest: &str,
) -> Result<T> {
    let known: Option<(String, String, Option<Json>)> = idempotency_keys::table
        .find((viewer, key))
        .select((
            idempotency_keys::field,
            idempotency_keys::digest,
            idempotency_keys::receipt,
        ))
        .first(tx.db)
        .optional()?;
    let Some((known_field, known_digest, receipt)) = known else {
        return Err(Error::IdempotencyInProgress);
    };
    if known_field != field || known_digest != digest {
        return Err(Error::IdempotencyMismatch);
    }
    receipt.ok_or(Error::IdempotencyInProgress)?.read()
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn a_key_is_short_and_visible() {
        for (text, expected) in [
            ("018f-7c", true),
            (&*"k".repeat(128), true),
            (&*"k".repeat(129), false),
            ("", false),
            ("a b", false),
            ("\u{e5}", false),
            ("a\0", false),
        ] {
            assert_eq!(is_key(text), expected, "{text:?}");
        }
    }
}
