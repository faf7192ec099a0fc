//! The days of a visit in the zone of the city that is visited, and what a visit is on a moment.
//! What it is not: times of the day; an agenda has those, a visit takes whole days.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use crate::kernel::error::{Error, Result};
use crate::kernel::instant::Instant;
use crate::kernel::period::{DateRefusal, Period, check_date};
use crate::kernel::place;
use crate::kernel::refusal::{Refusal, RefusalCode};

crate::text_enum! {
    /// What a visit is. `PLANNED` and `CANCELLED` are decided and stored; a planned visit is
    /// `HELD` by itself from the moment its last day is over in the host's zone.
    pub enum VisitStatus {
        /// Agreed, and not over.
        Planned = "PLANNED",
        /// Its last day is over, and it was not cancelled.
        Held = "HELD",
        /// Called off.
        Cancelled = "CANCELLED",
    }
}

/// How exactly a viewer may know when all visits of a list are. A cursor holds what its list is
/// ordered by, so where only the month may be known the list is ordered by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// The day.
    Day,
    /// The month of the first day.
    Month,
}

/// The month of a day as a number that grows by one from month to month.
#[must_use]
pub fn month_number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month())
}

/// The most days a visit can last; more is a slip of the keyboard that would block experts.
pub const MOST_DAYS: i64 = 31;

/// What a visit with this stored status and end is at a moment.
#[must_use]
pub fn status_at(stored: VisitStatus, ends_at: Instant, now: Instant) -> VisitStatus {
    match stored {
        VisitStatus::Planned if ends_at <= now => VisitStatus::Held,
        other => other,
    }
}

/// The days from the first to the last, if a visit can have them. Past days are fine: a visit may
/// be recorded after it took place.
///
/// # Errors
/// One refusal for each of `startsOn` and `endsOn` that is wrong.
pub fn check_days(first: NaiveDate, last: NaiveDate) -> std::result::Result<Period, Vec<Refusal>> {
    let mut problems = Vec::new();
    for (field, day) in [("startsOn", first), ("endsOn", last)] {
        if let Err(reason) = check_date(day) {
            problems.push(of_date(field, reason));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    match Period::of_days(first, last) {
        Err(reason) => Err(vec![of_date("endsOn", reason)]),
        Ok(days) if days.days().is_none_or(|days| days > MOST_DAYS) => Err(vec![Refusal::new(
            RefusalCode::OutOfRange,
            "endsOn",
            format!("A visit lasts at most {MOST_DAYS} days; give its last day."),
            format!("Et besøg varer højst {MOST_DAYS} dage; angiv besøgets sidste dag."),
        )]),
        Ok(days) => Ok(days),
    }
}

/// A date that a visit cannot have.
fn of_date(field: &str, reason: DateRefusal) -> Refusal {
    Refusal {
        code: RefusalCode::OutOfRange,
        field: field.to_owned(),
        message: reason.phrase(),
    }
}

/// The zone under this name.
///
/// # Errors
/// A fault of ours: only names of the IANA database are stored.
pub fn zone(name: &str) -> Result<Tz> {
    place::time_zone(name).ok_or_else(|| Error::Internal(anyhow::anyhow!("{name} is no time zone")))
}

/// The moments between which days lie in a zone: from the first moment of the first day to the
/// first moment after the last one.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub fn moments(days: &Period, zone: Tz) -> Result<(Instant, Instant)> {
    let until = days
        .until()
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a visit without an end")))?;
    Ok((first_moment(days.from(), zone)?, first_moment(until, zone)?))
}

/// The first moment of a day in a zone.
///
/// # Errors
/// A fault of ours when the zone has no time within a day after midnight, which no zone ever had.
pub fn first_moment(day: NaiveDate, zone: Tz) -> Result<Instant> {
    Instant::first_of(day, zone)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{day} has no beginning in {zone}")))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_its_first_moment_that_exists() {
        for (date, zone, moment) in [
            ("2026-03-15", "Europe/Copenhagen", "2026-03-14T23:00:00Z"),
            // The nights of the clock changes in Europe: the day itself begins as ever.
            ("2026-03-29", "Europe/Copenhagen", "2026-03-28T23:00:00Z"),
            ("2026-03-30", "Europe/Copenhagen", "2026-03-29T22:00:00Z"),
            ("2026-10-25", "Europe/Copenhagen", "2026-10-24T22:00:00Z"),
            ("2026-10-26", "Europe/Copenhagen", "2026-10-25T23:00:00Z"),
            // The clock springs from midnight to one o'clock.
            ("2026-03-29", "Asia/Beirut", "2026-03-28T22:00:00Z"),
            // The clock falls back from one o'clock to midnight.
            ("2026-10-25", "Atlantic/Azores", "2026-10-25T00:00:00Z"),
            // A day that was left out at the date line begins where the next one does.
            ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"),
            ("2026-11-22", "Australia/Melbourne", "2026-11-21T13:00:00Z"),
        ] {
            let found = first_moment(day(date), self::zone(zone).unwrap()).unwrap();
            assert_eq!(found.rfc3339(), moment, "{date} {zone}");
        }
    }

    #[test]
    fn days_of_a_clock_change_have_23_and_25_hours() {
        let zone = zone("Europe/Copenhagen").unwrap();
        for (date, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)] {
            let days = Period::of_days(day(date), day(date)).unwrap();
            let (from, until) = moments(&days, zone).unwrap();
            assert_eq!(until.since(from), TimeDelta::hours(hours), "{date}");
        }
    }

    #[test]
    fn a_visit_is_held_when_its_last_day_is_over_there() {
        let over = Instant::parse("2026-03-29T22:00:00Z").unwrap();
        let before = Instant::parse("2026-03-29T21:59:59Z").unwrap();
        for (stored, now, status) in [
            (VisitStatus::Planned, before, VisitStatus::Planned),
            (VisitStatus::Planned, over, VisitStatus::Held),
            (VisitStatus::Cancelled, before, VisitStatus::Cancelled),
            (VisitStatus::Cancelled, over, VisitStatus::Cancelled),
        ] {
            assert_eq!(status_at(stored, over, now), status, "{stored} {now:?}");
        }
    }

    #[test]
    fn names_what_is_wrong_with_days() {
        for (first, last, fields) in [
            ("2026-03-15", "2026-03-15", &[][..]),
            ("2026-03-01", "2026-03-31", &[]),
            ("2026-03-01", "2026-04-01", &["endsOn"]),
            ("2026-03-15", "2026-03-14", &["endsOn"]),
            ("1999-12-31", "2101-01-01", &["startsOn", "endsOn"]),
        ] {
            let found: Vec<String> = check_days(day(first), day(last))
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|problem| problem.field)
                .collect();
            assert_eq!(found, fields, "{first} {last}");
        }
    }
}
