//! The parameters of a GraphQL request, from a JSON body or a query string. What it is not: the
//! document's own rules; those are the guard's.

use async_graphql::Variables;
use serde_json::{Map, Value};

/// What a client asks for.
#[derive(Debug, Clone, Default)]
pub struct Params {
    /// The document.
    pub query: String,
    /// Which of its operations runs.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Variables,
}

/// Reads a JSON body.
///
/// # Errors
/// A sentence for the client: not JSON, a batch, a parameter of a wrong type, an unknown one.
pub fn of_body(body: &[u8]) -> Result<Params, String> {
    if body.is_empty() {
        return Err("The request has no body: send a JSON object with \"query\".".to_owned());
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        format!(
            "The body is not JSON: it breaks at line {}, column {}.",
            error.line(),
            error.column()
        )
    })?;
    match value {
        Value::Object(fields) => of_fields(fields),
        Value::Array(_) => {
            Err("Batches are not served: send one operation in each request.".to_owned())
        }
        _ => Err("The body must be a JSON object with \"query\".".to_owned()),
    }
}

/// Reads a query string.
///
/// # Errors
/// As [`of_body`]; `variables` and `extensions` are JSON objects in text.
pub fn of_query_string(text: &str) -> Result<Params, String> {
    let mut fields = Map::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        let value = match name.as_ref() {
            "variables" | "extensions" if !value.is_empty() => serde_json::from_str(&value)
                .map_err(|_| format!("\"{name}\" is not a JSON object."))?,
            "operationName" | "variables" | "extensions" if value.is_empty() => Value::Null,
            _ => Value::String(value.into_owned()),
        };
        if fields.insert(name.to_string(), value).is_some() {
            return Err(format!("\"{}\" is given twice.", clipped(&name)));
        }
    }
    of_fields(fields)
}

fn of_fields(mut fields: Map<String, Value>) -> Result<Params, String> {
    let query = match fields.remove("query") {
        Some(Value::String(query)) if !query.trim().is_empty() => query,
        Some(Value::String(_)) | None => {
            return Err("\"query\" is missing: send the GraphQL document in it.".to_owned());
        }
        Some(_) => return Err("\"query\" must be a text.".to_owned()),
    };
    let operation_name = match fields.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => (!name.is_empty()).then_some(name),
        Some(_) => return Err("\"operationName\" must be a text.".to_owned()),
    };
    let variables = match fields.remove("variables") {
        None | Some(Value::Null) => Variables::default(),
        Some(object @ Value::Object(_)) => Variables::from_json(object),
        Some(_) => return Err("\"variables\" must be a JSON object.".to_owned()),
    };
    match fields.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => {}
        Some(_) => return Err("\"extensions\" must be a JSON object.".to_owned()),
    }
    match fields.keys().next() {
        None => Ok(Params {
            query,
            operation_name,
            variables,
        }),
        Some(name) => Err(format!("There is no parameter \"{}\".", clipped(name))),
    }
}

fn clipped(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(40)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_well_formed_requests() {
        let params = of_body(
            br#"{"query":"{ok}","operationName":null,"variables":{"a":1},"extensions":{}}"#,
        )
        .unwrap();
        assert_eq!(params.query, "{ok}");
        assert_eq!(params.variables.len(), 1);
        let params =
            of_query_string("query=%7Bok%7D&operationName=A&variables=%7B%22a%22%3A1%7D").unwrap();
        assert_eq!(
            (
                params.query.as_str(),
                params.operation_name.as_deref(),
                params.variables.len()
            ),
            ("{ok}", Some("A"), 1)
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for (body, part) in [
            ("", "no body"),
            ("{", "not JSON"),
            ("[]", "Batches"),
            ("1", "JSON object"),
            ("{}", "missing"),
            (r#"{"query":" "}"#, "missing"),
            (r#"{"query":1}"#, "must be a text"),
            (r#"{"query":"{ok}","operationName":1}"#, "operationName"),
            (r#"{"query":"{ok}","variables":[]}"#, "variables"),
            (r#"{"query":"{ok}","extensions":"x"}"#, "extensions"),
            (r#"{"query":"{ok}","quarry":"x"}"#, "quarry"),
        ] {
            let problem = of_body(body.as_bytes()).unwrap_err();
            assert!(problem.contains(part), "{body}: {problem}");
        }
        for text in [
            "",
            "query=%7Bok%7D&query=%7Bok%7D",
            "query=%7Bok%7D&variables=1",
            "query=%7Bok%7D&variables=%7B",
        ] {
            assert!(of_query_string(text).is_err(), "{text}");
        }
    }
}
