//! Errors of REST requests as RFC 9457 `application/problem+json`, with the codes that GraphQL
//! uses. What it is not: refusals row by row; imports report those in their own body.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};

use crate::kernel::error::Error;
use crate::kernel::language::Language;
use crate::server::transport::answer::RequestError;

/// An error of the core as a REST answer, in the caller's language. Faults are logged here, once.
#[must_use]
pub fn of_error(error: &Error, language: Language, request_id: &str) -> HttpResponse {
    let code = error.code();
    match error {
        Error::Internal(fault) => tracing::error!(
            request_id,
            error.code = code,
            fault = format!("{fault:#}"),
            "request failed"
        ),
        Error::Unavailable(why) => tracing::warn!(
            request_id,
            error.code = code,
            why,
            "request not possible now"
        ),
        _ => {}
    }
    let status = status(error);
    let mut body = body(
        status,
        code,
        error.public_message().in_language(language),
        request_id,
    );
    if let (Error::Refused(refusals), Some(fields)) = (error, body.as_object_mut()) {
        let errors: Vec<_> = refusals
            .iter()
            .map(|refusal| serde_json::json!({ "code": refusal.code.as_str(), "field": refusal.field, "message": refusal.message.in_language(language) }))
            .collect();
        fields.insert("errors".to_owned(), errors.into());
    }
    if let (Error::Stale { current }, Some(fields)) = (error, body.as_object_mut()) {
        fields.insert("currentVersion".to_owned(), (*current).into());
    }
    let retry_after = match error {
        Error::RateLimited { retry_after } => Some(*retry_after),
        Error::Unavailable(_) | Error::IdempotencyInProgress => Some(1),
        _ => None,
    };
    respond(status, &body, retry_after)
}

/// An error of the request itself as a REST answer.
#[must_use]
pub fn of_request_error(error: &RequestError, request_id: &str) -> HttpResponse {
    respond(
        error.status,
        &body(error.status, error.code, &error.message, request_id),
        error.retry_after,
    )
}

/// The status of an error (docs/API.md has the table).
fn status(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::BadRequest(_) | Error::IdempotencyKeyRequired => StatusCode::BAD_REQUEST,
        Error::Refused(refusals) if refusals.iter().any(|refusal| refusal.code.is_conflict()) => {
            StatusCode::CONFLICT
        }
        Error::Refused(_) | Error::IdempotencyMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Stale { .. } => StatusCode::PRECONDITION_FAILED,
        Error::IdempotencyInProgress => StatusCode::CONFLICT,
        Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn body(status: StatusCode, code: &str, detail: &str, request_id: &str) -> serde_json::Value {
    serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
        "code": code,
        "requestId": request_id,
    })
}

fn respond(status: StatusCode, body: &serde_json::Value, retry_after: Option<u64>) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, "application/problem+json"))
        .insert_header((CACHE_CONTROL, "no-store"));
    if let Some(seconds) = retry_after {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
    }
    response.body(body.to_string())
}
