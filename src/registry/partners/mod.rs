//! A partner is an organisation that stands behind the network: a multidisciplinary team of
//! experts, a city with documented success, a think tank or another organisation.
//!
//! Invariant: no two partners have the same name.

mod actions;
mod adoption;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::register;
pub use adoption::{PartnerRow, adopt};
pub use model::{NewPartner, Partner, PartnerFilter, PartnerKind, PartnerOrder};
pub use store::{count, find, find_many, get, list, order};
