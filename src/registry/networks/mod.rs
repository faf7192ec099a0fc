//! A network is what cities are members of: the international one, and national networks that
//! belong to the same programme. It grows in rounds: eleven cities in 2008, a second generation
//! from 2010 to 2012.
//!
//! Networks and rounds are reference data: they are loaded from files, never typed in, and keep
//! their ids whichever database they are loaded into, because the ids are made from the codes.
//! Which city is in which network is a membership's matter.

mod actions;
pub mod graphql;
mod model;
pub mod rules;
mod store;

pub use actions::ensure_reference;
pub use model::{Network, NetworkKind, ReferenceNetwork, ReferenceRound, Round};
pub use store::{
    all, find, find_by_code, find_many, find_round, find_rounds, get, international, rounds_of_many,
};
