//! Memberships.

mod model;

pub use model::MembershipStatus;
