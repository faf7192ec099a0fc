//! Whether a request is let in: by the rate of its caller and by its token, before anything else
//! of it is read. What it is not: what the caller may see; that is `access`.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use crate::api::problem;
use crate::db::workers::Lane;
use crate::kernel::error::Error;
use crate::server::access_log::RequestId;
use crate::server::gateway::Gateway;
use crate::server::rates::Caller;
use crate::server::transport::answer::RequestError;
use crate::server::transport::http::invalid_token;
use crate::server::transport::media::Media;
use crate::server::viewer::{self, Credential};

/// The middleware that admits requests; an admitted one carries its [`Caller`].
///
/// # Errors
/// What the handler's service says.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let gateway = request
        .app_data::<web::Data<Gateway>>()
        .map(|gateway| Arc::clone(gateway));
    let caller = match gateway {
        Some(gateway) if !is_exempt(request.path()) => match decide(&gateway, &request) {
            Ok(caller) => match stands(&gateway, &caller).await {
                Ok(()) => Some(caller),
                Err(refused) => return Ok(refuse(request, &refused)),
            },
            Err(refused) => return Ok(refuse(request, &refused)),
        },
        _ => None,
    };
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Refuses a token whose session has ended, also where nothing else asks the database: for paths that
/// are the same for everybody, for none at all, for a document that breaks a rule. Who was seen a
/// moment ago is believed, so this is one look-up for many requests.
async fn stands(gateway: &Arc<Gateway>, caller: &Caller) -> Result<(), RequestError> {
    if !viewer::must_be_looked_up(gateway, &caller.credential) {
        return Ok(());
    }
    let (shared, credential) = (Arc::clone(gateway), caller.credential.clone());
    let now = gateway.app.now();
    let looked_up = gateway
        .app
        .run(Lane::Reading, move |slot| {
            let mut db = slot.take()?;
            let seen = slot.read_alive(&mut db, |db| {
                viewer::viewer(&shared, db, &credential, now).map(drop)
            });
            if matches!(seen, Ok(()) | Err(Error::Unauthenticated)) {
                slot.give_back(db);
            }
            seen
        })
        .await;
    match looked_up {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Error::Unauthenticated)) => Err(invalid_token()),
        Ok(Err(error)) => {
            tracing::warn!(why = %error, "a session could not be looked up");
            Err(unavailable())
        }
        Err(not_run) => {
            tracing::warn!(why = %not_run, "a session could not be looked up");
            Err(unavailable())
        }
    }
}

fn unavailable() -> RequestError {
    RequestError::unavailable("The service cannot do this right now; try again shortly.")
}

/// What watches the process must be able to ask at any rate and without a token.
fn is_exempt(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

fn refuse(request: ServiceRequest, refused: &RequestError) -> ServiceResponse<BoxBody> {
    let answer = if request.path() == "/graphql" {
        // Who accepts neither type is told in the default one: the refusal comes first.
        refused.answer(Media::of(request.headers()).unwrap_or(Media::Json))
    } else {
        problem::of_request_error(refused, &RequestId::of(request.request()))
    };
    request.into_response(answer)
}

fn decide(gateway: &Gateway, request: &ServiceRequest) -> Result<Caller, RequestError> {
    let read = viewer::credential(gateway, request.headers());
    // A bad token counts against the address, or guessing tokens would be free.
    let counted = read.as_ref().unwrap_or(&Credential::None);
    let allowance = gateway
        .rates
        .admit(counted, gateway.rates.address(request))
        .map_err(|seconds| RequestError {
            retry_after: Some(seconds),
            ..RequestError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMITED",
                format!("Too many requests; try again in {seconds} seconds."),
            )
        })?;
    match read {
        Ok(credential) => Ok(Caller {
            credential,
            allowance,
        }),
        Err(Error::Unauthenticated) => Err(invalid_token()),
        Err(_) => Err(unavailable()),
    }
}
