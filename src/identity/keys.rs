//! The service's Ed25519 signing keys: made, read from PEM files, published as a JWK set.
//!
//! What is signed with them is elsewhere: access tokens in `access_tokens.rs`, detached signatures
//! in `detached.rs`. The care for the files is in `key_files.rs`. Which files they are is a
//! setting: here they are paths.

use std::fmt;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

pub use super::key_files::KeyError;
use super::key_files::{KeyFile, write_new};
use super::public_keys::PublicKey;

/// The key that signs, and the older ones whose signatures still count.
pub struct SigningKeys {
    pair: Ed25519KeyPair,
    encoding: EncodingKey,
    current: PublicKey,
    previous: Vec<PublicKey>,
}

/// The text is not an Ed25519 private key in PKCS#8 PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 private key in PKCS#8 PEM")]
pub struct NotAPrivateKey;

impl SigningKeys {
    /// Makes a new private key: PKCS#8 version 1 in PEM, the form that OpenSSL reads and writes.
    ///
    /// # Errors
    /// [`KeyError::Generation`] when the cryptographic library cannot make one.
    pub fn generate_pem() -> Result<String, KeyError> {
        let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())
            .map_err(|_| KeyError::Generation)?;
        let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
        for (index, character) in STANDARD.encode(document.as_ref()).chars().enumerate() {
            // RFC 7468 section 2 wraps the body at 64 characters.
            if index > 0 && index % 64 == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END PRIVATE KEY-----\n");
        Ok(pem)
    }

    /// Keys that live in memory only, from the PEM of one private key.
    ///
    /// # Errors
    /// [`NotAPrivateKey`] when the text is anything else.
    pub fn from_pem(pem: &str) -> Result<Self, NotAPrivateKey> {
        // `from_ed_pem` takes off the PEM armour and leaves the PKCS#8 document as it is.
        let encoding = EncodingKey::from_ed_pem(pem.as_bytes()).map_err(|_| NotAPrivateKey)?;
        let pair = Ed25519KeyPair::from_pkcs8(encoding.as_bytes()).map_err(|_| NotAPrivateKey)?;
        let current = PublicKey::from_bytes(pair.public_key().as_ref());
        Ok(Self {
            pair,
            encoding,
            current,
            previous: Vec::new(),
        })
    }

    /// Reads the key that signs and those it replaced. A previous file may hold the private key or,
    /// better, only the public one (`openssl pkey -in OLD -pubout`).
    ///
    /// # Errors
    /// [`KeyError`] when a file is missing, is no key, repeats a key, or holds a private key and
    /// grants its group or others any right to it.
    pub fn load(current: &Path, previous: &[PathBuf]) -> Result<Self, KeyError> {
        let file = KeyFile::read(current)?;
        file.refuse_if_open_to_others()?;
        let mut keys = Self::from_pem(&file.text).map_err(|_| KeyError::NotAPrivateKey {
            path: current.to_owned(),
        })?;
        for path in previous {
            let key = previous_key(path)?;
            if keys.find(&key.id).is_some() {
                // A rotation that was listed but did not happen must not look done.
                return Err(KeyError::Repeated { path: path.clone() });
            }
            keys.previous.push(key);
        }
        Ok(keys)
    }

    /// As [`SigningKeys::load`], after making the current key's file when there is none. Two
    /// starts at once end with the same key.
    ///
    /// # Errors
    /// Those of [`SigningKeys::load`], and [`KeyError::Create`] when the file cannot be made.
    pub fn load_or_create(current: &Path, previous: &[PathBuf]) -> Result<Self, KeyError> {
        let found = current.try_exists().map_err(|source| KeyError::Read {
            path: current.to_owned(),
            source,
        })?;
        if !found {
            // When another start was quicker, its key counts and this one is forgotten.
            write_new(current, &Self::generate_pem()?)?;
        }
        Self::load(current, previous)
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037), the one that signs first.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.all().map(PublicKey::jwk).collect();
        json!({ "keys": keys })
    }

    /// The id of the key that signs: its RFC 7638 thumbprint.
    #[must_use]
    pub fn current_id(&self) -> &str {
        &self.current.id
    }

    /// The key pair itself, for signatures of another form than a token's.
    pub(super) fn pair(&self) -> &Ed25519KeyPair {
        &self.pair
    }

    /// The private key as the token library wants it.
    pub(super) fn encoding_key(&self) -> &EncodingKey {
        &self.encoding
    }

    /// The public key with this id as the token library wants it.
    pub(super) fn decoding_key(&self, id: &str) -> Option<&DecodingKey> {
        self.find(id).map(|key| &key.decoding)
    }

    /// The current or the previous key with this id.
    pub(super) fn find(&self, id: &str) -> Option<&PublicKey> {
        self.all().find(|key| key.id == id)
    }

    fn all(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let previous: Vec<&str> = self.previous.iter().map(|key| key.id.as_str()).collect();
        formatter
            .debug_struct("SigningKeys")
            .field("current", &self.current.id)
            .field("previous", &previous)
            .finish_non_exhaustive()
    }
}

fn previous_key(path: &Path) -> Result<PublicKey, KeyError> {
    let file = KeyFile::read(path)?;
    if let Some(key) = PublicKey::from_pem(&file.text) {
        return Ok(key);
    }
    file.refuse_if_open_to_others()?;
    match SigningKeys::from_pem(&file.text) {
        Ok(keys) => Ok(keys.current),
        Err(NotAPrivateKey) => Err(KeyError::NotAKey {
            path: path.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn public_pem(keys: &SigningKeys) -> String {
        let frame = hex::decode("302a300506032b6570032100").unwrap();
        let body = STANDARD.encode([frame, keys.current.bytes.clone()].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    fn fresh() -> (String, SigningKeys) {
        let pem = SigningKeys::generate_pem().unwrap();
        let keys = SigningKeys::from_pem(&pem).unwrap();
        (pem, keys)
    }

    fn write(folder: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_generated_key_is_pem_and_new_each_time() {
        let (pem, keys) = fresh();
        let lines: Vec<&str> = pem.lines().collect();
        assert_eq!(lines.first(), Some(&"-----BEGIN PRIVATE KEY-----"));
        assert_eq!(lines.last(), Some(&"-----END PRIVATE KEY-----"));
        assert!(lines.iter().all(|line| line.len() <= 64));
        assert_ne!(keys.current_id(), fresh().1.current_id());
    }

    #[test]
    fn other_texts_are_no_private_key() {
        let (pem, keys) = fresh();
        // An X25519 key differs from an Ed25519 key by its object identifier alone.
        let mut x25519 = STANDARD
            .decode("MC4CAQAwBQYDK2VuBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
            .unwrap();
        let x25519_pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(&x25519)
        );
        x25519[11] = 0x70;
        let ed25519_pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(&x25519)
        );
        assert!(SigningKeys::from_pem(&ed25519_pem).is_ok());
        let cases = [
            ("empty", String::new()),
            ("public key", public_pem(&keys)),
            ("X25519", x25519_pem),
            ("cut", pem.chars().take(60).collect()),
            ("wrong label", pem.replace("PRIVATE KEY", "RSA PRIVATE KEY")),
            ("a word", "secret".to_owned()),
        ];
        for (name, text) in cases {
            assert_eq!(
                SigningKeys::from_pem(&text).err(),
                Some(NotAPrivateKey),
                "{name}"
            );
        }
    }

    #[test]
    fn the_file_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.pem");
        let first = SigningKeys::load_or_create(&path, &[]).unwrap();
        let again = SigningKeys::load_or_create(&path, &[]).unwrap();
        assert_eq!(first.current_id(), again.current_id());
    }

    #[test]
    fn previous_keys_verify_and_are_published_after_the_current_one() {
        let folder = tempfile::tempdir().unwrap();
        let ((old_pem, old), (older_pem, older), (pem, _)) = (fresh(), fresh(), fresh());
        let current = write(folder.path(), "current.pem", &pem, 0o600);
        let previous = [
            write(folder.path(), "old.pem", &old_pem, 0o600),
            // A public key is no secret: its file may be open to all.
            write(folder.path(), "older.pem", &public_pem(&older), 0o644),
        ];
        assert_ne!(older_pem, old_pem);
        let keys = SigningKeys::load(&current, &previous).unwrap();
        let published: Vec<Value> = keys.jwks()["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["kid"].clone())
            .collect();
        assert_eq!(
            published,
            [keys.current_id(), old.current_id(), older.current_id()]
        );
        for signer in [&keys, &old, &older] {
            let signature = signer.sign_detached(b"1000 rows").unwrap();
            assert_eq!(keys.verify_detached(b"1000 rows", &signature), Ok(()));
        }
    }

    #[test]
    fn unfit_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (pem, keys) = fresh();
        let good = write(folder.path(), "good.pem", &pem, 0o600);
        let open = write(folder.path(), "open.pem", &fresh().0, 0o640);
        let word = write(folder.path(), "word.pem", "secret", 0o600);
        let public = write(folder.path(), "public.pem", &public_pem(&keys), 0o600);
        let missing = folder.path().join("missing.pem");
        let name = |result: Result<SigningKeys, KeyError>| match result.unwrap_err() {
            KeyError::Read { .. } => "read",
            KeyError::Permissions { .. } => "permissions",
            KeyError::NotAPrivateKey { .. } => "not private",
            KeyError::NotAKey { .. } => "not a key",
            KeyError::Repeated { .. } => "repeated",
            KeyError::Create { .. } | KeyError::Generation | KeyError::Signing => "other",
        };
        let cases = [
            (&missing, None, "read"),
            (&open, None, "permissions"),
            (&word, None, "not private"),
            (&public, None, "not private"),
            (&good, Some(&missing), "read"),
            (&good, Some(&open), "permissions"),
            (&good, Some(&word), "not a key"),
            (&good, Some(&good), "repeated"),
            (&good, Some(&public), "repeated"),
        ];
        for (current, previous, expected) in cases {
            let previous: Vec<PathBuf> = previous.into_iter().cloned().collect();
            let result = SigningKeys::load(current, &previous);
            assert_eq!(name(result), expected, "{} {previous:?}", current.display());
        }
    }

    #[test]
    fn debug_shows_ids_only() {
        let (pem, keys) = fresh();
        let shown = format!("{keys:?}");
        assert!(shown.contains(keys.current_id()));
        assert!(!shown.contains(pem.lines().nth(1).unwrap()));
    }
}
