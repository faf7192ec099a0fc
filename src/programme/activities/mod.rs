//! An activity is something the network does for or with a city: the index, a visit, a report, a
//! workshop, advice. A package plans nine of them at once, without dates; a visit that is scheduled
//! takes the oldest planned one of its kind, or stands beside the package when none is left.
//!
//! Invariants: an activity belongs to one city and at most one package of that city; it belongs to
//! at most one visit; what has no date is planned and sorts after everything that has one. A unit
//! of a package is never lost: when its visit is cancelled it is planned again. What was confirmed is held by itself when its last day is over.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::{link_expert_visit, link_study_visit, plan_package, release};
pub use model::{Activity, ActivityFilter, ActivityKind, ActivityStatus, Visit, VisitDays};
pub use store::{Of, count_of, find, find_many, get, list_of, of_visit, order};
