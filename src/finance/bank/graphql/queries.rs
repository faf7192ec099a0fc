//! Queries of the bank's statements and entries. What it is not: their fields.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, DateRange, InstantRange};
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::bank::graphql::{
    BankEntryById, BankEntryConnection, BankStatementById, BankStatementConnection,
};
use crate::finance::bank::{
    self, BankEntry, BankEntryFilter, BankEntryOrder, BankEntryState, BankPolicy, BankStatement,
    Direction,
};
use crate::finance::sellers;
use crate::kernel::error::Result;
use crate::kernel::page::Page;

/// Which entries of the bank a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct BankEntryFilterInput {
    /// In one of these states.
    state: Option<Vec<BankEntryState>>,
    /// Only what came, or what went.
    direction: Option<Direction>,
    /// First told of by this statement.
    statement_id: Option<ID>,
    /// Booked in this range of days.
    booked_on: Option<DateRange>,
    /// Last proposed for or decided about in this range.
    updated_at: Option<InstantRange>,
}

impl BankEntryFilterInput {
    fn read(self) -> Result<BankEntryFilter> {
        inputs::at_most_100("state", self.state.as_deref())?;
        let (booked_from, booked_before) = inputs::days(self.booked_on);
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        let statement = self.statement_id.as_ref();
        Ok(BankEntryFilter {
            state: self.state,
            direction: self.direction,
            statement: statement.map(inputs::query_id).transpose()?,
            booked_from,
            booked_before,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of the bank's statements and entries.
#[derive(Debug, Default)]
pub struct BankQuery;

#[Object]
impl BankQuery {
    /// A statement of the bank by its id; null when there is none. For those who see all invoices.
    async fn bank_statement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The statement's id.")] id: ID,
    ) -> Result<Option<Arc<BankStatement>>> {
        let operation = context.operation();
        operation.viewer.permit(Permission::SeeFinance)?;
        let id = inputs::query_id(&id)?;
        operation.load::<BankStatementById>(id).await
    }

    /// The bank's statements, the latest imported first. For those who see all invoices.
    async fn bank_statements(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<BankStatementConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        context.operation().viewer.permit(Permission::SeeFinance)?;
        let listed = context.read(|db| bank::list_statements(db, &page))?;
        let count = |db: &mut Db, _: &Operation| bank::count_statements(db);
        let order = bank::order_of_statements();
        Ok(BankStatementConnection(Connected::new(
            listed, order, count,
        )))
    }

    /// An entry of the bank by its id; null when there is none. For those who see all invoices.
    async fn bank_entry(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The entry's id.")] id: ID,
    ) -> Result<Option<Arc<BankEntry>>> {
        let operation = context.operation();
        operation.viewer.permit(Permission::SeeFinance)?;
        operation
            .load::<BankEntryById>(inputs::query_id(&id)?)
            .await
    }

    /// The entries of the bank, the latest first unless ordered otherwise. For those who see all invoices.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn bank_entries(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<BankEntryFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<BankEntryOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<BankEntryConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        context.operation().viewer.permit(Permission::SeeFinance)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| bank::list(db, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| bank::count(db, &filter);
        let order = bank::order(&order);
        Ok(BankEntryConnection(Connected::new(listed, order, count)))
    }

    /// From which confidence on entries of the bank are matched without asking. For those who see all
    /// invoices.
    async fn bank_policy(&self, context: &Context<'_>) -> Result<BankPolicy> {
        let operation = context.operation();
        operation.viewer.permit(Permission::SeeFinance)?;
        let now = operation.now;
        context.read(|db| {
            let seller = sellers::the_seller(db)?;
            bank::policy(db, seller.id, now)
        })
    }
}
