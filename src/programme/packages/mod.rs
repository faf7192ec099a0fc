//! A package is what a city buys for 24 months: nine units of seven kinds, for one price, paid in
//! instalments. The contract says whether the price covers the annual fee; the memo does not say
//! it, so every enrolment must.
//!
//! Invariants: a city has one package at a time, back to back is allowed; the deliverables are
//! those of the day of the enrolment, whatever the offer becomes later; each unit is one planned
//! activity. What it is not: invoices, and the price list that the price comes from.

mod actions;
mod amending;
pub mod amendments;
mod forecast;
pub mod graphql;
mod model;
mod notices;
pub mod rules;
mod store;
mod timeline;

pub use actions::{enrol, lapse, terminate};
pub use amending::{amend, reach_milestone};
pub use amendments::pauses_of;
pub use forecast::timelines;
pub use model::{
    Enrolment, NewPlan, Package, PackageFilter, PackagePart, PackageState, PackageStatus,
    ReachedMilestone, Tailoring, Termination,
};
pub use notices::{
    DAYS_BEFORE_LOSS, Losing, Waiting, count_losing, count_waiting, losing, waiting,
};
pub use rules::check_days;
pub use store::{
    count, count_of_cities, find, find_many, get, lapsed_by, list, list_of_cities, of_cities,
    of_city, order, parts_of_many, running_without_membership, started_until,
};
pub use timeline::{Frame, Step, Timeline, usual_days};
