//! GraphQL answers as HTTP: media type, status, body. What it is not: their content.

use std::io::Write;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::web::Bytes;
use async_graphql::{Response, ServerError, Value};
use serde::Serialize;

use crate::server::transport::guard::OperationKind;
use crate::server::transport::media::Media;

/// An error of the request itself, before anything ran.
#[derive(Debug, Clone)]
pub struct RequestError {
    /// The status under `application/graphql-response+json`.
    pub status: StatusCode,
    /// Whether the status holds under `application/json` too; a document's own faults are 200 there.
    pub strict: bool,
    /// `extensions.code`.
    pub code: &'static str,
    /// What is wrong, in words for the client.
    pub message: String,
    /// Line and column in the document.
    pub position: Option<(usize, usize)>,
    /// Seconds to wait before the next try.
    pub retry_after: Option<u64>,
    /// Whether the operation was carried out, so that `data` is null and not absent.
    pub executed: bool,
    /// The cost and its limit, where the cost is known.
    pub cost: Option<(u64, u64)>,
}

impl RequestError {
    /// An error whose status holds under both media types.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            strict: true,
            code,
            message: message.into(),
            position: None,
            retry_after: None,
            executed: false,
            cost: None,
        }
    }

    /// A fault of the document: 400 under the new media type, 200 under the old.
    pub fn of_document(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            strict: false,
            ..Self::new(StatusCode::BAD_REQUEST, code, message)
        }
    }

    /// The service cannot now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
        }
    }

    /// The answer cannot be sent for its size. A mutation is done all the same, and must not look as
    /// if nothing had happened.
    #[must_use]
    pub fn too_large(operation: OperationKind) -> Self {
        if operation == OperationKind::Mutation {
            return Self {
                status: StatusCode::OK,
                executed: true,
                ..Self::of_document(
                    "TOO_COMPLEX",
                    "The mutation was carried out, but its answer is larger than 16 MiB; do not send it again, read what came of it with a query that asks for less.",
                )
            };
        }
        Self::of_document(
            "TOO_COMPLEX",
            "The answer is larger than 16 MiB; ask for less at a time.",
        )
    }

    /// The answer.
    #[must_use]
    pub fn answer(&self, media: Media) -> HttpResponse {
        let mut error =
            serde_json::json!({ "message": self.message, "extensions": { "code": self.code } });
        if let (Some((line, column)), Some(fields)) = (self.position, error.as_object_mut()) {
            fields.insert(
                "locations".to_owned(),
                serde_json::json!([{ "line": line, "column": column }]),
            );
        }
        let status = if self.strict || media == Media::GraphqlResponse {
            self.status
        } else {
            StatusCode::OK
        };
        let mut response = HttpResponse::build(status);
        response
            .insert_header((CONTENT_TYPE, media.content_type()))
            .insert_header((CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
        }
        let mut body = serde_json::json!({ "errors": [error] });
        if let (true, Some(fields)) = (self.executed, body.as_object_mut()) {
            fields.insert("data".to_owned(), serde_json::Value::Null);
        }
        if let (Some((cost, limit)), Some(fields)) = (self.cost, body.as_object_mut()) {
            let cost = serde_json::json!({ "cost": { "cost": cost, "limit": limit } });
            fields.insert("extensions".to_owned(), cost);
        }
        response.body(body.to_string())
    }
}

/// What of an answer is written; `data` is absent when the operation did not begin.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [async_graphql::ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    extensions: &'a std::collections::BTreeMap<String, Value>,
}

/// An answer as bytes with what the status needs to know.
#[derive(Debug)]
pub struct Body {
    /// The JSON.
    pub bytes: Bytes,
    /// Whether the operation began; if not, the request was at fault.
    pub began: bool,
    /// Whether there is any error.
    pub has_errors: bool,
    /// Whether an error says that the service cannot now.
    pub unavailable: bool,
}

impl Body {
    /// The body of an answer that was kept: only those without errors are.
    #[must_use]
    pub fn kept(bytes: Bytes) -> Self {
        Self {
            bytes,
            began: true,
            has_errors: false,
            unavailable: false,
        }
    }
}

/// The most errors that an answer tells. A document or its variables can hold thousands of
/// mistakes; the first ones are enough to mend it by.
const MOST_ERRORS: usize = 20;

/// The longest message of an error in characters: the executor repeats names that the client sent.
const LONGEST_MESSAGE: usize = 500;

/// Writes an answer, with the first of its errors.
///
/// # Errors
/// The answer is larger than `limit`.
pub fn write(response: &mut Response, limit: u64) -> Result<Body, TooLarge> {
    let unavailable = has_code(response, "UNAVAILABLE");
    shorten(&mut response.errors);
    let began = response.errors.is_empty()
        || response.data != Value::Null
        || response.errors.iter().any(|error| !error.path.is_empty());
    let written = Written {
        errors: &response.errors,
        data: began.then_some(&response.data),
        extensions: &response.extensions,
    };
    let mut bounded = Bounded {
        bytes: Vec::with_capacity(4096),
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    };
    serde_json::to_writer(&mut bounded, &written).map_err(|_| TooLarge)?;
    Ok(Body {
        bytes: bounded.bytes.into(),
        began,
        has_errors: !response.errors.is_empty(),
        unavailable,
    })
}

fn shorten(errors: &mut Vec<ServerError>) {
    let left_out = errors.len().saturating_sub(MOST_ERRORS);
    errors.truncate(MOST_ERRORS);
    for error in &mut *errors {
        if let Some((end, _)) = error.message.char_indices().nth(LONGEST_MESSAGE) {
            error.message.truncate(end);
            error.message.push('…');
        }
    }
    if left_out > 0 {
        let mut note = ServerError::new(format!("{left_out} more errors are left out."), None);
        note.extensions
            .get_or_insert_with(Default::default)
            .set("code", "BAD_REQUEST");
        errors.push(note);
    }
}

/// The answer is larger than may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

fn has_code(response: &Response, code: &str) -> bool {
    response.errors.iter().any(|error| {
        error
            .extensions
            .as_ref()
            .and_then(|extensions| extensions.get("code"))
            == Some(&Value::from(code))
    })
}

struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Bounded {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + part.len() > self.limit {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(errors: usize, message: &str) -> Response {
        let errors = (0..errors).map(|_| ServerError::new(message, None));
        Response::from_errors(errors.collect())
    }

    fn written(mut response: Response) -> serde_json::Value {
        let body = write(&mut response, 1 << 20).unwrap();
        serde_json::from_slice(&body.bytes).unwrap()
    }

    #[test]
    fn errors_are_few_and_short() {
        let body = written(failed(20, "no"));
        assert_eq!(body["errors"].as_array().unwrap().len(), 20);
        let body = written(failed(5_000, &"å".repeat(9_000)));
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 21);
        assert_eq!(errors[0]["message"].as_str().unwrap().chars().count(), 501);
        assert_eq!(errors[20]["message"], "4980 more errors are left out.");
        assert!(body.get("data").is_none(), "nothing began");
    }

    #[test]
    fn what_is_left_out_still_makes_the_status() {
        let mut response = failed(30, "no");
        let last = response.errors.last_mut().unwrap();
        last.extensions
            .get_or_insert_with(Default::default)
            .set("code", "UNAVAILABLE");
        assert!(write(&mut response, 1 << 20).unwrap().unavailable);
    }

    fn told(error: &RequestError) -> (u16, serde_json::Value) {
        let response = error.answer(Media::GraphqlResponse);
        let status = response.status().as_u16();
        let body = actix_web::rt::System::new()
            .block_on(async { actix_web::body::to_bytes(response.into_body()).await });
        (status, serde_json::from_slice(&body.unwrap()).unwrap())
    }

    #[test]
    fn a_mutation_whose_answer_is_too_large_is_told_to_be_done() {
        let (status, body) = told(&RequestError {
            cost: Some((11, 10_000)),
            ..RequestError::too_large(OperationKind::Mutation)
        });
        assert_eq!(status, 200);
        assert_eq!(body.get("data"), Some(&serde_json::Value::Null));
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("was carried out"), "{message}");
        assert_eq!(body["extensions"]["cost"]["cost"], 11);

        let (status, body) = told(&RequestError::too_large(OperationKind::Query));
        assert_eq!((status, body.get("data")), (400, None));
        assert_eq!(body["errors"][0]["extensions"]["code"], "TOO_COMPLEX");
    }

    #[test]
    fn an_answer_ends_at_its_limit() {
        let mut response = Response::new(Value::from("x".repeat(100)));
        assert_eq!(write(&mut response, 100).unwrap_err(), TooLarge);
        assert!(write(&mut response, 200).is_ok());
    }
}
