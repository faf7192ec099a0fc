//! The records of a session and of its refresh tokens. What it is not: the tokens themselves; only
//! their digests are kept.

use diesel::prelude::*;

use crate::kernel::ids::{RefreshTokenId, SessionId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::{refresh_tokens, sessions};

/// A sign-in that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct Session {
    /// The key, which access tokens carry.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When it was opened.
    pub created_at: Instant,
    /// Its end, however often it is refreshed; exclusive.
    pub expires_at: Instant,
    /// When it was ended before.
    pub revoked_at: Option<Instant>,
    /// Why: `SIGNED_OUT`, `SIGNED_OUT_EVERYWHERE`, `REUSE`, `DISABLED`, `PASSWORD_CHANGED`.
    pub revoked_reason: Option<String>,
}

/// A refresh token of a session.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub struct RefreshToken {
    /// The key.
    pub id: RefreshTokenId,
    /// Its session.
    pub session_id: SessionId,
    /// The digest of the token.
    pub token_hash: String,
    /// When it was given.
    pub issued_at: Instant,
    /// Its end, exclusive.
    pub expires_at: Instant,
    /// When it was exchanged.
    pub used_at: Option<Instant>,
    /// When it was replaced unused.
    pub voided_at: Option<Instant>,
    /// The token that it was given for.
    pub predecessor_id: Option<RefreshTokenId>,
}
