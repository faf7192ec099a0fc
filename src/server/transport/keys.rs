//! The idempotency key of a request: where it may stand and that it protects one mutation field.
//! What it is not: its memory; that is `identity/idempotency.rs`.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use async_graphql::{Name, Value as Plain, Variables};
use async_graphql_parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql_value::Value;

use crate::identity::idempotency::is_key;
use crate::server::transport::answer::RequestError;
use crate::server::transport::guard::{Checked, OperationKind};

/// The input field that may hold the key instead of the header.
const FIELD: &str = "idempotencyKey";

/// The key of the header.
///
/// # Errors
/// A key of a wrong form, several of them, or a document with a key, here or in an input, that
/// does not have exactly one mutation field.
pub fn of_header(
    headers: &HeaderMap,
    checked: &Checked,
    variables: &Variables,
) -> Result<Option<String>, RequestError> {
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
        return Ok(None);
    }
    let several = checked.mutation_fields.len() != 1;
    if several && (key.is_some() || has_key(checked, variables)) {
        return Err(bad(
            "A document with an idempotency key has exactly one mutation field.",
        ));
    }
    Ok(key)
}

fn bad(message: &str) -> RequestError {
    RequestError::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}

/// Whether any argument of a root field of the operation that runs holds a key.
fn has_key(checked: &Checked, variables: &Variables) -> bool {
    checked
        .document
        .operations
        .iter()
        .filter(|(name, _)| name.map(Name::as_str) == checked.name.as_deref())
        .any(|(_, operation)| {
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
            holds(
                &checked.document,
                &operation.node.selection_set.node,
                &resolve,
            )
        })
}

/// The guard has refused fragments that contain themselves.
fn holds(
    document: &ExecutableDocument,
    selections: &SelectionSet,
    resolve: &impl Fn(&Name) -> Option<Plain>,
) -> bool {
    selections
        .items
        .iter()
        .any(|selection| match &selection.node {
            Selection::Field(field) => field
                .node
                .arguments
                .iter()
                .any(|(_, argument)| is_keyed(&argument.node, resolve)),
            Selection::InlineFragment(fragment) => {
                holds(document, &fragment.node.selection_set.node, resolve)
            }
            Selection::FragmentSpread(spread) => document
                .fragments
                .get(&spread.node.fragment_name.node)
                .is_some_and(|fragment| {
                    holds(document, &fragment.node.selection_set.node, resolve)
                }),
        })
}

fn is_keyed(argument: &Value, resolve: &impl Fn(&Name) -> Option<Plain>) -> bool {
    match argument {
        Value::Object(fields) => match fields.get(FIELD) {
            None | Some(Value::Null) => false,
            Some(Value::Variable(name)) => resolve(name).is_some_and(|value| value != Plain::Null),
            Some(_) => true,
        },
        Value::Variable(name) => match resolve(name) {
            Some(Plain::Object(fields)) => {
                fields.get(FIELD).is_some_and(|value| *value != Plain::Null)
            }
            _ => false,
        },
        _ => false,
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
    ) -> Result<Option<String>, String> {
        let checked = check_document(source, None, &Limits::new(100)).unwrap();
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(
                actix_web::http::header::HeaderName::from_static("idempotency-key"),
                actix_web::http::header::HeaderValue::from_static(header),
            );
        }
        of_header(&headers, &checked, &Variables::from_json(variables))
            .map_err(|error| error.message)
    }

    #[test]
    fn a_key_protects_one_mutation_field() {
        let one = "mutation ($input: I) { a(input: $input) { b } }";
        let two = "mutation ($input: I, $key: String = \"d\") { a(input: $input) { b } ...F } fragment F on Mutation { c(input: {idempotencyKey: $key}) { d } }";
        let keyed = serde_json::json!({ "input": { "idempotencyKey": "k" }, "key": null });
        let plain = serde_json::json!({ "input": {}, "key": null });
        assert_eq!(read(one, keyed.clone(), None), Ok(None));
        assert_eq!(
            read(one, plain.clone(), Some("h")),
            Ok(Some("h".to_owned()))
        );
        assert_eq!(read(two, plain.clone(), None), Ok(None));
        assert!(read(two, plain, Some("h")).is_err());
        assert!(read(two, keyed, None).is_err());
        assert!(
            read(two, serde_json::json!({}), None).is_err(),
            "by default"
        );
        assert!(read(two, serde_json::json!({ "key": "x" }), None).is_err());
        assert_eq!(read("{ a }", serde_json::json!({}), Some("h")), Ok(None));
        assert!(read(one, serde_json::json!({}), Some("a b")).is_err());
    }
}
