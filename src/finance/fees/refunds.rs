//! What is given back of an annual fee that was charged: on leaving, by the seller's policy, and
//! on moving to a package that pays for the same days. Credit notes are not known here.

use chrono::NaiveDate;

use crate::finance::fees::fee_refusal::FeeRefusal;
use crate::finance::fees::first_year::undivided;
use crate::finance::fees::formula::Share;
use crate::finance::fees::policy::{FeePolicy, LastYear};
use crate::finance::fees::prices::Price;
use crate::finance::fees::rules::{FeeCharge, days_of};
use crate::finance::fees::years::FeeYear;
use crate::kernel::money::Money;
use crate::kernel::period::Period;
use crate::kernel::phrase::Phrase;

/// What is given back of a charge, and what is kept. The two are always the charge together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The days that are no longer paid for.
    pub period: Period,
    /// What goes back.
    pub credit: Money,
    /// What is kept: the charge without the credit, never rounded by itself.
    pub retained: Money,
    /// How the credit came about, in words.
    pub formula: Phrase,
}

/// What a city that leaves gets back of a charge, by the policy for last years. `None` when that
/// is nothing.
///
/// # Errors
/// As for [`credit_from`].
pub fn refund_on_leaving(
    policy: LastYear,
    charge: &FeeCharge,
    leaves: NaiveDate,
) -> Result<Option<Refund>, FeeRefusal> {
    match policy {
        LastYear::NoRefund => Ok(None),
        LastYear::Daily => credit_from(charge, leaves),
    }
}

/// The credit for the days of a charge from `day` on, under every policy: a city that moves to a
/// package which covers the annual fee gets back what the package now pays for. `None` when the
/// charge pays for no such day.
///
/// # Errors
/// [`FeeRefusal`] for amounts beyond all bounds.
pub fn credit_from(charge: &FeeCharge, day: NaiveDate) -> Result<Option<Refund>, FeeRefusal> {
    credit_of_days(charge, Period::since(day))
}

/// The credit for those of some days that a charge pays for. `None` when it pays for none of them.
///
/// # Errors
/// [`FeeRefusal`] for amounts beyond all bounds.
pub fn credit_of_days(charge: &FeeCharge, days: Period) -> Result<Option<Refund>, FeeRefusal> {
    let Some(period) = charge.period.intersect(&days) else {
        return Ok(None);
    };
    let unused = days_of(period)?;
    let charged = days_of(charge.period)?;

    // The unrounded part of the price is taken, not a part of the rounded amount.
    let share = charge.share.for_days(unused, charged);
    let credit = if unused == charged {
        charge.amount
    } else {
        let exact = share.of_price(charge.price.amount)?;
        Money::new(exact.minor.min(charge.amount.minor), exact.currency)
    };
    Ok(Some(Refund {
        period,
        credit,
        retained: charge.amount.checked_sub(credit)?,
        formula: share.in_words(charge.price.amount),
    }))
}

/// A charge as it stands on an invoice: the days and the amount of a line. The part of the price that
/// it is follows from the policy; where the line is another part, because the policy has changed since,
/// the line's own amount is the price of its days.
///
/// # Errors
/// [`FeeRefusal`] for dates and amounts beyond all bounds.
pub fn charge_of_line(
    policy: &FeePolicy,
    joined_on: NaiveDate,
    fee_year: FeeYear,
    period: Period,
    price: Price,
    amount: Money,
) -> Result<FeeCharge, FeeRefusal> {
    let (share, whole) = undivided(policy, Period::since(joined_on), fee_year)?;
    let share = share.for_days(days_of(period)?, days_of(whole)?);
    let exact = share.of_price(price.amount)?;
    // A year in several parts is divided by largest remainder, so a part may be one off its own share.
    let fits = whole.covers(&period)
        && exact.currency == amount.currency
        && exact.minor.abs_diff(amount.minor) <= 1;
    let (price, share) = if fits {
        (price, share)
    } else {
        (Price { amount, ..price }, Share::whole())
    };
    Ok(FeeCharge {
        fee_year,
        period,
        price,
        share,
        amount,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finance::fees::policy::FirstYear;
    use crate::finance::fees::rules::charges_for_year;
    use crate::kernel::money::Currency;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn charge(first_year: FirstYear, joined: &str, minor: i64) -> FeeCharge {
        let policy = FeePolicy {
            first_year,
            ..FeePolicy::default()
        };
        let joined_on = day(joined);
        let price = Price {
            valid_from: day("2010-01-01"),
            amount: Money::new(minor, Currency::DKK),
        };
        let year = FeeYear::of(policy.years, joined_on, joined_on).unwrap();
        let mut charges =
            charges_for_year(price, &policy, Period::since(joined_on), year, &[]).unwrap();
        charges.pop().unwrap()
    }

    #[test]
    fn credit_and_what_is_kept_are_the_charge() {
        for (first_year, joined, leaves, credit, retained, formula) in [
            (
                FirstYear::Daily,
                "2026-01-01",
                "2026-10-01",
                1_890_411,
                5_609_589,
                "75.000,00 × 92/365 dage",
            ),
            (
                FirstYear::Daily,
                "2026-03-15",
                "2026-10-01",
                1_890_411,
                4_109_589,
                "75.000,00 × 92/365 dage",
            ),
            (
                FirstYear::Full,
                "2026-03-15",
                "2026-10-01",
                2_363_014,
                5_136_986,
                "75.000,00 × 92/292 dage",
            ),
            (
                FirstYear::Monthly,
                "2026-03-15",
                "2026-10-01",
                1_969_178,
                4_280_822,
                "75.000,00 × 10/12 måneder × 92/292 dage",
            ),
            (
                FirstYear::Daily,
                "2026-03-15",
                "2026-03-15",
                6_000_000,
                0,
                "75.000,00 × 292/365 dage",
            ),
            (
                FirstYear::Daily,
                "2026-03-15",
                "2025-01-01",
                6_000_000,
                0,
                "75.000,00 × 292/365 dage",
            ),
        ] {
            let charge = charge(first_year, joined, 7_500_000);
            let refund = refund_on_leaving(LastYear::Daily, &charge, day(leaves))
                .unwrap()
                .unwrap();
            assert_eq!(
                refund.credit.minor, credit,
                "{first_year:?} {joined} {leaves}"
            );
            assert_eq!(
                refund.retained.minor, retained,
                "{first_year:?} {joined} {leaves}"
            );
            assert_eq!(refund.formula.da, formula);
            assert_eq!(refund.period.until(), charge.period.until());
        }
    }

    #[test]
    fn a_line_is_the_charge_that_it_was() {
        let period = |from: &str, until: &str| Period::new(day(from), Some(day(until))).unwrap();
        let price = Price {
            valid_from: day("2010-01-01"),
            amount: Money::new(7_500_000, Currency::DKK),
        };
        let policy = FeePolicy::default();
        let year = FeeYear::of(policy.years, day("2026-03-15"), day("2026-03-15")).unwrap();
        for (days, amount, unused, credit, formula) in [
            (
                period("2026-03-15", "2027-01-01"),
                6_000_000,
                period("2026-10-01", "2027-01-01"),
                1_890_411,
                "75.000,00 × 92/365 dage",
            ),
            // Two days in the middle.
            (
                period("2026-03-15", "2027-01-01"),
                6_000_000,
                period("2026-10-01", "2026-10-03"),
                41_096,
                "75.000,00 × 2/365 dage",
            ),
            // The policy was another one: the whole fee for the rest of the year.
            (
                period("2026-03-15", "2027-01-01"),
                7_500_000,
                period("2026-10-01", "2027-01-01"),
                2_363_014,
                "75.000,00 × 92/292 dage",
            ),
        ] {
            let amount = Money::new(amount, Currency::DKK);
            let charge =
                charge_of_line(&policy, day("2026-03-15"), year, days, price, amount).unwrap();
            let refund = credit_of_days(&charge, unused).unwrap().unwrap();
            assert_eq!(
                (refund.credit.minor, refund.formula.da.as_str()),
                (credit, formula)
            );
            assert_eq!(refund.retained.checked_add(refund.credit), Ok(amount));
        }
    }

    #[test]
    fn nothing_comes_back_without_the_policy_or_the_days() {
        let charge = charge(FirstYear::Daily, "2026-01-01", 7_500_000);
        assert_eq!(
            refund_on_leaving(LastYear::NoRefund, &charge, day("2026-10-01")),
            Ok(None)
        );
        assert_eq!(
            refund_on_leaving(LastYear::Daily, &charge, day("2027-01-01")),
            Ok(None)
        );
    }

    #[test]
    fn a_package_in_mid_year_credits_what_it_pays_for() {
        let charge = charge(FirstYear::Daily, "2026-01-01", 7_500_000);
        let credit = credit_from(&charge, day("2026-07-01")).unwrap().unwrap();
        // 184 of 365 days.
        assert_eq!(credit.credit.minor, 3_780_822);
        assert_eq!(credit.retained.minor, 3_719_178);
    }

    proptest! {
        #[test]
        fn a_credit_is_never_negative_and_never_above_the_charge(
            minor in 0_i64..100_000_000, joined in 0_u64..365, leaves in 0_u64..500,
        ) {
            let after = |days| day("2026-01-01").checked_add_days(chrono::Days::new(days)).unwrap();
            let charge = charge(FirstYear::Daily, &after(joined).to_string(), minor);
            if let Some(refund) = credit_from(&charge, after(leaves)).unwrap() {
                prop_assert!(!refund.credit.is_negative() && !refund.retained.is_negative());
                prop_assert_eq!(refund.credit.checked_add(refund.retained), Ok(charge.amount));
            }
        }
    }
}
