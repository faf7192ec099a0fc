//! Queries of grants. What it is not: the fields of a grant.

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, InstantRange};
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::grants::graphql::FundingGrantConnection;
use crate::finance::grants::{self, GrantFilter, GrantOrder, GrantStatus};
use crate::kernel::error::Result;
use crate::kernel::page::Page;

/// Which grants a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct GrantFilterInput {
    /// In one of these states.
    status: Option<Vec<GrantStatus>>,
    /// Of this city.
    city_id: Option<ID>,
    /// Of this funder.
    funder_id: Option<ID>,
    /// Last changed in this range.
    updated_at: Option<InstantRange>,
}

impl GrantFilterInput {
    fn read(self) -> Result<GrantFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        let funder = self.funder_id.as_ref();
        Ok(GrantFilter {
            status: self.status,
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            funder: funder.map(inputs::query_id).transpose()?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of grants.
#[derive(Debug, Default)]
pub struct GrantQuery;

#[Object]
impl GrantQuery {
    /// The grants that the caller may see, the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn grants(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<GrantFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<GrantOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<FundingGrantConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::SeeFinance)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| grants::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| grants::count(db, &scope, &filter);
        let order = grants::order(&order);
        Ok(FundingGrantConnection(Connected::new(listed, order, count)))
    }
}
