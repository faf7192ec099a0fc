//! Why the guard refuses a document, in words that may leave the process. Not the HTTP answer:
//! the transport makes it from the code, the message and the position.

use std::fmt;

/// A refusal of the guard. `Display` gives the public message: it holds figures, positions and at
/// most a short piece of what the client sent, never anything of the schema or the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A limit of [`Limits`](super::Limits) is exceeded.
    TooComplex {
        /// What was counted, a noun in the plural where it is countable.
        what: &'static str,
        /// The most that is allowed.
        limit: u64,
        /// What was counted when the guard stopped; the whole document may hold more.
        found: u64,
    },
    /// The text is no GraphQL document.
    Syntax {
        /// What is wrong, without the position.
        message: String,
        /// Line of the problem, from 1.
        line: usize,
        /// Column of the problem in characters, from 1.
        column: usize,
    },
    /// A fragment reaches itself. The name is that of a fragment on the cycle.
    FragmentCycle(String),
    /// A spread names a fragment that the document does not define.
    UnknownFragment(String),
    /// `operationName` names no operation of the document.
    UnknownOperation(String),
    /// The document holds several operations and the request does not say which one to run.
    OperationNameRequired,
}

impl Refused {
    /// The `extensions.code` of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooComplex { .. } => "TOO_COMPLEX",
            Self::Syntax { .. }
            | Self::FragmentCycle(_)
            | Self::UnknownFragment(_)
            | Self::UnknownOperation(_)
            | Self::OperationNameRequired => "BAD_REQUEST",
        }
    }

    /// Line and column for the `locations` of the error, both from 1, where one is known.
    #[must_use]
    pub const fn position(&self) -> Option<(usize, usize)> {
        match self {
            Self::Syntax { line, column, .. } => Some((*line, *column)),
            _ => None,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooComplex { what, limit, found } => {
                write!(
                    f,
                    "The request is too complex: {what}: {found}, at most {limit}."
                )
            }
            Self::Syntax {
                message,
                line,
                column,
            } => {
                write!(
                    f,
                    "Syntax error at line {line}, column {column}: {message}."
                )
            }
            Self::FragmentCycle(name) => write!(f, "The fragment \"{name}\" contains itself."),
            Self::UnknownFragment(name) => write!(f, "Unknown fragment \"{name}\"."),
            Self::UnknownOperation(name) => write!(f, "Unknown operation \"{name}\"."),
            Self::OperationNameRequired => f.write_str(
                "The document holds several operations: name the one to run in \"operationName\".",
            ),
        }
    }
}

impl std::error::Error for Refused {}

/// Refuses `found` when it is above `limit`.
pub(super) const fn at_most(what: &'static str, found: u64, limit: u64) -> Result<(), Refused> {
    if found > limit {
        return Err(Refused::TooComplex { what, limit, found });
    }
    Ok(())
}

/// The beginning of a text a client sent, short enough to repeat in a message or a log line.
pub(super) fn clipped(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_repeat_little_of_what_was_sent() {
        assert_eq!(clipped("City"), "City");
        assert_eq!(clipped("a\n\u{202e}"), "a\\n\\u{202e}");
        assert_eq!(clipped(&"x".repeat(9_000)).chars().count(), 41);
    }

    #[test]
    fn every_refusal_has_a_code_and_a_sentence() {
        let too_complex = Refused::TooComplex {
            what: "aliases of one field",
            limit: 30,
            found: 31,
        };
        let cases = [
            (
                too_complex,
                "TOO_COMPLEX",
                "The request is too complex: aliases of one field: 31, at most 30.",
            ),
            (
                Refused::Syntax {
                    message: "unexpected \"}\"".into(),
                    line: 3,
                    column: 5,
                },
                "BAD_REQUEST",
                "Syntax error at line 3, column 5: unexpected \"}\".",
            ),
            (
                Refused::FragmentCycle("F".into()),
                "BAD_REQUEST",
                "The fragment \"F\" contains itself.",
            ),
            (
                Refused::UnknownFragment("F".into()),
                "BAD_REQUEST",
                "Unknown fragment \"F\".",
            ),
            (
                Refused::UnknownOperation("Q".into()),
                "BAD_REQUEST",
                "Unknown operation \"Q\".",
            ),
            (
                Refused::OperationNameRequired,
                "BAD_REQUEST",
                "The document holds several operations: name the one to run in \"operationName\".",
            ),
        ];
        for (refused, code, message) in cases {
            assert_eq!(refused.code(), code);
            assert_eq!(refused.to_string(), message);
        }
    }
}
