//! What is done with proposals, in the schema. What it is not: the proposals.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::practice_proposals::graphql::PracticeProposalById;
use crate::programme::practice_proposals::graphql::words::PracticeContentInput;
use crate::programme::practice_proposals::{self, NewProposal, PracticeProposal};

/// A practice to propose.
#[derive(Debug, InputObject)]
pub struct ProposePracticeInput {
    /// The practice whose next edition it is to be; left out for a new one.
    practice_id: Option<ID>,
    /// The city whose practice it is; left out for a city that is not registered.
    city_id: Option<ID>,
    /// What it says.
    content: PracticeContentInput,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A draft to write anew.
#[derive(Debug, InputObject)]
pub struct RevisePracticeProposalInput {
    /// The proposal.
    proposal_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// What it says now, as a whole.
    content: PracticeContentInput,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A draft to hand in.
#[derive(Debug, InputObject)]
pub struct SubmitPracticeProposalInput {
    /// The proposal.
    proposal_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A proposal to take back.
#[derive(Debug, InputObject)]
pub struct WithdrawPracticeProposalInput {
    /// The proposal.
    proposal_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A proposal to give back.
#[derive(Debug, InputObject)]
pub struct ReturnPracticeProposalInput {
    /// The proposal.
    proposal_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why, for whoever wrote it.
    remark: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A proposal to publish.
#[derive(Debug, InputObject)]
pub struct PublishPracticeInput {
    /// The proposal.
    proposal_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `proposePractice`.
    ProposePracticePayload {
        /// The draft.
        proposal: PracticeProposal
    }
);

crate::payload!(
    /// The answer of `revisePracticeProposal`.
    RevisePracticeProposalPayload {
        /// The proposal.
        proposal: PracticeProposal
    }
);

crate::payload!(
    /// The answer of `submitPracticeProposal`.
    SubmitPracticeProposalPayload {
        /// The proposal.
        proposal: PracticeProposal
    }
);

crate::payload!(
    /// The answer of `withdrawPracticeProposal`.
    WithdrawPracticeProposalPayload {
        /// The proposal.
        proposal: PracticeProposal
    }
);

crate::payload!(
    /// The answer of `returnPracticeProposal`.
    ReturnPracticeProposalPayload {
        /// The proposal.
        proposal: PracticeProposal
    }
);

crate::payload!(
    /// The answer of `publishPractice`.
    PublishPracticePayload {
        /// The proposal.
        proposal: PracticeProposal
    }
);

/// Mutations of proposals.
#[derive(Debug, Default)]
pub struct PracticeProposalMutation;

#[Object]
impl PracticeProposalMutation {
    /// Begins a proposal: a new practice of a city, or the next edition of one.
    async fn propose_practice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is proposed.")] input: ProposePracticeInput,
    ) -> Result<ProposePracticePayload> {
        let mut problems = Problems::default();
        let practice = problems.optional_id(
            "practiceId",
            input.practice_id.as_deref().map(String::as_str),
        );
        let city = problems.optional_id("cityId", input.city_id.as_deref().map(String::as_str));
        let words = problems.keep_all(input.content.read())?;
        let performed = problems.or(words).and_then(|words| {
            let new = NewProposal {
                practice,
                city,
                content: words,
            };
            let propose = |tx: &mut Tx<'_>| practice_proposals::propose(tx, new);
            context.perform(Repeatable::MayHaveKey, propose)
        });
        ProposePracticePayload::of::<PracticeProposalById>(context, performed).await
    }

    /// Writes the words of a draft anew.
    async fn revise_practice_proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: RevisePracticeProposalInput,
    ) -> Result<RevisePracticeProposalPayload> {
        let mut problems = Problems::default();
        let id = problems.id("proposalId", &input.proposal_id);
        let words = problems.keep_all(input.content.read())?;
        let performed = problems.or(id.zip(words)).and_then(|(id, words)| {
            let deed = |tx: &mut Tx<'_>| practice_proposals::revise(tx, id, input.version, words);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        RevisePracticeProposalPayload::of::<PracticeProposalById>(context, performed).await
    }

    /// Hands a draft in, for somebody of the network to look at.
    async fn submit_practice_proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: SubmitPracticeProposalInput,
    ) -> Result<SubmitPracticeProposalPayload> {
        let mut problems = Problems::default();
        let id = problems.id("proposalId", &input.proposal_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| practice_proposals::submit(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        SubmitPracticeProposalPayload::of::<PracticeProposalById>(context, performed).await
    }

    /// Takes a proposal back that is not published.
    async fn withdraw_practice_proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: WithdrawPracticeProposalInput,
    ) -> Result<WithdrawPracticeProposalPayload> {
        let mut problems = Problems::default();
        let id = problems.id("proposalId", &input.proposal_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| practice_proposals::withdraw(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        WithdrawPracticeProposalPayload::of::<PracticeProposalById>(context, performed).await
    }

    /// Gives a proposal back to whoever wrote it; it is a draft again.
    async fn return_practice_proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ReturnPracticeProposalInput,
    ) -> Result<ReturnPracticeProposalPayload> {
        let mut problems = Problems::default();
        let id = problems.id("proposalId", &input.proposal_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| {
                practice_proposals::give_back(tx, id, input.version, &input.remark)
            };
            context.perform(Repeatable::MayHaveKey, deed)
        });
        ReturnPracticeProposalPayload::of::<PracticeProposalById>(context, performed).await
    }

    /// Publishes a proposal: as a new practice, or as the next edition of one. Somebody else does it than whoever handed it in.
    async fn publish_practice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: PublishPracticeInput,
    ) -> Result<PublishPracticePayload> {
        let mut problems = Problems::default();
        let id = problems.id("proposalId", &input.proposal_id);
        let performed = problems.or(id).and_then(|id| {
            let deed = |tx: &mut Tx<'_>| practice_proposals::publish(tx, id, input.version);
            context.perform(Repeatable::MayHaveKey, deed)
        });
        PublishPracticePayload::of::<PracticeProposalById>(context, performed).await
    }
}
