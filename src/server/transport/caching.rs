//! How long an answer may be kept: the public ones for a while with a tag to ask again by, those to
//! somebody who signed in not at all. What it is not: which answers are public.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::server::rates::Caller;
use crate::server::viewer::Credential;

/// The rule for answers that change when the service does.
pub const ONE_MINUTE: &str = "public, max-age=60";

/// The same document for everybody who may read it: public for those who did not sign in.
#[must_use]
pub fn document(
    request: &HttpRequest,
    content_type: &str,
    rule: &'static str,
    bytes: Vec<u8>,
) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, content_type));
    if is_signed_in(request) {
        response.insert_header((CACHE_CONTROL, "no-store"));
        return response.body(bytes);
    }
    public(request, response, rule, "Authorization", bytes.into())
}

/// Whether the request carries a token.
#[must_use]
pub fn is_signed_in(request: &HttpRequest) -> bool {
    request
        .extensions()
        .get::<Caller>()
        .is_some_and(|caller| matches!(caller.credential, Credential::Token(_)))
}

/// A public answer with its tag; 304 without a body for a caller who has it already.
#[must_use]
pub fn public(
    request: &HttpRequest,
    mut response: HttpResponseBuilder,
    rule: &'static str,
    varies_by: &'static str,
    bytes: Bytes,
) -> HttpResponse {
    let tag = crate::kernel::hash::sha256_hex(&bytes);
    let tag = format!("\"{}\"", tag.get(..32).unwrap_or(&tag));
    response
        .insert_header((CACHE_CONTROL, rule))
        .insert_header((ETAG, tag.clone()))
        .insert_header((VARY, varies_by));
    let known = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| {
        known
            .split(',')
            .map(|one| one.trim().trim_start_matches("W/"))
            .any(|one| one == tag || one == "*")
    }) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.body(bytes)
}
