//! Tests of the rules of one membership period. What it is not: several periods together.

use super::*;
use crate::kernel::period::parse_date;

fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

fn fact(text: &str) -> Fact {
    let (kind, on) = text.split_once(' ').unwrap();
    Fact {
        kind: kind.parse().unwrap(),
        on: day(on),
    }
}

/// Events in the order they were recorded: `APPLIED 2026-01-10, ADMITTED 2026-02-01`.
pub(in crate::registry::memberships) fn facts(text: &str) -> Vec<Fact> {
    let parts = text.split(", ").filter(|part| !part.is_empty());
    parts.map(fact).collect()
}

fn told(facts: &[Fact]) -> String {
    let spans: Vec<String> = timeline(facts)
        .iter()
        .map(|span| format!("{} {}", span.status, span.starts_on))
        .collect();
    spans.join(", ")
}

const MEMBER: &str = "APPLIED 2026-01-10, ADMITTED 2026-02-01, ACTIVATED 2026-03-15";

#[test]
fn the_timeline_follows_the_events() {
    for (events, spans) in [
        ("", ""),
        (
            MEMBER,
            "APPLIED 2026-01-10, ADMITTED 2026-02-01, ACTIVE 2026-03-15",
        ),
        // Admitted and begun on one day: the admission lasted no day.
        (
            "APPLIED 2026-01-10, ADMITTED 2026-02-01, ACTIVATED 2026-02-01",
            "APPLIED 2026-01-10, ACTIVE 2026-02-01",
        ),
        // The admission is dated before the application was recorded.
        (
            "APPLIED 2026-11-22, ADMITTED 2026-03-01, ACTIVATED 2026-03-15",
            "ADMITTED 2026-03-01, ACTIVE 2026-03-15",
        ),
        (
            "ACTIVATED 2026-01-01, SUSPENDED 2026-05-01, RESUMED 2026-06-01, WITHDRAWN 2027-01-01",
            "ACTIVE 2026-01-01, SUSPENDED 2026-05-01, ACTIVE 2026-06-01, WITHDRAWN 2027-01-01",
        ),
        // Suspended for no day at all.
        (
            "ACTIVATED 2026-01-01, SUSPENDED 2026-05-01, RESUMED 2026-05-01",
            "ACTIVE 2026-01-01",
        ),
        // Withdrawn before the start: it never begins.
        (
            "ADMITTED 2026-02-01, ACTIVATED 2027-01-01, WITHDRAWN 2026-11-22",
            "ADMITTED 2026-02-01, WITHDRAWN 2026-11-22",
        ),
        // Notice to leave, then expelled earlier: the earlier end holds.
        (
            "ACTIVATED 2026-01-01, WITHDRAWN 2027-01-01, EXPELLED 2026-10-01",
            "ACTIVE 2026-01-01, EXPELLED 2026-10-01",
        ),
        // An agreement changes no status, whenever it is signed.
        (
            "AGREED 2026-01-05, ADMITTED 2026-02-01, ACTIVATED 2026-02-02, AGREED 2026-04-01",
            "ADMITTED 2026-02-01, ACTIVE 2026-02-02",
        ),
    ] {
        assert_eq!(told(&facts(events)), spans, "{events}");
    }
}

#[test]
fn the_status_on_a_day() {
    let events = "ADMITTED 2028-02-01, ACTIVATED 2028-02-29, WITHDRAWN 2032-02-29";
    for (date, status) in [
        ("2028-01-31", None),
        ("2028-02-28", Some(MembershipStatus::Admitted)),
        ("2028-02-29", Some(MembershipStatus::Active)),
        ("2028-03-01", Some(MembershipStatus::Active)),
        ("2032-02-28", Some(MembershipStatus::Active)),
        ("2032-02-29", Some(MembershipStatus::Withdrawn)),
        ("2099-12-31", Some(MembershipStatus::Withdrawn)),
    ] {
        assert_eq!(status_on(&facts(events), day(date)), status, "{date}");
    }
}

#[test]
fn the_spans_cover_every_day_from_the_first_event_once() {
    let events = facts(
        "INQUIRED 2026-01-01, APPLIED 2026-01-10, ADMITTED 2026-02-01, ACTIVATED 2026-03-15, \
         SUSPENDED 2026-05-01, RESUMED 2026-06-01, LAPSED 2026-07-01",
    );
    let spans = timeline(&events);
    for pair in spans.windows(2) {
        assert_eq!(
            pair.first().unwrap().ends_on,
            Some(pair.last().unwrap().starts_on)
        );
    }
    assert_eq!(spans.last().unwrap().ends_on, None);
    assert_eq!(spans.first().unwrap().starts_on, day("2026-01-01"));
}

#[test]
fn steps_that_may_follow() {
    for (events, step) in [
        ("", "INQUIRED 2026-01-01"),
        ("", "APPLIED 2026-01-01"),
        ("INQUIRED 2026-01-01", "APPLIED 2026-01-01"),
        ("APPLIED 2026-01-10", "REJECTED 2026-02-01"),
        ("APPLIED 2026-01-10", "ADMITTED 2026-02-01"),
        // Back-dated behind the day on which the application was recorded.
        ("APPLIED 2026-11-22", "ADMITTED 2026-03-01"),
        (
            "APPLIED 2026-01-10, ADMITTED 2026-02-01",
            "ACTIVATED 2026-02-01",
        ),
        (
            "APPLIED 2026-01-10, ADMITTED 2026-02-01",
            "ACTIVATED 2030-01-01",
        ),
        (
            "APPLIED 2026-01-10, ADMITTED 2026-02-01",
            "WITHDRAWN 2026-02-02",
        ),
        (MEMBER, "SUSPENDED 2026-03-15"),
        (MEMBER, "LAPSED 2026-04-01"),
        (
            "ACTIVATED 2026-01-01, SUSPENDED 2026-05-01",
            "RESUMED 2026-06-01",
        ),
        (
            "ACTIVATED 2026-01-01, SUSPENDED 2026-05-01",
            "LAPSED 2026-06-01",
        ),
        (
            "ACTIVATED 2026-01-01, SUSPENDED 2026-05-01",
            "WITHDRAWN 2026-04-01",
        ),
        // Suspended before the day on which its notice takes effect.
        (
            "ACTIVATED 2026-01-01, WITHDRAWN 2027-01-01",
            "SUSPENDED 2026-06-01",
        ),
        (
            "ACTIVATED 2026-01-01, WITHDRAWN 2027-01-01",
            "EXPELLED 2026-06-01",
        ),
    ] {
        assert_eq!(
            check_step(&facts(events), fact(step)),
            Ok(()),
            "{events} + {step}"
        );
    }
}

#[test]
fn steps_that_may_not_follow() {
    use MembershipStatus as S;
    let not_from = |status| Err(Misstep::NotFrom(status));
    for (events, step, expected) in [
        ("", "REJECTED 2026-01-01", not_from(None)),
        ("", "SUSPENDED 2026-01-01", not_from(None)),
        (
            "APPLIED 2026-01-10",
            "ACTIVATED 2026-02-01",
            not_from(Some(S::Applied)),
        ),
        ("APPLIED 2026-01-10", "REJECTED 2026-01-09", not_from(None)),
        (
            "APPLIED 2026-01-10, REJECTED 2026-02-01",
            "ADMITTED 2026-03-01",
            not_from(Some(S::Rejected)),
        ),
        (MEMBER, "ADMITTED 2026-04-01", not_from(Some(S::Active))),
        (MEMBER, "RESUMED 2026-04-01", not_from(Some(S::Active))),
        (MEMBER, "SUSPENDED 2026-03-14", not_from(Some(S::Admitted))),
        (
            "ACTIVATED 2026-01-01, LAPSED 2026-05-01",
            "SUSPENDED 2026-05-01",
            not_from(Some(S::Lapsed)),
        ),
        (
            "ACTIVATED 2026-01-01, LAPSED 2026-05-01",
            "ACTIVATED 2026-06-01",
            not_from(Some(S::Lapsed)),
        ),
        (
            "ACTIVATED 2026-01-01, WITHDRAWN 2026-05-01",
            "WITHDRAWN 2026-05-01",
            not_from(Some(S::Withdrawn)),
        ),
        (
            "ACTIVATED 2026-01-01, SUSPENDED 2026-05-01",
            "SUSPENDED 2026-04-01",
            Err(Misstep::Before(fact("SUSPENDED 2026-05-01"))),
        ),
        (
            "ADMITTED 2026-02-01",
            "ACTIVATED 2026-01-01",
            Err(Misstep::Before(fact("ADMITTED 2026-02-01"))),
        ),
    ] {
        assert_eq!(
            check_step(&facts(events), fact(step)),
            expected,
            "{events} + {step}"
        );
    }
}

#[test]
fn what_has_begun_is_not_undone() {
    let today = day("2026-11-22");
    for (events, out_on, least) in [
        // The first day was a day of the membership, so it is the earliest last one.
        (MEMBER, "2026-03-14", Some("2026-03-15")),
        (MEMBER, "2026-03-15", Some("2026-03-15")),
        (MEMBER, "2026-03-16", None),
        (MEMBER, "2026-11-22", None),
        (MEMBER, "2027-01-01", None),
        ("ACTIVATED 2026-11-22", "2026-11-22", Some("2026-11-22")),
        ("ACTIVATED 2026-11-22", "2026-11-23", None),
        // A start that lies ahead can be called off.
        (
            "ADMITTED 2026-02-01, ACTIVATED 2026-11-23",
            "2026-02-01",
            None,
        ),
        (
            "ADMITTED 2026-02-01, ACTIVATED 2026-11-23",
            "2026-11-23",
            None,
        ),
        (
            "ACTIVATED 2026-03-15, WITHDRAWN 2027-01-01",
            "2026-03-01",
            Some("2026-03-15"),
        ),
        (
            "APPLIED 2026-01-10, ADMITTED 2026-02-01",
            "2026-01-01",
            None,
        ),
    ] {
        assert_eq!(
            check_not_undone(&facts(events), day(out_on), today),
            least.map_or(Ok(()), |least| Err(day(least))),
            "{events}, out on {out_on}"
        );
    }
}

#[test]
fn the_period_runs_from_the_start_to_the_end() {
    for (events, period) in [
        ("APPLIED 2026-01-10, ADMITTED 2026-02-01", None),
        (MEMBER, Some(("2026-03-15", None))),
        (
            "ACTIVATED 2026-01-01, SUSPENDED 2026-05-01, WITHDRAWN 2027-01-01",
            Some(("2026-01-01", Some("2027-01-01"))),
        ),
        (
            "ACTIVATED 2026-01-01, WITHDRAWN 2027-01-01, LAPSED 2026-10-01",
            Some(("2026-01-01", Some("2026-10-01"))),
        ),
        // Void.
        (
            "ADMITTED 2026-02-01, ACTIVATED 2027-01-01, WITHDRAWN 2026-11-22",
            Some(("2027-01-01", Some("2027-01-01"))),
        ),
        (
            "ADMITTED 2026-02-01, ACTIVATED 2027-01-01, WITHDRAWN 2027-01-01",
            Some(("2027-01-01", Some("2027-01-01"))),
        ),
    ] {
        let period = period.map(|(from, until)| Period::new(day(from), until.map(day)).unwrap());
        assert_eq!(membership_period(&facts(events)), period, "{events}");
    }
}

#[test]
fn what_stands_at_the_end() {
    use MembershipStatus as S;
    for (events, status) in [
        ("", None),
        ("APPLIED 2026-01-10", Some(S::Applied)),
        (
            "ACTIVATED 2026-01-01, WITHDRAWN 2099-01-01",
            Some(S::Withdrawn),
        ),
        ("APPLIED 2026-11-22, ADMITTED 2026-03-01", Some(S::Admitted)),
        (
            "ADMITTED 2026-02-01, ACTIVATED 2027-01-01, WITHDRAWN 2026-11-22",
            Some(S::Withdrawn),
        ),
    ] {
        assert_eq!(final_status(&facts(events)), status, "{events}");
    }
    let end = end_of(&facts(
        "ACTIVATED 2026-01-01, WITHDRAWN 2027-01-01, EXPELLED 2026-06-01",
    ));
    assert_eq!(end, Some(fact("EXPELLED 2026-06-01")));
}

#[test]
fn notice_takes_effect_at_the_turn_of_a_year() {
    for (notice, out) in [
        ("2026-01-01", "2027-01-01"),
        ("2026-09-30", "2027-01-01"),
        ("2026-10-01", "2028-01-01"),
        ("2026-12-31", "2028-01-01"),
        ("2027-11-30", "2029-01-01"),
        ("2028-02-29", "2029-01-01"),
    ] {
        assert_eq!(
            out_after_notice(day(notice), NOTICE_MONTHS),
            Ok(day(out)),
            "{notice}"
        );
    }
}
