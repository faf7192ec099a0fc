//! The ten steps to an intercultural city policy, and how far each city says it is with them. They are
//! numbered so that they can be named; a city need not take them in this order. The texts are reference data.
//!
//! What a city says later stands, and what it said stays: each report is a row that never changes, and the
//! last one of a city and step is where the city is. A step is done with evidence; somebody of the network
//! verifies it who did not say so; either is taken back with a reason. What it is not: advice on which step
//! comes next.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use crate::programme::reference::Step;
pub use actions::{report, verify};
pub use model::{NewStepReport, StepReport, StepStatus};
pub use store::{find_many, of_cities, standings};
