//! Runs the walk through the money of `docs/FINANCE.md` on the demonstration: every question is sent, every
//! answer compared, and names in angle brackets are handed on.

use std::collections::HashMap;

use intercultural_cities::workflows::demonstration;
use serde_json::Value;

use crate::support::actor::Actor;

const PAGE: &str = include_str!("../../../docs/FINANCE.md");

/// The blocks of the page: their language and text.
fn blocks(page: &str) -> Vec<(&str, String)> {
    let mut blocks: Vec<(&str, String)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), inside) {
            (Some(language), false) => blocks.push((language, String::new())),
            (None, true) => {
                let (_, text) = blocks.last_mut().unwrap();
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
        if line.starts_with("```") {
            inside = !inside;
        }
    }
    blocks
}

fn filled(text: &str, known: &HashMap<String, Value>) -> String {
    known.iter().fold(text.to_owned(), |text, (name, value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        text.replace(&format!("<{name}>"), &value)
    })
}

/// Compares an answer with the page, and keeps what its names stand for.
fn compare(expected: &Value, found: &Value, place: &str, known: &mut HashMap<String, Value>) {
    match (expected, found) {
        (Value::String(name), _) if name.starts_with('<') && name.ends_with('>') => {
            assert!(!found.is_null(), "{place}: nothing stands for {name}");
            known.insert(name.trim_matches(['<', '>']).to_owned(), found.clone());
        }
        (Value::Object(fields), Value::Object(others)) => {
            assert_eq!(fields.len(), others.len(), "{place}: {found}");
            for (name, value) in fields {
                let other = others.get(name).unwrap_or(&Value::Null);
                compare(value, other, &format!("{place}/{name}"), known);
            }
        }
        (Value::Array(items), Value::Array(others)) => {
            assert_eq!(items.len(), others.len(), "{place}: {found}");
            for (index, (item, other)) in items.iter().zip(others).enumerate() {
                compare(item, other, &format!("{place}/{index}"), known);
            }
        }
        _ => assert_eq!(found, expected, "{place}"),
    }
}

/// Sends what a page asks, compares what it shows, and tells how many answers it showed.
#[track_caller]
pub fn walk(page: &str, actor: &Actor<'_>) -> usize {
    let mut known = HashMap::new();
    let mut answer = Value::Null;
    let mut steps = 0;
    for (language, text) in blocks(page) {
        match language {
            "graphql" => {
                let asked = filled(&text, &known);
                assert!(!asked.contains('<'), "{asked}");
                answer = actor.ask(&asked).body;
                assert!(answer["errors"].is_null(), "{asked}\n{answer}");
            }
            "json" => {
                let expected: Value = serde_json::from_str(&text).unwrap();
                compare(&expected, &answer["data"], "", &mut known);
                steps += 1;
            }
            "http" => {
                for line in filled(&text, &known).lines() {
                    let path = line.strip_prefix("GET ").unwrap();
                    assert_eq!(actor.get(path).status, 200, "{path}");
                }
            }
            other => assert_eq!(other, "sh"),
        }
    }
    steps
}

crate::both_databases! {
    fn the_page_shows_what_comes(app: &TestApp) {
        demonstration::load(&mut app.db(), &app.app.reference, "no password fits this").unwrap();
        assert_eq!(walk(PAGE, &app.finance()), 10);
    }
}
