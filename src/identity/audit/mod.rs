//! The audit log: who did what to which object, written in the transaction of the deed and never
//! changed. So that a change by somebody with the database's password is noticed all the same, a
//! sealer chains the lines (SHA-256 over each line and the seal before) and signs checkpoints of
//! the chain into a file outside the database. What it is not: a log of reads or of requests.
//!
//! Invariants: writers never wait for the chain; a line is sealed once, in the order of sealing,
//! which is not that of the deeds; the sequence of seals has no gap.

mod actions;
pub mod checkpoints;
pub mod graphql;
mod model;
pub mod problem;
pub mod rules;
mod store;
mod walk;

pub use actions::{PORTION, Report, Window, record, record_many, seal, verify};
pub use model::{AuditEntry, AuditFilter, Seal};
pub use store::{has_unsealed, last_seal};
