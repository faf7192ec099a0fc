//! The record of a pairing with its legs, and what is said to propose, agree to or end one. What it
//! is not: the cities; the registry keeps those.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, MentorPairingId, PairingLegId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::policy_area::PolicyArea;
use crate::schema::{mentor_pairings, pairing_legs};

crate::text_enum! {
    /// What a pairing is. A pairing whose last day is over is `ENDED` by itself.
    pub enum PairingStatus {
        /// At least one of the cities has not agreed yet.
        Proposed = "PROPOSED",
        /// Both cities have agreed.
        Active = "ACTIVE",
        /// Over, by its last day or because it was ended.
        Ended = "ENDED",
    }
}

/// Two cities of which one mentors the other, or each the other.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = mentor_pairings, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct MentorPairing {
    /// The key.
    pub id: MentorPairingId,
    /// The mentor, of the first leg when it is mutual.
    pub mentor_city_id: CityId,
    /// The mentee, of the first leg when it is mutual.
    pub mentee_city_id: CityId,
    /// The one with the smaller key: the pair without its order.
    pub low_city_id: CityId,
    /// The one with the larger key.
    pub high_city_id: CityId,
    /// Whether each mentors the other.
    pub mutual: bool,
    /// As it was decided.
    pub status: PairingStatus,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day after the last one; none while no end is agreed.
    pub ends_on: Option<NaiveDate>,
    /// What the two want to reach.
    pub goals: Option<String>,
    /// When the mentor agreed.
    pub mentor_consent_at: Option<Instant>,
    /// Who agreed for the mentor.
    pub mentor_consent_by: Option<UserId>,
    /// When the mentee agreed.
    pub mentee_consent_at: Option<Instant>,
    /// Who agreed for the mentee.
    pub mentee_consent_by: Option<UserId>,
    /// The day on which somebody ended it.
    pub ended_on: Option<NaiveDate>,
    /// Why it was ended.
    pub end_reason: Option<String>,
    /// When it was proposed.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl MentorPairing {
    /// What the pairing is on a day.
    #[must_use]
    pub fn status_on(&self, today: NaiveDate) -> PairingStatus {
        if self.ends_on.is_some_and(|end| end <= today) {
            PairingStatus::Ended
        } else {
            self.status
        }
    }

    /// Whether the city is one of the two.
    #[must_use]
    pub fn is_of(&self, city: CityId) -> bool {
        city == self.mentor_city_id || city == self.mentee_city_id
    }
}

/// One direction of a pairing.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = pairing_legs, treat_none_as_default_value = false)]
pub struct PairingLeg {
    /// The key.
    pub id: PairingLegId,
    /// The pairing.
    pub pairing_id: MentorPairingId,
    /// Who mentors.
    pub mentor_city_id: CityId,
    /// Who is mentored.
    pub mentee_city_id: CityId,
    /// In which field.
    pub area: PolicyArea,
    /// The first day, that of the pairing.
    pub starts_on: NaiveDate,
    /// The day after the last one, that of the pairing.
    pub ends_on: Option<NaiveDate>,
}

/// A pairing to propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPairing {
    /// The mentor, of the first leg when it is mutual.
    pub mentor_city_id: CityId,
    /// The mentee, of the first leg when it is mutual.
    pub mentee_city_id: CityId,
    /// In which field the mentor mentors.
    pub area: PolicyArea,
    /// Whether each mentors the other.
    pub mutual: bool,
    /// In which field the mentee mentors the mentor, when it is mutual.
    pub mentee_area: Option<PolicyArea>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day; none while no end is agreed.
    pub last_day: Option<NaiveDate>,
    /// What the two want to reach.
    pub goals: Option<String>,
}

impl NewPairing {
    /// Whether the city is one of the two.
    #[must_use]
    pub fn is_of(&self, city: CityId) -> bool {
        city == self.mentor_city_id || city == self.mentee_city_id
    }
}

/// A city that agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub pairing_id: MentorPairingId,
    /// Which of the two.
    pub city_id: CityId,
    /// The version that was read; another one now refuses the consent.
    pub version: Option<i32>,
}

/// A pairing to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingEnd {
    /// Which.
    pub pairing_id: MentorPairingId,
    /// The version that was read; another one now refuses the end.
    pub version: Option<i32>,
    /// Why.
    pub reason: Option<String>,
}

/// Which pairings a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PairingFilter {
    /// With this city on either side.
    pub city_id: Option<CityId>,
    /// In one of these statuses today.
    pub status: Option<Vec<PairingStatus>>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How pairings are sorted.
    pub enum PairingOrder {
        /// By first day, the earliest first.
        StartsOnAsc = "STARTS_ON_ASC",
        /// By first day, the latest first.
        StartsOnDesc = "STARTS_ON_DESC",
    }
}
