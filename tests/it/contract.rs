//! What clients program against: the committed schema is the code's, everything in it says what it
//! is, and the documents that are shipped fit it. What it is not: what the fields answer.

use std::collections::BTreeMap;
use std::path::PathBuf;

use async_graphql_parser::types::{
    FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql_parser::{Positioned, parse_schema};
use intercultural_cities::server::graphql;
use serde_json::{Value, json};

use crate::support::app::TestApp;

fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a committed file with what the code makes; `UPDATE=1` writes it instead.
#[track_caller]
pub fn committed(path: &str, made: &str) {
    let path = root(path);
    let made = format!("{}\n", made.trim_end());
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, made).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found != made {
        let line = found
            .lines()
            .zip(made.lines())
            .position(|(left, right)| left != right);
        panic!(
            "{} differs from the code, first at line {:?}; `UPDATE=1 cargo test --test it contract` writes it",
            path.display(),
            line.map(|line| line + 1)
        );
    }
}

#[test]
fn the_committed_schema_is_the_codes() {
    committed("schema.graphql", &graphql::published());
}

/// A description is a sentence: it ends as one.
fn says(what: &str, description: Option<&Positioned<String>>, problems: &mut Vec<String>) {
    match description.map(|text| text.node.trim()) {
        None | Some("") => problems.push(format!("{what} has no description")),
        Some(text) if !text.ends_with(['.', '!', '?', ')', ':']) => {
            problems.push(format!("{what}: the description is no sentence: {text}"));
        }
        Some(_) => {}
    }
}

fn fields(owner: &str, fields: &[Positioned<FieldDefinition>], problems: &mut Vec<String>) {
    for field in fields {
        let name = format!("{owner}.{}", field.node.name.node);
        says(&name, field.node.description.as_ref(), problems);
        inputs(&name, &field.node.arguments, problems);
    }
}

fn inputs(owner: &str, values: &[Positioned<InputValueDefinition>], problems: &mut Vec<String>) {
    for value in values {
        says(
            &format!("{owner}({})", value.node.name.node),
            value.node.description.as_ref(),
            problems,
        );
    }
}

#[test]
fn everything_in_the_schema_says_what_it_is() {
    let document = parse_schema(graphql::published()).unwrap();
    let mut problems = Vec::new();
    let mut types = 0;
    for definition in &document.definitions {
        match definition {
            TypeSystemDefinition::Type(definition) => {
                types += 1;
                let name = definition.node.name.node.as_str();
                says(name, definition.node.description.as_ref(), &mut problems);
                match &definition.node.kind {
                    TypeKind::Object(object) => fields(name, &object.fields, &mut problems),
                    TypeKind::Interface(interface) => {
                        fields(name, &interface.fields, &mut problems);
                    }
                    TypeKind::InputObject(input) => inputs(name, &input.fields, &mut problems),
                    TypeKind::Enum(values) => {
                        for value in &values.values {
                            says(
                                &format!("{name}.{}", value.node.value.node),
                                value.node.description.as_ref(),
                                &mut problems,
                            );
                        }
                    }
                    TypeKind::Union(_) | TypeKind::Scalar => {}
                }
            }
            TypeSystemDefinition::Directive(directive) => {
                // The directives of the specification come from the executor.
                let name = directive.node.name.node.as_str();
                if !["skip", "include", "deprecated", "specifiedBy", "oneOf"].contains(&name) {
                    says(name, directive.node.description.as_ref(), &mut problems);
                }
            }
            TypeSystemDefinition::Schema(_) => {}
        }
    }
    assert!(types > 20, "{types}");
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn mutations_have_one_shape() {
    let document = parse_schema(graphql::published()).unwrap();
    let mut problems = Vec::new();
    let types: BTreeMap<&str, &TypeKind> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                Some((definition.node.name.node.as_str(), &definition.node.kind))
            }
            _ => None,
        })
        .collect();
    let TypeKind::Object(mutation) = types["Mutation"] else {
        panic!("Mutation is no object");
    };
    for field in &mutation.fields {
        let name = field.node.name.node.as_str();
        let title = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let arguments: Vec<String> = field
            .node
            .arguments
            .iter()
            .map(|one| format!("{}: {}", one.node.name.node, one.node.ty.node))
            .collect();
        if arguments != [format!("input: {title}Input!")] {
            problems.push(format!("{name}({})", arguments.join(", ")));
        }
        if let Some(TypeKind::InputObject(input)) = types.get(format!("{title}Input").as_str()) {
            let key = input
                .fields
                .iter()
                .find(|field| field.node.name.node == "idempotencyKey");
            if key.is_none_or(|field| field.node.ty.node.to_string() != "String") {
                problems.push(format!("{title}Input.idempotencyKey"));
            }
        }
        let payload = format!("{title}Payload");
        if field.node.ty.node.to_string() != format!("{payload}!") {
            problems.push(format!("{name}: {}", field.node.ty.node));
        }
        if let Some(TypeKind::Object(payload_type)) = types.get(payload.as_str()) {
            let errors = payload_type
                .fields
                .iter()
                .find(|field| field.node.name.node == "userErrors");
            if errors.is_none_or(|field| field.node.ty.node.to_string() != "[UserError!]!") {
                problems.push(format!("{payload}.userErrors"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Objects without times of their own, and why.
const WITHOUT_TIMES: &[(&str, &str)] = &[
    (
        "Reminder",
        "what is sent never changes; it has the time of its sending",
    ),
    (
        "LedgerTransaction",
        "what is posted never changes; it has the time of its making",
    ),
    (
        "BankStatement",
        "what the bank told never changes; it has the time of its import",
    ),
    (
        "PolicyStatement",
        "what is stated never changes; it has the time of its making",
    ),
    (
        "StepReport",
        "what is reported never changes; it has the time of its making",
    ),
    ("PracticeAdoption", "never changes, as what is reported"),
    (
        "Questionnaire",
        "an edition never changes; it has the time of its loading",
    ),
    ("AuditEntry", "a line of the log is its own time, `at`"),
    (
        "Round",
        "reference data that comes with the service, not a record",
    ),
];

/// Lists that cannot be asked for what changed, and why.
const WITHOUT_UPDATED_AT: &[(&str, &str)] = &[
    (
        "FeeRun.rows",
        "what was done about a membership never changes",
    ),
    ("FeeRunPreview.rows", "made anew for each question"),
    ("feeRuns", "a few a year, the newest first"),
    ("bankStatements", "what the bank told never changes"),
    ("reminderRun", "what would be sent as of a day"),
    (
        "reminderRuns",
        "the newest stand first, and a run changes once",
    ),
    ("reminders", "what is sent never changes"),
    ("ledgerTransactions", "what is posted never changes"),
    ("Invoice.allocations", "an allocation never changes"),
    ("Payment.allocations", "an allocation never changes"),
    ("StudyVisit.visitors", "who comes as of now"),
    (
        "attention",
        "made anew for each question; an entry is no record",
    ),
    (
        "auditTrail",
        "lines never change; it is filtered by its own time",
    ),
    ("openItems", "asked as of a day"),
    ("overdueInvoices", "asked as of a day"),
];

#[test]
fn objects_tell_when_they_changed_and_lists_can_be_asked_for_it() {
    let document = parse_schema(graphql::published()).unwrap();
    let mut kinds: BTreeMap<String, TypeKind> = BTreeMap::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition {
            kinds.insert(definition.node.name.node.to_string(), definition.node.kind);
        }
    }
    let mut problems = Vec::new();
    for (name, kind) in &kinds {
        let TypeKind::Object(object) = kind else {
            continue;
        };
        if !object.implements.iter().any(|one| one.node == "Node") {
            continue;
        }
        let has = |field: &str| object.fields.iter().any(|one| one.node.name.node == field);
        let excepted = WITHOUT_TIMES.iter().any(|(known, _)| known == name);
        if (has("createdAt") && has("updatedAt")) == excepted {
            problems.push(format!("{name}: createdAt, updatedAt"));
        }
    }
    let objects = kinds.iter().filter_map(|(name, kind)| match kind {
        TypeKind::Object(object) => Some((name.as_str(), object)),
        _ => None,
    });
    let fields =
        objects.flat_map(|(of, object)| object.fields.iter().map(move |field| (of, field)));
    for (of, field) in fields {
        let name = match of {
            "Query" => field.node.name.node.to_string(),
            _ => format!("{of}.{}", field.node.name.node),
        };
        let kind = field.node.ty.node.to_string();
        if !kind.trim_end_matches('!').ends_with("Connection") {
            continue;
        }
        let filter = field
            .node
            .arguments
            .iter()
            .find(|one| one.node.name.node == "filter");
        let has = filter.is_some_and(|filter| match kinds.get(&filter.node.ty.node.to_string()) {
            Some(TypeKind::InputObject(input)) => input
                .fields
                .iter()
                .any(|one| one.node.name.node == "updatedAt"),
            _ => false,
        });
        if has == WITHOUT_UPDATED_AT.iter().any(|(known, _)| *known == name) {
            problems.push(format!("{name}(filter: updatedAt)"));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// The shipped documents: where each is from, its text and variables that fit it.
fn shipped() -> Vec<(String, String, Value)> {
    let examples = std::fs::read_to_string(root("assets/graphiql/examples.json")).unwrap();
    let examples: Value = serde_json::from_str(&examples).unwrap();
    let mut documents: Vec<(String, String, Value)> = examples["tabs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tab| {
            let lines: Vec<&str> = tab["query"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line.as_str().unwrap())
                .collect();
            let text = lines.join("\n");
            let name = text
                .split("query ")
                .nth(1)
                .unwrap()
                .split(['(', ' '])
                .next()
                .unwrap()
                .to_owned();
            (
                format!("GraphiQL {name}"),
                text,
                tab.get("variables").cloned().unwrap_or_else(|| json!({})),
            )
        })
        .collect();
    let mut queries: Vec<PathBuf> = std::fs::read_dir(root("bench/queries"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    queries.sort();
    let id = "Q2l0eTowMTliMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDE";
    for path in queries {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut variables = json!({});
        for (name, value) in [
            ("id", id),
            ("cityId", id),
            ("receivedOn", "2026-11-22"),
            ("idempotencyKey", "key"),
        ] {
            if text.contains(&format!("${name}:")) {
                variables[name] = value.into();
            }
        }
        documents.push((
            path.file_name().unwrap().to_str().unwrap().to_owned(),
            text,
            variables,
        ));
    }
    assert!(documents.len() > 9);
    documents
}

#[test]
fn shipped_documents_fit_the_schema_and_their_cost_is_known() {
    let app = TestApp::sqlite();
    let admin = app.admin();
    let mut costs = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, text, variables) in shipped() {
        let body = json!({ "query": text, "variables": variables }).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("accept", "application/graphql-response+json"),
        ];
        let reply = admin.send("POST", "/graphql", &headers, body.as_bytes());
        match reply.status {
            200 => {
                costs.insert(
                    name,
                    reply.json()["extensions"]["cost"]["cost"].as_u64().unwrap(),
                );
            }
            status => problems.push(format!("{name}: {status} {}", reply.text())),
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    let costs: Vec<String> = costs
        .iter()
        .map(|(name, cost)| format!("{name} {cost}"))
        .collect();
    insta::assert_snapshot!(costs.join("\n"), @r"
    GraphiQL Cities 20
    GraphiQL OpenBalance 42
    GraphiQL OverdueInvoices 70
    GraphiQL Practices 27
    GraphiQL StudyVisits 30
    GraphiQL WhatItCosts 82
    q1.graphql 100
    q2.graphql 252
    q3.graphql 4600
    q4.graphql 300
    q5.graphql 70
    q6.graphql 13
    ");
}
