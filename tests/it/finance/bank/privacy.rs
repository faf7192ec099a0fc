//! Who sees the bank: those who see the money of all cities, and nobody else by any path.

use intercultural_cities::kernel::ids::Id;
use serde_json::{Value, json};

use super::{Line, by_slip, entries, send, statement, take_in};
use crate::finance::arrange::copenhagen;

crate::both_databases! {
    fn a_city_sees_nothing_of_the_bank(app: &TestApp) {
        let (city, _, _) = copenhagen(app);
        let file = statement("02", 1, &[Line::came("A1", by_slip("F2026-000001", 4_000_000))]);
        take_in(app, &file);
        let entry = entries(app, "id statement { id }").remove(0);
        for actor in [app.coordinator_of(city), app.anonymous()] {
            let (status, _) = send(&actor, "?apply=true", "application/xml", file.as_bytes());
            assert!([401, 403].contains(&status), "{status}");
            for id in [&entry["id"], &entry["statement"]["id"]] {
                let answer = actor.ask_with("query ($id: ID!) { node(id: $id) { __typename } }", json!({ "id": id }));
                assert_eq!(answer.body.pointer("/data/node"), Some(&Value::Null));
            }
            for query in ["{ bankEntries { totalCount } }", "{ bankStatements { totalCount } }", "{ bankPolicy { version } }"] {
                assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&actor.ask(query).code()), "{query}");
            }
        }
        // The coordinator sees the own payment, and not by which entry it came.
        let answer = app.coordinator_of(city).ask_with("query ($id: ID!) { city(id: $id) { payments { nodes { amount { amount } bankEntries { id } } } } }", json!({ "id": city.public() }));
        let nodes = answer.data("/city/payments/nodes").as_array().unwrap();
        assert_eq!(nodes.len(), 2);
        assert!(nodes.iter().all(|node| node["bankEntries"] == json!([])));
        // The secretariat and the auditors read and do not decide.
        for actor in [app.auditor(), app.secretariat()] {
            let (status, _) = send(&actor, "", "application/xml", file.as_bytes());
            assert_eq!(status, 403);
            assert_eq!(actor.ask("{ bankEntries { totalCount } }").data("/bankEntries/totalCount"), &json!(1));
        }
    }
}
