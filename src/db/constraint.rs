//! What a violated constraint means: the two databases name it differently, and this is the one
//! place that knows. What it is not: the meaning for the trade; that stands at the query, where
//! `.on_unique(CITY_NAME, refusal)` turns a lost race into a polite answer.

use diesel::result::{DatabaseErrorKind, Error as Diesel, QueryResult};

use crate::kernel::error::{Error, Result};
use crate::kernel::refusal::Refusal;

/// A unique index under the names that the databases report.
#[derive(Debug, Clone, Copy)]
pub struct Unique {
    /// The index: what PostgreSQL reports, and SQLite for an index with a condition or an expression.
    pub name: &'static str,
    /// The columns as SQLite reports them: `cities.country, cities.name_key`.
    pub columns: &'static str,
}

impl Unique {
    /// Puts the two names together.
    #[must_use]
    pub const fn new(name: &'static str, columns: &'static str) -> Self {
        Self { name, columns }
    }
}

/// Says at a query what its constraints mean.
pub trait OnConstraint<T> {
    /// A violated unique index is this refusal.
    ///
    /// # Errors
    /// The refusal, or the original error.
    fn on_unique(self, unique: Unique, refusal: impl FnOnce() -> Refusal) -> Result<T>;
    /// A violated exclusion (PostgreSQL) or the trigger of the same name (SQLite) is this refusal.
    ///
    /// # Errors
    /// The refusal, or the original error.
    fn on_exclusion(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T>;
    /// A violated check is this refusal.
    ///
    /// # Errors
    /// The refusal, or the original error.
    fn on_check(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T> {
    fn on_unique(self, unique: Unique, refusal: impl FnOnce() -> Refusal) -> Result<T> {
        refuse_if(self, |violation| violation.is_unique(unique), refusal)
    }

    fn on_exclusion(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T> {
        refuse_if(self, |violation| violation.is_exclusion(name), refusal)
    }

    fn on_check(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T> {
        refuse_if(self, |violation| violation.is_check(name), refusal)
    }
}

impl<T> OnConstraint<T> for QueryResult<T> {
    fn on_unique(self, unique: Unique, refusal: impl FnOnce() -> Refusal) -> Result<T> {
        self.map_err(Error::from).on_unique(unique, refusal)
    }

    fn on_exclusion(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T> {
        self.map_err(Error::from).on_exclusion(name, refusal)
    }

    fn on_check(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T> {
        self.map_err(Error::from).on_check(name, refusal)
    }
}

struct Violation<'a> {
    kind: &'a DatabaseErrorKind,
    name: Option<&'a str>,
    message: &'a str,
}

impl Violation<'_> {
    fn is_unique(&self, unique: Unique) -> bool {
        matches!(self.kind, DatabaseErrorKind::UniqueViolation)
            && (self.name == Some(unique.name)
                || self
                    .message
                    .ends_with(&format!("failed: {}", unique.columns))
                || self.message.ends_with(&format!("index '{}'", unique.name)))
    }

    fn is_exclusion(&self, name: &str) -> bool {
        self.name == Some(name)
            || self
                .message
                .ends_with(&format!("exclusion constraint failed: {name}"))
    }

    fn is_check(&self, name: &str) -> bool {
        matches!(self.kind, DatabaseErrorKind::CheckViolation)
            && (self.name == Some(name) || self.message.ends_with(&format!("failed: {name}")))
    }
}

fn refuse_if<T>(
    result: Result<T>,
    matches: impl FnOnce(Violation<'_>) -> bool,
    refusal: impl FnOnce() -> Refusal,
) -> Result<T> {
    match result {
        Err(Error::Internal(error)) => {
            let violated = match error.downcast_ref::<Diesel>() {
                Some(Diesel::DatabaseError(kind, information)) => matches(Violation {
                    kind,
                    name: information.constraint_name(),
                    message: information.message(),
                }),
                _ => false,
            };
            if violated {
                Err(Error::refused(refusal()))
            } else {
                Err(Error::Internal(error))
            }
        }
        other => other,
    }
}
