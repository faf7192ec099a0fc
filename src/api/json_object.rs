//! The JSON objects that REST takes, and what is told of one that cannot be read. What it is not: the
//! reading of bodies from the wire (`rest.rs`).

use serde::de::DeserializeOwned;

use crate::kernel::error::{Error, Result};
use crate::kernel::phrase::Phrase;

/// Reads a JSON object. The reader's own words name our types and repeat values, which may be
/// passwords, so only what it says of field names is passed on.
///
/// # Errors
/// `BadRequest` for anything that is not an object with the fields of a `T`.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let error = match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes) {
        Ok(_) => match serde_json::from_slice(bytes) {
            Ok(read) => return Ok(read),
            Err(error) => error,
        },
        Err(error) => error,
    };
    if !error.is_data() {
        let (line, column) = (error.line(), error.column());
        return Err(Error::BadRequest(Phrase::new(
            format!("The body is not JSON; it breaks at line {line}, column {column}."),
            format!("Indholdet er ikke JSON; fejlen er i linje {line}, kolonne {column}."),
        )));
    }
    let text = error.to_string();
    let about_a_field = ["unknown field ", "missing field ", "duplicate field "]
        .iter()
        .any(|words| text.starts_with(words));
    let said: String = if about_a_field {
        text.chars().take(200).collect()
    } else {
        "it is no object, or a field of it holds a value of another type".to_owned()
    };
    Err(Error::BadRequest(Phrase::new(
        format!("The body has another form than openapi.json describes: {said}."),
        format!("Indholdet har en anden form end openapi.json beskriver: {said}."),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct SignIn {
        email: String,
        password: String,
    }

    #[test]
    fn a_body_is_an_object_of_the_known_fields() {
        let known = read::<SignIn>(br#"{"email": "a", "password": "b"}"#).unwrap();
        assert_eq!((&*known.email, &*known.password), ("a", "b"));
        for (body, says) in [
            ("1", "it is no object"),
            ("null", "it is no object"),
            (r#"["a", "b"]"#, "it is no object"),
            (
                r#"{"email": "a", "password": 1234567890}"#,
                "a value of another type",
            ),
            (r#"{"email": "a"}"#, "missing field `password`"),
            (
                r#"{"email": "a", "email": "b", "password": "c"}"#,
                "duplicate field `email`",
            ),
            (
                r#"{"email": "a", "password": "b", "role": 1}"#,
                "unknown field `role`",
            ),
            (r#"{"email": "a""#, "is not JSON"),
            ("", "is not JSON"),
        ] {
            let refused = read::<SignIn>(body.as_bytes()).unwrap_err();
            let text = refused.public_message().en;
            assert!(text.contains(says), "{body}: {text}");
            assert!(
                !text.contains("SignIn") && !text.contains("1234567890"),
                "{text}"
            );
        }
    }
}
