//! Sign-ins that last: a session is a family of refresh tokens, each of which is used once. What
//! it is not: access tokens, which are not stored.

pub mod rules;
