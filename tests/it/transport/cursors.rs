//! A cursor of another list, of another order or made by hand is refused alike by both databases.
//! What it is not: paging itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::app::TestApp;

const ORDERS: [&str; 8] = [
    "NAME_ASC",
    "NAME_DESC",
    "COUNTRY_ASC",
    "COUNTRY_DESC",
    "POPULATION_ASC",
    "POPULATION_DESC",
    "UPDATED_AT_ASC",
    "UPDATED_AT_DESC",
];

fn cursor_of(app: &TestApp, order: &str) -> String {
    let query =
        format!("{{ cities(first: 1, orderBy: [{order}]) {{ pageInfo {{ endCursor }} }} }}");
    let answer = app.secretariat().ask(&query);
    answer.text("/cities/pageInfo/endCursor").to_owned()
}

crate::both_databases! {
    fn a_cursor_is_read_in_its_own_order_only(app: &TestApp) {
        app.city("Oslo", "NO");
        app.city("Bergen", "NO");
        let secretariat = app.secretariat();
        for from in ORDERS {
            let cursor = cursor_of(app, from);
            for to in ORDERS {
                for direction in ["after", "before"] {
                    let query = format!("{{ cities(first: 5, orderBy: [{to}], {direction}: \"{cursor}\") {{ nodes {{ name }} }} }}");
                    let answer = secretariat.ask(&query);
                    if from == to {
                        let left = usize::from(direction == "after");
                        assert_eq!(answer.data("/cities/nodes").as_array().unwrap().len(), left, "{from}");
                    } else {
                        assert_eq!(answer.code(), "BAD_REQUEST", "{from} in {to}");
                    }
                }
            }
            for list in ["memberships", "people", "partners", "experts", "invoices", "payments", "studyVisits", "expertVisits", "mentorPairings", "packages", "practices", "auditTrail", "users", "attention"] {
                let query = format!("{{ {list}(after: \"{cursor}\") {{ nodes {{ __typename }} }} }}");
                assert_eq!(app.admin().ask(&query).code(), "BAD_REQUEST", "{from} in {list}");
            }
        }
    }

    fn a_cursor_made_by_hand_is_no_fault_of_ours(app: &TestApp) {
        app.city("Oslo", "NO");
        let parts = |order: &str| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor_of(app, order)).unwrap()).unwrap()
        };
        for order in ORDERS {
            let genuine = parts(order);
            for key in [
                json!({ "t": "a" }), json!({ "t": "a\0" }), json!({ "i": 1 }), json!({ "d": "2026-03-15" }),
                json!({ "d": "-4800-01-01" }), json!({ "s": "2026-03-15T10:00:00Z" }), json!("n"),
            ] {
                let mut made = genuine.clone();
                made[1] = json!([key]);
                let cursor = URL_SAFE_NO_PAD.encode(made.to_string());
                let query = format!("{{ cities(first: 5, orderBy: [{order}], after: \"{cursor}\") {{ nodes {{ name }} }} }}");
                let answer = app.anonymous().ask(&query);
                let fits = match order.split('_').next().unwrap() {
                    "NAME" | "COUNTRY" => key == json!({ "t": "a" }),
                    "POPULATION" => key == json!({ "i": 1 }) || key == json!("n"),
                    _ => key.get("s").is_some(),
                };
                if fits {
                    answer.data("/cities/nodes");
                } else {
                    assert_eq!(answer.code(), "BAD_REQUEST", "{key} in {order}: {}", answer.body);
                }
            }
            for keys in [json!([]), json!([{ "t": "a" }, { "t": "b" }])] {
                let mut made = genuine.clone();
                made[1] = keys;
                let cursor = URL_SAFE_NO_PAD.encode(made.to_string());
                let query = format!("{{ cities(orderBy: [{order}], after: \"{cursor}\") {{ nodes {{ name }} }} }}");
                assert_eq!(app.anonymous().ask(&query).code(), "BAD_REQUEST");
            }
        }
    }
}
