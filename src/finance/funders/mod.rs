//! A funder pays fees in a city's stead: a foundation, a ministry, a programme of the Union. Its record
//! says how it is invoiced. What it is not: a partner of the network, or what it pays; that is in
//! `grants`.
//!
//! Invariant: no two funders have the same name.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::{register, revise};
pub use model::{Funder, FunderDetails};
pub use store::{all, find, find_many, get};
