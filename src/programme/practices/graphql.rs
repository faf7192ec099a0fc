//! Good practices in the schema: the type. What it is not: its lists (`lists`), the things it is made of
//! (`parts`), and what is only proposed.

pub mod lists;
mod parts;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use lists::{
    PracticeConnection, PracticeFilterInput, PracticeMutation, PracticeQuery, of_city,
};
pub use parts::{PracticeContact, PracticeFigure, PracticeSource};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::context::{InOperation, reference};
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, Date, LanguageTag};
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, PracticeId};
use crate::kernel::indicator::Indicator;
use crate::kernel::instant::Instant;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::practice_adoptions::{self, PracticeAdoption};
use crate::programme::practices::content::{Content, Words};
use crate::programme::practices::{
    self, Practice, PracticeEdition, PracticeOrigin, PracticeStatus,
};
use crate::programme::steps::Step;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

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

/// Loads the editions of practices that are published.
#[derive(Debug)]
struct EditionsOfPractice;

impl Load for EditionsOfPractice {
    type Key = PracticeId;
    type Value = Arc<Vec<PracticeEdition>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[PracticeId],
    ) -> Result<HashMap<PracticeId, Self::Value>> {
        Ok(practices::editions_of(db, keys)?
            .into_iter()
            .map(|(practice, editions)| (practice, Arc::new(editions)))
            .collect())
    }
}

/// The text in the language that is asked for, or in the other one.
fn shown(context: &Context<'_>, language: Option<&LanguageTag>, words: &Words) -> Option<String> {
    words
        .in_language(context.language(language))
        .map(str::to_owned)
}

/// An example of good practice in a city, which need not be a member. Texts come in the language that is
/// asked for, and in the other one where there is none.
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

    /// Who keeps its words.
    async fn origin(&self) -> PracticeOrigin {
        self.origin
    }

    /// A short title.
    async fn title(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<String> {
        let title = shown(context, language.as_ref(), &self.content()?.title);
        Ok(title.unwrap_or_default())
    }

    /// What the source says about the practice; the Danish of the first seven is that of the
    /// network's memo.
    async fn summary(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<String> {
        let summary = shown(context, language.as_ref(), &self.content()?.summary);
        Ok(summary.unwrap_or_default())
    }

    /// The languages in which it has a title and a summary: da, en.
    async fn languages(&self) -> Result<Vec<String>> {
        let languages = self.content()?.languages();
        Ok(languages
            .iter()
            .map(|language| language.tag().to_owned())
            .collect())
    }

    /// What it is to achieve.
    async fn purpose(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<Option<String>> {
        Ok(shown(context, language.as_ref(), &self.content()?.purpose))
    }

    /// What led to it.
    async fn stimulus(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<Option<String>> {
        Ok(shown(context, language.as_ref(), &self.content()?.stimulus))
    }

    /// How it was done.
    async fn process(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<Option<String>> {
        Ok(shown(context, language.as_ref(), &self.content()?.process))
    }

    /// What came of it, in words; the figures are beside it.
    async fn impact(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<Option<String>> {
        Ok(shown(context, language.as_ref(), &self.content()?.impact))
    }

    /// The city as the source names it.
    async fn city_name(&self) -> Result<String> {
        Ok(self.content()?.city_name)
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
    async fn year(&self) -> Result<Option<i32>> {
        Ok(self.content()?.year)
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
    async fn links_are_editorial(&self) -> Result<bool> {
        Ok(self.content()?.links_editorial)
    }

    /// What was counted or measured.
    async fn figures(&self) -> Result<Vec<PracticeFigure>> {
        let figures = self.content()?.figures;
        Ok(figures.into_iter().map(PracticeFigure).collect())
    }

    /// Where the practice is described: the first source.
    async fn source(&self) -> Result<PracticeSource> {
        let mut sources = self.content()?.sources.into_iter();
        let source = sources
            .next()
            .ok_or_else(|| anyhow::anyhow!("a practice without a source"))?;
        Ok(PracticeSource::from(source))
    }

    /// Everywhere the practice is described.
    async fn sources(&self) -> Result<Vec<PracticeSource>> {
        let sources = self.content()?.sources.into_iter();
        Ok(sources.map(PracticeSource::from).collect())
    }

    /// Whom to ask; null for those who are not of the network.
    async fn contacts(&self, context: &Context<'_>) -> Result<Option<Vec<PracticeContact>>> {
        if !context.operation().viewer.may(Permission::SeeContacts) {
            return Ok(None);
        }
        let contacts = self.content()?.contacts.into_iter();
        Ok(Some(contacts.map(PracticeContact::from).collect()))
    }

    /// Which cities took it over, and what came of it there: the latest word of each, by city.
    async fn adoptions(&self, context: &Context<'_>) -> Result<Vec<Arc<PracticeAdoption>>> {
        practice_adoptions::graphql::of_practice(context, self.id).await
    }

    /// Which edition of its words this is, from 1.
    async fn edition(&self) -> i32 {
        self.edition
    }

    /// Every edition of its words, the latest first. None of them ever changes.
    async fn editions(&self, context: &Context<'_>) -> Result<Vec<PracticeEdition>> {
        let editions = context
            .operation()
            .load::<EditionsOfPractice>(self.id)
            .await?;
        Ok(editions.map(|all| all.as_ref().clone()).unwrap_or_default())
    }

    /// The first day of this edition.
    async fn published_on(&self) -> Date {
        Date(self.published_on)
    }

    /// The day on which somebody should look whether it still holds; null for the memo's examples.
    async fn review_on(&self) -> Option<Date> {
        self.review_on.map(Date)
    }

    /// When it was first stored.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// Grows by one with each change.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// The words of a practice as they were published once.
#[Object]
impl PracticeEdition {
    /// Which edition, from 1.
    async fn number(&self) -> i32 {
        self.number
    }

    /// The first day.
    async fn published_on(&self) -> Date {
        Date(self.published_on)
    }

    /// A short title.
    async fn title(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<String> {
        let said: Content = self.content.read()?;
        Ok(shown(context, language.as_ref(), &said.title).unwrap_or_default())
    }

    /// What the source says about the practice.
    async fn summary(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<String> {
        let said: Content = self.content.read()?;
        Ok(shown(context, language.as_ref(), &said.summary).unwrap_or_default())
    }
}
