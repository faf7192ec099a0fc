//! Good practices in the schema: the type and its lists. What it is not: their texts, which are
//! reference data.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use crate::api::batch::Load;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::{InOperation, reference};
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, Date, Decimal, LanguageTag, WebAddress};
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, PracticeId};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::kernel::page::Page;
use crate::kernel::phrase::Phrase;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::practices::{self, Practice, PracticeFilter, PracticeStatus};
use crate::programme::reference::{Figure, FigureQualifier, Source};
use crate::programme::steps::Step;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(PracticeConnection, PracticeEdge, Practice);

/// Loads practices that are published.
#[derive(Debug)]
pub struct PracticeById;

impl Load for PracticeById {
    type Key = PracticeId;
    type Value = Arc<Practice>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[PracticeId],
    ) -> Result<HashMap<PracticeId, Arc<Practice>>> {
        Ok(practices::find_many(db, keys)?
            .into_iter()
            .filter(|practice| practice.status == PracticeStatus::Published)
            .map(|practice| (practice.id, Arc::new(practice)))
            .collect())
    }
}

/// An example of good practice in a city, which need not be a member.
#[Object]
impl Practice {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The lasting name: lower-case letters, digits and hyphens.
    async fn slug(&self) -> &str {
        &self.slug
    }

    /// A short title.
    async fn title(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        match context.language(language.as_ref()) {
            Language::Da => &self.title_da,
            Language::En => &self.title_en,
        }
    }

    /// What the source says about the practice; the Danish of the first seven is that of the
    /// network's memo.
    async fn summary(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        match context.language(language.as_ref()) {
            Language::Da => &self.summary_da,
            Language::En => &self.summary_en,
        }
    }

    /// The city as the source names it.
    async fn city_name(&self) -> &str {
        &self.city_name
    }

    /// The city's country.
    async fn country(&self) -> CountryCode {
        CountryCode(self.country.clone())
    }

    /// The city; null when it is not in the network, or the caller may not know that it is.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// The year the source gives: when it was declared, or from when it works.
    async fn year(&self) -> Option<i32> {
        self.year
    }

    /// The policy areas it illustrates.
    async fn areas(&self) -> Result<Vec<PolicyArea>> {
        self.areas.read()
    }

    /// The steps it illustrates.
    async fn steps<'a>(&self, context: &Context<'a>) -> Result<Vec<&'a Step>> {
        let numbers: Vec<u8> = self.steps.read()?;
        let reference = reference(context);
        Ok(numbers
            .into_iter()
            .filter_map(|number| reference.step(number))
            .collect())
    }

    /// The indicators of the index it illustrates.
    async fn indicators(&self) -> Result<Vec<Indicator>> {
        self.indicators.read()
    }

    /// Whether areas, steps and indicators are the network's own judgement: the source does not link
    /// the practice to them.
    async fn links_are_editorial(&self) -> bool {
        self.links_editorial
    }

    /// The figures in the source.
    async fn figures(&self) -> Result<Vec<PracticeFigure>> {
        let figures: Vec<Figure> = self.figures.read()?;
        Ok(figures.into_iter().map(PracticeFigure).collect())
    }

    /// Where the practice is described.
    async fn source(&self) -> Result<PracticeSource> {
        let source: Source = self.source.read()?;
        Ok(PracticeSource {
            title: source.title,
            publisher: source.publisher,
            published_on: source.date.map(Date),
            document_number: source.document_number,
            url: source.url.map(WebAddress),
        })
    }

    /// When it was first stored.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }
}

/// A figure that a practice states.
#[derive(Debug)]
pub struct PracticeFigure(Figure);

/// A figure that a practice states.
#[Object]
impl PracticeFigure {
    /// What is counted or measured.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        let language = context.language(language.as_ref());
        self.0.what.in_language(language)
    }

    /// How the source qualifies the value.
    async fn qualifier(&self) -> FigureQualifier {
        self.0.qualifier
    }

    /// The value.
    async fn value(&self) -> Decimal {
        Decimal(self.0.value.to_string())
    }

    /// What the value is a number of.
    async fn unit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        let language = context.language(language.as_ref());
        self.0.unit.in_language(language)
    }
}

/// A document that a practice is taken from.
#[derive(Debug, SimpleObject)]
pub struct PracticeSource {
    /// Its title, in its own language.
    title: String,
    /// Who published it.
    publisher: String,
    /// The day it bears.
    published_on: Option<Date>,
    /// Its number in the publisher's archive.
    document_number: Option<String>,
    /// Where it can be read.
    url: Option<WebAddress>,
}

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
