//! `openapi`: prints the description of the REST paths. What it is not: a request to a running
//! service.

use crate::cli::{Failure, say};

/// Prints the OpenAPI document.
pub(super) fn run() -> Result<(), Failure> {
    say(crate::server::openapi::published()?.trim_end());
    Ok(())
}
