//! Reading a request body with a limit of size and time. What it is not: the reading of its
//! content.

use std::time::Duration;

use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;

/// How long a body may take to arrive.
const TIME: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRead {
    /// More bytes than allowed.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke.
    Broken,
}

/// The body, if it keeps to the limits. A length that is announced as too large is refused before
/// a byte is read.
///
/// # Errors
/// Why it was not read.
pub async fn read(
    request: &HttpRequest,
    payload: &mut web::Payload,
    limit: u64,
) -> Result<web::BytesMut, NotRead> {
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(NotRead::TooLarge);
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let everything = async {
        let mut body = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| NotRead::Broken)?;
            if body.len() + chunk.len() > limit {
                return Err(NotRead::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(TIME, everything)
        .await
        .unwrap_or(Err(NotRead::TooSlow))
}
