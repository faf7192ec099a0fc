//! Mutations of holds. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::scalars::Date;
use crate::finance::holds::graphql::ReminderHoldById;
use crate::finance::holds::{self, EndOfHold, NewHold, ReminderHold};
use crate::kernel::error::Result;

/// An invoice that the city disputes.
#[derive(Debug, InputObject)]
pub struct DisputeInvoiceInput {
    /// The invoice; something is open on it.
    invoice_id: ID,
    /// What the city says.
    reason: String,
    /// The last day on which the dispute holds by itself; until it is resolved when left out.
    until: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A city's promise to pay.
#[derive(Debug, InputObject)]
pub struct PromisePaymentInput {
    /// The invoice; something is open on it.
    invoice_id: ID,
    /// The day until which the city will pay.
    pay_by: Date,
    /// What was agreed.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// An invoice that is not reminded of for a while.
#[derive(Debug, InputObject)]
pub struct PauseRemindersInput {
    /// The invoice; something is open on it.
    invoice_id: ID,
    /// Why.
    reason: String,
    /// The last day of the pause; until it is resumed when left out.
    until: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A dispute that is settled.
#[derive(Debug, InputObject)]
pub struct ResolveDisputeInput {
    /// The dispute.
    hold_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// What came of it.
    note: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A pause or a promise that ends.
#[derive(Debug, InputObject)]
pub struct ResumeRemindersInput {
    /// The pause or the promise.
    hold_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    note: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `disputeInvoice`.
    DisputeInvoicePayload {
        /// The dispute.
        hold: ReminderHold
    }
);

crate::payload!(
    /// The answer of `promisePayment`.
    PromisePaymentPayload {
        /// The promise.
        hold: ReminderHold
    }
);

crate::payload!(
    /// The answer of `pauseReminders`.
    PauseRemindersPayload {
        /// The pause.
        hold: ReminderHold
    }
);

crate::payload!(
    /// The answer of `resolveDispute`.
    ResolveDisputePayload {
        /// The dispute, ended.
        hold: ReminderHold
    }
);

crate::payload!(
    /// The answer of `resumeReminders`.
    ResumeRemindersPayload {
        /// The pause or the promise, ended.
        hold: ReminderHold
    }
);

/// Mutations of holds.
#[derive(Debug, Default)]
pub struct HoldMutation;

#[Object]
impl HoldMutation {
    /// Notes that the city disputes an invoice: no reminder goes until the dispute is resolved.
    async fn dispute_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice and what the city says.")] input: DisputeInvoiceInput,
    ) -> Result<DisputeInvoicePayload> {
        let until = input.until.map(|date| date.0);
        let performed = read(&input.invoice_id, input.reason, until)
            .and_then(|new| context.perform(Repeatable::MayHaveKey, |tx| holds::dispute(tx, &new)));
        DisputeInvoicePayload::of::<ReminderHoldById>(context, performed).await
    }

    /// Notes that the city has promised to pay by a day: no reminder goes until that day is over.
    async fn promise_payment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice and the day.")] input: PromisePaymentInput,
    ) -> Result<PromisePaymentPayload> {
        let until = Some(input.pay_by.0);
        let performed = read(&input.invoice_id, input.reason, until)
            .and_then(|new| context.perform(Repeatable::MayHaveKey, |tx| holds::promise(tx, &new)));
        PromisePaymentPayload::of::<ReminderHoldById>(context, performed).await
    }

    /// Pauses the reminders of an invoice.
    async fn pause_reminders(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice and why.")] input: PauseRemindersInput,
    ) -> Result<PauseRemindersPayload> {
        let until = input.until.map(|date| date.0);
        let performed = read(&input.invoice_id, input.reason, until)
            .and_then(|new| context.perform(Repeatable::MayHaveKey, |tx| holds::pause(tx, &new)));
        PauseRemindersPayload::of::<ReminderHoldById>(context, performed).await
    }

    /// Resolves a dispute: from today the reminders go on where they stopped. What is not owed is
    /// credited (`creditInvoice`).
    async fn resolve_dispute(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The dispute and what came of it.")] input: ResolveDisputeInput,
    ) -> Result<ResolveDisputePayload> {
        let performed = read_end(&input.hold_id, input.version, input.note)
            .and_then(|end| context.perform(Repeatable::MayHaveKey, |tx| holds::resolve(tx, &end)));
        ResolveDisputePayload::of::<ReminderHoldById>(context, performed).await
    }

    /// Ends a pause or a promise: from today the reminders go on where they stopped.
    async fn resume_reminders(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The pause or the promise, and why.")] input: ResumeRemindersInput,
    ) -> Result<ResumeRemindersPayload> {
        let performed = read_end(&input.hold_id, input.version, input.note)
            .and_then(|end| context.perform(Repeatable::MayHaveKey, |tx| holds::resume(tx, &end)));
        ResumeRemindersPayload::of::<ReminderHoldById>(context, performed).await
    }
}

fn read(invoice: &ID, reason: String, until: Option<chrono::NaiveDate>) -> Result<NewHold> {
    let mut problems = Problems::default();
    let invoice = problems.id("invoiceId", invoice);
    problems.or(invoice.map(|invoice| NewHold {
        invoice,
        reason,
        until,
    }))
}

fn read_end(hold: &ID, version: i32, note: String) -> Result<EndOfHold> {
    let mut problems = Problems::default();
    let hold = problems.id("holdId", hold);
    problems.or(hold.map(|hold| EndOfHold {
        hold,
        version,
        note,
    }))
}
