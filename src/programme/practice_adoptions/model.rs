//! The record of what a city says of a practice that it took over. What it is not: the practice.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, PracticeAdoptionId, PracticeId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::practice_adoptions;

crate::text_enum! {
    /// What a city does with another's practice.
    pub enum AdoptionStatus {
        /// It looks into it.
        Considering = "CONSIDERING",
        /// It does it as it was described.
        Adopted = "ADOPTED",
        /// It does it in its own way.
        Adapted = "ADAPTED",
        /// It does it no more, or decided against it.
        Dropped = "DROPPED",
    }
}

/// What a city said.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = practice_adoptions, treat_none_as_default_value = false)]
pub struct PracticeAdoption {
    /// The key.
    pub id: PracticeAdoptionId,
    /// The practice.
    pub practice_id: PracticeId,
    /// The city that took it over.
    pub city_id: CityId,
    /// 1 for the city's first word on the practice.
    pub sequence: i32,
    /// What it does with it.
    pub status: AdoptionStatus,
    /// The day from which it is so.
    pub reported_on: NaiveDate,
    /// What came of it.
    pub outcome: Option<String>,
    /// Where it can be read.
    pub source_url: Option<String>,
    /// The name of who said it, at the time.
    pub said_by: String,
    /// When it was said.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// What a city says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdoption {
    /// The practice.
    pub practice: PracticeId,
    /// The city.
    pub city: CityId,
    /// The number of the city's last word that was read; 0 for none.
    pub version: i32,
    /// What it does with it.
    pub status: AdoptionStatus,
    /// The day from which it is so; today when nothing is said.
    pub on: Option<NaiveDate>,
    /// What came of it.
    pub outcome: Option<String>,
    /// Where it can be read.
    pub source_url: Option<String>,
}
