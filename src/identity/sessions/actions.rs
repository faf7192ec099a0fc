//! What is done with sessions: opened, refreshed, ended. What it is not: the comparing of
//! passwords, which happens before and outside of any transaction (`rest.rs`).

use serde_json::json;

use crate::access::viewer::Viewer;
use crate::db::Tx;
use crate::identity::attempts;
use crate::identity::attempts::rules::{Answer, Outcome};
use crate::identity::audit;
use crate::identity::secrets::Secret;
use crate::identity::sessions::model::{RefreshToken, Session};
use crate::identity::sessions::rules::{self, Rotation};
use crate::identity::sessions::store;
use crate::identity::users;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, RefreshTokenId, SessionId, UserId};
use crate::kernel::instant::Instant;

/// How a typed password compared with what is stored for the typed address.
#[derive(Clone)]
pub struct Compared {
    /// The account whose password it is; none for a wrong password, an unknown address or an
    /// account that is disabled or has no password.
    pub right_for: Option<UserId>,
    /// The hash that it was compared with.
    pub with: Option<String>,
    /// A hash of the same password with today's parameters, when the stored one has others.
    pub stronger: Option<String>,
}

impl std::fmt::Debug for Compared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Compared")
            .field("right", &self.right_for.is_some())
            .finish_non_exhaustive()
    }
}

/// A session with a fresh refresh token.
#[derive(Debug)]
pub struct Opened {
    /// Who signed in.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// The token to refresh it with, once.
    pub refresh_token: Secret,
    /// The end of that token.
    pub refresh_expires_at: Instant,
}

/// What came of signing in.
#[derive(Debug)]
pub enum SignedIn {
    /// A session.
    Opened(Opened),
    /// Nothing: unknown, wrong and disabled are one answer.
    Refused,
    /// Nobody is answered for this address until then.
    Blocked(Instant),
}

/// What came of a presented refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// The session goes on.
    Opened(Opened),
    /// The token is unknown, expired or of a session that has ended.
    Refused,
    /// The token was presented a second time: its session has ended now.
    Ended(SessionId),
}

/// Settles an attempt to sign in.
///
/// # Errors
/// What the database says; a refusal is an outcome, because it must be counted.
pub fn sign_in(tx: &mut Tx<'_>, typed: &str, compared: &Compared) -> Result<SignedIn> {
    // The account may have changed while the password was compared.
    let user = match compared.right_for {
        Some(id) => Some(users::lock(tx, id)?)
            .filter(|user| user.disabled_at.is_none() && user.password_hash == compared.with),
        None => None,
    };
    let outcome = if user.is_some() {
        Outcome::Right
    } else {
        Outcome::Wrong
    };

    let user = match (attempts::settle(tx, typed, outcome)?, user) {
        (Answer::Accepted, Some(user)) => user,
        (Answer::Accepted | Answer::Refused, _) => return Ok(SignedIn::Refused),
        (Answer::Blocked(until), _) => return Ok(SignedIn::Blocked(Instant::new(until))),
    };

    if let Some(hash) = &compared.stronger {
        users::refresh_hash(tx, user.id, hash)?;
    }
    let session = Session {
        id: tx.new_id(),
        user_id: user.id,
        created_at: tx.now,
        expires_at: Instant::new(rules::session_end(tx.now.utc())),
        revoked_at: None,
        revoked_reason: None,
    };
    store::insert(tx, &session)?;
    let opened = issue(tx, &session, None)?;

    audit::record(
        tx,
        "session.opened",
        session.id,
        None,
        json!({ "user": user.id.public() }),
    )?;
    Ok(SignedIn::Opened(opened))
}

/// Exchanges a refresh token for its successor.
///
/// # Errors
/// What the database says; a refusal is an outcome, because the end of a family must be stored.
pub fn refresh(tx: &mut Tx<'_>, presented: &Secret) -> Result<Refreshed> {
    let digest = presented.digest();
    let Some(session) = store::session_of(tx.db, &digest)? else {
        return Ok(Refreshed::Refused);
    };
    store::lock(tx, session)?;
    let Some((token, session, state)) = store::presented(tx.db, &digest)? else {
        return Ok(Refreshed::Refused);
    };

    match rules::rotation(&state, tx.now.utc()) {
        Rotation::Rotate => store::use_token(tx, token.id)?,
        Rotation::Reissue => store::void_successors(tx, token.id)?,
        Rotation::Revoke => return end_family(tx, &session),
        Rotation::Superseded | Rotation::Expired | Rotation::Revoked => {
            return Ok(Refreshed::Refused);
        }
    }

    Ok(Refreshed::Opened(issue(tx, &session, Some(token.id))?))
}

/// Ends the viewer's session.
///
/// # Errors
/// `Unauthenticated` for anybody but a user.
pub fn end(tx: &mut Tx<'_>) -> Result<SessionId> {
    let Viewer::User(viewer) = tx.viewer else {
        return Err(Error::Unauthenticated);
    };
    let session = viewer.session;

    if store::revoke(tx, session, "SIGNED_OUT")? {
        audit::record(tx, "session.ended", session, None, json!({}))?;
    }
    Ok(session)
}

/// Ends every session of the viewer.
///
/// # Errors
/// `Unauthenticated` for anybody but a user.
pub fn end_everywhere(tx: &mut Tx<'_>) -> Result<UserId> {
    let user = tx.viewer.user_id().ok_or(Error::Unauthenticated)?;

    end_of_user(tx, user, None, "SIGNED_OUT_EVERYWHERE")?;
    Ok(user)
}

/// Ends the sessions of a user but one. It asks for no permission: the action that ends them has
/// asked for its own.
///
/// # Errors
/// What the database says.
pub fn end_of_user(
    tx: &mut Tx<'_>,
    user: UserId,
    but: Option<SessionId>,
    reason: &'static str,
) -> Result<()> {
    let ended = store::revoke_all(tx, user, but, reason)?;

    if ended > 0 {
        let details = json!({ "sessions": ended, "reason": reason });
        audit::record(tx, "sessions.ended", user, None, details)?;
    }
    Ok(())
}

fn end_family(tx: &mut Tx<'_>, session: &Session) -> Result<Refreshed> {
    store::revoke(tx, session.id, "REUSE")?;

    audit::record(
        tx,
        "session.reuse_detected",
        session.id,
        None,
        json!({ "user": session.user_id.public() }),
    )?;
    Ok(Refreshed::Ended(session.id))
}

fn issue(
    tx: &mut Tx<'_>,
    session: &Session,
    predecessor: Option<RefreshTokenId>,
) -> Result<Opened> {
    let secret = Secret::generate().map_err(anyhow::Error::from)?;
    let end = rules::token_end(tx.now.utc(), session.expires_at.utc());
    let token = RefreshToken {
        id: tx.new_id(),
        session_id: session.id,
        token_hash: secret.digest(),
        issued_at: tx.now,
        expires_at: Instant::new(end),
        used_at: None,
        voided_at: None,
        predecessor_id: predecessor,
    };
    store::insert_token(tx, &token)?;
    Ok(Opened {
        user: session.user_id,
        session: session.id,
        refresh_token: secret,
        refresh_expires_at: token.expires_at,
    })
}
