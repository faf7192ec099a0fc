//! Memberships through the public door: the steps, who may take and see them, and what the
//! database itself refuses.

use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::registry::{memberships, networks};
use serde_json::{Value, json};

use crate::registry::networks::reference;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

/// Asks a mutation of a membership for everything a test looks at; from the version that stands now
/// unless the input names another one.
pub fn step(actor: &Actor<'_>, mutation: &str, mut input: Value) -> Answer {
    if let (Some(membership), None) = (input["membershipId"].as_str(), input.get("version")) {
        input["version"] = json!(actor.app().version(membership));
    }
    let name = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation ($input: {name}!) {{ {mutation}(input: $input) {{ membership {{ id number status startsOn endsOn void endReason statementOfIntentOn decisionOn agreementOn feeWaived version }} userErrors {{ code field message }} }} }}"
    );
    actor.ask_with(&document, json!({ "input": input }))
}

/// A city that has applied: its id and that of the membership.
fn applied(app: &TestApp, name: &str) -> (CityId, String) {
    app.arrange(|tx| networks::ensure_reference(tx, &reference()));
    let city = app.city(name, "DK");
    (city, apply(app, city))
}

fn apply(app: &TestApp, city: CityId) -> String {
    let answer = step(
        &app.secretariat(),
        "applyForMembership",
        json!({ "cityId": city.public() }),
    );
    answer.done("applyForMembership", "/membership/id")
}

fn admitted(app: &TestApp, name: &str) -> (CityId, String) {
    let (city, membership) = applied(app, name);
    admit(app, &membership);
    (city, membership)
}

fn admit(app: &TestApp, membership: &str) {
    let input = json!({ "membershipId": membership, "decisionOn": "2026-03-01", "statementOfIntentOn": "2026-02-20" });
    let answer = step(&app.secretariat(), "admitCity", input);
    assert_eq!(answer.done("admitCity", "/membership/status"), "ADMITTED");
}

fn activate(app: &TestApp, membership: &str, starts_on: &str) -> Answer {
    let input =
        json!({ "membershipId": membership, "startsOn": starts_on, "agreementOn": "2026-03-10" });
    step(&app.secretariat(), "activateMembership", input)
}

pub fn active(app: &TestApp, name: &str) -> (CityId, String) {
    let (city, membership) = admitted(app, name);
    activate(app, &membership, "2026-03-15").done("activateMembership", "/membership/id");
    (city, membership)
}

fn status(actor: &Actor<'_>, city: CityId, as_of: &str) -> Value {
    let answer = actor.ask_with(
        "query ($id: ID!, $day: Date) { city(id: $id) { membershipStatus(asOf: $day) } }",
        json!({ "id": city.public(), "day": as_of }),
    );
    answer.data("/city/membershipStatus").clone()
}

crate::both_databases! {
    fn a_city_applies_is_admitted_and_begins(app: &TestApp) {
        let (city, membership) = applied(app, "Copenhagen");
        let secretariat = app.secretariat();
        assert_eq!(status(&secretariat, city, "2026-11-22"), "APPLIED");
        assert_eq!(app.anonymous().ask("{ cities { totalCount } }").data("/cities/totalCount"), 0);

        let without = json!({ "membershipId": membership, "decisionOn": "2026-03-01" });
        assert_eq!(step(&secretariat, "admitCity", without).refusals("admitCity"), [("NO_STATEMENT_OF_INTENT".to_owned(), "statementOfIntentOn".to_owned())]);
        admit(app, &membership);

        let without = json!({ "membershipId": membership, "startsOn": "2026-03-15" });
        assert_eq!(step(&secretariat, "activateMembership", without).refusals("activateMembership"), [("REQUIRED".to_owned(), "agreementOn".to_owned())]);
        let early = json!({ "membershipId": membership, "startsOn": "2026-02-28", "feeWaived": true });
        assert_eq!(step(&secretariat, "activateMembership", early).refusals("activateMembership"), [("OUT_OF_RANGE".to_owned(), "startsOn".to_owned())]);
        let answer = activate(app, &membership, "2026-03-15");
        assert_eq!(answer.data("/activateMembership/membership"), &json!({
            "id": membership, "number": 1, "status": "ACTIVE", "startsOn": "2026-03-15", "endsOn": null, "void": false, "endReason": null,
            "statementOfIntentOn": "2026-02-20", "decisionOn": "2026-03-01", "agreementOn": "2026-03-10", "feeWaived": false, "version": 3,
        }));

        for (as_of, full, public) in [
            ("2026-02-28", json!(null), json!(null)),
            ("2026-03-01", json!("ADMITTED"), json!(null)),
            ("2026-03-14", json!("ADMITTED"), json!(null)),
            ("2026-03-15", json!("ACTIVE"), json!("ACTIVE")),
            ("2026-11-22", json!("ACTIVE"), json!("ACTIVE")),
        ] {
            assert_eq!(status(&secretariat, city, as_of), full, "{as_of}");
            assert_eq!(status(&app.anonymous(), city, as_of), public, "{as_of}");
        }
        let answer = app.anonymous().ask("{ cities(filter: { status: [ACTIVE] }) { nodes { name firstJoinedOn memberships { totalCount } } } }");
        assert_eq!(answer.data("/cities/nodes"), &json!([{ "name": "Copenhagen", "firstJoinedOn": "2026-03-15", "memberships": null }]));
        let answer = app.coordinator_of(city).ask("{ memberships { nodes { city { name } network { code } events { kind effectiveOn } } } }");
        let event = |kind: &str, on: &str| json!({ "kind": kind, "effectiveOn": on });
        assert_eq!(answer.data("/memberships/nodes/0"), &json!({ "city": { "name": "Copenhagen" }, "network": { "code": "intercultural-cities" }, "events": [
            event("APPLIED", "2026-11-22"), event("ADMITTED", "2026-03-01"), event("AGREED", "2026-03-10"), event("ACTIVATED", "2026-03-15"),
        ] }));
    }

    fn admitted_and_begun_on_the_same_day(app: &TestApp) {
        let (city, membership) = admitted(app, "Lyon");
        let waived = json!({ "membershipId": membership, "startsOn": "2026-03-01", "feeWaived": true });
        step(&app.secretariat(), "activateMembership", waived).done("activateMembership", "/membership/id");
        assert_eq!(status(&app.secretariat(), city, "2026-03-01"), "ACTIVE");
        assert_eq!(status(&app.secretariat(), city, "2026-02-28"), json!(null));
    }

    fn the_status_on_a_leap_day(app: &TestApp) {
        let (city, membership) = admitted(app, "Oslo");
        activate(app, &membership, "2028-02-29").done("activateMembership", "/membership/id");
        for (as_of, expected) in [("2028-02-28", "ADMITTED"), ("2028-02-29", "ACTIVE"), ("2028-03-01", "ACTIVE")] {
            assert_eq!(status(&app.secretariat(), city, as_of), expected, "{as_of}");
        }
    }

    fn a_start_in_the_future_is_not_public_before_it_comes(app: &TestApp) {
        let (city, membership) = admitted(app, "Oslo");
        activate(app, &membership, "2027-01-01").done("activateMembership", "/membership/id");
        let visible = |app: &TestApp| app.anonymous().ask("{ cities { totalCount } }").data("/cities/totalCount").clone();
        assert_eq!(visible(app), 0);
        assert_eq!(app.anonymous().ask_with("query ($id: ID!) { city(id: $id) { name } }", json!({ "id": city.public() })).data("/city"), &json!(null));
        app.set_today(2027, 1, 1);
        assert_eq!(visible(app), 1);
        assert_eq!(status(&app.anonymous(), city, "2027-01-01"), "ACTIVE");
    }

    fn withdrawn_before_the_start_is_void(app: &TestApp) {
        let (city, membership) = admitted(app, "Oslo");
        activate(app, &membership, "2027-01-01").done("activateMembership", "/membership/id");
        let answer = step(&app.secretariat(), "withdrawMembership", json!({ "membershipId": membership }));
        let left = answer.data("/withdrawMembership/membership");
        assert_eq!((&left["status"], &left["startsOn"], &left["endsOn"], &left["void"], &left["endReason"]), (&json!("WITHDRAWN"), &json!("2027-01-01"), &json!(null), &json!(true), &json!("WITHDRAWN")));
        app.set_today(2027, 6, 1);
        assert_eq!(app.anonymous().ask("{ cities { totalCount } }").data("/cities/totalCount"), 0);
        assert_eq!(status(&app.secretariat(), city, "2027-06-01"), "WITHDRAWN");
        assert!(memberships::periods_of_city(&mut app.db(), city).unwrap()[0].active_period().is_none());
        assert!(!memberships::is_active_on(&mut app.db(), city, day(2027, 1, 1)).unwrap());
    }

    fn withdrawal_takes_notice_and_happens_once(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        let secretariat = app.secretariat();
        let early = json!({ "membershipId": membership, "noticeOn": "2026-11-20", "endsOn": "2026-11-18" });
        assert_eq!(step(&secretariat, "withdrawMembership", early).refusals("withdrawMembership"), [("OUT_OF_RANGE".to_owned(), "endsOn".to_owned())]);
        let answer = step(&secretariat, "withdrawMembership", json!({ "membershipId": membership, "noticeOn": "2026-09-30" }));
        assert_eq!(answer.data("/withdrawMembership/membership/endsOn"), "2026-12-31");
        assert_eq!(answer.data("/withdrawMembership/membership/status"), "ACTIVE");
        for ends_on in ["2026-12-31", "2026-11-30"] {
            let again = json!({ "membershipId": membership, "endsOn": ends_on });
            assert_eq!(step(&secretariat, "withdrawMembership", again).refusal("withdrawMembership"), "NOT_IN_STATE");
        }
        let mut db = app.db();
        assert!(memberships::is_active_on(&mut db, city, day(2026, 12, 31)).unwrap());
        assert!(!memberships::is_active_on(&mut db, city, day(2027, 1, 1)).unwrap());
        assert_eq!(status(&secretariat, city, "2027-01-01"), "WITHDRAWN");
        // Public only up to today: that a city is going to leave is its own affair.
        assert_eq!(status(&app.anonymous(), city, "2027-01-01"), json!(null));
    }

    fn a_membership_that_has_begun_is_not_undone(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        let secretariat = app.secretariat();
        let too_early = [
            ("expelCity", json!({ "endsOn": "2026-03-14" }), "endsOn"),
            ("expelCity", json!({ "endsOn": "2019-12-31" }), "endsOn"),
            ("lapseMembership", json!({ "endsOn": "2026-03-14" }), "endsOn"),
            ("withdrawMembership", json!({ "noticeOn": "2026-03-01", "endsOn": "2026-03-14" }), "endsOn"),
            ("withdrawMembership", json!({ "noticeOn": "2026-03-14" }), "noticeOn"),
        ];
        for (mutation, mut input, field) in too_early {
            input["membershipId"] = json!(membership);
            let answer = step(&secretariat, mutation, input);
            assert_eq!(answer.refusals(mutation), [("OUT_OF_RANGE".to_owned(), field.to_owned())], "{mutation}");
            let message = answer.text(&format!("/{mutation}/userErrors/0/message"));
            assert!(message.contains("2026-03-15"), "{message}");
        }
        let kept = memberships::get(&mut app.db(), Id::parse(&membership).unwrap()).unwrap();
        assert_eq!((kept.starts_on, kept.ends_on), (Some(day(2026, 3, 15)), None));
        assert_eq!(status(&app.anonymous(), city, "2026-03-15"), "ACTIVE");
        // The first day may be the last.
        let answer = step(&secretariat, "expelCity", json!({ "membershipId": membership, "endsOn": "2026-03-15" }));
        assert_eq!(answer.data("/expelCity/membership/endsOn"), "2026-03-15");
        assert_eq!(answer.data("/expelCity/membership/void"), false);
    }

    fn suspended_and_resumed_but_not_after_it_lapsed(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        let secretariat = app.secretariat();
        let on = |day: &str| json!({ "membershipId": membership, "effectiveOn": day });
        assert_eq!(step(&secretariat, "resumeMembership", on("2026-05-01")).refusal("resumeMembership"), "NOT_IN_STATE");
        step(&secretariat, "suspendMembership", on("2026-05-01")).done("suspendMembership", "/membership/id");
        let mut db = app.db();
        assert!(!memberships::is_active_on(&mut db, city, day(2026, 5, 1)).unwrap());
        assert!(memberships::current_of(&mut db, city, day(2026, 5, 1)).unwrap().is_some());
        step(&secretariat, "resumeMembership", on("2026-06-01")).done("resumeMembership", "/membership/id");
        let lapsed = json!({ "membershipId": membership, "endsOn": "2026-10-31" });
        let answer = step(&secretariat, "lapseMembership", lapsed);
        assert_eq!(answer.data("/lapseMembership/membership/endReason"), "LAPSED");
        assert_eq!(step(&secretariat, "suspendMembership", on("2026-11-01")).refusal("suspendMembership"), "NOT_IN_STATE");
        for (as_of, expected) in [("2026-04-30", "ACTIVE"), ("2026-05-31", "SUSPENDED"), ("2026-06-01", "ACTIVE"), ("2026-11-01", "LAPSED")] {
            assert_eq!(status(&app.anonymous(), city, as_of), expected, "{as_of}");
        }
        assert_eq!(app.anonymous().ask("{ cities(filter: { status: [LAPSED] }) { totalCount } }").data("/cities/totalCount"), 1);
    }

    fn what_has_ended_is_not_rewritten(app: &TestApp) {
        let (_, membership) = active(app, "Oslo");
        let secretariat = app.secretariat();
        let left = json!({ "membershipId": membership, "noticeOn": "2026-06-01", "endsOn": "2026-09-30" });
        step(&secretariat, "withdrawMembership", left).done("withdrawMembership", "/membership/id");
        for (mutation, field) in [("expelCity", "endsOn"), ("lapseMembership", "endsOn"), ("suspendMembership", "effectiveOn")] {
            let input = json!({ "membershipId": membership, field: "2026-08-31" });
            assert_eq!(step(&secretariat, mutation, input).refusals(mutation), [("NOT_IN_STATE".to_owned(), "membershipId".to_owned())], "{mutation}");
        }
        let kept = memberships::get(&mut app.db(), Id::parse(&membership).unwrap()).unwrap();
        assert_eq!((kept.ends_on, kept.end_reason.map(intercultural_cities::registry::memberships::MembershipEndReason::as_str)), (Some(day(2026, 10, 1)), Some("WITHDRAWN")));
        // An end that lies ahead may be overtaken.
        let (_, leaving) = active(app, "Lyon");
        step(&secretariat, "withdrawMembership", json!({ "membershipId": leaving })).done("withdrawMembership", "/membership/id");
        let answer = step(&secretariat, "expelCity", json!({ "membershipId": leaving, "endsOn": "2026-11-30" }));
        assert_eq!(answer.data("/expelCity/membership/endReason"), "EXPELLED");
        assert_eq!(answer.data("/expelCity/membership/endsOn"), "2026-11-30");
    }

    fn a_city_comes_back_in_a_new_period(app: &TestApp) {
        for (name, starts_on, between) in [("Oslo", "2026-11-01", "ACTIVE"), ("Lyon", "2026-11-02", "WITHDRAWN")] {
            let (city, membership) = active(app, name);
            let secretariat = app.secretariat();
            assert_eq!(step(&secretariat, "applyForMembership", json!({ "cityId": city.public() })).refusals("applyForMembership"), [("NOT_IN_STATE".to_owned(), "cityId".to_owned())]);
            step(&secretariat, "withdrawMembership", json!({ "membershipId": membership, "noticeOn": "2026-06-01", "endsOn": "2026-10-31" })).done("withdrawMembership", "/membership/id");
            let again = apply(app, city);
            // That a former member applies again is not public.
            let applying = "{ cities(filter: { status: [APPLIED] }) { totalCount } }";
            assert_eq!(app.anonymous().ask(applying).data("/cities/totalCount"), 0);
            assert_eq!(secretariat.ask(applying).data("/cities/totalCount"), 1);
            assert_eq!(status(&app.anonymous(), city, "2026-11-22"), "WITHDRAWN");
            admit(app, &again);
            assert_eq!(activate(app, &again, "2026-10-31").refusals("activateMembership"), [("PERIOD_OVERLAPS".to_owned(), "startsOn".to_owned())]);
            let answer = activate(app, &again, starts_on);
            assert_eq!(answer.data("/activateMembership/membership/number"), 2);
            assert_eq!(status(&app.anonymous(), city, "2026-11-01"), between);
            assert_eq!(status(&app.anonymous(), city, "2026-11-02"), "ACTIVE");
            let answer = secretariat.ask_with("query ($id: ID!) { city(id: $id) { firstJoinedOn memberships { totalCount nodes { number status startsOn endsOn } } } }", json!({ "id": city.public() }));
            assert_eq!(answer.data("/city"), &json!({ "firstJoinedOn": "2026-03-15", "memberships": { "totalCount": 2, "nodes": [
                { "number": 2, "status": "ACTIVE", "startsOn": starts_on, "endsOn": null },
                { "number": 1, "status": "WITHDRAWN", "startsOn": "2026-03-15", "endsOn": "2026-10-31" },
            ] } }));
        }
    }

    fn a_rejected_city_may_apply_again(app: &TestApp) {
        let (city, membership) = applied(app, "Oslo");
        let secretariat = app.secretariat();
        step(&secretariat, "rejectApplication", json!({ "membershipId": membership })).done("rejectApplication", "/membership/id");
        let admission = json!({ "membershipId": membership, "decisionOn": "2026-11-22", "statementOfIntentOn": "2026-11-22" });
        assert_eq!(step(&secretariat, "admitCity", admission).refusal("admitCity"), "NOT_IN_STATE");
        let answer = step(&secretariat, "applyForMembership", json!({ "cityId": city.public() }));
        assert_eq!(answer.data("/applyForMembership/membership/number"), 2);
    }

    fn a_question_becomes_an_application_in_the_same_period(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let city = app.city("Oslo", "NO");
        let secretariat = app.secretariat();
        let asked = step(&secretariat, "recordInquiry", json!({ "cityId": city.public(), "inquiredOn": "2026-10-01" }));
        let id = asked.done("recordInquiry", "/membership/id");
        assert_eq!(apply(app, city), id);
        assert_eq!(status(&secretariat, city, "2026-10-31"), "INQUIRY");
        let events = memberships::events_of_many(&mut app.db(), &[Id::parse(&id).unwrap()]).unwrap();
        assert_eq!(events.values().map(Vec::len).sum::<usize>(), 2);
    }

    fn an_agreement_may_be_recorded_by_itself(app: &TestApp) {
        let (_, membership) = admitted(app, "Oslo");
        let secretariat = app.secretariat();
        let signed = |day: &str| json!({ "membershipId": membership, "agreementOn": day });
        assert_eq!(step(&secretariat, "recordAgreement", signed("2026-11-23")).refusals("recordAgreement"), [("OUT_OF_RANGE".to_owned(), "agreementOn".to_owned())]);
        let answer = step(&secretariat, "recordAgreement", signed("2026-03-10"));
        assert_eq!(answer.data("/recordAgreement/membership/status"), "ADMITTED");
        let begun = json!({ "membershipId": membership, "startsOn": "2026-03-15" });
        step(&secretariat, "activateMembership", begun).done("activateMembership", "/membership/id");
        assert_eq!(step(&secretariat, "recordAgreement", signed("2026-03-11")).refusal("recordAgreement"), "NOT_IN_STATE");
    }

    fn all_problems_of_a_step_come_at_once(app: &TestApp) {
        let (_, membership) = applied(app, "Oslo");
        let input = json!({ "membershipId": membership, "decisionOn": "2026-12-24", "statementOfIntentOn": "1999-01-01" });
        let found = step(&app.secretariat(), "admitCity", input).refusals("admitCity");
        assert_eq!(found, [("OUT_OF_RANGE".to_owned(), "statementOfIntentOn".to_owned()), ("OUT_OF_RANGE".to_owned(), "decisionOn".to_owned())]);
        let input = json!({ "cityId": "x", "networkId": membership });
        let found = step(&app.secretariat(), "applyForMembership", input).refusals("applyForMembership");
        assert_eq!(found, [("NOT_FOUND".to_owned(), "cityId".to_owned()), ("NOT_FOUND".to_owned(), "networkId".to_owned())]);
    }

    fn a_step_from_an_older_version_is_stale(app: &TestApp) {
        let (_, membership) = admitted(app, "Oslo");
        let input = json!({ "membershipId": membership, "startsOn": "2026-03-15", "feeWaived": true, "version": 1 });
        let answer = step(&app.secretariat(), "activateMembership", input);
        assert_eq!((answer.code(), &answer.body["errors"][0]["extensions"]["currentVersion"]), ("STALE", &json!(2)));
    }

    fn only_those_who_decide_take_steps_and_only_insiders_see_them(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        let other = app.city("Lyon", "FR");
        let input = json!({ "membershipId": membership });
        for (actor, code) in [
            (app.anonymous(), "UNAUTHENTICATED"),
            (app.finance(), "FORBIDDEN"),
            (app.auditor(), "FORBIDDEN"),
            (app.coordinator_of(city), "FORBIDDEN"),
            (app.coordinator_of(other), "FORBIDDEN"),
        ] {
            assert_eq!(step(&actor, "suspendMembership", input.clone()).code(), code);
        }
        assert_eq!(app.anonymous().ask("{ memberships { totalCount } }").code(), "UNAUTHENTICATED");
        let seen = |actor: &Actor<'_>| {
            let answer = actor.ask_with(
                "query ($id: ID!, $city: ID!) { node(id: $id) { id } city(id: $city) { memberships { totalCount } } }",
                json!({ "id": membership, "city": city.public() }),
            );
            (!answer.data("/node").is_null(), !answer.data("/city/memberships").is_null())
        };
        assert_eq!(seen(&app.anonymous()), (false, false));
        assert_eq!(seen(&app.coordinator_of(other)), (false, false));
        assert_eq!(seen(&app.coordinator_of(city)), (true, true));
        assert_eq!(seen(&app.auditor()), (true, true));
        let of_other = app.coordinator_of(other).ask("{ memberships { totalCount nodes { id } } }");
        assert_eq!(of_other.data("/memberships"), &json!({ "totalCount": 0, "nodes": [] }));
    }
}
