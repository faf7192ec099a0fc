//! What is done with documents, in the schema. What it is not: the documents.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::documents::graphql::DocumentById;
use crate::programme::documents::{self, Document, DocumentKind, NewDocument};

/// A document to begin.
#[derive(Debug, InputObject)]
pub struct DraftDocumentInput {
    /// The city it is about.
    city_id: ID,
    /// The activity that it is the report of.
    activity_id: Option<ID>,
    /// What it is.
    kind: DocumentKind,
    /// Its title, in its own language.
    title: String,
    /// The language it is written in.
    language: LanguageTag,
    /// The file of the first edition, stored for the network and not for the city. A plain text can be
    /// compared and searched.
    file_id: ID,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A document that gets a new edition.
#[derive(Debug, InputObject)]
pub struct ReviseDocumentInput {
    /// The document.
    document_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The file of the new edition, stored for the network and not for the city.
    file_id: ID,
    /// What is new in it.
    note: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A draft to show to the city.
#[derive(Debug, InputObject)]
pub struct OpenFactCheckInput {
    /// The document.
    document_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The last day on which the city may check the facts, within 90 days; 14 days from today by default.
    until: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A document to remark on.
#[derive(Debug, InputObject)]
pub struct RemarkOnDocumentInput {
    /// The document.
    document_id: ID,
    /// What is to be said about it.
    remark: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A document whose facts are right.
#[derive(Debug, InputObject)]
pub struct ConfirmFactsInput {
    /// The document.
    document_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Whether everybody may read it once it is final.
    may_be_published: bool,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A document to make final.
#[derive(Debug, InputObject)]
pub struct FinaliseDocumentInput {
    /// The document.
    document_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A final document to publish.
#[derive(Debug, InputObject)]
pub struct PublishDocumentInput {
    /// The document.
    document_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A document to take back.
#[derive(Debug, InputObject)]
pub struct WithdrawDocumentInput {
    /// The document.
    document_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `draftDocument`.
    DraftDocumentPayload {
        /// The document.
        document: Document
    }
);

crate::payload!(
    /// The answer of `reviseDocument`.
    ReviseDocumentPayload {
        /// The document.
        document: Document
    }
);

crate::payload!(
    /// The answer of `openFactCheck`.
    OpenFactCheckPayload {
        /// The document.
        document: Document
    }
);

crate::payload!(
    /// The answer of `remarkOnDocument`.
    RemarkOnDocumentPayload {
        /// The document.
        document: Document
    }
);

crate::payload!(
    /// The answer of `confirmFacts`.
    ConfirmFactsPayload {
        /// The document.
        document: Document
    }
);

crate::payload!(
    /// The answer of `finaliseDocument`.
    FinaliseDocumentPayload {
        /// The document.
        document: Document
    }
);

crate::payload!(
    /// The answer of `publishDocument`.
    PublishDocumentPayload {
        /// The document.
        document: Document
    }
);

crate::payload!(
    /// The answer of `withdrawDocument`.
    WithdrawDocumentPayload {
        /// The document.
        document: Document
    }
);

/// Mutations of documents.
#[derive(Debug, Default)]
pub struct DocumentMutation;

#[Object]
impl DocumentMutation {
    /// Begins a document about a city, seen by nobody but those who write.
    async fn draft_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: DraftDocumentInput,
    ) -> Result<DraftDocumentPayload> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &input.city_id);
        let activity = input.activity_id.as_ref().map(|id| id.as_str());
        let activity = problems.optional_id("activityId", activity);
        let file = problems.id("fileId", &input.file_id);
        let performed = problems.or(city.zip(file)).and_then(|(city, file)| {
            let new = NewDocument {
                city,
                activity,
                kind: input.kind,
                title: input.title,
                language: input.language.0,
                file,
            };
            let draft = |tx: &mut Tx<'_>| documents::draft(tx, new);
            context.perform(Repeatable::MayHaveKey, draft)
        });
        DraftDocumentPayload::of::<DocumentById>(context, performed).await
    }

    /// Adds an edition. What was final or published is a draft again; the published edition stays until the new one is published.
    async fn revise_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: ReviseDocumentInput,
    ) -> Result<ReviseDocumentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("documentId", &input.document_id);
        let file = problems.id("fileId", &input.file_id);
        let performed = problems.or(id.zip(file)).and_then(|(id, file)| {
            let deed = |tx: &mut Tx<'_>| {
                documents::revise(tx, id, input.version, file, input.note.as_deref())
            };
            context.perform(Repeatable::MayHaveKey, deed)
        });
        ReviseDocumentPayload::of::<DocumentById>(context, performed).await
    }

    /// Shows a draft to the city, which checks the facts until a day.
    async fn open_fact_check(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: OpenFactCheckInput,
    ) -> Result<OpenFactCheckPayload> {
        let mut problems = Problems::default();
        let id = problems.id("documentId", &input.document_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| {
                documents::open_fact_check(tx, id, input.version, input.until.map(|day| day.0))
            };
            context.perform(Repeatable::MayHaveKey, deed)
        });
        OpenFactCheckPayload::of::<DocumentById>(context, performed).await
    }

    /// Remarks something on the edition that one sees.
    async fn remark_on_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: RemarkOnDocumentInput,
    ) -> Result<RemarkOnDocumentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("documentId", &input.document_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| documents::remark(tx, id, &input.remark);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        RemarkOnDocumentPayload::of::<DocumentById>(context, performed).await
    }

    /// Says for the city that the facts are right, and whether the document may be published.
    async fn confirm_facts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: ConfirmFactsInput,
    ) -> Result<ConfirmFactsPayload> {
        let mut problems = Problems::default();
        let id = problems.id("documentId", &input.document_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| {
                documents::confirm_facts(tx, id, input.version, input.may_be_published)
            };
            context.perform(Repeatable::MayHaveKey, deed)
        });
        ConfirmFactsPayload::of::<DocumentById>(context, performed).await
    }

    /// Makes a document final: the city has checked the facts, or has said nothing in time.
    async fn finalise_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: FinaliseDocumentInput,
    ) -> Result<FinaliseDocumentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("documentId", &input.document_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| documents::finalise(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        FinaliseDocumentPayload::of::<DocumentById>(context, performed).await
    }

    /// Publishes a final document: everybody can read this edition.
    async fn publish_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: PublishDocumentInput,
    ) -> Result<PublishDocumentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("documentId", &input.document_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| documents::publish(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        PublishDocumentPayload::of::<DocumentById>(context, performed).await
    }

    /// Takes a document back: nobody but those who write sees it any more.
    async fn withdraw_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: WithdrawDocumentInput,
    ) -> Result<WithdrawDocumentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("documentId", &input.document_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| documents::withdraw(tx, id, input.version, &input.reason);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        WithdrawDocumentPayload::of::<DocumentById>(context, performed).await
    }
}
