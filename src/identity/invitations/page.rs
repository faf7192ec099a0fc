//! The page behind a mailed link, for people who follow it with a browser: it asks for a password and
//! sends it to the same address. What it is not: a use of the link; who only looks, such as a mail
//! scanner, uses nothing up.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use crate::api::rest::{self, Rest};
use crate::kernel::language::Language;

/// Only files of this origin, and nowhere to send anything else to.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

const DANISH: &str = include_str!("../../../assets/account/choose-password.da.html");
const ENGLISH: &str = include_str!("../../../assets/account/choose-password.en.html");
const SCRIPT: &str = include_str!("../../../assets/account/choose-password.js");
const STYLE: &str = include_str!("../../../assets/account/choose-password.css");

/// Adds what the page loads.
pub fn configure(config: &mut web::ServiceConfig) {
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
pub async fn of_invitation(rest: Rest) -> HttpResponse {
    page(&rest, "password")
}

/// The page behind the link for a forgotten password, for a browser.
#[utoipa::path(get, path = "/api/v1/password/reset/{token}", tag = "account",
    params(("token" = String, Path, description = "The token of the mailed link; only the POST looks at it")), responses(
    (status = 200, body = String, content_type = "text/html", description = "A form that sends the password here by POST"),
))]
pub async fn of_reset(rest: Rest) -> HttpResponse {
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
