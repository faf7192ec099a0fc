//! The records of an assessment. What it is not: its scores, which follow from them (`scoring`).

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{ActivityId, AssessmentId, CityId, QuestionnaireId, UserId};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::{assessment_answers, assessment_scores, assessments};

crate::text_enum! {
    /// How far an assessment is.
    pub enum AssessmentStatus {
        /// The city fills it in.
        Draft = "DRAFT",
        /// The city has finished it; the network looks at it.
        Submitted = "SUBMITTED",
        /// A second person has approved its scores. It never changes any more.
        Approved = "APPROVED",
        /// The city lets everybody see its scores.
        Published = "PUBLISHED",
    }
}

crate::text_enum! {
    /// What a city said to a question.
    pub enum AnswerState {
        /// It chose options; of those that allow several, perhaps none.
        Answered = "ANSWERED",
        /// The question does not apply to it.
        NotApplicable = "NOT_APPLICABLE",
    }
}

/// A city that takes the index.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = assessments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Assessment {
    /// The key.
    pub id: AssessmentId,
    /// The city.
    pub city_id: CityId,
    /// The questionnaire.
    pub questionnaire_id: QuestionnaireId,
    /// The activity of a package that it is.
    pub activity_id: Option<ActivityId>,
    /// How far it is.
    pub status: AssessmentStatus,
    /// The day that the answers are about.
    pub taken_on: NaiveDate,
    /// How many people lived in the city then.
    pub population: Option<i64>,
    /// The share of them who were born abroad, in hundredths of a percent.
    pub foreign_born_bp: Option<i32>,
    /// Where the two figures are from.
    pub figures_source: Option<String>,
    /// Why it was last returned to the city.
    pub returned_reason: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// By whom.
    pub submitted_by: Option<UserId>,
    /// When it was approved.
    pub approved_at: Option<Instant>,
    /// By whom.
    pub approved_by: Option<UserId>,
    /// When the city let it be published.
    pub consented_at: Option<Instant>,
    /// Who did, for the city.
    pub consented_by: Option<UserId>,
    /// Whether the city lets its answers be published with the scores.
    pub consents_to_answers: bool,
    /// The day it was published.
    pub published_on: Option<NaiveDate>,
    /// The day its publication was taken back.
    pub withdrawn_on: Option<NaiveDate>,
    /// Why.
    pub withdrawn_reason: Option<String>,
    /// When it was begun.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl Assessment {
    /// Whether everybody may see its scores.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.status == AssessmentStatus::Published
    }
}

/// A city's answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = assessment_answers, treat_none_as_default_value = false)]
pub struct Answer {
    /// The assessment.
    pub assessment_id: AssessmentId,
    /// The code of the question.
    pub question: String,
    /// What the city said.
    pub state: AnswerState,
    /// The codes of the options that it chose.
    pub options: Json,
    /// What shows it.
    pub evidence: Option<String>,
    /// Where it can be read.
    pub source_url: Option<String>,
    /// What the network said to it when it looked at it.
    pub review_note: Option<String>,
    /// When it last changed.
    pub updated_at: Instant,
    /// Who changed it.
    pub updated_by: Option<UserId>,
}

/// What the answers to the questions of an indicator earned, as it was approved.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = assessment_scores)]
pub struct ScoreRow {
    /// The assessment.
    pub assessment_id: AssessmentId,
    /// The indicator.
    pub indicator: Indicator,
    /// What the answers earned.
    pub points: i64,
    /// What they could have earned.
    pub most: i64,
    /// How many questions were answered.
    pub answered: i32,
    /// How many were not.
    pub missing: i32,
    /// How many do not apply.
    pub not_applicable: i32,
}

/// An assessment to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssessment {
    /// The city.
    pub city: CityId,
    /// The questionnaire.
    pub questionnaire: QuestionnaireId,
    /// The activity of a package that it is.
    pub activity: Option<ActivityId>,
    /// What the answers are about.
    pub about: About,
}

/// What the answers of an assessment are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The day.
    pub taken_on: NaiveDate,
    /// How many people lived in the city.
    pub population: Option<i64>,
    /// The share of them who were born abroad, in hundredths of a percent.
    pub foreign_born_bp: Option<i32>,
    /// Where the two figures are from.
    pub figures_source: Option<String>,
}

/// What a city says to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer {
    /// The code of the question.
    pub question: String,
    /// What it says; nothing takes an answer back.
    pub said: Option<Said>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Where it can be read.
    pub source_url: Option<String>,
}

/// An answer without its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The codes of the options that were chosen.
    Chosen(Vec<String>),
    /// The question does not apply.
    NotApplicable,
}

/// Which assessments a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AssessmentFilter {
    /// Of one of these cities.
    pub city: Option<Vec<CityId>>,
    /// In one of these states.
    pub status: Option<Vec<AssessmentStatus>>,
    /// By this questionnaire.
    pub questionnaire: Option<QuestionnaireId>,
    /// About this day or a later one.
    pub taken_from: Option<NaiveDate>,
    /// About a day before this one.
    pub taken_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}
