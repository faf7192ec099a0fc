//! Every mutation that needs an idempotency key, one by one: refused without, done once with, and
//! free again after a refusal. What it is not: the form of keys (`keys.rs`).

use std::collections::BTreeSet;

use intercultural_cities::db::sql::Sql;
use intercultural_cities::kernel::ids::Id;
use serde_json::{Value, json};

use crate::samples::Schema;
use crate::support::actor::Answer;
use crate::support::app::TestApp;

use crate::transport::keyed_cases::{NEED_A_KEY, cases, with};

/// The lines of the audit log: each deed writes one.
fn deeds(app: &TestApp) -> i64 {
    Sql::new("SELECT count(*) FROM audit_entries")
        .number(&mut app.db())
        .unwrap()
}

crate::both_databases! {
    fn they_are_those_of_the_contract_and_no_others(app: &TestApp) {
        let cases = cases(app);
        let fields: BTreeSet<&str> = cases.iter().map(|case| case.field).collect();
        assert_eq!(fields, NEED_A_KEY.iter().copied().collect::<BTreeSet<_>>());
        let admin = app.admin();
        let before = deeds(app);
        for case in &cases {
            assert_eq!(case.send(&admin, "id", &case.input, None).code(), "IDEMPOTENCY_KEY_REQUIRED", "{}", case.field);
        }
        assert_eq!(deeds(app), before);
        let anywhere = app.city("Bergen", "NO").public();
        for sample in Schema::published().samples("Mutation", &anywhere) {
            let answer = admin.ask_with(&sample.document, sample.variables);
            let code = answer.body["errors"][0]["extensions"]["code"].as_str();
            if !NEED_A_KEY.contains(&sample.field.as_str()) {
                assert_ne!(code, Some("IDEMPOTENCY_KEY_REQUIRED"), "{}", sample.field);
            }
        }
    }

    fn their_descriptions_say_so_and_no_others(app: &TestApp) {
        let answer = app.anonymous().ask("{ __type(name: \"Mutation\") { fields { name description } } }");
        let fields = answer.data("/__type/fields").as_array().unwrap();
        let text = |field: &Value, name: &str| field[name].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let said: BTreeSet<String> = fields
            .iter()
            .filter(|field| text(field, "description").contains("Needs an idempotency key."))
            .map(|field| text(field, "name"))
            .collect();
        assert_eq!(said, NEED_A_KEY.iter().map(|field| (*field).to_owned()).collect());
    }

    fn the_same_key_is_the_same_effect(app: &TestApp) {
        let admin = app.admin();
        for (index, case) in cases(app).iter().enumerate() {
            let field = case.field;
            let key = format!("key-{index}");
            let first = case.send(&admin, "id", &case.input, Some(&key));
            let id = case.id(&first);
            assert_eq!(first.reply.header("idempotent-replayed"), None, "{field}");
            let after = deeds(app);

            let replayed = |answer: &Answer| assert_eq!(answer.reply.header("idempotent-replayed"), Some("true"), "{field}: {}", answer.body);
            let again = case.send(&admin, "id", &case.input, Some(&key));
            replayed(&again);
            assert_eq!(again.reply.text(), first.reply.text(), "{field}");
            let elsewhere = case.send(&admin, "__typename again: id", &case.input, Some(&key));
            replayed(&elsewhere);
            assert_eq!(elsewhere.text(&format!("/{field}/{}/again", case.object)), id);
            // In the input instead of the header, and in both.
            let inside = with(&case.input, "idempotencyKey", json!(key));
            for header in [None, Some(key.as_str())] {
                let answer = case.send(&admin, "id", &inside, header);
                replayed(&answer);
                assert_eq!(case.id(&answer), id);
            }
            let differing = case.send(&admin, "id", &inside, Some("another"));
            assert_eq!(differing.code(), "BAD_REQUEST", "{field}");

            let other = case.send(&admin, "id", &case.other, Some(&key));
            assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH", "{field}");
            let register = "mutation { registerCity(input: { name: \"Bergen\", country: \"NO\", timeZone: \"Europe/Oslo\" }) { city { id } } }";
            assert_eq!(admin.ask_keyed(register, json!({}), Some(&key)).code(), "IDEMPOTENCY_MISMATCH", "{field}");
            assert_eq!(deeds(app), after, "{field}");
        }
    }

    fn sixteen_at_once_are_one_effect_and_one_answer(app: &TestApp) {
        let admin = app.admin();
        for (index, case) in cases(app).iter().enumerate() {
            let key = format!("key-{index}");
            let before = deeds(app);
            let gate = std::sync::Barrier::new(16);
            let answers: Vec<Answer> = std::thread::scope(|scope| {
                let running: Vec<_> = (0..16).map(|_| scope.spawn(|| {
                    gate.wait();
                    case.send(&admin, "id", &case.input, Some(&key))
                })).collect();
                running.into_iter().map(|one| one.join().unwrap()).collect()
            });
            let texts: BTreeSet<&str> = answers.iter().map(|answer| answer.reply.text()).collect();
            assert_eq!(texts.len(), 1, "{}: {texts:?}", case.field);
            case.id(&answers[0]);
            let first = answers.iter().filter(|answer| answer.reply.header("idempotent-replayed").is_none()).count();
            assert_eq!(first, 1, "{}", case.field);
            let written = deeds(app) - before;
            assert!((1..=3).contains(&written), "{}: {written} lines", case.field);
        }
    }

    fn a_refusal_leaves_the_key_free_for_the_corrected_input(app: &TestApp) {
        let admin = app.admin();
        for (index, case) in cases(app).iter().enumerate() {
            let key = format!("key-{index}");
            let before = deeds(app);
            for _ in 0..2 {
                let answer = case.send(&admin, "id", &case.refused, Some(&key));
                let errors = answer.data(&format!("/{}/userErrors", case.field)).as_array().unwrap();
                assert!(!errors.is_empty(), "{}: {}", case.field, answer.body);
            }
            assert_eq!(deeds(app), before, "{}", case.field);
            let corrected = case.send(&admin, "id", &case.input, Some(&key));
            case.id(&corrected);
            assert_eq!(corrected.reply.header("idempotent-replayed"), None, "{}", case.field);
        }
    }

    fn an_applied_import_is_done_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let import = |query: &str, csv: &str, key: Option<&str>| {
            let mut headers = vec![("content-type", "text/csv")];
            headers.extend(key.map(|key| ("idempotency-key", key)));
            secretariat.send("POST", &format!("/api/v1/imports/{query}"), &headers, csv.as_bytes())
        };
        let (oslo, bergen) = ("name,country,time_zone\nOslo,NO,Europe/Oslo\n", "name,country,time_zone\nBergen,NO,Europe/Oslo\n");
        let unkeyed = import("cities?apply=true", oslo, None);
        assert_eq!((unkeyed.status, &unkeyed.json()["code"]), (400, &json!("IDEMPOTENCY_KEY_REQUIRED")));
        let gate = std::sync::Barrier::new(8);
        let replies: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..8).map(|_| scope.spawn(|| {
                gate.wait();
                import("cities?apply=true", oslo, Some("key-1"))
            })).collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        for reply in &replies {
            assert_eq!((reply.status, &reply.json()["counts"]["create"]), (200, &json!(1)), "{}", reply.text());
        }
        for (query, csv) in [("cities?apply=true", bergen), ("people?apply=true", "name,kind\nAnna Holm,official\n")] {
            let other = import(query, csv, Some("key-1"));
            assert_eq!((other.status, &other.json()["code"]), (422, &json!("IDEMPOTENCY_MISMATCH")), "{query}");
        }
        // A dry run has nothing to protect.
        assert_eq!(import("cities", bergen, None).status, 200);
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(1));
    }
}
