//! Queries of write-offs. What it is not: the fields of one.

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, InstantRange};
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::write_offs::graphql::WriteOffConnection;
use crate::finance::write_offs::{
    self, WriteOffFilter, WriteOffKind, WriteOffOrder, WriteOffStatus,
};
use crate::kernel::error::Result;
use crate::kernel::page::Page;

/// Which write-offs a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct WriteOffFilterInput {
    /// In one of these states.
    status: Option<Vec<WriteOffStatus>>,
    /// For one of these reasons.
    kind: Option<Vec<WriteOffKind>>,
    /// Of this city.
    city_id: Option<ID>,
    /// Last changed in this range.
    updated_at: Option<InstantRange>,
}

impl WriteOffFilterInput {
    fn read(self) -> Result<WriteOffFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        inputs::at_most_100("kind", self.kind.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(WriteOffFilter {
            status: self.status,
            kind: self.kind,
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of write-offs.
#[derive(Debug, Default)]
pub struct WriteOffQuery;

#[Object]
impl WriteOffQuery {
    /// The write-offs that the caller may see, the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn write_offs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<WriteOffFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<WriteOffOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<WriteOffConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::SeeFinance)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| write_offs::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| write_offs::count(db, &scope, &filter);
        let order = write_offs::order(&order);
        Ok(WriteOffConnection(Connected::new(listed, order, count)))
    }
}
