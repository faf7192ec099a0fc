//! Queries of refunds. What it is not: the fields of one.

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, InstantRange};
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::refunds::graphql::RefundConnection;
use crate::finance::refunds::{self, RefundFilter, RefundOrder, RefundStatus};
use crate::kernel::error::Result;
use crate::kernel::page::Page;

/// Which refunds a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct RefundFilterInput {
    /// In one of these states.
    status: Option<Vec<RefundStatus>>,
    /// Of this city.
    city_id: Option<ID>,
    /// Last changed in this range.
    updated_at: Option<InstantRange>,
}

impl RefundFilterInput {
    fn read(self) -> Result<RefundFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(RefundFilter {
            status: self.status,
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of refunds.
#[derive(Debug, Default)]
pub struct RefundQuery;

#[Object]
impl RefundQuery {
    /// The refunds that the caller may see, the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn refunds(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<RefundFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<RefundOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<RefundConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::SeeFinance)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| refunds::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| refunds::count(db, &scope, &filter);
        let order = refunds::order(&order);
        Ok(RefundConnection(Connected::new(listed, order, count)))
    }
}
