//! SHA-256 as text: how contents are named and compared. What it is not: the hashing of passwords.

use aws_lc_rs::digest::{SHA256, digest};

/// SHA-256 in lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes))
}
