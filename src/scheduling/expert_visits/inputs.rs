//! What clients write about expert visits, read into the trade's types. What it is not: rules; those
//! see the read values.

use async_graphql::{ID, InputObject};

use crate::api::inputs::{self, Problems};
use crate::api::scalars::Date;
use crate::kernel::error::Result;
use crate::kernel::ids::ExpertId;
use crate::scheduling::days::VisitStatus;
use crate::scheduling::expert_visits::{CancelExpertVisit, ExpertVisitFilter, NewExpertVisit};

/// Which expert visits a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct ExpertVisitFilterInput {
    /// To this city.
    city_id: Option<ID>,
    /// In one of these statuses now.
    status: Option<Vec<VisitStatus>>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl ExpertVisitFilterInput {
    /// The filter in the trade's words.
    pub(super) fn read(self) -> Result<ExpertVisitFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(ExpertVisitFilter {
            city_id: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            status: self.status,
            updated_from,
            updated_before,
        })
    }
}

/// A visit to plan.
#[derive(Debug, InputObject)]
pub struct ScheduleExpertVisitInput {
    /// The city that is visited; an active or admitted member on the days of the visit.
    city_id: ID,
    /// The first day, in the city's zone.
    starts_on: Date,
    /// The last day, in the city's zone; at most 31 days are planned at once.
    ends_on: Date,
    /// What the visit is about.
    theme: String,
    /// The team, at most two; empty while no expert is found.
    #[graphql(default)]
    expert_ids: Vec<ID>,
    /// The package whose expert visit this is. Without it the city's next planned expert visit of
    /// any package is taken, if one is left.
    package_id: Option<ID>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl ScheduleExpertVisitInput {
    /// The visit in the trade's words.
    ///
    /// # Errors
    /// Refused with every id that is wrong.
    pub(super) fn read(self) -> Result<NewExpertVisit> {
        let mut problems = Problems::default();
        let city_id = problems.id("cityId", &self.city_id);
        let package_id =
            problems.optional_id("packageId", self.package_id.as_ref().map(|id| id.as_str()));
        let mut expert_ids = Vec::with_capacity(self.expert_ids.len());
        for (place, id) in self.expert_ids.iter().enumerate() {
            expert_ids.extend(problems.id::<ExpertId>(&format!("expertIds.{place}"), id));
        }
        problems.or(city_id.map(|city_id| NewExpertVisit {
            city_id,
            starts_on: self.starts_on.0,
            last_day: self.ends_on.0,
            theme: self.theme,
            expert_ids,
            package_id,
        }))
    }
}

/// A visit to call off.
#[derive(Debug, InputObject)]
pub struct CancelExpertVisitInput {
    /// The visit.
    visit_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why, for those who see the visit.
    reason: Option<String>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl CancelExpertVisitInput {
    /// What to call off in the trade's words.
    pub(super) fn read(self) -> Result<CancelExpertVisit> {
        Ok(CancelExpertVisit {
            visit_id: inputs::read_id("visitId", &self.visit_id)?,
            version: Some(self.version),
            reason: self.reason,
        })
    }
}
