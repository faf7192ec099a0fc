//! The rules of pairings in tables. What it is not: the database, which holds that a pair exists once.

use uuid::Uuid;

use super::*;
use crate::kernel::ids::{Id, MentorPairingId};

fn city(number: u128) -> CityId {
    CityId::of(Uuid::from_u128(number))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> Instant {
    Instant::parse("2026-11-22T12:00:00Z").unwrap()
}

fn pairing(status: PairingStatus, starts_on: &str, ends_on: Option<&str>) -> MentorPairing {
    MentorPairing {
        id: MentorPairingId::of(Uuid::from_u128(9)),
        mentor_city_id: city(1),
        mentee_city_id: city(2),
        low_city_id: city(1),
        high_city_id: city(2),
        mutual: true,
        status,
        starts_on: day(starts_on),
        ends_on: ends_on.map(day),
        goals: None,
        mentor_consent_at: None,
        mentor_consent_by: None,
        mentee_consent_at: None,
        mentee_consent_by: None,
        ended_on: None,
        end_reason: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

#[test]
fn finds_all_problems_of_a_proposal() {
    let right = NewPairing {
        mentor_city_id: city(1),
        mentee_city_id: city(2),
        area: PolicyArea::Housing,
        mutual: true,
        mentee_area: Some(PolicyArea::Police),
        starts_on: day("2026-12-01"),
        last_day: Some(day("2026-12-01")),
        goals: None,
    };
    assert!(check_new(&right).is_ok());
    let found = |new: &NewPairing| -> Vec<(RefusalCode, String)> {
        let problems = check_new(new).unwrap_err();
        problems
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect()
    };
    let wrong = NewPairing {
        mentee_city_id: city(1),
        mentee_area: None,
        last_day: Some(day("2026-11-30")),
        goals: Some("\u{0}".to_owned()),
        ..right.clone()
    };
    let expected = [
        (RefusalCode::SameCity, "menteeCityId"),
        (RefusalCode::Required, "menteeArea"),
        (RefusalCode::OutOfRange, "endsOn"),
        (RefusalCode::InvalidText, "goals"),
    ];
    assert_eq!(
        found(&wrong),
        expected.map(|(code, field)| (code, field.to_owned()))
    );
    let one_way = NewPairing {
        mutual: false,
        ..right
    };
    assert_eq!(
        found(&one_way),
        [(RefusalCode::OutOfRange, "menteeArea".to_owned())]
    );
}

#[test]
fn is_active_when_both_have_agreed_in_either_order() {
    let today = day("2026-11-22");
    for (first, second) in [(city(1), city(2)), (city(2), city(1))] {
        let proposed = pairing(PairingStatus::Proposed, "2026-12-01", None);
        let once = agreed(proposed, first, None, now(), today).unwrap();
        assert_eq!(once.status, PairingStatus::Proposed);
        let again = agreed(once.clone(), first, None, now(), today).unwrap();
        assert_eq!(again, once);
        let both = agreed(once, second, None, now(), today).unwrap();
        assert_eq!(both.status, PairingStatus::Active);
    }
    let proposed = pairing(PairingStatus::Proposed, "2026-12-01", None);
    let stranger = agreed(proposed, city(3), None, now(), today);
    assert_eq!(stranger.unwrap_err(), PairingRefusal::NotOfPair);
}

#[test]
fn ends_with_the_membership_of_a_city() {
    use PairingStatus::{Active, Ended, Proposed};
    let today = day("2026-11-22");
    for (status, starts_on, out_on, expected, ends_on) in [
        (Active, "2026-01-01", "2027-01-01", Active, "2027-01-01"),
        (Proposed, "2026-01-01", "2027-01-01", Proposed, "2027-01-01"),
        (Active, "2026-01-01", "2026-11-22", Ended, "2026-11-22"),
        (Active, "2026-01-01", "2026-11-23", Active, "2026-11-23"),
        // The end was learnt late.
        (Active, "2026-01-01", "2026-06-01", Ended, "2026-06-01"),
        (Active, "2026-07-01", "2026-06-01", Ended, "2026-07-01"),
        // It would begin when the city is out.
        (Proposed, "2027-02-01", "2027-01-01", Ended, "2027-02-01"),
        (Active, "2027-01-01", "2027-01-01", Ended, "2027-01-01"),
    ] {
        let left = left(pairing(status, starts_on, None), day(out_on), today);
        let ended_on = (expected == Ended).then_some(today);
        assert_eq!(
            (left.status, left.ends_on, left.ended_on),
            (expected, Some(day(ends_on)), ended_on),
            "{starts_on}, out on {out_on}"
        );
    }
}

#[test]
fn ends_today_or_before_it_began_and_once() {
    let today = day("2026-11-22");
    for (starts_on, ends_on, end) in [
        ("2026-01-01", None, "2026-11-22"),
        ("2026-01-01", Some("2027-01-01"), "2026-11-22"),
        ("2026-12-01", None, "2026-12-01"),
        ("2026-11-22", None, "2026-11-22"),
    ] {
        let active = pairing(PairingStatus::Active, starts_on, ends_on);
        let over = ended(active, None, today).unwrap();
        assert_eq!(
            (over.status, over.ends_on),
            (PairingStatus::Ended, Some(day(end))),
            "{starts_on}"
        );
        assert_eq!(
            ended(over, None, today).unwrap_err(),
            PairingRefusal::IsOver
        );
    }
    let lapsed = pairing(PairingStatus::Proposed, "2026-01-01", Some("2026-11-22"));
    let refusals = [
        agreed(lapsed.clone(), city(1), None, now(), today).unwrap_err(),
        ended(lapsed, None, today).unwrap_err(),
    ];
    assert!(
        refusals
            .iter()
            .all(|refusal| *refusal == PairingRefusal::NeverAgreed)
    );
    let passed = pairing(PairingStatus::Active, "2026-01-01", Some("2026-11-22"));
    assert_eq!(passed.status_on(day("2026-11-21")), PairingStatus::Active);
    assert_eq!(passed.status_on(today), PairingStatus::Ended);
    assert_eq!(
        agreed(passed, city(1), None, now(), today).unwrap_err(),
        PairingRefusal::IsOver
    );
}
