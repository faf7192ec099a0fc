//! `/api/v1/session` and `/api/v1/sessions`: signing in, going on, signing out. What it is not: the
//! rules; here a password is compared between two transactions, on a thread that holds no
//! connection.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::rest::{self, Fault, Rest};
use crate::app::App;
use crate::db::tx::fresh_uuid;
use crate::db::workers::Lane;
use crate::identity::access_tokens::{self, LIFETIME_SECONDS, TokenSubject};
use crate::identity::attempts;
use crate::identity::hash_memory::HashMemory;
use crate::identity::passwords::{self, NewPassword, PasswordError};
use crate::identity::secrets::{Secret, random_bytes};
use crate::identity::sessions::{self, Compared, Opened, Refreshed, SignedIn};
use crate::identity::users;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;

/// The most bytes of a body with credentials.
pub const BODY_LIMIT: u64 = 8 * 1024;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The account's e-mail address.
    #[schema(example = "anna@example.org")]
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// The token that goes on with a session.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Refresh {
    /// The refresh token that was given last.
    refresh_token: String,
}

/// A session's tokens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Tokens {
    /// For the `Authorization` header, after `Bearer `.
    access_token: String,
    /// Seconds until the access token expires.
    expires_in: i64,
    /// For `POST /api/v1/session/refresh`, once.
    refresh_token: String,
    /// Seconds until the refresh token expires.
    refresh_expires_in: i64,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
}

/// Adds the paths of this slice.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/api/v1/session")
                .route(web::post().to(sign_in))
                .route(web::delete().to(sign_out))
                .default_service(rest::only("POST, DELETE")),
        )
        .service(
            web::resource("/api/v1/session/refresh")
                .route(web::post().to(refresh))
                .default_service(rest::only("POST")),
        )
        .service(
            web::resource("/api/v1/sessions")
                .route(web::delete().to(sign_out_everywhere))
                .default_service(rest::only("DELETE")),
        );
}

/// Sign in. An unknown address, a wrong password and a disabled account are answered alike; after
/// ten failures in 15 minutes the address is answered 429 for 15 minutes.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn, responses(
    (status = 200, description = "Signed in", body = Tokens),
    (status = 401, description = "The address or the password is wrong", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many failures; see Retry-After", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
))]
pub async fn sign_in(rest: Rest, mut payload: web::Payload) -> HttpResponse {
    let outcome = open(&rest, &mut payload).await;
    rest.answer(outcome)
}

/// Go on with a session: the refresh token is exchanged for a new pair of tokens.
#[utoipa::path(post, path = "/api/v1/session/refresh", tag = "session", request_body = Refresh, responses(
    (status = 200, description = "A new pair of tokens", body = Tokens),
    (status = 401, description = "The token is unknown, used or expired; sign in again", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
))]
pub async fn refresh(rest: Rest, mut payload: web::Payload) -> HttpResponse {
    let outcome = go_on(&rest, &mut payload).await;
    rest.answer(outcome)
}

/// Sign out: the session of the access token ends at once.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", security(("bearer" = [])), responses(
    (status = 204, description = "The session has ended"),
    (status = 401, description = "No valid access token", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
))]
pub async fn sign_out(rest: Rest) -> HttpResponse {
    let ended = rest
        .run(Lane::Writing, |operation| operation.write(sessions::end))
        .await;
    rest.answer(ended.map(|session| {
        rest.app().viewers.forget_session(session);
        rest::no_content()
    }))
}

/// Sign out everywhere: every session of the user ends.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "session", security(("bearer" = [])), responses(
    (status = 204, description = "All sessions have ended"),
    (status = 401, description = "No valid access token", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
))]
pub async fn sign_out_everywhere(rest: Rest) -> HttpResponse {
    let ended = rest
        .run(Lane::Writing, |operation| {
            operation.write(sessions::end_everywhere)
        })
        .await;
    rest.answer(ended.map(|user| {
        rest.app().viewers.forget_user(user);
        rest::no_content()
    }))
}

async fn open(rest: &Rest, payload: &mut web::Payload) -> Result<HttpResponse, Fault> {
    let SignIn { email, password } = rest.json(payload, BODY_LIMIT).await?;
    refuse_long(&password)?;
    let typed = email.clone();
    let (blocked, account) = rest
        .run(Lane::Reading, move |operation| {
            operation.read(|db| {
                let blocked = attempts::blocked_until(db, &typed, operation.now)?;
                Ok((blocked, users::find_by_email(db, &typed)?))
            })
        })
        .await?;
    if let Some(until) = blocked {
        return Err(rate_limited(rest.now, until).into());
    }
    let compared = hashing(rest.app(), move |memory| {
        compare(memory, account, &password)
    })
    .await?;
    let signed_in = rest
        .run(Lane::Writing, move |operation| {
            operation.write(|tx| sessions::sign_in(tx, &email, &compared))
        })
        .await?;
    match signed_in {
        SignedIn::Opened(opened) => Ok(rest::json(StatusCode::OK, &tokens(rest, &opened)?)),
        SignedIn::Refused => Err(rest
            .refusal(
                StatusCode::UNAUTHORIZED,
                "UNAUTHENTICATED",
                &Phrase::new(
                    "The e-mail address or the password is wrong.",
                    "E-mailadressen eller adgangskoden er forkert.",
                ),
            )
            .into()),
        SignedIn::Blocked(until) => Err(rate_limited(rest.now, until).into()),
    }
}

async fn go_on(rest: &Rest, payload: &mut web::Payload) -> Result<HttpResponse, Fault> {
    let body: Refresh = rest.json(payload, BODY_LIMIT).await?;
    let refreshed = match Secret::parse(&body.refresh_token) {
        Ok(secret) => {
            rest.run(Lane::Writing, move |operation| {
                operation.write(|tx| sessions::refresh(tx, &secret))
            })
            .await?
        }
        Err(_) => Refreshed::Refused,
    };
    match refreshed {
        Refreshed::Opened(opened) => {
            return Ok(rest::json(StatusCode::OK, &tokens(rest, &opened)?));
        }
        Refreshed::Ended(session) => rest.app().viewers.forget_session(session),
        Refreshed::Refused => {}
    }
    Err(rest
        .refusal(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            &Phrase::new(
                "The refresh token is not valid any more; sign in again.",
                "Fornyelsesnøglen gælder ikke længere; log ind igen.",
            ),
        )
        .into())
}

fn tokens(rest: &Rest, opened: &Opened) -> Result<Tokens> {
    let (user, session) = (
        opened.user.uuid().to_string(),
        opened.session.uuid().to_string(),
    );
    let subject = TokenSubject {
        user: &user,
        session: &session,
        token: &fresh_uuid().to_string(),
    };
    let access_token = access_tokens::mint(
        &rest.app().keys,
        &rest.gateway().token_settings,
        &subject,
        rest.now.utc().timestamp(),
    )
    .map_err(anyhow::Error::from)?;
    Ok(Tokens {
        access_token,
        expires_in: LIFETIME_SECONDS,
        refresh_token: opened.refresh_token.text(),
        refresh_expires_in: opened.refresh_expires_at.since(rest.now).num_seconds(),
        token_type: "Bearer",
    })
}

/// Compares a password with the account's, or with nothing in the same time.
fn compare(memory: &HashMemory, account: Option<users::User>, password: &str) -> Result<Compared> {
    let stored = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let right = passwords::verify(memory, password, stored).map_err(anyhow::Error::from)?;
    let with = stored.map(str::to_owned);
    let account = account.filter(|account| right && account.disabled_at.is_none());
    let stronger = match (&account, &with) {
        (Some(_), Some(stored)) => stronger(password, stored)?,
        _ => None,
    };
    Ok(Compared {
        right_for: account.map(|account| account.id),
        with,
        stronger,
    })
}

/// A hash with today's parameters, when the stored one has others. A password of an earlier rule
/// keeps its hash.
fn stronger(password: &str, stored: &str) -> Result<Option<String>> {
    let outdated = passwords::is_outdated(stored).map_err(anyhow::Error::from)?;
    match NewPassword::parse(password) {
        Ok(password) if outdated => hash(&password).map(Some),
        _ => Ok(None),
    }
}

/// Hashes a chosen password with a fresh salt. To be called in [`hashing`].
///
/// # Errors
/// There are no random bytes, or no memory.
pub fn hash(password: &NewPassword) -> Result<String> {
    let salt = random_bytes().map_err(anyhow::Error::from)?;
    Ok(passwords::hash(password, &salt).map_err(anyhow::Error::from)?)
}

/// Refuses a password that is too long to be looked at, for known and unknown users alike.
///
/// # Errors
/// `BadRequest`.
pub fn refuse_long(password: &str) -> Result<()> {
    if password.len() > passwords::MAX_BYTES {
        let phrase = Phrase::new(
            PasswordError::TooLong.to_string(),
            "adgangskoden er længere end 1 KiB",
        );
        return Err(Error::BadRequest(phrase));
    }
    Ok(())
}

/// Runs the hashing of passwords in the blocking pool, as many at a time as the gate lets in.
///
/// # Errors
/// `Unavailable` when the gate's line is full; what `work` says.
pub async fn hashing<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&HashMemory) -> Result<T> + Send + 'static,
) -> Result<T> {
    let app = Arc::clone(app);
    let ran = web::block(move || app.hashing.run(|| work(&app.hash_memory)))
        .await
        .map_err(|error| Error::Internal(anyhow::anyhow!("the blocking pool: {error}")))?;
    ran.map_err(|full| Error::Unavailable(full.to_string()))?
}

/// The answer while an address is blocked.
#[must_use]
pub fn rate_limited(now: Instant, until: Instant) -> Error {
    let millis = u64::try_from(until.since(now).num_milliseconds()).unwrap_or_default();
    Error::RateLimited {
        retry_after: millis.div_ceil(1000).max(1),
    }
}
