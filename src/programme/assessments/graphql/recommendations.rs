//! Good practices for a city's weakest indicators, in the schema. What it is not: their choice.

use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::api::context::{InOperation, reference};
use crate::api::scalars::LanguageTag;
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::CityId;
use crate::kernel::indicator::Indicator;
use crate::kernel::language::Language;
use crate::kernel::page::Page;
use crate::programme::assessments::recommending::{self, Recommended};
use crate::programme::assessments::scoring::{Score, Tallies};
use crate::programme::practices::{self, Practice, PracticeFilter};

/// A good practice of another city for a weak indicator.
#[derive(Debug)]
pub struct Recommendation {
    practice: Arc<Practice>,
    found: Recommended,
}

/// The first recommendations for a city with these scores, the weakest indicator first.
///
/// # Errors
/// What the database says.
pub fn of(
    db: &mut Db,
    city: CityId,
    tallies: &Tallies,
    most: usize,
) -> Result<Vec<Recommendation>> {
    let filter = PracticeFilter {
        indicator: Some(tallies.keys().copied().collect()),
        ..PracticeFilter::default()
    };
    let page = Page::from_arguments(Some(100), None, None, None)?;
    let mut listed = practices::list(db, &filter, &page)?.rows;
    listed.retain(|practice| practice.city_id != Some(city));
    let linked = listed
        .iter()
        .map(|practice| practice.indicators.read())
        .collect::<Result<Vec<Vec<Indicator>>>>()?;
    let shared: Vec<Arc<Practice>> = listed.into_iter().map(Arc::new).collect();
    let mut found = recommending::recommend(tallies, &linked);
    found.truncate(most);
    Ok(found
        .into_iter()
        .filter_map(|found| {
            let practice = shared.get(found.practice)?.clone();
            Some(Recommendation { practice, found })
        })
        .collect())
}

/// A good practice of another city for a weak indicator.
#[Object(name = "PracticeRecommendation")]
impl Recommendation {
    /// The practice.
    async fn practice(&self) -> Arc<Practice> {
        self.practice.clone()
    }

    /// The indicator that it illustrates.
    async fn indicator(&self) -> Indicator {
        self.found.indicator
    }

    /// The city's score there.
    async fn score(&self) -> &Score {
        &self.found.score
    }

    /// 1 for the city's weakest indicator.
    async fn rank(&self) -> usize {
        self.found.rank
    }

    /// Why it is recommended.
    async fn reason(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<String> {
        let language = context.language(language.as_ref());
        let said = self.practice.content()?;
        let title = said.title.in_language(language).unwrap_or_default();
        let entry = reference(context).indicator(self.found.indicator);
        let indicator = entry.map_or("", |entry| entry.name.in_language(language));
        let (score, city) = (self.found.score.rounded(), &said.city_name);
        let rank = self.found.rank;
        Ok(match language {
            Language::Da => {
                let place = if rank == 1 {
                    "byens svageste indikator".to_owned()
                } else {
                    format!("nummer {rank} af byens svageste indikatorer")
                };
                let editorial = if said.links_editorial {
                    " Koblingen er netværkets egen vurdering."
                } else {
                    ""
                };
                let score = score.replace('.', ",");
                format!(
                    "{indicator} er {place} ({score}). {city} har et eksempel: {title}.{editorial}"
                )
            }
            Language::En => {
                let place = if rank == 1 {
                    "the city's weakest indicator".to_owned()
                } else {
                    format!("number {rank} of the city's weakest indicators")
                };
                let editorial = if said.links_editorial {
                    " The link is the network's own judgement."
                } else {
                    ""
                };
                format!(
                    "{indicator} is {place} ({score}). {city} has an example: {title}.{editorial}"
                )
            }
        })
    }
}
