//! What every REST handler shares: the admitted request, its JSON body, the hand-over to a
//! database worker, and the answer of an error. What it is not: handlers; those are in the
//! `rest.rs` of their slice.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Route, web};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::operation::Operation;
use crate::api::{json_object, problem};
use crate::app::{App, NotRun, OPERATION_TIME};
use crate::db::workers::{Lane, Slot};
use crate::identity::idempotency::is_key;
use crate::identity::turns::{PATIENCE, Turn};
use crate::kernel::error::{Error, Result};
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;
use crate::server::access_log::RequestId;
use crate::server::gateway::Gateway;
use crate::server::rates::Caller;
use crate::server::transport::answer::RequestError;
use crate::server::transport::body::{self, NotRead};
use crate::server::transport::caching;
use crate::server::viewer::{self, Credential};

/// An admitted REST request. A handler takes it as an argument, reads, runs, and hands its outcome
/// to [`Rest::answer`]:
///
/// ```text
/// pub async fn end_session(rest: Rest) -> HttpResponse {
///     let ended = rest.run(Lane::Writing, |operation| operation.write(sessions::end)).await;
///     rest.answer(ended.map(|()| rest::no_content()))
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Rest {
    request: HttpRequest,
    gateway: Arc<Gateway>,
    caller: Caller,
    /// The language of messages.
    pub language: Language,
    /// Correlates the answer with log lines.
    pub request_id: String,
    /// When the request happens; one instant for all of it.
    pub now: Instant,
}

/// Why a REST request is not answered with what it asked for.
#[derive(Debug)]
pub enum Fault {
    /// The core says no.
    Core(Error),
    /// The request is not of the form that is read here, or could not be run.
    Request(RequestError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<RequestError> for Fault {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl FromRequest for Rest {
    type Error = actix_web::Error;
    type Future = std::future::Ready<std::result::Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Self::of(request).ok_or_else(|| {
            actix_web::error::ErrorServiceUnavailable("the request was not admitted")
        }))
    }
}

impl Rest {
    /// The request, if it passed the admission around all routes.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let gateway = Arc::clone(request.app_data::<web::Data<Gateway>>()?);
        let caller = request.extensions().get::<Caller>().cloned()?;
        let language = request
            .headers()
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map_or(Language::En, Language::accepted);
        Some(Self {
            request: request.clone(),
            now: gateway.app.now(),
            gateway,
            caller,
            language,
            request_id: RequestId::of(request),
        })
    }

    /// The service.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.gateway.app
    }

    /// The state that handlers share.
    #[must_use]
    pub fn gateway(&self) -> &Arc<Gateway> {
        &self.gateway
    }

    /// The request itself, for its path and headers.
    #[must_use]
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// Reads a JSON body of at most `limit` bytes. Fields that `T` does not know are refused when
    /// it says `#[serde(deny_unknown_fields)]`, which every body here does.
    ///
    /// # Errors
    /// 415 for another media type, 413 for more bytes, 408 for a slow one, 400 for anything that is
    /// not a `T`.
    pub async fn json<T: DeserializeOwned>(
        &self,
        payload: &mut web::Payload,
        limit: u64,
    ) -> Result<T, Fault> {
        self.expect_media_type("application/json")?;
        let bytes = self.bytes(payload, limit).await?;
        Ok(json_object::read(&bytes)?)
    }

    /// Reads a body of at most `limit` bytes, whatever it holds.
    ///
    /// # Errors
    /// 413 for more bytes, 408 for a slow one, 400 for a broken one.
    pub async fn bytes(
        &self,
        payload: &mut web::Payload,
        limit: u64,
    ) -> Result<web::BytesMut, Fault> {
        let read = body::read(&self.request, payload, limit).await;
        read.map_err(|not_read| Fault::Request(self.not_read(not_read, limit)))
    }

    /// The media type that the body is declared to have, in lower case and without parameters.
    #[must_use]
    pub fn content_type(&self) -> Option<String> {
        let name = self.header_of_content().split(';').next()?.trim();
        (!name.is_empty()).then(|| name.to_ascii_lowercase())
    }

    fn header_of_content(&self) -> &str {
        let header = self.request.headers().get(CONTENT_TYPE);
        header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Demands a media type of the body; a character set other than UTF-8 is refused.
    ///
    /// # Errors
    /// 415 for any other.
    pub fn expect_media_type(&self, expected: &str) -> Result<(), Fault> {
        let given = self.header_of_content();
        let mut parts = given.split(';').map(str::trim);
        parts.next();
        let named = self.content_type().is_some_and(|name| name == expected);
        let in_utf_8 = parts.all(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            !name.trim().eq_ignore_ascii_case("charset")
                || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        });
        if named && in_utf_8 {
            return Ok(());
        }
        Err(self
            .refusal(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "BAD_REQUEST",
                &Phrase::new(
                    format!("Send Content-Type: {expected} in UTF-8."),
                    format!("Send Content-Type: {expected} i UTF-8."),
                ),
            )
            .into())
    }

    /// The key of the `Idempotency-Key` header.
    ///
    /// # Errors
    /// `BadRequest` for more than one, or one that is not 1 to 128 visible ASCII characters.
    pub fn idempotency_key(&self) -> Result<Option<String>> {
        let mut given = self.request.headers().get_all("idempotency-key");
        let Some(key) = given.next() else {
            return Ok(None);
        };
        let key = key.to_str().ok().filter(|key| is_key(key));
        match (key, given.next()) {
            (Some(key), None) => Ok(Some(key.to_owned())),
            _ => Err(Error::BadRequest(Phrase::new(
                "Send one idempotency key of 1 to 128 visible ASCII characters.",
                "Send én idempotensnøgle på 1 til 128 synlige ASCII-tegn.",
            ))),
        }
    }

    /// Runs an operation on a database worker of the lane, with the viewer behind the token. Writers
    /// with the same idempotency key come one after the other.
    ///
    /// # Errors
    /// What `work` says; 409 while an earlier request with the key still runs; 401 when the token's session has ended; 503 when the queue is full, the
    /// time is over or the database is away.
    pub async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Operation) -> Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        self.run_within(OPERATION_TIME, lane, work).await
    }

    /// As [`Rest::run`], for work that may take longer than other requests.
    ///
    /// # Errors
    /// As [`Rest::run`].
    pub async fn run_within<T: Send + 'static>(
        &self,
        limit: Duration,
        lane: Lane,
        work: impl FnOnce(&Operation) -> Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let idempotency_key = self.idempotency_key()?;
        let turn = match lane {
            Lane::Writing => self.turn(idempotency_key.as_deref()).await?,
            Lane::Reading => None,
        };
        let (gateway, caller) = (Arc::clone(&self.gateway), self.caller.clone());
        let (now, language) = (self.now, self.language);
        let request_id = self.request_id.clone();
        let task = move |slot: &mut Slot| {
            // The turn lasts as long as the work, also when nobody waits for its answer any more.
            let _turn = turn;
            let mut db = slot.take()?;
            let seen = slot.read_alive(&mut db, |db| {
                viewer::viewer(&gateway, db, &caller.credential, now)
            });
            let viewer = match seen {
                Ok(viewer) => viewer,
                Err(error) => {
                    if matches!(error, Error::Unauthenticated) {
                        slot.give_back(db);
                    }
                    return Err(error);
                }
            };
            let mut operation =
                Operation::new(db, viewer, now, language, idempotency_key, request_id);
            operation.allowance = caller.allowance;
            operation.opener = Some(slot.opener());
            let outcome = work(&operation);
            operation.end(slot);
            outcome
        };
        match self.gateway.app.run_within(limit, lane, task).await {
            Ok(outcome) => Ok(outcome?),
            Err(not_run) => Err(self.not_run(not_run)),
        }
    }

    /// The turn of a signed-in request with an idempotency key.
    async fn turn(&self, key: Option<&str>) -> Result<Option<Turn>> {
        let (Some(key), Credential::Token(token)) = (key, &self.caller.credential) else {
            return Ok(None);
        };
        let turns = &self.gateway.app.turns;
        turns.take(&token.user, key, PATIENCE).await.map(Some)
    }

    /// An error of the request in the caller's language.
    #[must_use]
    pub fn refusal(
        &self,
        status: StatusCode,
        code: &'static str,
        message: &Phrase,
    ) -> RequestError {
        RequestError::new(status, code, message.in_language(self.language))
    }

    /// The answer of an outcome: what the handler made, or the problem as `problem+json`.
    #[must_use]
    pub fn answer(&self, outcome: Result<HttpResponse, Fault>) -> HttpResponse {
        match outcome {
            Ok(response) => response,
            Err(Fault::Core(error)) => problem::of_error(&error, self.language, &self.request_id),
            Err(Fault::Request(error)) => problem::of_request_error(&error, &self.request_id),
        }
    }

    /// A document that is the same for everybody: kept by those who did not sign in, with a tag to
    /// ask again by.
    #[must_use]
    pub fn document(&self, content_type: &str, rule: &'static str, bytes: Vec<u8>) -> HttpResponse {
        caching::document(&self.request, content_type, rule, bytes)
    }

    fn not_read(&self, not_read: NotRead, limit: u64) -> RequestError {
        let kib = limit.div_ceil(1024);
        let (status, code, phrase) = match not_read {
            NotRead::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "TOO_COMPLEX",
                Phrase::new(
                    format!("The body is larger than {kib} KiB."),
                    format!("Indholdet er større end {kib} KiB."),
                ),
            ),
            NotRead::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "BAD_REQUEST",
                Phrase::new(
                    "The body did not arrive within 10 seconds.",
                    "Indholdet nåede ikke frem inden for 10 sekunder.",
                ),
            ),
            NotRead::Broken => (
                StatusCode::BAD_REQUEST,
                "BAD_REQUEST",
                Phrase::new("The body could not be read.", "Indholdet kunne ikke læses."),
            ),
        };
        self.refusal(status, code, &phrase)
    }

    fn not_run(&self, not_run: NotRun) -> Fault {
        match not_run {
            NotRun::Refused(error) => Fault::Core(error),
            NotRun::TimedOut => Fault::Core(Error::Unavailable(
                "the operation took longer than a request waits".to_owned(),
            )),
            NotRun::Panicked => Fault::Core(Error::Internal(anyhow::anyhow!(
                "the operation panicked (request {})",
                self.request_id
            ))),
        }
    }
}

/// An answer with a JSON body that nobody may keep.
#[must_use]
pub fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(body)
}

/// It was done and there is nothing to say.
#[must_use]
pub fn no_content() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// The default route of a REST resource: 405 with the methods that it has, such as
/// `"POST, DELETE"`.
#[must_use]
pub fn only(allowed: &'static str) -> Route {
    web::to(move |request: HttpRequest| async move {
        let error = RequestError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "BAD_REQUEST",
            format!("This path takes {allowed}."),
        );
        let mut response = problem::of_request_error(&error, &RequestId::of(&request));
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static(allowed));
        response
    })
}
