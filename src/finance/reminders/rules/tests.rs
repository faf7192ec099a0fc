//! Which reminder is due on which day.

use uuid::Uuid;

use super::*;
use crate::finance::sellers::DayCount;
use crate::kernel::ids::{CityId, Id, InvoiceId, ReminderHoldId, SellerId};
use crate::kernel::instant::Instant;
use crate::kernel::period::parse_date;

fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

fn policy() -> ReminderPolicy {
    ReminderPolicy {
        seller_id: SellerId::of(Uuid::from_u128(1)),
        reminders: true,
        first_after: 3,
        second_after: 13,
        third_after: 23,
        collection_after: Some(33),
        fee_minor: 0,
        compensation: false,
        interest: false,
        day_count: DayCount::Actual,
        tolerance_minor: 100,
        updated_at: Instant::parse("2026-03-15T12:00:00Z").unwrap(),
        version: 1,
    }
}

fn hold(kind: HoldKind, from: &str, until: Option<&str>, ended: Option<&str>) -> ReminderHold {
    let now = Instant::parse("2026-03-15T12:00:00Z").unwrap();
    ReminderHold {
        id: ReminderHoldId::of(Uuid::from_u128(2)),
        invoice_id: InvoiceId::of(Uuid::from_u128(3)),
        city_id: CityId::of(Uuid::from_u128(4)),
        kind,
        reason: "x".to_owned(),
        from_on: day(from),
        until_on: until.map(day),
        opened_by: None,
        ended_on: ended.map(day),
        ended_by: None,
        end_note: ended.map(str::to_owned),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

fn decided(on: &str, sent: &[(i32, &str)], holds: &[ReminderHold], open_minor: i64) -> Decision {
    let sent: Vec<_> = sent.iter().map(|(level, on)| (*level, day(on))).collect();
    decide(&Situation {
        on: day(on),
        kind: InvoiceKind::AnnualFee,
        in_time_until: day("2026-03-31"),
        open_minor,
        sent: &sent,
        undelivered: false,
        holds,
        policy: &policy(),
        days_between: 10,
    })
}

fn held(because: HeldBecause, until: Option<&str>) -> Decision {
    Decision::Hold {
        because,
        until: until.map(day),
    }
}

#[test]
fn levels_follow_each_other_with_the_days_of_the_law_between() {
    use HeldBecause::{AllSent, NotLate, NotYet, TooSoon};
    let (one, two, three) = ((1, "2026-04-03"), (2, "2026-04-13"), (3, "2026-04-23"));
    for (on, sent, expected) in [
        ("2026-03-31", &[][..], held(NotLate, Some("2026-04-01"))),
        ("2026-04-02", &[], held(NotYet, Some("2026-04-03"))),
        ("2026-04-03", &[], Decision::Send(1)),
        // However late it is: no level is skipped.
        ("2027-04-03", &[], Decision::Send(1)),
        ("2026-04-03", &[one], held(TooSoon, Some("2026-04-13"))),
        ("2026-04-12", &[one], held(TooSoon, Some("2026-04-13"))),
        ("2026-04-13", &[one], Decision::Send(2)),
        ("2027-04-03", &[one], Decision::Send(2)),
        ("2026-04-23", &[one, two], Decision::Send(3)),
        ("2026-05-03", &[one, two, three], Decision::Send(4)),
        (
            "2026-12-31",
            &[one, two, three, (4, "2026-05-03")],
            held(AllSent, None),
        ),
        // A day before the last reminder.
        ("2026-04-12", &[one, two], held(TooSoon, Some("2026-04-23"))),
        // Ten days are over, but not those of the seller.
        (
            "2026-04-12",
            &[(1, "2026-04-01")],
            held(NotYet, Some("2026-04-13")),
        ),
    ] {
        assert_eq!(decided(on, sent, &[], 7_500_000), expected, "{on} {sent:?}");
    }
}

#[test]
fn what_is_settled_or_little_is_not_reminded_of() {
    use HeldBecause::{NothingOpen, WithinTolerance};
    for (open, expected) in [
        (0, held(NothingOpen, None)),
        (-1, held(NothingOpen, None)),
        (100, held(WithinTolerance, None)),
        (101, Decision::Send(1)),
    ] {
        assert_eq!(decided("2026-04-10", &[], &[], open), expected, "{open}");
    }
}

#[test]
fn a_hold_holds_until_it_ends() {
    use HeldBecause::{Disputed, Paused, Promised};
    let dispute = |ended| hold(HoldKind::Dispute, "2026-04-05", None, ended);
    let promise = hold(HoldKind::Promise, "2026-04-05", Some("2026-04-20"), None);
    let pause = hold(HoldKind::Pause, "2026-04-05", Some("2026-04-25"), None);
    for (on, holds, expected) in [
        ("2026-04-04", vec![dispute(None)], Decision::Send(1)),
        ("2026-04-10", vec![dispute(None)], held(Disputed, None)),
        // Lost: it goes on at the level that was next.
        (
            "2026-04-10",
            vec![dispute(Some("2026-04-10"))],
            Decision::Send(1),
        ),
        (
            "2026-04-20",
            vec![promise.clone()],
            held(Promised, Some("2026-04-21")),
        ),
        ("2026-04-21", vec![promise.clone()], Decision::Send(1)),
        (
            "2026-04-10",
            vec![promise.clone(), pause.clone()],
            held(Paused, Some("2026-04-26")),
        ),
        (
            "2026-04-10",
            vec![promise, pause, dispute(None)],
            held(Disputed, None),
        ),
    ] {
        assert_eq!(decided(on, &[], &holds, 7_500_000), expected, "{on}");
    }
    let lost = [dispute(Some("2026-04-20"))];
    assert_eq!(
        decided("2026-04-20", &[(1, "2026-04-03")], &lost, 7_500_000),
        Decision::Send(2)
    );
}

#[test]
fn some_invoices_and_sellers_never_remind() {
    let situation = |kind, policy: &ReminderPolicy| {
        decide(&Situation {
            on: day("2026-06-01"),
            kind,
            in_time_until: day("2026-03-31"),
            open_minor: 7_500_000,
            sent: &[],
            undelivered: false,
            holds: &[],
            policy,
            days_between: 10,
        })
    };
    let (on, off) = (
        policy(),
        ReminderPolicy {
            reminders: false,
            ..policy()
        },
    );
    assert_eq!(
        situation(InvoiceKind::LateCharges, &on),
        held(HeldBecause::LateCharges, None)
    );
    assert_eq!(
        situation(InvoiceKind::Package, &off),
        held(HeldBecause::RemindersOff, None)
    );
    assert_eq!(situation(InvoiceKind::Package, &on), Decision::Send(1));
}
