//! Sign-ins that last: a session is a family of refresh tokens, each of which is used once. What
//! it is not: access tokens, which are not stored and end by themselves after ten minutes.
//!
//! Invariants: of a session's refresh tokens one at most can be exchanged; a token that turns up
//! after its time ends the session, because two parties hold the family. An account that is
//! disabled has no session, and a new password ends all others.

mod actions;
mod model;
pub mod rest;
pub mod rules;
mod store;

pub use actions::{
    Compared, Opened, Refreshed, SignedIn, end, end_everywhere, end_of_user, refresh, sign_in,
};
pub use model::{RefreshToken, Session};
pub use store::forget;
