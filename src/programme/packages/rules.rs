//! When a city may be enrolled and for how long. What it is not: whether another package is in the
//! way at the same moment; the database holds that.

use chrono::NaiveDate;

use crate::kernel::period::{DateRefusal, Period, check_date};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::model::{Enrolment, Package, Tailoring};
use crate::programme::reference::{Deliverable, DeliverableKind};
use crate::registry::memberships::{MembershipStatus, Standing, first_day_without};

/// How many calendar months a package lasts (the network's memo of 2010).
pub const MONTHS: u32 = 24;

/// The most months after the end of a package in which its units can be used.
pub const MOST_GRACE: u32 = 6;

/// The most units of a kind in a package.
pub const MOST_UNITS: i32 = 20;

/// Why a city is not enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageRefusal {
    /// The city has a package on one of the days.
    Overlaps,
    /// There is no such city.
    NoCity,
    /// The package was ended before its time already.
    Ended,
    /// The city is neither admitted nor a member on this day.
    NotAMember(NaiveDate),
}

impl From<PackageRefusal> for Refusal {
    fn from(refusal: PackageRefusal) -> Self {
        match refusal {
            PackageRefusal::Overlaps => Self::new(
                RefusalCode::PeriodOverlaps,
                "startsOn",
                "The city has a package on some of these days; let the next one begin on the day after its last.",
                "Byen har en pakke på nogle af disse dage; lad den næste begynde dagen efter dens sidste.",
            ),
            PackageRefusal::NoCity => Self::new(
                RefusalCode::NotFound,
                "cityId",
                "There is no city with this id.",
                "Der findes ingen by med dette id.",
            ),
            PackageRefusal::Ended => Self::new(
                RefusalCode::NotInState,
                "packageId",
                "The package was ended already.",
                "Pakken er allerede afsluttet.",
            ),
            PackageRefusal::NotAMember(day) => Self::new(
                RefusalCode::NotAMember,
                "cityId",
                format!(
                    "The city is neither admitted nor an active member on {day}; admit it first or choose another start."
                ),
                format!(
                    "Byen er hverken optaget eller aktivt medlem den {day}; optag den først, eller vælg en anden start."
                ),
            ),
        }
    }
}

/// The days of a package that starts on the day: 24 calendar months, clamped to the end of the
/// month, so that a package of 29 February 2028 has its last day on 27 February 2030.
///
/// # Errors
/// [`DateRefusal::OutOfRange`] outside the years 2000 to 2100.
pub fn period(starts_on: NaiveDate) -> Result<Period, DateRefusal> {
    Period::of_months(check_date(starts_on)?, MONTHS)
}

/// Checks an enrolment and finds its days; finds all problems.
///
/// # Errors
/// `OutOfRange` for a start that is not believable, for other than 1 to 24 instalments and for a
/// negative price.
pub fn check(enrolment: &Enrolment) -> Result<Period, Vec<Refusal>> {
    let mut problems = Vec::new();
    let period = period(enrolment.starts_on)
        .map_err(|refusal| {
            let phrase = refusal.phrase();
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                "startsOn",
                phrase.en,
                phrase.da,
            ));
        })
        .ok();
    if !u32::try_from(enrolment.instalments).is_ok_and(|count| (1..=MONTHS).contains(&count)) {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "instalments",
            format!("A package is paid in 1 to {MONTHS} instalments."),
            format!("En pakke betales i 1 til {MONTHS} rater."),
        ));
    }
    if enrolment.price.is_negative() {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "price",
            "The price cannot be negative.",
            "Prisen kan ikke være negativ.",
        ));
    }
    if !u32::try_from(enrolment.grace_months).is_ok_and(|months| months <= MOST_GRACE) {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "graceMonths",
            format!("Units are used at most {MOST_GRACE} months after the end."),
            format!("Enheder bruges højst {MOST_GRACE} måneder efter slutningen."),
        ));
    }
    if let Some(tailored) = &enrolment.tailored {
        check_tailoring(tailored, &mut problems);
    }
    period.filter(|_| problems.is_empty()).ok_or(problems)
}

/// A package of another content holds something, each kind once.
fn check_tailoring(tailored: &Tailoring, problems: &mut Vec<Refusal>) {
    let listed = &tailored.deliverables;
    if listed.is_empty() {
        problems.push(Refusal::new(
            RefusalCode::Required,
            "deliverables",
            "A package delivers something; leave the list out for the offer as it stands.",
            "En pakke leverer noget; udelad listen for tilbuddet, som det er.",
        ));
    }
    for (place, (kind, units)) in listed.iter().enumerate() {
        if !(1..=MOST_UNITS).contains(units) {
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                format!("deliverables.{place}.units"),
                format!("A package has from 1 to {MOST_UNITS} units of a kind; leave out what it does not have."),
                format!("En pakke har fra 1 til {MOST_UNITS} enheder af en slags; udelad, hvad den ikke har."),
            ));
        }
        if listed.iter().take(place).any(|(other, _)| other == kind) {
            problems.push(Refusal::new(
                RefusalCode::Ambiguous,
                format!("deliverables.{place}.kind"),
                format!("{kind} is on the list twice."),
                format!("{kind} står på listen to gange."),
            ));
        }
    }
    if tailored.approval.is_empty() {
        problems.push(Refusal::new(
            RefusalCode::Required,
            "approval",
            "Say who approved that the package differs from the offer, and where it is written.",
            "Sig, hvem der har godkendt, at pakken afviger fra tilbuddet, og hvor det står.",
        ));
    }
}

/// The first day on which what was not used of a package is lost.
///
/// # Errors
/// As [`period`].
pub fn expires_on(period: &Period, grace_months: i32) -> Result<NaiveDate, DateRefusal> {
    let grace = u32::try_from(grace_months).unwrap_or_default();
    let with_grace = Period::of_months(period.from(), MONTHS.saturating_add(grace))?;
    with_grace.until().ok_or(DateRefusal::OutOfRange)
}

/// Checks that units of a package can be used on these days: not before its first, not after the last one
/// of its grace, and not in a pause.
///
/// # Errors
/// `OutOfRange` with the days that can be chosen, `PeriodOverlaps` with the pause.
pub fn check_days(package: &Package, pauses: &[Period], days: Period) -> Result<(), Refusal> {
    let last = package.lapses_on();
    if days.from() < package.starts_on || days.until().is_none_or(|until| until > last) {
        let first = package.starts_on;
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "startsOn",
            format!("Units of this package are used from {first} and before {last}."),
            format!("Enheder i denne pakke bruges fra {first} og før {last}."),
        ));
    }
    match pauses.iter().find(|pause| pause.overlaps(&days)) {
        None => Ok(()),
        Some(pause) => {
            let (first, last) = (pause.from(), pause.ends_on().unwrap_or(pause.from()));
            Err(Refusal::new(
                RefusalCode::PeriodOverlaps,
                "startsOn",
                format!("The package rests from {first} to {last}."),
                format!("Pakken hviler fra {first} til {last}."),
            ))
        }
    }
}

/// The first day outside of a package that is ended with its `last` day, when today is `today`: never a
/// day to come, so that what it is does not depend on the day it is looked at.
///
/// # Errors
/// `OutOfRange` for a last day before the day before its first, after yesterday, or not before its own.
pub fn ended_after(
    period: &Period,
    last: NaiveDate,
    today: NaiveDate,
) -> Result<NaiveDate, Refusal> {
    let end = last.succ_opt().filter(|end| {
        *end >= period.from() && *end <= today && period.until().is_none_or(|until| *end < until)
    });
    end.ok_or_else(|| {
        Refusal::new(
            RefusalCode::OutOfRange,
            "endsOn",
            "A package is ended on a day from the day before its first to yesterday, and before its last.",
            "En pakke afsluttes på en dag fra dagen før dens første til i går, og før dens sidste.",
        )
    })
}

/// Checks that the city is admitted or an active member on every day, so that a city that is known to
/// leave before the end, or that comes back after a gap, is not enrolled.
///
/// # Errors
/// `NotAMember` with the first day on which it is neither.
pub fn check_membership(standings: &[Standing], period: &Period) -> Result<(), PackageRefusal> {
    use MembershipStatus::{Active, Admitted};
    let entitled = |status| matches!(status, Active | Admitted);
    match first_day_without(standings, period, entitled) {
        None => Ok(()),
        Some(day) => Err(PackageRefusal::NotAMember(day)),
    }
}

/// The deliverables of the offer as a contract keeps them.
///
/// # Errors
/// A fault of the reference data when a number does not fit.
pub fn snapshot(
    offer: &[Deliverable],
) -> Result<Vec<(DeliverableKind, i32)>, std::num::TryFromIntError> {
    offer
        .iter()
        .map(|row| Ok((row.kind, i32::try_from(row.units)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, Id, MembershipId, NetworkId};
    use crate::kernel::money::{Currency, Money};
    use crate::programme::reference::Reference;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn enrolment(starts_on: &str, instalments: i32, price_minor: i64) -> Enrolment {
        Enrolment {
            city: CityId::of(Uuid::from_u128(1)),
            starts_on: day(starts_on),
            covers_annual_fee: true,
            instalments,
            price: Money::new(price_minor, Currency::DKK),
            grace_months: 0,
            different_hosts: false,
            tailored: None,
        }
    }

    #[test]
    fn a_package_lasts_24_calendar_months() {
        for (starts_on, until, last_day, days) in [
            ("2026-03-15", "2028-03-15", "2028-03-14", 731),
            ("2026-08-31", "2028-08-31", "2028-08-30", 731),
            ("2026-11-30", "2028-11-30", "2028-11-29", 731),
            ("2028-02-29", "2030-02-28", "2030-02-27", 730),
        ] {
            let period = check(&enrolment(starts_on, 4, 37_500_000)).unwrap();
            assert_eq!(period.until(), Some(day(until)), "{starts_on}");
            assert_eq!(period.ends_on(), Some(day(last_day)), "{starts_on}");
            assert_eq!(period.days(), Some(days), "{starts_on}");
        }
    }

    #[test]
    fn a_package_is_ended_within_its_days_and_not_ahead() {
        let period = period(day("2026-03-15")).unwrap();
        for (last, today, end) in [
            ("2026-03-14", "2026-04-01", Some("2026-03-15")),
            ("2026-03-13", "2026-04-01", None),
            ("2026-03-31", "2026-04-01", Some("2026-04-01")),
            ("2026-04-01", "2026-04-01", None),
            ("2028-03-13", "2029-01-01", Some("2028-03-14")),
            ("2028-03-14", "2029-01-01", None),
        ] {
            let found = ended_after(&period, day(last), day(today)).ok();
            assert_eq!(found, end.map(day), "{last} {today}");
        }
    }

    #[test]
    fn all_problems_are_found() {
        for (enrolment, fields) in [
            (enrolment("2026-03-15", 1, 0), vec![]),
            (enrolment("2026-03-15", 24, 1), vec![]),
            (enrolment("2026-03-15", 7, 1), vec![]),
            (enrolment("2026-03-15", 25, 1), vec!["instalments"]),
            (
                enrolment("1999-12-31", 0, -1),
                vec!["startsOn", "instalments", "price"],
            ),
        ] {
            let found: Vec<String> = check(&enrolment)
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|problem| problem.field)
                .collect();
            assert_eq!(found, fields);
        }
    }

    #[test]
    fn the_city_is_in_the_network_on_every_day() {
        use MembershipStatus::{Active, Admitted, Suspended, Withdrawn};
        let standing = |status, starts_on: &str, ends_on: Option<&str>| Standing {
            city_id: CityId::of(Uuid::from_u128(1)),
            network_id: NetworkId::of(Uuid::from_u128(2)),
            membership_id: MembershipId::of(Uuid::from_u128(3)),
            starts_on: day(starts_on),
            ends_on: ends_on.map(day),
            status,
            public_status: None,
        };
        let period = period(day("2026-03-15")).unwrap();
        for (standings, refused) in [
            (vec![], Some("2026-03-15")),
            (vec![standing(Active, "2026-03-15", None)], None),
            (
                vec![standing(Active, "2026-03-16", None)],
                Some("2026-03-15"),
            ),
            (
                vec![
                    standing(Admitted, "2026-01-01", Some("2026-06-01")),
                    standing(Active, "2026-06-01", None),
                ],
                None,
            ),
            (
                vec![
                    standing(Active, "2026-01-01", Some("2028-03-14")),
                    standing(Withdrawn, "2028-03-14", None),
                ],
                Some("2028-03-14"),
            ),
            (
                vec![standing(Suspended, "2026-01-01", None)],
                Some("2026-03-15"),
            ),
            (
                vec![
                    standing(Active, "2026-01-01", Some("2027-01-01")),
                    standing(Withdrawn, "2027-01-01", Some("2027-03-01")),
                    standing(Active, "2027-03-01", None),
                ],
                Some("2027-01-01"),
            ),
        ] {
            let expected = refused.map_or(Ok(()), |on| Err(PackageRefusal::NotAMember(day(on))));
            assert_eq!(check_membership(&standings, &period), expected);
        }
    }

    #[test]
    fn the_snapshot_has_seven_kinds_and_nine_units() {
        let reference = Reference::compiled_in().unwrap();
        let snapshot = snapshot(&reference.deliverables).unwrap();
        assert_eq!(snapshot.len(), 7);
        assert_eq!(snapshot.iter().map(|(_, units)| units).sum::<i32>(), 9);
    }
}
