//! `POST /graphql` and `GET /graphql?query=`: the request's form, the guard, the hand-over to a
//! database worker, the answer's status and headers. What it is not: the execution.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;

use crate::app::{NotRun, OPERATION_TIME};
use crate::config::Introspection;
use crate::identity::turns::{PATIENCE, Turn};
use crate::kernel::error::Error;
use crate::kernel::language::Language;
use crate::server::access_log::{self, RequestId};
use crate::server::gateway::Gateway;
use crate::server::rates::Caller;
use crate::server::transport::answer::RequestError;
use crate::server::transport::body::{self, NotRead};
use crate::server::transport::caching;
use crate::server::transport::execute::{self, Job, Outcome};
use crate::server::transport::guard::{self, Checked, OperationKind, Refused};
use crate::server::transport::keys;
use crate::server::transport::media::Media;
use crate::server::transport::params::{self, Params};
use crate::server::transport::variables;
use crate::server::viewer::Credential;

/// Answers a GraphQL request.
pub async fn graphql(
    request: HttpRequest,
    mut payload: web::Payload,
    gateway: web::Data<Gateway>,
) -> HttpResponse {
    let Some(media) = Media::of(request.headers()) else {
        let error = RequestError::new(
            StatusCode::NOT_ACCEPTABLE,
            "BAD_REQUEST",
            "This service answers application/graphql-response+json or application/json; name one of them in Accept.",
        );
        return error.answer(Media::Json);
    };
    // A panic is caught here, where its answer can still take the form and the headers of others.
    let gateway = gateway.into_inner();
    let answered = AssertUnwindSafe(answer(&request, &mut payload, &gateway, media))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
            let request_id = RequestId::of(&request);
            tracing::error!(request_id, error.code = "INTERNAL", "a request panicked");
            Err(access_log::internal(&request_id))
        });
    match answered {
        Ok(response) => response,
        Err(error) => {
            let mut response = error.answer(media);
            if error.status == StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().insert(
                    ALLOW,
                    actix_web::http::header::HeaderValue::from_static("POST"),
                );
            }
            response
        }
    }
}

async fn answer(
    request: &HttpRequest,
    payload: &mut web::Payload,
    gateway: &Arc<Gateway>,
    media: Media,
) -> Result<HttpResponse, RequestError> {
    let caller = request.extensions().get::<Caller>().cloned();
    let caller =
        caller.ok_or_else(|| RequestError::unavailable("The request was not admitted."))?;
    let params = params_of(request, payload, gateway).await?;
    let checked = checked(gateway, &params)?;
    let cost = guard::cost(
        &checked.document,
        params.operation_name.as_deref(),
        &params.variables,
        &gateway.contract.map,
    )
    .map_err(|refused| of_refused(&refused))?;
    let answered = answer_priced(request, gateway, media, caller, params, checked, cost).await;
    // Whoever pays for a document is told what it costs, also when it is refused.
    answered.map_err(|error| RequestError {
        cost: Some((cost, gateway.limits.cost_limit)),
        ..error
    })
}

async fn answer_priced(
    request: &HttpRequest,
    gateway: &Arc<Gateway>,
    media: Media,
    caller: Caller,
    params: Params,
    checked: Arc<Checked>,
    cost: u64,
) -> Result<HttpResponse, RequestError> {
    let is_get = request.method() == Method::GET;
    let operation = checked.operation;
    refuse_kind(gateway, &checked, is_get, &caller.credential)?;
    variables::refuse_missing(&checked, &params.variables)?;
    let admitted = gateway.limits.admit_cost(cost);
    admitted.map_err(|refused| of_refused(&refused))?;
    let keys = keys::of_request(request.headers(), &checked, &params.variables)?;
    let began = tokio::time::Instant::now();
    let turn = turn(gateway, &caller.credential, keys.any.as_deref()).await?;
    let language = header(request.headers(), ACCEPT_LANGUAGE.as_str())
        .map_or(Language::En, Language::accepted);
    let anonymous = matches!(caller.credential, Credential::None);
    let job = Job {
        checked,
        operation_name: params.operation_name,
        variables: params.variables,
        cost,
        credential: caller.credential,
        language,
        idempotency_key: keys.header,
        turn,
        request_id: RequestId::of(request),
        allowance: caller.allowance,
        now: gateway.app.now(),
    };
    // Who waited for a turn has less time left, but enough to be answered.
    let left = OPERATION_TIME
        .saturating_sub(began.elapsed())
        .max(LEAST_TIME);
    match execute::run(gateway, job, left).await {
        Ok(Outcome::Answered {
            body,
            replayed,
            personal,
        }) => {
            let status = match media {
                _ if body.unavailable => StatusCode::SERVICE_UNAVAILABLE,
                Media::GraphqlResponse if !body.began => StatusCode::BAD_REQUEST,
                Media::GraphqlResponse | Media::Json => StatusCode::OK,
            };
            let cacheable = is_get && anonymous && !personal && !body.has_errors;
            Ok(finish(
                request, body.bytes, status, media, cacheable, replayed,
            ))
        }
        Ok(Outcome::TooLarge) => Err(RequestError::too_large(operation)),
        Ok(Outcome::Unauthenticated) => Err(invalid_token()),
        Ok(Outcome::Failed(Error::Internal(fault))) => {
            let request_id = RequestId::of(request);
            tracing::error!(
                request_id,
                error.code = "INTERNAL",
                fault = format!("{fault:#}"),
                "operation failed"
            );
            Err(access_log::internal(&request_id))
        }
        Ok(Outcome::Failed(error)) => {
            tracing::warn!(request_id = RequestId::of(request), error.code = "UNAVAILABLE", why = %error, "operation not possible now");
            Err(RequestError::unavailable(
                "The service cannot do this right now; try again shortly.",
            ))
        }
        Err(NotRun::Refused(error)) => {
            tracing::warn!(request_id = RequestId::of(request), error.code = "UNAVAILABLE", why = %error, "operation not begun");
            Err(RequestError::unavailable(
                "The service is busy; try again shortly.",
            ))
        }
        Err(NotRun::TimedOut) => Err(RequestError::unavailable(
            "The operation took longer than 5 seconds; ask for less, or try again.",
        )),
        Err(NotRun::Panicked) => {
            let request_id = RequestId::of(request);
            tracing::error!(request_id, error.code = "INTERNAL", "operation panicked");
            Err(access_log::internal(&request_id))
        }
    }
}

/// The least time that a request gets for its operation after it waited for its turn.
const LEAST_TIME: Duration = Duration::from_secs(1);

/// The turn of a request with an idempotency key.
async fn turn(
    gateway: &Gateway,
    credential: &Credential,
    key: Option<&str>,
) -> Result<Option<Turn>, RequestError> {
    let (Some(key), Credential::Token(token)) = (key, credential) else {
        return Ok(None);
    };
    let turn = gateway.app.turns.take(&token.user, key, PATIENCE).await;
    turn.map(Some).map_err(|_| RequestError {
        retry_after: Some(1),
        ..RequestError::of_document(
            "IDEMPOTENCY_IN_PROGRESS",
            "The first request with this idempotency key is still running; try again shortly.",
        )
    })
}

/// The refusal of a token that does not hold.
#[must_use]
pub fn invalid_token() -> RequestError {
    RequestError::new(
        StatusCode::UNAUTHORIZED,
        "UNAUTHENTICATED",
        "The access token is not valid or has expired; sign in again or refresh the session.",
    )
}

async fn params_of(
    request: &HttpRequest,
    payload: &mut web::Payload,
    gateway: &Gateway,
) -> Result<Params, RequestError> {
    let read = if request.method() == Method::GET {
        params::of_query_string(request.query_string())
    } else {
        refuse_content_type(request)?;
        let body = body::read(request, payload, gateway.limits.body_bytes)
            .await
            .map_err(|not_read| match not_read {
                NotRead::TooLarge => RequestError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "TOO_COMPLEX",
                    "The body is larger than 256 KiB.",
                ),
                NotRead::TooSlow => RequestError::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "BAD_REQUEST",
                    "The body did not arrive within 10 seconds.",
                ),
                NotRead::Broken => RequestError::new(
                    StatusCode::BAD_REQUEST,
                    "BAD_REQUEST",
                    "The body could not be read.",
                ),
            })?;
        params::of_body(&body)
    };
    read.map_err(|message| RequestError::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message))
}

fn refuse_content_type(request: &HttpRequest) -> Result<(), RequestError> {
    let refused = |message: &str| {
        Err(RequestError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "BAD_REQUEST",
            message,
        ))
    };
    let Some(given) = header(request.headers(), CONTENT_TYPE.as_str()) else {
        return refused("Send Content-Type: application/json.");
    };
    let mut parts = given.split(';').map(str::trim);
    if !parts
        .next()
        .unwrap_or_default()
        .eq_ignore_ascii_case("application/json")
    {
        return refused("Only application/json is read here; files go to /api/v1/files.");
    }
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("charset")
            && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        {
            return refused("Only UTF-8 is read here.");
        }
    }
    Ok(())
}

/// The guarded document, from memory where the same text was seen before.
fn checked(gateway: &Gateway, params: &Params) -> Result<Arc<Checked>, RequestError> {
    let key = (params.query.clone(), params.operation_name.clone());
    if let Some(known) = gateway.documents.get(&key) {
        return Ok(known);
    }
    let checked = guard::check_document(
        &params.query,
        params.operation_name.as_deref(),
        &gateway.limits,
    )
    .map_err(|refused| of_refused(&refused))?;
    let checked = Arc::new(checked);
    gateway.documents.insert(key, Arc::clone(&checked));
    Ok(checked)
}

fn of_refused(refused: &Refused) -> RequestError {
    RequestError {
        position: refused.position(),
        ..RequestError::of_document(refused.code(), refused.to_string())
    }
}

fn refuse_kind(
    gateway: &Gateway,
    checked: &Checked,
    is_get: bool,
    credential: &Credential,
) -> Result<(), RequestError> {
    match checked.operation {
        OperationKind::Mutation if is_get => {
            return Err(RequestError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "BAD_REQUEST",
                "Mutations are sent by POST.",
            ));
        }
        OperationKind::Subscription => {
            return Err(RequestError::of_document(
                "BAD_REQUEST",
                "Subscriptions are not served.",
            ));
        }
        OperationKind::Mutation | OperationKind::Query => {}
    }
    let hidden = match gateway.app.config.introspection {
        Introspection::Public => false,
        Introspection::SignedIn => matches!(credential, Credential::None),
        Introspection::Off => true,
    };
    if checked.introspects && hidden {
        return Err(RequestError::of_document(
            "FORBIDDEN",
            "This service does not tell its schema here; see its documentation.",
        ));
    }
    Ok(())
}

fn finish(
    request: &HttpRequest,
    bytes: Bytes,
    status: StatusCode,
    media: Media,
    cacheable: bool,
    replayed: bool,
) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, media.content_type()));
    if replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((actix_web::http::header::RETRY_AFTER, "1"));
    }
    if !cacheable {
        response.insert_header((CACHE_CONTROL, "no-store"));
        return response.body(bytes);
    }
    caching::public(
        request,
        response,
        caching::ONE_MINUTE,
        "Accept, Accept-Language, Authorization",
        bytes,
    )
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
