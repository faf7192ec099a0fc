//! The queries of sessions and refresh tokens. What it is not: the decision what a token leads to
//! (`rules.rs`).

use diesel::prelude::*;

use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::identity::sessions::model::{RefreshToken, Session};
use crate::identity::sessions::rules::TokenState;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, RefreshTokenId, SessionId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::{refresh_tokens, sessions, users};

/// How long sessions are kept after their end, for questions about what happened.
const MEMORY: chrono::TimeDelta = chrono::TimeDelta::days(30);

/// The session that a refresh token belongs to.
pub(super) fn session_of(db: &mut Db, token_hash: &str) -> Result<Option<SessionId>> {
    Ok(refresh_tokens::table
        .filter(refresh_tokens::token_hash.eq(token_hash))
        .select(refresh_tokens::session_id)
        .first(db)
        .optional()?)
}

/// Locks a session until the transaction ends: its tokens are exchanged one after the other.
pub(super) fn lock(tx: &mut Tx<'_>, id: SessionId) -> Result<()> {
    tx.lock_row("SELECT 1 FROM sessions WHERE id = ", id.uuid())
}

/// A refresh token with its session and the state that the rule asks for; none when the account is
/// disabled. To be read under the session's lock.
pub(super) fn presented(
    db: &mut Db,
    token_hash: &str,
) -> Result<Option<(RefreshToken, Session, TokenState)>> {
    let found: Option<(RefreshToken, Session)> = refresh_tokens::table
        .inner_join(sessions::table.inner_join(users::table))
        .filter(refresh_tokens::token_hash.eq(token_hash))
        .filter(users::disabled_at.is_null())
        .select((refresh_tokens::all_columns, sessions::all_columns))
        .first(db)
        .optional()?;
    let Some((token, session)) = found else {
        return Ok(None);
    };
    let used_successors: i64 = refresh_tokens::table
        .filter(refresh_tokens::predecessor_id.eq(token.id))
        .filter(refresh_tokens::used_at.is_not_null())
        .count()
        .get_result(db)?;
    let state = TokenState {
        used_at: token.used_at.map(Instant::utc),
        voided_at: token.voided_at.map(Instant::utc),
        successor_used: used_successors > 0,
        expires_at: token.expires_at.utc(),
        session_revoked_at: session.revoked_at.map(Instant::utc),
        session_expires_at: session.expires_at.utc(),
    };
    Ok(Some((token, session, state)))
}

/// Stores a new session.
pub(super) fn insert(tx: &mut Tx<'_>, session: &Session) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values(session)
        .execute(tx.db)?;
    Ok(())
}

/// Stores a new refresh token.
pub(super) fn insert_token(tx: &mut Tx<'_>, token: &RefreshToken) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values(token)
        .execute(tx.db)?;
    Ok(())
}

/// Marks a token as exchanged, if nobody did before.
pub(super) fn use_token(tx: &mut Tx<'_>, id: RefreshTokenId) -> Result<()> {
    let changed = diesel::update(
        refresh_tokens::table
            .find(id)
            .filter(refresh_tokens::used_at.is_null())
            .filter(refresh_tokens::voided_at.is_null()),
    )
    .set(refresh_tokens::used_at.eq(Some(tx.now)))
    .execute(tx.db)?;
    ensure_one(changed)
}

/// Voids what was given for a token and is still unused.
pub(super) fn void_successors(tx: &mut Tx<'_>, id: RefreshTokenId) -> Result<()> {
    diesel::update(
        refresh_tokens::table
            .filter(refresh_tokens::predecessor_id.eq(id))
            .filter(refresh_tokens::used_at.is_null())
            .filter(refresh_tokens::voided_at.is_null()),
    )
    .set(refresh_tokens::voided_at.eq(Some(tx.now)))
    .execute(tx.db)?;
    Ok(())
}

/// Ends a session, if it has not ended before. Tells whether it did now.
pub(super) fn revoke(tx: &mut Tx<'_>, id: SessionId, reason: &'static str) -> Result<bool> {
    let changed = diesel::update(
        sessions::table
            .find(id)
            .filter(sessions::revoked_at.is_null()),
    )
    .set((
        sessions::revoked_at.eq(Some(tx.now)),
        sessions::revoked_reason.eq(Some(reason)),
    ))
    .execute(tx.db)?;
    Ok(changed == 1)
}

/// Ends the sessions of a user but one. Tells how many ended.
pub(super) fn revoke_all(
    tx: &mut Tx<'_>,
    user: UserId,
    but: Option<SessionId>,
    reason: &'static str,
) -> Result<usize> {
    let now = tx.now;
    let statement = Sql::new("UPDATE sessions SET revoked_at = ")
        .bind(Bind::Stamp(now))
        .text(", revoked_reason = ")
        .bind_text(reason)
        .text(" WHERE revoked_at IS NULL AND user_id = ")
        .bind_uid(user.uuid());
    let statement = match but {
        Some(kept) => statement.text(" AND id <> ").bind_uid(kept.uuid()),
        None => statement,
    };
    Ok(statement.execute(tx.db)?)
}

/// Removes sessions that ended longer ago than they are kept, with their tokens.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now.plus(-MEMORY);
    let tokens = |set: &'static str| {
        Sql::new(set)
            .text("session_id IN (SELECT id FROM sessions WHERE expires_at < ")
            .bind(Bind::Stamp(before))
            .text(" OR revoked_at < ")
            .bind(Bind::Stamp(before))
            .text(")")
    };
    // The tokens of a session refer to each other.
    tokens("UPDATE refresh_tokens SET predecessor_id = NULL WHERE predecessor_id IS NOT NULL AND ")
        .execute(tx.db)?;
    tokens("DELETE FROM refresh_tokens WHERE ").execute(tx.db)?;
    Ok(diesel::delete(
        sessions::table.filter(
            sessions::expires_at
                .lt(before)
                .or(sessions::revoked_at.lt(before)),
        ),
    )
    .execute(tx.db)?)
}
