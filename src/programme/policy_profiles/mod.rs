//! Where a city's policy stands in each of the eight areas between the three models of the policy table:
//! shares of a hundred for the intercultural, the multicultural and the assimilation model, with what shows
//! it. What a city states later stands, and what it stated stays. What it is not: the table, whose 24 cells are
//! reference data and say what a city does under each model.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::state;
pub use model::{NewPolicyStatement, PolicyStatement, Shares};
pub use store::{find_many, of_cities};
