//! What becomes of a city's coordinator and deputy when it leaves, and what a member must have. What
//! it is not: the steps of a membership (`memberships`) or of an appointment (`coordinators`).

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use diesel::prelude::*;
use intercultural_cities::access::viewer::Role;
use intercultural_cities::kernel::ids::{AppointmentId, CityId, Id, NetworkId};
use intercultural_cities::registry::memberships::{self, AdoptedMembership, Step};
use intercultural_cities::registry::networks;
use intercultural_cities::schema::grants;
use serde_json::{Value, json};

use crate::registry::memberships::{active, step};
use crate::registry::networks::reference;
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day};

const APPOINT: &str = "mutation ($input: AppointCoordinatorInput!) { appointCoordinator(input: $input) { coordinator { id startsOn endsOn } userErrors { code field message } } }";

fn appoint(app: &TestApp, city: CityId, name: &str, post: Value) -> Answer {
    let mut input = json!({ "cityId": city.public(), "ftePercent": 50, "person": { "new": { "name": name, "kind": "OFFICIAL" } } });
    let fields = post.as_object().unwrap().clone();
    input.as_object_mut().unwrap().extend(fields);
    app.secretariat()
        .ask_with(APPOINT, json!({ "input": input }))
}

/// Who coordinates the city, and who is the deputy, on a day.
fn posts(app: &TestApp, city: CityId, on: &str) -> [Value; 2] {
    let answer = app.secretariat().ask_with(
        "query ($id: ID!, $on: Date) { city(id: $id) { coordinator(asOf: $on) { name } deputy(asOf: $on) { name } } }",
        json!({ "id": city.public(), "on": on }),
    );
    ["coordinator", "deputy"].map(|post| answer.data(&format!("/city/{post}")).clone())
}

fn withdrawn(app: &TestApp, membership: &str, notice_on: &str, ends_on: Option<&str>) {
    let input = json!({ "membershipId": membership, "noticeOn": notice_on, "endsOn": ends_on });
    step(&app.secretariat(), "withdrawMembership", input)
        .done("withdrawMembership", "/membership/id");
}

fn adopted(city: CityId, network: Option<NetworkId>, joined_on: NaiveDate) -> AdoptedMembership {
    AdoptedMembership {
        city,
        network,
        round: None,
        joined_on,
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: None,
        agreement_on: None,
        fee_waived: false,
    }
}

crate::both_databases! {
    fn who_leaves_has_no_coordinator_from_the_first_day_outside(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        appoint(app, city, "Kim Example", json!({ "startsOn": "2026-04-01" })).done("appointCoordinator", "/coordinator/id");
        appoint(app, city, "Robin Example", json!({ "role": "DEPUTY", "startsOn": "2027-02-01" })).done("appointCoordinator", "/coordinator/id");
        let kim = json!({ "name": "Kim Example" });
        assert_eq!(posts(app, city, "2027-03-01"), [kim.clone(), json!({ "name": "Robin Example" })]);

        withdrawn(app, &membership, "2026-09-30", None);
        assert_eq!(posts(app, city, "2026-12-31"), [kim, json!(null)]);
        assert_eq!(posts(app, city, "2027-01-01"), [json!(null), json!(null)]);
        assert_eq!(posts(app, city, "2027-03-01"), [json!(null), json!(null)], "one that lay ahead is called off");
        let trail = app.auditor().ask("{ auditTrail(filter: { action: \"coordinator.ended\" }) { totalCount } }");
        assert_eq!(trail.data("/auditTrail/totalCount"), 2);

        // Who is appointed now is appointed for as long as the city belongs to the network.
        let until = appoint(app, city, "Robin Example", json!({ "role": "DEPUTY", "startsOn": "2026-12-01" }));
        assert_eq!(until.data("/appointCoordinator/coordinator/endsOn"), "2026-12-31");
        let refused = |post: Value| appoint(app, city, "Alex Example", post).refusals("appointCoordinator");
        let not_a_member = |field: &str| vec![("NOT_A_MEMBER".to_owned(), field.to_owned())];
        assert_eq!(refused(json!({ "startsOn": "2026-12-01", "endsOn": "2027-01-01" })).last(), not_a_member("endsOn").last());
        assert_eq!(refused(json!({ "startsOn": "2027-01-01" })), not_a_member("startsOn"));
        assert_eq!(refused(json!({ "role": "DEPUTY", "startsOn": "2026-11-22", "endsOn": "2027-01-01" })).last(), not_a_member("endsOn").last());
    }

    fn expelled_and_lapsed_alike(app: &TestApp) {
        for (name, mutation) in [("Oslo", "expelCity"), ("Lyon", "lapseMembership")] {
            let (city, membership) = active(app, name);
            appoint(app, city, name, json!({ "startsOn": "2026-04-01" })).done("appointCoordinator", "/coordinator/id");
            let input = json!({ "membershipId": membership, "endsOn": "2026-11-30" });
            step(&app.secretariat(), mutation, input).done(mutation, "/membership/id");
            assert_eq!(posts(app, city, "2026-11-30")[0], json!({ "name": name }), "{mutation}");
            assert_eq!(posts(app, city, "2026-12-01")[0], json!(null), "{mutation}");
        }
    }

    fn the_access_ends_with_the_membership(app: &TestApp) {
        let (city, membership) = active(app, "Oslo");
        let post = appoint(app, city, "Kim Example", json!({ "startsOn": "2026-04-01" })).done("appointCoordinator", "/coordinator/id");
        let user = app.user_with(Role::Coordinator, Some(city), None);
        app.arrange(|tx| {
            diesel::update(grants::table.filter(grants::user_id.eq(user.user())))
                .set(grants::appointment_id.eq(Some(AppointmentId::parse(&post).unwrap())))
                .execute(tx.db)?;
            Ok(())
        });
        let people = "{ people { totalCount } }";
        assert!(user.ask(people).data("/people/totalCount").is_number());
        withdrawn(app, &membership, "2026-11-20", Some("2026-11-21"));
        // The promise is five seconds: that long a viewer may be believed without asking again.
        let promised = Instant::now() + Duration::from_secs(5);
        while user.ask(people).body.get("errors").is_none() {
            assert!(Instant::now() < promised, "the access outlives the membership");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(user.ask(people).code(), "FORBIDDEN");
    }

    fn who_still_belongs_keeps_the_coordinator(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let national = networks::all(&mut app.db()).unwrap();
        let national = national.iter().find(|network| network.kind == networks::NetworkKind::National).unwrap();
        // In another network too.
        let both = app.city("Bergen", "NO");
        let first = app.arrange(|tx| {
            memberships::adopt(tx, &adopted(both, Some(national.id), day(2020, 1, 1)))?;
            Ok(memberships::adopt(tx, &adopted(both, None, day(2020, 1, 1)))?.id())
        });
        appoint(app, both, "Kim Example", json!({ "startsOn": "2020-02-01" })).done("appointCoordinator", "/coordinator/id");
        withdrawn(app, &first.public(), "2026-11-20", Some("2026-11-21"));
        assert_eq!(posts(app, both, "2026-12-01")[0], json!({ "name": "Kim Example" }));
        // An older period that is entered afterwards has nothing to do with the posts of today.
        let again = app.city("Oslo", "NO");
        app.arrange(|tx| memberships::adopt(tx, &adopted(again, None, day(2018, 1, 1))));
        appoint(app, again, "Robin Example", json!({ "startsOn": "2018-02-01" })).done("appointCoordinator", "/coordinator/id");
        let old = AdoptedMembership {
            ended_on: Some(day(2012, 12, 31)),
            end_reason: Some(memberships::MembershipEndReason::Withdrawn),
            ..adopted(again, None, day(2010, 1, 1))
        };
        app.arrange(|tx| memberships::adopt(tx, &old));
        assert_eq!(posts(app, again, "2026-12-01")[0], json!({ "name": "Robin Example" }));
    }

    fn a_past_that_is_corrected_by_rows_keeps_the_post_of_today(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let city = app.city("Oslo", "NO");
        app.arrange(|tx| memberships::adopt(tx, &adopted(city, None, day(2010, 1, 1))));
        appoint(app, city, "Robin Example", json!({ "startsOn": "2019-02-01" })).done("appointCoordinator", "/coordinator/id");
        let old = AdoptedMembership {
            ended_on: Some(day(2012, 12, 31)),
            end_reason: Some(memberships::MembershipEndReason::Withdrawn),
            ..adopted(city, None, day(2010, 1, 1))
        };
        for row in [old, adopted(city, None, day(2018, 1, 1))] {
            app.arrange(|tx| memberships::adopt(tx, &row));
        }
        assert_eq!(posts(app, city, "2026-11-22")[0], json!({ "name": "Robin Example" }));
    }

    fn a_member_without_agreement_or_coordinator_is_told_apart(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let non_compliant = |membership: &str, on: &str| {
            let answer = app.auditor().ask_with(
                "query ($id: ID!, $on: Date) { node(id: $id) { ... on Membership { nonCompliant(asOf: $on) } } }",
                json!({ "id": membership, "on": on }),
            );
            answer.data("/node/nonCompliant").as_bool().unwrap()
        };
        let join = |name: &str, agreement_on, fee_waived| {
            let new = AdoptedMembership { agreement_on, fee_waived, ..adopted(app.city(name, "NO"), None, day(2026, 1, 1)) };
            (new.city, app.arrange(|tx| memberships::adopt(tx, &new)).id())
        };
        let (city, agreed) = join("Oslo", Some(day(2026, 1, 20)), false);
        appoint(app, city, "Kim Example", json!({ "startsOn": "2026-06-01", "endsOn": "2026-08-31" })).done("appointCoordinator", "/coordinator/id");
        for (on, expected) in [
            ("2025-12-31", false), ("2026-01-01", true), ("2026-01-19", true), ("2026-01-20", false),
            ("2026-03-01", false), ("2026-03-02", true), ("2026-05-31", true), ("2026-06-01", false),
            ("2026-08-31", false), ("2026-10-30", false), ("2026-10-31", true),
        ] {
            assert_eq!(non_compliant(&agreed.public(), on), expected, "{on}");
        }
        let (_, waived) = join("Bergen", None, true);
        assert_eq!(["2026-03-01", "2026-03-02"].map(|on| non_compliant(&waived.public(), on)), [false, true]);
        let (_, neither) = join("Lyon", None, false);
        assert!(non_compliant(&neither.public(), "2026-01-01"));
        // Nothing is blocked, and whose rights rest is not active.
        let rest = Step { membership: neither, version: None, on: Some(day(2026, 11, 1)), note: None };
        app.arrange(|tx| memberships::suspend(tx, &rest));
        assert!(!non_compliant(&neither.public(), "2026-11-22"));
        // For many members in no more statements than for one.
        let secretariat = app.secretariat();
        let ask = |first: usize| {
            let query = format!("{{ memberships(first: {first}) {{ nodes {{ nonCompliant }} }} }}");
            (0..3).map(|_| app.statements(|| { secretariat.ask(&query).data("/memberships/nodes"); })).min()
        };
        assert_eq!(ask(1), ask(3));
    }
}
