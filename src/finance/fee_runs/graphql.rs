//! Fee runs in the schema: the types. Queries and mutations are in the files of this folder; what it is
//! not: the rules.

pub mod mutations;
pub mod previews;
pub mod queries;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

pub use mutations::FeeRunMutation;
pub use queries::FeeRunQuery;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::connection::ParentList;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::finance::fee_runs::{
    self, FeeRun, FeeRunFilter, FeeRunOutcome, FeeRunReason, FeeRunRow, FeeRunState, FeeRunStep,
};
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::kernel::error::Result;
use crate::kernel::ids::{FeeRunId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::memberships::Membership;
use crate::registry::memberships::graphql::MembershipById;

crate::connection!(FeeRunConnection, FeeRunEdge, FeeRun);
crate::connection!(FeeRunRowConnection, FeeRunRowEdge, FeeRunRow);

/// Whether a viewer sees fee runs: those who see all invoices.
fn sees_runs(viewer: &Viewer) -> bool {
    viewer.scope(Permission::SeeFinance) == Scope::All
}

/// Loads fee runs.
#[derive(Debug)]
pub struct FeeRunById;

impl Load for FeeRunById {
    type Key = FeeRunId;
    type Value = Arc<FeeRun>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[FeeRunId],
    ) -> Result<HashMap<FeeRunId, Self::Value>> {
        if !sees_runs(&operation.viewer) {
            return Ok(HashMap::new());
        }
        Ok(fee_runs::find_many(db, keys)?
            .into_iter()
            .map(|run| (run.id, Arc::new(run)))
            .collect())
    }
}

/// The rows of runs.
#[derive(Debug)]
struct RowsOfRun;

impl ParentList for RowsOfRun {
    type Row = FeeRunRow;
    type Arguments = (FeeRunFilter, Page);

    fn order(_: &Self::Arguments) -> Order<FeeRunRow> {
        fee_runs::order_of_rows()
    }

    fn list(
        db: &mut Db,
        _: &Operation,
        runs: &[Uuid],
        (filter, page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<FeeRunRow>>> {
        fee_runs::list_rows_of(db, runs, filter, page)
    }

    fn count(
        db: &mut Db,
        _: &Operation,
        runs: &[Uuid],
        (filter, _): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        fee_runs::count_rows_of(db, runs, filter)
    }
}

/// Which rows of a fee run a list holds.
#[derive(Debug, Default, InputObject)]
pub struct FeeRunRowFilterInput {
    /// With one of these outcomes.
    outcome: Option<Vec<FeeRunOutcome>>,
}

impl FeeRunRowFilterInput {
    fn read(self) -> Result<FeeRunFilter> {
        inputs::at_most_100("outcome", self.outcome.as_deref())?;
        Ok(FeeRunFilter {
            outcome: self.outcome,
        })
    }
}

/// The invoicing of a fee year of every member at once.
#[Object]
impl FeeRun {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The calendar year in which the fee years begin.
    async fn fee_year(&self) -> i32 {
        self.fee_year
    }

    /// The date of the invoices.
    async fn issued_on(&self) -> Date {
        Date(self.issued_on)
    }

    /// How far it takes an invoice.
    async fn step(&self) -> FeeRunStep {
        self.step
    }

    /// How far it is.
    async fn state(&self) -> FeeRunState {
        self.state
    }

    /// How many memberships it drafted an invoice for.
    async fn drafted(&self) -> i32 {
        self.drafted
    }

    /// How many memberships it invoiced.
    async fn invoiced(&self) -> i32 {
        self.invoiced
    }

    /// How many memberships it skipped.
    async fn skipped(&self) -> i32 {
        self.skipped
    }

    /// How many memberships it could not invoice.
    async fn failed(&self) -> i32 {
        self.failed
    }

    /// What it drafted and invoiced, without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.net_minor, &self.currency)
    }

    /// What it drafted and invoiced, with tax.
    async fn total(&self) -> Result<Amount> {
        stored(self.total_minor, &self.currency)
    }

    /// What it did about each membership so far.
    async fn rows(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<FeeRunRowFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<FeeRunRowConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let asked = (filter.unwrap_or_default().read()?, page);
        let operation = context.operation();
        let connected = operation
            .connect::<RowsOfRun>(self.id.uuid(), asked)
            .await?;
        Ok(FeeRunRowConnection(connected))
    }

    /// When it was asked for.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When its work began; null while it waits.
    async fn started_at(&self) -> Option<Instant> {
        self.started_at
    }

    /// When its work was done; null before.
    async fn finished_at(&self) -> Option<Instant> {
        self.finished_at
    }

    /// When it last moved.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// What a fee run did about a membership.
#[Object]
impl FeeRunRow {
    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// The membership.
    async fn membership(&self, context: &Context<'_>) -> Result<Option<Arc<Membership>>> {
        let operation = context.operation();
        operation.load::<MembershipById>(self.membership_id).await
    }

    /// What was done.
    async fn outcome(&self) -> FeeRunOutcome {
        self.outcome
    }

    /// Why it was not invoiced, as a word; null when it was.
    async fn reason_code(&self) -> Option<FeeRunReason> {
        self.reason_code
    }

    /// Why it was not invoiced; null when it was.
    async fn reason(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> Option<&str> {
        match context.language(language.as_ref()) {
            Language::Da => self.reason_da.as_deref(),
            Language::En => self.reason_en.as_deref(),
        }
    }

    /// The invoice that was made, or the one that was there; null without, and when its draft was
    /// discarded since.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        match self.invoice_id {
            Some(invoice) => context.operation().load::<InvoiceById>(invoice).await,
            None => Ok(None),
        }
    }

    /// What was drafted or invoiced, without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.net_minor, &self.currency)
    }

    /// What was drafted or invoiced, with tax.
    async fn total(&self) -> Result<Amount> {
        stored(self.total_minor, &self.currency)
    }
}
