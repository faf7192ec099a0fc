//! Documents that mean harm: each is refused quickly, in few words, and the service goes on. What
//! it is not: the guard's own tests, which stand beside it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::databases::Database;
use crate::support::http::{Reply, send};
use crate::transport::{JSON, NEW, ask, code, post};

/// The query of graphql-js with every option on.
const INTROSPECTION: &str =
    include_str!("../../../src/server/transport/guard/introspection.graphql");

#[track_caller]
fn refused(reply: &Reply, expected: &str) {
    assert_eq!(
        (reply.status, code(reply).as_str()),
        (400, expected),
        "{}",
        reply.text()
    );
    assert!(reply.body.len() < 20_000, "{} bytes", reply.body.len());
}

#[test]
fn harmful_documents_are_refused_at_once() {
    let app = TestApp::sqlite();
    let chain: String = (0..400)
        .map(|i| format!("fragment F{i} on Query {{ ...F{} ...F{} }}", i + 1, i + 1))
        .collect();
    let cases = [
        (
            "brackets",
            format!("{{ a(b: {}{}) }}", "[".repeat(4_000), "]".repeat(4_000)),
            "TOO_COMPLEX",
        ),
        ("braces", "{a".repeat(5_000), "TOO_COMPLEX"),
        ("open braces", "{".repeat(16_000), "TOO_COMPLEX"),
        (
            "chain",
            format!("{{ ...F0 }} {chain} fragment F400 on Query {{ __typename }}"),
            "TOO_COMPLEX",
        ),
        (
            "cycle",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "self",
            "{ ...A } fragment A on Query { ...A }".to_owned(),
            "BAD_REQUEST",
        ),
        (
            "aliases",
            format!(
                "{{ {} }}",
                (0..31)
                    .map(|i| format!("a{i}: cities {{ totalCount }} "))
                    .collect::<String>()
            ),
            "TOO_COMPLEX",
        ),
        (
            "roots",
            format!("{{ {} }}", "__typename ".repeat(31)),
            "TOO_COMPLEX",
        ),
        (
            "directives",
            format!("{{ __typename {} }}", "@a ".repeat(5_000)),
            "TOO_COMPLEX",
        ),
        (
            "schemas",
            "{ a: __schema { types { name } } b: __schema { types { name } } }".to_owned(),
            "TOO_COMPLEX",
        ),
        (
            "types",
            format!(
                "{{ {} }}",
                (0..11)
                    .map(|i| format!("t{i}: __type(name: \"City\") {{ name }} "))
                    .collect::<String>()
            ),
            "TOO_COMPLEX",
        ),
        (
            "fields of fields",
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
                .to_owned(),
            "TOO_COMPLEX",
        ),
        (
            "bytes",
            format!("{{ __typename }} #{}", "x".repeat(17_000)),
            "TOO_COMPLEX",
        ),
        ("commas", ",".repeat(16_000), "BAD_REQUEST"),
        (
            "a string without an end",
            "{ a(b: \"x) }".to_owned(),
            "BAD_REQUEST",
        ),
        ("nothing", " ".to_owned(), "BAD_REQUEST"),
    ];
    for (what, document, expected) in cases {
        let began = Instant::now();
        let reply = ask(&app, &[NEW], &document);
        refused(&reply, expected);
        assert!(
            began.elapsed() < Duration::from_millis(1_500),
            "{what}: {:?}",
            began.elapsed()
        );
    }
    assert_eq!(ask(&app, &[], "{ __typename }").status, 200);
}

#[test]
fn a_body_of_20_megabytes_is_refused_in_milliseconds() {
    let app = TestApp::sqlite();
    let body = vec![b' '; 20 * 1024 * 1024];
    let began = Instant::now();
    let reply = send("POST", &app.url("/graphql"), &[JSON], &body);
    assert_eq!((reply.status, code(&reply).as_str()), (413, "TOO_COMPLEX"));
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    let at_limit = |bytes: usize| {
        let padding = " ".repeat(bytes - "{\"query\":\"{__typename}\"}".len());
        format!("{{\"query\":\"{{__typename}}\"{padding}}}")
    };
    assert_eq!(post(&app, &[], &at_limit(256 * 1024)).status, 200);
    assert_eq!(post(&app, &[], &at_limit(256 * 1024 + 1)).status, 413);
}

#[test]
fn thousands_of_mistakes_are_told_in_few_words() {
    let app = TestApp::sqlite();
    let bad: Vec<Value> = (0..20_000).map(|_| json!({})).collect();
    let long = "k".repeat(200_000);
    for body in [
        json!({ "query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": { "ids": bad } }),
        json!({ "query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": { "ids": [{ long.clone(): 1 }] } }),
        json!({ "query": "query ($id: ID!) { node(id: $id) { id } }", "variables": { "id": long } }),
        json!({ "query": format!("{{ cities({}) {{ totalCount }} }}", (0..1_000).map(|i| format!("a{i}: 1 ")).collect::<String>()) }),
        json!({ "query": format!("{{ cities {{ {} }} }}", (0..900).map(|i| format!("a{i} ")).collect::<String>()) }),
        json!({ "query": format!("query ({}) {{ __typename }}", (0..900).map(|i| format!("$a{i}: X{i} ")).collect::<String>()) }),
        json!({ "query": format!("{{ node(id: \"{}\") {{ id }} }}", "å".repeat(7_000)) }),
    ] {
        let began = Instant::now();
        let reply = post(&app, &[], &body.to_string());
        let errors = reply.json()["errors"].as_array().unwrap().clone();
        assert!((1..=21).contains(&errors.len()), "{} errors", errors.len());
        assert!(
            reply.body.len() < 64 * 1024,
            "{} bytes: {}",
            reply.body.len(),
            &reply.text()[..300]
        );
        assert!(
            errors
                .iter()
                .all(|error| error["extensions"]["code"].is_string()),
            "{errors:?}"
        );
        assert!(
            began.elapsed() < Duration::from_secs(3),
            "{:?}",
            began.elapsed()
        );
    }
}

#[test]
fn the_whole_introspection_of_graphql_js_is_answered() {
    let app = TestApp::sqlite();
    let reply = ask(&app, &[NEW], INTROSPECTION);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body = reply.json();
    assert!(body.get("errors").is_none());
    assert!(body["data"]["__schema"]["types"].as_array().unwrap().len() > 20);
}

#[test]
fn the_cost_is_told_and_limited() {
    let app = TestApp::sqlite();
    let body = ask(
        &app,
        &[],
        "{ cities(first: 5) { nodes { id } totalCount } }",
    )
    .json();
    let cost = body["extensions"]["cost"]["cost"].as_u64().unwrap();
    assert!(cost > 5, "{body}");
    assert_eq!(body["extensions"]["cost"]["limit"], 10_000);
    for refused in [
        "query ($id: ID!) { city(id: $id) { id } }",
        "query ($id: ID!) { city(id: $id) { nothing } }",
        "{ city(id: 1.5) { id } }",
    ] {
        let told = app.anonymous().ask(refused).body;
        assert!(told["errors"].is_array(), "{told}");
        assert!(
            told["extensions"]["cost"]["cost"].as_u64().unwrap() > 0,
            "{told}"
        );
    }

    let low = TestApp::with(Database::Sqlite, &["--query-cost-limit", &cost.to_string()]).unwrap();
    assert_eq!(
        ask(
            &low,
            &[NEW],
            "{ cities(first: 5) { nodes { id } totalCount } }"
        )
        .status,
        200
    );
    let reply = ask(
        &low,
        &[NEW],
        "{ cities(first: 6) { nodes { id } totalCount } }",
    );
    refused(&reply, "TOO_COMPLEX");
    assert_eq!(reply.json()["extensions"]["cost"]["limit"], cost);
    for variables in [
        json!({ "first": 1e30 }),
        json!({ "first": 2_147_483_648_u64 }),
        json!({ "first": -1 }),
        json!({ "first": i64::MIN }),
    ] {
        let body = json!({ "query": "query ($first: Int) { cities(first: $first) { totalCount } }", "variables": variables });
        let reply = post(&app, &[], &body.to_string());
        assert!(
            matches!(code(&reply).as_str(), "TOO_COMPLEX" | "BAD_REQUEST"),
            "{}",
            reply.text()
        );
    }
}

crate::both_databases! {
    fn errors_tell_nothing_of_the_inside(app: &TestApp) {
        let secretariat = app.secretariat();
        let nasty = ["", "\u{0}", "a\u{0}b", "'; DROP TABLE cities; --", "%", "\\", "\u{202e}", "\u{fffe}", "😀", "0", "-1", "null", "Q2l0eTow", "City:1"];
        for text in nasty {
            for (query, name) in [
                ("query ($v: ID!) { node(id: $v) { id } }", "node"),
                ("query ($v: ID!) { nodes(ids: [$v]) { id } }", "nodes"),
                ("query ($v: ID!) { city(id: $v) { id } }", "city"),
                ("query ($v: String) { cities(filter: { search: $v }) { totalCount } }", "search"),
                ("query ($v: String) { cities(after: $v) { totalCount nodes { id } } }", "after"),
                ("query ($v: String) { cities(before: $v, last: 2) { nodes { id } } }", "before"),
                ("mutation ($v: String!) { registerCity(input: { name: $v, country: \"DK\", timeZone: \"Europe/Copenhagen\" }) { userErrors { code } } }", "name"),
                ("mutation ($v: String!) { registerCity(input: { name: \"X\", country: \"DK\", timeZone: $v }) { userErrors { code } } }", "zone"),
            ] {
                let answer = secretariat.ask_with(query, json!({ "v": text }));
                let told = answer.body.to_string();
                assert!(answer.status < 500, "{name} {text:?}: {told}");
                assert!(!told.contains("INTERNAL"), "{name} {text:?}: {told}");
                for inside in ["SELECT", "INSERT", "diesel", "sqlite", "postgres", "src/", ".rs", "panicked", "Did you mean", "intercultural_cities"] {
                    assert!(!told.contains(inside), "{name} {text:?}: {told}");
                }
            }
        }
        for query in ["{ citties { totalCount } }", "{ cities { nodes { nam } } }", "{ cities(frist: 1) { totalCount } }", "query ($a: Citty) { __typename }"] {
            let told = secretariat.ask(query).body.to_string();
            assert!(!told.contains("mean") && !told.contains("cities\""), "{told}");
        }
    }
}
