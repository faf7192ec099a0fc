//! The numbers of invoices in what payers write, with their slips of the keyboard: `F2026-000001` as
//! `f2026 1`, `F-2026/0001` or `2026-000001`. What it is not: references with check digits; those are in
//! `payment_reference`.

use crate::finance::invoices::payment_reference::{self, Form};
use crate::finance::invoices::rules;

/// The series of invoices that are paid.
const SERIES: [(char, &str); 2] = [('F', "F"), ('R', "R")];

/// How many signs may stand between the parts of a number.
const MOST_SIGNS: usize = 3;

/// The longest sequence number.
const MOST_DIGITS: usize = 9;

/// Digits of a sequence number as it is written on invoices.
const WRITTEN_DIGITS: usize = 6;

/// How an invoice was named, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By a reference with check digits.
    Checked(Form),
    /// By its number, whatever the signs and capitals in it.
    Written,
    /// By something that can only mean its number: zeros or the series are missing, or letters stand for
    /// digits.
    Loosely,
}

/// An invoice that a payer named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The letters and digits of its number.
    pub compact: String,
    /// How.
    pub how: How,
}

/// The invoices that a payer named, each once, in the surest way.
#[must_use]
pub fn referred(reference: &str, text: &str) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let mut add = |one: Named| match named.iter_mut().find(|known| known.compact == one.compact) {
        Some(known) => known.how = known.how.min(one.how),
        None => named.push(one),
    };
    for given in [reference, text] {
        for found in payment_reference::read_all(given) {
            add(Named {
                compact: found.compact,
                how: How::Checked(found.form),
            });
        }
    }
    for given in [reference, text] {
        for one in written(given) {
            add(one);
        }
    }
    named
}

/// The numbers in a text.
pub(super) fn written(text: &str) -> Vec<Named> {
    let characters: Vec<char> = text.chars().map(|one| one.to_ascii_uppercase()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let begins = at
            .checked_sub(1)
            .and_then(|before| characters.get(before))
            .is_none_or(|before| !before.is_alphanumeric());
        match begins.then(|| number_at(&characters, at)).flatten() {
            Some((named, after)) => {
                found.push(named);
                at = after;
            }
            None => at = at.saturating_add(1),
        }
    }
    found
}

/// The number that begins at a place, and the place behind it.
fn number_at(characters: &[char], at: usize) -> Option<(Named, usize)> {
    let first = *characters.get(at)?;
    let series = SERIES.iter().find(|(letter, _)| *letter == first);
    let mut place = at;
    if series.is_some() {
        place = signs_after(characters, at.saturating_add(1));
    }
    let (year, odd_year) = digits(characters, place, 4)?;
    let year: i32 = year
        .parse()
        .ok()
        .filter(|year| (2000..=2199).contains(year))?;
    let behind_year = place.saturating_add(4);
    let place = signs_after(characters, behind_year);
    let length = characters
        .iter()
        .skip(place)
        .take_while(|one| digit_of(**one).is_some())
        .count();
    let (sequence, odd) = digits(characters, place, length)?;
    let after = place.saturating_add(length);
    let ends = characters
        .get(after)
        .is_none_or(|one| !one.is_alphanumeric());
    let number: i64 = sequence.parse().ok().filter(|number| *number > 0)?;
    if !ends || length > MOST_DIGITS {
        return None;
    }
    // Without the series only what is written in full can be meant: a year before a small number is
    // anything.
    let full = length == WRITTEN_DIGITS || (length > WRITTEN_DIGITS && !sequence.starts_with('0'));
    let (series, how) = match series {
        Some((_, series)) if full && !odd && !odd_year => (*series, How::Written),
        Some((_, series)) => (*series, How::Loosely),
        None if length == WRITTEN_DIGITS && sequence.starts_with('0') && !odd && !odd_year => {
            ("F", How::Loosely)
        }
        None => return None,
    };
    let compact = payment_reference::compact(&rules::number(series, year, number));
    Some((Named { compact, how }, after))
}

/// The place behind at most three blanks and signs.
fn signs_after(characters: &[char], at: usize) -> usize {
    let signs = characters
        .iter()
        .skip(at)
        .take_while(|one| {
            one.is_whitespace() || matches!(one, '-' | '–' | '—' | '/' | '.' | '_' | ':' | '#')
        })
        .count();
    if signs > MOST_SIGNS {
        return at;
    }
    at.saturating_add(signs)
}

/// So many digits, and whether letters stand for some of them.
fn digits(characters: &[char], at: usize, count: usize) -> Option<(String, bool)> {
    let mut odd = false;
    let text: String = characters
        .iter()
        .skip(at)
        .take(count)
        .map_while(|one| {
            odd |= !one.is_ascii_digit();
            digit_of(*one)
        })
        .collect();
    // At least one digit is a digit: `OO` is no number.
    let sound = count > 0 && text.len() == count;
    let real = characters
        .iter()
        .skip(at)
        .take(count)
        .any(char::is_ascii_digit);
    (sound && real).then_some((text, odd))
}

/// The digit that a character is, or is taken for.
fn digit_of(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_with_slips_of_the_keyboard() {
        let (exact, loose) = (How::Written, How::Loosely);
        for (text, expected) in [
            ("F2026-000001", Some(("F2026000001", exact))),
            ("faktura f2026-000001, tak", Some(("F2026000001", exact))),
            ("F 2026 - 000001", Some(("F2026000001", exact))),
            ("F2026000001", Some(("F2026000001", exact))),
            ("R2026/000012", Some(("R2026000012", exact))),
            ("(F2026-1000000)", Some(("F20261000000", exact))),
            ("F2026 1", Some(("F2026000001", loose))),
            ("F-2026/0001", Some(("F2026000001", loose))),
            ("Inv.no. F20261", Some(("F2026000001", loose))),
            ("F2O26-OOOOO1", Some(("F2026000001", loose))),
            ("2026-000001", Some(("F2026000001", loose))),
            ("F2026-0000000001", None),
            ("2026-1", None),
            ("kontingent 2026 75000", None),
            ("for 2026 75000", None),
            ("F1999-000001", None),
            ("F2026-000000", None),
            ("F2026", None),
            ("F2026 OO", None),
            ("AF2026-000001", None),
            ("F2026-000001A", None),
            ("120260000000013", None),
            ("F2026 ---- 000001", None),
            ("", None),
        ] {
            let found: Vec<_> = written(text)
                .into_iter()
                .map(|named| (named.compact, named.how))
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(compact, how)| (compact.to_owned(), how))
                .collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn the_surest_way_counts_and_all_are_found() {
        let named = referred(
            "120260000000013",
            "F2026-1 F2026-000002; RF82F2026000001, F2026 3",
        );
        let found: Vec<_> = named
            .iter()
            .map(|one| (one.compact.as_str(), one.how))
            .collect();
        assert_eq!(
            found,
            [
                ("F2026000001", How::Checked(Form::Fik)),
                ("F2026000002", How::Written),
                ("F2026000003", How::Loosely),
            ]
        );
    }
}
