//! What is to be given back of fees, in the schema. What it is not: the credit notes that give it back.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::money::{Amount, stored};
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Tx;
use crate::finance::credit_notes::CreditNote;
use crate::finance::credit_notes::graphql::CreditNoteById;
use crate::finance::fee_refunds::{self, DueRefund, RefundPart};
use crate::finance::invoices::Invoice;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::language::Language;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

/// What a city that left within a fee year is to get back of an invoice.
#[Object(name = "FeeRefundDue")]
impl DueRefund {
    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        let operation = context.operation();
        operation.load::<CityById>(self.invoice.city_id).await
    }

    /// The invoice.
    async fn invoice(&self) -> Arc<Invoice> {
        Arc::new(self.invoice.clone())
    }

    /// The first day on which the city is no member.
    async fn left_on(&self) -> Date {
        Date(self.left_on)
    }

    /// What is to be given back, without tax.
    async fn net(&self) -> Result<Amount> {
        let sum = self.parts.iter().fold(0_i64, |sum, part| {
            sum.saturating_add(part.refund.credit.minor)
        });
        stored(sum, &self.invoice.currency)
    }

    /// The days, line by line.
    async fn parts(&self) -> &[RefundPart] {
        &self.parts
    }
}

/// Days of a line that are to be given back.
#[Object(name = "FeeRefundPart")]
impl RefundPart {
    /// The id of the line of the invoice.
    async fn invoice_line_id(&self) -> ID {
        ID(self.line.public())
    }

    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.refund.period.from())
    }

    /// The last day.
    async fn ends_on(&self) -> Option<Date> {
        self.refund.period.ends_on().map(Date)
    }

    /// What is given back, without tax.
    async fn credit(&self) -> Amount {
        Amount(self.refund.credit)
    }

    /// What is kept of the line: what is left of it without the credit.
    async fn retained(&self) -> Amount {
        Amount(self.refund.retained)
    }

    /// How the credit comes about: "75.000,00 × 92/365 dage".
    async fn formula(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        match context.language(language.as_ref()) {
            Language::Da => &self.refund.formula.da,
            Language::En => &self.refund.formula.en,
        }
    }
}

/// Queries of what is to be given back.
#[derive(Debug, Default)]
pub struct FeeRefundQuery;

#[Object]
impl FeeRefundQuery {
    /// What cities that left within a fee year are to get back by the seller's policy, the oldest
    /// invoice first. For those who see all invoices.
    async fn fee_refunds_due(&self, context: &Context<'_>) -> Result<Vec<DueRefund>> {
        context.operation().viewer.permit(Permission::SeeFinance)?;
        context.read(fee_refunds::due)
    }
}

/// An invoice of which a city that left gets back what is due.
#[derive(Debug, InputObject)]
pub struct RefundFeeInput {
    /// The invoice.
    invoice_id: ID,
    /// The version of the invoice that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `refundFee`.
    RefundFeePayload {
        /// The credit note: issued, or proposed when a second person has to approve it.
        credit_note: CreditNote
    }
);

/// Mutations of what is given back.
#[derive(Debug, Default)]
pub struct FeeRefundMutation;

#[Object]
impl FeeRefundMutation {
    /// Gives a city that left within a fee year back what is due to it of the invoice, by a credit note
    /// for exactly that amount. Needs an idempotency key.
    async fn refund_fee(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invoice.")] input: RefundFeeInput,
    ) -> Result<RefundFeePayload> {
        let mut problems = Problems::default();
        let invoice = problems.id("invoiceId", &input.invoice_id);
        let performed = problems.or(invoice).and_then(|invoice| {
            let refund = |tx: &mut Tx<'_>| fee_refunds::refund(tx, invoice, input.version);
            context.perform(Repeatable::NeedsKey, refund)
        });
        RefundFeePayload::of::<CreditNoteById>(context, performed).await
    }
}
