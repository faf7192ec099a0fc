//! What of a contract may be amended. Pure. What it is not: whether units are there to be taken; the
//! accounts know that.

use chrono::{Days, NaiveDate};

use crate::kernel::period::{Period, add_months};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::amendments::model::{Change, Units};
use crate::programme::packages::model::Package;
use crate::programme::packages::rules::MOST_UNITS;

/// The most months of one extension.
const MOST_MONTHS: i32 = 24;
/// The most months of one pause.
const MOST_PAUSE: u32 = 6;

/// Checks what is to be changed by itself.
///
/// # Errors
/// `Required` for a change of nothing; `OutOfRange` for too much; `PeriodOverlaps` for a second pause on
/// the same days.
pub(super) fn check(
    change: &Change,
    package: &Package,
    pauses: &[Period],
) -> Result<(), Vec<Refusal>> {
    match change {
        Change::Units { taken, given } => check_units(*taken, *given),
        Change::Extension { months } if (1..=MOST_MONTHS).contains(months) => Ok(()),
        Change::Extension { .. } => Err(vec![Refusal::new(
            RefusalCode::OutOfRange,
            "months",
            format!("A package is extended by 1 to {MOST_MONTHS} months."),
            format!("En pakke forlænges med 1 til {MOST_MONTHS} måneder."),
        )]),
        Change::Pause(pause) => check_pause(*pause, package, pauses).map_err(|one| vec![one]),
    }
}

fn check_units(taken: Option<Units>, given: Option<Units>) -> Result<(), Vec<Refusal>> {
    let mut problems = Vec::new();
    if taken.is_none() && given.is_none() {
        problems.push(Refusal::new(
            RefusalCode::Required,
            "take",
            "Say which units are taken or given.",
            "Sig, hvilke enheder der tages eller gives.",
        ));
    }
    for (field, units) in [("take.units", taken), ("give.units", given)] {
        if units.is_some_and(|units| !(1..=MOST_UNITS).contains(&units.count)) {
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                field,
                format!("From 1 to {MOST_UNITS} units are taken or given."),
                format!("Der tages eller gives fra 1 til {MOST_UNITS} enheder."),
            ));
        }
    }
    if taken
        .zip(given)
        .is_some_and(|(taken, given)| taken.kind == given.kind)
    {
        problems.push(Refusal::new(
            RefusalCode::Ambiguous,
            "give.kind",
            "Units are exchanged for another kind; to give or take, name only one side.",
            "Enheder byttes til en anden slags; for at give eller tage nævnes kun den ene side.",
        ));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn check_pause(pause: Period, package: &Package, pauses: &[Period]) -> Result<(), Refusal> {
    let longest = add_months(pause.from(), MOST_PAUSE).ok();
    let until = pause.until();
    let inside = pause.from() >= package.starts_on
        && until.zip(longest).is_some_and(|(until, longest)| {
            until > pause.from() && until <= longest && until <= package.ends_on
        });
    if !inside {
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "pause",
            format!(
                "A package rests for at most {MOST_PAUSE} months, between its first and its last day."
            ),
            format!("En pakke hviler højst {MOST_PAUSE} måneder, mellem sin første og sidste dag."),
        ));
    }
    if pauses.iter().any(|other| other.overlaps(&pause)) {
        return Err(Refusal::new(
            RefusalCode::PeriodOverlaps,
            "pause",
            "The package rests on some of these days already.",
            "Pakken hviler allerede på nogle af disse dage.",
        ));
    }
    Ok(())
}

/// The end and the day of loss of a package after a change of its time; none where the calendar ends.
#[must_use]
pub(super) fn moved(change: &Change, package: &Package) -> Option<(NaiveDate, NaiveDate)> {
    match change {
        Change::Units { .. } => Some((package.ends_on, package.expires_on)),
        Change::Extension { months } => {
            let months = u32::try_from(*months).ok()?;
            let later = |day| add_months(day, months).ok();
            later(package.ends_on).zip(later(package.expires_on))
        }
        Change::Pause(pause) => {
            let days = Days::new(u64::try_from(pause.days()?).ok()?);
            let later = |day: NaiveDate| day.checked_add_days(days);
            later(package.ends_on).zip(later(package.expires_on))
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, Id, PackageId};
    use crate::kernel::instant::Instant;
    use crate::programme::packages::model::PackageState;
    use crate::programme::reference::DeliverableKind;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn package() -> Package {
        let now = Instant::parse("2026-03-15T09:00:00Z").unwrap();
        Package {
            id: PackageId::of(Uuid::from_u128(1)),
            city_id: CityId::of(Uuid::from_u128(2)),
            state: PackageState::Enrolled,
            currency: "DKK".to_owned(),
            price_minor: 37_500_000,
            starts_on: day("2026-03-15"),
            ends_on: day("2028-03-15"),
            covers_annual_fee: true,
            instalments: 4,
            terminated_on: None,
            expires_on: day("2028-06-15"),
            different_hosts: false,
            approval: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    fn pause(first: &str, last: &str) -> Change {
        Change::Pause(Period::of_days(day(first), day(last)).unwrap())
    }

    const fn units(kind: DeliverableKind, count: i32) -> Units {
        Units { kind, count }
    }

    #[test]
    fn what_can_be_changed() {
        use DeliverableKind::{PolicyAnalysis, StudyVisit};
        let rests = [Period::of_days(day("2027-01-01"), day("2027-01-31")).unwrap()];
        let change = |taken, given| Change::Units { taken, given };
        for (change, refused) in [
            (
                change(Some(units(StudyVisit, 1)), Some(units(PolicyAnalysis, 1))),
                "",
            ),
            (change(None, Some(units(PolicyAnalysis, 20))), ""),
            (change(Some(units(PolicyAnalysis, 1)), None), ""),
            (change(None, None), "take"),
            (change(Some(units(StudyVisit, 0)), None), "take.units"),
            (change(None, Some(units(StudyVisit, 21))), "give.units"),
            (
                change(Some(units(StudyVisit, 1)), Some(units(StudyVisit, 2))),
                "give.kind",
            ),
            (Change::Extension { months: 1 }, ""),
            (Change::Extension { months: 24 }, ""),
            (Change::Extension { months: 0 }, "months"),
            (Change::Extension { months: 25 }, "months"),
            (pause("2026-06-01", "2026-11-30"), ""),
            (pause("2026-06-01", "2026-12-01"), "pause"),
            (pause("2026-03-14", "2026-04-01"), "pause"),
            (pause("2028-03-01", "2028-03-15"), "pause"),
            (pause("2026-12-01", "2027-01-01"), "pause"),
            (pause("2026-12-01", "2026-12-31"), ""),
        ] {
            let found = check(&change, &package(), &rests);
            let fields: Vec<String> = found
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|problem| problem.field)
                .collect();
            assert_eq!(fields.join(","), refused, "{change:?}");
        }
    }

    #[test]
    fn the_end_moves_by_the_months_or_by_the_days_of_the_rest() {
        for (change, ends_on, expires_on) in [
            (Change::Extension { months: 3 }, "2028-06-15", "2028-09-15"),
            (
                pause("2026-06-01", "2026-06-30"),
                "2028-04-14",
                "2028-07-15",
            ),
        ] {
            let found = moved(&change, &package());
            assert_eq!(found, Some((day(ends_on), day(expires_on))), "{change:?}");
        }
    }
}
