//! Documents about a city in the schema: the type and its lists. What it is not: what is done with them
//! (`deeds`).

pub mod deeds;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, files};
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DocumentId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::kernel::phrase::Phrase;
use crate::programme::activities::Activity;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::documents::rules::{self, Reader};
use crate::programme::documents::{
    self, Document, DocumentEdition, DocumentFilter, DocumentKind, DocumentRemark, DocumentStatus,
    text,
};
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(DocumentConnection, DocumentEdge, Document);

/// Loads documents that the viewer may see.
#[derive(Debug)]
pub struct DocumentById;

impl Load for DocumentById {
    type Key = DocumentId;
    type Value = Arc<Document>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[DocumentId],
    ) -> Result<HashMap<DocumentId, Self::Value>> {
        Ok(documents::find_many(db, keys)?
            .into_iter()
            .filter(|document| {
                let reader = rules::reader(document, &operation.viewer);
                rules::last_edition(document, reader).is_some()
            })
            .map(|document| (document.id, Arc::new(document)))
            .collect())
    }
}

#[derive(Debug)]
struct EditionsOfDocument;

impl Load for EditionsOfDocument {
    type Key = DocumentId;
    type Value = Arc<Vec<DocumentEdition>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[DocumentId],
    ) -> Result<HashMap<DocumentId, Self::Value>> {
        let found = documents::editions_of(db, keys)?.into_iter();
        Ok(found.map(|(id, all)| (id, Arc::new(all))).collect())
    }
}

#[derive(Debug)]
struct RemarksOnDocument;

impl Load for RemarksOnDocument {
    type Key = DocumentId;
    type Value = Arc<Vec<DocumentRemark>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[DocumentId],
    ) -> Result<HashMap<DocumentId, Self::Value>> {
        let found = documents::remarks_of(db, keys)?.into_iter();
        Ok(found.map(|(id, all)| (id, Arc::new(all))).collect())
    }
}

fn reader(context: &Context<'_>, document: &Document) -> Reader {
    rules::reader(document, &context.operation().viewer)
}

/// The editions of a document that the caller may see.
async fn editions(context: &Context<'_>, document: &Document) -> Result<Vec<DocumentEdition>> {
    let reader = reader(context, document);
    let found = context
        .operation()
        .load::<EditionsOfDocument>(document.id)
        .await?;
    let all = found.map(|all| all.as_ref().clone()).unwrap_or_default();
    let seen = |one: &DocumentEdition| rules::sees_edition(document, reader, one.number);
    Ok(all.into_iter().filter(seen).collect())
}

/// A document about a city: a SWOT report, a policy analysis, a strategy.
#[Object]
impl Document {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city it is about.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// The activity that it is the report of; null for those who may not see it.
    async fn activity(&self, context: &Context<'_>) -> Result<Option<Arc<Activity>>> {
        match self.activity_id {
            Some(id) => context.operation().load::<ActivityById>(id).await,
            None => Ok(None),
        }
    }

    /// What it is.
    async fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Its title, in its own language.
    async fn title(&self) -> &str {
        &self.title
    }

    /// The language it is written in.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.language.clone())
    }

    /// How far it is; for the public, PUBLISHED, also while a new edition is written.
    async fn status(&self, context: &Context<'_>) -> DocumentStatus {
        rules::status_for(self, reader(context, self))
    }

    /// The last day on which the city may check the facts; null for the public.
    async fn fact_check_until(&self, context: &Context<'_>) -> Option<Date> {
        let until = self.fact_check_until.map(Date);
        until.filter(|_| reader(context, self) > Reader::Public)
    }

    /// When the city said that the facts are right; null for the public.
    async fn checked_at(&self, context: &Context<'_>) -> Option<Instant> {
        self.checked_at
            .filter(|_| reader(context, self) > Reader::Public)
    }

    /// Whether the city agrees to its publication.
    async fn may_be_published(&self) -> bool {
        self.may_be_published || self.published_edition.is_some()
    }

    /// The day on which it was published.
    async fn published_on(&self) -> Option<Date> {
        self.published_on.map(Date)
    }

    /// Why it was taken back.
    async fn withdrawn_reason(&self) -> Option<&str> {
        self.withdrawn_reason.as_deref()
    }

    /// The editions that the caller may see, the first first: for the public the one that is published.
    async fn editions(&self, context: &Context<'_>) -> Result<Vec<ReadableEdition>> {
        let seen = editions(context, self).await?.into_iter();
        Ok(seen.map(ReadableEdition).collect())
    }

    /// What was remarked on it, the first first; null for the public.
    async fn remarks(&self, context: &Context<'_>) -> Result<Option<Vec<DocumentRemark>>> {
        if reader(context, self) == Reader::Public {
            return Ok(None);
        }
        let found = context
            .operation()
            .load::<RemarksOnDocument>(self.id)
            .await?;
        let mut remarks = found.map(|all| all.as_ref().clone()).unwrap_or_default();
        remarks.retain(|one| rules::sees_edition(self, reader(context, self), one.edition));
        Ok(Some(remarks))
    }

    /// What is different between two editions that the caller may see, word by word; null when one of them
    /// is not a plain text.
    async fn differences(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The number of the earlier edition.")] from: i32,
        #[graphql(desc = "The number of the later edition.")] to: i32,
    ) -> Result<Option<Vec<DocumentPassage>>> {
        let seen = editions(context, self).await?;
        let text = |number: i32| {
            let edition = seen.iter().find(|one| one.number == number);
            let edition = edition.ok_or_else(|| no_edition(number))?;
            context.read(|db| text::of_edition(db, files(context), edition))
        };
        let (Some(earlier), Some(later)) = (text(from)?, text(to)?) else {
            return Ok(None);
        };
        let passages = text::differences(&earlier, &later).into_iter();
        let shown = passages.map(|(fate, text)| DocumentPassage { fate, text });
        Ok(Some(shown.collect()))
    }

    /// When it was begun.
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

fn no_edition(number: i32) -> Error {
    Error::BadRequest(Phrase::new(
        format!("There is no edition {number} that you may see."),
        format!("Der er ingen udgave {number}, som du kan se."),
    ))
}

/// An edition of a document.
#[derive(Debug)]
pub struct ReadableEdition(DocumentEdition);

/// An edition of a document. It never changes.
#[Object(name = "DocumentEdition")]
impl ReadableEdition {
    /// Which edition, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// What is new in it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The path of its file under the service's address.
    async fn path(&self) -> String {
        let document = self.0.document_id.public();
        format!("/api/v1/documents/{document}/editions/{}", self.0.number)
    }

    /// When it was added.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
}

/// What somebody remarked about an edition. It never changes.
#[Object]
impl DocumentRemark {
    /// Which remark on the document, from 1.
    async fn number(&self) -> i32 {
        self.number
    }

    /// The edition.
    async fn edition(&self) -> i32 {
        self.edition
    }

    /// What was said.
    async fn words(&self) -> &str {
        &self.words
    }

    /// The name of who said it, at the time.
    async fn said_by(&self) -> &str {
        &self.said_by
    }

    /// When it was said.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// A passage of two editions that are compared.
#[derive(Debug, SimpleObject)]
pub struct DocumentPassage {
    /// What became of it.
    fate: text::Fate,
    /// The passage.
    text: String,
}

/// Which documents a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct DocumentFilterInput {
    /// About one of these cities.
    city_id: Option<Vec<ID>>,
    /// Of one of these kinds.
    kind: Option<Vec<DocumentKind>>,
    /// In one of these states.
    status: Option<Vec<DocumentStatus>>,
    /// With the city, which may check the facts until before this day.
    check_before: Option<Date>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl DocumentFilterInput {
    fn read(self) -> Result<DocumentFilter> {
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        inputs::at_most_100("kind", self.kind.as_deref())?;
        inputs::at_most_100("status", self.status.as_deref())?;
        let cities = self
            .city_id
            .map(|ids| ids.iter().map(inputs::query_id).collect());
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(DocumentFilter {
            city: cities.transpose()?,
            kind: self.kind,
            status: self.status,
            check_before: self.check_before.map(|day| day.0),
            updated_from,
            updated_before,
        })
    }
}

/// Queries of documents.
#[derive(Debug, Default)]
pub struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// The documents that the caller may see, the latest first: those that are published, and those of the
    /// own city that it was shown.
    async fn documents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<DocumentFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<DocumentConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = context.operation().viewer.clone();
        let filter = filter.unwrap_or_default().read()?;
        let listed = context.read(|db| documents::list(db, &viewer, &filter, &page))?;
        let count = move |db: &mut Db, _: &Operation| documents::count(db, &viewer, &filter);
        Ok(DocumentConnection(Connected::new(
            listed,
            documents::order(),
            count,
        )))
    }
}
