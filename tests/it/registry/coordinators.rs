//! Appointments through the public door: what the database holds under races, what the public
//! reads, and what ends with an appointment.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use diesel::prelude::*;
use intercultural_cities::access::viewer::Role;
use intercultural_cities::kernel::adoption::{Adopted, Given};
use intercultural_cities::kernel::error::Error;
use intercultural_cities::kernel::ids::{
    AppointmentId, CityId, Id, MembershipId, NetworkId, PersonId,
};
use intercultural_cities::registry::coordinators::{self, AppointmentRole, AppointmentRow};
use intercultural_cities::registry::people::PersonRow;
use intercultural_cities::schema::{
    cities, grants, membership_spans, memberships, networks, users,
};
use serde_json::{Value, json};

use crate::registry::people::person;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

const APPOINT: &str = "mutation ($input: AppointCoordinatorInput!) { appointCoordinator(input: $input) { coordinator { id name role fte startsOn endsOn version } userErrors { code field message } } }";
const REPLACE: &str = "mutation ($input: ReplaceCoordinatorInput!) { replaceCoordinator(input: $input) { coordinator { id name startsOn endsOn version } userErrors { code field message } } }";
const END: &str = "mutation ($input: EndAppointmentInput!) { endAppointment(input: $input) { coordinator { startsOn endsOn version } userErrors { code field message } } }";

/// A city that is a member since the beginning of 2026.
pub fn member(app: &TestApp, name: &str) -> CityId {
    let city = app.city(name, "DK");
    let since = day(2026, 1, 1);
    app.arrange(|tx| {
        let network: NetworkId = tx.new_id();
        let membership: MembershipId = tx.new_id();
        diesel::insert_into(networks::table)
            .values((
                networks::id.eq(network),
                networks::code.eq(name),
                networks::kind.eq("INTERNATIONAL"),
                networks::name_en.eq(name),
                networks::name_da.eq(name),
                networks::created_at.eq(tx.now),
                networks::updated_at.eq(tx.now),
            ))
            .execute(tx.db)?;
        diesel::insert_into(memberships::table)
            .values((
                memberships::id.eq(membership),
                memberships::city_id.eq(city),
                memberships::network_id.eq(network),
                memberships::number.eq(1),
                memberships::fee_waived.eq(false),
                memberships::starts_on.eq(Some(since)),
                memberships::created_at.eq(tx.now),
                memberships::updated_at.eq(tx.now),
                memberships::version.eq(1),
            ))
            .execute(tx.db)?;
        diesel::insert_into(membership_spans::table)
            .values((
                membership_spans::membership_id.eq(membership),
                membership_spans::starts_on.eq(since),
                membership_spans::city_id.eq(city),
                membership_spans::network_id.eq(network),
                membership_spans::status.eq("ACTIVE"),
            ))
            .execute(tx.db)?;
        diesel::update(cities::table.find(city))
            .set(cities::public_since.eq(Some(since)))
            .execute(tx.db)?;
        Ok(city)
    })
}

fn post(city: CityId, person: PersonId, fte: i32, starts_on: &str, ends_on: Option<&str>) -> Value {
    json!({ "cityId": city.public(), "person": { "id": person.public() }, "ftePercent": fte, "startsOn": starts_on, "endsOn": ends_on })
}

fn appoint(actor: &Actor<'_>, input: Value) -> Answer {
    actor.ask_with(APPOINT, json!({ "input": input }))
}

fn replacement(id: &str, version: i32, person: PersonId, starts_on: &str) -> Value {
    json!({ "id": id, "version": version, "person": { "id": person.public() }, "ftePercent": 50, "startsOn": starts_on })
}

fn coordinator_on(actor: &Actor<'_>, city: CityId, on: &str) -> Value {
    let query = "query ($id: ID!, $on: Date) { city(id: $id) { coordinator(asOf: $on) { name } } }";
    let answer = actor.ask_with(query, json!({ "id": city.public(), "on": on }));
    answer.data("/city/coordinator").clone()
}

/// The refusal codes of two requests at once, in order; none is an empty text.
fn race(app: &TestApp, inputs: [Value; 2]) -> [String; 2] {
    let send = |input: Value| {
        let refusals = appoint(&app.secretariat(), input).refusals("appointCoordinator");
        refusals
            .first()
            .map_or_else(String::new, |refusal| refusal.0.clone())
    };
    let [first, second] = inputs;
    let mut codes = std::thread::scope(|scope| {
        let other = scope.spawn(|| send(first));
        [send(second), other.join().unwrap()]
    });
    codes.sort();
    codes
}

crate::both_databases! {
    fn a_city_has_one_coordinator_and_one_deputy_at_a_time(app: &TestApp) {
        let city = member(app, "Oslo");
        let (anna, bo, cai) = (person(app, "Anna", None), person(app, "Bo", None), person(app, "Cai", None));
        let secretariat = app.secretariat();
        let answer = appoint(&secretariat, post(city, anna, 50, "2026-02-01", Some("2026-12-31")));
        assert_eq!(answer.done("appointCoordinator", "/coordinator/endsOn"), "2026-12-31");

        let overlap = appoint(&secretariat, post(city, bo, 50, "2026-12-31", None));
        assert_eq!(overlap.refusal("appointCoordinator"), "COORDINATOR_EXISTS");
        appoint(&secretariat, post(city, bo, 50, "2027-01-01", None)).done("appointCoordinator", "/coordinator/id");
        assert_eq!(coordinator_on(&secretariat, city, "2026-12-31"), json!({ "name": "Anna" }));
        assert_eq!(coordinator_on(&secretariat, city, "2027-01-01"), json!({ "name": "Bo" }));
        assert_eq!(coordinator_on(&secretariat, city, "2026-01-31"), json!(null));

        let mut deputy = post(city, cai, 20, "2026-02-01", None);
        deputy["role"] = json!("DEPUTY");
        appoint(&secretariat, deputy.clone()).done("appointCoordinator", "/coordinator/id");
        assert_eq!(appoint(&secretariat, deputy).refusals("appointCoordinator")[0].0, "DEPUTY_EXISTS");
        let answer = app.anonymous().ask_with("query ($id: ID!) { city(id: $id) { coordinator { name } deputy { name role fte } } }", json!({ "id": city.public() }));
        assert_eq!(
            answer.data("/city"),
            &json!({ "coordinator": { "name": "Anna" }, "deputy": { "name": "Cai", "role": "DEPUTY", "fte": 20 } })
        );
    }

    fn of_two_coordinators_at_once_one_is_appointed(app: &TestApp) {
        let city = member(app, "Oslo");
        let (anna, bo) = (person(app, "Anna", None), person(app, "Bo", None));
        let codes = race(app, [post(city, anna, 50, "2026-02-01", None), post(city, bo, 50, "2026-03-01", None)]);
        assert_eq!(codes, ["", "COORDINATOR_EXISTS"]);
        assert_eq!(app.secretariat().ask("{ coordinators { totalCount } }").data("/coordinators/totalCount"), &json!(1));
    }

    fn of_two_posts_at_once_that_are_too_much_together_one_is_given(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        let anna = person(app, "Anna", None);
        let codes = race(app, [post(oslo, anna, 60, "2026-02-01", None), post(lyon, anna, 60, "2026-03-01", None)]);
        assert_eq!(codes, ["", "FTE_EXCEEDED"]);
    }

    fn posts_of_a_person_add_up_to_full_time(app: &TestApp) {
        let cities: Vec<_> = ["Oslo", "Lyon", "Bergen", "Vejle"].iter().map(|name| member(app, name)).collect();
        let anna = person(app, "Anna", None);
        let secretariat = app.secretariat();
        for (city, fte) in [(cities[0], 33), (cities[1], 33)] {
            appoint(&secretariat, post(city, anna, fte, "2026-02-01", None)).done("appointCoordinator", "/coordinator/id");
        }
        let answer = appoint(&secretariat, post(cities[2], anna, 35, "2026-01-01", None));
        assert_eq!(answer.refusals("appointCoordinator"), [("FTE_EXCEEDED".to_owned(), "ftePercent".to_owned())]);
        appoint(&secretariat, post(cities[2], anna, 34, "2026-01-01", None)).done("appointCoordinator", "/coordinator/id");
        let before = post(cities[3], anna, 66, "2026-01-01", Some("2026-01-31"));
        appoint(&secretariat, before).done("appointCoordinator", "/coordinator/id");
    }

    fn what_is_wrong_with_an_appointment_is_said_at_once(app: &TestApp) {
        let known = app.city("Oslo", "NO");
        let anna = person(app, "Anna", None);
        let secretariat = app.secretariat();
        let answer = appoint(&secretariat, post(known, anna, 50, "2026-02-01", None));
        assert_eq!(answer.refusals("appointCoordinator"), [("NOT_A_MEMBER".to_owned(), "startsOn".to_owned())]);
        let city = member(app, "Lyon");
        assert_eq!(appoint(&secretariat, post(city, anna, 50, "2025-12-31", None)).refusal("appointCoordinator"), "NOT_A_MEMBER");

        let input = json!({ "cityId": city.public(), "person": { "new": { "name": " ", "kind": "OFFICIAL" } }, "ftePercent": 0, "startsOn": "2026-02-01", "endsOn": "2026-01-31" });
        let expected = [("REQUIRED", "person.new.name"), ("OUT_OF_RANGE", "ftePercent"), ("OUT_OF_RANGE", "endsOn")];
        assert_eq!(appoint(&secretariat, input).refusals("appointCoordinator"), expected.map(|(code, field)| (code.to_owned(), field.to_owned())));

        let taken = json!({ "cityId": city.public(), "person": { "new": { "name": "Anna Two", "kind": "OFFICIAL", "email": "anna@example.org" } }, "ftePercent": 100, "startsOn": "2026-02-01" });
        assert_eq!(appoint(&secretariat, taken).refusals("appointCoordinator"), [("EMAIL_TAKEN".to_owned(), "person.new.email".to_owned())]);
        let missing = post(city, PersonId::of(uuid::Uuid::from_u128(1)), 50, "2026-02-01", None);
        assert_eq!(appoint(&secretariat, missing).refusals("appointCoordinator"), [("NOT_FOUND".to_owned(), "person.id".to_owned())]);

        let fresh = json!({ "cityId": city.public(), "person": { "new": { "name": "Dorte", "kind": "OFFICIAL" } }, "ftePercent": 100, "startsOn": "2026-02-01" });
        assert_eq!(appoint(&secretariat, fresh.clone()).done("appointCoordinator", "/coordinator/name"), "Dorte");
        assert_eq!(appoint(&app.coordinator_of(city), fresh.clone()).code(), "FORBIDDEN");
        assert_eq!(appoint(&app.anonymous(), fresh).code(), "UNAUTHENTICATED");
    }

    fn a_successor_begins_where_the_old_one_ends(app: &TestApp) {
        let city = member(app, "Oslo");
        let (anna, bo, cai) = (person(app, "Anna", None), person(app, "Bo", None), person(app, "Cai", None));
        let secretariat = app.secretariat();
        let old = appoint(&secretariat, post(city, anna, 100, "2026-02-01", None)).done("appointCoordinator", "/coordinator/id");
        let replace = |input: Value| secretariat.ask_with(REPLACE, json!({ "input": input }));

        assert_eq!(replace(replacement(&old, 1, bo, "2026-01-31")).refusal("replaceCoordinator"), "OUT_OF_RANGE");
        let new = replace(replacement(&old, 1, bo, "2026-11-22"));
        assert_eq!(new.data("/replaceCoordinator/coordinator/startsOn"), "2026-11-22");
        assert_eq!(replace(replacement(&old, 1, cai, "2026-11-22")).code(), "STALE");
        assert_eq!(coordinator_on(&secretariat, city, "2026-11-21"), json!({ "name": "Anna" }));
        assert_eq!(coordinator_on(&secretariat, city, "2026-11-22"), json!({ "name": "Bo" }));

        // Replaced again on the first day: the appointment in between never comes into force.
        let new = new.done("replaceCoordinator", "/coordinator/id");
        replace(replacement(&new, 1, cai, "2026-11-22")).done("replaceCoordinator", "/coordinator/id");
        assert_eq!(coordinator_on(&secretariat, city, "2026-11-22"), json!({ "name": "Cai" }));
        let query = "{ coordinators(orderBy: [STARTS_ON_ASC]) { nodes { name startsOn endsOn } } }";
        assert_eq!(
            secretariat.ask(query).data("/coordinators/nodes"),
            &json!([
                { "name": "Anna", "startsOn": "2026-02-01", "endsOn": "2026-11-21" },
                { "name": "Bo", "startsOn": "2026-11-22", "endsOn": "2026-11-21" },
                { "name": "Cai", "startsOn": "2026-11-22", "endsOn": null }
            ])
        );
    }

    fn an_appointment_ends_once_or_is_called_off(app: &TestApp) {
        let city = member(app, "Oslo");
        let anna = person(app, "Anna", None);
        let secretariat = app.secretariat();
        let end = |id: &str, version: i32, on: &str| secretariat.ask_with(END, json!({ "input": { "id": id, "version": version, "endsOn": on } }));
        let present = appoint(&secretariat, post(city, anna, 50, "2026-02-01", None)).done("appointCoordinator", "/coordinator/id");
        assert_eq!(end(&present, 1, "2026-01-30").refusal("endAppointment"), "OUT_OF_RANGE");
        assert_eq!(end(&present, 1, "2026-06-30").data("/endAppointment/coordinator"), &json!({ "startsOn": "2026-02-01", "endsOn": "2026-06-30", "version": 2 }));
        assert_eq!(end(&present, 2, "2026-12-31").refusal("endAppointment"), "NOT_IN_STATE");
        assert_eq!(end(&present, 1, "2026-05-31").code(), "STALE");

        let coming = appoint(&secretariat, post(city, anna, 50, "2027-01-01", None)).done("appointCoordinator", "/coordinator/id");
        assert_eq!(end(&coming, 1, "2026-12-31").data("/endAppointment/coordinator/endsOn"), "2026-12-31");
        appoint(&secretariat, post(city, anna, 100, "2026-07-01", None)).done("appointCoordinator", "/coordinator/id");
        assert_eq!(end(&AppointmentId::of(uuid::Uuid::from_u128(1)).public(), 1, "2026-12-31").code(), "NOT_FOUND");
    }

    fn the_public_reads_no_withheld_name_and_no_address(app: &TestApp) {
        let (oslo, lyon) = (member(app, "Oslo"), member(app, "Lyon"));
        let (anna, bo) = (person(app, "Anna", Some(oslo)), person(app, "Bo", Some(lyon)));
        let secretariat = app.secretariat();
        let mut withheld = post(oslo, anna, 50, "2026-02-01", None);
        withheld["nameWithheld"] = json!(true);
        withheld["office"] = json!("Office of Integration");
        let id = appoint(&secretariat, withheld).done("appointCoordinator", "/coordinator/id");
        appoint(&secretariat, post(lyon, bo, 50, "2026-02-01", Some("2026-10-31"))).done("appointCoordinator", "/coordinator/id");
        appoint(&secretariat, post(lyon, bo, 50, "2026-11-01", None)).done("appointCoordinator", "/coordinator/id");

        let fields = "name office email phone person { name }";
        let by_city = |actor: &Actor<'_>| actor.ask_with(&format!("query ($id: ID!) {{ city(id: $id) {{ coordinator {{ {fields} }} }} }}"), json!({ "id": oslo.public() })).data("/city/coordinator").clone();
        let by_node = |actor: &Actor<'_>| actor.ask_with(&format!("query ($id: ID!) {{ node(id: $id) {{ ... on Coordinator {{ {fields} }} }} }}"), json!({ "id": id })).data("/node").clone();
        let nothing = json!({ "name": null, "office": null, "email": null, "phone": null, "person": null });
        let contacts = json!({ "name": "Anna", "office": "Office of Integration", "email": "anna@example.org", "phone": null, "person": null });
        let everything = json!({ "name": "Anna", "office": "Office of Integration", "email": "anna@example.org", "phone": null, "person": { "name": "Anna" } });
        for (actor, expected) in [
            (app.anonymous(), &nothing),
            (app.coordinator_of(lyon), &contacts),
            (app.coordinator_of(oslo), &everything),
            (app.auditor(), &everything),
        ] {
            assert_eq!(&by_city(&actor), expected);
            assert_eq!(&by_node(&actor), expected);
        }

        let public = app.anonymous();
        let list = public.ask("{ coordinators { totalCount nodes { name email startsOn } } }");
        assert_eq!(
            list.data("/coordinators"),
            &json!({ "totalCount": 2, "nodes": [{ "name": "Bo", "email": null, "startsOn": "2026-11-01" }, { "name": null, "email": null, "startsOn": "2026-02-01" }] })
        );
        let search = |actor: &Actor<'_>| actor.ask("{ coordinators(filter: { search: \"anna\" }) { totalCount } }").data("/coordinators/totalCount").clone();
        assert_eq!((search(&public), search(&app.coordinator_of(lyon))), (json!(0), json!(1)));
        assert_eq!(coordinator_on(&public, lyon, "2026-10-31"), json!(null));
        assert_eq!(coordinator_on(&app.coordinator_of(lyon), lyon, "2026-10-31"), json!({ "name": "Bo" }));
    }

    fn the_access_of_the_one_who_is_replaced_ends(app: &TestApp) {
        let city = member(app, "Oslo");
        let (anna, bo) = (person(app, "Anna", Some(city)), person(app, "Bo", Some(city)));
        let secretariat = app.secretariat();
        let id = appoint(&secretariat, post(city, anna, 50, "2026-02-01", None)).done("appointCoordinator", "/coordinator/id");
        let user = app.user_with(Role::Coordinator, Some(city), None);
        app.arrange(|tx| {
            diesel::update(grants::table.filter(grants::user_id.eq(user.user())))
                .set(grants::appointment_id.eq(Some(AppointmentId::parse(&id).unwrap())))
                .execute(tx.db)?;
            Ok(())
        });
        let people = "{ people { totalCount } }";
        assert_eq!(user.ask(people).data("/people/totalCount"), &json!(2));

        let input = replacement(&id, 1, bo, "2026-11-22");
        secretariat.ask_with(REPLACE, json!({ "input": input })).done("replaceCoordinator", "/coordinator/id");
        // The promise is five seconds: that long a viewer may be believed without asking again.
        let promised = Instant::now() + Duration::from_secs(5);
        while user.ask(people).body.get("errors").is_none() {
            assert!(Instant::now() < promised, "the access outlives the appointment");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(user.ask(people).code(), "FORBIDDEN");
    }

    fn an_invitation_gives_the_role_of_the_appointment(app: &TestApp) {
        let city = member(app, "Oslo");
        let anna = person(app, "Anna", Some(city));
        let secretariat = app.secretariat();
        let mut input = post(city, anna, 50, "2026-02-01", None);
        input["invite"] = json!(true);
        let id = appoint(&secretariat, input).done("appointCoordinator", "/coordinator/id");
        let granted: Vec<(Role, Option<CityId>, Option<AppointmentId>)> = grants::table
            .inner_join(users::table)
            .filter(users::email_key.eq("anna@example.org"))
            .filter(users::person_id.eq(Some(anna)))
            .select((grants::role, grants::city_id, grants::appointment_id))
            .load(&mut app.db())
            .unwrap();
        assert_eq!(granted, [(Role::Coordinator, Some(city), Some(AppointmentId::parse(&id).unwrap()))]);

        let other = member(app, "Lyon");
        let nameless = json!({ "cityId": other.public(), "person": { "new": { "name": "Bo", "kind": "OFFICIAL" } }, "ftePercent": 50, "startsOn": "2026-02-01", "invite": true });
        assert_eq!(appoint(&secretariat, nameless).refusals("appointCoordinator"), [("REQUIRED".to_owned(), "invite".to_owned())]);
        assert_eq!(secretariat.ask("{ coordinators { totalCount } }").data("/coordinators/totalCount"), &json!(1));
    }

    fn the_coordinators_of_many_cities_are_one_statement(app: &TestApp) {
        let query = "{ cities(first: 50) { nodes { name country coordinator { name } } } }";
        let mut counts = Vec::new();
        for size in [1, 50] {
            for number in counts.len()..size {
                let city = member(app, &format!("City {size} {number}"));
                let someone = person(app, &format!("Person {size} {number}"), None);
                appoint(&app.secretariat(), post(city, someone, 50, "2026-02-01", None)).done("appointCoordinator", "/coordinator/id");
            }
            let public = app.anonymous();
            counts.push(app.statements(|| {
                let answer = public.ask(query);
                let nodes = answer.data("/cities/nodes").as_array().unwrap();
                assert_eq!(nodes.len(), size);
                assert!(nodes.iter().all(|city| city["coordinator"]["name"].is_string()));
            }));
        }
        assert_eq!(counts[0], counts[1]);
    }

    fn a_row_of_an_appointment_does_not_rename_its_person(app: &TestApp) {
        let city = member(app, "Oslo");
        let row = |id, name: &str, email: &str| AppointmentRow {
            id,
            city,
            person: PersonRow { email: Given::Set(email.to_owned()), ..PersonRow::named(name) },
            role: AppointmentRole::Coordinator,
            fte_percent: 60,
            starts_on: day(2026, 2, 1),
            last_day: Given::Leave,
        };
        let id = app.arrange(|tx| coordinators::adopt(tx, &row(None, "Anna Holm", "anna@example.org"))).id();
        let refused = app.try_arrange(|tx| coordinators::adopt(tx, &row(Some(id), "Bo Lind", "bo@example.org"))).unwrap_err();
        assert!(matches!(&refused, Error::Refused(refusals) if refusals[0].field == "id"), "{refused:?}");
        assert_eq!(coordinators::get(&mut app.db(), id).unwrap().name, "Anna Holm");
        // The name of the same address may be corrected, and the address of the same name.
        for (name, email) in [("Anna Holmgård", "anna@example.org"), ("Anna Holmgård", "holm@example.org")] {
            assert_eq!(app.arrange(|tx| coordinators::adopt(tx, &row(Some(id), name, email))), Adopted::Updated(id));
        }
        assert_eq!(coordinators::get(&mut app.db(), id).unwrap().name, "Anna Holmgård");
    }

    fn a_row_is_taken_over_once(app: &TestApp) {
        let city = member(app, "Oslo");
        let starts_on: NaiveDate = day(2026, 2, 1);
        let row = AppointmentRow {
            id: None,
            city,
            person: PersonRow { email: Given::Set("anna@example.org".to_owned()), ..PersonRow::named("Anna") },
            role: AppointmentRole::Coordinator,
            fte_percent: 60,
            starts_on,
            last_day: Given::Leave,
        };
        let created = app.arrange(|tx| coordinators::adopt(tx, &row));
        assert!(matches!(created, Adopted::Created(_)));
        assert_eq!(app.arrange(|tx| coordinators::adopt(tx, &row)), Adopted::Unchanged(created.id()));
        let ended = AppointmentRow { last_day: Given::Set(day(2026, 6, 30)), ..row };
        assert_eq!(app.arrange(|tx| coordinators::adopt(tx, &ended)), Adopted::Updated(created.id()));
        assert_eq!(app.arrange(|tx| coordinators::adopt(tx, &ended)), Adopted::Unchanged(created.id()));
        let kept = coordinators::get(&mut app.db(), created.id()).unwrap().appointment;
        assert_eq!((kept.fte_percent, kept.ends_on), (60, Some(day(2026, 7, 1))));
    }
}
