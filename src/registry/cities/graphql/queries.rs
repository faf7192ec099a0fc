//! The queries of cities in the schema. What it is not: the city itself.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::CountryCode;
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::page::Page;
use crate::registry::cities::graphql::{CityById, CityConnection};
use crate::registry::cities::{self, City, CityFilter, CityOrder};
use crate::registry::memberships::MembershipStatus;

/// Which cities a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct CityFilterInput {
    /// The membership of the network has one of these statuses today.
    status: Option<Vec<MembershipStatus>>,
    /// In one of these countries.
    country: Option<Vec<CountryCode>>,
    /// A name in any language contains this; case, accents and the spellings of æøå do not matter.
    search: Option<String>,
    /// Last revised in this range.
    updated_at: Option<crate::api::inputs::InstantRange>,
}

impl CityFilterInput {
    fn read(self) -> Result<CityFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        inputs::at_most_100("country", self.country.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(CityFilter {
            status: self.status,
            country: self
                .country
                .map(|countries| countries.into_iter().map(|country| country.0).collect()),
            search: inputs::search(self.search)?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of cities.
#[derive(Debug, Default)]
pub struct CityQuery;

#[Object]
impl CityQuery {
    /// A city by its id; null when there is none or the caller may not know of it.
    async fn city(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city's id.")] id: ID,
    ) -> Result<Option<Arc<City>>> {
        context
            .operation()
            .load::<CityById>(inputs::query_id(&id)?)
            .await
    }

    /// The cities, by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn cities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<CityFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<CityOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<CityConnection> {
        let operation = context.operation();
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let (scope, today) = (
            operation.viewer.scope(Permission::SeeUnpublishedCities),
            operation.today(),
        );
        let listed = context.read(|db| cities::list(db, &scope, today, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| cities::count(db, &scope, today, &filter);
        Ok(CityConnection(Connected::new(
            listed,
            cities::order(&order),
            count,
        )))
    }
}
