//! The values of the variables that the running operation declares: those that must be there are.
//! What it is not: their types, which the executor checks where they are used; it takes a missing
//! value for null, also where the declaration says that there is none.

use async_graphql::{Value, Variables};

use crate::server::transport::answer::RequestError;
use crate::server::transport::guard::Checked;

/// Refuses a missing or null value of a variable that must have one (GraphQL specification,
/// section 6.1.2).
///
/// # Errors
/// The first such variable.
pub fn refuse_missing(checked: &Checked, variables: &Variables) -> Result<(), RequestError> {
    let running = checked
        .document
        .operations
        .iter()
        .find(|(name, _)| name.map(async_graphql::Name::as_str) == checked.name.as_deref());
    let Some((_, operation)) = running else {
        return Ok(());
    };
    for definition in &operation.node.variable_definitions {
        let (name, ty) = (&definition.node.name.node, &definition.node.var_type.node);
        let defaulted = definition.node.default_value.is_some();
        let missing = match variables.get(name) {
            None => !defaulted,
            Some(value) => *value == Value::Null,
        };
        if missing && !ty.nullable {
            return Err(RequestError {
                position: Some((definition.pos.line, definition.pos.column)),
                ..RequestError::of_document(
                    "BAD_REQUEST",
                    format!("The variable \"${name}\" of type \"{ty}\" has no value."),
                )
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::transport::guard::{Limits, check_document};

    #[test]
    fn what_must_be_there_is() {
        let source = "query A($a: Int!, $b: Int, $c: Int! = 1) { a } query B { a }";
        for (operation, variables, expected) in [
            ("A", serde_json::json!({ "a": 1 }), true),
            ("A", serde_json::json!({}), false),
            ("A", serde_json::json!({ "a": null }), false),
            ("A", serde_json::json!({ "a": 1, "b": null }), true),
            ("A", serde_json::json!({ "a": 1, "c": null }), false),
            ("B", serde_json::json!({}), true),
        ] {
            let checked = check_document(source, Some(operation), &Limits::new(100)).unwrap();
            let found = refuse_missing(&checked, &Variables::from_json(variables.clone()));
            assert_eq!(found.is_ok(), expected, "{operation} {variables}");
        }
    }
}
