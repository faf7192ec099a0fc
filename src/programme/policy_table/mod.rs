//! The policy table: what a city does in each of eight areas under each of three models, 24 cells.
//! The network's own model is the intercultural one; the two others stand beside it so that a city
//! can see where it is. The texts are reference data.
//!
//! What it is not: where a city stands.

pub mod graphql;

pub use crate::programme::reference::{PolicyCell, PolicyModelName, PolicyTable};
