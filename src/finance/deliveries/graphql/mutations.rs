//! Mutations of deliveries. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::finance::credit_notes::CreditNote;
use crate::finance::credit_notes::graphql::CreditNoteById;
use crate::finance::deliveries::graphql::DeliveryById;
use crate::finance::deliveries::{self, Delivery, DeliveryResponse, NewResponse};
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;

/// An invoice to send.
#[derive(Debug, InputObject)]
pub struct SendInvoiceInput {
    /// The invoice; issued.
    invoice_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A credit note to send.
#[derive(Debug, InputObject)]
pub struct SendCreditNoteInput {
    /// The credit note; issued.
    credit_note_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// What the buyer's side answered.
#[derive(Debug, InputObject)]
pub struct RecordDeliveryResponseInput {
    /// The document: the id that it was sent under, or its number.
    document_id: String,
    /// What is answered.
    state: DeliveryResponse,
    /// In the answer's words.
    message: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `sendInvoice`.
    SendInvoicePayload {
        /// The invoice with its delivery.
        invoice: Invoice
    }
);

crate::payload!(
    /// The answer of `sendCreditNote`.
    SendCreditNotePayload {
        /// The credit note with its delivery.
        credit_note: CreditNote
    }
);

crate::payload!(
    /// The answer of `recordDeliveryResponse`.
    RecordDeliveryResponsePayload {
        /// The delivery as it now is.
        delivery: Delivery
    }
);

/// Mutations of deliveries.
#[derive(Debug, Default)]
pub struct DeliveryMutation;

#[Object]
impl DeliveryMutation {
    /// Sends an issued invoice to its buyer: as an electronic document, or as pages by mail to a buyer
    /// abroad that has no GLN. It leaves in the background; sent again it goes under the same id.
    async fn send_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice.")] input: SendInvoiceInput,
    ) -> crate::kernel::error::Result<SendInvoicePayload> {
        let mut problems = Problems::default();
        let id = problems.id("invoiceId", &input.invoice_id);
        let performed = problems.or(id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                deliveries::send_invoice(tx, id, input.version)
            })
        });
        SendInvoicePayload::of::<InvoiceById>(context, performed).await
    }

    /// Sends an issued credit note to its buyer, as `sendInvoice` does with an invoice.
    async fn send_credit_note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The credit note.")] input: SendCreditNoteInput,
    ) -> crate::kernel::error::Result<SendCreditNotePayload> {
        let mut problems = Problems::default();
        let id = problems.id("creditNoteId", &input.credit_note_id);
        let performed = problems.or(id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                deliveries::send_credit_note(tx, id, input.version)
            })
        });
        SendCreditNotePayload::of::<CreditNoteById>(context, performed).await
    }

    /// Records what the buyer's side answered about a document. The same answer again changes nothing; a
    /// rejection is put on the work list and pauses reminders.
    async fn record_delivery_response(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The answer.")] input: RecordDeliveryResponseInput,
    ) -> crate::kernel::error::Result<RecordDeliveryResponsePayload> {
        let new = NewResponse {
            document: input.document_id,
            response: input.state,
            message: input.message,
        };
        let performed = context.perform(Repeatable::MayHaveKey, |tx| {
            deliveries::record_response(tx, &new)
        });
        RecordDeliveryResponsePayload::of::<DeliveryById>(context, performed).await
    }
}
