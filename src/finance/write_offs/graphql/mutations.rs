//! Mutations of write-offs. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::payload::{UserError, split};
use crate::api::scalars::Decimal;
use crate::finance::write_offs::graphql::WriteOffById;
use crate::finance::write_offs::{self, NewWriteOff, WriteOff, WriteOffKind};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, WriteOffId};

/// A claim to give up.
#[derive(Debug, InputObject)]
pub struct WriteOffInput {
    /// The invoice.
    invoice_id: ID,
    /// The version of the invoice that was read; another one now means that somebody else changed it.
    version: i32,
    /// How much, in the currency of the invoice, above zero; all that is open when left out.
    amount: Option<Decimal>,
    /// Why, as a word.
    kind: WriteOffKind,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl WriteOffInput {
    fn read(self) -> Result<NewWriteOff> {
        let mut problems = Problems::default();
        let invoice = problems.id("invoiceId", &self.invoice_id);
        problems.or(invoice.map(|invoice| NewWriteOff {
            invoice,
            version: self.version,
            amount: self.amount.map(|amount| amount.0),
            kind: self.kind,
            reason: self.reason,
        }))
    }
}

/// A proposal to approve.
#[derive(Debug, InputObject)]
pub struct ApproveWriteOffInput {
    /// The proposal.
    write_off_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A proposal to discard.
#[derive(Debug, InputObject)]
pub struct DiscardWriteOffInput {
    /// The proposal.
    write_off_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A write-off to take back.
#[derive(Debug, InputObject)]
pub struct ReverseWriteOffInput {
    /// The write-off.
    write_off_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `writeOff`.
    WriteOffPayload {
        /// The write-off: it counts, or is proposed when a second person has to approve it.
        write_off: WriteOff
    }
);

crate::payload!(
    /// The answer of `approveWriteOff`.
    ApproveWriteOffPayload {
        /// The write-off, which counts now.
        write_off: WriteOff
    }
);

crate::payload!(
    /// The answer of `reverseWriteOff`.
    ReverseWriteOffPayload {
        /// The entry below zero that takes the write-off back.
        write_off: WriteOff
    }
);

/// The answer of `discardWriteOff`.
#[derive(Debug, SimpleObject)]
pub struct DiscardWriteOffPayload {
    /// The id that the proposal had.
    write_off_id: Option<ID>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Mutations of write-offs.
#[derive(Debug, Default)]
pub struct WriteOffMutation;

#[Object]
impl WriteOffMutation {
    /// Gives up what is open on an invoice, or a part of it: at once, or as a proposal when it is more
    /// than one person may write off alone.
    /// Needs an idempotency key.
    async fn write_off(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice and how much of it.")] input: WriteOffInput,
    ) -> Result<WriteOffPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| write_offs::write_off(tx, &new))
        });
        WriteOffPayload::of::<WriteOffById>(context, performed).await
    }

    /// Lets a write-off count that somebody else proposed.
    async fn approve_write_off(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ApproveWriteOffInput,
    ) -> Result<ApproveWriteOffPayload> {
        let version = input.version;
        let performed = read_write_off(&input.write_off_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                write_offs::approve(tx, id, version)
            })
        });
        ApproveWriteOffPayload::of::<WriteOffById>(context, performed).await
    }

    /// Takes a write-off back, because the money comes after all: the claim stands again.
    async fn reverse_write_off(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The write-off and the reason.")] input: ReverseWriteOffInput,
    ) -> Result<ReverseWriteOffPayload> {
        let (version, reason) = (input.version, input.reason);
        let performed = read_write_off(&input.write_off_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                write_offs::reverse(tx, id, version, &reason)
            })
        });
        ReverseWriteOffPayload::of::<WriteOffById>(context, performed).await
    }

    /// Discards a proposal. What is written off stays.
    async fn discard_write_off(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: DiscardWriteOffInput,
    ) -> Result<DiscardWriteOffPayload> {
        let version = input.version;
        let performed = read_write_off(&input.write_off_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                write_offs::discard(tx, id, version)
            })
        });
        let (discarded, user_errors) = split(context, performed)?;
        Ok(DiscardWriteOffPayload {
            write_off_id: discarded.map(|id| ID(id.public())),
            user_errors,
        })
    }
}

fn read_write_off(id: &ID) -> Result<WriteOffId> {
    let mut problems = Problems::default();
    let id = problems.id("writeOffId", id);
    problems.or(id)
}
