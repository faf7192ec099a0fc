//! Detached Ed25519 signatures, for messages that are kept outside of any token, such as audit
//! checkpoints.
//!
//! The keys are in `keys.rs`; what a checkpoint says is not known here.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::keys::{KeyError, SigningKeys};

/// A signature that travels beside its message, with the id of the key that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetachedSignature {
    /// The RFC 7638 thumbprint of the public key.
    pub key_id: String,
    /// The 64 bytes of the Ed25519 signature in base64url without padding.
    pub signature: String,
}

impl SigningKeys {
    /// Signs a message that is kept outside of any token, such as an audit checkpoint. What is
    /// signed is [`DETACHED_CONTEXT`] followed by the message.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the cryptographic library fails.
    pub fn sign_detached(&self, message: &[u8]) -> Result<DetachedSignature, KeyError> {
        let signature = self
            .pair()
            .try_sign(&in_context(message))
            .map_err(|_| KeyError::Signing)?;
        Ok(DetachedSignature {
            key_id: self.current_id().to_owned(),
            signature: URL_SAFE_NO_PAD.encode(signature.as_ref()),
        })
    }

    /// Checks a signature of [`SigningKeys::sign_detached`] by the current or a previous key.
    ///
    /// # Errors
    /// [`DetachedError`] says whether the key is unknown or the signature wrong.
    pub fn verify_detached(
        &self,
        message: &[u8],
        signature: &DetachedSignature,
    ) -> Result<(), DetachedError> {
        let key = self
            .find(&signature.key_id)
            .ok_or(DetachedError::UnknownKey)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(&signature.signature)
            .map_err(|_| DetachedError::Mismatch)?;
        UnparsedPublicKey::new(&ED25519, &key.bytes)
            .verify(&in_context(message), &bytes)
            .map_err(|_| DetachedError::Mismatch)
    }
}

/// What stands before every message of a detached signature. It holds bytes that no token can
/// begin with, so neither kind of signature can be passed off as the other.
pub const DETACHED_CONTEXT: &[u8] = b"intercultural-cities detached signature v1\0";

fn in_context(message: &[u8]) -> Vec<u8> {
    [DETACHED_CONTEXT, message].concat()
}

/// Why a detached signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DetachedError {
    /// Neither the current key nor a previous one has this id.
    #[error("signed with a key that is not known here")]
    UnknownKey,
    /// The signature is malformed or belongs to another message.
    #[error("the signature does not match")]
    Mismatch,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> SigningKeys {
        SigningKeys::from_pem(&SigningKeys::generate_pem().unwrap()).unwrap()
    }

    #[test]
    fn detached_signatures_hold_for_their_message_only() {
        let keys = fresh();
        let good = keys.sign_detached(b"1000 rows").unwrap();
        assert_eq!(keys.verify_detached(b"1000 rows", &good), Ok(()));
        // The bare message, as a token would sign it, is another message.
        let bare = DetachedSignature {
            signature: URL_SAFE_NO_PAD.encode(keys.pair().sign(b"1000 rows")),
            ..good.clone()
        };
        let garbled = DetachedSignature {
            signature: "!".to_owned(),
            ..good.clone()
        };
        let stranger = fresh().sign_detached(b"1000 rows").unwrap();
        let forged = DetachedSignature {
            key_id: good.key_id.clone(),
            ..stranger.clone()
        };
        let cases: [(&str, &[u8], &DetachedSignature, DetachedError); 5] = [
            (
                "other message",
                b"1001 rows",
                &good,
                DetachedError::Mismatch,
            ),
            ("no context", b"1000 rows", &bare, DetachedError::Mismatch),
            ("garbled", b"1000 rows", &garbled, DetachedError::Mismatch),
            (
                "other key's",
                b"1000 rows",
                &forged,
                DetachedError::Mismatch,
            ),
            (
                "unknown key",
                b"1000 rows",
                &stranger,
                DetachedError::UnknownKey,
            ),
        ];
        for (name, message, signature, expected) in cases {
            assert_eq!(
                keys.verify_detached(message, signature),
                Err(expected),
                "{name}"
            );
        }
    }
}
