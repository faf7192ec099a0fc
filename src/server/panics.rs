//! A panic while a request is answered: it ends the request and not the connection, and is told as
//! any other fault. What it is not: panics on a database worker; the worker catches those.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::middleware::Next;
use futures_util::FutureExt;

use crate::api::problem;
use crate::server::access_log::{self, RequestId};

/// The innermost middleware. The request is gone with the panic, so the answer leaves as an error;
/// the layers outside put their headers on that too.
///
/// # Errors
/// What the handler's service says; the answer to a panic.
pub(super) async fn caught(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let request_id = RequestId::of(request.request());
    if let Ok(answered) = AssertUnwindSafe(next.call(request)).catch_unwind().await {
        return Ok(answered?.map_into_boxed_body());
    }
    tracing::error!(request_id, error.code = "INTERNAL", "a request panicked");
    let answer = problem::of_request_error(&access_log::internal(&request_id), &request_id);
    Err(InternalError::from_response("a request panicked", answer).into())
}
