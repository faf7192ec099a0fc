//! The record of a study visit, the places on it, and what is said to plan, join, leave or cancel
//! one. What it is not: the delegates' records; a place holds at most a name.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, PackageId, StudyVisitId, StudyVisitPlaceId};
use crate::kernel::instant::Instant;
use crate::scheduling::days::{VisitStatus, status_at};
use crate::schema::{study_visit_places, study_visits};

/// A visit of cities to a city.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = study_visits, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct StudyVisit {
    /// The key.
    pub id: StudyVisitId,
    /// The city that shows its practice.
    pub host_city_id: CityId,
    /// What it is about.
    pub theme: String,
    /// What the visitors will see and do.
    pub description: Option<String>,
    /// The first day, in the host's zone.
    pub starts_on: NaiveDate,
    /// The month of the first day as [`month_number`](crate::scheduling::days::month_number) counts; lists of those who may not know the
    /// day are ordered by it.
    pub starts_month: i64,
    /// The day after the last one.
    pub ends_on: NaiveDate,
    /// The host's zone when the visit was planned.
    pub time_zone: String,
    /// The first moment after the last day.
    pub ends_at: Instant,
    /// How many delegates can come.
    pub capacity: i32,
    /// How many have a place.
    pub places_taken: i32,
    /// As it was decided: planned or cancelled.
    pub status: VisitStatus,
    /// The day on which it was called off.
    pub cancelled_on: Option<NaiveDate>,
    /// Why it was called off.
    pub cancel_reason: Option<String>,
    /// When it was planned.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl StudyVisit {
    /// What the visit is at a moment.
    #[must_use]
    pub fn status_at(&self, now: Instant) -> VisitStatus {
        status_at(self.status, self.ends_at, now)
    }

    /// How many places are left.
    #[must_use]
    pub fn free_places(&self) -> i32 {
        self.capacity.saturating_sub(self.places_taken).max(0)
    }
}

crate::text_enum! {
    /// What a city's place on a study visit is.
    pub enum PlaceStatus {
        /// The city comes.
        Joined = "JOINED",
        /// The city gave the place back.
        Left = "LEFT",
    }
}

/// The place of a city on a study visit.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = study_visit_places, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct StudyVisitPlace {
    /// The key.
    pub id: StudyVisitPlaceId,
    /// The visit.
    pub visit_id: StudyVisitId,
    /// The city that comes.
    pub city_id: CityId,
    /// The package whose study visit this is.
    pub package_id: Option<PackageId>,
    /// Who comes, or leads the delegation.
    pub delegate_name: Option<String>,
    /// How many delegates.
    pub seats: i32,
    /// Joined, or left again.
    pub status: PlaceStatus,
    /// When the city joined.
    pub joined_at: Instant,
    /// When the city left.
    pub left_at: Option<Instant>,
    /// When the place was recorded.
    pub created_at: Instant,
}

/// A visit to plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStudyVisit {
    /// The city that shows its practice.
    pub host_city_id: CityId,
    /// What it is about.
    pub theme: String,
    /// What the visitors will see and do.
    pub description: Option<String>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// How many delegates can come.
    pub capacity: i32,
}

/// A city that wants to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// The visit.
    pub visit_id: StudyVisitId,
    /// The city.
    pub city_id: CityId,
    /// How many delegates.
    pub seats: i32,
    /// Who comes, or leads the delegation.
    pub delegate_name: Option<String>,
    /// The package whose study visit this is.
    pub package_id: Option<PackageId>,
}

/// A city that does not come after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    /// The visit.
    pub visit_id: StudyVisitId,
    /// The city.
    pub city_id: CityId,
}

/// A visit to call off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// Which.
    pub visit_id: StudyVisitId,
    /// The version that was read; another one now refuses it.
    pub version: Option<i32>,
    /// Why.
    pub reason: Option<String>,
}

/// Which visits a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct StudyVisitFilter {
    /// In this city.
    pub host_city_id: Option<CityId>,
    /// In one of these statuses now.
    pub status: Option<Vec<VisitStatus>>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How study visits are sorted.
    pub enum StudyVisitOrder {
        /// By first day, the earliest first.
        StartsOnAsc = "STARTS_ON_ASC",
        /// By first day, the latest first.
        StartsOnDesc = "STARTS_ON_DESC",
    }
}
