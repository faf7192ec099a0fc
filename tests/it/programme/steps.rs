//! How far cities are with the ten steps, through the public door.

use diesel::prelude::*;
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::schema::step_reports;
use serde_json::{Value, json};

use crate::finance::races::at_once;
use crate::support::actor::{Actor, Answer};

const REPORT: &str = "mutation ($input: ReportStepInput!) { reportStep(input: $input) { report { id step status on saidBy } userErrors { code field message } } }";
const VERIFY: &str = "mutation ($input: VerifyStepInput!) { verifyStep(input: $input) { report { status on saidBy evidence } userErrors { code field message } } }";
const STEPS: &str = "query ($id: ID!) { city(id: $id) { steps { step { number } status version latest { evidence sourceUrl } history { status reason } } } }";

fn report(
    actor: &Actor<'_>,
    city: CityId,
    step: i32,
    version: i32,
    status: &str,
    fields: &Value,
) -> Answer {
    let mut input =
        json!({ "cityId": city.public(), "step": step, "version": version, "status": status });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    actor.tell(REPORT, json!({ "input": input }))
}

fn verify(actor: &Actor<'_>, city: CityId, step: i32, version: i32) -> Answer {
    let input = json!({ "cityId": city.public(), "step": step, "version": version });
    actor.tell(VERIFY, json!({ "input": input }))
}

crate::both_databases! {
    fn a_step_is_taken_verified_and_taken_back(app: &TestApp) {
        let (city, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let (coordinator, secretariat) = (app.coordinator_of(city), app.secretariat());
        // No order: the ninth step first.
        assert_eq!(report(&coordinator, city, 9, 0, "IN_PROGRESS", &json!({})).done("reportStep", "/report/on"), "2026-11-22");
        assert_eq!(report(&coordinator, city, 9, 1, "DONE", &json!({})).refusals("reportStep"), [("REQUIRED".to_owned(), "evidence".to_owned())]);
        let shown = json!({ "evidence": "The office opened", "sourceUrl": "https://example.org/office", "on": "2026-11-22" });
        report(&coordinator, city, 9, 1, "DONE", &shown).done("reportStep", "/report/id");
        assert_eq!(verify(&coordinator, city, 9, 2).code(), "FORBIDDEN");
        assert_eq!(verify(&secretariat, city, 4, 0).refusals("verifyStep"), [("NOT_IN_STATE".to_owned(), "step".to_owned())]);
        let answer = verify(&secretariat, city, 9, 2);
        assert_eq!(answer.data("/verifyStep/report"), &json!({ "status": "VERIFIED", "on": "2026-11-22", "saidBy": "Test User", "evidence": "The office opened" }));
        assert_eq!(report(&coordinator, city, 9, 2, "IN_PROGRESS", &json!({ "reason": "x" })).code(), "STALE");
        assert_eq!(report(&coordinator, city, 9, 3, "IN_PROGRESS", &json!({})).refusals("reportStep"), [("REQUIRED".to_owned(), "reason".to_owned())]);
        report(&coordinator, city, 9, 3, "IN_PROGRESS", &json!({ "reason": "The office closed" })).done("reportStep", "/report/id");

        let seen = coordinator.ask_with(STEPS, json!({ "id": city.public() })).data("/city/steps").clone();
        assert_eq!(seen.as_array().unwrap().len(), 10);
        assert_eq!(seen[3], json!({ "step": { "number": 4 }, "status": "NOT_STARTED", "version": 0, "latest": null, "history": [] }));
        assert_eq!(seen[8]["history"], json!([{ "status": "IN_PROGRESS", "reason": "The office closed" }, { "status": "VERIFIED", "reason": null }, { "status": "DONE", "reason": null }, { "status": "IN_PROGRESS", "reason": null }]));
        assert_eq!((&seen[8]["status"], &seen[8]["version"]), (&json!("IN_PROGRESS"), &json!(4)));
        for stranger in [app.coordinator_of(lyon), app.anonymous()] {
            assert!(stranger.ask_with(STEPS, json!({ "id": city.public() })).data("/city")["steps"].is_null());
        }
    }

    fn the_network_counts_and_says_who_may_not(app: &TestApp) {
        let cities: Vec<CityId> = ["Oslo", "Lyon", "Vic"].iter().map(|name| app.city(name, "NO")).collect();
        let secretariat = app.secretariat();
        for (place, city) in cities.iter().enumerate() {
            report(&secretariat, *city, 1, 0, "IN_PROGRESS", &json!({})).done("reportStep", "/report/id");
            if place > 0 {
                report(&secretariat, *city, 1, 1, "DONE", &json!({ "evidence": "minutes" })).done("reportStep", "/report/id");
            }
        }
        // Who said it does not verify it.
        assert_eq!(verify(&secretariat, cities[2], 1, 2).refusals("verifyStep"), [("SECOND_PERSON_NEEDED".to_owned(), "step".to_owned())]);
        verify(&app.secretariat(), cities[2], 1, 2).done("verifyStep", "/report/status");
        let query = "{ stepStandings { step { number } inProgress done verified } }";
        let counted = app.coordinator_of(cities[0]).ask(query).data("/stepStandings").clone();
        assert_eq!(counted[0], json!({ "step": { "number": 1 }, "inProgress": 1, "done": 1, "verified": 1 }));
        assert_eq!(counted[1], json!({ "step": { "number": 2 }, "inProgress": 0, "done": 0, "verified": 0 }));

        for (step, version, status, fields, field) in [
            (0, 0, "IN_PROGRESS", json!({}), "step"),
            (11, 0, "IN_PROGRESS", json!({}), "step"),
            (2, 0, "VERIFIED", json!({}), "status"),
            (2, 0, "IN_PROGRESS", json!({ "on": "2026-11-23" }), "on"),
        ] {
            let refused = report(&secretariat, cities[0], step, version, status, &fields).refusals("reportStep");
            assert_eq!(refused, [("OUT_OF_RANGE".to_owned(), field.to_owned())], "{step}");
        }
        assert_eq!(report(&app.finance(), cities[0], 2, 0, "IN_PROGRESS", &json!({})).code(), "FORBIDDEN");
        assert_eq!(report(&app.coordinator_of(cities[1]), cities[0], 2, 0, "IN_PROGRESS", &json!({})).code(), "NOT_FOUND");
    }

    fn one_of_many_reports_at_once_counts_and_none_changes(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        let coordinator = app.coordinator_of(city);
        let answers = at_once(8, |_| report(&coordinator, city, 3, 0, "IN_PROGRESS", &json!({})));
        let won = answers.iter().filter(|answer| answer.body["data"]["reportStep"]["report"]["id"].is_string()).count();
        let stale = answers.iter().filter(|answer| answer.body["errors"][0]["extensions"]["code"] == "STALE").count();
        assert_eq!((won, stale), (1, 7));
        assert!(app.try_arrange(|tx| Ok(diesel::update(step_reports::table).set(step_reports::step.eq(4)).execute(tx.db)?)).is_err());
        assert!(app.try_arrange(|tx| Ok(diesel::delete(step_reports::table).execute(tx.db)?)).is_err());
    }
}
