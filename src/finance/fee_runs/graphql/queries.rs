//! Queries of fee runs. What it is not: the fields of a run.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::fee_runs::graphql::previews::Previewed;
use crate::finance::fee_runs::graphql::{FeeRunById, FeeRunConnection};
use crate::finance::fee_runs::{self, FeeRun};
use crate::finance::invoices::Stamp;
use crate::kernel::error::Result;
use crate::kernel::page::Page;

/// Queries of fee runs.
#[derive(Debug, Default)]
pub struct FeeRunQuery;

#[Object]
impl FeeRunQuery {
    /// What a fee run over a year would do now: what would be invoiced, and who would be skipped and
    /// why. For those who see all invoices.
    async fn preview_fee_run(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The calendar year in which the fee years begin.")] fee_year: i32,
    ) -> Result<Previewed> {
        let operation = context.operation();
        operation.viewer.permit(Permission::SeeFinance)?;
        let stamp = Stamp {
            at: operation.now,
            by: None,
        };
        let preview = context.read(|db| fee_runs::preview(db, stamp, fee_year))?;
        Ok(Previewed(Arc::new(preview)))
    }

    /// A fee run by its id; null when there is none. For those who see all invoices.
    async fn fee_run(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The run's id.")] id: ID,
    ) -> Result<Option<Arc<FeeRun>>> {
        let operation = context.operation();
        operation.viewer.permit(Permission::SeeFinance)?;
        operation.load::<FeeRunById>(inputs::query_id(&id)?).await
    }

    /// The fee runs, the newest first. For those who see all invoices.
    async fn fee_runs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<FeeRunConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        context.operation().viewer.permit(Permission::SeeFinance)?;
        let listed = context.read(|db| fee_runs::list(db, &page))?;
        let count = |db: &mut Db, _: &Operation| fee_runs::count(db);
        let order = fee_runs::order();
        Ok(FeeRunConnection(Connected::new(listed, order, count)))
    }
}
