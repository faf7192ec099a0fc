//! Which cities took a practice over, and what came of it there: the point of a library of practices.
//!
//! What a city says later stands, and what it said stays: each word is a row that never changes. Everybody
//! may read it, as the practice itself. What it is not: the practice of the city that took it over; that is a
//! practice of its own.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::report;
pub use model::{AdoptionStatus, NewAdoption, PracticeAdoption};
pub use store::{find_many, latest_of_practices, of_cities};
