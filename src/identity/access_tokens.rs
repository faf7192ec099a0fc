//! Access tokens: short-lived JSON Web Tokens, signed with the service's Ed25519 key.
//!
//! Keys are in `keys.rs`, refresh tokens in `secrets.rs` and `sessions/`. Whether a session has
//! been ended since a token was minted is a question for the caller, who has the database.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, encode};

use super::keys::SigningKeys;
use super::token_claims::Claims;
pub use super::token_claims::{CLOCK_TOLERANCE_SECONDS, LIFETIME_SECONDS, TokenSettings};
use super::token_header::{header, key_id};
pub use super::token_rejection::Rejection;

/// Whom a token speaks for. No text may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenSubject<'a> {
    /// The user: the claim `sub`.
    pub user: &'a str,
    /// The session that the token belongs to and ends with: the claim `sid`.
    pub session: &'a str,
    /// A name for this token that no other has: the claim `jti`.
    pub token: &'a str,
}

/// A token that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The user: the claim `sub`.
    pub user: String,
    /// The session: the claim `sid`.
    pub session: String,
    /// The token's own name: the claim `jti`.
    pub token: String,
    /// Unix seconds.
    pub issued_at: i64,
    /// Unix seconds; at this second the token is worthless.
    pub expires_at: i64,
}

/// The longest token that is minted or looked at.
pub const MAX_TOKEN_BYTES: usize = 2048;

/// Why no token could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// A text of the subject is empty, or the lifetime passes the end of time.
    #[error("an access token needs a user, a session, a name and a time")]
    Incomplete,
    /// The issuer, the audience or the subject is too long for [`MAX_TOKEN_BYTES`].
    #[error("the access token would be too long; shorten JWT_ISSUER or JWT_AUDIENCE")]
    TooLong,
    /// The cryptographic library failed.
    #[error("the access token could not be signed")]
    Signing,
}

/// Makes a token that is valid from `now` (Unix seconds) for [`LIFETIME_SECONDS`].
///
/// # Errors
/// [`MintError`]; what is minted always passes [`verify`] with the same keys and settings.
pub fn mint(
    keys: &SigningKeys,
    settings: &TokenSettings,
    subject: &TokenSubject<'_>,
    now: i64,
) -> Result<String, MintError> {
    let claims = Claims {
        iss: settings.issuer.clone(),
        aud: settings.audience.clone(),
        sub: subject.user.to_owned(),
        exp: now
            .checked_add(LIFETIME_SECONDS)
            .ok_or(MintError::Incomplete)?,
        iat: now,
        jti: subject.token.to_owned(),
        sid: subject.session.to_owned(),
    };
    if claims.has_gap() {
        return Err(MintError::Incomplete);
    }
    let token = encode(&header(keys.current_id()), &claims, keys.encoding_key())
        .map_err(|_| MintError::Signing)?;
    if token.len() > MAX_TOKEN_BYTES {
        return Err(MintError::TooLong);
    }
    Ok(token)
}

/// Checks a presented token at `now` (Unix seconds): form, header, key and signature first, then
/// every claim.
///
/// # Errors
/// [`Rejection`] names the first check that failed.
pub fn verify(
    keys: &SigningKeys,
    settings: &TokenSettings,
    token: &str,
    now: i64,
) -> Result<AccessToken, Rejection> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Rejection::TooLong);
    }
    let key_id = key_id(token)?;
    let key = keys.decoding_key(&key_id).ok_or(Rejection::UnknownKey)?;
    let claims = decode::<Claims>(token, key, &signature_only())
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => Rejection::Signature,
            _ => Rejection::Malformed,
        })?
        .claims;
    claims.check(settings, now)?;
    Ok(AccessToken {
        user: claims.sub,
        session: claims.sid,
        token: claims.jti,
        issued_at: claims.iat,
        expires_at: claims.exp,
    })
}

/// The library checks the signature; the claims are checked in [`Claims::check`], because the
/// library reads the system's clock and lets some claims be absent.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_790_000_000;

    fn keys() -> SigningKeys {
        SigningKeys::from_pem(&SigningKeys::generate_pem().unwrap()).unwrap()
    }

    fn settings() -> TokenSettings {
        TokenSettings {
            issuer: "https://network.example.org".to_owned(),
            audience: "intercultural-cities".to_owned(),
        }
    }

    const SUBJECT: TokenSubject<'static> = TokenSubject {
        user: "0199-user",
        session: "0199-session",
        token: "0199-token",
    };

    fn good_header(keys: &SigningKeys) -> String {
        format!(
            r#"{{"typ":"at+jwt","alg":"EdDSA","kid":"{}"}}"#,
            keys.current_id()
        )
    }

    fn good_claims() -> Value {
        json!({
            "iss": settings().issuer, "aud": settings().audience, "sub": SUBJECT.user,
            "exp": NOW + 600, "iat": NOW, "jti": SUBJECT.token, "sid": SUBJECT.session,
        })
    }

    fn message(header: &str, claims: &str) -> String {
        format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        )
    }

    /// A token with a good signature over any content.
    fn signed(keys: &SigningKeys, header: &str, claims: &str) -> String {
        let message = message(header, claims);
        let signature = keys.pair().sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn what_is_minted_passes_for_ten_minutes() {
        let keys = keys();
        let token = mint(&keys, &settings(), &SUBJECT, NOW).unwrap();
        let expected = AccessToken {
            user: SUBJECT.user.to_owned(),
            session: SUBJECT.session.to_owned(),
            token: SUBJECT.token.to_owned(),
            issued_at: NOW,
            expires_at: NOW + 600,
        };
        let cases = [
            (-6, Err(Rejection::NotYetValid)),
            (-5, Ok(expected.clone())),
            (0, Ok(expected.clone())),
            (599, Ok(expected)),
            (600, Err(Rejection::Expired)),
            (601, Err(Rejection::Expired)),
        ];
        for (second, expected) in cases {
            assert_eq!(
                verify(&keys, &settings(), &token, NOW + second),
                expected,
                "{second}"
            );
        }
    }

    #[test]
    fn a_token_of_a_replaced_key_passes_while_the_key_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let [old_path, new_path] = ["old.pem", "new.pem"].map(|name| folder.path().join(name));
        let old = SigningKeys::load_or_create(&old_path, &[]).unwrap();
        let token = mint(&old, &settings(), &SUBJECT, NOW).unwrap();
        let rotated = SigningKeys::load_or_create(&new_path, &[old_path]).unwrap();
        assert!(verify(&rotated, &settings(), &token, NOW).is_ok());
        let forgotten = SigningKeys::load(&new_path, &[]).unwrap();
        let refused = verify(&forgotten, &settings(), &token, NOW);
        assert_eq!(refused, Err(Rejection::UnknownKey));
    }

    #[test]
    fn a_good_signature_is_not_enough() {
        let keys = keys();
        let (header, claims) = (good_header(&keys), good_claims());
        let verdict = |header: &str, claims: &Value| {
            let token = signed(&keys, header, &claims.to_string());
            verify(&keys, &settings(), &token, NOW).err()
        };
        assert_eq!(verdict(&header, &claims), None);
        for name in ["iss", "aud", "sub", "exp", "iat", "jti", "sid"] {
            let mut without = claims.clone();
            without.as_object_mut().unwrap().remove(name);
            assert_eq!(
                verdict(&header, &without),
                Some(Rejection::Malformed),
                "{name}"
            );
        }
        let headers = [
            ("{", r#"{"crit":["exp"],"#, Rejection::Header),
            ("at+jwt", "rt+jwt", Rejection::Type),
            ("EdDSA", "Ed25519", Rejection::Algorithm),
        ];
        for (from, to, expected) in headers {
            let header = header.replacen(from, to, 1);
            assert_eq!(verdict(&header, &claims), Some(expected), "{header}");
        }
        let other = [("iss", Rejection::Issuer), ("aud", Rejection::Audience)];
        for (name, expected) in other {
            let mut changed = claims.clone();
            changed[name] = json!("other");
            assert_eq!(verdict(&header, &changed), Some(expected), "{name}");
        }
    }

    #[test]
    fn forged_signatures_are_refused() {
        use Rejection::{Algorithm, Signature, UnknownKey};
        let (keys, stranger) = (keys(), keys());
        let claims = good_claims().to_string();
        let good = good_header(&keys);
        let none = message(&good.replace("EdDSA", "none"), &claims);
        let symmetric = message(&good.replace("EdDSA", "HS256"), &claims);
        let public = keys.jwks()["keys"][0]["x"].as_str().unwrap().to_owned();
        let raw = URL_SAFE_NO_PAD.decode(&public).unwrap();
        let mac = |secret: &[u8]| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            let tag = hmac::sign(&key, symmetric.as_bytes());
            format!("{symmetric}.{}", URL_SAFE_NO_PAD.encode(tag))
        };
        let bare = message(&good, &claims);
        let detached = keys.sign_detached(bare.as_bytes()).unwrap().signature;
        let cases = [
            ("none, no signature", format!("{none}."), Algorithm),
            ("public key as secret", mac(&raw), Algorithm),
            ("its text as secret", mac(public.as_bytes()), Algorithm),
            (
                "stranger, our kid",
                signed(&stranger, &good, &claims),
                Signature,
            ),
            (
                "stranger",
                signed(&stranger, &good_header(&stranger), &claims),
                UnknownKey,
            ),
            ("no signature", format!("{bare}."), Signature),
            (
                "detached signature",
                format!("{bare}.{detached}"),
                Signature,
            ),
        ];
        for (name, token, expected) in cases {
            assert_eq!(
                verify(&keys, &settings(), &token, NOW),
                Err(expected),
                "{name}"
            );
        }
    }

    #[test]
    fn no_character_may_be_changed() {
        let keys = keys();
        let token = mint(&keys, &settings(), &SUBJECT, NOW).unwrap();
        for index in 0..token.len() {
            for other in ["A", "B", ".", "=", ""] {
                let mut changed = token.clone();
                changed.replace_range(index..=index, other);
                let refused = verify(&keys, &settings(), &changed, NOW).is_err();
                assert!(refused || changed == token, "{index} {other}");
            }
        }
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let keys = keys();
        let good = mint(&keys, &settings(), &SUBJECT, NOW).unwrap();
        let mut long = good_claims();
        long["pad"] = json!("A".repeat(MAX_TOKEN_BYTES));
        let cases = [
            ("empty", String::new(), Rejection::Malformed),
            ("dots", "..".to_owned(), Rejection::Malformed),
            (
                "two parts",
                good.rsplit_once('.').unwrap().0.to_owned(),
                Rejection::Malformed,
            ),
            ("four parts", format!("{good}.AAAA"), Rejection::Malformed),
            ("white space", format!(" {good}"), Rejection::Malformed),
            ("not ASCII", "é.é.é".to_owned(), Rejection::Malformed),
            (
                "header is a list",
                signed(&keys, "[]", "{}"),
                Rejection::Malformed,
            ),
            (
                "signed but long",
                signed(&keys, &good_header(&keys), &long.to_string()),
                Rejection::TooLong,
            ),
            ("a megabyte", "A".repeat(1 << 20), Rejection::TooLong),
        ];
        for (name, token, expected) in cases {
            assert_eq!(
                verify(&keys, &settings(), &token, NOW),
                Err(expected),
                "{name}"
            );
        }
    }

    #[test]
    fn what_could_not_be_verified_is_not_minted() {
        let keys = keys();
        let long = TokenSettings {
            issuer: "x".repeat(MAX_TOKEN_BYTES),
            ..settings()
        };
        let refused = |settings: &TokenSettings, subject: TokenSubject<'_>, now: i64| {
            mint(&keys, settings, &subject, now).err()
        };
        assert_eq!(refused(&long, SUBJECT, NOW), Some(MintError::TooLong));
        let cases = [
            ("", "session", "token", NOW),
            ("user", "", "token", NOW),
            ("user", "session", "", NOW),
            ("user", "session", "token", i64::MAX),
        ];
        for (user, session, token, now) in cases {
            let subject = TokenSubject {
                user,
                session,
                token,
            };
            let error = refused(&settings(), subject, now);
            assert_eq!(error, Some(MintError::Incomplete), "{subject:?} {now}");
        }
    }
}
