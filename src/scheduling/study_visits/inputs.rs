//! What clients write about study visits, read into the trade's types. What it is not: rules; those
//! see the read values.

use async_graphql::{ID, InputObject};

use crate::api::inputs::{self, Problems};
use crate::api::scalars::Date;
use crate::kernel::error::Result;
use crate::scheduling::days::VisitStatus;
use crate::scheduling::study_visits::{
    Cancellation, Joining, Leaving, NewStudyVisit, StudyVisitFilter,
};

/// Which study visits a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct StudyVisitFilterInput {
    /// In this city.
    host_city_id: Option<ID>,
    /// In one of these statuses now.
    status: Option<Vec<VisitStatus>>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl StudyVisitFilterInput {
    /// The filter in the trade's words.
    pub(super) fn read(self) -> Result<StudyVisitFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        let host = self.host_city_id.as_ref().map(inputs::query_id);
        Ok(StudyVisitFilter {
            host_city_id: host.transpose()?,
            status: self.status,
            updated_from,
            updated_before,
        })
    }
}

/// A visit to plan.
#[derive(Debug, InputObject)]
pub struct ScheduleStudyVisitInput {
    /// The city that shows its practice; an active member on the days of the visit.
    host_city_id: ID,
    /// What the visit is about.
    theme: String,
    /// What the visitors will see and do.
    description: Option<String>,
    /// The first day, in the host's zone.
    starts_on: Date,
    /// The last day, in the host's zone; at most 31 days are planned at once.
    ends_on: Date,
    /// How many delegates can come, 1 to 500.
    capacity: i32,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl ScheduleStudyVisitInput {
    /// The visit in the trade's words.
    ///
    /// # Errors
    /// Refused when the id is wrong.
    pub(super) fn read(self) -> Result<NewStudyVisit> {
        Ok(NewStudyVisit {
            host_city_id: inputs::read_id("hostCityId", &self.host_city_id)?,
            theme: self.theme,
            description: self.description,
            starts_on: self.starts_on.0,
            last_day: self.ends_on.0,
            capacity: self.capacity,
        })
    }
}

/// A city that wants to come.
#[derive(Debug, InputObject)]
pub struct JoinStudyVisitInput {
    /// The visit.
    visit_id: ID,
    /// The city; an active member on every day of the visit, and not the host.
    city_id: ID,
    /// How many delegates.
    #[graphql(default = 1)]
    seats: i32,
    /// Who comes, or leads the delegation; without a name it is the city's coordinator. Nobody comes
    /// to two visits at a time.
    delegate_name: Option<String>,
    /// The package whose study visit this is. Without it the city's next planned study visit of any
    /// package is taken, if one is left.
    package_id: Option<ID>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl JoinStudyVisitInput {
    /// What the city wants in the trade's words.
    ///
    /// # Errors
    /// Refused with every id that is wrong.
    pub(super) fn read(self) -> Result<Joining> {
        let mut problems = Problems::default();
        let visit_id = problems.id("visitId", &self.visit_id);
        let city_id = problems.id("cityId", &self.city_id);
        let package_id =
            problems.optional_id("packageId", self.package_id.as_ref().map(|id| id.as_str()));
        problems.or(visit_id.zip(city_id).map(|(visit_id, city_id)| Joining {
            visit_id,
            city_id,
            seats: self.seats,
            delegate_name: self.delegate_name,
            package_id,
        }))
    }
}

/// A city that does not come after all.
#[derive(Debug, InputObject)]
pub struct LeaveStudyVisitInput {
    /// The visit.
    visit_id: ID,
    /// The city.
    city_id: ID,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl LeaveStudyVisitInput {
    /// What the city gives back in the trade's words.
    ///
    /// # Errors
    /// Refused with every id that is wrong.
    pub(super) fn read(self) -> Result<Leaving> {
        let mut problems = Problems::default();
        let visit_id = problems.id("visitId", &self.visit_id);
        let city_id = problems.id("cityId", &self.city_id);
        problems.or(visit_id
            .zip(city_id)
            .map(|(visit_id, city_id)| Leaving { visit_id, city_id }))
    }
}

/// A visit to call off.
#[derive(Debug, InputObject)]
pub struct CancelStudyVisitInput {
    /// The visit.
    visit_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why, for those who see the visit.
    reason: Option<String>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl CancelStudyVisitInput {
    /// What to call off in the trade's words.
    ///
    /// # Errors
    /// Refused when the id is wrong.
    pub(super) fn read(self) -> Result<Cancellation> {
        Ok(Cancellation {
            visit_id: inputs::read_id("visitId", &self.visit_id)?,
            version: Some(self.version),
            reason: self.reason,
        })
    }
}
