//! The days of a year. Pure. What it is not: fee years, which are the seller's.

use chrono::NaiveDate;

/// The first day of a calendar year, the first of the next, and the day on which the year's members are
/// counted: its last, or today while it runs; none for a year that has not begun.
#[must_use]
pub fn days_of(year: i32, today: NaiveDate) -> Option<(NaiveDate, NaiveDate, NaiveDate)> {
    let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let before = NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)?;
    let counted_on = before.pred_opt()?.min(today);
    (from <= today).then_some((from, before, counted_on))
}

/// The day before which a thing of the year has happened: nothing of tomorrow is reported.
#[must_use]
pub fn until(before: NaiveDate, today: NaiveDate) -> NaiveDate {
    today
        .succ_opt()
        .map_or(before, |tomorrow| before.min(tomorrow))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    #[test]
    fn a_year_is_reported_as_far_as_it_is() {
        let day = |text| parse_date(text).unwrap();
        let today = day("2026-11-22");
        for (year, expected) in [
            (2025, Some(("2025-01-01", "2026-01-01", "2025-12-31"))),
            (2026, Some(("2026-01-01", "2027-01-01", "2026-11-22"))),
            (2027, None),
            (i32::MAX, None),
        ] {
            let expected = expected.map(|(from, before, on)| (day(from), day(before), day(on)));
            assert_eq!(days_of(year, today), expected, "{year}");
        }
        assert_eq!(until(day("2027-01-01"), today), day("2026-11-23"));
        assert_eq!(until(day("2026-01-01"), today), day("2026-01-01"));
    }
}
