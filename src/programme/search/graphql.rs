//! The search in the schema. What it is not: what is found; those are the objects of other slices.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject, Union};
use futures_util::future::join_all;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::context::{InOperation, app, reference};
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::LanguageTag;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DocumentId, Id, PracticeId};
use crate::kernel::phrase::Phrase;
use crate::programme::documents::Document;
use crate::programme::documents::graphql::DocumentById;
use crate::programme::practices::Practice;
use crate::programme::practices::graphql::PracticeById;
use crate::programme::reference::{PolicyCell, Reference, Step};
use crate::programme::search::question::{Answer, Question};
use crate::programme::search::{Audience, Found, Subject, SubjectKind};

/// A thing that can be found.
#[derive(Debug, Union)]
pub enum SearchSubject {
    /// A good practice.
    Practice(Arc<Practice>),
    /// A document about a city.
    Document(Arc<Document>),
    /// One of the ten steps.
    Step(Step),
    /// A cell of the policy table.
    PolicyCell(PolicyCell),
}

/// A passage of an excerpt.
#[derive(Debug, SimpleObject)]
pub struct ExcerptPart {
    /// The text, as it was written: to be shown as text, not as markup.
    text: String,
    /// Whether it is what was asked for.
    is_match: bool,
}

/// A thing that was found.
#[derive(Debug, SimpleObject)]
pub struct SearchHit {
    /// The thing.
    subject: SearchSubject,
    /// What it is.
    kind: SubjectKind,
    /// Its title, in the language in which it was found.
    title: String,
    /// That language.
    language: LanguageTag,
    /// A passage of its text with what was found in it.
    excerpt: Vec<ExcerptPart>,
}

/// What a search found.
#[derive(Debug, SimpleObject)]
pub struct SearchResults {
    /// The best first.
    hits: Vec<SearchHit>,
    /// Whether all hits have every word; when nothing has, what has some of them is shown.
    has_every_word: bool,
    /// The words that nothing has as they were written, and that were taken for similar ones.
    corrected: Vec<String>,
    /// The words of which nothing was found, not even similar ones.
    unknown: Vec<String>,
}

/// Queries of the search.
#[derive(Debug, Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Practices, documents and reference texts with these words, in Danish and English at once. Forms of a
    /// word, accents, spellings of æøå, invisible characters and small typing errors do not matter; a word is
    /// also the beginning of longer ones. One finds what one may read.
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The words, at most 200 characters.")] text: String,
        #[graphql(desc = "Only things of these kinds.")] kind: Option<Vec<SubjectKind>>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
    ) -> Result<SearchResults> {
        inputs::at_most_100("kind", kind.as_deref())?;
        let most = first.map_or(Ok(20), usize::try_from).unwrap_or_default();
        if !(1..=100).contains(&most) || text.chars().count() > 200 {
            return Err(Error::BadRequest(Phrase::new(
                "Ask for 1 to 100 things with at most 200 characters.",
                "Spørg efter 1 til 100 ting med højst 200 tegn.",
            )));
        }
        let operation = context.operation();
        let app = app(context);
        context.read(|db| app.search.keep_up(db, &app.files, &app.reference))?;
        let answer = app.search.ask(&Question {
            text: &text,
            language: operation.language,
            audiences: audiences(&operation.viewer),
            kinds: kind,
        })?;
        shown(operation, reference(context), answer, most).await
    }
}

/// What the viewer may find; as in the documents' own rules.
fn audiences(viewer: &Viewer) -> Vec<Audience> {
    let mut audiences = vec![Audience::Everybody];
    if viewer.may(Permission::WriteDocuments) {
        audiences.push(Audience::Writers);
        return audiences;
    }
    match viewer.scope(Permission::SeeProgramme) {
        Scope::All => audiences.extend([Audience::Programmes, Audience::Public]),
        Scope::Own { cities, .. } => {
            audiences.push(Audience::Public);
            audiences.extend(cities.into_iter().map(Audience::City));
        }
    }
    audiences
}

async fn shown(
    operation: &Operation,
    reference: &Reference,
    answer: Answer,
    most: usize,
) -> Result<SearchResults> {
    let found: Vec<Found> = answer.found.into_iter().take(most).collect();
    let subjects = found
        .iter()
        .map(|one| load(operation, reference, &one.subject));
    let subjects = join_all(subjects).await;
    let part = |part: super::Part| ExcerptPart {
        text: part.text,
        is_match: part.is_match,
    };
    let mut hits = Vec::new();
    for (found, subject) in found.into_iter().zip(subjects) {
        hits.extend(subject?.map(|subject| SearchHit {
            subject,
            kind: found.subject.kind,
            title: found.title,
            language: LanguageTag(found.language.tag().to_owned()),
            excerpt: found.excerpt.into_iter().map(part).collect(),
        }));
    }
    Ok(SearchResults {
        hits,
        has_every_word: answer.has_every_word,
        corrected: answer.corrected,
        unknown: answer.unknown,
    })
}

/// The object, by its own rules of who may see it.
async fn load(
    operation: &Operation,
    reference: &Reference,
    subject: &Subject,
) -> Result<Option<SearchSubject>> {
    let number = subject.number().unwrap_or(usize::MAX);
    Ok(match (subject.kind, subject.uuid()) {
        (SubjectKind::Practice, Some(id)) => {
            let found = operation.load::<PracticeById>(PracticeId::of(id)).await?;
            found.map(SearchSubject::Practice)
        }
        (SubjectKind::Document, Some(id)) => {
            let found = operation.load::<DocumentById>(DocumentId::of(id)).await?;
            found.map(SearchSubject::Document)
        }
        (SubjectKind::Step, _) => reference
            .steps
            .get(number)
            .cloned()
            .map(SearchSubject::Step),
        (SubjectKind::PolicyCell, _) => {
            let cells = &reference.policy_table.cells;
            cells.get(number).cloned().map(SearchSubject::PolicyCell)
        }
        (SubjectKind::Practice | SubjectKind::Document, None) => None,
    })
}
