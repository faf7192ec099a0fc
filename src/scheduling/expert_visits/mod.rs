//! An expert visit brings one or two experts to a city for some days around a theme. It is
//! planned by the secretariat, and held by itself when its last day is over, unless it was
//! cancelled before. A visit may be planned before its experts are found.
//!
//! Invariants: no expert is in two places, and between two cities an expert has time to travel;
//! the database holds both through the bookings in the experts' calendars. No expert visits the
//! own home city. A cancelled visit keeps its team as history and frees the calendars.

mod actions;
pub mod graphql;
pub mod inputs;
mod model;
pub mod rules;
mod store;

pub use actions::{cancel, schedule};
pub use model::{
    Booking, CancelExpertVisit, ExpertVisit, ExpertVisitFilter, ExpertVisitOrder, NewExpertVisit,
    UnstaffedVisit,
};
pub use store::{
    count, count_of_cities, count_unstaffed, find_visible, get, list, list_of_cities, order,
    team_of_many, unstaffed,
};
