//! Why an access token is refused.
//!
//! The checks are in `access_tokens.rs`, `token_header.rs` and `token_claims.rs`.

/// Why a token is refused, for logs and counters. Clients are told `invalid_token` and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Longer than this service writes any.
    #[error("the access token is too long")]
    TooLong,
    /// No JWT, or a claim is missing, empty or of the wrong type.
    #[error("the access token is malformed")]
    Malformed,
    /// Any `alg` but `EdDSA`.
    #[error("the access token names another algorithm")]
    Algorithm,
    /// Any `typ` but `at+jwt`, or none.
    #[error("the token is no access token")]
    Type,
    /// A header parameter that these tokens do not have: `crit`, `jwk`, `jku`, `x5c`, `b64`, …
    #[error("the access token has a foreign header parameter")]
    Header,
    /// No `kid`, or one of no current or previous key.
    #[error("the access token is signed with an unknown key")]
    UnknownKey,
    /// The signature belongs to other words or another key.
    #[error("the signature of the access token is wrong")]
    Signature,
    /// Another `iss`.
    #[error("the access token is of another issuer")]
    Issuer,
    /// Another `aud`.
    #[error("the access token is for another audience")]
    Audience,
    /// Issued further ahead than [`CLOCK_TOLERANCE_SECONDS`](super::token_claims::CLOCK_TOLERANCE_SECONDS).
    #[error("the access token is not valid yet")]
    NotYetValid,
    /// Meant to live longer than [`LIFETIME_SECONDS`](super::token_claims::LIFETIME_SECONDS).
    #[error("the access token would live too long")]
    Lifetime,
    /// Past its `exp`.
    #[error("the access token is expired")]
    Expired,
}
