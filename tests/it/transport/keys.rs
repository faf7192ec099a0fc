//! Idempotency keys on the wire: their form, one mutation field, replays and mismatches. What it is
//! not: what each mutation stores.

use serde_json::json;

use intercultural_cities::kernel::ids::Id;

use crate::support::actor::{Actor, Answer};
use crate::support::http::Reply;

const REGISTER: &str = "mutation ($input: RegisterCityInput!) { registerCity(input: $input) { city { id name } userErrors { code field message } } }";

fn register(actor: &Actor<'_>, name: &str, key: &str) -> Answer {
    actor.ask_keyed(
        REGISTER,
        json!({ "input": { "name": name, "country": "NO", "timeZone": "Europe/Oslo" } }),
        Some(key),
    )
}

fn put_file(actor: &Actor<'_>, key: &str) -> Reply {
    let headers = [("idempotency-key", key)];
    actor.send(
        "PUT",
        "/api/v1/files?name=a.pdf",
        &headers,
        b"%PDF-1.7\nthe statement of intent",
    )
}

fn put_sheet(actor: &Actor<'_>, key: &str) -> Reply {
    let headers = [("idempotency-key", key), ("content-type", "text/csv")];
    let csv = b"name,country,time_zone\nOslo,NO,Europe/Oslo\n";
    actor.send("POST", "/api/v1/imports/cities?apply=true", &headers, csv)
}

crate::both_databases! {
    fn the_same_key_does_the_same_thing_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let first = register(&secretariat, "Oslo", "key-1");
        assert_eq!(first.reply.header("idempotent-replayed"), None);
        let again = register(&secretariat, "Oslo", "key-1");
        assert_eq!(again.reply.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.data("/registerCity"), first.data("/registerCity"));
        // Another selection set, the fields of the input in another order.
        let other = secretariat.ask_keyed(
            "mutation { registerCity(input: { timeZone: \"Europe/Oslo\", country: \"NO\", name: \"Oslo\" }) { city { version } } }",
            json!({}),
            Some("key-1"),
        );
        assert_eq!((other.reply.header("idempotent-replayed"), other.data("/registerCity/city/version")), (Some("true"), &json!(1)));
        assert_eq!(register(&secretariat, "Bergen", "key-1").code(), "IDEMPOTENCY_MISMATCH");
        // Another viewer has keys of their own.
        assert_eq!(register(&app.admin(), "Oslo", "key-1").refusal("registerCity"), "NAME_TAKEN");
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(1));
    }

    fn a_refusal_leaves_the_key_free(app: &TestApp) {
        let secretariat = app.secretariat();
        app.city("Oslo", "NO");
        assert_eq!(register(&secretariat, "Oslo", "key-1").refusal("registerCity"), "NAME_TAKEN");
        let corrected = register(&secretariat, "Bergen", "key-1");
        assert_eq!((corrected.reply.header("idempotent-replayed"), corrected.text("/registerCity/city/name")), (None, "Bergen"));
    }

    fn a_key_has_a_form(app: &TestApp) {
        let secretariat = app.secretariat();
        for key in ["a b", "å", &"k".repeat(129), ""] {
            let answer = register(&secretariat, "Oslo", key);
            assert_eq!((answer.status, answer.code()), (400, "BAD_REQUEST"), "{key:?}");
        }
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(0));
        assert_eq!(register(&secretariat, "Oslo", &"~".repeat(128)).refusals("registerCity"), []);
    }

    fn a_key_protects_one_mutation_field(app: &TestApp) {
        let secretariat = app.secretariat();
        let two = |inside: &str| format!("mutation {{ a: registerCity(input: {{ name: \"Oslo\", country: \"NO\", timeZone: \"Europe/Oslo\" }}) {{ city {{ id }} }} b: registerCity(input: {{ name: \"Bergen\", country: \"NO\", timeZone: \"Europe/Oslo\"{inside} }}) {{ city {{ id }} }} }}");
        assert_eq!(secretariat.ask_keyed(&two(""), json!({}), Some("key-1")).code(), "BAD_REQUEST");
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(0));
        assert!(secretariat.ask(&two("")).body.get("errors").is_none());
        // A query has nothing to protect.
        assert_eq!(secretariat.ask_keyed("{ __typename }", json!({}), Some("key-1")).status, 200);
    }

    fn sixteen_at_once_do_it_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..16).map(|_| scope.spawn(|| register(&secretariat, "Oslo", "key-1"))).collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let ids: std::collections::HashSet<&str> = answers.iter().map(|answer| answer.text("/registerCity/city/id")).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.reply.header("idempotent-replayed").is_none()).count(), 1);
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(1));
    }

    fn spellings_of_one_meaning_are_one_request(app: &TestApp) {
        let secretariat = app.secretariat();
        let register = |document: &str, input: serde_json::Value| secretariat.ask_keyed(document, json!({ "input": input }), Some("key-1"));
        let literal = register("mutation { registerCity(input: { name: \"Oslo\", country: \"NO\", timeZone: \"Europe/Oslo\", details: null }) { city { id } userErrors { code field message } } }", json!(null));
        literal.done("registerCity", "/city/id");
        let variable = register(REGISTER, json!({ "timeZone": "Europe/Oslo", "name": "Oslo", "country": "NO" }));
        assert_eq!(variable.reply.header("idempotent-replayed"), Some("true"));
    }

    fn a_field_selected_twice_is_done_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let document = "mutation ($input: RegisterPersonInput!) { __typename registerPerson(input: $input) { person { id } } ...Again } fragment Again on Mutation { registerPerson(input: $input) { person { name } userErrors { code field message } } }";
        let input = json!({ "input": { "name": "Kim Example", "kind": "PRACTITIONER" } });
        let answer = secretariat.ask_with(document, input.clone());
        answer.done("registerPerson", "/person/id");
        assert_eq!(answer.text("/registerPerson/person/name"), "Kim Example");
        assert_eq!(secretariat.ask("{ people { totalCount } }").data("/people/totalCount"), &json!(1));
        // It is one field, so a key may protect it.
        let keyed = secretariat.ask_keyed(document, input.clone(), Some("key-1"));
        assert_eq!(keyed.done("registerPerson", "/person/id"), secretariat.ask_keyed(document, input.clone(), Some("key-1")).done("registerPerson", "/person/id"));
        assert_eq!(secretariat.ask("{ people { totalCount } }").data("/people/totalCount"), &json!(2));
        // Under another name it is another field.
        let two = document.replace("...Again", "other: registerPerson(input: $input) { person { id } }").split(" fragment").next().unwrap().to_owned();
        secretariat.ask_with(&two, input);
        assert_eq!(secretariat.ask("{ people { totalCount } }").data("/people/totalCount"), &json!(4));
        let register = |name: &str| format!("registerCity(input: {{ name: \"{name}\", country: \"NO\", timeZone: \"Europe/Oslo\" }}) {{ city {{ id }} userErrors {{ code field message }} }}");
        let differing = secretariat.ask(&format!("mutation {{ {} {} }}", register("Oslo"), register("Bergen")));
        assert_eq!(differing.body["errors"][0]["extensions"]["code"], "BAD_REQUEST");
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(0));
    }

    fn a_query_field_selected_twice_costs_twice(app: &TestApp) {
        let cost = |document: &str| app.anonymous().ask(document).body["extensions"]["cost"]["cost"].as_u64().unwrap();
        let once = cost("{ cities { nodes { name } } }");
        assert_eq!(cost("{ cities { nodes { name } } ...F } fragment F on Query { cities { nodes { country } } }"), 2 * once);
    }

    fn a_request_waits_for_the_first_one_with_its_key(app: &TestApp) {
        let secretariat = app.secretariat();
        let user = secretariat.user().uuid().to_string();
        let take = || futures_executor::block_on(app.app.turns.take(&user, "key-1", std::time::Duration::from_mins(1)));
        // `take` asks the clock of a runtime.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let entered = runtime.enter();
        let held = take().unwrap();
        assert_eq!(register(&secretariat, "Oslo", "key-1").code(), "IDEMPOTENCY_IN_PROGRESS");
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(0));
        register(&secretariat, "Bergen", "key-2").done("registerCity", "/city/id");
        let waited = std::thread::scope(|scope| {
            let second = scope.spawn(|| register(&secretariat, "Oslo", "key-1"));
            std::thread::sleep(std::time::Duration::from_millis(200));
            drop(held);
            second.join().unwrap()
        });
        waited.done("registerCity", "/city/id");
        drop(entered);
    }

    fn files_and_spreadsheets_wait_for_the_first_one_with_their_key(app: &TestApp) {
        let secretariat = app.secretariat();
        let user = secretariat.user().uuid().to_string();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let entered = runtime.enter();
        let take = |key: &str| futures_executor::block_on(app.app.turns.take(&user, key, std::time::Duration::from_mins(1))).unwrap();
        let held = (take("file"), take("sheet"));
        let both = |key: &str| std::thread::scope(|scope| {
            let file = scope.spawn(|| put_file(&secretariat, "file"));
            let sheet = scope.spawn(|| put_sheet(&secretariat, key));
            [file.join().unwrap(), sheet.join().unwrap()]
        });
        for reply in both("sheet") {
            assert_eq!((reply.status, &reply.json()["code"]), (409, &json!("IDEMPOTENCY_IN_PROGRESS")), "{}", reply.text());
            assert!(reply.header("retry-after").is_some());
        }
        let cities = || secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount").clone();
        assert_eq!(cities(), json!(0));
        // Under another key nobody waits.
        assert_eq!(put_sheet(&secretariat, "other").status, 200);
        drop(held);
        assert_eq!(both("sheet").map(|reply| reply.status), [201, 200]);
        assert_eq!(cities(), json!(1));
        assert_eq!(app.app.turns.running(), 0);
        drop(entered);
    }

    fn a_file_and_a_spreadsheet_sent_twice_at_once_are_taken_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let twice = |send: &(dyn Fn() -> Reply + Sync)| std::thread::scope(|scope| {
            let running: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
            running.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        });
        for (send, status, deed) in [
            (&(|| put_file(&secretariat, "one")) as &(dyn Fn() -> Reply + Sync), 201, "file.stored"),
            (&|| put_sheet(&secretariat, "two"), 200, "spreadsheet.imported"),
        ] {
            let replies = twice(send);
            let bodies: std::collections::HashSet<_> = replies.iter().map(|reply| reply.text().to_owned()).collect();
            assert!(replies.iter().all(|reply| reply.status == status) && bodies.len() == 1, "{bodies:?}");
            assert_eq!(replies.iter().filter(|reply| reply.header("idempotent-replayed").is_none()).count(), 1);
            let trail = app.auditor().ask_with("query ($deed: String) { auditTrail(filter: { action: $deed }) { totalCount } }", json!({ "deed": deed }));
            assert_eq!(trail.data("/auditTrail/totalCount"), &json!(1), "{deed}");
        }
    }
}
