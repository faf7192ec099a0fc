//! Invoices in the schema: the type and what hangs on it. Queries and mutations are in the files
//! of this folder; what it is not: the rules.

pub mod lines;
pub mod loads;
pub mod mutations;
pub mod of_city;
pub mod open_items;
pub mod queries;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use lines::{PaymentReference, ShownLine};
pub use loads::{InvoiceById, visible};
pub use mutations::InvoiceMutation;
pub use of_city::{InvoicesOfCity, invoices_of_city, open_balance};
pub use open_items::{OpenItem, OpenItemConnection};
pub use queries::{InvoiceFilterInput, InvoiceQuery};

use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::payload::UserError;
use crate::api::scalars::{CurrencyCode, Date};
use crate::finance::credit_notes::CreditNote;
use crate::finance::credit_notes::graphql::credits_of;
use crate::finance::deliveries::Delivery;
use crate::finance::deliveries::graphql::DeliveryOfInvoice;
use crate::finance::einvoices::graphql::PreflightOfInvoice;
use crate::finance::grants::graphql::{fundings_of_invoice, grant_of_invoice};
use crate::finance::grants::{Funding, FundingGrant};
use crate::finance::invoices::{Invoice, InvoiceKind, InvoiceStatus, Party};
use crate::finance::payments::AllocationsOf;
use crate::finance::payments::graphql::{AllocationConnection, allocations_of};
use crate::finance::reminders::Reminder;
use crate::finance::reminders::graphql::{LatePayment, reminders_of};
use crate::finance::write_offs::WriteOff;
use crate::finance::write_offs::graphql::write_offs_of;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::programme::packages::Package;
use crate::programme::packages::graphql::PackageById;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::memberships::Membership;
use crate::registry::memberships::graphql::MembershipById;

use crate::finance::invoices::graphql::loads::{LinesOfInvoice, PartiesOfInvoice};
pub(super) use crate::finance::invoices::graphql::loads::{open_on, past};

crate::connection!(InvoiceConnection, InvoiceEdge, Invoice);

/// What a city owes: an annual fee, or a payment for a package.
#[Object]
impl Invoice {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The number, such as "F2026-000001"; null before it is issued.
    async fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// What it is for.
    async fn kind(&self) -> InvoiceKind {
        self.kind
    }

    /// Where it stands.
    async fn status(&self) -> InvoiceStatus {
        self.status
    }

    /// Its date; null before it is issued.
    async fn issued_on(&self) -> Option<Date> {
        self.issued_on.map(Date)
    }

    /// The last day to pay; null before it is issued.
    async fn due_on(&self) -> Option<Date> {
        self.due_on.map(Date)
    }

    /// The day from which nothing is open on it.
    async fn settled_on(&self) -> Option<Date> {
        self.settled_on.map(Date)
    }

    /// The calendar year in which its fee year begins; for a package that in which the instalment
    /// falls.
    async fn fee_year(&self) -> i32 {
        self.fee_year
    }

    /// Which instalment of the package it is, from 1; null for annual fees.
    async fn instalment(&self) -> Option<i32> {
        self.instalment
    }

    /// The currency of all its amounts.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.currency.clone())
    }

    /// The amount without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.net_minor, &self.currency)
    }

    /// The value added tax.
    async fn vat(&self) -> Result<Amount> {
        stored(self.vat_minor, &self.currency)
    }

    /// The amount with tax: what is to be paid.
    async fn total(&self) -> Result<Amount> {
        stored(self.total_minor, &self.currency)
    }

    /// What credit notes took back of it, with tax.
    async fn credited_amount(&self) -> Result<Amount> {
        stored(self.credited_minor, &self.currency)
    }

    /// The credit notes that took back a part of it or all of it, the earliest first. Proposals are
    /// finance's own.
    async fn credits(&self, context: &Context<'_>) -> Result<Vec<Arc<CreditNote>>> {
        credits_of(context, self.id).await
    }

    /// What was given up of it.
    async fn written_off_amount(&self) -> Result<Amount> {
        stored(self.written_off_minor, &self.currency)
    }

    /// The grant whose funder is invoiced in the city's stead; null where the city is invoiced.
    async fn grant(&self, context: &Context<'_>) -> Result<Option<Arc<FundingGrant>>> {
        grant_of_invoice(context, self).await
    }

    /// What grants pay of this invoice of the city, as it was recorded.
    async fn fundings(&self, context: &Context<'_>) -> Result<Vec<Arc<Funding>>> {
        fundings_of_invoice(context, self.id).await
    }

    /// What was given up of it, and what of that was taken back, the earliest first. Proposals are
    /// finance's own.
    async fn write_offs(&self, context: &Context<'_>) -> Result<Vec<Arc<WriteOff>>> {
        write_offs_of(context, self.id).await
    }

    /// What is still to be paid; nothing before it is issued.
    async fn open_amount(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At the end of this day; now when left out.")] as_of: Option<Date>,
    ) -> Result<Amount> {
        let operation = context.operation();
        open_on(operation, self, past(operation, as_of)).await
    }

    /// Who owes it; null for those who may not know of the city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// The membership whose fee it is; null for packages and late charges.
    async fn membership(&self, context: &Context<'_>) -> Result<Option<Arc<Membership>>> {
        match self.membership_id {
            Some(id) => context.operation().load::<MembershipById>(id).await,
            None => Ok(None),
        }
    }

    /// The package that it is for; null for annual fees and late charges.
    async fn package(&self, context: &Context<'_>) -> Result<Option<Arc<Package>>> {
        match self.package_id {
            Some(id) => context.operation().load::<PackageById>(id).await,
            None => Ok(None),
        }
    }

    /// The reminders of it, by their levels.
    async fn reminders(&self, context: &Context<'_>) -> Result<Vec<Arc<Reminder>>> {
        reminders_of(context, self.id).await
    }

    /// What is to say about its late payment; null before it is issued.
    async fn late_payment(&self) -> Option<LatePayment> {
        LatePayment::of(self)
    }

    /// The lines, in their order.
    async fn lines(&self, context: &Context<'_>) -> Result<Vec<ShownLine>> {
        let lines = context.operation().load::<LinesOfInvoice>(self.id).await?;
        Ok(lines
            .iter()
            .flat_map(|lines| lines.iter())
            .map(|line| ShownLine::of(line, &self.currency))
            .collect())
    }

    /// The seller as it was on the day of issue; null before.
    async fn seller(&self, context: &Context<'_>) -> Result<Option<Party>> {
        let parties = context
            .operation()
            .load::<PartiesOfInvoice>(self.id)
            .await?;
        parties.map(|parties| parties.seller.read()).transpose()
    }

    /// The city as it was on the day of issue; null before.
    async fn buyer(&self, context: &Context<'_>) -> Result<Option<Party>> {
        let parties = context
            .operation()
            .load::<PartiesOfInvoice>(self.id)
            .await?;
        parties.map(|parties| parties.buyer.read()).transpose()
    }

    /// SHA-256 of everything that stands on it, in hexadecimal digits; null before it is issued.
    async fn content_hash(&self) -> Option<&str> {
        self.content_hash.as_deref()
    }

    /// What payers write; null before it is issued.
    async fn payment_reference(&self) -> Option<PaymentReference> {
        PaymentReference::of(self)
    }

    /// Its way to the buyer; null when it was never sent from here.
    async fn delivery(&self, context: &Context<'_>) -> Result<Option<Arc<Delivery>>> {
        context.operation().load::<DeliveryOfInvoice>(self.id).await
    }

    /// What keeps it from being an electronic invoice (EN 16931, Peppol, the Danish rules), all of it
    /// with the field to fill in; empty when it can be sent. A draft is looked at as it would be
    /// issued now.
    async fn preflight(&self, context: &Context<'_>) -> Result<Vec<UserError>> {
        let operation = context.operation();
        let problems = operation.load::<PreflightOfInvoice>(self.id).await?;
        Ok(problems
            .iter()
            .flat_map(|problems| problems.iter())
            .map(|problem| UserError::of(problem, operation.language))
            .collect())
    }

    /// What payments were used for it, the earliest first; below zero where a credit note gave money
    /// back to its payment.
    async fn allocations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<AllocationConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        allocations_of(context, AllocationsOf::Invoice, self.id.uuid(), page).await
    }

    /// When it was drafted.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When its status last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}
