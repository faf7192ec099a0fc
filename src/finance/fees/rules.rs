//! What a fee year of a membership costs by the policies of the seller. Invoices, tax, and whether
//! a fee was invoiced before are not known here.

use crate::finance::fees::fee_refusal::FeeRefusal;
use crate::finance::fees::first_year::{paid_by_rollover, undivided};
use crate::finance::fees::formula::Share;
use crate::finance::fees::policy::{FeePolicy, LastYear};
use crate::finance::fees::prices::Price;
use crate::finance::fees::years::FeeYear;
use crate::kernel::money::{Money, split_by_weights};
use crate::kernel::period::{DateRefusal, Period};
use crate::kernel::phrase::Phrase;

/// The annual fee, or a part of it, for some days of a fee year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeCharge {
    /// The fee year that is charged.
    pub fee_year: FeeYear,
    /// The days that are paid for. After a rollover they go beyond the fee year.
    pub period: Period,
    /// The version of the price.
    pub price: Price,
    /// The part of the price.
    pub share: Share,
    /// The amount: the part of the price, rounded once.
    pub amount: Money,
}

impl FeeCharge {
    /// How the amount came about, in words.
    #[must_use]
    pub fn formula(&self) -> Phrase {
        self.share.in_words(self.price.amount)
    }
}

/// What one fee year of a membership costs: usually one charge; none when the city was no member
/// in it, when an earlier fee pays for it, or when a package covers all its days; several when a
/// package covers days in the middle.
///
/// `covered` are the periods of the packages that include the annual fee. Days within them cost
/// nothing: what the fee year would cost without a package is divided by days, and the days
/// outside are charged, so that a day is never paid twice and never forgotten.
///
/// `membership` is the whole period since joining. Its end lowers the fee only when the policy
/// gives days back ([`LastYear::Daily`]).
///
/// # Errors
/// [`FeeRefusal::NegativePrice`], and [`FeeRefusal`] for dates and amounts beyond all bounds.
pub fn charges_for_year(
    price: Price,
    policy: &FeePolicy,
    membership: Period,
    fee_year: FeeYear,
    covered: &[Period],
) -> Result<Vec<FeeCharge>, FeeRefusal> {
    if price.amount.is_negative() {
        return Err(FeeRefusal::NegativePrice);
    }
    let year = fee_year.period()?;
    if !membership.overlaps(&year) || paid_by_rollover(policy, membership, fee_year)? {
        return Ok(Vec::new());
    }

    let (share, whole) = undivided(policy, membership, fee_year)?;
    let payable = match policy.last_year {
        LastYear::NoRefund => whole,
        LastYear::Daily => whole.intersect(&membership).unwrap_or(whole),
    };
    let parts = payable.without(covered);
    let days = parts
        .iter()
        .copied()
        .map(days_of)
        .collect::<Result<Vec<_>, _>>()?;
    let all_days = days_of(whole)?;
    let charged_days: i64 = days.iter().sum();
    if charged_days == 0 {
        return Ok(Vec::new());
    }

    let amount = share
        .for_days(charged_days, all_days)
        .of_price(price.amount)?;
    let amounts = split_by_weights(amount, &days)?;
    let charges = parts
        .into_iter()
        .zip(days)
        .zip(amounts)
        .map(|((period, days), amount)| FeeCharge {
            fee_year,
            period,
            price,
            share: share.for_days(days, all_days),
            amount,
        });
    Ok(charges.collect())
}

/// The days of a period that has an end.
pub(super) fn days_of(period: Period) -> Result<i64, FeeRefusal> {
    period
        .days()
        .ok_or(FeeRefusal::Date(DateRefusal::OutOfRange))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::finance::fees::package_terms::package_period;
    use crate::finance::fees::policy::FirstYear;
    use crate::finance::fees::years::{FeeYears, MonthDay};
    use crate::kernel::money::Currency;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    /// `2026-01-01..2027-01-01`, or `2026-01-01..` without end.
    fn span(text: &str) -> Period {
        let (from, until) = text.split_once("..").unwrap();
        let until = (!until.is_empty()).then(|| day(until));
        Period::new(day(from), until).unwrap()
    }

    fn price(minor: i64) -> Price {
        Price {
            valid_from: day("2010-01-01"),
            amount: Money::new(minor, Currency::DKK),
        }
    }

    /// The charges for the fee year that `on` is in: first and last day, amount, formula.
    fn charged(policy: FeePolicy, membership: &str, on: &str, covered: &[Period]) -> Vec<String> {
        let membership = span(membership);
        let fee_year = FeeYear::of(policy.years, membership.from(), day(on)).unwrap();
        charges_for_year(price(7_500_000), &policy, membership, fee_year, covered)
            .unwrap()
            .into_iter()
            .map(|charge| {
                let (from, last) = (charge.period.from(), charge.period.ends_on().unwrap());
                let formula = charge.formula().da;
                format!("{from}..{last} {} = {formula}", charge.amount.amount())
            })
            .collect()
    }

    #[test]
    fn leaving_lowers_the_fee_only_where_days_are_given_back() {
        let whole = "2026-01-01..2026-12-31 75000.00 = 75.000,00 × 1 år";
        let part = "2026-01-01..2026-09-30 56095.89 = 75.000,00 × 273/365 dage";
        for (last_year, membership, on, charges) in [
            (
                LastYear::NoRefund,
                "2026-01-01..2026-10-01",
                "2026-01-01",
                &[whole][..],
            ),
            (
                LastYear::Daily,
                "2026-01-01..2026-10-01",
                "2026-01-01",
                &[part],
            ),
            (
                LastYear::Daily,
                "2026-01-01..2027-01-01",
                "2026-01-01",
                &[whole],
            ),
            (
                LastYear::NoRefund,
                "2026-01-01..2027-01-01",
                "2027-01-01",
                &[],
            ),
            (LastYear::Daily, "2026-01-01..2027-01-01", "2027-01-01", &[]),
            // Withdrawn before it began.
            (
                LastYear::NoRefund,
                "2026-01-01..2026-01-01",
                "2026-01-01",
                &[],
            ),
        ] {
            let policy = FeePolicy {
                last_year,
                ..FeePolicy::default()
            };
            assert_eq!(
                charged(policy, membership, on, &[]),
                charges,
                "{last_year:?} {membership}"
            );
        }
    }

    #[test]
    fn days_within_a_package_cost_nothing() {
        use FirstYear::{Daily, Full, Monthly};
        let package = &[package_period(day("2026-03-15")).unwrap()][..];
        // A package that was ended early leaves days on both sides of it.
        let ended = &[span("2026-04-01..2026-06-30")][..];
        for (first_year, membership, on, covered, charges) in [
            (Daily, "2026-03-15..", "2026-03-15", package, &[][..]),
            (Full, "2026-03-15..", "2026-03-15", package, &[]),
            (Daily, "2026-03-15..", "2027-01-01", package, &[]),
            (
                Daily,
                "2026-03-15..",
                "2028-01-01",
                package,
                &["2028-03-15..2028-12-31 59836.07 = 75.000,00 × 292/366 dage"],
            ),
            (
                Daily,
                "2025-01-01..",
                "2026-01-01",
                package,
                &["2026-01-01..2026-03-14 15000.00 = 75.000,00 × 73/365 dage"],
            ),
            (
                Daily,
                "2026-02-15..",
                "2026-02-15",
                package,
                &["2026-02-15..2026-03-14 5753.42 = 75.000,00 × 28/365 dage"],
            ),
            (
                Monthly,
                "2026-02-15..",
                "2026-02-15",
                package,
                &["2026-02-15..2026-03-14 6015.63 = 75.000,00 × 11/12 måneder × 28/320 dage"],
            ),
            (
                Daily,
                "2025-01-01..",
                "2029-01-01",
                package,
                &["2029-01-01..2029-12-31 75000.00 = 75.000,00 × 1 år"],
            ),
            (
                Daily,
                "2025-01-01..",
                "2026-01-01",
                ended,
                &[
                    "2026-01-01..2026-03-31 18493.15 = 75.000,00 × 90/365 dage",
                    "2026-06-30..2026-12-31 38013.70 = 75.000,00 × 185/365 dage",
                ],
            ),
        ] {
            let policy = FeePolicy {
                first_year,
                ..FeePolicy::default()
            };
            let found = charged(policy, membership, on, covered);
            assert_eq!(found, charges, "{first_year:?} {membership} {on}");
        }
    }

    #[test]
    fn other_prices_follow_the_same_rules() {
        let membership = span("2026-03-15..");
        let joined_on = membership.from();
        let year = FeeYear::of(FeeYears::Calendar, joined_on, joined_on).unwrap();
        for (minor, code, amount) in [
            (0, "DKK", Ok("0.00")),
            (1_000_000, "EUR", Ok("8000.00")),
            (365, "JPY", Ok("292")),
            (-1, "DKK", Err(FeeRefusal::NegativePrice)),
        ] {
            let price = Price {
                amount: Money::new(minor, Currency::parse(code).unwrap()),
                ..price(0)
            };
            let charges = charges_for_year(price, &FeePolicy::default(), membership, year, &[]);
            let found = charges.map(|charges| charges[0].amount.amount());
            assert_eq!(found, amount.map(str::to_owned), "{minor} {code}");
        }
    }

    proptest! {
        /// Every day of the membership within the fee year, and in no package, costs one day's part
        /// of the fee; their exact sum, rounded once, is what is charged.
        #[test]
        fn charges_are_the_rounded_sum_of_their_days(
            minor in 0_i64..10_000_000_000,
            joined in 0_u64..20_000,
            ahead in 0_u64..1_500,
            stays in prop::option::of(0_u64..2_000),
            package in prop::option::of((0_u64..1_500, 0_u64..800)),
            july: bool,
        ) {
            let after = |start: NaiveDate, days| start.checked_add_days(chrono::Days::new(days)).unwrap();
            let joined_on = after(day("2010-01-01"), joined);
            let membership = Period::new(joined_on, stays.map(|days| after(joined_on, days))).unwrap();
            let covered: Vec<Period> = package
                .map(|(starts, lasts)| (after(joined_on, starts), lasts))
                .map(|(starts_on, lasts)| Period::new(starts_on, Some(after(starts_on, lasts))).unwrap())
                .into_iter()
                .collect();
            let years = if july { FeeYears::Custom(MonthDay::new(7, 1).unwrap()) } else { FeeYears::Calendar };
            let policy = FeePolicy { years, first_year: FirstYear::Daily, last_year: LastYear::Daily };
            let fee_year = FeeYear::of(years, joined_on, after(joined_on, ahead)).unwrap();

            let mut exact = 0_i128;
            let mut charged_days = 0;
            let mut date = fee_year.starts_on();
            while date < fee_year.until() {
                if membership.contains(date) && !covered.iter().any(|period| period.contains(date)) {
                    exact += i128::from(minor);
                    charged_days += 1;
                }
                date = date.succ_opt().unwrap();
            }
            let year_days = i128::from(fee_year.days());
            let rounded = (2 * exact + year_days).div_euclid(2 * year_days);

            let charges = charges_for_year(price(minor), &policy, membership, fee_year, &covered).unwrap();
            let total: i128 = charges.iter().map(|charge| i128::from(charge.amount.minor)).sum();
            prop_assert_eq!(total, rounded);
            let days: i64 = charges.iter().map(|charge| charge.period.days().unwrap()).sum();
            prop_assert_eq!(days, charged_days);
            for charge in &charges {
                prop_assert!(membership.covers(&charge.period));
                prop_assert!(covered.iter().all(|period| !period.overlaps(&charge.period)));
            }
        }
    }
}
