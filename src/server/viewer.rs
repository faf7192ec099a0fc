//! From a bearer token to a viewer. What it is not: signing in; that is `identity`.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

use crate::access::viewer::{UserViewer, Viewer};
use crate::db::Db;
use crate::identity::access_tokens::{self, AccessToken};
use crate::identity::viewers;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, SessionId, UserId};
use crate::kernel::instant::Instant;
use crate::server::gateway::Gateway;

/// What a request carries to say who it is.
#[derive(Debug, Clone)]
pub enum Credential {
    /// Nothing.
    None,
    /// A token that this service signed and that has not expired.
    Token(AccessToken),
}

/// Reads the `Authorization` header. A request that tries to sign in and fails is never treated as
/// the public.
///
/// # Errors
/// `Unauthenticated` for another scheme, a bad or an expired token.
pub fn credential(gateway: &Gateway, headers: &HeaderMap) -> Result<Credential> {
    let mut given = headers.get_all(AUTHORIZATION);
    let Some(header) = given.next() else {
        return Ok(Credential::None);
    };
    if given.next().is_some() {
        return Err(Error::Unauthenticated);
    }
    let text = header.to_str().map_err(|_| Error::Unauthenticated)?;
    let (scheme, token) = text.split_once(' ').ok_or(Error::Unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::Unauthenticated);
    }
    let token = token.trim();
    let app = &gateway.app;
    let now = app.now().utc().timestamp();
    if let Some(claims) = gateway.tokens.get(token) {
        return if claims.expires_at > now {
            Ok(Credential::Token(claims))
        } else {
            Err(Error::Unauthenticated)
        };
    }
    let claims = access_tokens::verify(&app.keys, &gateway.token_settings, token, now)
        .map_err(|_| Error::Unauthenticated)?;
    gateway.tokens.insert(token.to_owned(), claims.clone());
    Ok(Credential::Token(claims))
}

/// Whether nobody saw a moment ago that the session of a token still runs.
#[must_use]
pub fn must_be_looked_up(gateway: &Gateway, credential: &Credential) -> bool {
    match credential {
        Credential::None => false,
        Credential::Token(claims) => claims
            .session
            .parse()
            .is_ok_and(|session| gateway.app.viewers.get(SessionId::of(session)).is_none()),
    }
}

/// The viewer of a credential, with the roles that are in force.
///
/// # Errors
/// `Unauthenticated` when the session has ended or the account is disabled.
pub fn viewer(
    gateway: &Gateway,
    db: &mut Db,
    credential: &Credential,
    now: Instant,
) -> Result<Viewer> {
    let claims = match credential {
        Credential::None => return Ok(Viewer::Anonymous),
        Credential::Token(claims) => claims,
    };
    let (Ok(session), Ok(user)) = (
        claims.session.parse().map(SessionId::of),
        claims.user.parse().map(UserId::of),
    ) else {
        return Err(Error::Unauthenticated);
    };
    let known: Option<Arc<UserViewer>> = gateway.app.viewers.get(session);
    let user = if let Some(user) = known {
        user
    } else {
        let user = viewers::of_session(db, session, user, now)?.ok_or(Error::Unauthenticated)?;
        let user = Arc::new(user);
        gateway.app.viewers.remember(Arc::clone(&user));
        user
    };
    Ok(Viewer::User(Box::new((*user).clone())))
}
