//! `/api/v1/invitations/{token}` and `/api/v1/password/reset`: choosing a password through a mailed
//! link, and the page that does so in a browser: who only looks at it, such as a mail scanner, uses
//! nothing up. What it is not: the change of a known password (`users/rest.rs`).

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::rest::{self, Fault, Rest};
use crate::db::workers::Lane;
use crate::identity::invitations::{self, Purpose};
use crate::identity::secrets::Secret;
use crate::identity::sessions::rest::{BODY_LIMIT, hash, hashing};
use crate::identity::users::rules::new_password;
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;

/// Only files of this origin, and nowhere to send anything else to.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

const DANISH: &str = include_str!("../../../assets/account/choose-password.da.html");
const ENGLISH: &str = include_str!("../../../assets/account/choose-password.en.html");
const SCRIPT: &str = include_str!("../../../assets/account/choose-password.js");
const STYLE: &str = include_str!("../../../assets/account/choose-password.css");

/// The password of a new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInvitation {
    /// 12 to 128 characters.
    #[schema(format = Password, min_length = 12, max_length = 128)]
    password: String,
}

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestReset {
    /// The account's e-mail address.
    #[schema(example = "anna@example.org")]
    email: String,
}

/// A new password for one that was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetPassword {
    /// 12 to 128 characters.
    #[schema(format = Password, min_length = 12, max_length = 128)]
    new: String,
}

/// Adds the paths of this slice.
pub fn configure(config: &mut web::ServiceConfig) {
    configure_page(config);
    config
        .service(
            web::resource("/api/v1/invitations/{token}")
                .route(web::get().to(page_of_invitation))
                .route(web::post().to(accept_invitation))
                .default_service(rest::only("GET, HEAD, POST")),
        )
        .service(
            web::resource("/api/v1/password/reset")
                .route(web::post().to(request_reset))
                .default_service(rest::only("POST")),
        )
        .service(
            web::resource("/api/v1/password/reset/{token}")
                .route(web::get().to(page_of_reset))
                .route(web::post().to(reset_password))
                .default_service(rest::only("GET, HEAD, POST")),
        );
}

/// Accept an invitation: choose the account's password, then sign in.
#[utoipa::path(post, path = "/api/v1/invitations/{token}", tag = "account", request_body = AcceptInvitation,
    params(("token" = String, Path, description = "The token of the mailed link")), responses(
    (status = 204, description = "The password holds"),
    (status = 404, description = "The link is unknown, used or expired", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
    (status = 422, description = "The password cannot be used", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
))]
pub async fn accept_invitation(
    rest: Rest,
    token: web::Path<String>,
    mut payload: web::Payload,
) -> HttpResponse {
    let outcome = match rest
        .json::<AcceptInvitation>(&mut payload, BODY_LIMIT)
        .await
    {
        Ok(body) => {
            choose(
                &rest,
                Purpose::Invitation,
                &token,
                "password",
                body.password,
            )
            .await
        }
        Err(fault) => Err(fault),
    };
    rest.answer(outcome)
}

/// Ask for a link to choose a new password. The answer is the same whether or not the address has
/// an account.
#[utoipa::path(post, path = "/api/v1/password/reset", tag = "account", request_body = RequestReset, responses(
    (status = 202, description = "If the address has an account, a link is mailed"),
))]
pub async fn request_reset(rest: Rest, mut payload: web::Payload) -> HttpResponse {
    let outcome = note_reset(&rest, &mut payload).await;
    rest.answer(outcome)
}

/// Choose a new password through a mailed link. Every session of the account ends.
#[utoipa::path(post, path = "/api/v1/password/reset/{token}", tag = "account", request_body = ResetPassword,
    params(("token" = String, Path, description = "The token of the mailed link")), responses(
    (status = 204, description = "The password holds"),
    (status = 404, description = "The link is unknown, used or expired", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
    (status = 422, description = "The password cannot be used", body = crate::server::openapi::Problem, content_type = "application/problem+json"),
))]
pub async fn reset_password(
    rest: Rest,
    token: web::Path<String>,
    mut payload: web::Payload,
) -> HttpResponse {
    let outcome = match rest.json::<ResetPassword>(&mut payload, BODY_LIMIT).await {
        Ok(body) => choose(&rest, Purpose::Reset, &token, "new", body.new).await,
        Err(fault) => Err(fault),
    };
    rest.answer(outcome)
}

async fn note_reset(rest: &Rest, payload: &mut web::Payload) -> Result<HttpResponse, Fault> {
    let body: RequestReset = rest.json(payload, BODY_LIMIT).await?;
    rest.run(Lane::Writing, move |operation| {
        operation.write(|tx| invitations::request_reset(tx, &body.email))
    })
    .await?;
    Ok(HttpResponse::Accepted()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}

/// The link is looked at before the password is hashed: hashing is work that nobody gets for a
/// guessed token.
async fn choose(
    rest: &Rest,
    purpose: Purpose,
    token: &str,
    field: &'static str,
    password: String,
) -> Result<HttpResponse, Fault> {
    let secret = Secret::parse(token).map_err(|_| no_link(rest))?;
    let digest = secret.digest();
    let holds = rest
        .run(Lane::Reading, move |operation| {
            operation.read(|db| invitations::holds(db, purpose, &digest, operation.now))
        })
        .await?;
    if !holds {
        return Err(no_link(rest));
    }
    let password = new_password(field, &password).map_err(Error::Refused)?;
    let hash = hashing(rest.app(), move |_| hash(&password)).await?;
    let accepted = rest
        .run(Lane::Writing, move |operation| {
            operation.write(|tx| invitations::accept(tx, purpose, &secret, &hash))
        })
        .await?;
    let user = accepted.ok_or_else(|| no_link(rest))?;
    rest.app().viewers.forget_user(user);
    Ok(rest::no_content())
}

fn no_link(rest: &Rest) -> Fault {
    rest.refusal(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        &Phrase::new(
            "This link is unknown, used or expired; ask for a new one.",
            "Dette link er ukendt, brugt eller udløbet; bed om et nyt.",
        ),
    )
    .into()
}

/// Adds what the page of a link loads.
fn configure_page(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/account/choose-password.js")
                .route(web::get().to(|| asset("text/javascript; charset=utf-8", SCRIPT)))
                .default_service(rest::only("GET, HEAD")),
        )
        .service(
            web::resource("/account/choose-password.css")
                .route(web::get().to(|| asset("text/css; charset=utf-8", STYLE)))
                .default_service(rest::only("GET, HEAD")),
        );
}

/// The page behind the link of an invitation, for a browser.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "account",
    params(("token" = String, Path, description = "The token of the mailed link; only the POST looks at it")), responses(
    (status = 200, body = String, content_type = "text/html", description = "A form that sends the password here by POST"),
))]
pub async fn page_of_invitation(rest: Rest) -> HttpResponse {
    page(&rest, "password")
}

/// The page behind the link for a forgotten password, for a browser.
#[utoipa::path(get, path = "/api/v1/password/reset/{token}", tag = "account",
    params(("token" = String, Path, description = "The token of the mailed link; only the POST looks at it")), responses(
    (status = 200, body = String, content_type = "text/html", description = "A form that sends the password here by POST"),
))]
pub async fn page_of_reset(rest: Rest) -> HttpResponse {
    page(&rest, "new")
}

/// The page in the caller's language; `field` is what the password is called when it is sent.
fn page(rest: &Rest, field: &str) -> HttpResponse {
    let text = match rest.language {
        Language::Da => DANISH,
        Language::En => ENGLISH,
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(text.replace("FIELD", field))
}

async fn asset(content_type: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(text)
}
