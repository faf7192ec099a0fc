//! A user is an account: somebody who signs in with an e-mail address and a password. An
//! administrator invites a user, who chooses the password through the mailed link; nobody else
//! ever knows it. An account is disabled, never deleted, because the audit log names it.
//!
//! Invariants: an address has one account, whatever its case. A disabled account has no session
//! and no open link. There is always an administrator who can sign in.

mod actions;
pub mod graphql;
mod model;
pub mod rest;
pub mod rules;
mod store;

pub use actions::{
    ChangeOfPassword, PasswordChanged, change_password, disable, insert_for_seed, invite,
    invite_or_grant, invite_user,
};
pub use model::{NewUser, User, UserFilter};
pub use store::{count, find, find_by_email, find_many, get, list, order};
pub(in crate::identity) use store::{lock, refresh_hash, set_password};
