//! Accounts: users and their roles, sign-in and sessions, invitations and password resets, the
//! keys that sign tokens, the audit log, idempotency keys. What it is not: who may do what; that
//! is the one table in `access`.

pub mod access_tokens;
pub mod attempts;
pub mod audit;
pub mod detached;
pub mod hash_gate;
pub mod hash_memory;
pub mod idempotency;
pub mod invitations;
mod key_files;
pub mod keys;
pub mod passwords;
mod public_keys;
pub mod rest;
pub mod roles;
pub mod secrets;
pub mod sessions;
mod token_claims;
mod token_header;
mod token_rejection;
pub mod turns;
pub mod users;
pub mod viewers;
