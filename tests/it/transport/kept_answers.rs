//! Answers from memory: given on PostgreSQL while nothing was written, and never to somebody else,
//! in another language or after a change. What it is not: how long clients may keep an answer
//! (`caching.rs`).

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::{Value, json};

use crate::finance::arrange;
use crate::support::actor::Actor;
use crate::support::app::{TestApp, day};
use crate::support::databases::Database;

const CITIES: &str = "{ cities(first: 50) { nodes { id name version } totalCount } }";
const REVISE: &str = "mutation ($input: ReviseCityInput!) { reviseCity(input: $input) { city { version population } userErrors { code field message } } }";

/// Asks until the answer comes from memory: the sealing of the audit log writes for a while after
/// each change. On SQLite nothing ever comes from there. All answers meanwhile are the same.
fn asked_until_kept(app: &TestApp, actor: &Actor<'_>, query: &str) -> Value {
    let before = recalled(app);
    let first = actor.ask(query).body;
    assert!(first.get("errors").is_none(), "{first}");
    for _ in 0..100 {
        assert_eq!(actor.ask(query).body, first);
        match app.database {
            Database::Postgres if recalled(app) > before => return first,
            Database::Postgres => std::thread::sleep(std::time::Duration::from_millis(100)),
            Database::Sqlite => {
                assert_eq!(recalled(app), 0);
                return first;
            }
        }
    }
    panic!("ten seconds without a quiet moment");
}

fn recalled(app: &TestApp) -> u64 {
    let metrics = app.anonymous().get("/metrics");
    let text = metrics.text();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("graphql_answers_recalled_total "));
    line.unwrap().parse().unwrap()
}

/// Tells the readers that there is nothing more to see.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn public_city(app: &TestApp, name: &str) -> CityId {
    crate::exchange::member(app, name, "DK")
}

fn revise(app: &TestApp, city: CityId, version: i64, population: i64) -> i64 {
    let details = json!({ "population": population, "populationYear": 2025, "populationSource": "example.org" });
    let input = json!({ "id": city.public(), "version": version, "name": "Oslo", "timeZone": "Europe/Oslo", "details": details });
    let answer = app
        .secretariat()
        .ask_with(REVISE, json!({ "input": input }));
    assert_eq!(answer.data("/reviseCity/userErrors"), &json!([]));
    answer.data("/reviseCity/city/version").as_i64().unwrap()
}

crate::both_databases! {
    fn a_question_is_answered_from_memory_until_something_is_written(app: &TestApp) {
        let city = public_city(app, "Oslo");
        let public = app.anonymous();
        asked_until_kept(app, &public, CITIES);
        let version = revise(app, city, 1, 700_000);
        let revised = asked_until_kept(app, &public, CITIES);
        assert_eq!(revised.pointer("/data/cities/nodes/0/version"), Some(&json!(version)));

        // A write that this process knows nothing of counts as well.
        public_city(app, "Lyon");
        let third = asked_until_kept(app, &public, CITIES);
        assert_eq!(third.pointer("/data/cities/totalCount"), Some(&json!(2)));

        // A transaction that is taken back changes nothing.
        let undone: intercultural_cities::kernel::error::Result<()> = app.try_arrange(|tx| {
            intercultural_cities::registry::cities::register(tx, &crate::support::app::new_city("Nowhere", "DK"))?;
            Err(intercultural_cities::kernel::error::Error::Unauthenticated)
        });
        assert!(undone.is_err());
        assert_eq!(asked_until_kept(app, &public, CITIES), third);
    }

    fn an_answer_is_for_its_viewer_its_words_and_its_language_alone(app: &TestApp) {
        arrange::prices(app);
        let (oslo, lyon) = (public_city(app, "Oslo"), public_city(app, "Lyon"));
        for city in [oslo, lyon] {
            arrange::paid(app, city, 1_000, day(2026, 2, 1), &[]);
        }
        let payments = "query ($id: ID!) { city(id: $id) { name payments(first: 5) { nodes { amount { amount } } } } }";
        let of_oslo = json!({ "id": oslo.public() });
        let (finance, own, other) = (app.finance(), app.coordinator_of(oslo), app.coordinator_of(lyon));
        let ask = |actor: &Actor<'_>| actor.ask_with(payments, of_oslo.clone()).body;
        for _ in 0..3 {
            for allowed in [&finance, &own] {
                assert_eq!(ask(allowed).pointer("/data/city/payments/nodes/0/amount/amount"), Some(&json!("10.00")));
            }
            for refused in [&other, &app.anonymous()] {
                let answer = ask(refused);
                assert!(!answer.to_string().contains("10.00"), "{answer}");
            }
            let lyons = finance.ask_with(payments, json!({ "id": lyon.public() }));
            assert_eq!(lyons.text("/city/name"), "Lyon", "other variables are another question");
        }

        let two = "query One { cities(first: 1) { totalCount } } query Two { networks { code } }";
        for _ in 0..3 {
            for (operation, field) in [("One", "cities"), ("Two", "networks")] {
                let body = json!({ "query": two, "operationName": operation }).to_string();
                let answer = app.anonymous().send("POST", "/graphql", &[("content-type", "application/json")], body.as_bytes()).json();
                assert!(answer["data"].get(field).is_some(), "{answer}");
            }
        }

        let steps = json!({ "query": "{ steps { name } }" }).to_string();
        let named = |language: &str| {
            app.anonymous().send("POST", "/graphql", &[("content-type", "application/json"), ("accept-language", language)], steps.as_bytes()).json()
        };
        let (danish, english) = (named("da"), named("en"));
        assert_ne!(danish, english);
        for _ in 0..2 {
            assert_eq!((named("da"), named("en")), (danish.clone(), english.clone()));
        }
    }

    fn who_lost_a_role_gets_nothing_from_memory(app: &TestApp) {
        public_city(app, "Oslo");
        let finance = app.finance();
        let payments = "{ payments(first: 5) { totalCount } }";
        asked_until_kept(app, &finance, payments);
        let revoke = "mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) { userErrors { code message } } }";
        let user = finance.user();
        let users = app.admin().ask("{ users(first: 50) { nodes { id grants { id } } } }");
        let users = users.data("/users/nodes").as_array().unwrap().clone();
        let known = users.iter().find(|known| known["id"] == user.public()).unwrap();
        let grant = known["grants"][0]["id"].as_str().unwrap().to_owned();
        let revoked = app.admin().ask_with(revoke, json!({ "input": { "grantId": grant } }));
        assert_eq!(revoked.data("/revokeRole/userErrors"), &json!([]));
        assert_eq!(finance.ask(payments).code(), "FORBIDDEN");
    }

    fn what_the_clock_decides_is_decided_anew(app: &TestApp) {
        let city = public_city(app, "Oslo");
        let question = json!({ "query": "query ($id: ID!) { city(id: $id) { name } }", "variables": { "id": city.public() } });
        app.arrange(|tx| {
            let sql = "UPDATE cities SET public_since = ";
            intercultural_cities::db::sql::Sql::new(sql).bind_date(day(2026, 12, 1)).execute(tx.db)?;
            Ok(())
        });
        let body = question.to_string();
        let ask = || app.anonymous().send("POST", "/graphql", &[("content-type", "application/json")], body.as_bytes()).json();
        for _ in 0..3 {
            assert_eq!(ask()["data"]["city"], Value::Null);
        }
        app.set_now(chrono::DateTime::parse_from_rfc3339("2026-11-30T22:59:59Z").unwrap().to_utc());
        for _ in 0..3 {
            assert_eq!(ask()["data"]["city"], Value::Null);
        }
        app.set_now(chrono::DateTime::parse_from_rfc3339("2026-11-30T23:00:00Z").unwrap().to_utc());
        assert_eq!(ask()["data"]["city"]["name"], "Oslo", "it is December in Copenhagen");
    }

    fn rates_and_failures_are_not_kept(app: &TestApp) {
        let before = recalled(app);
        for _ in 0..4 {
            assert_eq!(app.anonymous().ask("{ rateLimit { remaining } }").status, 200);
            assert_eq!(app.anonymous().ask("{ payments(first: 1) { totalCount } }").code(), "UNAUTHENTICATED");
        }
        assert_eq!(recalled(app), before);
    }

    fn nobody_reads_an_older_state_than_was_acknowledged(app: &TestApp) {
        let city = public_city(app, "Oslo");
        let acknowledged = AtomicI64::new(1);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            // Also when a write fails the readers end.
            let _ended = Ending(&done);
            for _ in 0..3 {
                scope.spawn(|| {
                    while !done.load(Ordering::Acquire) {
                        let at_least = acknowledged.load(Ordering::Acquire);
                        let answer = app.anonymous().ask(CITIES);
                        let seen = answer.data("/cities/nodes/0/version").as_i64().unwrap();
                        assert!(seen >= at_least, "saw {seen} after {at_least} was acknowledged");
                    }
                });
            }
            for population in 1..=60 {
                let version = revise(app, city, acknowledged.load(Ordering::Acquire), population);
                acknowledged.store(version, Ordering::Release);
                // Now and then the readers get a quiet moment, in which they answer from memory.
                if population % 6 == 0 {
                    std::thread::sleep(std::time::Duration::from_millis(30));
                }
            }
        });
        if app.database == Database::Postgres {
            assert!(recalled(app) > 0, "the storm met the memory");
        }
    }
}
