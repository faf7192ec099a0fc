//! Answers from memory: given on PostgreSQL while nothing was written, and never to somebody else,
//! in another language or after a change. What it is not: how long clients may keep an answer
//! (`caching.rs`).

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use intercultural_cities::db::snapshot_id;
use intercultural_cities::db::sql::Sql;
use intercultural_cities::kernel::error::{Error, Result};
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::registry::cities;
use serde_json::{Value, json};

use crate::finance::arrange;
use crate::support::actor::Actor;
use crate::support::app::{TestApp, day, new_city};
use crate::transport::outage::on_own_cluster;

const CITIES: &str = "{ cities(first: 50) { nodes { id name version } totalCount } }";
const REVISE: &str = "mutation ($input: ReviseCityInput!) { reviseCity(input: $input) { city { version population } userErrors { code field message } } }";

/// Asks until the answer comes from memory: the sealing of the audit log writes for a while after
/// each change. On SQLite nothing ever comes from there. All answers meanwhile are the same.
fn until_kept(app: &TestApp, ask: impl Fn() -> Value) -> Value {
    let before = recalled(app);
    let first = ask();
    assert!(first.get("errors").is_none(), "{first}");
    for _ in 0..300 {
        // The first of two keeps what the second may find, if no other test wrote in between.
        assert_eq!(ask(), first);
        assert_eq!(ask(), first);
        if app.app.connector.is_sqlite() {
            assert_eq!(recalled(app), 0);
            return first;
        }
        if recalled(app) > before {
            return first;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("half a minute without a quiet moment");
}

fn asked_until_kept(app: &TestApp, actor: &Actor<'_>, query: &str) -> Value {
    until_kept(app, || actor.ask(query).body)
}

/// Asks once; the answer must not be one that was kept.
fn anew(app: &TestApp, ask: impl Fn() -> Value) -> Value {
    let before = recalled(app);
    let answer = ask();
    assert_eq!(recalled(app), before, "{answer}");
    answer
}

fn posted(app: &TestApp, language: &str, body: &Value) -> Value {
    let headers = [
        ("content-type", "application/json"),
        ("accept-language", language),
    ];
    let body = body.to_string();
    app.anonymous()
        .send("POST", "/graphql", &headers, body.as_bytes())
        .json()
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

/// Registers a city and takes it back: a transaction that leaves nothing behind but its number.
fn undone(app: &TestApp) {
    let undone: Result<()> = app.try_arrange(|tx| {
        cities::register(tx, &new_city("Nowhere", "DK"))?;
        Err(Error::Unauthenticated)
    });
    assert!(undone.is_err());
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
        undone(app);
        assert_eq!(asked_until_kept(app, &public, CITIES), third);
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
            }
        });
    }
}

// On a cluster of its own, where nobody else's transactions end: what is asked anew there would come
// from memory if it were taken for the same question.

#[test]
fn an_answer_is_for_its_viewer_alone() {
    let Some((_cluster, app)) = on_own_cluster() else {
        return;
    };
    arrange::prices(&app);
    let (oslo, lyon) = (public_city(&app, "Oslo"), public_city(&app, "Lyon"));
    for city in [oslo, lyon] {
        arrange::paid(&app, city, 1_000, day(2026, 2, 1), &[]);
    }
    let (finance, own) = (app.finance(), app.coordinator_of(oslo));
    let (other, colleague) = (app.coordinator_of(lyon), app.finance());
    let payments = "query ($id: ID!) { city(id: $id) { name payments(first: 5) { nodes { amount { amount } } } } }";
    let ask = |actor: &Actor<'_>, city: CityId| {
        actor
            .ask_with(payments, json!({ "id": city.public() }))
            .body
    };
    let amount = "/data/city/payments/nodes/0/amount/amount";
    // Everybody is looked up before, so that nothing but the question is between the answers.
    for actor in [&finance, &own, &other, &colleague] {
        assert_eq!(actor.ask("{ __typename }").status, 200);
    }
    let kept = until_kept(&app, || ask(&finance, oslo));
    assert_eq!(kept.pointer(amount), Some(&json!("10.00")));
    for refused in [&other, &app.anonymous()] {
        let answer = anew(&app, || ask(refused, oslo));
        assert!(!answer.to_string().contains("10.00"), "{answer}");
    }
    for allowed in [&own, &colleague] {
        assert_eq!(anew(&app, || ask(allowed, oslo)), kept);
    }
    let lyons = anew(&app, || ask(&finance, lyon));
    assert_eq!(lyons.pointer("/data/city/name"), Some(&json!("Lyon")));
}

#[test]
fn an_answer_is_for_its_words_and_its_language_alone() {
    let Some((_cluster, app)) = on_own_cluster() else {
        return;
    };
    public_city(&app, "Oslo");
    let two = "query One { cities(first: 1) { totalCount } } query Two { networks { code } }";
    let named = |name: &str| json!({ "query": two, "operationName": name });
    until_kept(&app, || posted(&app, "en", &named("One")));
    let other = anew(&app, || posted(&app, "en", &named("Two")));
    assert!(other["data"].get("networks").is_some(), "{other}");

    let steps = json!({ "query": "{ steps { name } }" });
    let english = until_kept(&app, || posted(&app, "en", &steps));
    let danish = until_kept(&app, || posted(&app, "da", &steps));
    assert_ne!(english, danish);
    assert_eq!(posted(&app, "en", &steps), english);
}

#[test]
fn what_the_clock_decides_is_decided_anew() {
    let Some((_cluster, app)) = on_own_cluster() else {
        return;
    };
    let city = public_city(&app, "Oslo");
    app.arrange(|tx| {
        let sql = "UPDATE cities SET public_since = ";
        Sql::new(sql).bind_date(day(2026, 12, 1)).execute(tx.db)?;
        Ok(())
    });
    let question = json!({ "query": "query ($id: ID!) { city(id: $id) { name } }", "variables": { "id": city.public() } });
    let ask = || posted(&app, "en", &question);
    let at = |moment: &str| {
        app.set_now(
            chrono::DateTime::parse_from_rfc3339(moment)
                .unwrap()
                .to_utc(),
        );
    };
    at("2026-11-30T22:59:59Z");
    assert_eq!(until_kept(&app, ask)["data"]["city"], Value::Null);
    at("2026-11-30T23:00:00Z");
    assert_eq!(
        anew(&app, ask)["data"]["city"]["name"],
        "Oslo",
        "it is December in Copenhagen"
    );
}

#[test]
fn a_crash_of_the_server_makes_every_snapshot_another() {
    let Some((_cluster, app)) = on_own_cluster() else {
        return;
    };
    public_city(&app, "Oslo");
    undone(&app);
    let named = || snapshot_id::current(&mut app.db()).unwrap().unwrap();
    let kept = until_kept(&app, || app.anonymous().ask(CITIES).body);
    let before = named();

    let mut victim = app.db();
    let process = Sql::new("SELECT pg_backend_pid()::bigint")
        .number(&mut victim)
        .unwrap();
    let process = rustix::process::Pid::from_raw(i32::try_from(process).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
    let recovered = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        app.anonymous().ask(CITIES).status == 200
    });
    assert!(recovered, "ten seconds without the database");
    assert_ne!(named(), before);

    public_city(&app, "Lyon");
    let after = app.anonymous().ask(CITIES).body;
    assert_ne!(after, kept);
    // The clusters of the tests do not wait for the disk, so the crash may have cost the first city.
    assert!(after.to_string().contains("Lyon"), "{after}");
}
