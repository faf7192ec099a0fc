//! The rules of expert visits in tables. What it is not: calendars; those need a database.

use uuid::Uuid;

use super::*;
use crate::kernel::ids::{ExpertId, ExpertVisitId, Id};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(first: &str, last: &str) -> Period {
    Period::of_days(day(first), day(last)).unwrap()
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap()
}

#[test]
fn finds_all_problems_of_a_new_visit() {
    let expert = |number| ExpertId::of(Uuid::from_u128(number));
    let new = NewExpertVisit {
        city_id: CityId::of(Uuid::from_u128(9)),
        starts_on: day("2026-03-15"),
        last_day: day("2026-03-14"),
        theme: " ".to_owned(),
        expert_ids: vec![expert(1), expert(2), expert(1)],
        package_id: None,
    };
    let found: Vec<_> = check_new(&new)
        .unwrap_err()
        .into_iter()
        .map(|problem| (problem.code, problem.field))
        .collect();
    let expected = [
        (RefusalCode::OutOfRange, "endsOn"),
        (RefusalCode::Required, "theme"),
        (RefusalCode::OutOfRange, "expertIds"),
        (RefusalCode::ExpertDoubleBooked, "expertIds.2"),
    ];
    assert_eq!(
        found,
        expected.map(|(code, field)| (code, field.to_owned()))
    );
}

#[test]
fn experts_go_elsewhere_and_when_they_are_available() {
    let (home, other) = (
        CityId::of(Uuid::from_u128(1)),
        CityId::of(Uuid::from_u128(2)),
    );
    let expert = Readiness {
        own_cities: vec![home],
        available_from: Some(day("2026-03-01")),
        available_until: Some(day("2026-04-01")),
    };
    let visit = days("2026-03-01", "2026-03-31");
    assert_eq!(hindrances(0, &expert, other, &visit), []);
    assert_eq!(
        hindrances(1, &expert, home, &visit),
        [ExpertVisitRefusal::ConflictOfInterest(1)]
    );
    for (first, last) in [("2026-02-28", "2026-03-01"), ("2026-03-31", "2026-04-01")] {
        let found = hindrances(0, &expert, other, &days(first, last));
        assert!(
            matches!(found.as_slice(), [ExpertVisitRefusal::Unavailable(0, ..)]),
            "{first} {found:?}"
        );
    }
    let always = Readiness {
        own_cities: Vec::new(),
        available_from: None,
        available_until: None,
    };
    assert_eq!(hindrances(0, &always, home, &visit), []);
}

#[test]
fn a_free_day_is_enough_to_travel_and_none_is_not() {
    for row in [
        // No clock change, same zone.
        "Europe/Copenhagen Europe/Paris 2026-06-01 2026-06-02 2026-06-04 enough",
        "Europe/Copenhagen Europe/Paris 2026-06-01 2026-06-02 2026-06-03 short",
        // The free day is the one of 23 hours; and the one of 25.
        "Europe/Copenhagen Europe/Paris 2026-03-27 2026-03-28 2026-03-30 enough",
        "Europe/Copenhagen Europe/Paris 2026-03-27 2026-03-28 2026-03-29 short",
        "Europe/Copenhagen Europe/Paris 2026-10-23 2026-10-24 2026-10-26 enough",
        "Europe/Copenhagen Europe/Paris 2026-10-24 2026-10-25 2026-10-26 short",
        // Eastwards on the night that loses an hour, the widest case in Europe.
        "Atlantic/Azores Asia/Nicosia 2026-03-28 2026-03-28 2026-03-30 enough",
        "Atlantic/Azores Asia/Nicosia 2026-03-28 2026-03-28 2026-03-29 short",
        // Westwards hours are won, but no day.
        "Asia/Nicosia Atlantic/Azores 2026-10-24 2026-10-24 2026-10-25 short",
        "Australia/Melbourne Pacific/Honolulu 2026-06-01 2026-06-02 2026-06-03 short",
        // Eastwards over the date line a free day by the calendars is enough, and none is not.
        "America/Mexico_City Australia/Melbourne 2026-06-01 2026-06-02 2026-06-04 enough",
        "America/Mexico_City Australia/Melbourne 2026-06-01 2026-06-02 2026-06-03 short",
        "Pacific/Honolulu Pacific/Kiritimati 2026-06-01 2026-06-02 2026-06-04 enough",
    ] {
        let words: Vec<&str> = row.split(' ').collect();
        let [before, after, first, last, next, outcome] = words[..] else {
            panic!("{row}");
        };
        let enough = outcome == "enough";
        let earlier = taken(&days(first, last), zone(before)).unwrap();
        let later = taken(&days(next, next), zone(after)).unwrap();
        assert_eq!(
            earlier.travel_until <= later.travel_from,
            enough,
            "{before} {last}, {after} {next}"
        );
        assert!(earlier.ends_at <= later.starts_at || !enough);
    }
}

#[test]
fn only_what_is_planned_and_not_over_is_cancelled() {
    let ends_at = Instant::parse("2026-03-16T23:00:00Z").unwrap();
    let visit = |status| ExpertVisit {
        id: ExpertVisitId::of(Uuid::from_u128(1)),
        city_id: CityId::of(Uuid::from_u128(2)),
        package_id: None,
        theme: "Housing".to_owned(),
        starts_on: day("2026-03-15"),
        starts_month: 24_315,
        ends_on: day("2026-03-17"),
        time_zone: "Europe/Copenhagen".to_owned(),
        ends_at,
        status,
        cancelled_on: None,
        cancel_reason: None,
        created_at: ends_at,
        updated_at: ends_at,
        version: 1,
    };
    let during = ends_at.plus(chrono::TimeDelta::hours(-1));
    for (status, now, outcome) in [
        (VisitStatus::Planned, during, Ok(())),
        (
            VisitStatus::Planned,
            ends_at,
            Err(ExpertVisitRefusal::IsHeld),
        ),
        (
            VisitStatus::Cancelled,
            during,
            Err(ExpertVisitRefusal::IsCancelled),
        ),
    ] {
        assert_eq!(check_cancel(&visit(status), now), outcome, "{status}");
    }
}
