//! Around every request: its id, its admission by rate and token, one log line, the counters. What
//! it is not: a log of people; a line names no user, address or content.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};

use crate::db::tx::fresh_uuid;
use crate::kernel::error::Error;
use crate::server::gateway::Gateway;
use crate::server::rates::Caller;
use crate::server::transport::answer::RequestError;
use crate::server::transport::http::invalid_token;
use crate::server::transport::media::Media;
use crate::server::viewer::{self, Credential};

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

/// The middleware around all routes.
///
/// # Errors
/// What the handler's service says.
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
    let method = request.method().to_string();
    let pattern = request.match_pattern();

    let admitted = match &gateway {
        Some(gateway) if !is_exempt(request.path()) => admit(gateway, &request),
        _ => Ok(None),
    };
    let mut response = match admitted {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.call(request).await?.map_into_boxed_body()
        }
        Err(refused) => {
            let rest = request.path().starts_with("/api/");
            let answer = if rest {
                crate::api::problem::of_request_error(&refused, &id)
            } else {
                refused.answer(Media::Json)
            };
            request.into_response(answer)
        }
    };

    if let Ok(value) = HeaderValue::from_str(&id) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    let status = response.status().as_u16();
    let after = began.elapsed();
    // Unknown paths share one label: a scanner must not fill the memory with names.
    let route = pattern.unwrap_or_else(|| "unknown".to_owned());
    if let Some(gateway) = gateway {
        gateway.metrics.answered(&route, &method, status, after);
    }
    let micros = u64::try_from(after.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request_id = id, method, route, status, micros, "answered");
    Ok(response)
}

fn is_exempt(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

fn admit(gateway: &Gateway, request: &ServiceRequest) -> Result<Option<Caller>, RequestError> {
    let read = viewer::credential(gateway, request.headers());
    // A bad token counts against the address, or guessing tokens would be free.
    let credential = read.as_ref().cloned().unwrap_or(Credential::None);
    let allowance = gateway
        .rates
        .admit(&credential, gateway.rates.address(request))
        .map_err(|seconds| RequestError {
            retry_after: Some(seconds),
            ..RequestError::new(
                actix_web::http::StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMITED",
                format!("Too many requests; try again in {seconds} seconds."),
            )
        })?;
    match read {
        Ok(credential) => Ok(Some(Caller {
            credential,
            allowance,
        })),
        Err(Error::Unauthenticated) => Err(invalid_token()),
        Err(_) => Err(RequestError::unavailable(
            "The service cannot do this right now; try again shortly.",
        )),
    }
}
