//! The record of a practice and what a list of them may ask for. What it is not: its words, which are one
//! document (`content`).

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, PracticeId, UserId};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::practices::content::Content;
use crate::schema::{practice_editions, practices};

crate::text_enum! {
    /// Whether a practice is shown.
    pub enum PracticeStatus {
        /// Everybody can read it.
        Published = "PUBLISHED",
        /// It was taken out and is kept for what refers to it.
        Archived = "ARCHIVED",
    }
}

crate::text_enum! {
    /// Who keeps the words of a practice.
    pub enum PracticeOrigin {
        /// They are reference data of this service.
        Reference = "REFERENCE",
        /// A city or the network wrote them.
        Network = "NETWORK",
    }
}

/// A good practice as it is published now.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = practices, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Practice {
    /// The key, made from the lasting name.
    pub id: PracticeId,
    /// The lasting name.
    pub slug: String,
    /// Who keeps its words.
    pub origin: PracticeOrigin,
    /// The city, when it is registered.
    pub city_id: Option<CityId>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whether it is shown.
    pub status: PracticeStatus,
    /// Which edition of its words this is, from 1.
    pub edition: i32,
    /// The areas it illustrates: a list of [`PolicyArea`].
    pub areas: Json,
    /// The steps it illustrates: a list of numbers.
    pub steps: Json,
    /// The indicators of the index it illustrates: a list of [`Indicator`].
    pub indicators: Json,
    /// What it says: a [`Content`].
    pub content: Json,
    /// By which lists are sorted: city, then title.
    pub sort_key: String,
    /// What a search looks in: city, titles and summaries, folded, one on each line.
    pub search_key: String,
    /// The first day of this edition.
    pub published_on: NaiveDate,
    /// The day on which somebody should look whether it still holds; none for reference data.
    pub review_on: Option<NaiveDate>,
    /// When it was first stored.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl Practice {
    /// What it says.
    ///
    /// # Errors
    /// A fault of ours when the stored document is of another form.
    pub fn content(&self) -> Result<Content> {
        self.content.read()
    }
}

/// The words of a practice as they were published once. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = practice_editions, treat_none_as_default_value = false)]
pub struct PracticeEdition {
    /// The practice.
    pub practice_id: PracticeId,
    /// Which edition, from 1.
    pub number: i32,
    /// What it said: a [`Content`].
    pub content: Json,
    /// The first day.
    pub published_on: NaiveDate,
    /// When it was stored.
    pub created_at: Instant,
    /// Who published it; none for reference data.
    pub created_by: Option<UserId>,
}

/// Which practices a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PracticeFilter {
    /// Illustrating one of these areas.
    pub area: Option<Vec<PolicyArea>>,
    /// Illustrating one of these steps.
    pub step: Option<Vec<i32>>,
    /// Illustrating one of these indicators.
    pub indicator: Option<Vec<Indicator>>,
    /// In one of these countries.
    pub country: Option<Vec<String>>,
    /// City, title or summary in either language contains this; accents and case do not matter.
    pub search: Option<String>,
    /// To be looked at again before this day.
    pub review_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}
