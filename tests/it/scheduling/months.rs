//! The public knows the month of a visit that was held, and its lists and cursors tell no more.
//! What it is not: who sees which visit; that is tested with the visits.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::scheduling::expert_visits::{self, NewExpertVisit};
use intercultural_cities::scheduling::study_visits::{self, NewStudyVisit};
use serde_json::{Value, json};

use crate::scheduling::member;
use crate::support::actor::Actor;
use crate::support::app::{TestApp, day};

/// First days of visits, several in one month, in no order.
const DAYS: [(i32, u32, u32); 7] = [
    (2026, 3, 28),
    (2026, 3, 2),
    (2025, 12, 31),
    (2026, 3, 15),
    (2026, 1, 1),
    (2025, 12, 1),
    (2026, 2, 28),
];

fn hold(app: &TestApp, city: CityId) {
    for (number, (year, month, first)) in DAYS.into_iter().enumerate() {
        let starts_on = day(year, month, first);
        let theme = format!("Theme {number}");
        let study = NewStudyVisit {
            host_city_id: city,
            theme: theme.clone(),
            description: None,
            starts_on,
            last_day: starts_on,
            capacity: 10,
        };
        let expert = NewExpertVisit {
            city_id: city,
            starts_on,
            last_day: starts_on,
            theme,
            expert_ids: Vec::new(),
            package_id: None,
        };
        app.arrange(|tx| study_visits::schedule(tx, &study));
        app.arrange(|tx| expert_visits::schedule(tx, &expert));
    }
}

/// All of a list by pages of two: theme, month and cursor of each visit.
fn walk(actor: &Actor<'_>, list: &str, order: &str) -> Vec<(String, String, String)> {
    let document = format!(
        "query ($after: String) {{ {list}(orderBy: [{order}], first: 2, after: $after) {{ edges {{ cursor node {{ theme month }} }} pageInfo {{ hasNextPage startCursor endCursor }} }} }}"
    );
    let mut found = Vec::new();
    let mut after = Value::Null;
    loop {
        let answer = actor.ask_with(&document, json!({ "after": after }));
        for edge in answer.data(&format!("/{list}/edges")).as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            found.push((
                text(&edge["node"]["theme"]),
                text(&edge["node"]["month"]),
                text(&edge["cursor"]),
            ));
        }
        let page = answer.data(&format!("/{list}/pageInfo"));
        assert_eq!(page["endCursor"], json!(found.last().unwrap().2));
        if page["hasNextPage"] == json!(false) {
            return found;
        }
        after = page["endCursor"].clone();
    }
}

/// What a cursor says of when the visit was.
fn key(cursor: &str) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    let (_, keys, _): (Value, Vec<Value>, Value) = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(keys.len(), 1);
    keys[0].clone()
}

crate::both_databases! {
    fn a_cursor_of_the_public_holds_the_month_and_no_day(app: &TestApp) {
        let host = member(app, "Odense");
        hold(app, host);
        let other = member(app, "Aarhus");
        for list in ["studyVisits", "expertVisits"] {
            for (order, descending) in [("STARTS_ON_ASC", false), ("STARTS_ON_DESC", true)] {
                let public = walk(&app.anonymous(), list, order);
                assert_eq!(public.len(), DAYS.len(), "{list} {order}: each visit once");
                let mut themes: Vec<_> = public.iter().map(|visit| &visit.0).collect();
                themes.sort_unstable();
                themes.dedup();
                assert_eq!(themes.len(), DAYS.len());
                let months: Vec<_> = public.iter().map(|visit| visit.1.as_str()).collect();
                let is_sorted = if descending { months.is_sorted_by(|a, b| a >= b) } else { months.is_sorted() };
                assert!(is_sorted, "{list} {order}: {months:?}");
                for (_, month, cursor) in &public {
                    let (year, month): (i64, i64) = (month[..4].parse().unwrap(), month[5..].parse().unwrap());
                    assert_eq!(key(cursor), json!({ "i": year * 12 + month }), "{list} {order}");
                }
            }
        }
        // Who sees the day has the order of the days; a coordinator sees those of study visits.
        for (actor, list) in [(app.secretariat(), "studyVisits"), (app.secretariat(), "expertVisits"), (app.coordinator_of(other), "studyVisits")] {
            let known = walk(&actor, list, "STARTS_ON_ASC");
            let days: Vec<Value> = known.iter().map(|visit| key(&visit.2)["d"].clone()).collect();
            assert_eq!(json!(days), json!(["2025-12-01", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-02", "2026-03-15", "2026-03-28"]), "{list}");
        }
        // Another city's coordinator knows the month only of expert visits.
        let known = walk(&app.coordinator_of(other), "expertVisits", "STARTS_ON_ASC");
        assert!(known.iter().all(|visit| key(&visit.2)["i"].is_i64()));
    }

    fn the_visits_of_a_city_tell_no_more(app: &TestApp) {
        let host = member(app, "Odense");
        hold(app, host);
        for list in ["studyVisitsHosted", "expertVisits"] {
            let document = format!("query ($id: ID!) {{ city(id: $id) {{ {list}(first: 3) {{ edges {{ cursor }} }} }} }}");
            let cursors = |actor: &Actor<'_>| {
                let answer = actor.ask_with(&document, json!({ "id": host.public() }));
                let edges = answer.data(&format!("/city/{list}/edges")).as_array().unwrap().clone();
                edges.iter().map(|edge| key(edge["cursor"].as_str().unwrap())).collect::<Vec<_>>()
            };
            assert_eq!(json!(cursors(&app.anonymous())), json!([{ "i": 24315 }, { "i": 24315 }, { "i": 24315 }]), "{list}");
            assert_eq!(json!(cursors(&app.coordinator_of(host))), json!([{ "d": "2026-03-28" }, { "d": "2026-03-15" }, { "d": "2026-03-02" }]), "{list}");
        }
    }
}
