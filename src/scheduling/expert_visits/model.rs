//! The record of an expert visit, its experts' bookings, and what is said to plan or cancel one.
//! What it is not: the experts; the registry keeps those.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, ExpertBookingId, ExpertId, ExpertVisitId, PackageId};
use crate::kernel::instant::Instant;
use crate::scheduling::days::{VisitStatus, status_at};
use crate::schema::{expert_bookings, expert_visits};

/// A visit of experts to a city.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = expert_visits, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ExpertVisit {
    /// The key.
    pub id: ExpertVisitId,
    /// The city that is visited.
    pub city_id: CityId,
    /// The package that the visit belongs to.
    pub package_id: Option<PackageId>,
    /// What it is about.
    pub theme: String,
    /// The first day, in the city's zone.
    pub starts_on: NaiveDate,
    /// The month of the first day as [`month_number`](crate::scheduling::days::month_number) counts; lists of those who may not know the
    /// day are ordered by it.
    pub starts_month: i64,
    /// The day after the last one.
    pub ends_on: NaiveDate,
    /// The city's zone when the visit was planned.
    pub time_zone: String,
    /// The first moment after the last day.
    pub ends_at: Instant,
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

impl ExpertVisit {
    /// What the visit is at a moment.
    #[must_use]
    pub fn status_at(&self, now: Instant) -> VisitStatus {
        status_at(self.status, self.ends_at, now)
    }
}

/// A time in an expert's calendar that is taken: by a visit, or held for one for a while.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = expert_bookings, treat_none_as_default_value = false)]
pub struct Booking {
    /// The key.
    pub id: ExpertBookingId,
    /// Whose calendar.
    pub expert_id: ExpertId,
    /// The visit; none for a hold.
    pub visit_id: Option<ExpertVisitId>,
    /// Where the expert is.
    pub city_id: CityId,
    /// From this moment on.
    pub starts_at: Instant,
    /// Up to this moment.
    pub ends_at: Instant,
    /// The first day, in the city's zone.
    pub travel_from: NaiveDate,
    /// The day after the free day that follows the last one: the first on which the expert can be
    /// in another city.
    pub travel_until: NaiveDate,
    /// When a hold lapses; none for a visit.
    pub held_until: Option<Instant>,
}

/// A visit to plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExpertVisit {
    /// The city that is visited.
    pub city_id: CityId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// What it is about.
    pub theme: String,
    /// The team; may be empty until experts are found.
    pub expert_ids: Vec<ExpertId>,
    /// The package whose expert visit this is.
    pub package_id: Option<PackageId>,
}

/// A visit to call off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelExpertVisit {
    /// Which.
    pub visit_id: ExpertVisitId,
    /// The version that was read; another one now refuses it.
    pub version: Option<i32>,
    /// Why.
    pub reason: Option<String>,
}

/// Which visits a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ExpertVisitFilter {
    /// To this city.
    pub city_id: Option<CityId>,
    /// In one of these statuses now.
    pub status: Option<Vec<VisitStatus>>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How expert visits are sorted.
    pub enum ExpertVisitOrder {
        /// By first day, the earliest first.
        StartsOnAsc = "STARTS_ON_ASC",
        /// By first day, the latest first.
        StartsOnDesc = "STARTS_ON_DESC",
    }
}

/// A planned visit without an expert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnstaffedVisit {
    /// The visit.
    pub id: ExpertVisitId,
    /// The city that is visited.
    pub city: CityId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// When it was planned.
    pub planned_at: Instant,
}
