//! Queries of payments, and what a city shows of them. What it is not: the fields of a payment.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::InOperation;
use crate::api::inputs::{self, DateRange, InstantRange};
use crate::api::operation::Operation;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::finance::payments::graphql::PaymentConnection;
use crate::finance::payments::{self, Payment, PaymentFilter, PaymentOrder};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id};
use crate::kernel::page::Page;

/// Which payments a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct PaymentFilterInput {
    /// From this city, or for it.
    city_id: Option<ID>,
    /// Received in this range of days.
    received_on: Option<DateRange>,
    /// Last changed in this range.
    updated_at: Option<InstantRange>,
}

impl PaymentFilterInput {
    fn read(self) -> Result<PaymentFilter> {
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        let (received_from, received_before) = inputs::days(self.received_on);
        Ok(PaymentFilter {
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            received_from,
            received_before,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of payments.
#[derive(Debug, Default)]
pub struct PaymentQuery;

#[Object]
impl PaymentQuery {
    /// The payments that the caller may see, the latest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn payments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PaymentFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PaymentOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PaymentConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::SeeFinance)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| payments::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| payments::count(db, &scope, &filter);
        let order = payments::order(&order);
        Ok(PaymentConnection(Connected::new(listed, order, count)))
    }
}

/// The payments of cities.
#[derive(Debug)]
struct PaymentsOfCity;

impl ParentList for PaymentsOfCity {
    type Row = Payment;
    type Arguments = (PaymentFilter, Vec<PaymentOrder>, Page);

    fn order((_, order, _): &Self::Arguments) -> Order<Payment> {
        payments::order(order)
    }

    fn list(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        (filter, order, page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<Payment>>> {
        payments::list_of_cities(db, parents, filter, order, page)
    }

    fn count(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        (filter, ..): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        payments::count_of_cities(db, parents, filter)
    }
}

/// The payments of a city; none for those who may not see them.
///
/// # Errors
/// What the list says.
pub async fn payments_of_city(
    context: &Context<'_>,
    city: CityId,
    filter: Option<PaymentFilterInput>,
    order: Option<Vec<PaymentOrder>>,
    page: Page,
) -> Result<Option<PaymentConnection>> {
    let operation = context.operation();
    if !operation.viewer.may_for(Permission::SeeFinance, city) {
        return Ok(None);
    }
    let asked = (
        filter.unwrap_or_default().read()?,
        inputs::order(order)?,
        page,
    );
    let connected = operation
        .connect::<PaymentsOfCity>(city.uuid(), asked)
        .await?;
    Ok(Some(PaymentConnection(connected)))
}
