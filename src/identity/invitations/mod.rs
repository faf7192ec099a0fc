//! Links that are mailed to a user and let the password be chosen: an invitation for a new account
//! (72 hours) and a reset of a forgotten password (one hour). What it is not: accounts (`users`).
//!
//! Invariants: a link works once; of each kind a user has one that works. The secret of a link is
//! drawn when its mail is written and is never stored, here or in the message of a job. A password
//! that was chosen through a link ends every session and every other link.

mod actions;
pub mod jobs;
mod model;
pub mod rest;
pub mod rules;
mod store;

pub use actions::{accept, open, request_reset, void_of_user};
pub use model::{AccountLink, InvitationMail, PasswordResetRequest, Purpose};
pub use store::{forget, holds, void};
