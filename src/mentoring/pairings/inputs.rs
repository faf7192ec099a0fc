//! What clients write about pairings, read into the trade's types. What it is not: rules; those see
//! the read values.

use async_graphql::{ID, InputObject};

use crate::api::inputs::{self, Problems};
use crate::api::scalars::Date;
use crate::kernel::error::Result;
use crate::kernel::policy_area::PolicyArea;
use crate::mentoring::pairings::{Consent, NewPairing, PairingEnd, PairingFilter, PairingStatus};

/// Which pairings a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct MentorPairingFilterInput {
    /// With this city on either side.
    city_id: Option<ID>,
    /// In one of these statuses today.
    status: Option<Vec<PairingStatus>>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl MentorPairingFilterInput {
    /// The filter in the trade's words.
    pub(super) fn read(self) -> Result<PairingFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(PairingFilter {
            city_id: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            status: self.status,
            updated_from,
            updated_before,
        })
    }
}

/// A pairing to propose.
#[derive(Debug, InputObject)]
pub struct PairCitiesInput {
    /// The mentor, of the first leg when it is mutual; an active member on the first day.
    mentor_city_id: ID,
    /// The mentee, of the first leg when it is mutual; an active member on the first day.
    mentee_city_id: ID,
    /// In which field of policy the mentor mentors.
    area: PolicyArea,
    /// Whether each mentors the other.
    #[graphql(default = true)]
    mutual: bool,
    /// In which field of policy the mentee mentors the mentor; needed when it is mutual.
    mentee_area: Option<PolicyArea>,
    /// The first day.
    starts_on: Date,
    /// The last day; without it the pairing lasts until somebody ends it.
    ends_on: Option<Date>,
    /// What the two want to reach.
    goals: Option<String>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl PairCitiesInput {
    /// The pairing in the trade's words.
    ///
    /// # Errors
    /// Refused with every id that is wrong.
    pub(super) fn read(self) -> Result<NewPairing> {
        let mut problems = Problems::default();
        let mentor = problems.id("mentorCityId", &self.mentor_city_id);
        let mentee = problems.id("menteeCityId", &self.mentee_city_id);
        problems.or(mentor
            .zip(mentee)
            .map(|(mentor_city_id, mentee_city_id)| NewPairing {
                mentor_city_id,
                mentee_city_id,
                area: self.area,
                mutual: self.mutual,
                mentee_area: self.mentee_area,
                starts_on: self.starts_on.0,
                last_day: self.ends_on.map(|last| last.0),
                goals: self.goals,
            }))
    }
}

/// A city that agrees to a pairing.
#[derive(Debug, InputObject)]
pub struct ConsentToPairingInput {
    /// The pairing.
    pairing_id: ID,
    /// Which of its cities agrees.
    city_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl ConsentToPairingInput {
    /// The consent in the trade's words.
    ///
    /// # Errors
    /// Refused with every id that is wrong.
    pub(super) fn read(self) -> Result<Consent> {
        let mut problems = Problems::default();
        let pairing_id = problems.id("pairingId", &self.pairing_id);
        let city_id = problems.id("cityId", &self.city_id);
        problems.or(pairing_id
            .zip(city_id)
            .map(|(pairing_id, city_id)| Consent {
                pairing_id,
                city_id,
                version: Some(self.version),
            }))
    }
}

/// A pairing to end, or a proposal to take back.
#[derive(Debug, InputObject)]
pub struct EndPairingInput {
    /// The pairing.
    pairing_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why, for the two cities.
    reason: Option<String>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

impl EndPairingInput {
    /// The end in the trade's words.
    ///
    /// # Errors
    /// Refused when the id is wrong.
    pub(super) fn read(self) -> Result<PairingEnd> {
        Ok(PairingEnd {
            pairing_id: inputs::read_id("pairingId", &self.pairing_id)?,
            version: Some(self.version),
            reason: self.reason,
        })
    }
}
