//! A study visit is a city showing its practice to other cities of the network: the host sets days
//! and a number of places, and cities join with their delegates until it is over or full. It is
//! held by itself when its last day is over, unless it was cancelled before.
//!
//! Invariants: the host is another city than every visitor; a city joins a visit once; the places
//! taken never exceed the capacity, which the database holds too. A city that is suspended keeps
//! the places it has and gets no new ones.

mod actions;
pub mod graphql;
pub mod inputs;
mod model;
pub mod places_graphql;
pub mod rules;
mod store;

pub use actions::{cancel, join, leave, schedule};
pub use model::{
    Cancellation, Joining, Leaving, NewStudyVisit, PlaceStatus, StudyVisit, StudyVisitFilter,
    StudyVisitOrder, StudyVisitPlace,
};
pub use store::{
    Of, count, count_of, count_places, find_places, find_visible, get, list, list_of, list_places,
    order, order_of_places,
};
