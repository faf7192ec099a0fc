//! The record of an expert and what is said to register one. What it is not: the person; only the
//! name and the contacts are read along.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, ExpertId, PersonId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::period::Period;
use crate::kernel::policy_area::PolicyArea;
use crate::registry::people::PersonChoice;
use crate::schema::experts;

crate::text_enum! {
    /// Where an expert comes from.
    pub enum ExpertKind {
        /// Sent by the Council of Europe.
        CouncilOfEurope = "COUNCIL_OF_EUROPE",
        /// A consultant of a leading European organisation.
        PolicyConsultant = "POLICY_CONSULTANT",
        /// A policy maker or practitioner of a city with documented success.
        CityPeer = "CITY_PEER",
        /// Of a think tank or a partner organisation.
        ThinkTank = "THINK_TANK",
    }
}

/// What makes a person an expert: a row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = experts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ExpertRecord {
    /// The key.
    pub id: ExpertId,
    /// Who.
    pub person_id: PersonId,
    /// Where the expert comes from.
    pub kind: ExpertKind,
    /// BCP 47 tags; a list that is read whole.
    pub languages: Json,
    /// Codes of policy areas; a list that is read whole.
    pub policy_areas: Json,
    /// Whom the expert works for.
    pub organisation: Option<String>,
    /// Where the expert lives or works: a city the expert does not judge.
    pub home_city_id: Option<CityId>,
    /// The first day on which the expert can be planned.
    pub available_from: Option<NaiveDate>,
    /// The day after the last.
    pub available_until: Option<NaiveDate>,
    /// When the expert was registered.
    pub created_at: Instant,
    /// When the record was last revised.
    pub updated_at: Instant,
    /// Grows by one with each revision.
    pub version: i32,
}

impl ExpertRecord {
    /// The languages, BCP 47.
    ///
    /// # Errors
    /// A fault of ours when the stored list is of another form.
    pub fn languages(&self) -> Result<Vec<String>> {
        self.languages.read()
    }

    /// The policy areas.
    ///
    /// # Errors
    /// A fault of ours when the stored list is of another form.
    pub fn policy_areas(&self) -> Result<Vec<PolicyArea>> {
        self.policy_areas.read()
    }

    /// Whether the expert can be planned on every day of the period.
    #[must_use]
    pub fn is_available(&self, period: &Period) -> bool {
        let begun = self.available_from.is_none_or(|from| from <= period.from());
        let lasts = self
            .available_until
            .is_none_or(|until| period.until().is_some_and(|end| end <= until));
        begun && lasts
    }
}

/// An expert with what is shown of the person.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Expert {
    /// The expert's record.
    pub record: ExpertRecord,
    /// The person's name.
    pub name: String,
    /// By which lists are sorted.
    pub sort_key: String,
    /// The work e-mail.
    pub email: Option<String>,
    /// The work phone.
    pub phone: Option<String>,
}

/// What is said of an expert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpertTerms {
    /// Where the expert comes from.
    pub kind: ExpertKind,
    /// BCP 47 tags, at least one.
    pub languages: Vec<String>,
    /// The policy areas the expert knows.
    pub policy_areas: Vec<PolicyArea>,
    /// Whom the expert works for.
    pub organisation: Option<String>,
    /// Where the expert lives or works.
    pub home_city_id: Option<CityId>,
    /// The first day on which the expert can be planned.
    pub available_from: Option<NaiveDate>,
    /// The last such day.
    pub last_available: Option<NaiveDate>,
}

/// An expert to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExpert {
    /// Who.
    pub person: PersonChoice,
    /// What is said of the expert.
    pub terms: ExpertTerms,
}

/// Which experts a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ExpertFilter {
    /// Of one of these kinds.
    pub kind: Option<Vec<ExpertKind>>,
    /// Speaks one of these languages.
    pub language: Option<Vec<String>>,
    /// Knows one of these policy areas.
    pub policy_area: Option<Vec<PolicyArea>>,
    /// From one of these cities.
    pub home_city: Option<Vec<CityId>>,
    /// Can be planned on this day.
    pub available_on: Option<NaiveDate>,
    /// The name contains this; accents and case do not matter.
    pub search: Option<String>,
    /// Revised at or after.
    pub updated_from: Option<Instant>,
    /// Revised before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How experts are sorted.
    pub enum ExpertOrder {
        /// By name, A first.
        NameAsc = "NAME_ASC",
        /// By name, Z first.
        NameDesc = "NAME_DESC",
        /// By last revision, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last revision, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}
