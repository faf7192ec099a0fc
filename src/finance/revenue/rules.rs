//! How much of an amount the days so far have earned. Pure and exact: amounts are split by whole
//! numbers of equal parts of a month or a day, and rounded once.

use chrono::{Datelike, NaiveDate};

crate::text_enum! {
    /// How revenue spreads over the days of a period.
    pub enum Recognition {
        /// Each whole month earns the same; a month that is not whole, its share by days.
        Monthly = "MONTHLY",
        /// Each day earns the same.
        Daily = "DAILY",
    }
}

/// What the days of `starts_on..ends_on` up to and with `day` have earned of the amount, rounded half
/// up; all of it from the last day on.
#[must_use]
pub fn earned(
    amount_minor: i64,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
    day: NaiveDate,
    by: Recognition,
) -> i64 {
    let after = day.succ_opt().unwrap_or(day).min(ends_on);
    if after <= starts_on {
        return 0;
    }
    if after >= ends_on {
        return amount_minor;
    }
    let parts = |until: NaiveDate| match by {
        Recognition::Daily => i128::from((until - starts_on).num_days()),
        Recognition::Monthly => month_parts(starts_on, until),
    };
    let (passed, all) = (parts(after), parts(ends_on));
    let doubled = i128::from(amount_minor) * passed * 2 + all;
    i64::try_from(doubled.div_euclid(all * 2)).unwrap_or(amount_minor)
}

/// What is still to be earned, by the last day of its month: what the days so far have earned and is not
/// posted counts to the month of `today`.
#[must_use]
pub fn to_come(
    amount_minor: i64,
    recognised_minor: i64,
    period: (NaiveDate, NaiveDate),
    today: NaiveDate,
    by: Recognition,
) -> Vec<(NaiveDate, i64)> {
    let mut months = Vec::new();
    let mut so_far = recognised_minor;
    let mut month = last_of_month(today.max(period.0));
    while let Some(end) = month.filter(|_| so_far != amount_minor) {
        let until = earned(amount_minor, period, end, by);
        if until != so_far {
            months.push((end, until.saturating_sub(so_far)));
        }
        so_far = until;
        month = end.succ_opt().and_then(last_of_month);
    }
    months
}

/// The parts of a month: divisible by the days of every month, 28 to 31.
const PARTS: i128 = 28 * 29 * 15 * 31;

/// How many parts of months the days `from..until` are.
fn month_parts(from: NaiveDate, until: NaiveDate) -> i128 {
    let of_day = |day: NaiveDate| {
        let days = i128::from(day.num_days_in_month());
        i128::from(day.day0()) * (PARTS / days)
    };
    let months = i128::from(until.year() - from.year()) * 12 + i128::from(until.month())
        - i128::from(from.month());
    months * PARTS + of_day(until) - of_day(from)
}

/// The last days of the months from that of `first` to that of `through`; the last one is `through`
/// only when it ends its month.
pub fn month_ends(first: NaiveDate, through: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(last_of_month(first), |day| {
        day.succ_opt().and_then(last_of_month)
    })
    .take_while(move |day| *day <= through)
}

/// The last day of a day's month.
#[must_use]
pub fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(u32::from(day.num_days_in_month()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn whole_months_earn_the_same_and_others_by_days() {
        use Recognition::{Daily, Monthly};
        let package = (day("2026-03-15"), day("2028-03-15"));
        let year = (day("2026-01-01"), day("2027-01-01"));
        let table = [
            // 17 of 31 days of the first month, then 15.625,00 a month, then the rest of 14 days.
            (37_500_000, package, Monthly, "2026-03-14", 0),
            (37_500_000, package, Monthly, "2026-03-31", 856_855),
            (37_500_000, package, Monthly, "2026-04-30", 2_419_355),
            (37_500_000, package, Monthly, "2028-02-29", 36_794_355),
            (37_500_000, package, Monthly, "2028-03-14", 37_500_000),
            (37_500_000, package, Daily, "2026-03-15", 51_300),
            (37_500_000, package, Daily, "2028-03-13", 37_448_700),
            (7_500_000, year, Monthly, "2026-01-31", 625_000),
            (7_500_000, year, Monthly, "2026-02-28", 1_250_000),
            (7_500_000, year, Monthly, "2026-09-30", 5_625_000),
            (7_500_000, year, Daily, "2026-09-30", 5_609_589),
            (7_500_000, year, Daily, "2030-01-01", 7_500_000),
            (0, year, Daily, "2026-09-30", 0),
            // A period of one day, on the last of a month.
            (
                20_548,
                (day("2026-12-31"), day("2027-01-01")),
                Monthly,
                "2026-12-31",
                20_548,
            ),
            // February of a leap year: 29 days are a whole month.
            (
                2_900,
                (day("2028-02-01"), day("2028-03-01")),
                Daily,
                "2028-02-28",
                2_800,
            ),
        ];
        for (amount, period, by, on, expected) in table {
            assert_eq!(
                earned(amount, period, day(on), by),
                expected,
                "{by} on {on}"
            );
        }
    }

    #[test]
    fn what_is_to_come_is_the_rest_month_by_month() {
        let year = (day("2026-01-01"), day("2027-01-01"));
        let shown = |recognised, today: &str| {
            let rest = to_come(
                7_500_000,
                recognised,
                year,
                day(today),
                Recognition::Monthly,
            );
            assert_eq!(
                rest.iter().map(|(_, minor)| minor).sum::<i64>(),
                7_500_000 - recognised
            );
            rest.iter()
                .map(|(month, minor)| format!("{month} {minor}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            shown(5_000_000, "2026-10-05"),
            [
                "2026-10-31 1250000",
                "2026-11-30 625000",
                "2026-12-31 625000"
            ]
        );
        assert_eq!(shown(7_500_000, "2026-10-05"), [""; 0]);
        assert_eq!(shown(7_000_000, "2027-03-05"), ["2027-03-31 500000"]);
        // More is posted than the days have earned, since a credit shortened the amount.
        assert_eq!(
            shown(7_000_000, "2026-11-30"),
            ["2026-11-30 -125000", "2026-12-31 625000"]
        );
        assert_eq!(shown(0, "2025-12-30").len(), 12);
    }

    #[test]
    fn months_end_on_their_last_days() {
        let ends: Vec<_> = month_ends(day("2027-12-15"), day("2028-03-30")).collect();
        assert_eq!(
            ends,
            [day("2027-12-31"), day("2028-01-31"), day("2028-02-29")]
        );
        assert_eq!(month_ends(day("2028-03-01"), day("2028-03-30")).count(), 0);
    }

    proptest! {
        #[test]
        fn what_is_earned_grows_to_the_amount(
            amount in 0_i64..1_000_000_000_000,
            start in 0_u32..20_000,
            length in 1_i64..2_000,
            monthly: bool,
        ) {
            let by = if monthly { Recognition::Monthly } else { Recognition::Daily };
            let starts_on = day("2000-01-01") + chrono::TimeDelta::days(i64::from(start));
            let period = (starts_on, starts_on + chrono::TimeDelta::days(length));
            let mut before = 0;
            for offset in 0..length {
                let on = starts_on + chrono::TimeDelta::days(offset);
                let now = earned(amount, period, on, by);
                prop_assert!(now >= before && now <= amount);
                before = now;
            }
            prop_assert_eq!(before, amount);
            prop_assert_eq!(earned(amount, period, starts_on - chrono::TimeDelta::days(1), by), 0);
        }

        #[test]
        fn daily_is_a_sum_of_days(amount in 0_i64..100_000_000, length in 1_i64..800, passed in 0_i64..800) {
            let starts_on = day("2026-03-15");
            let passed = passed.min(length - 1);
            let period = (starts_on, starts_on + chrono::TimeDelta::days(length));
            let on = starts_on + chrono::TimeDelta::days(passed);
            // The sum of the exact shares of the days, rounded once.
            let exact = i128::from(amount) * i128::from(passed + 1);
            let rounded = (exact * 2 + i128::from(length)) / (i128::from(length) * 2);
            prop_assert_eq!(i128::from(earned(amount, period, on, Recognition::Daily)), rounded);
        }
    }
}
