//! The rows that belong to an activity. What it is not: the activity.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{
    AcceptanceId, ActivityDocumentId, ActivityId, ActivityParticipantId, FileId,
};
use crate::kernel::instant::Instant;
use crate::schema::{acceptances, activity_documents, activity_participants};

crate::text_enum! {
    /// Which side somebody is on who takes part in an activity.
    pub enum ParticipantKind {
        /// Elected: mayors, councillors.
        Politician = "POLITICIAN",
        /// Employed by the city or a state.
        Official = "OFFICIAL",
        /// Works with people in neighbourhoods, schools, services.
        Practitioner = "PRACTITIONER",
        /// Researches or teaches.
        Academic = "ACADEMIC",
        /// Of an association or a community.
        CivilSociety = "CIVIL_SOCIETY",
        /// Of a newspaper, a station or another medium.
        Media = "MEDIA",
        /// Of a company or a chamber.
        Business = "BUSINESS",
        /// Of a partner organisation.
        Partner = "PARTNER",
        /// An expert of the network.
        Expert = "EXPERT",
        /// Of the network's secretariat.
        Secretariat = "SECRETARIAT",
    }
}

impl ParticipantKind {
    /// Whether somebody of this kind comes for the network, not for the city.
    #[must_use]
    pub const fn is_of_the_network(self) -> bool {
        matches!(self, Self::Expert | Self::Secretariat)
    }
}

crate::text_enum! {
    /// What a document of an activity is.
    pub enum ActivityDocumentKind {
        /// The report, analysis or strategy that was agreed.
        Report = "REPORT",
        /// The minutes of a meeting.
        Minutes = "MINUTES",
        /// Something else: a programme, slides, a list.
        Other = "OTHER",
    }
}

/// Somebody who takes part in an activity.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = activity_participants, treat_none_as_default_value = false)]
pub struct Participant {
    /// The key.
    pub id: ActivityParticipantId,
    /// The activity.
    pub activity_id: ActivityId,
    /// Where on the list, from 1.
    pub position: i32,
    /// The name.
    pub name: String,
    /// Which side they are on.
    pub kind: ParticipantKind,
    /// Of which organisation.
    pub organisation: Option<String>,
    /// Whether they decide for the city.
    pub decision_maker: bool,
    /// Whether they came.
    pub attended: bool,
}

/// Somebody to note for an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParticipant {
    /// The name.
    pub name: String,
    /// Which side they are on.
    pub kind: ParticipantKind,
    /// Of which organisation.
    pub organisation: Option<String>,
    /// Whether they decide for the city.
    pub decision_maker: bool,
    /// Whether they came.
    pub attended: bool,
}

/// A document of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = activity_documents, treat_none_as_default_value = false)]
pub struct ActivityDocument {
    /// The key.
    pub id: ActivityDocumentId,
    /// The activity.
    pub activity_id: ActivityId,
    /// The stored file.
    pub file_id: FileId,
    /// What it is.
    pub kind: ActivityDocumentKind,
    /// Its title.
    pub title: String,
    /// When it was added.
    pub created_at: Instant,
}

/// That a city accepted what was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = acceptances, treat_none_as_default_value = false)]
pub struct Acceptance {
    /// The key.
    pub id: AcceptanceId,
    /// The activity.
    pub activity_id: ActivityId,
    /// The day on which it counts as delivered: the last day of what takes place on days, else the day of
    /// the acceptance.
    pub delivered_on: NaiveDate,
    /// The day on which it was accepted.
    pub accepted_on: NaiveDate,
    /// Whether the city let the time for its word pass.
    pub silent: bool,
    /// The day on which the acceptance was taken back.
    pub revoked_on: Option<NaiveDate>,
    /// Why it was taken back.
    pub revoke_reason: Option<String>,
    /// When it was noted.
    pub created_at: Instant,
}
