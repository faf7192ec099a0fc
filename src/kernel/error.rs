//! The one error of the core and what may come out of it. What it is not: HTTP or GraphQL; the
//! edges translate it once each (`api/errors.rs`, `api/problem.rs`).

use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::Refusal;

/// What a use case of the core returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller must sign in first, or the token does not hold.
    #[error("sign in first")]
    Unauthenticated,
    /// The caller is known and may see the object, but may not do this.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// There is no such object, or the caller may not know of it.
    #[error("there is no {kind} {id}")]
    NotFound {
        /// The GraphQL type of the object.
        kind: &'static str,
        /// The id as the caller gave it.
        id: String,
    },
    /// The request is not of the form that the contract asks for.
    #[error("{}", .0.en)]
    BadRequest(Phrase),
    /// The trade says no: one refusal for each problem that was found.
    #[error("refused: {}", .0.iter().map(|refusal| refusal.code.as_str()).collect::<Vec<_>>().join(", "))]
    Refused(Vec<Refusal>),
    /// The object changed since the caller read it.
    #[error("the object changed; its version is now {current}")]
    Stale {
        /// The version that stands now.
        current: i32,
    },
    /// A mutation that must be repeatable came without an idempotency key.
    #[error("this mutation needs an idempotency key")]
    IdempotencyKeyRequired,
    /// The idempotency key was used for something else.
    #[error("the idempotency key belongs to another request")]
    IdempotencyMismatch,
    /// The first request with this idempotency key is still running.
    #[error("the first request with this idempotency key is still running")]
    IdempotencyInProgress,
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts")]
    RateLimited {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The service cannot do it now (database away, storage full, queue full).
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours; the text is for the log only.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Error {
    /// The stable code that clients program against.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::BadRequest(_) => "BAD_REQUEST",
            Self::Refused(refusals) => refusals
                .first()
                .map_or("INTERNAL", |refusal| refusal.code.as_str()),
            Self::Stale { .. } => "STALE",
            Self::IdempotencyKeyRequired => "IDEMPOTENCY_KEY_REQUIRED",
            Self::IdempotencyMismatch => "IDEMPOTENCY_MISMATCH",
            Self::IdempotencyInProgress => "IDEMPOTENCY_IN_PROGRESS",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::Unavailable(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// What a caller may read about it; faults of ours say nothing of the inside.
    #[must_use]
    pub fn public_message(&self) -> Phrase {
        match self {
            Self::Unauthenticated => Phrase::new(
                "Sign in first: the request carries no valid access token.",
                "Log ind først: forespørgslen har ingen gyldig adgangsnøgle.",
            ),
            Self::Forbidden(what) => Phrase::new(
                format!("Your roles do not allow this: {what}."),
                format!("Dine roller giver ikke adgang til dette: {what}."),
            ),
            Self::NotFound { kind, id } => Phrase::new(
                format!("There is no {kind} with the id {id}."),
                format!("Der findes ingen {kind} med id {id}."),
            ),
            Self::BadRequest(phrase) => phrase.clone(),
            Self::Refused(refusals) => refusals.first().map_or_else(
                || Phrase::new("Refused.", "Afvist."),
                |first| first.message.clone(),
            ),
            Self::Stale { current } => Phrase::new(
                format!(
                    "Somebody changed this in the meantime; read it again (version {current}) and repeat your change."
                ),
                format!(
                    "Nogen har ændret dette i mellemtiden; læs det igen (version {current}) og gentag din ændring."
                ),
            ),
            Self::IdempotencyKeyRequired => Phrase::new(
                "This mutation needs an idempotency key: send the Idempotency-Key header or idempotencyKey in the input.",
                "Denne handling kræver en idempotensnøgle: send headeren Idempotency-Key eller idempotencyKey i input.",
            ),
            Self::IdempotencyMismatch => Phrase::new(
                "This idempotency key was used for another request; use a new key.",
                "Idempotensnøglen er brugt til en anden forespørgsel; brug en ny nøgle.",
            ),
            Self::IdempotencyInProgress => Phrase::new(
                "The first request with this idempotency key is still running; try again shortly.",
                "Den første forespørgsel med denne idempotensnøgle er stadig i gang; prøv igen om lidt.",
            ),
            Self::RateLimited { retry_after } => Phrase::new(
                format!("Too many attempts; try again in {retry_after} seconds."),
                format!("For mange forsøg; prøv igen om {retry_after} sekunder."),
            ),
            Self::Unavailable(_) => Phrase::new(
                "The service cannot do this right now; try again shortly.",
                "Tjenesten kan ikke udføre dette lige nu; prøv igen om lidt.",
            ),
            Self::Internal(_) => Phrase::new("Internal error.", "Intern fejl."),
        }
    }

    /// The same error for an input that stands inside another under this field.
    #[must_use]
    pub fn under(self, path: &str) -> Self {
        match self {
            Self::Refused(refusals) => Self::Refused(
                refusals
                    .into_iter()
                    .map(|refusal| refusal.under(path))
                    .collect(),
            ),
            other => other,
        }
    }

    /// A refusal of one problem.
    #[must_use]
    pub fn refused(refusal: impl Into<Refusal>) -> Self {
        Self::Refused(vec![refusal.into()])
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<diesel::result::Error> for Error {
    /// What the database said without a query claiming it: storage or connection trouble is
    /// `Unavailable`, anything else a fault of ours.
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        match &error {
            Diesel::BrokenTransactionManager
            | Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                // SQLSTATE 40001: the transaction can be repeated as it is.
                | DatabaseErrorKind::SerializationFailure,
                _,
            ) => Self::Unavailable(error.to_string()),
            Diesel::DatabaseError(_, information) if is_passing(information.message()) => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Internal(error.into()),
        }
    }
}

/// Messages of both databases that tell of a state that passes by itself or by an operator's hand:
/// storage full, locks not had in time (SQLSTATE 55P03), a transaction that was chosen to end a
/// deadlock (40P01), statements ended by a time limit, a server that goes or comes up. Neither
/// diesel nor SQLite gives these a kind of their own.
fn is_passing(message: &str) -> bool {
    const PASSING: [&str; 15] = [
        "database or disk is full",
        "database is locked",
        "disk I/O error",
        "unable to open database file",
        "No space left on device",
        "deadlock detected",
        "canceling statement due to",
        "terminating connection",
        "the database system is",
        "server closed the connection",
        "could not connect",
        "connection to server",
        "no connection to the server",
        "SSL connection has been closed",
        "could not extend file",
    ];
    PASSING.iter().any(|text| message.contains(text))
}

/// Refuses a change of an object that is not as the caller read it. Commands, demonstrations and
/// imports read no version: they say what shall be, whatever was before.
///
/// # Errors
/// `Stale` when the version is another one now.
pub fn expect_version(read: Option<i32>, current: i32) -> Result<()> {
    match read {
        Some(read) if read != current => Err(Error::Stale { current }),
        _ => Ok(()),
    }
}
