//! The interest on a claim that is paid late: simple, on what is owed day by day, by the rate of each
//! half-year (Interest Act, section 5), rounded once. Pure. What it is not: whether it is charged.
//!
//! The day after the last day to pay in time is the first that counts, and the day of payment the last:
//! due on 1 June and paid on 1 August is 61 days. What is paid or credited on a day lessens the claim from
//! the next day on.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::finance::fees::{danish, english};
use crate::finance::legal::{HalfYear, LegalData, Term};
use crate::finance::sellers::DayCount;
use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// A claim on a city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What was invoiced, in minor units.
    pub total_minor: i64,
    /// The day that it is due; it never changes.
    pub due_on: NaiveDate,
    /// The last day on which a payment is in time: the due day, or the next banking day.
    pub in_time_until: NaiveDate,
    /// What was paid and credited, and given back (below zero), each with the day it counts from.
    pub settlements: Vec<(NaiveDate, i64)>,
}

impl Claim {
    /// What is owed at the end of a day; never below zero.
    #[must_use]
    pub fn open_on(&self, day: NaiveDate) -> i64 {
        let settled = self
            .settlements
            .iter()
            .filter(|(on, _)| *on <= day)
            .fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
        self.total_minor.saturating_sub(settled).max(0)
    }
}

/// Days with one amount and one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The first day that counts.
    pub first_day: NaiveDate,
    /// The last day that counts.
    pub last_day: NaiveDate,
    /// How many days these are by the day count.
    pub days: i64,
    /// What was owed, in minor units.
    pub principal_minor: i64,
    /// The rate with the surcharge, in basis points a year.
    pub rate_bp: i64,
}

/// The interest on a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// What it is made of, in the order of time.
    pub segments: Vec<Segment>,
    /// How the days were counted.
    pub day_count: DayCount,
    /// The whole in minor units, rounded once; nothing when it is less than one unit.
    pub minor: i64,
}

impl Interest {
    /// The sum in words: `75.000,00 × 9,90 % × 29/365 + …`.
    #[must_use]
    pub fn in_words(&self, currency: Currency) -> Phrase {
        let year = days_of_year(self.day_count);
        let in_language = |written: fn(Money) -> String, point: &str| {
            let parts: Vec<String> = self
                .segments
                .iter()
                .map(|segment| {
                    let principal = written(Money::new(segment.principal_minor, currency));
                    let rate = percent(segment.rate_bp).replace('.', point);
                    format!("{principal} × {rate} % × {}/{year}", segment.days)
                })
                .collect();
            format!("{} ({})", parts.join(" + "), self.day_count.printed())
        };
        Phrase::new(in_language(english, "."), in_language(danish, ","))
    }
}

/// The interest on a claim up to and with a day; nothing when that day is in time.
///
/// # Errors
/// A refusal that names the half-year whose rate is not known, and one when the amount does not fit.
pub fn interest(
    claim: &Claim,
    until: NaiveDate,
    day_count: DayCount,
    legal: &LegalData,
) -> Result<Interest, Refusal> {
    let mut segments = Vec::new();
    let mut from = claim.in_time_until;
    for cut in cuts(claim, until) {
        let principal_minor = claim.open_on(from);
        let days = days_between(from, cut, day_count);
        if principal_minor > 0 && days > 0 {
            let first_day = from.succ_opt().unwrap_or(from);
            segments.push(Segment {
                first_day,
                last_day: cut,
                days,
                principal_minor,
                rate_bp: rate(claim, first_day, legal)?,
            });
        }
        from = cut;
    }
    let minor = rounded(&segments, day_count).ok_or_else(too_large)?;
    Ok(Interest {
        segments,
        day_count,
        minor,
    })
}

/// The last days of the segments: before what is owed or the rate changes, and the very last.
fn cuts(claim: &Claim, until: NaiveDate) -> BTreeSet<NaiveDate> {
    let mut cuts = BTreeSet::new();
    if until <= claim.in_time_until {
        return cuts;
    }
    let within = |day: NaiveDate| day > claim.in_time_until && day < until;
    cuts.extend(
        claim
            .settlements
            .iter()
            .map(|(on, _)| *on)
            .filter(|day| within(*day)),
    );
    let mut last_day = HalfYear::of(claim.in_time_until).last_day();
    while last_day < until {
        if within(last_day) {
            cuts.insert(last_day);
        }
        let Some(next) = last_day.succ_opt() else {
            break;
        };
        last_day = HalfYear::of(next).last_day();
    }
    cuts.insert(until);
    cuts
}

fn rate(claim: &Claim, day: NaiveDate, legal: &LegalData) -> Result<i64, Refusal> {
    let reference = legal.rates.of(HalfYear::of(day))?;
    let surcharge = legal.terms.of(Term::InterestSurcharge, claim.due_on)?;
    Ok(reference.saturating_add(surcharge).max(0))
}

/// The days after one day up to and with another. Months of 30 days count the 31st with the 30th
/// (30E/360, also called the Eurobond basis).
fn days_between(from: NaiveDate, until: NaiveDate, day_count: DayCount) -> i64 {
    match day_count {
        DayCount::Actual => until.signed_duration_since(from).num_days(),
        DayCount::Thirty => thirtieths(until) - thirtieths(from),
    }
}

fn thirtieths(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 360 + i64::from(day.month()) * 30 + i64::from(day.day().min(30))
}

const fn days_of_year(day_count: DayCount) -> i64 {
    match day_count {
        DayCount::Actual => 365,
        DayCount::Thirty => 360,
    }
}

/// The sum of the segments, rounded half up once. Less than one unit is nothing.
fn rounded(segments: &[Segment], day_count: DayCount) -> Option<i64> {
    let below = i128::from(days_of_year(day_count)).checked_mul(10_000)?;
    let mut above = 0_i128;
    for segment in segments {
        let part = i128::from(segment.principal_minor)
            .checked_mul(i128::from(segment.days))?
            .checked_mul(i128::from(segment.rate_bp))?;
        above = above.checked_add(part)?;
    }
    if above < below {
        return Some(0);
    }
    let doubled = above.checked_mul(2)?.checked_add(below)?;
    i64::try_from(doubled / below.checked_mul(2)?).ok()
}

/// Basis points as per cent with two decimals: 990 is `9.90`.
pub(super) fn percent(bp: i64) -> String {
    format!("{}.{:02}", bp / 100, bp % 100)
}

fn too_large() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "",
        "The interest is too large to be counted.",
        "Renten er for stor til at kunne beregnes.",
    )
}

#[cfg(test)]
mod tests;
