//! A person is anybody the network deals with around a city: politicians, officials and
//! practitioners, academics, civil society, the media, business, partners. Coordinators and experts
//! are people too; what makes them that is an appointment or an expert's record beside the person.
//!
//! Invariants: an e-mail address belongs to one person. A person stays when a role ends, because
//! appointments and visits refer to it. People are not public.

mod actions;
mod adoption;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::{register, revise, settle};
pub use adoption::{PersonRow, adopt};
pub use model::{
    NewPerson, Person, PersonChange, PersonChoice, PersonFilter, PersonKind, PersonOrder,
};
pub use store::{count, find, find_visible, get, list, lock, order};
