//! Around every request: its id, one log line, the counters, and a JSON answer whatever happens
//! inside. What it is not: a log of people; a line names no user, address or content.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, CROSS_ORIGIN_RESOURCE_POLICY,
    HeaderName, HeaderValue, REFERRER_POLICY, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;

use crate::api::problem;
use crate::db::tx::fresh_uuid;
use crate::server::gateway::Gateway;
use crate::server::in_flight;
use crate::server::transport::answer::RequestError;

/// The id that correlates an answer with log lines and audit entries.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    /// The id of a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> String {
        request
            .extensions()
            .get::<Self>()
            .map(|id| id.0.clone())
            .unwrap_or_default()
    }
}

/// What every answer says to browsers; a handler's own policy for its page replaces the one here.
const GUARDING: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
];

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware around all routes.
///
/// # Errors
/// An answer that could not be tied to its request any more: after a panic.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let began = Instant::now();
    let id = fresh_uuid().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let gateway = request
        .app_data::<web::Data<Gateway>>()
        .map(|gateway| Arc::clone(gateway));
    let running = gateway.as_ref().map(|gateway| gateway.in_flight.enter());
    let method = known(request.method());
    // Unknown paths share one label: a scanner must not fill the memory with names.
    let route = request
        .match_pattern()
        .unwrap_or_else(|| "unknown".to_owned());

    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;

    let mut answered = match outcome {
        Ok(Ok(response)) => Ok(in_one_form(response.map_into_boxed_body(), &id)),
        Ok(Err(error)) => Err(in_one_form_of(error.error_response(), &id)),
        Err(_) => {
            tracing::error!(
                request_id = id,
                error.code = "INTERNAL",
                route,
                "a request panicked"
            );
            Err(problem::of_request_error(&internal(&id), &id))
        }
    };
    let head = match &mut answered {
        Ok(response) => response.response_mut().head_mut(),
        Err(response) => response.head_mut(),
    };
    // Added here and not by a layer of its own, which the answer to a panic would pass by.
    for (name, value) in GUARDING {
        if !head.headers.contains_key(&name) {
            head.headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        head.headers.insert(REQUEST_ID, value);
    }
    if gateway
        .as_ref()
        .is_some_and(|gateway| gateway.app.is_stopping())
    {
        head.set_connection_type(ConnectionType::Close);
    }
    let status = head.status;
    let after = began.elapsed();
    if let Some(gateway) = gateway {
        gateway
            .metrics
            .answered(&route, method, status.as_u16(), after);
    }
    let micros = u64::try_from(after.as_micros()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    tracing::info!(request_id = id, method, route, status, micros, "answered");
    match answered {
        Ok(response) => Ok(response.map_body(|_, body| in_flight::until_sent(body, running))),
        Err(response) => Err(InternalError::from_response("answered", response).into()),
    }
}

/// The answer to a fault of ours.
pub(super) fn internal(request_id: &str) -> RequestError {
    RequestError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
        format!("Internal error. Request {request_id}."),
    )
}

/// The methods that have a name; a client may send any word, and each would be a label for good.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Errors that the framework answered in plain text or without a word become problem documents;
/// its words may tell of our inside.
fn in_one_form(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    if is_json_or_no_error(response.response()) {
        return response;
    }
    let (request, response) = response.into_parts();
    ServiceResponse::new(request, in_one_form_of(response, id))
}

fn in_one_form_of(response: HttpResponse<BoxBody>, id: &str) -> HttpResponse<BoxBody> {
    if is_json_or_no_error(&response) {
        return response;
    }
    let status = response.status();
    let (code, message) = match status {
        StatusCode::NOT_FOUND => ("NOT_FOUND", "There is nothing at this path."),
        StatusCode::METHOD_NOT_ALLOWED => ("BAD_REQUEST", "This path does not take this method."),
        StatusCode::PAYLOAD_TOO_LARGE => ("TOO_COMPLEX", "The body is larger than allowed here."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("BAD_REQUEST", "This content type is not read here.")
        }
        StatusCode::REQUEST_TIMEOUT => ("BAD_REQUEST", "The request did not arrive in time."),
        status if status.is_server_error() => ("INTERNAL", "Internal error."),
        _ => (
            "BAD_REQUEST",
            "The request is not of the form that is read here.",
        ),
    };
    let mut told = problem::of_request_error(&RequestError::new(status, code, message), id);
    for (name, value) in response.headers() {
        if ![CONTENT_TYPE, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
            told.headers_mut().append(name.clone(), value.clone());
        }
    }
    told
}

fn is_json_or_no_error(response: &HttpResponse<BoxBody>) -> bool {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return true;
    }
    response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("json"))
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App, HttpResponse, middleware::from_fn, web};

    use super::*;

    async fn panics() -> HttpResponse {
        panic!("on purpose")
    }

    #[test]
    fn a_panic_is_a_json_500_with_the_id_and_the_next_request_is_answered() {
        actix_web::rt::System::new().block_on(async {
            let service = init_service(
                App::new()
                    .wrap(from_fn(around))
                    .route("/panics", web::get().to(panics))
                    .route("/lives", web::get().to(HttpResponse::Ok)),
            )
            .await;
            let request = TestRequest::get().uri("/panics").to_request();
            let error = try_call_service(&service, request).await.err().unwrap();
            let answer = error.error_response();
            assert_eq!(answer.status(), 500);
            assert_eq!(answer.headers().get("x-frame-options").unwrap(), "DENY");
            assert_eq!(
                answer.headers().get("x-content-type-options").unwrap(),
                "nosniff"
            );
            let id = answer.headers().get(&REQUEST_ID).unwrap().clone();
            let body = actix_web::body::to_bytes(answer.into_body()).await;
            let body: serde_json::Value = serde_json::from_slice(&body.unwrap()).unwrap();
            assert_eq!(body["code"], "INTERNAL");
            assert_eq!(body["requestId"], id.to_str().unwrap());
            assert!(!body.to_string().contains("purpose"), "{body}");
            let request = TestRequest::get().uri("/lives").to_request();
            assert_eq!(
                try_call_service(&service, request).await.unwrap().status(),
                200
            );
        });
    }

    #[test]
    fn words_of_the_framework_do_not_leave() {
        let plain = HttpResponse::BadRequest()
            .insert_header(("Allow", "GET"))
            .body("Json deserialize error: struct Secret");
        let told = in_one_form_of(plain, "1");
        assert_eq!(told.status(), 400);
        assert_eq!(
            told.headers().get(CONTENT_TYPE).unwrap(),
            "application/problem+json"
        );
        assert_eq!(told.headers().get("allow").unwrap(), "GET");
    }

    #[test]
    fn methods_nobody_knows_share_a_label() {
        assert_eq!(known(&Method::GET), "GET");
        assert_eq!(known(&Method::from_bytes(b"X7").unwrap()), "other");
    }
}
