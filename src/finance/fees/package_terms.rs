//! The terms of a 24-month package that have to do with dates and money: when it ends, what it
//! does to the annual fee, and its instalments. Its deliverables are not known here.

use chrono::NaiveDate;

use crate::kernel::money::{Money, ShareRefusal, split_evenly};
use crate::kernel::period::{DateRefusal, Period};

/// How many calendar months a package lasts (the network's memo of 2010).
pub const PACKAGE_MONTHS: u32 = 24;

/// Whether the price of a package pays for the membership too. The memo does not say, so every
/// contract must, and there is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnnualFee {
    /// No annual fee is due for days within the package.
    CoveredByPackage,
    /// The annual fee is due as without a package.
    DueBesidePackage,
}

/// The days of a package that starts on the day: 24 calendar months. A start that the last month
/// does not have is clamped to the end of that month, so a package of 29 February 2028 has its
/// last day on 27 February 2030.
///
/// # Errors
/// [`DateRefusal::OutOfRange`] beyond the calendar.
pub fn package_period(starts_on: NaiveDate) -> Result<Period, DateRefusal> {
    Period::of_months(starts_on, PACKAGE_MONTHS)
}

/// The amounts of an instalment plan of `count` equal payments. Øre that do not divide go to the
/// first payments, one each.
///
/// # Errors
/// [`ShareRefusal::NoParts`] for a plan without payments.
pub fn instalments(price: Money, count: u32) -> Result<Vec<Money>, ShareRefusal> {
    split_evenly(price, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn a_package_lasts_24_calendar_months() {
        for (starts_on, until, last_day, days) in [
            ("2026-03-15", "2028-03-15", "2028-03-14", 731),
            ("2026-01-01", "2028-01-01", "2027-12-31", 730),
            ("2026-08-31", "2028-08-31", "2028-08-30", 731),
            ("2026-11-30", "2028-11-30", "2028-11-29", 731),
            ("2028-02-29", "2030-02-28", "2030-02-27", 730),
            ("2026-02-28", "2028-02-28", "2028-02-27", 730),
        ] {
            let period = package_period(day(starts_on)).unwrap();
            assert_eq!(period.until(), Some(day(until)), "{starts_on}");
            assert_eq!(period.ends_on(), Some(day(last_day)), "{starts_on}");
            assert_eq!(period.days(), Some(days), "{starts_on}");
        }
    }

    #[test]
    fn one_package_may_follow_another_at_once() {
        let first = package_period(day("2026-03-15")).unwrap();
        for (second, overlaps) in [("2028-03-15", false), ("2028-03-14", true)] {
            let second = package_period(day(second)).unwrap();
            assert_eq!(first.overlaps(&second), overlaps);
        }
    }

    #[test]
    fn instalments_add_up_to_the_price() {
        let price = Money::new(37_500_000, Currency::DKK);
        for (count, first, last) in [
            (1, 37_500_000, 37_500_000),
            (2, 18_750_000, 18_750_000),
            (4, 9_375_000, 9_375_000),
            (7, 5_357_143, 5_357_142),
            (24, 1_562_500, 1_562_500),
        ] {
            let amounts = instalments(price, count).unwrap();
            assert_eq!(amounts.first().unwrap().minor, first, "{count}");
            assert_eq!(amounts.last().unwrap().minor, last, "{count}");
            assert_eq!(Money::sum(Currency::DKK, amounts), Ok(price), "{count}");
        }
        assert_eq!(instalments(price, 0), Err(ShareRefusal::NoParts));
    }
}
