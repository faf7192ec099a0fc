//! The year as the programme reports it: who came and went, what was measured, visited, published and taught,
//! each number with the list behind it. What it is not: money; finance closes the year.

pub mod graphql;
mod model;
pub mod rules;

pub use model::{AnnualFigures, of_year};
