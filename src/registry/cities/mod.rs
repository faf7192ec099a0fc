//! A city is what joins the network. It is registered once, with its names in the languages it is
//! known by, and stays: invoices, visits and memberships refer to it, so a city is never deleted.
//! After a municipal reform it points to its successor.
//!
//! Invariants: no two cities of a country have the same name; CVR number, GLN and GeoNames id
//! belong to one city each. The public sees a city from the day its first membership begins.

mod actions;
mod adoption;
pub mod graphql;
mod model;
mod names;
pub mod rules;
mod store;
mod succession;

pub use actions::{register, revise};
pub use adoption::{CityRow, Marks, adopt, hold, meant};
pub use model::{City, CityChange, CityDetails, CityFilter, CityOrder, LocalName, NewCity};
pub use names::all_names;
pub use store::{
    count, exists, find, find_many, find_named, get, list, lock, lock_many, names_of_many, order,
    publish, visible,
};
pub use succession::{Succession, are_one, heirs, succeed};
