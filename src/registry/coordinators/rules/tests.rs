//! Tables of what an appointment may be. What it is not: what the database holds; that is tested
//! in `tests/it/registry/coordinators.rs`.

use super::*;
use crate::kernel::ids::{AppointmentId, CityId, Id, PersonId};
use crate::kernel::instant::Instant;
use crate::kernel::period::parse_date;

fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

/// `2026-01-01..2027-01-01`, or `2026-01-01..` without end.
fn span(text: &str) -> Period {
    let (from, until) = text.split_once("..").unwrap();
    Period::new(day(from), (!until.is_empty()).then(|| day(until))).unwrap()
}

fn post(span_text: &str, fte_percent: i32) -> Appointment {
    let period = span(span_text);
    let nil = uuid::Uuid::nil();
    let now = Instant::parse("2026-11-22T12:00:00Z").unwrap();
    Appointment {
        id: AppointmentId::of(nil),
        city_id: CityId::of(nil),
        person_id: PersonId::of(nil),
        role: AppointmentRole::Coordinator,
        fte_percent,
        starts_on: period.from(),
        ends_on: period.until(),
        office: None,
        name_withheld: false,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

#[test]
fn posts_add_up_to_full_time_on_every_day() {
    for (name, others, wanted, fte, refused) in [
        ("full time alone", &[][..], "2026-01-01..", 100, None),
        (
            "33+33+34",
            &[("2026-01-01..", 33), ("2026-01-01..", 33)],
            "2026-01-01..",
            34,
            None,
        ),
        (
            "33+33+35",
            &[("2026-01-01..", 33), ("2026-01-01..", 33)],
            "2026-01-01..",
            35,
            Some(("2026-01-01", 34)),
        ),
        (
            "60 then 60 beside 40",
            &[("2026-01-01..2026-07-01", 60), ("2026-07-01..", 60)],
            "2026-01-01..",
            40,
            None,
        ),
        (
            "60 then 60 beside 41",
            &[("2026-01-01..2026-07-01", 60), ("2026-07-01..", 60)],
            "2026-01-01..",
            41,
            Some(("2026-01-01", 40)),
        ),
        (
            "a later one is too much",
            &[("2026-07-01..", 61)],
            "2026-01-01..",
            40,
            Some(("2026-07-01", 39)),
        ),
        (
            "overlap by one day",
            &[("2026-01-01..2026-07-02", 80)],
            "2026-07-01..",
            40,
            Some(("2026-07-01", 20)),
        ),
        (
            "disjoint",
            &[("2026-01-01..2026-07-01", 80)],
            "2026-07-01..",
            100,
            None,
        ),
        (
            "before the others",
            &[("2026-07-01..", 80)],
            "2026-01-01..2026-07-01",
            100,
            None,
        ),
        (
            "one that was called off",
            &[("2026-07-01..2026-07-01", 80)],
            "2026-01-01..",
            100,
            None,
        ),
    ] {
        let others: Vec<_> = others.iter().map(|(span, fte)| post(span, *fte)).collect();
        let expected = match refused {
            None => Ok(()),
            Some((on, free)) => Err(AppointmentRefusal::FteExceeded { on: day(on), free }),
        };
        assert_eq!(check_fte(&span(wanted), fte, &others), expected, "{name}");
    }
}

#[test]
fn terms_are_checked_together() {
    let terms = |fte_percent, starts_on, last_day: Option<&str>| Terms {
        fte_percent,
        starts_on,
        last_day: last_day.map(day),
        office: None,
        name_withheld: false,
    };
    let checked = check_terms(&terms(100, day("2026-01-01"), Some("2026-01-01"))).unwrap();
    assert_eq!(checked.period, span("2026-01-01..2026-01-02"));
    assert!(check_terms(&terms(1, day("2026-01-01"), None)).is_ok());

    let ancient = NaiveDate::from_ymd_opt(1999, 12, 31).unwrap();
    for (terms, fields) in [
        (terms(0, day("2026-01-01"), None), &["ftePercent"][..]),
        (
            terms(101, day("2026-01-02"), Some("2026-01-01")),
            &["ftePercent", "endsOn"],
        ),
        (terms(50, ancient, None), &["startsOn"]),
    ] {
        let found: Vec<_> = check_terms(&terms)
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(found, fields, "{terms:?}");
    }
}

#[test]
fn an_appointment_ends_once_and_not_before_it_begins() {
    for (appointment, last_day, expected) in [
        ("2026-01-01..", "2026-03-31", Ok("2026-04-01")),
        ("2026-01-01..2027-01-01", "2026-03-31", Ok("2026-04-01")),
        ("2026-01-01..", "2025-12-31", Ok("2026-01-01")),
        ("2026-01-01..", "2025-12-30", Err(RefusalCode::OutOfRange)),
        (
            "2026-01-01..2026-04-01",
            "2026-03-31",
            Err(RefusalCode::NotInState),
        ),
        (
            "2026-01-01..2026-04-01",
            "2026-12-31",
            Err(RefusalCode::NotInState),
        ),
    ] {
        let ended = end_of(&post(appointment, 50), day(last_day));
        assert_eq!(
            ended.map_err(|refusal| refusal.code),
            expected.map(day),
            "{appointment} {last_day}"
        );
    }
}

#[test]
fn a_successor_begins_while_the_old_one_lasts() {
    for (old, starts_on, fits) in [
        ("2026-01-01..", "2026-06-01", true),
        ("2026-01-01..", "2026-01-01", true),
        ("2026-01-01..", "2025-12-31", false),
        ("2026-01-01..2026-06-01", "2026-06-01", true),
        ("2026-01-01..2026-06-01", "2026-06-02", false),
    ] {
        let checked = check_succession(&post(old, 50), day(starts_on));
        assert_eq!(checked.is_ok(), fits, "{old} {starts_on}");
    }
}

#[test]
fn a_post_lasts_no_longer_than_the_membership() {
    for (asked, out_on, expected) in [
        ("2026-01-01..", None, Ok("2026-01-01..")),
        (
            "2026-01-01..",
            Some("2027-01-01"),
            Ok("2026-01-01..2027-01-01"),
        ),
        (
            "2026-01-01..2026-07-01",
            Some("2027-01-01"),
            Ok("2026-01-01..2026-07-01"),
        ),
        (
            "2026-01-01..2027-01-01",
            Some("2027-01-01"),
            Ok("2026-01-01..2027-01-01"),
        ),
        (
            "2026-01-01..2027-01-02",
            Some("2027-01-01"),
            Err(AppointmentRefusal::Outlasts(day("2027-01-01"))),
        ),
        (
            "2026-01-01..",
            Some("2026-01-01"),
            Err(AppointmentRefusal::NotAMember(day("2026-01-01"))),
        ),
    ] {
        let found = within(span(asked), out_on.map(day));
        assert_eq!(found, expected.map(span), "{asked} {out_on:?}");
    }
}

fn duty_of(member: &[&str], posts: &[&str]) -> Duty {
    let spans = |texts: &[&str]| texts.iter().map(|text| span(text)).collect();
    Duty {
        member: spans(member),
        posts: spans(posts),
    }
}

#[test]
fn a_vacancy_begins_with_the_membership_or_the_end_of_the_last_post() {
    for (member, posts, on, expected) in [
        (&["2026-01-01.."][..], &[][..], "2025-12-31", None),
        (&["2026-01-01.."], &[], "2026-01-01", Some("2026-01-01")),
        (&["2026-01-01.."], &["2026-03-02.."], "2026-03-02", None),
        (
            &["2026-01-01.."],
            &["2026-03-02.."],
            "2026-03-01",
            Some("2026-01-01"),
        ),
        (
            &["2026-01-01.."],
            &["2026-02-01..2026-06-01"],
            "2026-05-31",
            None,
        ),
        (
            &["2026-01-01.."],
            &["2026-02-01..2026-06-01"],
            "2026-06-01",
            Some("2026-06-01"),
        ),
        // Called off, over before the membership, or still to come: nobody held the post.
        (
            &["2026-01-01.."],
            &["2026-06-01..2026-06-01"],
            "2026-07-30",
            Some("2026-01-01"),
        ),
        (
            &["2026-01-01.."],
            &["2024-01-01..2025-01-01"],
            "2026-03-02",
            Some("2026-01-01"),
        ),
        (
            &["2026-01-01.."],
            &["2026-09-01.."],
            "2026-03-02",
            Some("2026-01-01"),
        ),
    ] {
        let found = vacant_from(&duty_of(member, posts), day(on));
        assert_eq!(found, expected.map(day), "{member:?} {posts:?} {on}");
    }
}

#[test]
fn a_member_without_a_gap_begins_no_new_vacancy() {
    for (member, posts, on, expected) in [
        // Who has left has no duty; readmitted after a gap, it begins anew.
        (&["2020-01-01..2022-01-01"][..], &[][..], "2022-01-01", None),
        (
            &["2020-01-01..2022-01-01", "2024-05-01.."],
            &[],
            "2023-01-01",
            None,
        ),
        (
            &["2020-01-01..2022-01-01", "2024-05-01.."],
            &[],
            "2024-06-01",
            Some("2024-05-01"),
        ),
        (
            &["2024-05-01..", "2020-01-01..2022-01-01"],
            &[],
            "2021-06-01",
            Some("2020-01-01"),
        ),
        (
            &["2020-01-01..2022-01-01", "2022-01-02.."],
            &[],
            "2022-01-02",
            Some("2022-01-02"),
        ),
        // Without a day between them it stays a member: suspended, readmitted, or of another network.
        (
            &["2020-01-01..2022-01-01", "2022-01-01.."],
            &[],
            "2022-06-01",
            Some("2020-01-01"),
        ),
        (
            &["2020-01-01..2022-01-01", "2021-01-01.."],
            &[],
            "2022-06-01",
            Some("2020-01-01"),
        ),
        (
            &["2020-01-01..", "2021-01-01..2021-06-01"],
            &[],
            "2022-06-01",
            Some("2020-01-01"),
        ),
        (
            &["2020-01-01..", "2021-01-01..2021-06-01"],
            &["2020-01-01..2021-03-01"],
            "2022-06-01",
            Some("2021-03-01"),
        ),
        (
            &["2020-01-01..", "2020-01-01.."],
            &[],
            "2020-01-01",
            Some("2020-01-01"),
        ),
        // A membership without days is none.
        (
            &["2020-01-01..2020-01-01", "2020-01-02.."],
            &[],
            "2020-01-02",
            Some("2020-01-02"),
        ),
    ] {
        let found = vacant_from(&duty_of(member, posts), day(on));
        assert_eq!(found, expected.map(day), "{member:?} {posts:?} {on}");
    }
}

#[test]
fn a_vacancy_is_too_long_from_the_sixtieth_day() {
    for (posts, on, expected) in [
        (&[][..], "2025-12-31", false),
        (&[], "2026-03-01", false),
        (&[], "2026-03-02", true),
        (&["2026-03-02.."], "2026-03-02", false),
        (&["2026-02-01..2026-06-01"], "2026-07-30", false),
        (&["2026-02-01..2026-06-01"], "2026-07-31", true),
    ] {
        let duty = duty_of(&["2026-01-01.."], posts);
        let found = vacant_too_long(&duty, day(on));
        assert_eq!(found, expected, "{posts:?} {on}");
    }
}
