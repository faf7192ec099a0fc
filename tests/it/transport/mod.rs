//! GraphQL over HTTP from outside, row by row of the contract. What it is not: tests of fields.

mod attacks;
mod browsers;
mod caching;
mod cursors;
mod forms;
mod health;
mod kept_answers;
mod keyed_cases;
mod keys;
mod needed_keys;
mod outage;
mod panics;
mod rates;
mod replays;
mod stopping;
mod storage;
mod tokens;

use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::http::{Reply, send};

const JSON: (&str, &str) = ("content-type", "application/json");
const NEW: (&str, &str) = ("accept", "application/graphql-response+json");

/// Posts a body to GraphQL as JSON, with more headers.
fn post(app: &TestApp, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut all = vec![JSON];
    all.extend_from_slice(headers);
    send("POST", &app.url("/graphql"), &all, body.as_bytes())
}

/// Posts a document as nobody.
fn ask(app: &TestApp, headers: &[(&str, &str)], query: &str) -> Reply {
    post(
        app,
        headers,
        &serde_json::json!({ "query": query }).to_string(),
    )
}

/// The code of the first error.
fn code(reply: &Reply) -> String {
    let body: Value = reply.json();
    body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("no code: {body}"))
        .to_owned()
}

/// A document as a query string.
fn get_path(query: &str) -> String {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    format!("/graphql?query={query}")
}
