//! Grants in the schema: the type and what hangs on it. Queries and mutations are in the files of this
//! folder; what it is not: the rules.

pub mod loads;
pub mod mutations;
pub mod parts;
pub mod queries;
pub mod steps;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use loads::{FundingById, FundingGrantById, fundings_of_invoice, grant_of_invoice};
pub use mutations::GrantMutation;
pub use parts::{FundingAward, ShownInstalment};
pub use queries::GrantQuery;
pub use steps::GrantStepMutation;

use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::scalars::Date;
use crate::finance::funders::Funder;
use crate::finance::funders::graphql::FunderById;
use crate::finance::grants::graphql::loads::{AwardOfGrant, FundingsOfGrant, InstalmentsOfGrant};
use crate::finance::grants::{Funding, FundingGrant, GrantStatus};
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::instant::Instant;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(FundingGrantConnection, FundingGrantEdge, FundingGrant);

/// What a city asks a funder for, and what the funder promised.
#[Object]
impl FundingGrant {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// Whose fees it pays.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// Who is asked.
    async fn funder(&self, context: &Context<'_>) -> Result<Option<Arc<Funder>>> {
        context.operation().load::<FunderById>(self.funder_id).await
    }

    /// What the project is called.
    async fn title(&self) -> &str {
        &self.title
    }

    /// What the money is for.
    async fn purpose(&self) -> Option<&str> {
        self.purpose.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> GrantStatus {
        self.status
    }

    /// What is asked for.
    async fn asked(&self) -> Result<Amount> {
        stored(self.asked_minor, &self.currency)
    }

    /// What the funder calls it; it stands on the funder's invoices.
    async fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The day on which the funder got the application.
    async fn submitted_on(&self) -> Option<Date> {
        self.submitted_on.map(Date)
    }

    /// The day on which the funder decided.
    async fn decided_on(&self) -> Option<Date> {
        self.decided_on.map(Date)
    }

    /// The day on which the funder got the report.
    async fn reported_on(&self) -> Option<Date> {
        self.reported_on.map(Date)
    }

    /// The day on which it was closed or clawed back.
    async fn ended_on(&self) -> Option<Date> {
        self.ended_on.map(Date)
    }

    /// Why it was rejected or clawed back.
    async fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// What the funder promised; null before it did.
    async fn award(&self, context: &Context<'_>) -> Result<Option<Arc<FundingAward>>> {
        context.operation().load::<AwardOfGrant>(self.id).await
    }

    /// In which parts the funder pays, by day.
    async fn instalments(&self, context: &Context<'_>) -> Result<Vec<ShownInstalment>> {
        let found = context
            .operation()
            .load::<InstalmentsOfGrant>(self.id)
            .await?;
        Ok(found.map(|found| found.to_vec()).unwrap_or_default())
    }

    /// What it pays of which invoices, as it was recorded, with the entries that take it back.
    async fn fundings(&self, context: &Context<'_>) -> Result<Vec<Arc<Funding>>> {
        let found = context.operation().load::<FundingsOfGrant>(self.id).await?;
        Ok(found.map(|found| found.to_vec()).unwrap_or_default())
    }

    /// When it was begun.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// What a grant pays of a line of an invoice, or an entry below zero that takes that back.
#[Object]
impl Funding {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The grant.
    async fn grant(&self, context: &Context<'_>) -> Result<Option<Arc<FundingGrant>>> {
        context
            .operation()
            .load::<FundingGrantById>(self.grant_id)
            .await
    }

    /// The city's invoice; null while the caller may not see it.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        context
            .operation()
            .load::<InvoiceById>(self.invoice_id)
            .await
    }

    /// The funder's own invoice; null when it has none, or while the caller may not see it.
    async fn share_invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        match self.share_invoice_id {
            Some(id) => context.operation().load::<InvoiceById>(id).await,
            None => Ok(None),
        }
    }

    /// How much of the line, without tax.
    async fn net(&self, context: &Context<'_>) -> Result<Option<Amount>> {
        self.of_award(context, self.net_minor).await
    }

    /// What is counted to the award: with the tax, where the award covers it.
    async fn amount(&self, context: &Context<'_>) -> Result<Option<Amount>> {
        self.of_award(context, self.amount_minor).await
    }

    /// The entry that this one takes back, by its id.
    async fn takes_back(&self) -> Option<ID> {
        self.counters_id.map(|id| ID(id.public()))
    }

    /// The day from which it counts.
    async fn funded_on(&self) -> Date {
        Date(self.funded_on)
    }

    /// When it was recorded.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it changed last: it never does, so when it was recorded.
    async fn updated_at(&self) -> Instant {
        self.created_at
    }
}

impl Funding {
    /// An amount in the currency of our invoices.
    async fn of_award(&self, context: &Context<'_>, minor: i64) -> Result<Option<Amount>> {
        let award = context
            .operation()
            .load::<AwardOfGrant>(self.grant_id)
            .await?;
        award.map(|award| award.in_its_currency(minor)).transpose()
    }
}
