//! The record of where a city's policy stands in an area. What it is not: what the models mean.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, PolicyStatementId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::policy_area::PolicyArea;
use crate::schema::policy_statements;

/// Where a city's policy stands in an area.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = policy_statements, treat_none_as_default_value = false)]
pub struct PolicyStatement {
    /// The key.
    pub id: PolicyStatementId,
    /// The city.
    pub city_id: CityId,
    /// The area.
    pub area: PolicyArea,
    /// 1 for the first statement of the city on the area.
    pub sequence: i32,
    /// The share of the intercultural model; the three are 100 together.
    pub intercultural: i32,
    /// The share of the multicultural model.
    pub multicultural: i32,
    /// The share of the assimilation model.
    pub assimilation: i32,
    /// The day from which it is so.
    pub stated_on: NaiveDate,
    /// What shows it.
    pub evidence: String,
    /// Where it can be read.
    pub source_url: Option<String>,
    /// The name of who stated it, at the time.
    pub said_by: String,
    /// When it was stated.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// The shares of the three models, 100 together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Of the intercultural model.
    pub intercultural: i32,
    /// Of the multicultural model.
    pub multicultural: i32,
    /// Of the assimilation model.
    pub assimilation: i32,
}

/// Where a city says that its policy stands in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPolicyStatement {
    /// The city.
    pub city: CityId,
    /// The area.
    pub area: PolicyArea,
    /// The number of the last statement that was read; 0 for none.
    pub version: i32,
    /// Where it stands.
    pub shares: Shares,
    /// The day from which it is so; today when nothing is said.
    pub on: Option<NaiveDate>,
    /// What shows it.
    pub evidence: String,
    /// Where it can be read.
    pub source_url: Option<String>,
}
