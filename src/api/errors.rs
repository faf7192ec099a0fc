//! Top-level errors of a GraphQL answer: the one place where an error of the core gets its code
//! and loses its inside. What it is not: refusals of an input; those are `userErrors`.

use async_graphql::{ServerError, Value};

use crate::kernel::error::Error;
use crate::kernel::language::Language;

/// Puts `extensions.code` on every error and replaces what only the log may say. Each fault is
/// logged here, once.
pub fn publish(errors: &mut [ServerError], language: Language, request_id: &str) {
    for error in errors {
        let Some(source) = error.source::<Error>() else {
            // The executor's own: an argument of a wrong form that validation could not see.
            set(error, "code", "BAD_REQUEST".into());
            continue;
        };
        let code = source.code();
        if let Error::Internal(fault) = source {
            tracing::error!(
                request_id,
                error.code = code,
                fault = format!("{fault:#}"),
                "operation failed"
            );
        } else if let Error::Unavailable(why) = source {
            tracing::warn!(
                request_id,
                error.code = code,
                why,
                "operation not possible now"
            );
        }
        let message = source.public_message().in_language(language).to_owned();
        let current = if let Error::Stale { current } = source {
            Some(*current)
        } else {
            None
        };
        error.message = message;
        set(error, "code", code.into());
        if let Some(current) = current {
            set(error, "currentVersion", current.into());
        }
    }
}

fn set(error: &mut ServerError, name: &str, value: Value) {
    error
        .extensions
        .get_or_insert_with(Default::default)
        .set(name, value);
}
