//! Mutations of credit notes. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{Problems, at_most_100};
use crate::api::payload::{UserError, split};
use crate::api::scalars::Decimal;
use crate::finance::credit_notes::graphql::CreditNoteById;
use crate::finance::credit_notes::{self, AskedLine, CreditNote, CreditReason, NewCredit};
use crate::kernel::error::Result;
use crate::kernel::ids::{CreditNoteId, Id};

/// How much of a line of an invoice to take back.
#[derive(Debug, InputObject)]
pub struct CreditLineInput {
    /// The line of the invoice.
    line_id: ID,
    /// How much of it, without tax, in the invoice's currency; above zero.
    amount: Decimal,
}

/// An invoice to credit.
#[derive(Debug, InputObject)]
pub struct CreditInvoiceInput {
    /// The invoice; issued.
    invoice_id: ID,
    /// The version of the invoice that was read; another one now means that somebody else changed it.
    version: i32,
    /// How much of which lines; all that is left when left out.
    lines: Option<Vec<CreditLineInput>>,
    /// Why, as a word.
    reason_code: CreditReason,
    /// Why, as it is told the city.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl CreditInvoiceInput {
    fn read(self) -> Result<NewCredit> {
        at_most_100("lines", self.lines.as_deref())?;
        let mut problems = Problems::default();
        let invoice = problems.id("invoiceId", &self.invoice_id);
        let mut lines = self.lines.as_ref().map(|_| Vec::new());
        for (place, asked) in self.lines.iter().flatten().enumerate() {
            let line = problems.id(&format!("lines.{place}.lineId"), &asked.line_id);
            if let (Some(line), Some(lines)) = (line, &mut lines) {
                let amount = asked.amount.0.clone();
                lines.push(AskedLine { line, amount });
            }
        }
        problems.or(invoice.map(|invoice| NewCredit {
            invoice,
            version: self.version,
            lines,
            reason_code: self.reason_code,
            reason: self.reason,
        }))
    }
}

/// A proposal to approve.
#[derive(Debug, InputObject)]
pub struct ApproveCreditNoteInput {
    /// The proposal.
    credit_note_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A proposal to discard.
#[derive(Debug, InputObject)]
pub struct DiscardCreditNoteInput {
    /// The proposal.
    credit_note_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `creditInvoice`.
    CreditInvoicePayload {
        /// The credit note: issued, or proposed when a second person has to approve it.
        credit_note: CreditNote
    }
);

crate::payload!(
    /// The answer of `approveCreditNote`.
    ApproveCreditNotePayload {
        /// The credit note with its number.
        credit_note: CreditNote
    }
);

/// The answer of `discardCreditNote`.
#[derive(Debug, SimpleObject)]
pub struct DiscardCreditNotePayload {
    /// The id that the proposal had.
    credit_note_id: Option<ID>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Mutations of credit notes.
#[derive(Debug, Default)]
pub struct CreditNoteMutation;

#[Object]
impl CreditNoteMutation {
    /// Takes back an invoice, or lines of it: with the next number of the credit notes, or as a proposal
    /// when it is more than one person may credit alone.
    /// Needs an idempotency key.
    async fn credit_invoice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice and how much of it.")] input: CreditInvoiceInput,
    ) -> Result<CreditInvoicePayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| credit_notes::credit(tx, &new))
        });
        CreditInvoicePayload::of::<CreditNoteById>(context, performed).await
    }

    /// Issues a credit note that somebody else proposed.
    async fn approve_credit_note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ApproveCreditNoteInput,
    ) -> Result<ApproveCreditNotePayload> {
        let version = input.version;
        let performed = read_note(&input.credit_note_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                credit_notes::approve(tx, id, version)
            })
        });
        ApproveCreditNotePayload::of::<CreditNoteById>(context, performed).await
    }

    /// Discards a proposal. What is issued stays.
    async fn discard_credit_note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: DiscardCreditNoteInput,
    ) -> Result<DiscardCreditNotePayload> {
        let version = input.version;
        let performed = read_note(&input.credit_note_id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                credit_notes::discard(tx, id, version)
            })
        });
        let (discarded, user_errors) = split(context, performed)?;
        Ok(DiscardCreditNotePayload {
            credit_note_id: discarded.map(|id| ID(id.public())),
            user_errors,
        })
    }
}

fn read_note(id: &ID) -> Result<CreditNoteId> {
    let mut problems = Problems::default();
    let id = problems.id("creditNoteId", id);
    problems.or(id)
}
