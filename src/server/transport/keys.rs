//! The idempotency key of a request: where it may stand and that it protects one mutation field.
//! What it is not: its memory; that is `identity/idempotency.rs`.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use async_graphql::{Name, Value as Plain, Variables};
use async_graphql_parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql_value::Value;

use crate::api::arguments::KEY_FIELD;
use crate::identity::idempotency::is_key;
use crate::server::transport::answer::RequestError;
use crate::server::transport::guard::{Checked, OperationKind};

/// The idempotency keys of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// That of the header.
    pub header: Option<String>,
    /// That of the header or else of the input.
    pub any: Option<String>,
}

/// The keys of a request.
///
/// # Errors
/// A key of a wrong form, several of them, or a document with a key, here or in an input, that
/// does not have exactly one mutation field.
pub fn of_request(
    headers: &HeaderMap,
    checked: &Checked,
    variables: &Variables,
) -> Result<Keys, RequestError> {
    let mut given = headers.get_all("idempotency-key");
    let header = given.next();
    if given.next().is_some() {
        return Err(bad("Send one idempotency key."));
    }
    let key = header
        .map(|value| {
            value
                .to_str()
                .ok()
                .filter(|key| is_key(key))
                .map(str::to_owned)
                .ok_or_else(|| bad("An idempotency key has 1 to 128 visible ASCII characters."))
        })
        .transpose()?;
    if checked.operation != OperationKind::Mutation {
        return Ok(Keys::default());
    }
    let any = key.clone().or_else(|| key_inside(checked, variables));
    if any.is_some() && checked.mutation_fields.len() != 1 {
        return Err(bad(
            "A document with an idempotency key has exactly one mutation field.",
        ));
    }
    Ok(Keys { header: key, any })
}

fn bad(message: &str) -> RequestError {
    RequestError::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}

/// The first key in an argument of a root field of the operation that runs. What is no text counts as
/// a key too; validation refuses it.
fn key_inside(checked: &Checked, variables: &Variables) -> Option<String> {
    checked
        .document
        .operations
        .iter()
        .filter(|(name, _)| name.map(Name::as_str) == checked.name.as_deref())
        .find_map(|(_, operation)| {
            let defaults = |name: &Name| {
                operation
                    .node
                    .variable_definitions
                    .iter()
                    .find(|definition| definition.node.name.node == *name)
                    .and_then(|definition| definition.node.default_value.as_ref())
                    .map(|value| value.node.clone())
            };
            let resolve = |name: &Name| variables.get(name).cloned().or_else(|| defaults(name));
            inside(
                &checked.document,
                &operation.node.selection_set.node,
                &resolve,
            )
        })
}

/// The guard has refused fragments that contain themselves.
fn inside(
    document: &ExecutableDocument,
    selections: &SelectionSet,
    resolve: &impl Fn(&Name) -> Option<Plain>,
) -> Option<String> {
    selections
        .items
        .iter()
        .find_map(|selection| match &selection.node {
            Selection::Field(field) => field
                .node
                .arguments
                .iter()
                .find_map(|(_, argument)| key_of(&argument.node, resolve)),
            Selection::InlineFragment(fragment) => {
                inside(document, &fragment.node.selection_set.node, resolve)
            }
            Selection::FragmentSpread(spread) => document
                .fragments
                .get(&spread.node.fragment_name.node)
                .and_then(|fragment| inside(document, &fragment.node.selection_set.node, resolve)),
        })
}

fn key_of(argument: &Value, resolve: &impl Fn(&Name) -> Option<Plain>) -> Option<String> {
    let key = match argument {
        Value::Object(fields) => match fields.get(KEY_FIELD)? {
            Value::Variable(name) => resolve(name)?,
            given => given.clone().into_const()?,
        },
        Value::Variable(name) => match resolve(name)? {
            Plain::Object(fields) => fields.get(KEY_FIELD)?.clone(),
            _ => return None,
        },
        _ => return None,
    };
    match key {
        Plain::Null => None,
        Plain::String(key) => Some(key),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::transport::guard::{Limits, check_document};

    fn read(
        source: &str,
        variables: serde_json::Value,
        header: Option<&'static str>,
    ) -> Result<(Option<String>, Option<String>), String> {
        let checked = check_document(source, None, &Limits::new(100)).unwrap();
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(
                actix_web::http::header::HeaderName::from_static("idempotency-key"),
                actix_web::http::header::HeaderValue::from_static(header),
            );
        }
        of_request(&headers, &checked, &Variables::from_json(variables))
            .map(|keys| (keys.header, keys.any))
            .map_err(|error| error.message)
    }

    #[test]
    fn a_key_protects_one_mutation_field() {
        let one = "mutation ($input: I) { a(input: $input) { b } }";
        let two = "mutation ($input: I, $key: String = \"d\") { a(input: $input) { b } ...F } fragment F on Mutation { c(input: {idempotencyKey: $key}) { d } }";
        let keyed = serde_json::json!({ "input": { "idempotencyKey": "k" }, "key": null });
        let plain = serde_json::json!({ "input": {}, "key": null });
        assert_eq!(
            read(one, keyed.clone(), None),
            Ok((None, Some("k".to_owned())))
        );
        assert_eq!(
            read(one, plain.clone(), Some("h")),
            Ok((Some("h".to_owned()), Some("h".to_owned())))
        );
        let merged =
            "mutation ($input: I) { __typename a(input: $input) { b } a(input: $input) { c } }";
        assert!(read(merged, plain.clone(), Some("h")).is_ok(), "one field");
        assert_eq!(
            read(
                "mutation { a(input: { idempotencyKey: 7 }) { b } }",
                plain.clone(),
                None
            ),
            Ok((None, Some("7".to_owned())))
        );
        assert_eq!(read(two, plain.clone(), None), Ok((None, None)));
        assert!(read(two, plain, Some("h")).is_err());
        assert!(read(two, keyed, None).is_err());
        assert!(
            read(two, serde_json::json!({}), None).is_err(),
            "by default"
        );
        assert!(read(two, serde_json::json!({ "key": "x" }), None).is_err());
        assert_eq!(
            read("{ a }", serde_json::json!({}), Some("h")),
            Ok((None, None))
        );
        assert!(read(one, serde_json::json!({}), Some("a b")).is_err());
    }
}
