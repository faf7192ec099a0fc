//! The claims of an access token and their checks against a given instant.
//!
//! Form, header and signature are checked before, in `access_tokens.rs`.

use serde::{Deserialize, Serialize};

use super::token_rejection::Rejection;

/// Who makes the tokens and for whom: the settings `JWT_ISSUER` and `JWT_AUDIENCE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSettings {
    /// The claim `iss`.
    pub issuer: String,
    /// The claim `aud`.
    pub audience: String,
}

/// How long a token lives, in seconds.
pub const LIFETIME_SECONDS: i64 = 600;
/// How many seconds ahead the clock of the server that minted a token may be. An expired token
/// gets no such allowance: clients are told the lifetime and refresh before its end.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 5;

/// The claims of RFC 7519 that every token has, and the session. Absent ones and ones of another
/// type fail to parse; claims that are not listed are left alone.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    /// One text, as minted; the list that RFC 7519 also allows is refused.
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) jti: String,
    pub(super) sid: String,
}

impl Claims {
    /// Whether one of the texts that say whom the token speaks for is empty.
    pub(super) fn has_gap(&self) -> bool {
        [&self.sub, &self.jti, &self.sid]
            .iter()
            .any(|text| text.is_empty())
    }

    /// Holds the claims against the settings and the instant, in Unix seconds.
    pub(super) fn check(&self, settings: &TokenSettings, now: i64) -> Result<(), Rejection> {
        if self.has_gap() {
            return Err(Rejection::Malformed);
        }
        if self.iss != settings.issuer {
            return Err(Rejection::Issuer);
        }
        if self.aud != settings.audience {
            return Err(Rejection::Audience);
        }
        if self.iat > now.saturating_add(CLOCK_TOLERANCE_SECONDS) {
            return Err(Rejection::NotYetValid);
        }
        if self.exp > self.iat.saturating_add(LIFETIME_SECONDS) {
            return Err(Rejection::Lifetime);
        }
        if now >= self.exp {
            return Err(Rejection::Expired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_790_000_000;

    /// The claims of a good token with one member replaced.
    fn changed(name: &str, value: Value) -> Value {
        let mut claims = json!({
            "iss": "https://network.example.org", "aud": "intercultural-cities", "sub": "user",
            "exp": NOW + 600, "iat": NOW, "jti": "token", "sid": "session",
        });
        claims[name] = value;
        claims
    }

    /// Reads the claims as the token library does, then checks them.
    fn checked(json: &str) -> Result<(), Rejection> {
        let settings = TokenSettings {
            issuer: "https://network.example.org".to_owned(),
            audience: "intercultural-cities".to_owned(),
        };
        let claims: Claims = serde_json::from_str(json).map_err(|_| Rejection::Malformed)?;
        claims.check(&settings, NOW)
    }

    #[test]
    fn each_claim_is_required_in_its_type() {
        let unknown = changed("scope", json!("left alone"));
        assert_eq!(checked(&unknown.to_string()), Ok(()));
        for name in ["iss", "aud", "sub", "exp", "iat", "jti", "sid"] {
            let mut without = changed("scope", json!("left alone"));
            without.as_object_mut().unwrap().remove(name);
            let lists = changed(name, json!(["intercultural-cities"]));
            let nothing = changed(name, Value::Null);
            for claims in [without, lists, nothing] {
                assert_eq!(
                    checked(&claims.to_string()),
                    Err(Rejection::Malformed),
                    "{claims}"
                );
            }
        }
        let twice = unknown.to_string().replacen('{', r#"{"sub":"admin","#, 1);
        assert_eq!(checked(&twice), Err(Rejection::Malformed));
    }

    #[test]
    fn each_claim_is_checked() {
        let cases = [
            (
                "iss",
                json!("https://other.example.org"),
                Err(Rejection::Issuer),
            ),
            (
                "iss",
                json!("https://network.example.org/"),
                Err(Rejection::Issuer),
            ),
            ("iss", json!(""), Err(Rejection::Issuer)),
            ("aud", json!("other"), Err(Rejection::Audience)),
            ("sub", json!(""), Err(Rejection::Malformed)),
            ("jti", json!(""), Err(Rejection::Malformed)),
            ("sid", json!(""), Err(Rejection::Malformed)),
            ("iat", json!(NOW + 5), Ok(())),
            ("iat", json!(NOW + 6), Err(Rejection::NotYetValid)),
            ("iat", json!(i64::MAX), Err(Rejection::NotYetValid)),
            ("iat", json!(NOW - 1), Err(Rejection::Lifetime)),
            ("iat", json!(i64::MIN), Err(Rejection::Lifetime)),
            ("exp", json!(NOW + 601), Err(Rejection::Lifetime)),
            ("exp", json!(i64::MAX), Err(Rejection::Lifetime)),
            ("exp", json!(NOW + 1), Ok(())),
            ("exp", json!(NOW), Err(Rejection::Expired)),
            ("exp", json!(-1), Err(Rejection::Expired)),
            ("exp", json!(1e18), Err(Rejection::Malformed)),
            ("exp", json!("1790000600"), Err(Rejection::Malformed)),
        ];
        for (name, value, expected) in cases {
            let claims = changed(name, value);
            assert_eq!(checked(&claims.to_string()), expected, "{claims}");
        }
    }
}
