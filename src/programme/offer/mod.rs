//! What the network offers: the package with its deliverables, seven kinds and nine units, the
//! single activities that a city can take without a package, and the kinds of partner that carry
//! them. The texts are reference data; the prices are in the price list.
//!
//! What it is not: what a city has bought; those are packages and activities.

pub mod graphql;

pub use crate::programme::reference::{
    Deliverable, DeliverableKind, PartnerKindEntry, SingleActivity, SingleActivityKind,
};
