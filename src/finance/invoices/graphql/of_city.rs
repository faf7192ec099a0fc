//! What a city shows of its invoices: the list and the balance, for many cities at once. What it is
//! not: the city's own fields.

use std::collections::HashMap;

use async_graphql::Context;
use chrono::NaiveDate;
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::api::batch::Load;
use crate::api::connection::ParentList;
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{CurrencyCode, Date};
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::finance::invoices::graphql::{InvoiceConnection, past};
use crate::finance::invoices::{self, Invoice, InvoiceFilter, InvoiceOrder};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id};
use crate::kernel::page::Page;

/// The invoices of cities.
#[derive(Debug)]
pub struct InvoicesOfCity;

/// Which invoices of each city.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InvoicesAsked {
    page: Page,
    order: Vec<InvoiceOrder>,
    filter: InvoiceFilter,
}

impl ParentList for InvoicesOfCity {
    type Row = Invoice;
    type Arguments = InvoicesAsked;

    fn order(arguments: &InvoicesAsked) -> Order<Invoice> {
        invoices::order(&arguments.order)
    }

    fn list(
        db: &mut Db,
        operation: &Operation,
        parents: &[Uuid],
        asked: &InvoicesAsked,
    ) -> Result<HashMap<Uuid, Listed<Invoice>>> {
        let scope = scope(operation);
        let InvoicesAsked {
            page,
            order,
            filter,
        } = asked;
        invoices::list_of_cities(db, &scope, parents, filter, order, page)
    }

    fn count(
        db: &mut Db,
        operation: &Operation,
        parents: &[Uuid],
        asked: &InvoicesAsked,
    ) -> Result<HashMap<Uuid, i64>> {
        invoices::count_of_cities(db, &scope(operation), parents, &asked.filter)
    }
}

fn scope(operation: &Operation) -> Scope {
    operation.viewer.scope(Permission::SeeFinance)
}

/// The invoices of a city; none for those who may not see them.
///
/// # Errors
/// What the list says.
pub async fn invoices_of_city(
    context: &Context<'_>,
    city: CityId,
    page: Page,
    order: Vec<InvoiceOrder>,
    filter: InvoiceFilter,
) -> Result<Option<InvoiceConnection>> {
    let operation = context.operation();
    if !operation.viewer.may_for(Permission::SeeFinance, city) {
        return Ok(None);
    }
    let asked = InvoicesAsked {
        page,
        order,
        filter,
    };
    let connected = operation
        .connect::<InvoicesOfCity>(city.uuid(), asked)
        .await?;
    Ok(Some(InvoiceConnection(connected)))
}

/// Loads what cities owe.
#[derive(Debug)]
struct OpenOfCity;

impl Load for OpenOfCity {
    type Key = (CityId, Option<NaiveDate>, String);
    type Value = i64;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[Self::Key],
    ) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut groups: HashMap<(Option<NaiveDate>, &str), Vec<CityId>> = HashMap::new();
        for (city, day, currency) in keys {
            groups.entry((*day, currency)).or_default().push(*city);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for ((day, currency), cities) in groups {
            for (city, minor) in invoices::open_of_cities(db, &cities, currency, day)? {
                found.insert((city, day, currency.to_owned()), minor);
            }
        }
        Ok(found)
    }
}

/// What a city owes in a currency, the krone when none is named; none for those who may not see it.
///
/// # Errors
/// What the database says.
pub async fn open_balance(
    context: &Context<'_>,
    city: CityId,
    as_of: Option<Date>,
    currency: Option<CurrencyCode>,
) -> Result<Option<Amount>> {
    let operation = context.operation();
    if !operation.viewer.may_for(Permission::SeeFinance, city) {
        return Ok(None);
    }
    let currency = currency.map_or_else(|| String::from("DKK"), |code| code.0);
    let key = (city, past(operation, as_of), currency.clone());
    let minor = operation.load::<OpenOfCity>(key).await?;
    stored(minor.unwrap_or_default(), &currency).map(Some)
}
