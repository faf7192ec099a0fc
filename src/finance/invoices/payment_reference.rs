//! The references that payers name an invoice by: the one of Danish payment slips (FIK, card 71) and
//! the creditor reference of ISO 11649 for payers abroad. Both follow from the number alone and carry
//! check digits. What it is not: the matching of payments; it only makes and reads references.

use crate::finance::invoices::rules;
use crate::kernel::check_digits::remainder_of_97;

/// Digits of a reference on card 71, check digit included.
const FIK_LENGTH: usize = 15;

/// Longest reference after `RF` and its two check digits (ISO 11649).
const RF_LONGEST: usize = 21;

/// The digit that stands for a series on payment slips. Opening items of an old system have references of
/// their own, and credit notes are not paid.
const SERIES: [(&str, char); 2] = [("F", '1'), ("R", '2')];

/// The years that numbers are taken in; another one in fifteen digits means that they are something else.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// The reference on card 71: the series' digit, the year, nine digits of the number and the check
/// digit. None for a series that has no digit, or a number too long for it.
#[must_use]
pub fn fik(series: &str, year: i32, sequence: i64) -> Option<String> {
    let (_, digit) = SERIES.iter().find(|(known, _)| *known == series)?;
    if !YEARS.contains(&year) || !(1..=999_999_999).contains(&sequence) {
        return None;
    }
    let payload = format!("{digit}{year:04}{sequence:09}");
    let check = luhn(&payload)?;
    Some(format!("{payload}{check}"))
}

/// As [`fik`], from the number as it is written.
#[must_use]
pub fn fik_of_number(number: &str) -> Option<String> {
    let (series, year, sequence) = parts_of_compact(&compact(number))?;
    (rules::number(series, year, sequence) == number)
        .then(|| fik(series, year, sequence))
        .flatten()
}

/// The whole line of a payment slip: card, reference and creditor.
#[must_use]
pub fn slip_line(fik: &str, creditor: &str) -> String {
    format!("+71<{fik}+{creditor}<")
}

/// The creditor reference of ISO 11649: `RF`, two check digits, and the number's letters and
/// digits. None for a number that has none, or more than 21 of them.
#[must_use]
pub fn rf(number: &str) -> Option<String> {
    let reference = compact(number);
    if reference.is_empty() || reference.len() > RF_LONGEST {
        return None;
    }
    let remainder = remainder_of_97(&format!("{reference}RF00"))?;
    Some(format!(
        "RF{:02}{reference}",
        98_u32.checked_sub(remainder)?
    ))
}

/// A number's letters and digits, in capitals: `F2026-000001` as `F2026000001`.
#[must_use]
pub fn compact(number: &str) -> String {
    number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// How an invoice was referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// By the reference of a payment slip.
    Fik,
    /// By a creditor reference.
    Rf,
}

/// An invoice that a text refers to with sound check digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referenced {
    /// How.
    pub form: Form,
    /// The invoice's number as [`compact`] writes it.
    pub compact: String,
}

impl Referenced {
    /// The number as it is written on invoices; none for a number that is not of our own form, such as
    /// one of an old system.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        number_of_compact(&self.compact)
    }
}

/// The first reference in a text of a payment, wherever it stands and however it is spaced.
#[must_use]
pub fn read(text: &str) -> Option<Referenced> {
    read_all(text).into_iter().next()
}

/// All references in a text, each once: those of payment slips first, in the order of the text.
#[must_use]
pub fn read_all(text: &str) -> Vec<Referenced> {
    let runs = runs(text);
    let mut found: Vec<Referenced> = Vec::new();
    let slips = read_runs(&runs, longest_fik, slip_in);
    let creditors = read_runs(&runs, longest_rf, creditor_in);
    for referenced in slips.into_iter().chain(creditors) {
        if !found
            .iter()
            .any(|known| known.compact == referenced.compact)
        {
            found.push(referenced);
        }
    }
    found
}

/// The groups of letters and digits of a text, in runs: only spaces part the groups of a run, because
/// references are printed in groups and no other sign stands inside of one.
fn runs(text: &str) -> Vec<Vec<String>> {
    let capitals: String = text
        .chars()
        .map(|character| {
            if character.is_whitespace() {
                ' '
            } else {
                character.to_ascii_uppercase()
            }
        })
        .collect();
    capitals
        .split(|character: char| !character.is_ascii_alphanumeric() && character != ' ')
        .map(|run| run.split(' ').filter(|group| !group.is_empty()))
        .map(|groups| groups.map(str::to_owned).collect())
        .collect()
}

fn longest_fik(groups: &str) -> bool {
    groups.len() <= FIK_LENGTH.saturating_add(2)
}

fn longest_rf(groups: &str) -> bool {
    groups.len() <= RF_LONGEST.saturating_add(4)
}

/// Reads each run from left to right; groups that were read are not read again.
fn read_runs(
    runs: &[Vec<String>],
    fits: fn(&str) -> bool,
    read: fn(&[String]) -> Option<(Referenced, usize)>,
) -> Vec<Referenced> {
    let mut found = Vec::new();
    for run in runs {
        let mut rest = run.as_slice();
        while let Some((_, after)) = rest.split_first() {
            let mut length = 0_usize;
            let mut joined = String::new();
            for group in rest {
                joined.push_str(group);
                if !fits(&joined) {
                    break;
                }
                length = length.saturating_add(1);
            }
            let candidate = rest.get(..length).and_then(read);
            rest = match candidate {
                Some((referenced, used)) => {
                    found.push(referenced);
                    rest.get(used..).unwrap_or_default()
                }
                None => after,
            };
        }
    }
    found
}

/// The reference of a slip in the first of these groups, and how many it takes. The digits of the card may
/// stand before it.
fn slip_in(groups: &[String]) -> Option<(Referenced, usize)> {
    let mut joined = String::new();
    for (place, group) in groups.iter().enumerate() {
        joined.push_str(group);
        let reference = match joined.len().checked_sub(FIK_LENGTH) {
            Some(0) => Some(joined.as_str()),
            Some(2) => joined.strip_prefix("71"),
            _ => None,
        };
        if let Some(compact) = reference.and_then(number_of_slip) {
            let form = Form::Fik;
            return Some((Referenced { form, compact }, place.saturating_add(1)));
        }
    }
    None
}

/// The number, compact, of a reference of fifteen digits with a sound check digit.
fn number_of_slip(reference: &str) -> Option<String> {
    let (payload, check) = reference.split_at_checked(FIK_LENGTH - 1)?;
    let (digit, rest) = payload.split_at_checked(1)?;
    let (year, sequence) = rest.split_at_checked(4)?;
    let (series, _) = SERIES.iter().find(|(_, known)| digit.contains(*known))?;
    let (year, sequence) = (year.parse().ok()?, sequence.parse::<i64>().ok()?);
    let sound = luhn(payload)?.to_string() == check && YEARS.contains(&year) && sequence > 0;
    sound.then(|| compact(&rules::number(series, year, sequence)))
}

/// The creditor reference in the first of these groups, and how many it takes: the words of the payer may
/// follow it. The longest one that reads as a number of ours goes before a longer one: numbers are
/// padded with zeros, so what follows one of ours hardly ever reads as a part of it.
fn creditor_in(groups: &[String]) -> Option<(Referenced, usize)> {
    let mut joined = String::new();
    let (mut of_ours, mut of_others) = (None, None);
    for (place, group) in groups.iter().enumerate() {
        joined.push_str(group);
        let Some(compact) = number_of_creditor_reference(&joined) else {
            continue;
        };
        let longest = match number_of_compact(&compact) {
            Some(_) => &mut of_ours,
            None => &mut of_others,
        };
        let form = Form::Rf;
        *longest = Some((Referenced { form, compact }, place.saturating_add(1)));
    }
    of_ours.or(of_others)
}

fn number_of_creditor_reference(text: &str) -> Option<String> {
    let (check, reference) = text.strip_prefix("RF")?.split_at_checked(2)?;
    let sound = !reference.is_empty()
        && reference.len() <= RF_LONGEST
        && check.bytes().all(|byte| byte.is_ascii_digit())
        && remainder_of_97(&format!("{reference}RF{check}")) == Some(1);
    sound.then(|| reference.to_owned())
}

/// `F2026000001` as it is written, `F2026-000001`; none for what is no number of ours.
#[must_use]
pub fn number_of_compact(compact: &str) -> Option<String> {
    let (series, year, sequence) = parts_of_compact(compact)?;
    Some(rules::number(series, year, sequence))
}

/// Series, year and sequence of a number of a series that is paid; none unless they write the same again.
fn parts_of_compact(text: &str) -> Option<(&'static str, i32, i64)> {
    let (series, rest) = text.split_at_checked(1)?;
    let (year, sequence) = rest.split_at_checked(4)?;
    let (series, _) = SERIES.iter().find(|(known, _)| *known == series)?;
    let (year, sequence): (i32, i64) = (year.parse().ok()?, sequence.parse().ok()?);
    let same = compact(&rules::number(series, year, sequence)) == text;
    (YEARS.contains(&year) && same).then_some((*series, year, sequence))
}

/// The check digit of card 71: the digits weigh 1, 2, 1, … from the left, of products above nine the
/// digits are added, and it fills the sum up to a multiple of ten.
fn luhn(payload: &str) -> Option<u32> {
    let mut sum = 0_u32;
    for (character, weight) in payload.chars().zip([1, 2].into_iter().cycle()) {
        let product = character.to_digit(10)?.checked_mul(weight)?;
        sum = sum.checked_add(product / 10)?.checked_add(product % 10)?;
    }
    Some((10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Computed by hand: of 1 2026 000000001 the sum is 1 + 4 + 0 + 4 + 6 + 2 = 17, of 2 2026
    /// 000000001 it is 18, of 1 2026 999999999 it is 1 + 4 + 0 + 4 + 6 + 5 × 9 + 4 × 9 = 96.
    #[test]
    fn slips_have_references() {
        for (series, year, sequence, reference) in [
            ("F", 2026, 1, Some("120260000000013")),
            ("R", 2026, 1, Some("220260000000012")),
            ("F", 2026, 999_999_999, Some("120269999999994")),
            ("F", 2026, 1_000_000_000, None),
            ("F", 2026, 0, None),
            ("F", 10_000, 1, None),
            ("K", 2026, 1, None),
            ("OLD", 2026, 1, None),
        ] {
            assert_eq!(
                fik(series, year, sequence).as_deref(),
                reference,
                "{series}{year} {sequence}"
            );
        }
        for (number, reference) in [
            ("F2026-000001", Some("120260000000013")),
            ("F2026000001", None),
            ("F2026-1", None),
            ("K2026-000001", None),
            ("4711", None),
        ] {
            assert_eq!(fik_of_number(number).as_deref(), reference, "{number}");
        }
        assert_eq!(
            slip_line("120260000000013", "12345678"),
            "+71<120260000000013+12345678<"
        );
    }

    /// The first is the example of ISO 11649; the others computed with long division by 97.
    #[test]
    fn numbers_have_creditor_references() {
        for (number, reference) in [
            ("539007547034", Some("RF18539007547034")),
            ("F2026-000001", Some("RF82F2026000001")),
            ("a-1", Some("RF90A1")),
            ("1234567890123456789012", None),
            ("--", None),
        ] {
            assert_eq!(rf(number).as_deref(), reference, "{number}");
        }
    }

    #[test]
    fn references_are_found_in_what_payers_write() {
        let ours = |text: &str| read(text).and_then(|found| found.number());
        for (text, number) in [
            ("+71<120260000000013+12345678<", Some("F2026-000001")),
            ("71 120260000000013", Some("F2026-000001")),
            ("71120260000000013", Some("F2026-000001")),
            ("FIK 12026 00000 00013 Kbh. Kommune", Some("F2026-000001")),
            ("Betaling\n220260000000012/kontingent", Some("R2026-000001")),
            ("rf82 f202 6000 001 tak", Some("F2026-000001")),
            ("RF82F2026000001", Some("F2026-000001")),
            ("ref:RF82F2026000001, Aarhus", Some("F2026-000001")),
            ("120260000000014", None),
            ("1202600000000130", None),
            ("RF83F2026000001", None),
            ("F2026-000001", None),
            ("", None),
            ("æøå 🍎 RF", None),
        ] {
            assert_eq!(ours(text).as_deref(), number, "{text:?}");
        }
    }

    #[test]
    fn several_references_are_all_found_once() {
        let compact: Vec<String> =
            read_all("RF82F2026000001 120260000000013 220260000000012 RF18 5390 0754 7034 og mere")
                .into_iter()
                .map(|found| found.compact)
                .collect();
        assert_eq!(compact, ["F2026000001", "R2026000001", "539007547034"]);
        assert_eq!(read("RF18539007547034").and_then(|it| it.number()), None);
    }

    proptest! {
        #[test]
        fn what_is_made_is_read(
            series in prop_oneof![Just("F"), Just("R")],
            year in 2000..2200_i32,
            sequence in 1..=999_999_999_i64,
            before in "[a-zæøå ,.]{0,9}",
            group in 1_usize..9,
        ) {
            let number = rules::number(series, year, sequence);
            let references = [fik(series, year, sequence).unwrap(), rf(&number).unwrap()];
            for reference in references {
                let grouped: Vec<String> = reference
                    .as_bytes()
                    .chunks(group)
                    .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
                    .collect();
                let text = format!("{before} {}; tak", grouped.join(" "));
                let found = read(&text).and_then(|found| found.number());
                prop_assert_eq!(found, Some(number.clone()), "{}", text);
            }
        }

        #[test]
        fn one_wrong_digit_is_noticed(sequence in 1..=999_999_999_i64, place in 0_usize..15, by in 1..10_u32) {
            let mut reference: Vec<u32> = fik("F", 2026, sequence).unwrap().chars().map(|one| one.to_digit(10).unwrap()).collect();
            reference[place] = (reference[place] + by) % 10;
            let text: String = reference.into_iter().map(|digit| digit.to_string()).collect();
            prop_assert_eq!(read(&text), None);
        }

        #[test]
        fn any_text_is_read_without_a_fault(text in any::<String>()) {
            let found = read_all(&text);
            prop_assert!(found.len() <= text.len());
        }
    }
}
