//! A package is what a city buys for 24 months: nine units of seven kinds, for one price, paid in
//! instalments. The contract says whether the price covers the annual fee; the memo does not say
//! it, so every enrolment must.
//!
//! Invariants: a city has one package at a time, back to back is allowed; the deliverables are
//! those of the day of the enrolment, whatever the offer becomes later; each unit is one planned
//! activity. What it is not: invoices, and the price list that the price comes from.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::{enrol, terminate};
pub use model::{
    Enrolment, Package, PackageFilter, PackageState, PackageStatus, PackageUnits, Termination,
};
pub use store::{
    count, count_of_cities, find, find_many, get, list, list_of_cities, of_cities, of_city, order,
    started_until, units_of_many,
};
