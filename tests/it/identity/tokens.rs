//! Access tokens at the door, and the keys that verify them.

use chrono::TimeDelta;
use intercultural_cities::access::viewer::Role;
use intercultural_cities::identity::access_tokens::{self, TokenSettings, TokenSubject};
use intercultural_cities::identity::keys::SigningKeys;
use intercultural_cities::kernel::ids::Id;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::{PASSWORD, account, call, signed_in};

crate::both_databases! {
    fn a_token_that_does_not_hold_is_never_the_public(app: &TestApp) {
        let actor = app.finance();
        let good = app.token(actor.user(), actor.session());
        let settings = TokenSettings { issuer: app.app.config.jwt_issuer.clone(), audience: app.app.config.jwt_audience.clone() };
        let other = TokenSettings { audience: "another-service".to_owned(), ..settings.clone() };
        let (user, session) = (actor.user().uuid().to_string(), actor.session().uuid().to_string());
        let subject = TokenSubject { user: &user, session: &session, token: "t" };
        let stranger = SigningKeys::from_pem(&SigningKeys::generate_pem().unwrap()).unwrap();
        let now = app.now().utc().timestamp();
        let cases = [
            ("nonsense", "nonsense".to_owned()),
            ("changed", format!("{good}A")),
            ("expired", access_tokens::mint(&app.app.keys, &settings, &subject, now - 600).unwrap()),
            ("another audience", access_tokens::mint(&app.app.keys, &other, &subject, now).unwrap()),
            ("a stranger's key", access_tokens::mint(&stranger, &settings, &subject, now).unwrap()),
            ("no such session", access_tokens::mint(&app.app.keys, &settings, &TokenSubject { session: &user, ..subject }, now).unwrap()),
        ];
        for (name, token) in &cases {
            for (method, path, body) in [("POST", "/graphql", json!({ "query": "{ __typename }" })), ("DELETE", "/api/v1/session", json!(null)), ("PUT", "/api/v1/password", json!({ "current": "a", "new": "b" }))] {
                let reply = call(app, method, path, Some(token), &body);
                assert_eq!((reply.status, reply.header("www-authenticate")), (401, Some("Bearer error=\"invalid_token\"")), "{name} {path}");
            }
        }
        assert_eq!(call(app, "POST", "/graphql", Some(&good), &json!({ "query": "{ __typename }" })).status, 200);
        app.set_now(app.now().utc() + TimeDelta::minutes(10));
        assert_eq!(call(app, "POST", "/graphql", Some(&good), &json!({ "query": "{ __typename }" })).status, 401);
    }

    fn the_published_keys_verify_a_token(app: &TestApp) {
        account(app, "anna@example.org", Role::Finance);
        let (access, _) = signed_in(app, "anna@example.org", PASSWORD);
        let reply = app.anonymous().get("/.well-known/jwks.json");
        assert_eq!(reply.status, 200);
        let keys: JwkSet = serde_json::from_slice(&reply.body).unwrap();
        let header = jsonwebtoken::decode_header(&access).unwrap();
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        let key = keys.find(&header.kid.unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_audience(&[&app.app.config.jwt_audience]);
        validation.set_issuer(&[&app.app.config.jwt_issuer]);
        let claims: Value = jsonwebtoken::decode(&access, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims;
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    }
}
