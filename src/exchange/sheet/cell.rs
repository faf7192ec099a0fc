//! Cells as texts, numbers, dates, words: each value checked, each fault collected, none thrown away.
//! Not what the values mean together (that is the import of each kind).

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::country;
use super::date::{self, DateFault};
use super::header::fold;
use super::number::{self, NumberFault};
use super::problem::{Fault, Problem, ProblemCode};
use super::row::{Cell, Row};
use crate::exchange::columns::Column;

/// What a row asks of one field of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field<T> {
    /// Leave it as it is: the column is absent or the cell empty.
    Keep,
    /// Take the value away.
    Clear,
    /// Give it this value.
    Set(T),
    /// Nothing, for the cell is faulty; the problem has been noted and the row must not be used.
    Faulty,
}

impl<T> Field<T> {
    /// The value, if one is set. For a required column `None` means that a problem has been noted.
    #[must_use]
    pub fn set(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear | Self::Faulty => None,
        }
    }
}

/// Every getter adds what is wrong to `problems` and goes on, so that one pass finds everything.
/// Of a required column an empty cell is `REQUIRED` and `-` is `CANNOT_CLEAR`.
impl Row {
    /// A line of text: NFC, trimmed, at most `max_chars` characters (Unicode scalar values), without
    /// control characters, line separators and characters that override the writing direction.
    pub fn text(
        &self,
        column: Column,
        max_chars: usize,
        problems: &mut Vec<Problem>,
    ) -> Field<String> {
        self.value(column, problems, |text| plain_text(text, max_chars))
    }

    /// A whole number within `range`; groups of thousands are understood, decimals refused.
    pub fn integer(
        &self,
        column: Column,
        range: RangeInclusive<i64>,
        problems: &mut Vec<Problem>,
    ) -> Field<i64> {
        self.value(column, problems, |text| self.number(text, 0, &range))
    }

    /// A decimal number in units of `10^-scale`, within `range` in the same units: with scale 6,
    /// `55.6759` is `55_675_900`. More decimals than `scale` are refused, never rounded.
    pub fn decimal(
        &self,
        column: Column,
        scale: usize,
        range: RangeInclusive<i64>,
        problems: &mut Vec<Problem>,
    ) -> Field<i64> {
        self.value(column, problems, |text| self.number(text, scale, &range))
    }

    /// A day whose year is within `years`, see [`super::BUSINESS_YEARS`].
    pub fn date(
        &self,
        column: Column,
        years: RangeInclusive<i32>,
        problems: &mut Vec<Problem>,
    ) -> Field<NaiveDate> {
        self.value(column, problems, |text| day(text, &years))
    }

    /// Yes or no, in English, Danish or as 1 and 0.
    pub fn boolean(&self, column: Column, problems: &mut Vec<Problem>) -> Field<bool> {
        self.value(column, problems, yes_or_no)
    }

    /// The ISO 3166-1 alpha-2 code, in capitals, of a country given by code or by name.
    pub fn country(&self, column: Column, problems: &mut Vec<Problem>) -> Field<&'static str> {
        self.value(column, problems, |text| {
            country::code_of(text).ok_or_else(|| {
                Fault::new(
                    ProblemCode::UnknownCountry,
                    "No country has this ISO 3166 code or this name in English or Danish.",
                    "Intet land har denne ISO 3166-kode eller dette navn på dansk eller engelsk.",
                )
            })
        })
    }

    /// The code of one of the words that the column table allows, spelt as freely as headings.
    pub fn choice(&self, column: Column, problems: &mut Vec<Problem>) -> Field<&'static str> {
        self.value(column, problems, |text| self.one_of(column, text))
    }

    /// The entries of a list with `|` between, each a text of at most `max_chars`, none twice.
    pub fn list(
        &self,
        column: Column,
        max_chars: usize,
        problems: &mut Vec<Problem>,
    ) -> Field<Vec<String>> {
        self.value(column, problems, |text| entries(text, max_chars))
    }

    fn value<T>(
        &self,
        column: Column,
        problems: &mut Vec<Problem>,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Field<T> {
        let required = self.spec(column).is_some_and(|spec| spec.required);
        let outcome = match self.cell(column) {
            Cell::Absent | Cell::Leave if required => Err(Fault::new(
                ProblemCode::Required,
                "A value is required here.",
                "Her skal der stå en værdi.",
            )),
            Cell::Clear if required => Err(Fault::new(
                ProblemCode::CannotClear,
                "A required value cannot be cleared.",
                "En påkrævet værdi kan ikke slettes.",
            )),
            Cell::Absent | Cell::Leave => Ok(Field::Keep),
            Cell::Clear => Ok(Field::Clear),
            Cell::Text(text) => parse(text.trim()).map(Field::Set),
        };
        outcome.unwrap_or_else(|fault| {
            problems.push(self.problem(column, fault.code, fault.message));
            Field::Faulty
        })
    }

    fn number(&self, text: &str, scale: usize, range: &RangeInclusive<i64>) -> Result<i64, Fault> {
        let sign = self.layout().decimal;
        let shown = |units| number::written(units, scale, sign);
        let out_of_range = || {
            let (first, last) = (shown(*range.start()), shown(*range.end()));
            Fault::new(
                ProblemCode::OutOfRange,
                format!("The number must be from {first} to {last}."),
                format!("Tallet skal være fra {first} til {last}."),
            )
        };
        match number::parse(text, sign, scale) {
            Ok(units) if range.contains(&units) => Ok(units),
            Ok(_) | Err(NumberFault::TooLarge) => Err(out_of_range()),
            Err(NumberFault::Malformed) => {
                let sign = sign.char();
                Err(Fault::new(
                    ProblemCode::NotANumber,
                    format!("This is not a number; the decimal sign of this file is “{sign}”."),
                    format!("Det er ikke et tal; decimaltegnet i denne fil er »{sign}«."),
                ))
            }
            Err(NumberFault::TooManyDecimals) if scale == 0 => Err(Fault::new(
                ProblemCode::NotAnInteger,
                "This must be a whole number.",
                "Det skal være et helt tal.",
            )),
            Err(NumberFault::TooManyDecimals) => Err(Fault::new(
                ProblemCode::TooManyDecimals,
                format!("At most {scale} decimals are allowed."),
                format!("Der må højst være {scale} decimaler."),
            )),
        }
    }

    fn one_of(&self, column: Column, text: &str) -> Result<&'static str, Fault> {
        let choices = self.spec(column).map_or(&[][..], |spec| spec.choices);
        let folded = fold(text);
        let named = |word: &str| fold(word) == folded;
        choices
            .iter()
            .find(|choice| named(choice.code) || choice.danish.is_some_and(named))
            .map(|choice| choice.code)
            .ok_or_else(|| {
                let codes: Vec<&str> = choices.iter().map(|choice| choice.code).collect();
                let danish: Vec<&str> = choices
                    .iter()
                    .map(|choice| choice.danish.unwrap_or(choice.code))
                    .collect();
                Fault::new(
                    ProblemCode::UnknownChoice,
                    format!("This must be one of: {}.", codes.join(", ")),
                    format!("Det skal være et af: {}.", danish.join(", ")),
                )
            })
    }
}

fn plain_text(text: &str, max_chars: usize) -> Result<String, Fault> {
    let text: String = text.nfc().collect();
    if text.is_empty() || text.chars().any(is_unwanted) {
        return Err(Fault::new(
            ProblemCode::InvalidText,
            "Line breaks, control characters and characters that turn the writing direction are not allowed.",
            "Linjeskift, styretegn og tegn, der vender skriveretningen, er ikke tilladt.",
        ));
    }
    if text.chars().count() > max_chars {
        return Err(Fault::new(
            ProblemCode::TooLong,
            format!("At most {max_chars} characters are allowed."),
            format!("Der må højst være {max_chars} tegn."),
        ));
    }
    Ok(text)
}

/// Control characters, line and paragraph separator, the zero-width no-break space, and the explicit
/// directional formatting characters of Unicode Standard Annex 9 (embeddings, overrides, isolates).
fn is_unwanted(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn day(text: &str, years: &RangeInclusive<i32>) -> Result<NaiveDate, Fault> {
    date::parse(text, years).map_err(|fault| match fault {
        DateFault::Malformed => Fault::new(
            ProblemCode::NotADate,
            "Write the date as 2026-03-15, 15-03-2026, 15.03.2026 or 15/03/2026.",
            "Skriv datoen som 2026-03-15, 15-03-2026, 15.03.2026 eller 15/03/2026.",
        ),
        DateFault::NoSuchDay => Fault::new(
            ProblemCode::NoSuchDate,
            "The calendar has no such day; the day stands before the month.",
            "Den dag findes ikke i kalenderen; dagen står før måneden.",
        ),
        DateFault::OutOfRange => {
            let (first, last) = (years.start(), years.end());
            Fault::new(
                ProblemCode::OutOfRange,
                format!("The year must be from {first} to {last}."),
                format!("Året skal være fra {first} til {last}."),
            )
        }
    })
}

fn yes_or_no(text: &str) -> Result<bool, Fault> {
    match fold(text).as_str() {
        "yes" | "true" | "ja" | "sand" | "1" => Ok(true),
        "no" | "false" | "nej" | "falsk" | "0" => Ok(false),
        _ => Err(Fault::new(
            ProblemCode::NotABoolean,
            "Write yes or no.",
            "Skriv ja eller nej.",
        )),
    }
}

fn entries(text: &str, max_chars: usize) -> Result<Vec<String>, Fault> {
    let mut entries: Vec<String> = Vec::new();
    for entry in text.split('|').map(str::trim) {
        if entry.is_empty() {
            return Err(Fault::new(
                ProblemCode::EmptyEntry,
                "An entry of the list is empty.",
                "Et led i listen er tomt.",
            ));
        }
        let entry = plain_text(entry, max_chars)?;
        if entries.contains(&entry) {
            return Err(Fault::new(
                ProblemCode::DuplicateEntry,
                format!("The list has “{entry}” twice."),
                format!("Listen har »{entry}« to gange."),
            ));
        }
        entries.push(entry);
    }
    Ok(entries)
}

#[cfg(test)]
mod tests;
