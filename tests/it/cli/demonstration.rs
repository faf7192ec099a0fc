//! `serve --demo`: the same network on both databases, at every start. What it is not: the records one
//! by one; those are told where they are made.

use serde_json::{Value, json};

use crate::cli::place::{Place, run};
use crate::cli::service::{Client, Service};
use intercultural_cities::kernel::ids::read_public_id;

const CLOCK: [&str; 3] = ["--demo", "--clock", "2026-11-22T12:00:00Z"];
const PASSWORD: &str = "intercultural-2010";
const ROLES: [(&str, &str); 8] = [
    ("ADMIN", "admin"),
    ("SECRETARIAT", "secretariat"),
    ("FINANCE", "finance"),
    ("AUDITOR", "auditor"),
    ("COORDINATOR", "coordinator.copenhagen"),
    ("COORDINATOR", "coordinator.lyon"),
    ("COORDINATOR", "coordinator.oslo"),
    ("EXPERT", "expert"),
];

/// What finance asks beside the shipped documents.
const MORE: [(&str, &str); 7] = [
    (
        "all cities",
        "{ cities(first: 100) { nodes { names { name } name country population membershipStatus coordinator { name fte startsOn person { name } } deputy { name } openBalance { amount currency formatted } } totalCount } }",
    ),
    (
        "memberships",
        "{ memberships(first: 100) { nodes { status city { name } } totalCount } }",
    ),
    (
        "invoices",
        "{ invoices(first: 100) { nodes { number kind status issuedOn dueOn total { formatted } openAmount { amount } city { name } } totalCount } }",
    ),
    (
        "payments",
        "{ payments(first: 100) { nodes { receivedOn amount { amount } unallocated { amount } } totalCount } }",
    ),
    (
        "visits",
        "{ studyVisits(first: 50) { nodes { theme startsOn endsOn status hostCity { name } placesLeft visitors { nodes { city { name } seats } } } totalCount } expertVisits(first: 50) { nodes { theme startsOn status city { name } experts { name } } } }",
    ),
    (
        "pairings",
        "{ mentorPairings(first: 50) { nodes { mentorCity { name } status legs { area } } totalCount } packages(first: 50) { nodes { startsOn endsOn } totalCount } }",
    ),
    (
        "policy",
        "{ policyTable { __typename } practices(first: 10) { nodes { title summary } } priceList { product amount { formatted } } networks { code } }",
    ),
];

fn root(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The documents with their variables: the issue's, GraphiQL's, those of `bench/queries`, and more.
fn documents(client: &Client) -> Vec<(String, String, Value)> {
    let issue = "{ cities(first: 5) { nodes { name country coordinator { name } } totalCount } }";
    let mut documents = vec![("the issue".to_owned(), issue.to_owned(), json!({}))];
    let examples = std::fs::read_to_string(root("assets/graphiql/examples.json")).unwrap();
    let examples: Value = serde_json::from_str(&examples).unwrap();
    for (index, tab) in examples["tabs"].as_array().unwrap().iter().enumerate() {
        let lines: Vec<&str> = tab["query"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap())
            .collect();
        let variables = tab.get("variables").cloned().unwrap_or_else(|| json!({}));
        documents.push((format!("GraphiQL {index}"), lines.join("\n"), variables));
    }
    let copenhagen = client.ask(
        "{ cities(filter: { search: \"Copenhagen\" }, first: 1) { nodes { id } } }",
        &json!({}),
        None,
    );
    let id = copenhagen.text("/cities/nodes/0/id").to_owned();
    for (name, variables) in [
        ("q1", json!({})),
        ("q2", json!({ "id": id })),
        ("q3", json!({})),
        ("q4", json!({})),
        ("q5", json!({})),
    ] {
        let text = std::fs::read_to_string(root(&format!("bench/queries/{name}.graphql"))).unwrap();
        documents.push((name.to_owned(), text, variables));
    }
    documents.extend(MORE.map(|(name, text)| (name.to_owned(), text.to_owned(), json!({}))));
    documents
}

/// The answers, byte for byte but for ids and cursors: those are new in each database.
fn answers(client: &Client) -> Vec<(String, String)> {
    documents(client)
        .into_iter()
        .map(|(name, text, variables)| {
            let answer = client.ask(&text, &variables, None);
            assert!(
                answer.body.get("errors").is_none(),
                "{name}: {}",
                answer.body
            );
            let mut bytes = answer.reply.text().to_owned();
            for id in made(&answer.body["data"]) {
                bytes = bytes.replace(&id, "…");
            }
            (name, bytes)
        })
        .collect()
}

/// The ids and cursors of an answer.
fn made(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(made).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value.as_str() {
                Some(text) if name == "endCursor" || read_public_id(text).is_some() => {
                    vec![text.to_owned()]
                }
                _ => made(value),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The lines that tell how to sign in stand right below the address.
fn tells_the_accounts(service: &Service) {
    let said = service.said();
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("account "))
        .collect();
    let expected: Vec<String> = ROLES
        .iter()
        .map(|(role, name)| format!("account {role} {name}@example.org {PASSWORD}"))
        .collect();
    assert_eq!(lines, expected);
}

/// Serves a demonstration, asks everything and checks what the issue promises.
fn demonstrated(place: &Place, clock: &[&str]) -> Vec<(String, String)> {
    let service = place.serve(clock);
    tells_the_accounts(&service);
    let nobody = service.anonymous();
    let issue = nobody.ask(
        "{ cities(first: 5) { nodes { name country coordinator { name } } totalCount } }",
        &json!({}),
        None,
    );
    assert_eq!(issue.data("/cities/nodes").as_array().unwrap().len(), 5);
    assert!(
        issue.data("/cities/totalCount").as_i64().unwrap() > 50,
        "{}",
        issue.body
    );
    let finance = service.sign_in_with("finance@example.org", PASSWORD);
    let owed = "query ($asOf: Date) { cities(filter: { search: \"københavn\" }, first: 1) { nodes { name(language: \"da\") membershipStatus openBalance(asOf: $asOf) { amount formatted } invoices(first: 10, filter: { status: [PARTLY_PAID] }) { nodes { total { amount } openAmount { amount } } } } } }";
    let copenhagen = finance.ask(owed, &json!({ "asOf": "2026-11-22" }), None);
    assert_eq!(
        copenhagen.data("/cities/nodes/0"),
        &json!({ "name": "København", "membershipStatus": "ACTIVE", "openBalance": { "amount": "40000.00", "formatted": "40.000,00\u{a0}kr." },
            "invoices": { "nodes": [{ "total": { "amount": "60000.00" }, "openAmount": { "amount": "40000.00" } }] } })
    );
    for (_, name) in ROLES {
        service.sign_in_with(&format!("{name}@example.org"), PASSWORD);
    }
    let admin = service.sign_in_with("admin@example.org", PASSWORD);
    let mut all = answers(&admin);
    all.extend(answers(&finance));
    assert!(service.stop().success());
    place.is_sound();
    place.done(&["audit", "verify"]);
    all
}

/// How many lines of the log say that a demonstration was loaded, and how many cities there are.
fn loaded(place: &Place) -> (i64, i64) {
    use intercultural_cities::db::sql::Sql;
    let mut db = place.db();
    let lines =
        Sql::new("SELECT count(*) FROM audit_entries WHERE action = 'demonstration.loaded'");
    let cities = Sql::new("SELECT count(*) FROM cities");
    (
        lines.number(&mut db).unwrap(),
        cities.number(&mut db).unwrap(),
    )
}

#[test]
fn both_databases_tell_the_same_story() {
    let sqlite = Place::sqlite();
    let first = demonstrated(&sqlite, &CLOCK);
    if let Some(postgres) = Place::postgres() {
        for (one, other) in first.iter().zip(demonstrated(&postgres, &CLOCK)) {
            assert_eq!(*one, other);
        }
        assert_eq!(loaded(&postgres), loaded(&sqlite));
    }
}

crate::program_on_both_databases! {
    fn a_second_start_changes_nothing(place: &Place) {
        let first = demonstrated(place, &CLOCK);
        let before = loaded(place);
        assert_eq!(before.0, 1);
        // The clock must not go back behind what was written meanwhile.
        let later = ["--demo", "--clock", "2026-11-22T13:00:00Z"];
        let second = demonstrated(place, &later);
        assert_eq!(loaded(place), before);
        for (one, other) in first.iter().zip(second) {
            assert_eq!(*one, other);
        }
        let mut arguments = vec!["serve"];
        arguments.extend(CLOCK);
        let said = place.refused(&arguments);
        assert!(said.contains("earlier than the newest record"), "{said}");
    }

    fn only_an_empty_database_and_this_machine_get_one(place: &Place) {
        place.done(&["migrate"]);
        for listen in ["0.0.0.0:0", "[::]:0"] {
            let mut command = place.command(&["serve", "--demo"]);
            command.env("LISTEN", listen);
            let done = run(command, "");
            assert_eq!(done.code, 1, "{done:?}");
            assert!(done.err.contains("loopback"), "{done:?}");
            let mut command = place.command(&["serve", "--clock", "2026-11-22T12:00:00Z"]);
            command.env("LISTEN", listen);
            let done = run(command, "");
            assert!(done.code == 1 && done.err.contains("loopback"), "{done:?}");
        }
        let said = place.refused(&["serve", "--clock", "tomorrow"]);
        assert!(said.contains("RFC 3339"), "{said}");
        assert_eq!(loaded(place), (0, 0));
        place.account("ADMIN");
        let said = place.refused(&["serve", "--demo"]);
        assert!(said.contains("empty database"), "{said}");
        assert_eq!(loaded(place), (0, 0));
    }
}
