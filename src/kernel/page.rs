//! What a page of a list is: how many, from where, in which direction. What it is not: SQL; the
//! statements are written by `db/listing.rs`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use crate::kernel::error::{Error, Result};
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;

/// The page size when the caller names none.
pub const DEFAULT_SIZE: i64 = 20;
/// The largest page.
pub const LARGEST_SIZE: i64 = 100;

/// The part of a list that a caller asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page {
    /// At most so many rows, 1..=100.
    pub size: i64,
    /// From the end instead of from the start.
    pub backward: bool,
    /// Only rows behind this one.
    pub after: Option<Cursor>,
    /// Only rows before this one.
    pub before: Option<Cursor>,
}

impl Page {
    /// The first rows of a list.
    #[must_use]
    pub fn first(size: i64) -> Self {
        Self {
            size,
            backward: false,
            after: None,
            before: None,
        }
    }

    /// Reads the four arguments of a connection.
    ///
    /// # Errors
    /// `BadRequest` for both `first` and `last`, a size outside 1..=100, or a cursor that this
    /// service did not write.
    pub fn from_arguments(
        first: Option<i32>,
        after: Option<&str>,
        last: Option<i32>,
        before: Option<&str>,
    ) -> Result<Self> {
        let (size, backward, name) = match (first, last) {
            (Some(_), Some(_)) => {
                return Err(bad(
                    "Give first or last, not both.",
                    "Angiv first eller last, ikke begge.",
                ));
            }
            (None, Some(last)) => (i64::from(last), true, "last"),
            (Some(first), None) => (i64::from(first), false, "first"),
            (None, None) => (DEFAULT_SIZE, false, "first"),
        };
        if !(1..=LARGEST_SIZE).contains(&size) {
            return Err(bad(
                format!("{name} must be from 1 to {LARGEST_SIZE}."),
                format!("{name} skal være fra 1 til {LARGEST_SIZE}."),
            ));
        }
        let after = after.map(Cursor::parse).transpose()?;
        let before = before.map(Cursor::parse).transpose()?;
        Ok(Self {
            size,
            backward,
            after,
            before,
        })
    }
}

/// Where a row stands in its list: the values that the list is ordered by, and the id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Cursor {
    /// What tells the order apart from others, so that a cursor is not read in another list.
    pub order: String,
    /// The values of the order keys.
    pub keys: Vec<KeyValue>,
    /// The id, the last key of every order.
    pub id: Uuid,
}

/// A value that lists are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum KeyValue {
    /// No value; such rows come last.
    #[serde(rename = "n")]
    Null,
    /// Text, compared by code points.
    #[serde(rename = "t")]
    Text(String),
    /// A whole number.
    #[serde(rename = "i")]
    Int(i64),
    /// A civil date.
    #[serde(rename = "d")]
    Date(NaiveDate),
    /// An instant.
    #[serde(rename = "s")]
    Stamp(Instant),
}

/// What kind of value an order key has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// A civil date.
    Date,
    /// An instant.
    Stamp,
}

impl KeyValue {
    /// Whether a value that a client sent can stand for a key of this kind. PostgreSQL stores no
    /// NUL and no dates of the far past; null fits where the column may be null.
    #[must_use]
    pub fn fits(&self, kind: KeyKind, nullable: bool) -> bool {
        const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;
        match (self, kind) {
            (Self::Null, _) => nullable,
            (Self::Text(text), KeyKind::Text) => !text.contains('\0'),
            (Self::Int(_), KeyKind::Int) => true,
            (Self::Date(date), KeyKind::Date) => YEARS.contains(&date.year()),
            (Self::Stamp(instant), KeyKind::Stamp) => YEARS.contains(&instant.utc().year()),
            _ => false,
        }
    }
}

impl Cursor {
    /// The opaque text that stands in `cursor`, `startCursor` and `endCursor`.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD
            .encode(serde_json::to_vec(&(&self.order, &self.keys, &self.id)).unwrap_or_default())
    }

    /// Reads a cursor.
    ///
    /// # Errors
    /// `BadRequest` when the text is not a cursor.
    pub fn parse(text: &str) -> Result<Self> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<(String, Vec<KeyValue>, Uuid)>(&bytes).ok())
            .map(|(order, keys, id)| Self { order, keys, id })
            .ok_or_else(wrong_cursor)
    }
}

/// The refusal of a cursor that does not belong to the list.
#[must_use]
pub fn wrong_cursor() -> Error {
    bad(
        "This cursor does not belong to this list; take it from pageInfo or an edge of the same list and order.",
        "Denne markør hører ikke til listen; tag den fra pageInfo eller en kant i samme liste og rækkefølge.",
    )
}

fn bad(en: impl Into<String>, da: impl Into<String>) -> Error {
    Error::BadRequest(Phrase::new(en, da))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_arguments_of_a_connection() {
        assert_eq!(
            Page::from_arguments(None, None, None, None).unwrap(),
            Page::first(20)
        );
        assert_eq!(
            Page::from_arguments(Some(100), None, None, None).unwrap(),
            Page::first(100)
        );
        assert!(
            Page::from_arguments(None, None, Some(3), None)
                .unwrap()
                .backward
        );
        for (first, last) in [
            (Some(1), Some(1)),
            (Some(0), None),
            (Some(101), None),
            (None, Some(-1)),
        ] {
            assert!(
                Page::from_arguments(first, None, last, None).is_err(),
                "{first:?} {last:?}"
            );
        }
        assert!(Page::from_arguments(None, Some("x"), None, None).is_err());
    }

    #[test]
    fn a_value_fits_its_kind_only() {
        let date = |text: &str| KeyValue::Date(text.parse().unwrap());
        let text = |text: &str| KeyValue::Text(text.to_owned());
        for (value, kind, nullable, expected) in [
            (text("a"), KeyKind::Text, false, true),
            (text("a\0"), KeyKind::Text, false, false),
            (text("1"), KeyKind::Int, false, false),
            (KeyValue::Int(1), KeyKind::Int, false, true),
            (KeyValue::Int(1), KeyKind::Date, true, false),
            (KeyValue::Null, KeyKind::Int, true, true),
            (KeyValue::Null, KeyKind::Int, false, false),
            (date("2026-03-15"), KeyKind::Date, false, true),
            (date("2026-03-15"), KeyKind::Stamp, false, false),
            (date("-4800-01-01"), KeyKind::Date, false, false),
            (date("+20000-01-01"), KeyKind::Date, false, false),
        ] {
            assert_eq!(value.fits(kind, nullable), expected, "{value:?} {kind:?}");
        }
    }

    #[test]
    fn a_cursor_is_read_back() {
        let cursor = Cursor {
            order: "0a1b".to_owned(),
            keys: vec![
                KeyValue::Text("å".to_owned()),
                KeyValue::Null,
                KeyValue::Int(-1),
            ],
            id: Uuid::from_u128(1),
        };
        assert_eq!(Cursor::parse(&cursor.text()).unwrap(), cursor);
    }
}
