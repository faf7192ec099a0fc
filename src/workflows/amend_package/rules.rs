//! How the price of a changed contract is paid: what is invoiced stays, the rest is divided anew. Pure.

use chrono::NaiveDate;

use crate::kernel::money::{Money, split_evenly};
use crate::kernel::period::add_months;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// The most parts in which a package is paid.
const MOST: usize = 24;

/// A part of the plan as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which instalment, from 1.
    pub number: i32,
    /// What it is paid for.
    pub title: Option<String>,
    /// How much, in minor units.
    pub minor: i64,
    /// The day it falls on.
    pub falls_on: Option<NaiveDate>,
    /// Whether it has an invoice, or its draft.
    pub is_invoiced: bool,
}

/// A milestone to agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMilestone {
    /// What it is paid for.
    pub title: String,
    /// How much, in minor units.
    pub minor: i64,
}

/// How the rest is paid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rest {
    /// In so many equal parts; as many as before when nothing is said.
    pub instalments: Option<i32>,
    /// By these milestones instead.
    pub milestones: Option<Vec<NewMilestone>>,
}

/// The plan for a price over the days of a contract, from today on.
///
/// # Errors
/// Every problem: a price below what is invoiced, milestones that are not the rest, a number of parts that
/// cannot be.
pub fn amended(
    known: &[Known],
    price: Money,
    rest: &Rest,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<Known>, Vec<Refusal>> {
    let kept: Vec<Known> = known
        .iter()
        .filter(|one| one.is_invoiced)
        .cloned()
        .collect();
    let open: Vec<&Known> = known.iter().filter(|one| !one.is_invoiced).collect();
    let paid = kept
        .iter()
        .fold(0_i64, |sum, one| sum.saturating_add(one.minor));
    let left = price.minor.saturating_sub(paid);
    if price.minor <= 0 {
        return Err(vec![refusal(
            "price",
            "A price is more than nothing; end the package instead.",
            "En pris er mere end ingenting; afslut i stedet pakken.",
        )]);
    }
    if left < 0 {
        let paid = Money::new(paid, price.currency).amount();
        return Err(vec![refusal(
            "price",
            format!("{paid} are invoiced; credit an invoice before the price falls below that."),
            format!("{paid} er faktureret; krediter en faktura, før prisen falder under det."),
        )]);
    }
    let new = match (&rest.milestones, rest.instalments) {
        (Some(_), Some(_)) => {
            return Err(vec![refusal(
                "instalments",
                "Give instalments or milestones, not both.",
                "Angiv rater eller milepæle, ikke begge.",
            )]);
        }
        (Some(milestones), None) => by_milestones(milestones, Money::new(left, price.currency))?,
        (None, count) => {
            let count = match count {
                Some(count) => usize::try_from(count).unwrap_or_default(),
                None => open.len(),
            };
            let days: Vec<NaiveDate> = open.iter().filter_map(|one| one.falls_on).collect();
            let days = if days.len() == open.len() && count == open.len() {
                days
            } else {
                spread(count, starts_on.max(today), ends_on)
            };
            equally(&days, Money::new(left, price.currency))?
        }
    };
    if kept.len().saturating_add(new.len()) > MOST {
        return Err(vec![refusal(
            "instalments",
            format!("A package is paid in at most {MOST} parts."),
            format!("En pakke betales i højst {MOST} dele."),
        )]);
    }
    let free = (1..).filter(|number| !kept.iter().any(|one| one.number == *number));
    let mut parts: Vec<Known> = free
        .zip(new)
        .map(|(number, part)| Known { number, ..part })
        .collect();
    parts.extend(kept);
    parts.sort_by_key(|part| part.number);
    Ok(parts)
}

fn by_milestones(milestones: &[NewMilestone], left: Money) -> Result<Vec<Known>, Vec<Refusal>> {
    let (mut parts, mut problems) = (Vec::with_capacity(milestones.len()), Vec::new());
    let mut sum: i64 = 0;
    for (place, one) in milestones.iter().enumerate() {
        let title = text::line(&format!("milestones.{place}.title"), &one.title)
            .map_err(|problem| problems.push(problem))
            .unwrap_or_default();
        if one.minor <= 0 {
            problems.push(refusal(
                &format!("milestones.{place}.amount"),
                "A milestone is paid with more than nothing.",
                "En milepæl betales med mere end ingenting.",
            ));
        }
        sum = sum.saturating_add(one.minor);
        parts.push(Known {
            number: 0,
            title: Some(title),
            minor: one.minor,
            falls_on: None,
            is_invoiced: false,
        });
    }
    if problems.is_empty() && sum != left.minor {
        let (sum, left) = (Money::new(sum, left.currency).amount(), left.amount());
        problems.push(refusal(
            "milestones",
            format!("The milestones are {sum} together, and {left} of the price are not invoiced."),
            format!("Milepælene er {sum} i alt, og {left} af prisen er ikke faktureret."),
        ));
    }
    if problems.is_empty() {
        Ok(parts)
    } else {
        Err(problems)
    }
}

fn equally(days: &[NaiveDate], left: Money) -> Result<Vec<Known>, Vec<Refusal>> {
    let count = u32::try_from(days.len()).unwrap_or_default();
    if left.is_zero() {
        return Ok(Vec::new());
    }
    let amounts = split_evenly(left, count)
        .ok()
        .filter(|amounts| !amounts.is_empty() && amounts.iter().all(|amount| amount.minor > 0));
    let Some(amounts) = amounts else {
        return Err(vec![refusal(
            "instalments",
            format!(
                "{} of the price are not invoiced; say in how many instalments they are paid.",
                left.amount()
            ),
            format!(
                "{} af prisen er ikke faktureret; angiv, i hvor mange rater det betales.",
                left.amount()
            ),
        )]);
    };
    let part = |(day, amount): (&NaiveDate, Money)| Known {
        number: 0,
        title: None,
        minor: amount.minor,
        falls_on: Some(*day),
        is_invoiced: false,
    };
    Ok(days.iter().zip(amounts).map(part).collect())
}

/// So many days, evenly over the months from a day to the end of the contract, the first on that day.
fn spread(count: usize, from: NaiveDate, ends_on: NaiveDate) -> Vec<NaiveDate> {
    let months = (1..=24_u32)
        .take_while(|months| add_months(from, *months).is_ok_and(|day| day < ends_on))
        .count()
        .saturating_add(1);
    let day = |place: usize| {
        let month = place.saturating_mul(months).checked_div(count)?;
        add_months(from, u32::try_from(month).ok()?).ok()
    };
    (0..count).filter_map(day).collect()
}

fn refusal(field: &str, en: impl Into<String>, da: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::OutOfRange, field, en, da)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn part(number: i32, minor: i64, falls_on: &str, is_invoiced: bool) -> Known {
        Known {
            number,
            title: None,
            minor,
            falls_on: Some(day(falls_on)),
            is_invoiced,
        }
    }

    fn plan(
        known: &[Known],
        minor: i64,
        rest: &Rest,
    ) -> Result<Vec<(i32, i64, String)>, Vec<String>> {
        let contract = (day("2026-01-01"), day("2028-01-01"));
        let price = Money::new(minor, Currency::DKK);
        amended(known, price, rest, contract, day("2026-07-01"))
            .map(|parts| {
                parts
                    .into_iter()
                    .map(|part| {
                        let day = part.falls_on.map(|day| day.to_string());
                        (part.number, part.minor, day.or(part.title).unwrap())
                    })
                    .collect()
            })
            .map_err(|problems| problems.into_iter().map(|one| one.field).collect())
    }

    #[test]
    fn what_is_invoiced_stays_and_the_rest_is_divided_anew() {
        let known = [
            part(1, 100, "2026-01-01", true),
            part(2, 100, "2026-09-01", false),
            part(3, 100, "2027-05-01", false),
        ];
        let row = |number, minor, said: &str| (number, minor, said.to_owned());
        let milestones = |parts: &[(&str, i64)]| Rest {
            instalments: None,
            milestones: Some(
                parts
                    .iter()
                    .map(|(title, minor)| NewMilestone {
                        title: (*title).to_owned(),
                        minor: *minor,
                    })
                    .collect(),
            ),
        };
        let equal = |count| Rest {
            instalments: Some(count),
            milestones: None,
        };
        for (minor, rest, expected) in [
            // Another price on the same days.
            (
                351,
                Rest::default(),
                Ok(vec![
                    row(1, 100, "2026-01-01"),
                    row(2, 126, "2026-09-01"),
                    row(3, 125, "2027-05-01"),
                ]),
            ),
            (
                300,
                equal(3),
                Ok(vec![
                    row(1, 100, "2026-01-01"),
                    row(2, 67, "2026-07-01"),
                    row(3, 67, "2027-01-01"),
                    row(4, 66, "2027-07-01"),
                ]),
            ),
            (
                300,
                milestones(&[("SWOT", 150), ("Strategy", 50)]),
                Ok(vec![
                    row(1, 100, "2026-01-01"),
                    row(2, 150, "SWOT"),
                    row(3, 50, "Strategy"),
                ]),
            ),
            (100, Rest::default(), Ok(vec![row(1, 100, "2026-01-01")])),
            (99, Rest::default(), Err(vec!["price".to_owned()])),
            (0, Rest::default(), Err(vec!["price".to_owned()])),
            (300, equal(0), Err(vec!["instalments".to_owned()])),
            (300, equal(24), Err(vec!["instalments".to_owned()])),
            (
                300,
                milestones(&[("SWOT", 199)]),
                Err(vec!["milestones".to_owned()]),
            ),
            (
                300,
                milestones(&[(" ", 200), ("Strategy", 0)]),
                Err(vec![
                    "milestones.0.title".to_owned(),
                    "milestones.1.amount".to_owned(),
                ]),
            ),
        ] {
            assert_eq!(plan(&known, minor, &rest), expected, "{minor} {rest:?}");
        }
        let both = Rest {
            instalments: Some(1),
            ..milestones(&[("SWOT", 200)])
        };
        assert_eq!(
            plan(&known, 300, &both),
            Err(vec!["instalments".to_owned()])
        );
        // The second is invoiced before the first: it keeps its number.
        let known = [
            part(1, 100, "2026-01-01", false),
            part(2, 100, "2026-09-01", true),
        ];
        assert_eq!(
            plan(&known, 260, &equal(2)),
            Ok(vec![
                row(1, 80, "2026-07-01"),
                row(2, 100, "2026-09-01"),
                row(3, 80, "2027-04-01")
            ])
        );
    }
}
