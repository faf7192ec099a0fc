//! Reads the rows of a file of the law: comma-separated, with a head of names and remarks that begin
//! with `#`. What it is not: a spreadsheet of somebody else; a row that is not as it should be stops
//! the start of the service.

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;

/// All rows of a text, with what is wrong named by its line.
///
/// # Errors
/// Another head, a row of another form, or no rows at all.
pub(super) fn rows<T: DeserializeOwned>(text: &str) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut found = Vec::new();
    for row in reader.deserialize() {
        found.push(row.context("a row cannot be read")?);
    }
    if found.is_empty() {
        bail!("the file has no rows");
    }
    Ok(found)
}

/// A number with at most two decimals, as hundredths: `1.90` is 190, `-0.35` is -35.
///
/// # Errors
/// Anything else.
pub(super) fn hundredths(text: &str) -> anyhow::Result<i64> {
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > 2 || !all_digits(whole) || !all_digits(decimals) {
        bail!("{text:?} is no number with at most two decimals");
    }
    let number: i64 = format!("{whole}{decimals:0<2}").parse()?;
    Ok(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        for (text, number) in [("1.90", 190), ("-0.35", -35), ("8", 800), ("310.5", 31_050)] {
            assert_eq!(hundredths(text).unwrap(), number, "{text}");
        }
        for text in [
            "",
            "1,90",
            "1.905",
            "x",
            "--1",
            "1.-5",
            "99999999999999999999",
        ] {
            assert!(hundredths(text).is_err(), "{text}");
        }
    }
}
