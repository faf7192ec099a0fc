//! The record of a document, its editions and what the city remarked. What it is not: the files' contents.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{ActivityId, CityId, DocumentId, FileId, UserId};
use crate::kernel::instant::Instant;
use crate::programme::activities::ActivityKind;
use crate::schema::{document_editions, document_remarks, documents};

crate::text_enum! {
    /// What a document is.
    pub enum DocumentKind {
        /// The report of the in-depth assessment.
        SwotReport = "SWOT_REPORT",
        /// An analysis of one of the city's policies.
        PolicyAnalysis = "POLICY_ANALYSIS",
        /// The city's intercultural strategy.
        Strategy = "STRATEGY",
    }
}

impl DocumentKind {
    /// The kind of activity that it belongs to.
    #[must_use]
    pub const fn activity(self) -> ActivityKind {
        match self {
            Self::SwotReport => ActivityKind::SwotReport,
            Self::PolicyAnalysis => ActivityKind::PolicyAnalysis,
            Self::Strategy => ActivityKind::StrategyAssistance,
        }
    }
}

crate::text_enum! {
    /// How far a document is.
    pub enum DocumentStatus {
        /// Being written.
        Draft = "DRAFT",
        /// With the city, which checks the facts.
        FactCheck = "FACT_CHECK",
        /// Done; the city has it.
        Final = "FINAL",
        /// Everybody can read it.
        Published = "PUBLISHED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
    }
}

/// A document about a city.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = documents, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Document {
    /// The key.
    pub id: DocumentId,
    /// The city it is about.
    pub city_id: CityId,
    /// The activity that it is the report of.
    pub activity_id: Option<ActivityId>,
    /// What it is.
    pub kind: DocumentKind,
    /// Its title, in its own language.
    pub title: String,
    /// The language it is written in, as a tag: da, en.
    pub language: String,
    /// How far it is.
    pub status: DocumentStatus,
    /// The number of the last edition.
    pub edition: i32,
    /// The last edition that the city was shown.
    pub shown_edition: Option<i32>,
    /// The edition that everybody can read.
    pub published_edition: Option<i32>,
    /// The last day on which the city may check the facts.
    pub fact_check_until: Option<NaiveDate>,
    /// When the city said that the facts are right.
    pub checked_at: Option<Instant>,
    /// By whom.
    pub checked_by: Option<UserId>,
    /// Whether the city agrees to its publication.
    pub may_be_published: bool,
    /// The day on which it was published.
    pub published_on: Option<NaiveDate>,
    /// Why it was taken back.
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

/// An edition of a document. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = document_editions, treat_none_as_default_value = false)]
pub struct DocumentEdition {
    /// The document.
    pub document_id: DocumentId,
    /// Which edition, from 1.
    pub number: i32,
    /// The file.
    pub file_id: FileId,
    /// What is new in it.
    pub note: Option<String>,
    /// When it was added.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// What somebody remarked about an edition. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = document_remarks, treat_none_as_default_value = false)]
pub struct DocumentRemark {
    /// The document.
    pub document_id: DocumentId,
    /// Which remark on it, from 1.
    pub number: i32,
    /// The edition.
    pub edition: i32,
    /// What was said.
    pub words: String,
    /// The name of who said it, at the time.
    pub said_by: String,
    /// When it was said.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// A document to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// The city it is about.
    pub city: CityId,
    /// The activity that it is the report of.
    pub activity: Option<ActivityId>,
    /// What it is.
    pub kind: DocumentKind,
    /// Its title.
    pub title: String,
    /// The language it is written in.
    pub language: String,
    /// The file of the first edition.
    pub file: FileId,
}

/// Which documents a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DocumentFilter {
    /// About one of these cities.
    pub city: Option<Vec<CityId>>,
    /// Of one of these kinds.
    pub kind: Option<Vec<DocumentKind>>,
    /// In one of these states.
    pub status: Option<Vec<DocumentStatus>>,
    /// The city may check the facts until before this day.
    pub check_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}
