//! That `openapi.json` describes the REST paths that the server has, each with its methods, bodies
//! and problems. What it is not: what the paths do; that is tested with their slices.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use intercultural_cities::server::openapi;
use serde_json::Value;

use crate::contract::committed;
use crate::support::app::TestApp;

/// Paths that are no REST: GraphQL, its schema and its page describe themselves.
const NOT_REST: [&str; 6] = [
    "/graphql",
    "/schema.graphql",
    "/graphiql",
    "/graphiql/{file}",
    "/account/choose-password.css",
    "/account/choose-password.js",
];

type Routes = BTreeMap<String, BTreeSet<String>>;

fn document() -> Value {
    serde_json::from_str(&openapi::published().unwrap()).unwrap()
}

fn described() -> Routes {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let methods = |item: &Value| item.as_object().unwrap().keys().cloned().collect();
    paths
        .iter()
        .map(|(path, item)| (path.clone(), methods(item)))
        .collect()
}

/// Every `resource("…")` and `readable("…")` of the source with the methods routed on it.
fn routed() -> Routes {
    let mut routes = Routes::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                read_routes(&std::fs::read_to_string(path).unwrap(), &mut routes);
            }
        }
    }
    routes
}

fn read_routes(text: &str, routes: &mut Routes) {
    for (at, opening) in ["web::resource(\"", "readable(\""]
        .into_iter()
        .flat_map(|opening| text.match_indices(opening))
    {
        let rest = &text[at + opening.len()..];
        let (path, rest) = rest.split_once('"').unwrap();
        // The calls of one resource end where the next service is added.
        let end = rest.find(".service(").or_else(|| rest.find("\n}"));
        let calls = &rest[..end.unwrap_or(rest.len())];
        let methods = calls.split("web::").skip(1).filter_map(|call| {
            let method = call.split("()").next()?;
            ["get", "put", "post", "delete", "patch", "head"]
                .contains(&method)
                .then(|| method.to_owned())
        });
        routes.entry(path.to_owned()).or_default().extend(methods);
    }
}

#[test]
fn the_committed_description_is_the_codes() {
    committed("openapi.json", &openapi::published().unwrap());
}

#[test]
fn every_rest_path_of_the_server_is_described_and_no_other() {
    let mut routed = routed();
    assert!(routed.len() > 15, "the source has routes: {routed:?}");
    for path in NOT_REST {
        assert!(routed.remove(path).is_some(), "{path} is no route any more");
    }
    assert_eq!(described(), routed);
}

#[test]
fn every_operation_says_what_it_takes_and_answers() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut problems = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            let answers = operation["responses"].as_object().unwrap();
            if operation["summary"].as_str().unwrap_or_default().is_empty() {
                problems.push(format!("{name} has no summary"));
            }
            if ["post", "put"].contains(&method.as_str())
                && operation["requestBody"]["content"].is_null()
            {
                problems.push(format!("{name} takes no body"));
            }
            for (status, answer) in answers {
                let is_error = status.as_str() >= "400";
                let problem = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                if path.starts_with("/api/v1/")
                    && is_error
                    && problem != "#/components/schemas/Problem"
                {
                    problems.push(format!("{name}: {status} is no problem"));
                }
                let bare = ["202", "204", "304"].contains(&status.as_str());
                if !bare
                    && answer["content"]
                        .as_object()
                        .is_none_or(serde_json::Map::is_empty)
                {
                    problems.push(format!("{name}: {status} says nothing of its body"));
                }
            }
            if path.starts_with("/api/v1/") {
                for status in ["429", "500", "503"] {
                    if !answers.contains_key(status) {
                        problems.push(format!("{name}: {status} is missing"));
                    }
                }
            }
        }
    }
    let spreadsheets = &document["paths"]["/api/v1/imports/{kind}"]["post"];
    for status in [
        "200", "400", "401", "403", "404", "409", "413", "415", "422",
    ] {
        if spreadsheets["responses"][status].is_null() {
            problems.push(format!("imports: {status} is missing"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Every `$ref` of the document leads somewhere.
#[test]
fn every_reference_is_there() {
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(
                    fields
                        .get("$ref")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
                fields.values().for_each(|field| walk(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut references = Vec::new();
    walk(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

/// The running server agrees: each path refuses another method and names just the described ones.
#[test]
fn the_server_has_the_described_methods() {
    let app = TestApp::sqlite();
    for (path, methods) in described() {
        let path = path
            .replace("{kind}", "cities")
            .replace("{id}", "x")
            .replace("{token}", "x");
        let reply = app.anonymous().send("PATCH", &path, &[], b"");
        assert_eq!(reply.status, 405, "{path}");
        let allowed: BTreeSet<String> = reply
            .header("allow")
            .unwrap()
            .split(", ")
            .map(str::to_lowercase)
            .collect();
        // HEAD is what every path takes that takes GET.
        let mut expected = methods;
        if expected.contains("get") {
            expected.insert("head".to_owned());
        }
        assert_eq!(allowed, expected, "{path}");
    }
}
