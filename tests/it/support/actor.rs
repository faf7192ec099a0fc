//! The one who sends requests in a test: nobody, or a user with a role. What it is not: the HTTP
//! client (`http.rs`).

use intercultural_cities::kernel::ids::{SessionId, UserId};
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::http::{Reply, send};

/// Somebody who sends requests.
pub struct Actor<'a> {
    app: &'a TestApp,
    signed_in: Option<(UserId, SessionId)>,
}

/// The answer to a GraphQL request.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub reply: Reply,
}

impl<'a> Actor<'a> {
    pub fn new(app: &'a TestApp, signed_in: Option<(UserId, SessionId)>) -> Self {
        Self { app, signed_in }
    }

    /// The user's id.
    pub fn user(&self) -> UserId {
        self.signed_in.unwrap().0
    }

    /// The service that is asked.
    pub fn app(&self) -> &'a TestApp {
        self.app
    }

    /// The session's id.
    pub fn session(&self) -> SessionId {
        self.signed_in.unwrap().1
    }

    /// Asks GraphQL.
    #[track_caller]
    pub fn ask(&self, query: &str) -> Answer {
        self.ask_with(query, json!({}))
    }

    /// Asks GraphQL with variables.
    #[track_caller]
    pub fn ask_with(&self, query: &str, variables: Value) -> Answer {
        self.ask_keyed(query, variables, None)
    }

    /// Asks GraphQL with variables and an idempotency key.
    #[track_caller]
    pub fn ask_keyed(&self, query: &str, variables: Value, key: Option<&str>) -> Answer {
        let query = if self.app.is_counting() {
            format!("{query}\n# {}", uuid::Uuid::now_v7())
        } else {
            query.to_owned()
        };
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut headers = vec![("content-type", "application/json")];
        if let Some(key) = key {
            headers.push(("idempotency-key", key));
        }
        let reply = self.send("POST", "/graphql", &headers, body.as_bytes());
        Answer {
            status: reply.status,
            body: reply.json(),
            reply,
        }
    }

    /// Does a mutation with a key of its own: for those that need one.
    #[track_caller]
    pub fn tell(&self, mutation: &str, variables: Value) -> Answer {
        let key = uuid::Uuid::from_u128(rand_key()).to_string();
        self.ask_keyed(mutation, variables, Some(&key))
    }

    /// Sends any request.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let token = self
            .signed_in
            .map(|(user, session)| format!("Bearer {}", self.app.token(user, session)));
        let mut headers = headers.to_vec();
        if let Some(token) = &token {
            headers.push(("authorization", token));
        }
        send(method, &self.app.url(path), &headers, body)
    }

    /// Gets a path.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    /// Sends JSON to a path.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(
            "POST",
            path,
            &[("content-type", "application/json")],
            body.to_string().as_bytes(),
        )
    }
}

impl Answer {
    /// A value of the data by JSON pointer; the answer must be without errors.
    #[track_caller]
    pub fn data(&self, pointer: &str) -> &Value {
        assert!(self.body.get("errors").is_none(), "{}", self.body);
        self.body["data"]
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer} is not in {}", self.body))
    }

    /// A text of the data.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> &str {
        self.data(pointer)
            .as_str()
            .unwrap_or_else(|| panic!("{pointer} is no text in {}", self.body))
    }

    /// The code of the only top-level error.
    #[track_caller]
    pub fn code(&self) -> &str {
        let errors = self.body["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors: {}", self.body));
        assert_eq!(errors.len(), 1, "{}", self.body);
        errors[0]["extensions"]["code"].as_str().unwrap()
    }

    /// The refusals of a mutation field: codes and dotted field paths.
    #[track_caller]
    pub fn refusals(&self, field: &str) -> Vec<(String, String)> {
        let errors = self
            .data(&format!("/{field}/userErrors"))
            .as_array()
            .unwrap()
            .clone();
        let path = |error: &Value| {
            error["field"]
                .as_array()
                .unwrap()
                .iter()
                .map(|part| part.as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
                .join(".")
        };
        errors
            .iter()
            .map(|error| (error["code"].as_str().unwrap().to_owned(), path(error)))
            .collect()
    }

    /// The only refusal's code; ask for `userErrors { code field message }`.
    #[track_caller]
    pub fn refusal(&self, field: &str) -> String {
        let refusals = self.refusals(field);
        assert_eq!(refusals.len(), 1, "{}", self.body);
        refusals[0].0.clone()
    }

    /// A text of a mutation's object; there must be no refusal.
    #[track_caller]
    pub fn done(&self, field: &str, pointer: &str) -> String {
        if let Some(errors) = self.body["data"][field]["userErrors"].as_array() {
            assert!(errors.is_empty(), "{}", self.body);
        }
        self.text(&format!("/{field}{pointer}")).to_owned()
    }
}

/// Keys differ from test to test and call to call; nothing depends on their value.
fn rand_key() -> u128 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed))
}
