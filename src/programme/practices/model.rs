//! The record of a good practice. What it is not: the file it comes from; that is reference data.

use diesel::prelude::*;

use crate::kernel::ids::{CityId, PracticeId};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::policy_area::PolicyArea;
use crate::schema::practices;

crate::text_enum! {
    /// Whether a practice is shown.
    pub enum PracticeStatus {
        /// Everybody can read it.
        Published = "PUBLISHED",
        /// It was taken out of the reference data and is kept for what refers to it.
        Archived = "ARCHIVED",
    }
}

/// A good practice.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = practices, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Practice {
    /// The key, made from the lasting name.
    pub id: PracticeId,
    /// The lasting name.
    pub slug: String,
    /// The city, when it is registered.
    pub city_id: Option<CityId>,
    /// The city as the source names it.
    pub city_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whether it is shown.
    pub status: PracticeStatus,
    /// The year the source gives: when it was declared, or from when it works.
    pub year: Option<i32>,
    /// The areas it illustrates: a list of [`PolicyArea`].
    pub areas: Json,
    /// The steps it illustrates: a list of numbers.
    pub steps: Json,
    /// The indicators of the index it illustrates: a list of [`Indicator`].
    pub indicators: Json,
    /// Whether the network, and not the source, links it to areas, steps and indicators.
    pub links_editorial: bool,
    /// The figures of the source: a list of [`crate::programme::reference::Figure`].
    pub figures: Json,
    /// Where it is described: a [`crate::programme::reference::Source`].
    pub source: Json,
    /// By which lists are sorted: city, then title.
    pub sort_key: String,
    /// What a search looks in: city, titles and summaries, folded, one on each line.
    pub search_key: String,
    /// The title in Danish.
    pub title_da: String,
    /// The title in English.
    pub title_en: String,
    /// The summary in Danish.
    pub summary_da: String,
    /// The summary in English.
    pub summary_en: String,
    /// When it was first stored.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
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
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}
