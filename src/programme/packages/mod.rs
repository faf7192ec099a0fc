//! A package is what a city buys for 24 months: nine units of seven kinds, for one price, paid in
//! instalments. The contract says whether the price covers the annual fee; the memo does not say
//! it, so every enrolment must.
//!
//! Invariants: a city has one package at a time, back to back is allowed; the deliverables are
//! those of the day of the enrolment, whatever the offer becomes later; each unit is one planned
//! activity. What it is not: invoices, and the price list that the price comes from.

mod actions;
mod amending;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::{enrol, terminate};
pub use amending::{amend, reach_milestone};
pub use model::{
    Amendment, Enrolment, Package, PackageFilter, PackagePart, PackageState, PackageStatus,
    PackageUnits, ReachedMilestone, Termination,
};
pub use store::{
    count, count_of_cities, find, find_many, get, list, list_of_cities, of_cities, of_city, order,
    parts_of_many, started_until, units_of_many,
};
