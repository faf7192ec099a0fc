//! `schema`: prints the GraphQL schema. What it is not: a request to a running service.

use crate::cli::{Failure, say};

/// Prints the sorted schema text.
#[expect(clippy::unnecessary_wraps, reason = "every command has this shape")]
pub(super) fn run() -> Result<(), Failure> {
    say(crate::server::graphql::published().trim_end());
    Ok(())
}
