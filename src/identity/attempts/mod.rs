//! Failed sign-ins of an account, counted in the database so that every instance and every
//! connection counts together. What it is not: the limit of requests (`server/rates.rs`).
//!
//! Invariants: the state belongs to the e-mail address that was typed, whether or not it has an
//! account; it is settled in a transaction after the password was compared.

pub mod rules;
mod store;

pub use store::{blocked_until, forget, forgive, settle};
