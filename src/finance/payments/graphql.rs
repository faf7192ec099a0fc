//! Payments and allocations in the schema: the types and what hangs on them. Queries and mutations
//! are in the files of this folder; what it is not: the rules.

pub mod mutations;
pub mod queries;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

pub use mutations::PaymentMutation;
pub use queries::{PaymentFilterInput, PaymentQuery, payments_of_city};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::ParentList;
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::finance::bank::BankEntry;
use crate::finance::bank::graphql::entries_of;
use crate::finance::credit_notes::CreditNote;
use crate::finance::credit_notes::graphql::CreditNoteById;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::payments::{self, Allocation, AllocationsOf, Payment, PaymentReversal};
use crate::finance::refunds::Refund;
use crate::finance::refunds::graphql::refunds_of;
use crate::kernel::error::Result;
use crate::kernel::ids::{AllocationId, Id, PaymentId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(PaymentConnection, PaymentEdge, Payment);
crate::connection!(AllocationConnection, AllocationEdge, Allocation);

/// Loads payments that the viewer may see.
#[derive(Debug)]
pub struct PaymentById;

impl Load for PaymentById {
    type Key = PaymentId;
    type Value = Arc<Payment>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PaymentId],
    ) -> Result<HashMap<PaymentId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeFinance);
        Ok(payments::find_many(db, keys)?
            .into_iter()
            .filter(|payment| scope.has_city(payment.city_id))
            .map(|payment| (payment.id, Arc::new(payment)))
            .collect())
    }
}

/// Takes a payment that was just stored as read, for those who may see it.
///
/// # Errors
/// A fault of ours.
fn know_payment(operation: &Operation, payment: Payment) -> Result<()> {
    let scope = operation.viewer.scope(Permission::SeeFinance);
    if scope.has_city(payment.city_id) {
        operation.know::<PaymentById>(payment.id, Arc::new(payment))?;
    }
    Ok(())
}

/// Loads allocations for those who may see the payment or the invoice.
#[derive(Debug)]
pub struct AllocationById;

impl Load for AllocationById {
    type Key = AllocationId;
    type Value = Arc<Allocation>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[AllocationId],
    ) -> Result<HashMap<AllocationId, Self::Value>> {
        let found = payments::find_many_allocations(db, keys)?;
        let payments: Vec<_> = found.iter().map(|one| one.payment_id).collect();
        let invoices: Vec<_> = found.iter().map(|one| one.invoice_id).collect();
        let payments = PaymentById::load(db, operation, &payments)?;
        let invoices = InvoiceById::load(db, operation, &invoices)?;
        Ok(found
            .into_iter()
            .filter(|one| {
                payments.contains_key(&one.payment_id) || invoices.contains_key(&one.invoice_id)
            })
            .map(|allocation| (allocation.id, Arc::new(allocation)))
            .collect())
    }
}

/// The allocations of invoices or payments.
#[derive(Debug)]
struct Allocations;

impl ParentList for Allocations {
    type Row = Allocation;
    type Arguments = (AllocationsOf, Page);

    fn order(_: &Self::Arguments) -> Order<Allocation> {
        payments::order_of_allocations()
    }

    fn list(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        (of, page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<Allocation>>> {
        payments::list_allocations(db, *of, parents, page)
    }

    fn count(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        (of, _): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        payments::count_allocations(db, *of, parents)
    }
}

/// A page of the allocations of an invoice or payment that the caller may see.
///
/// # Errors
/// What the list says.
pub async fn allocations_of(
    context: &Context<'_>,
    of: AllocationsOf,
    parent: Uuid,
    page: Page,
) -> Result<AllocationConnection> {
    let operation = context.operation();
    let connected = operation.connect::<Allocations>(parent, (of, page)).await?;
    Ok(AllocationConnection(connected))
}

/// Loads the reversals of payments that the viewer may see.
#[derive(Debug)]
struct ReversalOfPayment;

impl Load for ReversalOfPayment {
    type Key = PaymentId;
    type Value = Arc<PaymentReversal>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PaymentId],
    ) -> Result<HashMap<PaymentId, Self::Value>> {
        let seen = PaymentById::load(db, operation, keys)?;
        Ok(payments::reversals_of(db, keys)?
            .into_iter()
            .filter(|reversal| seen.contains_key(&reversal.payment_id))
            .map(|reversal| (reversal.payment_id, Arc::new(reversal)))
            .collect())
    }
}

/// A payment that counts no more.
#[Object]
impl PaymentReversal {
    /// The day from which it counts no more.
    async fn reversed_on(&self) -> Date {
        Date(self.reversed_on)
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.reason
    }

    /// When it was reversed.
    async fn reversed_at(&self) -> Instant {
        self.created_at
    }
}

/// Money that came in from a city, or for it.
#[Object]
impl Payment {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// How much.
    async fn amount(&self) -> Result<Amount> {
        stored(self.amount_minor, &self.currency)
    }

    /// How much of it is used for invoices.
    async fn allocated(&self) -> Result<Amount> {
        stored(self.allocated_minor, &self.currency)
    }

    /// How much of it the bank took back, or was paid back.
    async fn returned(&self) -> Result<Amount> {
        stored(self.returned_minor, &self.currency)
    }

    /// What was paid back of it, as it was done. Proposals are finance's own.
    async fn refunds(&self, context: &Context<'_>) -> Result<Vec<Arc<Refund>>> {
        refunds_of(context, self.id).await
    }

    /// The entries of the bank by which it came, or was taken back; empty for those who do not see them.
    async fn bank_entries(&self, context: &Context<'_>) -> Result<Vec<Arc<BankEntry>>> {
        entries_of(context, self.id).await
    }

    /// Its reversal by the bank, or because it was recorded wrongly; null for a payment that counts.
    async fn reversal(&self, context: &Context<'_>) -> Result<Option<Arc<PaymentReversal>>> {
        if self.returned_minor == 0 {
            return Ok(None);
        }
        context.operation().load::<ReversalOfPayment>(self.id).await
    }

    /// How much of it is neither used nor given back.
    async fn unallocated(&self) -> Result<Amount> {
        stored(self.unallocated_minor(), &self.currency)
    }

    /// The day it came.
    async fn received_on(&self) -> Date {
        Date(self.received_on)
    }

    /// What the payer wrote.
    async fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// Who paid, where it was not the city itself.
    async fn payer_name(&self) -> Option<&str> {
        self.payer_name.as_deref()
    }

    /// What finance wrote; null for those who do not see the finances of all cities.
    async fn note(&self, context: &Context<'_>) -> Option<&str> {
        let viewer = &context.operation().viewer;
        let all = viewer.may(Permission::SeeFinance);
        self.note.as_deref().filter(|_| all)
    }

    /// The city it is from, or for; null for those who may not know of the city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// What it was used for, the earliest first.
    async fn allocations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<AllocationConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        allocations_of(context, AllocationsOf::Payment, self.id.uuid(), page).await
    }

    /// When it was recorded.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it was last allocated from.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// The use of a part of a payment for an invoice.
#[Object]
impl Allocation {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// How much; below zero when it went back to the payment: by a credit note, a reversal, or because
    /// a use is undone.
    async fn amount(&self, context: &Context<'_>) -> Result<Option<Amount>> {
        let operation = context.operation();
        if let Some(payment) = operation.load::<PaymentById>(self.payment_id).await? {
            return stored(self.amount_minor, &payment.currency).map(Some);
        }
        let invoice = operation.load::<InvoiceById>(self.invoice_id).await?;
        invoice
            .map(|invoice| stored(self.amount_minor, &invoice.currency))
            .transpose()
    }

    /// The day from which it counts: that of the payment, or of the invoice if it is later.
    async fn allocated_on(&self) -> Date {
        Date(self.allocated_on)
    }

    /// The payment; null when it is another city's that the caller may not see.
    async fn payment(&self, context: &Context<'_>) -> Result<Option<Arc<Payment>>> {
        context
            .operation()
            .load::<PaymentById>(self.payment_id)
            .await
    }

    /// The invoice; null when it is another city's that the caller may not see.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        context
            .operation()
            .load::<InvoiceById>(self.invoice_id)
            .await
    }

    /// The credit note that gave the money back; null for the use of a payment.
    async fn credit_note(&self, context: &Context<'_>) -> Result<Option<Arc<CreditNote>>> {
        match self.credit_note_id {
            Some(id) => context.operation().load::<CreditNoteById>(id).await,
            None => Ok(None),
        }
    }

    /// The reversal that took the money off the invoice; null for everything else.
    async fn reversal(&self, context: &Context<'_>) -> Result<Option<Arc<PaymentReversal>>> {
        match self.reversal_id {
            Some(id) => context.operation().load::<ReversalOfPayment>(id).await,
            None => Ok(None),
        }
    }

    /// The allocation that this one undoes; null for everything else.
    async fn released_allocation(&self, context: &Context<'_>) -> Result<Option<Arc<Allocation>>> {
        match self.released_id {
            Some(id) => context.operation().load::<AllocationById>(id).await,
            None => Ok(None),
        }
    }

    /// Why an allocation was undone; null for everything else, and for those who do not see the
    /// finances of all cities.
    async fn reason(&self, context: &Context<'_>) -> Option<&str> {
        let all = context.operation().viewer.may(Permission::SeeFinance);
        self.reason.as_deref().filter(|_| all)
    }

    /// When it was allocated.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it changed last: it never does, so when it was made.
    async fn updated_at(&self) -> Instant {
        self.created_at
    }
}
