//! What the fee year costs in which a city joins, and how far that fee reaches. Leaving and packages
//! are not known here; `rules` divides what comes out of this file.

use chrono::NaiveDate;

use crate::finance::fees::fee_refusal::FeeRefusal;
use crate::finance::fees::formula::{Measure, Share};
use crate::finance::fees::policy::{FeePolicy, FirstYear};
use crate::finance::fees::rules::days_of;
use crate::finance::fees::years::FeeYear;
use crate::kernel::period::{DateRefusal, Period, add_months};

/// The part of the fee for a fee year without regard to packages and leaving, and the days that
/// it pays for.
pub(super) fn undivided(
    policy: &FeePolicy,
    membership: Period,
    fee_year: FeeYear,
) -> Result<(Share, Period), FeeRefusal> {
    let joined_on = membership.from();
    if let Some(paid_until) = rollover_until(policy, membership, fee_year)? {
        let period = Period::new(joined_on, Some(paid_until))?;
        return Ok((Share::whole_with_next_year(), period));
    }
    if joined_on <= fee_year.starts_on() {
        return Ok((Share::whole(), fee_year.period()?));
    }

    let rest = Period::new(joined_on, Some(fee_year.until()))?;
    let share = match policy.first_year {
        FirstYear::Full | FirstYear::Rollover(_) => Share::whole(),
        FirstYear::Daily => Share::of(days_of(rest)?, fee_year.days(), Measure::Days),
        FirstYear::Monthly => begun(membership, fee_year, 1, Measure::Months)?,
        FirstYear::Quarterly => begun(membership, fee_year, 3, Measure::Quarters)?,
    };
    Ok((share, rest))
}

/// The months (`length` 1) or quarters (`length` 3) of the fee year that were not over when the
/// city joined. They are counted from the first day of the fee year.
fn begun(
    membership: Period,
    fee_year: FeeYear,
    length: u32,
    measure: Measure,
) -> Result<Share, DateRefusal> {
    let all = 12 / length;
    let mut over = 0;
    for number in 1..all {
        if add_months(fee_year.starts_on(), number * length)? <= membership.from() {
            over = number;
        }
    }
    Ok(Share::of(i64::from(all - over), i64::from(all), measure))
}

/// Until when the fee of the joining fee year pays, when the city joined late enough in it for a
/// rollover.
fn rollover_until(
    policy: &FeePolicy,
    membership: Period,
    fee_year: FeeYear,
) -> Result<Option<NaiveDate>, FeeRefusal> {
    let joined_on = membership.from();
    let FirstYear::Rollover(cut_off) = policy.first_year else {
        return Ok(None);
    };
    // A year that begins with the membership has no rest to roll over.
    let joined_within = fee_year.starts_on() < joined_on && joined_on < fee_year.until();
    if !joined_within || joined_on < fee_year.falls_on(cut_off)? {
        return Ok(None);
    }
    Ok(Some(fee_year.next(policy.years, joined_on)?.until()))
}

/// Whether the fee of the joining fee year pays for this fee year too.
pub(super) fn paid_by_rollover(
    policy: &FeePolicy,
    membership: Period,
    fee_year: FeeYear,
) -> Result<bool, FeeRefusal> {
    let joined_on = membership.from();
    let joining_year = FeeYear::of(policy.years, joined_on, joined_on)?;
    let paid_until = rollover_until(policy, membership, joining_year)?;
    Ok(fee_year != joining_year && paid_until == Some(fee_year.until()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::fees::years::{FeeYears, MonthDay};
    use crate::kernel::money::{Currency, Money};
    use crate::kernel::period::{LeapDay, parse_date};

    fn first_of(month: u32) -> MonthDay {
        MonthDay::new(month, 1).unwrap()
    }

    /// The fee for the fee year that `on` is in: first and last day, amount, formula.
    fn fee(years: FeeYears, first_year: FirstYear, joined: &str, on: &str) -> String {
        let policy = FeePolicy {
            years,
            first_year,
            ..FeePolicy::default()
        };
        let membership = Period::since(parse_date(joined).unwrap());
        let fee_year = FeeYear::of(years, membership.from(), parse_date(on).unwrap()).unwrap();
        if paid_by_rollover(&policy, membership, fee_year).unwrap() {
            return "paid".to_owned();
        }
        let (share, period) = undivided(&policy, membership, fee_year).unwrap();
        let price = Money::new(7_500_000, Currency::DKK);
        let amount = share.of_price(price).unwrap().amount();
        let (from, last) = (period.from(), period.ends_on().unwrap());
        format!("{from}..{last} {amount} = {}", share.in_words(price).da)
    }

    #[test]
    fn the_first_year_costs_what_the_policy_says() {
        use FirstYear::{Daily, Full, Monthly, Quarterly, Rollover};
        let october = Rollover(first_of(10));
        for (first_year, text) in [
            (Daily, "2026-01-01..2026-12-31 75000.00 = 75.000,00 × 1 år"),
            (
                Daily,
                "2026-03-15..2026-12-31 60000.00 = 75.000,00 × 292/365 dage",
            ),
            (
                Daily,
                "2028-03-15..2028-12-31 59836.07 = 75.000,00 × 292/366 dage",
            ),
            (
                Daily,
                "2028-02-29..2028-12-31 62909.84 = 75.000,00 × 307/366 dage",
            ),
            (
                Daily,
                "2026-12-31..2026-12-31 205.48 = 75.000,00 × 1/365 dage",
            ),
            (Full, "2026-12-31..2026-12-31 75000.00 = 75.000,00 × 1 år"),
            (
                Monthly,
                "2026-03-15..2026-12-31 62500.00 = 75.000,00 × 10/12 måneder",
            ),
            (
                Monthly,
                "2026-03-01..2026-12-31 62500.00 = 75.000,00 × 10/12 måneder",
            ),
            (
                Monthly,
                "2026-03-31..2026-12-31 62500.00 = 75.000,00 × 10/12 måneder",
            ),
            (
                Monthly,
                "2026-01-02..2026-12-31 75000.00 = 75.000,00 × 12/12 måneder",
            ),
            (
                Monthly,
                "2026-12-31..2026-12-31 6250.00 = 75.000,00 × 1/12 måneder",
            ),
            (
                Quarterly,
                "2026-03-31..2026-12-31 75000.00 = 75.000,00 × 4/4 kvartaler",
            ),
            (
                Quarterly,
                "2026-04-01..2026-12-31 56250.00 = 75.000,00 × 3/4 kvartaler",
            ),
            (
                Quarterly,
                "2026-10-01..2026-12-31 18750.00 = 75.000,00 × 1/4 kvartaler",
            ),
            (
                october,
                "2026-01-01..2026-12-31 75000.00 = 75.000,00 × 1 år",
            ),
            (
                october,
                "2026-09-30..2026-12-31 75000.00 = 75.000,00 × 1 år",
            ),
            (
                october,
                "2026-10-01..2027-12-31 75000.00 = 75.000,00 × 1 år, inkl. næste kontingentår",
            ),
        ] {
            let joined = text.split_once("..").unwrap().0;
            let found = fee(FeeYears::Calendar, first_year, joined, joined);
            assert_eq!(found, text, "{first_year:?}");
        }
    }

    #[test]
    fn later_years_cost_the_whole_fee_unless_paid_already() {
        let october = FirstYear::Rollover(first_of(10));
        let year_2027 = "2027-01-01..2027-12-31 75000.00 = 75.000,00 × 1 år";
        let year_2028 = "2028-01-01..2028-12-31 75000.00 = 75.000,00 × 1 år";
        for (first_year, joined, on, text) in [
            (FirstYear::Daily, "2026-03-15", "2027-06-01", year_2027),
            (FirstYear::Daily, "2026-03-15", "2028-06-01", year_2028),
            (october, "2026-09-30", "2027-06-01", year_2027),
            (october, "2026-10-01", "2027-06-01", "paid"),
            (october, "2026-10-01", "2028-06-01", year_2028),
        ] {
            let found = fee(FeeYears::Calendar, first_year, joined, on);
            assert_eq!(found, text, "{first_year:?} {joined} {on}");
        }
    }

    #[test]
    fn fee_years_of_other_kinds_count_their_own_parts() {
        use FirstYear::{Daily, Monthly, Quarterly, Rollover};
        let july = FeeYears::Custom(first_of(7));
        let own = FeeYears::Anniversary(LeapDay::February28);
        let own_in_march = FeeYears::Anniversary(LeapDay::March1);
        for (years, first_year, joined, on, text) in [
            (
                july,
                Daily,
                "2026-03-15",
                "2026-03-15",
                "2026-03-15..2026-06-30 22191.78 = 75.000,00 × 108/365 dage",
            ),
            (
                july,
                Monthly,
                "2026-03-15",
                "2026-03-15",
                "2026-03-15..2026-06-30 25000.00 = 75.000,00 × 4/12 måneder",
            ),
            (
                july,
                Quarterly,
                "2026-03-15",
                "2026-03-15",
                "2026-03-15..2026-06-30 37500.00 = 75.000,00 × 2/4 kvartaler",
            ),
            // The first of February is in the second half of a year that began in July.
            (
                july,
                Rollover(first_of(2)),
                "2026-03-15",
                "2026-03-15",
                "2026-03-15..2027-06-30 75000.00 = 75.000,00 × 1 år, inkl. næste kontingentår",
            ),
            (
                own,
                Daily,
                "2026-03-15",
                "2026-03-15",
                "2026-03-15..2027-03-14 75000.00 = 75.000,00 × 1 år",
            ),
            (
                own,
                Rollover(first_of(1)),
                "2026-03-15",
                "2027-03-15",
                "2027-03-15..2028-03-14 75000.00 = 75.000,00 × 1 år",
            ),
            (
                own_in_march,
                Monthly,
                "2028-02-29",
                "2029-03-01",
                "2029-03-01..2030-02-28 75000.00 = 75.000,00 × 1 år",
            ),
        ] {
            let found = fee(years, first_year, joined, on);
            assert_eq!(found, text, "{years:?} {first_year:?}");
        }
    }
}
