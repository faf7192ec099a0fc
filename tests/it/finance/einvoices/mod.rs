//! Tests of electronic invoices: the documents, judged by a checker of our own and by another
//! implementation of the rules, and how they come through the public door.
//!
//! Every document that a test makes is also written below the target folder, where
//! `.ci/einvoices/check` validates it with the published schemas and rules.

mod checker;
mod credited;
mod documents;
pub(in crate::finance) mod door;
mod judged;
mod refused;
pub(in crate::finance) mod samples;
mod strictness;
