//! The ten steps to an intercultural city policy. They are numbered so that they can be named;
//! a city need not take them in this order. The texts are reference data.
//!
//! What it is not: how far a city has come with a step.

pub mod graphql;

pub use crate::programme::reference::Step;
