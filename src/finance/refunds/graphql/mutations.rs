//! Mutations of refunds. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::payload::{UserError, split};
use crate::api::scalars::{Date, Decimal};
use crate::finance::refunds::graphql::RefundById;
use crate::finance::refunds::{self, NewRefund, Refund};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, RefundId};

/// Unused money to pay back.
#[derive(Debug, InputObject)]
pub struct RefundPaymentInput {
    /// The payment.
    payment_id: ID,
    /// The version of the payment that was read; another one now means that somebody else changed it.
    version: i32,
    /// How much, in the currency of the payment, above zero; all that is left when left out.
    amount: Option<Decimal>,
    /// The account that it is paid to.
    account: String,
    /// What the city reads on its statement.
    reference: Option<String>,
    /// Why.
    reason: String,
    /// The day it is paid, not after today; today when left out.
    paid_on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RefundPaymentInput {
    fn read(self) -> Result<NewRefund> {
        let mut problems = Problems::default();
        let payment = problems.id("paymentId", &self.payment_id);
        problems.or(payment.map(|payment| NewRefund {
            payment,
            version: self.version,
            amount: self.amount.map(|amount| amount.0),
            account: self.account,
            reference: self.reference,
            reason: self.reason,
            paid_on: self.paid_on.map(|day| day.0),
        }))
    }
}

/// A proposal to approve.
#[derive(Debug, InputObject)]
pub struct ApproveRefundInput {
    /// The proposal.
    refund_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The day it is paid, not after today; today when left out.
    paid_on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A proposal to discard.
#[derive(Debug, InputObject)]
pub struct DiscardRefundInput {
    /// The proposal.
    refund_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `refundPayment`.
    RefundPaymentPayload {
        /// The refund: paid, or proposed when a second person has to approve it.
        refund: Refund
    }
);

crate::payload!(
    /// The answer of `approveRefund`.
    ApproveRefundPayload {
        /// The refund, paid.
        refund: Refund
    }
);

/// The answer of `discardRefund`.
#[derive(Debug, SimpleObject)]
pub struct DiscardRefundPayload {
    /// The id that the proposal had.
    refund_id: Option<ID>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Mutations of refunds.
#[derive(Debug, Default)]
pub struct RefundMutation;

#[Object]
impl RefundMutation {
    /// Pays back what is left of a payment, or a part of it: at once, or as a proposal when it is more
    /// than one person may pay back alone.
    /// Needs an idempotency key.
    async fn refund_payment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The payment and how much of it.")] input: RefundPaymentInput,
    ) -> Result<RefundPaymentPayload> {
        let performed = input
            .read()
            .and_then(|new| context.perform(Repeatable::NeedsKey, |tx| refunds::refund(tx, &new)));
        RefundPaymentPayload::of::<RefundById>(context, performed).await
    }

    /// Lets a refund be paid that somebody else proposed.
    async fn approve_refund(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ApproveRefundInput,
    ) -> Result<ApproveRefundPayload> {
        let (version, paid_on) = (input.version, input.paid_on.map(|day| day.0));
        let performed = read_refund(&input.refund_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                refunds::approve(tx, id, version, paid_on)
            })
        });
        ApproveRefundPayload::of::<RefundById>(context, performed).await
    }

    /// Discards a proposal. What is paid stays.
    async fn discard_refund(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: DiscardRefundInput,
    ) -> Result<DiscardRefundPayload> {
        let version = input.version;
        let performed = read_refund(&input.refund_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                refunds::discard(tx, id, version)
            })
        });
        let (discarded, user_errors) = split(context, performed)?;
        Ok(DiscardRefundPayload {
            refund_id: discarded.map(|id| ID(id.public())),
            user_errors,
        })
    }
}

fn read_refund(id: &ID) -> Result<RefundId> {
    let mut problems = Problems::default();
    let id = problems.id("refundId", id);
    problems.or(id)
}
