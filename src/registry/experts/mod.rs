//! An expert is a person who visits cities and judges their policies: sent by the Council of
//! Europe, a policy consultant, a peer from a city with documented success, or of a think tank. An
//! expert's record says in which languages and policy areas, from which home city and in which
//! days the expert can be planned.
//!
//! Invariant: a person is an expert once. What takes an expert's time is scheduling's.

mod actions;
mod adoption;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::register;
pub use adoption::{ExpertRow, adopt};
pub use model::{
    Expert, ExpertFilter, ExpertKind, ExpertOrder, ExpertRecord, ExpertTerms, NewExpert,
};
pub use store::{count, find_by_email, find_many, find_visible, get, list, lock, order};
