//! What a package is expected to take, as a table.

use uuid::Uuid;

use super::*;
use crate::kernel::ids::{CityId, Id, PackageId};
use crate::kernel::instant::Instant;
use crate::programme::activities::rules;
use crate::programme::reference::Reference;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn frame(today: &str) -> Frame {
    Frame {
        starts_on: day("2026-03-15"),
        lapses_on: day("2028-03-15"),
        pauses: Vec::new(),
        today: day(today),
    }
}

/// The nine units, without days.
fn units() -> Vec<Activity> {
    let now = Instant::parse("2026-03-15T09:00:00Z").unwrap();
    let offer = Reference::compiled_in().unwrap().deliverables;
    let kinds = offer
        .iter()
        .map(|row| (row.kind, i32::try_from(row.units).unwrap()));
    let kinds: Vec<_> = kinds.collect();
    (1..)
        .zip(rules::units(&kinds))
        .map(|(number, unit)| {
            let id = ActivityId::of(Uuid::from_u128(number));
            let (city, package) = (
                CityId::of(Uuid::from_u128(1)),
                PackageId::of(Uuid::from_u128(2)),
            );
            rules::planned(id, city, Some(package), unit, now)
        })
        .collect()
}

fn of(activities: &mut [Activity], kind: ActivityKind) -> &mut Activity {
    activities.iter_mut().find(|one| one.kind == kind).unwrap()
}

fn dated(activity: &mut Activity, first: &str, last: &str, status: ActivityStatus) {
    activity.starts_on = Some(day(first));
    activity.ends_on = Some(plus(day(last), 1));
    activity.status = status;
}

fn step<'a>(timeline: &'a Timeline, activities: &[Activity], kind: ActivityKind) -> &'a Step {
    let wanted = activities.iter().find(|one| one.kind == kind).unwrap().id;
    timeline
        .steps
        .iter()
        .find(|step| step.activity == wanted)
        .unwrap()
}

fn days(step: &Step) -> (String, String) {
    (step.starts_on.to_string(), step.ends_on.to_string())
}

#[test]
fn on_the_first_day_the_longest_chain_decides() {
    let activities = units();
    let found = timeline(&activities, &frame("2026-03-15"));
    assert_eq!(found.steps.len(), 9);
    // Index 90 days, visit 60 days and 14 for its acceptance, report 60 days.
    let of = |kind| days(step(&found, &activities, kind));
    let row = |first: &str, last: &str| (first.to_owned(), last.to_owned());
    assert_eq!(of(ActivityKind::Index), row("2026-03-15", "2026-06-12"));
    assert_eq!(
        of(ActivityKind::ExpertVisit),
        row("2026-06-13", "2026-08-11")
    );
    assert_eq!(
        of(ActivityKind::SwotReport),
        row("2026-08-26", "2026-10-24")
    );
    assert_eq!(
        of(ActivityKind::VisionWorkshop),
        row("2026-06-13", "2026-07-27")
    );
    assert_eq!(found.ends_on, day("2026-10-24"));
    assert_eq!(found.late_by, -507);
    for kind in ActivityKind::ALL.iter().take(7) {
        use ActivityKind::{ExpertVisit, Index, SwotReport};
        let critical = matches!(kind, Index | ExpertVisit | SwotReport);
        assert_eq!(
            step(&found, &activities, *kind).is_critical,
            critical,
            "{kind}"
        );
    }
    assert_eq!(
        step(&found, &activities, ActivityKind::SwotReport)
            .blocked_by
            .len(),
        1
    );
    assert!(
        found
            .steps
            .iter()
            .all(|step| step.is_expected && !step.is_late)
    );
}

#[test]
fn agreed_days_hold_unless_they_come_too_early() {
    let mut activities = units();
    let index = of(&mut activities, ActivityKind::Index);
    dated(index, "2026-05-01", "2026-05-31", ActivityStatus::Confirmed);
    let visit = of(&mut activities, ActivityKind::ExpertVisit);
    dated(visit, "2026-05-20", "2026-05-22", ActivityStatus::Confirmed);
    let found = timeline(&activities, &frame("2026-04-01"));
    let visit = step(&found, &activities, ActivityKind::ExpertVisit);
    assert!(visit.is_expected && visit.blocked_by.len() == 1);
    assert_eq!(visit.starts_on, day("2026-06-01"));

    let visit = of(&mut activities, ActivityKind::ExpertVisit);
    dated(visit, "2026-06-01", "2026-06-03", ActivityStatus::Confirmed);
    let found = timeline(&activities, &frame("2026-04-01"));
    let visit = step(&found, &activities, ActivityKind::ExpertVisit);
    assert_eq!(
        days(visit),
        ("2026-06-01".to_owned(), "2026-06-03".to_owned())
    );
    assert!(!visit.is_expected);
    let swot = step(&found, &activities, ActivityKind::SwotReport);
    assert_eq!(swot.starts_on, day("2026-06-18"));
}

#[test]
fn what_is_begun_late_is_late_and_what_is_done_is_not() {
    let mut activities = units();
    let index = of(&mut activities, ActivityKind::Index);
    dated(index, "2026-05-01", "2026-05-31", ActivityStatus::Accepted);
    index.accepted_on = Some(day("2026-06-10"));
    let found = timeline(&activities, &frame("2027-12-01"));
    assert!(!step(&found, &activities, ActivityKind::Index).is_critical);
    assert!(step(&found, &activities, ActivityKind::SwotReport).is_late);
    assert!(!step(&found, &activities, ActivityKind::StudyVisit).is_late);
    // 1 December + 60 days, 14 for the acceptance, 60 for the report: 12 April.
    assert_eq!((found.ends_on, found.late_by), (day("2028-04-13"), 30));

    let workshop = of(&mut activities, ActivityKind::VisionWorkshop);
    dated(
        workshop,
        "2027-10-01",
        "2027-10-01",
        ActivityStatus::Confirmed,
    );
    let found = timeline(&activities, &frame("2027-12-01"));
    assert!(step(&found, &activities, ActivityKind::VisionWorkshop).is_late);
}

#[test]
fn in_a_pause_nothing_begins() {
    let activities = units();
    let pauses = vec![Period::of_days(day("2026-04-01"), day("2026-06-30")).unwrap()];
    let rests = Frame {
        pauses,
        ..frame("2026-04-10")
    };
    let found = timeline(&activities, &rests);
    assert!(
        found
            .steps
            .iter()
            .all(|step| step.starts_on >= day("2026-07-01"))
    );
    assert_eq!(timeline(&[], &rests).ends_on, rests.starts_on);
}
