//! How many requests are being answered, until the last byte of the answer is handed to the
//! connection. What it is not: connections; one that lies idle holds nothing up.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};

/// The count of a process.
#[derive(Debug, Clone, Default)]
pub struct InFlight(Arc<AtomicUsize>);

/// One request that counts as long as this lives.
#[derive(Debug)]
pub struct Running(Arc<AtomicUsize>);

impl InFlight {
    /// Counts a request.
    #[must_use]
    pub fn enter(&self) -> Running {
        self.0.fetch_add(1, Ordering::Relaxed);
        Running(Arc::clone(&self.0))
    }

    /// Whether no request is being answered.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body, with which the count ends.
pub fn until_sent(body: BoxBody, running: Option<Running>) -> BoxBody {
    match running {
        Some(running) => BoxBody::new(Counted {
            body,
            _running: running,
        }),
        None => body,
    }
}

struct Counted {
    body: BoxBody,
    _running: Running,
}

impl MessageBody for Counted {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<actix_web::web::Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_until_its_body_is_gone() {
        let count = InFlight::default();
        let body = until_sent(BoxBody::new("answer"), Some(count.enter()));
        assert!(!count.is_idle());
        assert_eq!(body.size(), BodySize::Sized(6));
        drop(body);
        assert!(count.is_idle());
    }
}
