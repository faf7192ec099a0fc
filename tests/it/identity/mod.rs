//! Accounts through the public door. What it is not: the rules, which are tested beside them.

mod accounts;
mod audit;
mod created;
mod links;
mod policy;
mod posts;
mod sessions;
mod tokens;

use intercultural_cities::access::viewer::Role;
use intercultural_cities::identity::passwords::NewPassword;
use intercultural_cities::identity::roles::NewGrant;
use intercultural_cities::identity::sessions::rest::hash;
use intercultural_cities::identity::users::{self, NewUser};
use intercultural_cities::kernel::ids::UserId;
use intercultural_cities::kernel::language::Language;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::http::{Reply, send};

pub const PASSWORD: &str = "correct horse battery";

/// Somebody who is not signed in yet.
pub fn new_user(email: &str, name: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: name.to_owned(),
        language: Language::En,
        person: None,
    }
}

/// An account that can sign in with [`PASSWORD`].
pub fn account(app: &TestApp, email: &str, role: Role) -> UserId {
    let password = NewPassword::parse(PASSWORD).unwrap();
    let hash = hash(&password).unwrap();
    let new = new_user(email, "Anna Holm");
    app.arrange(|tx| users::insert_for_seed(tx, &new, &[NewGrant::of(role)], Some(hash)))
}

/// Sends JSON with or without a token.
#[track_caller]
pub fn call(app: &TestApp, method: &str, path: &str, token: Option<&str>, body: &Value) -> Reply {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    if let Some(bearer) = &bearer {
        headers.push(("authorization", bearer));
    }
    let body = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    send(method, &app.url(path), &headers, &body)
}

/// Tries to sign in.
#[track_caller]
pub fn sign_in(app: &TestApp, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    call(app, "POST", "/api/v1/session", None, &body)
}

/// Signs in: the access token and the refresh token.
#[track_caller]
pub fn signed_in(app: &TestApp, email: &str, password: &str) -> (String, String) {
    tokens(&sign_in(app, email, password))
}

/// The two tokens of an answer.
#[track_caller]
pub fn tokens(reply: &Reply) -> (String, String) {
    let body = reply.json();
    assert_eq!(reply.status, 200, "{body}");
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("accessToken"), text("refreshToken"))
}

/// Exchanges a refresh token.
#[track_caller]
pub fn refresh(app: &TestApp, token: &str) -> Reply {
    let body = json!({ "refreshToken": token });
    call(app, "POST", "/api/v1/session/refresh", None, &body)
}

/// The name of the viewer behind an access token, or the status where it does not hold.
#[track_caller]
pub fn viewer(app: &TestApp, token: &str) -> Result<String, u16> {
    let body = json!({ "query": "{ viewer { name } }" });
    let reply = call(app, "POST", "/graphql", Some(token), &body);
    match reply.status {
        200 => Ok(reply.json()["data"]["viewer"]["name"]
            .as_str()
            .unwrap()
            .to_owned()),
        status => Err(status),
    }
}
