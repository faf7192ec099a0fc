//! Secrets that are handed out once and kept only as a digest: refresh tokens, invitations, reset
//! links. Random bytes for salts come from here too.
//!
//! Passwords, which people choose, are in `passwords.rs`; signed tokens in `access_tokens.rs`.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The bytes of randomness in a secret: 256 bits.
pub const SECRET_BYTES: usize = 32;

/// 256 random bits. Its `Debug` shows nothing of them.
#[derive(Clone)]
pub struct Secret([u8; SECRET_BYTES]);

/// The operating system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no random bytes can be had")]
pub struct RandomUnavailable;

/// The text is not one that [`Secret::text`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token of this service")]
pub struct MalformedSecret;

impl Secret {
    /// Draws a new one.
    ///
    /// # Errors
    /// [`RandomUnavailable`]; nothing weaker is ever used instead.
    pub fn generate() -> Result<Self, RandomUnavailable> {
        random_bytes().map(Self)
    }

    /// Reads what a client presents: 43 characters of base64url without padding, in the one
    /// spelling that stands for its 32 bytes.
    ///
    /// # Errors
    /// [`MalformedSecret`] for any other text, whatever its length.
    pub fn parse(text: &str) -> Result<Self, MalformedSecret> {
        let mut bytes = [0; SECRET_BYTES];
        // The decoder refuses texts that do not fit, so length is bounded before any work.
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(SECRET_BYTES) => Ok(Self(bytes)),
            _ => Err(MalformedSecret),
        }
    }

    /// What the holder gets, once: 43 characters of base64url.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored: SHA-256 of the 32 bytes in 64 lower-case hexadecimal digits. A fast hash is
    /// enough because nobody can guess 256 random bits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(digest(&SHA256, &self.0))
    }

    /// Whether this secret has the stored digest, in a time that does not depend on where they
    /// differ. A lookup by digest needs no such care: its caller cannot steer SHA-256.
    #[must_use]
    pub fn has_digest(&self, stored: &str) -> bool {
        verify_slices_are_equal(self.digest().as_bytes(), stored.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Random bytes from the operating system by way of the cryptographic library.
///
/// # Errors
/// [`RandomUnavailable`] when there are none.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], RandomUnavailable> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| RandomUnavailable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_secret_survives_its_text() {
        let secret = Secret::generate().unwrap();
        let text = secret.text();
        assert_eq!(text.len(), 43);
        assert_eq!(Secret::parse(&text).unwrap().digest(), secret.digest());
    }

    #[test]
    fn the_digest_is_sha_256_of_the_bytes() {
        // Computed with `head -c 32 /dev/zero | sha256sum`.
        let zeros = Secret([0; SECRET_BYTES]);
        assert_eq!(
            zeros.digest(),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        );
    }

    #[test]
    fn secrets_differ() {
        let drawn: HashSet<String> = (0..1000)
            .map(|_| Secret::generate().unwrap().text())
            .collect();
        assert_eq!(drawn.len(), 1000);
    }

    #[test]
    fn other_texts_are_refused() {
        let good = Secret([0; SECRET_BYTES]).text();
        let cases = [
            ("empty", String::new()),
            ("too short", good.chars().skip(1).collect()),
            ("31 bytes", "A".repeat(42)),
            ("33 bytes", "A".repeat(44)),
            ("padded", format!("{good}=")),
            ("white space", format!("{good} ")),
            ("base64 with + and /", format!("{}+/", "A".repeat(41))),
            ("loose last bits", format!("{}B", "A".repeat(42))),
            ("a megabyte", "A".repeat(1 << 20)),
        ];
        for (name, text) in cases {
            assert_eq!(Secret::parse(&text).err(), Some(MalformedSecret), "{name}");
        }
    }

    #[test]
    fn a_digest_is_recognised() {
        let secret = Secret::generate().unwrap();
        let other = Secret::generate().unwrap();
        assert!(secret.has_digest(&secret.digest()));
        assert!(!secret.has_digest(&other.digest()));
        assert!(!secret.has_digest(""));
        assert!(!secret.has_digest(&secret.text()));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::generate().unwrap()), "Secret(…)");
    }
}
