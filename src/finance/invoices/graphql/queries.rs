//! Queries of invoices. What it is not: the fields of an invoice.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, DateRange, InstantRange};
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{CurrencyCode, Date};
use crate::db::Db;
use crate::finance::invoices::graphql::open_items::{OpenItemConnection, open_items};
use crate::finance::invoices::graphql::{InvoiceConnection, past};
use crate::finance::invoices::{
    self, FeeTotal, InvoiceFilter, InvoiceKind, InvoiceOrder, InvoiceStatus, Overdue, TotalsBy,
};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id};
use crate::kernel::page::Page;

/// Which invoices a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct InvoiceFilterInput {
    /// In one of these states.
    status: Option<Vec<InvoiceStatus>>,
    /// Of this city.
    city_id: Option<ID>,
    /// Of the fee year that begins in this calendar year.
    fee_year: Option<i32>,
    /// Of one of these kinds.
    kind: Option<Vec<InvoiceKind>>,
    /// Issued in this range of days.
    issued_on: Option<DateRange>,
    /// Due in this range of days.
    due_on: Option<DateRange>,
    /// Last changed in this range.
    updated_at: Option<InstantRange>,
}

impl InvoiceFilterInput {
    /// The filter, checked.
    ///
    /// # Errors
    /// `BadRequest` for lists that are too long or an id of another type.
    pub fn read(self) -> Result<InvoiceFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        inputs::at_most_100("kind", self.kind.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        let (issued_from, issued_before) = inputs::days(self.issued_on);
        let (due_from, due_before) = inputs::days(self.due_on);
        Ok(InvoiceFilter {
            status: self.status,
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            fee_year: self.fee_year,
            kind: self.kind,
            issued_from,
            issued_before,
            due_from,
            due_before,
            updated_from,
            updated_before,
        })
    }
}

/// The invoices of one year, status and currency together.
#[derive(Debug, SimpleObject)]
pub struct FeeTotals {
    /// The year; null for drafts when grouped by year of issue.
    year: Option<i32>,
    /// Where the invoices stand.
    status: InvoiceStatus,
    /// Their currency.
    currency: CurrencyCode,
    /// How many they are.
    count: i64,
    /// Their totals with tax together.
    total: Amount,
    /// What credit notes took back of them together.
    credited: Amount,
    /// What is open on them together.
    open: Amount,
}

impl FeeTotals {
    fn of(total: FeeTotal) -> Result<Self> {
        Ok(Self {
            year: total.year,
            status: total.status,
            count: total.invoices,
            total: stored(total.total_minor, &total.currency)?,
            credited: stored(total.credited_minor, &total.currency)?,
            open: stored(total.open_minor, &total.currency)?,
            currency: CurrencyCode(total.currency),
        })
    }
}

/// Queries of invoices.
#[derive(Debug, Default)]
pub struct InvoiceQuery;

#[Object]
impl InvoiceQuery {
    /// The invoices that the caller may see, the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn invoices(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<InvoiceFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<InvoiceOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<InvoiceConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let scope = scope(context)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| invoices::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| invoices::count(db, &scope, &filter);
        let order = invoices::order(&order);
        Ok(InvoiceConnection(Connected::new(listed, order, count)))
    }

    /// What a city has to pay, item by item, the longest due first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn open_items(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city's id.")] city_id: ID,
        #[graphql(desc = "At the end of this day; now when left out.")] as_of: Option<Date>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<OpenItemConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let city = finance_city(context, &city_id)?;
        let operation = context.operation();
        let day = as_of.map_or(operation.today(), |date| date.0);
        open_items(context, city, day, past(operation, as_of), &page)
    }

    /// The invoices that were due before a day and are open, the longest due first.
    async fn overdue_invoices(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<Date>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<InvoiceConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let scope = scope(context)?;
        let operation = context.operation();
        let overdue = Overdue {
            as_of: as_of.map_or(operation.today(), |date| date.0),
            looks_back: past(operation, as_of).is_some(),
        };
        let listed = context.read(|db| invoices::list_overdue(db, &scope, overdue, &page))?;
        let count = move |db: &mut Db, _: &Operation| invoices::count_overdue(db, &scope, overdue);
        let order = invoices::order_by_due();
        Ok(InvoiceConnection(Connected::new(listed, order, count)))
    }

    /// The sums over all invoices, by year, status and currency. For those who see all of them.
    async fn fee_totals(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Which year they are grouped by.",
            default_with = "TotalsBy::FeeYear"
        )]
        by: TotalsBy,
        #[graphql(desc = "Only this year.")] year: Option<i32>,
    ) -> Result<Vec<FeeTotals>> {
        let viewer = &context.operation().viewer;
        viewer.permit(Permission::SeeFinance)?;
        let totals = context.read(|db| invoices::totals(db, by, year))?;
        totals.into_iter().map(FeeTotals::of).collect()
    }
}

/// What the caller may see of the network's money.
fn scope(context: &Context<'_>) -> Result<Scope> {
    let viewer = &context.operation().viewer;
    viewer.scope_of_list(Permission::SeeFinance)
}

/// A city whose money the caller may see; any other one does not exist for the caller.
pub(super) fn finance_city(context: &Context<'_>, id: &ID) -> Result<CityId> {
    let scope = scope(context)?;
    let city: CityId = inputs::query_id(id)?;
    let known = scope.has_city(city)
        && context
            .read(|db| crate::registry::cities::find(db, city))?
            .is_some();
    if known {
        Ok(city)
    } else {
        Err(Error::NotFound {
            kind: CityId::KIND,
            id: city.public(),
        })
    }
}
