//! What holds for every file of reference data: how it is decoded, what a text, slug, country or year may
//! be, and that a list is complete. It knows no file in particular.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, de::DeserializeOwned};

use super::{error::ReferenceError, model::Source};
use crate::kernel::phrase::Phrase;

/// The longest text in characters. The memo's longest is under 700; more is a sign of a missing quote.
const LONGEST_TEXT: usize = 4000;

/// The years that an item may bear. The bounds catch slips of the pen; they have no meaning of their own.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;

/// An item of a file, so that a fault can say where it is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) file: &'static str,
    pub(super) item: String,
}

impl Place {
    pub(super) fn fault(&self, problem: impl Display) -> ReferenceError {
        ReferenceError::Invalid {
            file: self.file,
            item: self.item.clone(),
            problem: problem.to_string(),
        }
    }
}

/// A text in both languages as a file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bilingual {
    da: String,
    en: String,
}

/// A source as a file writes it, under `[sources.<key>]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    title: String,
    publisher: String,
    date: Option<NaiveDate>,
    document_number: Option<String>,
    url: Option<String>,
}

/// Decodes a file. The fault names the line.
pub(super) fn decode<T: DeserializeOwned>(
    file: &'static str,
    text: &str,
) -> Result<T, ReferenceError> {
    toml::from_str(text).map_err(|fault| {
        let start = fault.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        ReferenceError::Malformed {
            file,
            line: before.matches('\n').count().saturating_add(1),
            problem: fault.message().to_owned(),
        }
    })
}

/// Puts rows into the order of `expected`, each key exactly once and no other key.
pub(super) fn complete<K: Copy + PartialEq, T>(
    file: &'static str,
    expected: impl IntoIterator<Item = K>,
    rows: Vec<(K, T)>,
    item_name: impl Fn(K) -> String,
) -> Result<Vec<T>, ReferenceError> {
    let fault = |key, problem| {
        let item = item_name(key);
        Place { file, item }.fault(problem)
    };
    let mut rest = rows;
    let mut ordered = Vec::with_capacity(rest.len());
    for key in expected {
        let (matching, others): (Vec<_>, Vec<_>) = rest
            .into_iter()
            .partition(|(candidate, _)| *candidate == key);
        rest = others;
        let mut matching = matching.into_iter();
        match (matching.next(), matching.next()) {
            (Some((_, row)), None) => ordered.push(row),
            (Some(_), Some(_)) => return Err(fault(key, "stands there more than once")),
            (None, _) => return Err(fault(key, "is missing")),
        }
    }
    match rest.first() {
        Some((key, _)) => Err(fault(*key, "does not belong in this file")),
        None => Ok(ordered),
    }
}

/// Refuses a list without items and a value that stands in it twice.
pub(super) fn unique<T: PartialEq + Display>(
    file: &'static str,
    kind: &str,
    values: &[T],
) -> Result<(), ReferenceError> {
    if values.is_empty() {
        let item = kind.to_owned();
        return Err(Place { file, item }.fault("the file holds none"));
    }
    for (index, value) in values.iter().enumerate() {
        if values.iter().take(index).any(|earlier| earlier == value) {
            let item = format!("{kind} {value}");
            return Err(Place { file, item }.fault("stands there more than once"));
        }
    }
    Ok(())
}

/// A code of one of the closed lists.
pub(super) fn code<K: FromStr>(place: &Place, text: &str) -> Result<K, ReferenceError>
where
    K::Err: Display,
{
    text.parse().map_err(|fault| place.fault(fault))
}

/// A text in both languages, each of them sound.
pub(super) fn phrase(
    place: &Place,
    field: &str,
    text: Bilingual,
) -> Result<Phrase, ReferenceError> {
    let danish = sound(place, &format!("{field}.da"), text.da)?;
    let english = sound(place, &format!("{field}.en"), text.en)?;
    Ok(Phrase::new(english, danish))
}

/// A text that can be shown as it is.
pub(super) fn sound(place: &Place, field: &str, text: String) -> Result<String, ReferenceError> {
    match text_fault(&text) {
        Some(problem) => Err(place.fault(format!("{field} {problem}"))),
        None => Ok(text),
    }
}

/// An optional text that can be shown as it is.
pub(super) fn sound_if_given(
    place: &Place,
    field: &str,
    text: Option<String>,
) -> Result<Option<String>, ReferenceError> {
    text.map(|text| sound(place, field, text)).transpose()
}

fn text_fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("is empty")
    } else if text.trim() != text {
        Some("begins or ends with a space")
    } else if text.chars().any(char::is_control) {
        Some("holds a line break or another control character")
    } else if text.contains('\u{ad}') {
        Some("holds a soft hyphen")
    } else if text.contains(is_invisible_or_private) {
        Some("holds a private, invisible or direction-changing character")
    } else if text.contains("  ") {
        Some("holds two spaces in a row")
    } else if !unicode_normalization::is_nfc(text) {
        Some("is not in the Unicode form NFC")
    } else if text.chars().count() > LONGEST_TEXT {
        Some("is longer than 4000 characters")
    } else {
        None
    }
}

/// Word processors leave such characters behind: the memo's bullets are U+F0B7, which is private.
fn is_invisible_or_private(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}'
    )
}

/// A lasting name: lower-case ASCII letters, digits and single hyphens between them, at most 64 of them.
pub(super) fn slug(place: &Place, text: String) -> Result<String, ReferenceError> {
    let well_formed = text.len() <= 64
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
    if well_formed {
        Ok(text)
    } else {
        Err(place.fault("slug is not of lower-case letters, digits and single hyphens"))
    }
}

/// A country by its ISO 3166-1 alpha-2 code.
pub(super) fn country(place: &Place, text: String) -> Result<String, ReferenceError> {
    match isocountry::CountryCode::for_alpha2(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(place.fault(format!(
            "country {text:?} is not an ISO 3166-1 alpha-2 code"
        ))),
    }
}

/// A year within reason.
pub(super) fn year(place: &Place, field: &str, year: u16) -> Result<u16, ReferenceError> {
    if YEARS.contains(&year) {
        Ok(year)
    } else {
        Err(place.fault(format!("{field} {year} is not between 1900 and 2100")))
    }
}

/// Checks the sources of a file.
pub(super) fn sources(
    file: &'static str,
    raw: BTreeMap<String, RawSource>,
) -> Result<BTreeMap<String, Source>, ReferenceError> {
    raw.into_iter()
        .map(|(key, source)| {
            let item = format!("source {key}");
            let place = Place { file, item };
            let url = sound_if_given(&place, "url", source.url)?;
            if url.as_ref().is_some_and(|url| !is_https(url)) {
                return Err(place.fault("url is not an https address"));
            }
            let source = Source {
                title: sound(&place, "title", source.title)?,
                publisher: sound(&place, "publisher", source.publisher)?,
                date: source.date,
                document_number: sound_if_given(&place, "document_number", source.document_number)?,
                url,
            };
            Ok((key, source))
        })
        .collect()
}

fn is_https(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.scheme() == "https")
}

/// The source with this key.
pub(super) fn source(
    place: &Place,
    sources: &BTreeMap<String, Source>,
    key: &str,
) -> Result<Source, ReferenceError> {
    sources
        .get(key)
        .cloned()
        .ok_or_else(|| place.fault(format!("source {key:?} is not described in this file")))
}

/// Reads a sound file with one passage replaced, and gives the text of the refusal.
#[cfg(test)]
pub(super) fn refusal<T>(
    parse: fn(&str) -> Result<T, ReferenceError>,
    file: &str,
    passage: &str,
    replacement: &str,
) -> String {
    assert!(file.contains(passage), "the file has no {passage:?}");
    match parse(&file.replacen(passage, replacement, 1)) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_fit_to_be_shown() {
        for (text, fault) in [
            ("Velkomst af nyankomne", None),
            ("”Oslo - en by for alle” (…)", None),
            ("", Some("is empty")),
            (" by", Some("begins or ends with a space")),
            ("by\u{a0}", Some("begins or ends with a space")),
            (
                "by\nby",
                Some("holds a line break or another control character"),
            ),
            (
                "by\0by",
                Some("holds a line break or another control character"),
            ),
            ("by\u{ad}udvikling", Some("holds a soft hyphen")),
            (
                "politik \u{f0b7} by",
                Some("holds a private, invisible or direction-changing character"),
            ),
            (
                "a\u{202e}b",
                Some("holds a private, invisible or direction-changing character"),
            ),
            ("to  ord", Some("holds two spaces in a row")),
            ("A\u{30a}rhus", Some("is not in the Unicode form NFC")),
        ] {
            assert_eq!(text_fault(text), fault, "{text:?}");
        }
        assert_eq!(text_fault(&"å".repeat(4000)), None);
        assert_eq!(
            text_fault(&"å".repeat(4001)),
            Some("is longer than 4000 characters")
        );
    }

    #[test]
    fn a_list_is_put_in_order_or_refused() {
        let read = |rows: &[u8]| {
            let rows = rows.iter().map(|key| (*key, *key)).collect();
            complete("list.toml", 1..=3, rows, |key| format!("row {key}"))
                .map_err(|error| error.to_string())
        };
        assert_eq!(read(&[3, 1, 2]), Ok(vec![1, 2, 3]));
        for (rows, refusal) in [
            (vec![1, 3], "list.toml: row 2: is missing"),
            (
                vec![1, 2, 2, 3],
                "list.toml: row 2: stands there more than once",
            ),
            (
                vec![1, 2, 3, 4],
                "list.toml: row 4: does not belong in this file",
            ),
        ] {
            assert_eq!(read(&rows), Err(refusal.to_owned()));
        }
    }

    #[test]
    fn a_slug_has_one_spelling() {
        let place = Place {
            file: "practices.toml",
            item: "practice 1".to_owned(),
        };
        for sound in ["oslo", "oslo-oxlo", "vic-2"] {
            assert!(slug(&place, sound.to_owned()).is_ok(), "{sound}");
        }
        for unsound in ["", "-oslo", "oslo-", "os--lo", "Oslo", "øst", "a b"] {
            assert!(slug(&place, unsound.to_owned()).is_err(), "{unsound}");
        }
        assert!(slug(&place, "a".repeat(64)).is_ok());
        assert!(slug(&place, "a".repeat(65)).is_err());
    }
}
