//! Mutations of payments. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::money::read_amount;
use crate::api::scalars::{CurrencyCode, Date, Decimal};
use crate::finance::payments::graphql::{AllocationById, PaymentById, know_payment};
use crate::finance::payments::{
    self, Allocation, NewAllocation, NewPayment, NewRelease, NewReversal, Payment, Share,
};
use crate::kernel::error::Result;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The most invoices that one payment is used for when it is recorded.
const MOST_SHARES: usize = 100;

/// A part of a payment for an invoice.
#[derive(Debug, InputObject)]
pub struct AllocateToInput {
    /// The invoice.
    invoice_id: ID,
    /// How much, in the currency of the payment.
    amount: Decimal,
}

/// Money that came in.
#[derive(Debug, InputObject)]
pub struct RecordPaymentInput {
    /// The city it is from, or for.
    city_id: ID,
    /// How much; above zero.
    amount: Decimal,
    /// Its currency; the Danish krone when left out.
    currency: Option<CurrencyCode>,
    /// The day it came.
    received_on: Date,
    /// What the payer wrote.
    reference: Option<String>,
    /// Who paid, where it was not the city itself.
    payer_name: Option<String>,
    /// What finance wants to remember.
    note: Option<String>,
    /// What it is for; the rest is kept for the payer.
    allocate_to: Option<Vec<AllocateToInput>>,
    /// Whether it may settle invoices of other cities.
    #[graphql(default)]
    other_cities: bool,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RecordPaymentInput {
    fn read(self) -> Result<NewPayment> {
        let mut problems = Problems::default();
        let currency = self.currency.as_ref();
        let city = problems.id("cityId", &self.city_id);
        let amount = problems.keep(read_amount("amount", &self.amount, currency));
        let asked = self.allocate_to.unwrap_or_default();
        if asked.len() > MOST_SHARES {
            problems.add(too_many_shares());
        }
        let mut allocate_to = Vec::with_capacity(asked.len());
        for (place, share) in asked.iter().enumerate().take(MOST_SHARES) {
            let field = format!("allocateTo.{place}.amount");
            let invoice = problems.id(&format!("allocateTo.{place}.invoiceId"), &share.invoice_id);
            let amount = problems.keep(read_amount(&field, &share.amount, currency));
            allocate_to.extend(
                invoice
                    .zip(amount)
                    .map(|(invoice, amount)| Share { invoice, amount }),
            );
        }
        let new = city.zip(amount).map(|(city, amount)| NewPayment {
            city,
            amount,
            received_on: self.received_on.0,
            reference: self.reference,
            payer_name: self.payer_name,
            note: self.note,
            allocate_to,
            other_cities: self.other_cities,
        });
        problems.or(new)
    }
}

fn too_many_shares() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "allocateTo",
        format!(
            "A payment is recorded for at most {MOST_SHARES} invoices; allocate the others afterwards."
        ),
        format!(
            "En betaling registreres på højst {MOST_SHARES} fakturaer; fordel resten bagefter."
        ),
    )
}

/// A part of a payment to use for an invoice.
#[derive(Debug, InputObject)]
pub struct AllocatePaymentInput {
    /// The payment.
    payment_id: ID,
    /// The invoice; issued, in the payment's currency.
    invoice_id: ID,
    /// How much, in the currency of the payment; above zero.
    amount: Decimal,
    /// Whether the invoice may be another city's.
    #[graphql(default)]
    other_city: bool,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl AllocatePaymentInput {
    fn read(self) -> Result<NewAllocation> {
        let mut problems = Problems::default();
        let payment = problems.id("paymentId", &self.payment_id);
        let invoice = problems.id("invoiceId", &self.invoice_id);
        let new = payment
            .zip(invoice)
            .map(|(payment, invoice)| NewAllocation {
                payment,
                invoice,
                amount: self.amount.0,
                other_city: self.other_city,
            });
        problems.or(new)
    }
}

/// A payment to reverse.
#[derive(Debug, InputObject)]
pub struct ReversePaymentInput {
    /// The payment.
    payment_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The day from which it counts no more: from the day it came to today.
    on: Date,
    /// Why: what the bank said, or what was recorded wrongly.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ReversePaymentInput {
    fn read(self) -> Result<NewReversal> {
        let mut problems = Problems::default();
        let payment = problems.id("paymentId", &self.payment_id);
        problems.or(payment.map(|payment| NewReversal {
            payment,
            version: self.version,
            on: self.on.0,
            reason: self.reason,
        }))
    }
}

/// A use of a payment to undo.
#[derive(Debug, InputObject)]
pub struct ReleaseAllocationInput {
    /// The allocation.
    allocation_id: ID,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ReleaseAllocationInput {
    fn read(self) -> Result<NewRelease> {
        let mut problems = Problems::default();
        let allocation = problems.id("allocationId", &self.allocation_id);
        problems.or(allocation.map(|allocation| NewRelease {
            allocation,
            reason: self.reason,
        }))
    }
}

crate::payload!(
    /// The answer of `reversePayment`.
    ReversePaymentPayload {
        /// The payment, reversed.
        payment: Payment
    }
);

crate::payload!(
    /// The answer of `releaseAllocation`.
    ReleaseAllocationPayload {
        /// The entry below zero that undoes the allocation.
        allocation: Allocation
    }
);

crate::payload!(
    /// The answer of `recordPayment`.
    RecordPaymentPayload {
        /// The payment.
        payment: Payment
    }
);

crate::payload!(
    /// The answer of `allocatePayment`.
    AllocatePaymentPayload {
        /// The allocation.
        allocation: Allocation
    }
);

/// Mutations of payments.
#[derive(Debug, Default)]
pub struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Records money that came in, and uses it for the invoices that are named.
    /// Needs an idempotency key.
    async fn record_payment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The payment.")] input: RecordPaymentInput,
    ) -> Result<RecordPaymentPayload> {
        // Money comes in a thousand times a day: what was stored is not read again for the answer.
        let mut stored = None;
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| {
                let payment = payments::record(tx, &new)?;
                let id = payment.id;
                stored = Some(payment);
                Ok(id)
            })
        });
        if let (Ok(_), Some(payment)) = (&performed, stored) {
            know_payment(context.operation(), payment)?;
        }
        RecordPaymentPayload::of::<PaymentById>(context, performed).await
    }

    /// Uses a part of a payment for an invoice.
    /// Needs an idempotency key.
    async fn allocate_payment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which part of which payment for which invoice.")]
        input: AllocatePaymentInput,
    ) -> Result<AllocatePaymentPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| payments::allocate(tx, &new))
        });
        AllocatePaymentPayload::of::<AllocationById>(context, performed).await
    }
    /// Reverses a payment as a whole, because the bank took it back or because it was recorded wrongly:
    /// what it settled is owed again, and nothing more is used of it. Nothing is removed.
    /// Needs an idempotency key.
    async fn reverse_payment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The payment, the day and the reason.")] input: ReversePaymentInput,
    ) -> Result<ReversePaymentPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| payments::reverse(tx, &new))
        });
        ReversePaymentPayload::of::<PaymentById>(context, performed).await
    }

    /// Undoes one use of a payment, as if it had never been: the money is the payer's to use again.
    /// Needs an idempotency key.
    async fn release_allocation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The allocation and the reason.")] input: ReleaseAllocationInput,
    ) -> Result<ReleaseAllocationPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| {
                payments::release_allocation(tx, &new)
            })
        });
        ReleaseAllocationPayload::of::<AllocationById>(context, performed).await
    }
}
