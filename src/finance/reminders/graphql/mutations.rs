//! Mutations of reminders and late charges. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable, legal};
use crate::api::inputs::Problems;
use crate::api::scalars::Date;
use crate::finance::credit_notes::CreditNote;
use crate::finance::credit_notes::graphql::CreditNoteById;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::reminders::graphql::ReminderRunById;
use crate::finance::reminders::{self, NewInterestCharge, ReminderRun};
use crate::kernel::error::Result;
use crate::kernel::ids::InvoiceId;

/// The reminders of a day to send.
#[derive(Debug, InputObject)]
pub struct ApplyReminderRunInput {
    /// The date of the reminders, not after today; today in Copenhagen when left out.
    on: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// Interest to charge.
#[derive(Debug, InputObject)]
pub struct ChargeLateInterestInput {
    /// The invoice that is, or was, late.
    invoice_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The last day that counts, not after today; today in Copenhagen when left out.
    until: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// Late charges to waive.
#[derive(Debug, InputObject)]
pub struct WaiveLateChargesInput {
    /// The invoice of the series R that charges them.
    invoice_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why, as it is told the city.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `applyReminderRun`.
    ApplyReminderRunPayload {
        /// The run; its reminders leave in the background, so ask for it again.
        reminder_run: ReminderRun
    }
);

crate::payload!(
    /// The answer of `chargeLateInterest`.
    ChargeLateInterestPayload {
        /// The invoice that charges the interest, issued.
        invoice: Invoice
    }
);

crate::payload!(
    /// The answer of `waiveLateCharges`.
    WaiveLateChargesPayload {
        /// The credit note: issued, or proposed when a second person has to approve it.
        credit_note: CreditNote
    }
);

/// Mutations of reminders.
#[derive(Debug, Default)]
pub struct ReminderMutation;

#[Object]
impl ReminderMutation {
    /// Sends every reminder that is due on a day, as `reminderRun` shows them, in the background. Done
    /// again it sends nothing twice.
    /// Needs an idempotency key.
    async fn apply_reminder_run(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day.")] input: ApplyReminderRunInput,
    ) -> Result<ApplyReminderRunPayload> {
        let performed = context.perform(Repeatable::NeedsKey, |tx| {
            let on = input.on.map_or(tx.today(), |date| date.0);
            reminders::start(tx, on)
        });
        ApplyReminderRunPayload::of::<ReminderRunById>(context, performed).await
    }

    /// Charges the interest on an invoice that was not charged before, by an invoice of the series R.
    /// Needs an idempotency key.
    async fn charge_late_interest(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice and the last day.")] input: ChargeLateInterestInput,
    ) -> Result<ChargeLateInterestPayload> {
        let performed = read_invoice(&input.invoice_id).and_then(|invoice| {
            context.perform(Repeatable::NeedsKey, |tx| {
                let new = NewInterestCharge {
                    invoice,
                    version: input.version,
                    until: input.until.map_or(tx.today(), |date| date.0),
                };
                reminders::charge_interest(tx, &new, legal(context))
            })
        });
        ChargeLateInterestPayload::of::<InvoiceById>(context, performed).await
    }

    /// Waives what is left of late charges, by a credit note. What is waived is not charged again.
    /// Needs an idempotency key.
    async fn waive_late_charges(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The charges and why.")] input: WaiveLateChargesInput,
    ) -> Result<WaiveLateChargesPayload> {
        let performed = read_invoice(&input.invoice_id).and_then(|invoice| {
            context.perform(Repeatable::NeedsKey, |tx| {
                reminders::waive(tx, invoice, input.version, input.reason.clone())
            })
        });
        WaiveLateChargesPayload::of::<CreditNoteById>(context, performed).await
    }
}

fn read_invoice(id: &ID) -> Result<InvoiceId> {
    let mut problems = Problems::default();
    let id = problems.id("invoiceId", id);
    problems.or(id)
}
