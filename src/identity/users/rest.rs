//! `PUT /api/v1/password`: a user's own new password. What it is not: a forgotten one
//! (`invitations/rest.rs`).

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::rest::{self, Fault, Rest};
use crate::db::workers::Lane;
use crate::identity::attempts;
use crate::identity::hash_memory::HashMemory;
use crate::identity::passwords::{self, NewPassword};
use crate::identity::sessions::rest::{BODY_LIMIT, hash, hashing, rate_limited, refuse_long};
use crate::identity::users::rules::{UserRefusal, new_password};
use crate::identity::users::{self, ChangeOfPassword, PasswordChanged};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::UserId;

/// A user's own new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The password that holds now.
    #[schema(format = Password)]
    current: String,
    /// 12 to 128 characters.
    #[schema(format = Password, min_length = 12, max_length = 128)]
    new: String,
}

/// Adds the paths of this slice.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/api/v1/password")
            .route(web::put().to(change_password))
            .default_service(rest::only("PUT")),
    );
}

/// Change the own password. All other sessions end; this one stays.
#[utoipa::path(put, path = "/api/v1/password", tag = "account", request_body = ChangePassword, security(("bearer" = [])), responses(
    (status = 204, description = "The new password holds"),
    (status = 401, description = "No valid access token", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
    (status = 422, description = "The current password is wrong, or the new one cannot be used", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many failures; see Retry-After", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
))]
pub async fn change_password(rest: Rest, mut payload: web::Payload) -> HttpResponse {
    let outcome = change(&rest, &mut payload).await;
    rest.answer(outcome)
}

async fn change(rest: &Rest, payload: &mut web::Payload) -> Result<HttpResponse, Fault> {
    let ChangePassword { current, new } = rest.json(payload, BODY_LIMIT).await?;
    refuse_long(&current)?;
    let (user, stored, blocked) = rest
        .run(Lane::Reading, |operation| {
            let user = operation.viewer.user_id().ok_or(Error::Unauthenticated)?;
            operation.read(|db| {
                let user = users::get(db, user)?;
                let blocked = attempts::blocked_until(db, &user.email, operation.now)?;
                Ok((user.id, user.password_hash, blocked))
            })
        })
        .await?;
    let new = new_password("new", &new).map_err(Error::Refused)?;
    if let Some(until) = blocked {
        return Err(rate_limited(rest.now, until).into());
    }
    let wish = hashing(rest.app(), move |memory| {
        compare_and_hash(memory, &current, stored, &new)
    })
    .await?;
    let changed = rest
        .run(Lane::Writing, move |operation| {
            operation.write(|tx| users::change_password(tx, &wish))
        })
        .await?;
    answer(rest, user, changed)
}

fn answer(rest: &Rest, user: UserId, changed: PasswordChanged) -> Result<HttpResponse, Fault> {
    match changed {
        PasswordChanged::Done => {
            rest.app().viewers.forget_user(user);
            Ok(rest::no_content())
        }
        PasswordChanged::Wrong => Err(Error::refused(UserRefusal::WrongPassword).into()),
        PasswordChanged::Blocked(until) => Err(rate_limited(rest.now, until).into()),
    }
}

/// Compares the current password, and hashes the new one only when it was right.
fn compare_and_hash(
    memory: &HashMemory,
    current: &str,
    stored: Option<String>,
    new: &NewPassword,
) -> Result<ChangeOfPassword> {
    let right =
        passwords::verify(memory, current, stored.as_deref()).map_err(anyhow::Error::from)?;
    let new_hash = if right { Some(hash(new)?) } else { None };
    Ok(ChangeOfPassword {
        compared_with: stored.unwrap_or_default(),
        new_hash,
    })
}
