//! Days as people write them: year first, or day first with `-`, `.` or `/`.
//! Not times of day, and never month first.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

/// The years in which the network's own dates lie.
pub const BUSINESS_YEARS: RangeInclusive<i32> = 2000..=2100;

/// Why a text is not the date wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateFault {
    /// Not in one of the four forms.
    Malformed,
    /// In form, but the calendar has no such day.
    NoSuchDay,
    /// Outside the years allowed.
    OutOfRange,
}

/// A day written `YYYY-MM-DD`, `DD-MM-YYYY`, `DD.MM.YYYY` or `DD/MM/YYYY`.
pub(super) fn parse(text: &str, years: &RangeInclusive<i32>) -> Result<NaiveDate, DateFault> {
    let (year, month, day) = parts(text).ok_or(DateFault::Malformed)?;
    let date = i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or(DateFault::NoSuchDay)?;
    if years.contains(&date.year()) {
        Ok(date)
    } else {
        Err(DateFault::OutOfRange)
    }
}

fn parts(text: &str) -> Option<(u32, u32, u32)> {
    let sign = ['-', '.', '/']
        .into_iter()
        .find(|sign| text.contains(*sign))?;
    let mut parts = text.split(sign);
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, day) = match (first.len(), last.len()) {
        (4, 2) if sign == '-' => (first, last),
        (2, 4) => (last, first),
        _ => return None,
    };
    if month.len() != 2 {
        return None;
    }
    Some((number(year)?, number(month)?, number(day)?))
}

/// Digits only: the standard library would take a `+` as well.
fn number(digits: &str) -> Option<u32> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateFault::{Malformed, NoSuchDay, OutOfRange};

    #[test]
    fn four_forms_are_read_and_no_other() {
        let day = |year, month, day| Ok(NaiveDate::from_ymd_opt(year, month, day).unwrap());
        let table = [
            ("2026-03-15", day(2026, 3, 15)),
            ("15-03-2026", day(2026, 3, 15)),
            ("15.03.2026", day(2026, 3, 15)),
            ("15/03/2026", day(2026, 3, 15)),
            ("01/02/2026", day(2026, 2, 1)),
            ("29-02-2028", day(2028, 2, 29)),
            ("2000-01-01", day(2000, 1, 1)),
            ("2100-12-31", day(2100, 12, 31)),
            ("29-02-2026", Err(NoSuchDay)),
            ("03/15/2026", Err(NoSuchDay)),
            ("00-01-2026", Err(NoSuchDay)),
            ("1999-12-31", Err(OutOfRange)),
            ("2101-01-01", Err(OutOfRange)),
            ("2026/03/15", Err(Malformed)),
            ("2026.03.15", Err(Malformed)),
            ("15-03/2026", Err(Malformed)),
            ("15-3-2026", Err(Malformed)),
            ("15-03-26", Err(Malformed)),
            ("2026-03-15T00:00", Err(Malformed)),
            ("2026-03-15-", Err(Malformed)),
            ("+1-03-2026", Err(Malformed)),
            ("20260315", Err(Malformed)),
            ("46096", Err(Malformed)),
            ("", Err(Malformed)),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text, &BUSINESS_YEARS), expected, "{text}");
        }
        assert_eq!(parse("1950-01-01", &(1900..=2000)), day(1950, 1, 1));
    }
}
