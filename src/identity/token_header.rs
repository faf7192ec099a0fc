//! The protected header of an access token: one form, and nothing else passes.
//!
//! The signature that covers it is checked in `access_tokens.rs`, after the header has named the
//! key: until then nothing vouches for what is read here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::token_rejection::Rejection;

/// The media type of RFC 9068 section 2.1, so that no other JWT passes for an access token. The
/// RFC's `client_id` is absent: there are no OAuth clients here.
const TOKEN_TYPE: &str = "at+jwt";
/// The name of Ed25519 signatures in RFC 8037 section 3.1.
const ALGORITHM_NAME: &str = "EdDSA";

/// The header of a token that is signed with the key of this id.
pub(super) fn header(key_id: &str) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TOKEN_TYPE.to_owned());
    header.kid = Some(key_id.to_owned());
    header
}

/// Reads the header of a presented token, lets only our own form through, and returns the id of
/// the key that it names.
pub(super) fn key_id(token: &str) -> Result<String, Rejection> {
    let (encoded, _) = token.split_once('.').ok_or(Rejection::Malformed)?;
    let json = URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| Rejection::Malformed)?;
    let header: ProtectedHeader =
        serde_json::from_slice(&json).map_err(|_| Rejection::Malformed)?;
    if header.alg != ALGORITHM_NAME {
        return Err(Rejection::Algorithm);
    }
    if header.typ.as_deref() != Some(TOKEN_TYPE) {
        return Err(Rejection::Type);
    }
    if !header.foreign.is_empty() {
        return Err(Rejection::Header);
    }
    header.kid.ok_or(Rejection::UnknownKey)
}

/// The parameters that these tokens have; repeated ones fail to parse.
#[derive(Deserialize)]
struct ProtectedHeader {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    #[serde(flatten)]
    foreign: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Result<String, Rejection> {
        key_id(&format!(
            "{}.claims.signature",
            URL_SAFE_NO_PAD.encode(header)
        ))
    }

    #[test]
    fn what_is_written_is_read() {
        let json = serde_json::to_string(&header("k1")).unwrap();
        assert_eq!(read(&json), Ok("k1".to_owned()));
    }

    #[test]
    fn the_header_has_one_form() {
        let good = r#"{"typ":"at+jwt","alg":"EdDSA","kid":"k1"}"#;
        assert_eq!(read(good), Ok("k1".to_owned()));
        let refused = [
            (r#""alg":"EdDSA""#, r#""alg":"none""#, Rejection::Algorithm),
            (r#""alg":"EdDSA""#, r#""alg":"HS256""#, Rejection::Algorithm),
            (r#""alg":"EdDSA""#, r#""alg":"eddsa""#, Rejection::Algorithm),
            (
                r#""alg":"EdDSA""#,
                r#""alg":"Ed25519""#,
                Rejection::Algorithm,
            ),
            (r#""alg":"EdDSA""#, r#""alg":null"#, Rejection::Malformed),
            (r#""alg":"EdDSA","#, "", Rejection::Malformed),
            (r#""alg""#, r#""alg":"none","alg""#, Rejection::Malformed),
            ("at+jwt", "JWT", Rejection::Type),
            ("at+jwt", "application/at+jwt", Rejection::Type),
            ("at+jwt", "AT+JWT", Rejection::Type),
            (r#""typ":"at+jwt","#, "", Rejection::Type),
            (r#","kid":"k1""#, "", Rejection::UnknownKey),
            (r#""k1""#, "null", Rejection::UnknownKey),
            (r#""k1""#, "1", Rejection::Malformed),
            ("{", r#"{"crit":["exp"],"#, Rejection::Header),
            ("{", r#"{"crit":[],"#, Rejection::Header),
            ("{", r#"{"crit":null,"#, Rejection::Header),
            ("{", r#"{"b64":false,"#, Rejection::Header),
            ("{", r#"{"jwk":{"kty":"OKP"},"#, Rejection::Header),
            (
                "{",
                r#"{"jku":"https://example.org/keys","#,
                Rejection::Header,
            ),
            ("{", r#"{"zip":"DEF","#, Rejection::Header),
            ("}", "", Rejection::Malformed),
            (good, "[]", Rejection::Malformed),
            (good, "", Rejection::Malformed),
        ];
        for (from, to, expected) in refused {
            let header = good.replacen(from, to, 1);
            assert_ne!(header, good);
            assert_eq!(read(&header), Err(expected), "{header}");
        }
    }
}
