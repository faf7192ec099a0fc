//! Mutations of what comes after an award: instalments, the report, the end, and what funders no longer
//! pay. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::scalars::Date;
use crate::finance::grants::graphql::FundingGrantById;
use crate::finance::grants::graphql::mutations::read_grant;
use crate::finance::grants::{self, Bearer, FundingGrant, InstalmentStep, Withdrawal};
use crate::kernel::error::Result;

/// What came of an instalment.
#[derive(Debug, InputObject)]
pub struct RecordGrantInstalmentInput {
    /// The instalment.
    instalment_id: ID,
    /// The version of the grant that was read; another one now means that somebody else changed it.
    version: i32,
    /// What came of it.
    step: InstalmentStep,
    /// The day; today when left out.
    on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A grant whose report the funder has.
#[derive(Debug, InputObject)]
pub struct ReportGrantInput {
    /// The grant.
    grant_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The day on which the funder got the report; today when left out.
    reported_on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A grant of which nothing more is to come.
#[derive(Debug, InputObject)]
pub struct CloseGrantInput {
    /// The grant.
    grant_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An invoice that a grant pays of no more.
#[derive(Debug, InputObject)]
pub struct WithdrawFundingInput {
    /// The city's invoice.
    invoice_id: ID,
    /// The grant.
    grant_id: ID,
    /// The version of the grant that was read; another one now means that somebody else changed it.
    version: i32,
    /// Who bears what was invoiced to the funder already.
    bearer: Bearer,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A grant that the funder takes back.
#[derive(Debug, InputObject)]
pub struct ClawBackGrantInput {
    /// The grant.
    grant_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Who bears what was invoiced to the funder already.
    bearer: Bearer,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `recordGrantInstalment`.
    RecordGrantInstalmentPayload {
        /// The grant with its instalments.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `reportGrant`.
    ReportGrantPayload {
        /// The grant, reported.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `closeGrant`.
    CloseGrantPayload {
        /// The grant, closed.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `withdrawFunding`.
    WithdrawFundingPayload {
        /// The grant, with what it pays now.
        grant: FundingGrant
    }
);

crate::payload!(
    /// The answer of `clawBackGrant`.
    ClawBackGrantPayload {
        /// The grant, which pays nothing any more.
        grant: FundingGrant
    }
);

/// Mutations of what comes after an award.
#[derive(Debug, Default)]
pub struct GrantStepMutation;

#[Object]
impl GrantStepMutation {
    /// Records that an instalment came, or that the funder keeps it while the report is late, or will pay
    /// it after all. The money itself is a payment.
    async fn record_grant_instalment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The instalment and what came of it.")] input: RecordGrantInstalmentInput,
    ) -> Result<RecordGrantInstalmentPayload> {
        let mut problems = Problems::default();
        let id = problems.id("instalmentId", &input.instalment_id);
        let (version, step, on) = (input.version, input.step, input.on.map(|date| date.0));
        let performed = problems.or(id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                grants::record_instalment(tx, id, version, step, on)
            })
        });
        RecordGrantInstalmentPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Notes that the funder has the report; coordinators for their own city.
    async fn report_grant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant.")] input: ReportGrantInput,
    ) -> Result<ReportGrantPayload> {
        let (version, on) = (input.version, input.reported_on.map(|date| date.0));
        let performed = read_grant(&input.grant_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                grants::report(tx, id, version, on)
            })
        });
        ReportGrantPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Closes a grant of which nothing more is to come.
    async fn close_grant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant.")] input: CloseGrantInput,
    ) -> Result<CloseGrantPayload> {
        let version = input.version;
        let performed = read_grant(&input.grant_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| grants::close(tx, id, version))
        });
        CloseGrantPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Withdraws what a grant pays of an invoice. Drafts are put together again; of what is issued the
    /// funder's invoice is credited, and the city gets a draft of the share, unless the network bears it.
    /// Needs an idempotency key.
    async fn withdraw_funding(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice, the grant and who bears it.")] input: WithdrawFundingInput,
    ) -> Result<WithdrawFundingPayload> {
        let mut problems = Problems::default();
        let invoice = problems.id("invoiceId", &input.invoice_id);
        let grant = problems.id("grantId", &input.grant_id);
        let asked = invoice.zip(grant).map(|(invoice, grant)| {
            let withdrawal = Withdrawal {
                grant,
                version: input.version,
                bearer: input.bearer,
                reason: input.reason,
            };
            (invoice, withdrawal)
        });
        let performed = problems.or(asked).and_then(|(invoice, asked)| {
            context.perform(Repeatable::NeedsKey, |tx| {
                grants::withdraw_funding(tx, invoice, &asked)
            })
        });
        WithdrawFundingPayload::of::<FundingGrantById>(context, performed).await
    }

    /// Takes a whole grant back, because the funder does: what it pays of every invoice is withdrawn.
    /// Needs an idempotency key.
    async fn claw_back_grant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The grant and who bears it.")] input: ClawBackGrantInput,
    ) -> Result<ClawBackGrantPayload> {
        let performed = read_grant(&input.grant_id).and_then(|grant| {
            let asked = Withdrawal {
                grant,
                version: input.version,
                bearer: input.bearer,
                reason: input.reason,
            };
            context.perform(Repeatable::NeedsKey, |tx| grants::claw_back(tx, &asked))
        });
        ClawBackGrantPayload::of::<FundingGrantById>(context, performed).await
    }
}
