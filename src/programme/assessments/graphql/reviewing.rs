//! What the network does with an assessment, in the schema. What it is not: what the city does.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::assessments::graphql::AssessmentById;
use crate::programme::assessments::{self, Assessment};

/// A note to an answer.
#[derive(Debug, InputObject)]
pub struct AnswerNoteInput {
    /// The code of the question.
    question: String,
    /// The note, for the city; left out or empty, it is taken away.
    note: Option<String>,
}

/// Notes to the answers of a submitted assessment.
#[derive(Debug, InputObject)]
pub struct AnnotateAnswersInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The notes.
    notes: Vec<AnswerNoteInput>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A submitted assessment to give back.
#[derive(Debug, InputObject)]
pub struct ReturnAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why, for the city.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A submitted assessment to approve.
#[derive(Debug, InputObject)]
pub struct ApproveAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An approved assessment to publish.
#[derive(Debug, InputObject)]
pub struct PublishAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A published assessment whose publication is taken back.
#[derive(Debug, InputObject)]
pub struct WithdrawAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `annotateAnswers`.
    AnnotateAnswersPayload {
        /// The assessment.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `returnAssessment`.
    ReturnAssessmentPayload {
        /// The assessment, a draft again.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `approveAssessment`.
    ApproveAssessmentPayload {
        /// The assessment, approved.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `publishAssessment`.
    PublishAssessmentPayload {
        /// The assessment, published.
        assessment: Assessment
    }
);

crate::payload!(
    /// The answer of `withdrawAssessment`.
    WithdrawAssessmentPayload {
        /// The assessment, approved and seen by nobody else.
        assessment: Assessment
    }
);

/// What the network does with an assessment.
#[derive(Debug, Default)]
pub struct AssessmentReviewMutation;

#[Object]
impl AssessmentReviewMutation {
    /// Notes something to answers of a submitted assessment, for the city.
    async fn annotate_answers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The notes.")] input: AnnotateAnswersInput,
    ) -> Result<AnnotateAnswersPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let notes = input.notes.into_iter().map(|one| (one.question, one.note));
        let notes: Vec<_> = notes.collect();
        let performed = problems.or(id).and_then(|id| {
            let annotate = |tx: &mut Tx<'_>| assessments::annotate(tx, id, input.version, &notes);
            context.perform(Repeatable::MayHaveKey, annotate)
        });
        AnnotateAnswersPayload::of::<AssessmentById>(context, performed).await
    }

    /// Gives a submitted assessment back to the city, which may then change its answers.
    async fn return_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: ReturnAssessmentInput,
    ) -> Result<ReturnAssessmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let (version, reason) = (input.version, input.reason);
        let performed = problems.or(id).and_then(|id| {
            let give_back = |tx: &mut Tx<'_>| assessments::give_back(tx, id, version, &reason);
            context.perform(Repeatable::MayHaveKey, give_back)
        });
        ReturnAssessmentPayload::of::<AssessmentById>(context, performed).await
    }

    /// Approves the scores of a submitted assessment; from then on it never changes. Whoever submitted it
    /// does not approve it.
    async fn approve_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: ApproveAssessmentInput,
    ) -> Result<ApproveAssessmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let performed = problems.or(id).and_then(|id| {
            let approve = |tx: &mut Tx<'_>| assessments::approve(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, approve)
        });
        ApproveAssessmentPayload::of::<AssessmentById>(context, performed).await
    }

    /// Publishes an approved assessment, when the city has consented.
    async fn publish_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: PublishAssessmentInput,
    ) -> Result<PublishAssessmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let performed = problems.or(id).and_then(|id| {
            let publish = |tx: &mut Tx<'_>| assessments::publish(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, publish)
        });
        PublishAssessmentPayload::of::<AssessmentById>(context, performed).await
    }

    /// Takes the publication of an assessment back, and with it the city's consent. The city itself may do
    /// so too.
    async fn withdraw_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: WithdrawAssessmentInput,
    ) -> Result<WithdrawAssessmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("assessmentId", &input.assessment_id);
        let (version, reason) = (input.version, input.reason);
        let performed = problems.or(id).and_then(|id| {
            let withdraw = |tx: &mut Tx<'_>| assessments::withdraw(tx, id, version, &reason);
            context.perform(Repeatable::MayHaveKey, withdraw)
        });
        WithdrawAssessmentPayload::of::<AssessmentById>(context, performed).await
    }
}
