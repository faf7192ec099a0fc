//! Single dates: month and year arithmetic from an original date, and the dates that are believed
//! when people type them. It reads no clock and knows no time zone.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};

use crate::kernel::phrase::Phrase;

/// The same day `months` later, or the last day of that month when it is shorter: 31 August and
/// six months is 28 February.
///
/// Always count from the original date. Chained steps would keep a shortened day: 31 January and
/// twice one month is 31 March, not 28 March.
///
/// # Errors
/// [`DateRefusal::OutOfRange`] beyond the calendar.
pub fn add_months(date: NaiveDate, months: u32) -> Result<NaiveDate, DateRefusal> {
    date.checked_add_months(Months::new(months))
        .ok_or(DateRefusal::OutOfRange)
}

/// On which day a year that began on 29 February begins again when there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LeapDay {
    /// On the last day of February.
    #[default]
    February28,
    /// On the day after it.
    March1,
}

/// The same day of the year `years` later, counted from the original date; `leap_day` says which
/// day stands for 29 February.
///
/// # Errors
/// [`DateRefusal::OutOfRange`] beyond the calendar.
pub fn anniversary(
    original: NaiveDate,
    years: u32,
    leap_day: LeapDay,
) -> Result<NaiveDate, DateRefusal> {
    let months = years.checked_mul(12).ok_or(DateRefusal::OutOfRange)?;
    let date = add_months(original, months)?;
    match leap_day {
        LeapDay::March1 if date.day() != original.day() => {
            date.succ_opt().ok_or(DateRefusal::OutOfRange)
        }
        LeapDay::February28 | LeapDay::March1 => Ok(date),
    }
}

/// Reads a date of the form `2026-03-15` and checks that it is believable.
///
/// # Errors
/// [`DateRefusal::NotADate`] for another form or a day that does not exist, and
/// [`DateRefusal::OutOfRange`] as [`check_date`].
pub fn parse_date(text: &str) -> Result<NaiveDate, DateRefusal> {
    let of_the_form = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !of_the_form {
        return Err(DateRefusal::NotADate);
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| DateRefusal::NotADate)?;
    check_date(date)
}

/// Passes on a date of the years 2000 to 2100. Others are slips of the keyboard: the network is of
/// 2008, and nothing is agreed for the next century.
///
/// # Errors
/// [`DateRefusal::OutOfRange`] for other years.
pub fn check_date(date: NaiveDate) -> Result<NaiveDate, DateRefusal> {
    if (2000..=2100).contains(&date.year()) {
        Ok(date)
    } else {
        Err(DateRefusal::OutOfRange)
    }
}

/// Why a date or period is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRefusal {
    /// The text is not an existing day written as `2026-03-15`.
    NotADate,
    /// The date is not in the years 2000 to 2100, or beyond the calendar.
    OutOfRange,
    /// The period ends before it starts.
    EndsBeforeStart,
}

impl DateRefusal {
    /// What is wrong, for the user.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        match self {
            Self::NotADate => Phrase::new(
                "This is not a date of the form 2026-03-15.",
                "Dette er ikke en dato på formen 2026-03-15.",
            ),
            Self::OutOfRange => Phrase::new(
                "The date must be in the years 2000 to 2100.",
                "Datoen skal ligge i årene 2000 til 2100.",
            ),
            Self::EndsBeforeStart => Phrase::new(
                "The period ends before it starts.",
                "Perioden slutter, før den begynder.",
            ),
        }
    }
}

impl fmt::Display for DateRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrase().en)
    }
}

impl std::error::Error for DateRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn months_are_clamped_from_the_original_date() {
        for (date, months, result) in [
            ("2026-08-31", 24, "2028-08-31"),
            ("2026-11-30", 24, "2028-11-30"),
            ("2028-02-29", 24, "2030-02-28"),
            ("2028-02-29", 48, "2032-02-29"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-01-31", 2, "2026-03-31"),
            ("2026-03-15", 0, "2026-03-15"),
        ] {
            assert_eq!(
                add_months(day(date), months),
                Ok(day(result)),
                "{date} {months}"
            );
        }
        assert_eq!(
            add_months(day("2026-01-31"), u32::MAX),
            Err(DateRefusal::OutOfRange)
        );
    }

    #[test]
    fn anniversaries_of_the_leap_day_follow_the_policy() {
        for (years, last_of_february, first_of_march) in [
            (0, "2028-02-29", "2028-02-29"),
            (1, "2029-02-28", "2029-03-01"),
            (2, "2030-02-28", "2030-03-01"),
            (3, "2031-02-28", "2031-03-01"),
            (4, "2032-02-29", "2032-02-29"),
            (72, "2100-02-28", "2100-03-01"),
        ] {
            let of = |policy| anniversary(day("2028-02-29"), years, policy).unwrap();
            assert_eq!(of(LeapDay::February28), day(last_of_february), "{years}");
            assert_eq!(of(LeapDay::March1), day(first_of_march), "{years}");
        }
        assert_eq!(
            anniversary(day("2026-03-15"), 2, LeapDay::March1),
            Ok(day("2028-03-15"))
        );
    }

    #[test]
    fn only_believable_dates_are_read() {
        for (text, reason) in [
            ("", DateRefusal::NotADate),
            ("2026-3-15", DateRefusal::NotADate),
            ("15-03-2026", DateRefusal::NotADate),
            ("2026-02-29", DateRefusal::NotADate),
            ("2026-13-01", DateRefusal::NotADate),
            ("2026-03-15T00:00", DateRefusal::NotADate),
            ("+026-03-15", DateRefusal::NotADate),
            (" 026-03-15", DateRefusal::NotADate),
            ("1999-12-31", DateRefusal::OutOfRange),
            ("2101-01-01", DateRefusal::OutOfRange),
        ] {
            assert_eq!(parse_date(text), Err(reason), "{text:?}");
        }
        for text in ["2000-01-01", "2028-02-29", "2100-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
    }
}
