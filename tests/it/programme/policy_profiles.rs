//! Where the policy of cities stands, through the public door.

use diesel::prelude::*;
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::schema::policy_statements;
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};

const STATE: &str = "mutation ($input: StatePolicyInput!) { statePolicy(input: $input) { statement { id leaning on } userErrors { code field message } } }";
const PROFILE: &str = "query ($id: ID!, $asOf: Date) { city(id: $id) { policyProfile(asOf: $asOf) { area name(language: \"da\") version statement { intercultural multicultural assimilation leaning on evidence saidBy } history { on } cells { model } } } }";

fn state(actor: &Actor<'_>, city: CityId, shares: [i32; 3], fields: &Value) -> Answer {
    let [intercultural, multicultural, assimilation] = shares;
    let mut input = json!({ "cityId": city.public(), "area": "HOUSING", "version": 0, "evidence": "The housing plan", "intercultural": intercultural, "multicultural": multicultural, "assimilation": assimilation });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    actor.tell(STATE, json!({ "input": input }))
}

crate::both_databases! {
    fn a_city_states_where_it_stands_and_history_stays(app: &TestApp) {
        let (city, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let coordinator = app.coordinator_of(city);
        let answer = state(&coordinator, city, [20, 30, 50], &json!({ "on": "2026-03-01" }));
        assert_eq!(answer.done("statePolicy", "/statement/leaning"), "ASSIMILATION");
        state(&coordinator, city, [50, 30, 20], &json!({ "version": 1, "on": "2026-09-01" })).done("statePolicy", "/statement/id");
        state(&coordinator, city, [45, 45, 10], &json!({ "area": "POLICE", "version": 0 })).done("statePolicy", "/statement/id");

        let seen = |actor: &Actor<'_>, as_of: Option<&str>| actor.ask_with(PROFILE, json!({ "id": city.public(), "asOf": as_of })).data("/city/policyProfile").clone();
        let now = seen(&coordinator, None);
        assert_eq!(now.as_array().unwrap().len(), 8);
        let of = |profile: &Value, area: &str| profile.as_array().unwrap().iter().find(|one| one["area"] == area).unwrap().clone();
        let housing = of(&now, "HOUSING");
        assert_eq!(housing["statement"], json!({ "intercultural": 50, "multicultural": 30, "assimilation": 20, "leaning": "INTERCULTURAL", "on": "2026-09-01", "evidence": "The housing plan", "saidBy": "Test User" }));
        assert_eq!((&housing["version"], housing["history"].as_array().unwrap().len(), housing["cells"].as_array().unwrap().len()), (&json!(2), 2, 3));
        assert_eq!(of(&now, "POLICE")["statement"]["leaning"], Value::Null);
        assert_eq!(of(&now, "EDUCATION")["statement"], Value::Null);
        let before = seen(&app.auditor(), Some("2026-08-31"));
        assert_eq!(of(&before, "HOUSING")["statement"]["leaning"], "ASSIMILATION");
        assert_eq!(of(&before, "POLICE")["statement"], Value::Null);
        for stranger in [app.coordinator_of(lyon), app.anonymous()] {
            assert!(stranger.ask_with(PROFILE, json!({ "id": city.public() })).data("/city")["policyProfile"].is_null());
        }
    }

    fn what_does_not_add_up_is_refused(app: &TestApp) {
        let (city, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let coordinator = app.coordinator_of(city);
        assert_eq!(state(&coordinator, city, [60, 30, 11], &json!({})).refusals("statePolicy"), [("OUT_OF_RANGE".to_owned(), "intercultural".to_owned())]);
        assert_eq!(state(&coordinator, city, [60, 30, 10], &json!({ "evidence": " " })).refusals("statePolicy"), [("REQUIRED".to_owned(), "evidence".to_owned())]);
        assert_eq!(state(&coordinator, city, [60, 30, 10], &json!({ "on": "2026-11-23" })).refusals("statePolicy"), [("OUT_OF_RANGE".to_owned(), "on".to_owned())]);
        assert_eq!(state(&coordinator, city, [60, 30, 10], &json!({ "version": 1 })).code(), "STALE");
        assert_eq!(state(&app.coordinator_of(lyon), city, [60, 30, 10], &json!({})).code(), "NOT_FOUND");
        assert_eq!(state(&app.finance(), city, [60, 30, 10], &json!({})).code(), "FORBIDDEN");
        let kept: i64 = policy_statements::table.count().get_result(&mut app.db()).unwrap();
        assert_eq!(kept, 0);
        state(&coordinator, city, [60, 30, 10], &json!({})).done("statePolicy", "/statement/id");
        assert!(app.try_arrange(|tx| Ok(diesel::update(policy_statements::table).set(policy_statements::area.eq("POLICE")).execute(tx.db)?)).is_err());
        assert!(app.try_arrange(|tx| Ok(diesel::delete(policy_statements::table).execute(tx.db)?)).is_err());
    }
}
