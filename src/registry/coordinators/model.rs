//! The record of an appointment and what is said to make, replace or end one. What it is not: the
//! person; only the name and the contacts that are shown with the appointment are read along.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{AppointmentId, CityId, PersonId};
use crate::kernel::instant::Instant;
use crate::kernel::period::{DateRefusal, Period};
use crate::registry::people::PersonChoice;
use crate::schema::appointments;

crate::text_enum! {
    /// What somebody is appointed to.
    pub enum AppointmentRole {
        /// Coordinates the city's part in the network.
        Coordinator = "COORDINATOR",
        /// Stands in for the coordinator.
        Deputy = "DEPUTY",
    }
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = appointments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Appointment {
    /// The key.
    pub id: AppointmentId,
    /// The city.
    pub city_id: CityId,
    /// Who.
    pub person_id: PersonId,
    /// To what.
    pub role: AppointmentRole,
    /// Hundredths of a full-time post, 1 to 100.
    pub fte_percent: i32,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day after the last.
    pub ends_on: Option<NaiveDate>,
    /// The office the person works in.
    pub office: Option<String>,
    /// Whether the public must not read name and office.
    pub name_withheld: bool,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl Appointment {
    /// The days of the appointment.
    ///
    /// # Errors
    /// Never for a row of the database, which holds that no period ends before it starts.
    pub fn period(&self) -> Result<Period, DateRefusal> {
        Period::new(self.starts_on, self.ends_on)
    }

    /// Whether the day is one of the appointment's.
    #[must_use]
    pub fn is_in_force(&self, day: NaiveDate) -> bool {
        self.period().is_ok_and(|period| period.contains(day))
    }
}

/// An appointment with what is shown of the person. One row of one statement, because lists of
/// cities show it for each city.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Coordinator {
    /// The appointment.
    pub appointment: Appointment,
    /// The person's name.
    pub name: String,
    /// The work e-mail.
    pub email: Option<String>,
    /// The work phone.
    pub phone: Option<String>,
}

/// On what terms somebody is appointed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Hundredths of a full-time post, 1 to 100.
    pub fte_percent: i32,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub last_day: Option<NaiveDate>,
    /// The office the person works in.
    pub office: Option<String>,
    /// Whether the public must not read name and office.
    pub name_withheld: bool,
}

/// An appointment to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppointment {
    /// The city.
    pub city_id: CityId,
    /// Who.
    pub person: PersonChoice,
    /// To what.
    pub role: AppointmentRole,
    /// On what terms.
    pub terms: Terms,
    /// Whether the person is invited to sign in, for as long as the appointment lasts.
    pub invite: bool,
}

/// Somebody new in the place of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The appointment that ends.
    pub id: AppointmentId,
    /// The version that was read.
    pub version: i32,
    /// Who is appointed instead.
    pub person: PersonChoice,
    /// On what terms; the first day is the first without the old one.
    pub terms: Terms,
    /// Whether the person is invited to sign in, for as long as the appointment lasts.
    pub invite: bool,
}

/// The end of an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Which.
    pub id: AppointmentId,
    /// The version that was read.
    pub version: i32,
    /// The last day; the day before the first calls the appointment off.
    pub last_day: NaiveDate,
}

/// Which appointments a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CoordinatorFilter {
    /// In one of these cities.
    pub city: Option<Vec<CityId>>,
    /// To one of these roles.
    pub role: Option<Vec<AppointmentRole>>,
    /// The person's name or organisation contains this; accents and case do not matter.
    pub search: Option<String>,
    /// In force on this day.
    pub as_of: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How appointments are sorted. Not by name: a cursor holds what a list is sorted by, and the
    /// name may be withheld.
    pub enum CoordinatorOrder {
        /// By first day, the oldest first.
        StartsOnAsc = "STARTS_ON_ASC",
        /// By first day, the newest first.
        StartsOnDesc = "STARTS_ON_DESC",
        /// By last change, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last change, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}

/// When a city had to have a coordinator, and when it had one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duty {
    /// The days as a member of any network, suspended ones included; periods may overlap.
    pub member: Vec<Period>,
    /// The days of its coordinators.
    pub posts: Vec<Period>,
}

/// A member that nobody coordinates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacancy {
    /// The city.
    pub city: CityId,
    /// The day it became a member, or the day after the last coordinator's last day if that is later.
    pub vacant_from: NaiveDate,
}
