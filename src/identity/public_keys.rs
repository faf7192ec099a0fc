//! Ed25519 public keys: their ids and their form as a JWK.
//!
//! The private keys and the set of all keys are in `keys.rs`.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::{Value, json};

/// A public key with the two forms in which it is needed.
pub(super) struct PublicKey {
    /// The RFC 7638 thumbprint in base64url.
    pub(super) id: String,
    pub(super) bytes: Vec<u8>,
    /// The key as the token library wants it.
    pub(super) decoding: DecodingKey,
}

/// RFC 8032 section 5.1.5: a public key has 32 bytes.
const PUBLIC_KEY_BYTES: usize = 32;

impl PublicKey {
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        // RFC 7638 section 3.2 and RFC 8037 section 2: the required members in alphabetical
        // order without white space. Base64url needs no escaping in JSON.
        let x = URL_SAFE_NO_PAD.encode(bytes);
        let thumbprint = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        Self {
            id: URL_SAFE_NO_PAD.encode(digest(&SHA256, thumbprint.as_bytes())),
            bytes: bytes.to_vec(),
            decoding: DecodingKey::from_ed_der(bytes),
        }
    }

    /// Reads a `SubjectPublicKeyInfo` (RFC 8410) in PEM.
    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let key = DecodingKey::from_ed_pem(pem.as_bytes()).ok()?;
        let bytes = key.try_get_as_bytes().ok()?;
        (bytes.len() == PUBLIC_KEY_BYTES).then(|| Self::from_bytes(bytes))
    }

    /// The key as a JWK (RFC 8037 section 2) that says what it is for.
    pub(super) fn jwk(&self) -> Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": URL_SAFE_NO_PAD.encode(&self.bytes),
            "kid": self.id,
            "use": "sig",
            "alg": "EdDSA",
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// The public key of RFC 8037 appendix A.2 and its thumbprint, appendix A.3.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

    fn pem(frame: &str, bytes: &[u8]) -> String {
        let body = STANDARD.encode([&hex::decode(frame).unwrap(), bytes].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    #[test]
    fn the_id_and_the_jwk_are_those_of_rfc_8037() {
        let key = PublicKey::from_bytes(&URL_SAFE_NO_PAD.decode(X).unwrap());
        assert_eq!(key.id, THUMBPRINT);
        let expected = json!({
            "kty": "OKP", "crv": "Ed25519", "x": X, "kid": THUMBPRINT, "use": "sig", "alg": "EdDSA",
        });
        assert_eq!(key.jwk(), expected);
    }

    #[test]
    fn only_ed25519_public_keys_are_read() {
        let bytes = URL_SAFE_NO_PAD.decode(X).unwrap();
        // RFC 8410 section 4: the frame of an Ed25519 key; that of an X25519 key differs in one bit.
        let key = PublicKey::from_pem(&pem("302a300506032b6570032100", &bytes)).unwrap();
        assert_eq!(key.id, THUMBPRINT);
        let good = pem("302a300506032b6570032100", &bytes);
        let cases = [
            ("X25519", pem("302a300506032b656e032100", &bytes)),
            ("31 bytes", pem("3029300506032b6570032000", &bytes[1..])),
            ("cut", good.chars().take(50).collect()),
            ("empty", String::new()),
        ];
        for (name, text) in cases {
            assert!(PublicKey::from_pem(&text).is_none(), "{name}");
        }
    }
}
