//! A pairing is an agreement between two cities that one mentors the other in a field of policy, or,
//! when it is mutual, that each mentors the other in a field of its own. It is proposed by one of
//! them or by the secretariat, becomes active when both have agreed, and ends by its last day, when
//! one of them ends it, or when one of them is no member of the international network any more.
//!
//! Invariants: a pairing is between two cities; two cities have one mutual pairing at a time,
//! whichever of them is named first; and one city mentors another in a field once at a time. The
//! database holds all three.

mod actions;
pub mod graphql;
pub mod inputs;
mod model;
pub mod rules;
mod store;

pub use actions::{consent, end, leave, pair};
pub use model::{
    Consent, MentorPairing, NewPairing, PairingEnd, PairingFilter, PairingLeg, PairingOrder,
    PairingStatus,
};
pub use store::{
    count, count_of_cities, find_visible, get, legs_of_many, list, list_of_cities, order,
};
