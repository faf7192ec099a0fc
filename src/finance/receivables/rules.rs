//! How old claims are, and in which month they are to be expected. Pure sums over due days.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::finance::invoices::Due;
use crate::finance::revenue::rules::last_of_month;

crate::text_enum! {
    /// How long a claim is overdue.
    pub enum Age {
        /// The last day to pay has not passed.
        NotDue = "NOT_DUE",
        /// 1 to 30 days.
        FirstMonth = "FIRST_MONTH",
        /// 31 to 60 days.
        SecondMonth = "SECOND_MONTH",
        /// 61 to 90 days.
        ThirdMonth = "THIRD_MONTH",
        /// More than 90 days.
        Later = "LATER",
    }
}

/// How old a claim is on a day.
#[must_use]
pub fn age(due_on: NaiveDate, on: NaiveDate) -> Age {
    match on.signed_duration_since(due_on).num_days() {
        ..=0 => Age::NotDue,
        1..=30 => Age::FirstMonth,
        31..=60 => Age::SecondMonth,
        61..=90 => Age::ThirdMonth,
        _ => Age::Later,
    }
}

/// The claims by currency and age: how many, and how much in minor units.
#[must_use]
pub fn ages(dues: Vec<Due>, on: NaiveDate) -> BTreeMap<(String, Age), (i64, i64)> {
    let mut sums: BTreeMap<(String, Age), (i64, i64)> = BTreeMap::new();
    for (due_on, currency, invoices, minor) in dues {
        let (count, sum) = sums.entry((currency, age(due_on, on))).or_default();
        *count = count.saturating_add(invoices);
        *sum = sum.saturating_add(minor);
    }
    sums
}

/// The claims by currency and the last day of the month in which they are due; what is overdue counts to
/// the month of `today`.
#[must_use]
pub fn months(dues: Vec<Due>, today: NaiveDate) -> BTreeMap<(NaiveDate, String), i64> {
    let mut sums: BTreeMap<(NaiveDate, String), i64> = BTreeMap::new();
    for (due_on, currency, _, minor) in dues {
        let day = due_on.max(today);
        let month = last_of_month(day).unwrap_or(day);
        let sum = sums.entry((month, currency)).or_default();
        *sum = sum.saturating_add(minor);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn a_claim_ages_from_the_day_after_it_was_due() {
        for (on, expected) in [
            ("2026-06-30", Age::NotDue),
            ("2026-07-01", Age::NotDue),
            ("2026-07-02", Age::FirstMonth),
            ("2026-07-31", Age::FirstMonth),
            ("2026-08-01", Age::SecondMonth),
            ("2026-08-30", Age::SecondMonth),
            ("2026-08-31", Age::ThirdMonth),
            ("2026-09-29", Age::ThirdMonth),
            ("2026-09-30", Age::Later),
        ] {
            assert_eq!(age(day("2026-07-01"), day(on)), expected, "{on}");
        }
    }

    #[test]
    fn what_is_overdue_is_expected_now() {
        let due = |on: &str, minor| (day(on), "DKK".to_owned(), 1, minor);
        let dues = vec![
            due("2026-01-31", 5),
            due("2026-07-01", 10),
            due("2026-07-31", 20),
            due("2026-08-01", 40),
        ];
        let found: Vec<_> = months(dues.clone(), day("2026-07-15"))
            .into_iter()
            .collect();
        let expected = |on: &str, minor| ((day(on), "DKK".to_owned()), minor);
        assert_eq!(
            found,
            [expected("2026-07-31", 35), expected("2026-08-31", 40)]
        );
        let found: Vec<_> = ages(dues, day("2026-07-15")).into_values().collect();
        assert_eq!(found, [(2, 60), (1, 10), (1, 5)]);
    }
}
