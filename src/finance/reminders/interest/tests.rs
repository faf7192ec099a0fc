//! Interest by its oracles, its days and its sum day by day.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::kernel::period::parse_date;

static LEGAL: LazyLock<LegalData> = LazyLock::new(|| LegalData::compiled_in().unwrap());

fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

fn claim(total_minor: i64, due_on: &str, settlements: &[(&str, i64)]) -> Claim {
    Claim {
        total_minor,
        due_on: day(due_on),
        in_time_until: LEGAL.banking_days.on_or_after(day(due_on)).unwrap(),
        settlements: settlements
            .iter()
            .map(|(on, minor)| (day(on), *minor))
            .collect(),
    }
}

fn charged(claim: &Claim, until: &str, day_count: DayCount) -> Result<i64, Refusal> {
    interest(claim, day(until), day_count, &LEGAL).map(|interest| interest.minor)
}

#[test]
fn the_oracles_come_out_to_the_unit() {
    use DayCount::{Actual, Thirty};
    for (due_on, paid_on, day_count, minor) in [
        ("2023-06-01", "2023-08-01", Actual, 132_966),
        ("2024-01-31", "2024-03-01", Actual, 72_432),
        ("2024-01-31", "2024-03-01", Thirty, 75_885),
    ] {
        let paid = claim(7_500_000, due_on, &[(paid_on, 7_500_000)]);
        assert_eq!(charged(&paid, paid_on, day_count), Ok(minor), "{due_on}");
        // Nothing more comes after the payment, and the rates of later years need not be known.
        assert_eq!(
            charged(&paid, "2099-12-31", day_count),
            Ok(minor),
            "{due_on}"
        );
    }
}

#[test]
fn the_words_say_what_was_counted() {
    let paid = claim(7_500_000, "2023-06-01", &[]);
    let found = interest(&paid, day("2023-08-01"), DayCount::Actual, &LEGAL).unwrap();
    let words = found.in_words(Currency::DKK);
    assert_eq!(
        words.da,
        "75.000,00 × 9,90 % × 29/365 + 75.000,00 × 11,25 % × 32/365 (ACT/365)"
    );
    assert!(
        words.en.starts_with("75,000.00 × 9.90 % × 29/365"),
        "{}",
        words.en
    );
}

#[test]
fn days_are_those_after_the_last_day_to_pay() {
    let owed = |due_on| claim(7_500_000, due_on, &[]);
    for (due_on, until, days) in [
        ("2024-03-01", "2024-03-01", 0),
        ("2024-03-01", "2024-02-01", 0),
        ("2024-03-01", "2024-03-02", 1),
        // A Sunday: the Monday is in time.
        ("2024-03-03", "2024-03-04", 0),
        ("2024-03-03", "2024-03-05", 1),
        // Christmas: until 27 December 2024.
        ("2024-12-24", "2024-12-27", 0),
        ("2024-12-24", "2025-01-02", 6),
        ("2024-02-28", "2024-03-01", 2),
        ("2023-02-28", "2023-03-01", 1),
    ] {
        let found = interest(&owed(due_on), day(until), DayCount::Actual, &LEGAL).unwrap();
        let counted: i64 = found.segments.iter().map(|segment| segment.days).sum();
        assert_eq!(counted, days, "{due_on} {until}");
    }
}

#[test]
fn older_claims_have_the_older_surcharge() {
    let rate = |due_on: &str| {
        let found = interest(
            &claim(1_000, due_on, &[]),
            day("2013-04-01"),
            DayCount::Actual,
            &LEGAL,
        );
        found.unwrap().segments.last().unwrap().rate_bp
    };
    assert_eq!((rate("2013-02-28"), rate("2013-03-01")), (720, 820));
}

#[test]
fn what_is_settled_lessens_the_claim_from_the_next_day() {
    let part = claim(
        7_500_000,
        "2023-06-01",
        &[("2023-06-11", 5_000_000), ("2023-07-01", 2_500_000)],
    );
    let found = interest(&part, day("2023-12-31"), DayCount::Actual, &LEGAL).unwrap();
    let shown: Vec<_> = found
        .segments
        .iter()
        .map(|segment| (segment.days, segment.principal_minor, segment.rate_bp))
        .collect();
    assert_eq!(
        shown,
        [
            (10, 7_500_000, 990),
            (19, 2_500_000, 990),
            (1, 2_500_000, 1_125)
        ]
    );
}

#[test]
fn less_than_a_unit_is_nothing_and_a_missing_rate_is_named() {
    assert_eq!(
        charged(
            &claim(3_000, "2024-03-01", &[]),
            "2024-03-02",
            DayCount::Actual
        ),
        Ok(0)
    );
    assert_eq!(
        charged(
            &claim(3_200, "2024-03-01", &[]),
            "2024-03-02",
            DayCount::Actual
        ),
        Ok(1)
    );
    let refused = charged(
        &claim(7_500_000, "2024-03-01", &[]),
        "2099-08-01",
        DayCount::Actual,
    );
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, RefusalCode::NoLegalRate);
    assert!(refused.message.en.contains("half-year from"), "{refused:?}");
}

/// The same, day by day: each day's weight is what it adds to the count.
fn day_by_day(claim: &Claim, until: NaiveDate, day_count: DayCount) -> i128 {
    let mut sum = 0_i128;
    let mut before = claim.in_time_until;
    while before < until {
        let today = before.succ_opt().unwrap();
        let weight = match day_count {
            DayCount::Actual => 1,
            DayCount::Thirty => thirtieths(today) - thirtieths(before),
        };
        let rate = LEGAL.rates.of(HalfYear::of(today)).unwrap() + 800;
        sum += i128::from(claim.open_on(before)) * i128::from(weight) * i128::from(rate);
        before = today;
    }
    sum
}

proptest! {
    #[test]
    fn it_is_the_sum_of_its_days(
        total in 1_i64..50_000_000,
        due in 0_i64..1_400,
        late in 0_i64..900,
        parts in prop::collection::vec((0_i64..900, 1_i64..20_000_000), 0..5),
        thirty in any::<bool>(),
    ) {
        let due_on = day("2020-01-01") + chrono::TimeDelta::days(due);
        let in_time_until = LEGAL.banking_days.on_or_after(due_on).unwrap();
        let settlements = parts.iter().map(|(after, minor)| (due_on + chrono::TimeDelta::days(*after), *minor)).collect();
        let claim = Claim { total_minor: total, due_on, in_time_until, settlements };
        let day_count = if thirty { DayCount::Thirty } else { DayCount::Actual };
        let until = (due_on + chrono::TimeDelta::days(late)).min(day("2025-12-31"));
        let found = interest(&claim, until, day_count, &LEGAL).unwrap();
        let below = i128::from(days_of_year(day_count)) * 10_000;
        let exact = day_by_day(&claim, until, day_count);
        let expected = if exact < below { 0 } else { (2 * exact + below) / (2 * below) };
        prop_assert_eq!(i128::from(found.minor), expected);
    }
}
