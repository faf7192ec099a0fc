//! The lists of practices in the schema, and taking one out. What it is not: the type.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use crate::api::connection::{Connected, ParentList};
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{self, Problems};
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, Date};
use crate::db::listing::{Listed, Order};
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id};
use crate::kernel::indicator::Indicator;
use crate::kernel::page::Page;
use crate::kernel::phrase::Phrase;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::practices::graphql::PracticeById;
use crate::programme::practices::{self, Practice, PracticeFilter};

crate::connection!(PracticeConnection, PracticeEdge, Practice);

/// The practices of cities.
#[derive(Debug)]
struct PracticesOfCity;

impl ParentList for PracticesOfCity {
    type Row = Practice;
    type Arguments = (PracticeFilter, Page);

    fn order(_: &Self::Arguments) -> Order<Practice> {
        practices::order()
    }

    fn list(
        db: &mut Db,
        _: &Operation,
        cities: &[Uuid],
        (filter, page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<Practice>>> {
        practices::list_of_cities(db, cities, filter, page)
    }

    fn count(
        db: &mut Db,
        _: &Operation,
        cities: &[Uuid],
        (filter, _): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        practices::count_of_cities(db, cities, filter)
    }
}

/// The practices of a city.
///
/// # Errors
/// `BadRequest` for a foreign cursor.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    filter: Option<PracticeFilterInput>,
    page: Page,
) -> Result<PracticeConnection> {
    let operation = context.operation();
    let asked = (filter.unwrap_or_default().read()?, page);
    let connected = operation.connect::<PracticesOfCity>(city.uuid(), asked);
    Ok(PracticeConnection(connected.await?))
}

/// Which practices a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct PracticeFilterInput {
    /// Illustrating one of these policy areas.
    area: Option<Vec<PolicyArea>>,
    /// Illustrating one of these steps, 1 to 10.
    step: Option<Vec<i32>>,
    /// Illustrating one of these indicators of the index.
    indicator: Option<Vec<Indicator>>,
    /// In one of these countries.
    country: Option<Vec<CountryCode>>,
    /// City, title or summary in either language contains this; case, accents, soft hyphens and
    /// the spellings of æøå do not matter.
    search: Option<String>,
    /// To be looked at again before this day.
    review_before: Option<Date>,
    /// Changed in this time.
    updated_at: Option<inputs::InstantRange>,
}

impl PracticeFilterInput {
    fn read(self) -> Result<PracticeFilter> {
        inputs::at_most_100("area", self.area.as_deref())?;
        inputs::at_most_100("step", self.step.as_deref())?;
        inputs::at_most_100("country", self.country.as_deref())?;
        inputs::at_most_100("indicator", self.indicator.as_deref())?;
        let mut steps = self.step.iter().flatten();
        if !steps.all(|step| (1..=10).contains(step)) {
            return Err(Error::BadRequest(Phrase::new(
                "A step is a number from 1 to 10.",
                "Et trin er et tal fra 1 til 10.",
            )));
        }
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(PracticeFilter {
            area: self.area,
            step: self.step,
            indicator: self.indicator,
            country: self
                .country
                .map(|countries| countries.into_iter().map(|country| country.0).collect()),
            search: inputs::search(self.search)?,
            review_before: self.review_before.map(|day| day.0),
            updated_from,
            updated_before,
        })
    }
}

/// Queries of practices.
#[derive(Debug, Default)]
pub struct PracticeQuery;

#[Object]
impl PracticeQuery {
    /// The published examples of good practice, by city and title.
    async fn practices(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PracticeFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PracticeConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read()?;
        let listed = context.read(|db| practices::list(db, &filter, &page))?;
        let count = move |db: &mut Db, _: &Operation| practices::count(db, &filter);
        Ok(PracticeConnection(Connected::new(
            listed,
            practices::order(),
            count,
        )))
    }
}

/// A practice to take out.
#[derive(Debug, InputObject)]
pub struct ArchivePracticeInput {
    /// The practice.
    practice_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why, for the record.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `archivePractice`.
    ArchivePracticePayload {
        /// Null: what is archived is shown to nobody.
        practice: Practice
    }
);

/// Mutations of practices.
#[derive(Debug, Default)]
pub struct PracticeMutation;

#[Object]
impl PracticeMutation {
    /// Takes a practice that no longer holds out of the library. What refers to it keeps it.
    async fn archive_practice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The practice.")] input: ArchivePracticeInput,
    ) -> Result<ArchivePracticePayload> {
        let mut problems = Problems::default();
        let id = problems.id("practiceId", &input.practice_id);
        let performed = problems.or(id).and_then(|id| {
            let archive =
                |tx: &mut Tx<'_>| practices::archive(tx, id, input.version, &input.reason);
            context.perform(Repeatable::MayHaveKey, archive)
        });
        ArchivePracticePayload::of::<PracticeById>(context, performed).await
    }
}
