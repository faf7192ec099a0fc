//! A city in the network has somebody who coordinates it, often part time, and may have a deputy.
//! What ties a person to that post is an appointment: from a day, perhaps to a day, for so many
//! hundredths of a full-time post. A successor is appointed for a later day, or replaces the
//! present one; the old appointment then ends where the new one begins. An appointment that is
//! called off before it begins keeps its record, with a period without days.
//!
//! Invariants: a city has at most one coordinator and one deputy on any day; a person's posts add
//! up to a full-time post at most on any day; an appointment begins while the city is admitted to
//! the network or a member of it. The role of a city's coordinator ends with the appointment of the
//! one who has it, however it was given, and an appointment with the membership of its city. To have
//! a coordinator is the duty of a city that is a member of any network, and a vacancy is counted once
//! for all of them.

mod actions;
mod adoption;
pub mod graphql;
pub mod inputs;
mod model;
pub mod rules;
mod store;
mod vacancies;

pub use actions::{appoint, end, leave, replace};
pub use adoption::{AppointmentRow, adopt};
pub use model::{
    Appointment, AppointmentRole, Coordinator, CoordinatorFilter, CoordinatorOrder, Duty, Ending,
    NewAppointment, Replacement, Terms, Vacancy,
};
pub use store::{Sight, appointed, cities_of, count, find_visible, get, list, of_cities, order};
pub use vacancies::{count_vacancies, duties_of_cities, vacancies};
