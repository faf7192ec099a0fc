//! Reading what clients write into types that cannot be wrong, collecting every problem instead of
//! stopping at the first. What it is not: rules of the trade.

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The problems found so far in an input.
#[derive(Debug, Default)]
pub struct Problems(Vec<Refusal>);

impl Problems {
    /// Adds a problem.
    pub fn add(&mut self, refusal: impl Into<Refusal>) {
        self.0.push(refusal.into());
    }

    /// Keeps a value, or its problem.
    pub fn keep<T>(&mut self, read: std::result::Result<T, impl Into<Refusal>>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(problem);
                None
            }
        }
    }

    /// Keeps a value, or all of its problems; another error ends the reading.
    ///
    /// # Errors
    /// Every error that is not a refusal.
    pub fn keep_all<T>(&mut self, read: Result<T>) -> Result<Option<T>> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(Error::Refused(refusals)) => {
                self.0.extend(refusals);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the id of a field.
    pub fn id<I: Id>(&mut self, field: &str, text: &str) -> Option<I> {
        self.keep(read_id(field, text))
    }

    /// Reads the id of an optional field: no value is fine.
    pub fn optional_id<I: Id>(&mut self, field: &str, text: Option<&str>) -> Option<I> {
        text.and_then(|text| self.id(field, text))
    }

    /// All problems, if there are any.
    ///
    /// # Errors
    /// `Refused` with everything that was found.
    pub fn none(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Refused(self.0))
        }
    }

    /// The value, or all problems.
    ///
    /// # Errors
    /// `Refused` with everything that was found, also when the value is missing.
    pub fn or<T>(self, value: Option<T>) -> Result<T> {
        self.none()?;
        value.ok_or_else(|| {
            Error::Internal(anyhow::anyhow!("an input without a problem has no value"))
        })
    }
}

/// Reads the id of an input field.
///
/// # Errors
/// A refusal that names the field, for an id of another type or no id at all.
pub fn read_id<I: Id>(field: &str, text: &str) -> std::result::Result<I, Refusal> {
    I::parse(text).map_err(|wrong| {
        Refusal::new(
            RefusalCode::NotFound,
            field,
            format!(
                "The id is wrong: {wrong}; give one of the type {}.",
                I::KIND
            ),
            format!(
                "Dette er ikke et id af typen {}; brug id'et fra en forespørgsel.",
                I::KIND
            ),
        )
    })
}

/// Reads the id argument of a query field: a malformed id is a bad request, an id of another type
/// too.
///
/// # Errors
/// `BadRequest`.
pub fn query_id<I: Id>(id: &async_graphql::ID) -> Result<I> {
    I::parse(id.as_str()).map_err(|wrong| {
        Error::BadRequest(crate::kernel::phrase::Phrase::new(
            format!("{wrong}: an id of type {} is needed.", I::KIND),
            format!("Der skal bruges et id af typen {}.", I::KIND),
        ))
    })
}

/// A range of moments: from `gte` on, before `lt`.
#[derive(Debug, Clone, Copy, async_graphql::InputObject)]
pub struct InstantRange {
    /// At or after.
    pub gte: Option<crate::kernel::instant::Instant>,
    /// Before.
    pub lt: Option<crate::kernel::instant::Instant>,
}

/// The two ends of an optional range.
#[must_use]
pub fn bounds(
    range: Option<InstantRange>,
) -> (
    Option<crate::kernel::instant::Instant>,
    Option<crate::kernel::instant::Instant>,
) {
    range.map_or((None, None), |range| (range.gte, range.lt))
}

/// A range of days: from `gte` on, before `lt`.
#[derive(Debug, Clone, Copy, async_graphql::InputObject)]
pub struct DateRange {
    /// On or after.
    pub gte: Option<crate::api::scalars::Date>,
    /// Before.
    pub lt: Option<crate::api::scalars::Date>,
}

/// The two ends of an optional range of days.
#[must_use]
pub fn days(range: Option<DateRange>) -> (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) {
    range.map_or((None, None), |range| {
        (range.gte.map(|date| date.0), range.lt.map(|date| date.0))
    })
}

/// Refuses lists that no index could answer quickly.
///
/// # Errors
/// `BadRequest` for more than 100 values.
pub fn at_most_100<T>(field: &str, values: Option<&[T]>) -> Result<()> {
    if values.is_some_and(|values| values.len() > 100) {
        return Err(Error::BadRequest(crate::kernel::phrase::Phrase::new(
            format!("{field} takes at most 100 values."),
            format!("{field} kan højst have 100 værdier."),
        )));
    }
    Ok(())
}

/// The text of a search, if there is any.
///
/// # Errors
/// `BadRequest` for more than 100 characters or a NUL.
pub fn search(text: Option<String>) -> Result<Option<String>> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > 100 || text.contains('\0') {
        return Err(Error::BadRequest(crate::kernel::phrase::Phrase::new(
            "A search has at most 100 characters, and no NUL among them.",
            "En søgning kan højst have 100 tegn og intet NUL-tegn.",
        )));
    }
    Ok(Some(text))
}

/// The keys of an order, each at most once.
///
/// # Errors
/// `BadRequest` for more than four keys.
pub fn order<T: PartialEq>(keys: Option<Vec<T>>) -> Result<Vec<T>> {
    let mut kept: Vec<T> = Vec::new();
    for key in keys.unwrap_or_default() {
        if !kept.contains(&key) {
            kept.push(key);
        }
    }
    if kept.len() > 4 {
        return Err(Error::BadRequest(crate::kernel::phrase::Phrase::new(
            "orderBy takes at most four keys.",
            "orderBy kan højst have fire nøgler.",
        )));
    }
    Ok(kept)
}
