//! What a city still has to pay, item by item. What it is not: a statement of account; payments
//! that are not allocated are not in it.

use std::sync::Arc;

use async_graphql::{Context, Object};
use chrono::NaiveDate;

use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::money::Amount;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::db::listing::{Listed, Order, OrderKey};
use crate::finance::invoices::graphql::open_on;
use crate::finance::invoices::{self, Invoice};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id};
use crate::kernel::page::{KeyKind, KeyValue, Page};

crate::connection!(OpenItemConnection, OpenItemEdge, OpenItem);

/// An invoice on which something is open.
#[derive(Debug, Clone)]
pub struct OpenItem {
    invoice: Arc<Invoice>,
    as_of: NaiveDate,
    past: Option<NaiveDate>,
}

/// An invoice on which something is, or was, open.
#[Object]
impl OpenItem {
    /// The invoice.
    async fn invoice(&self) -> Arc<Invoice> {
        Arc::clone(&self.invoice)
    }

    /// What was open at the end of the day that is asked for.
    async fn open_amount(&self, context: &Context<'_>) -> Result<Amount> {
        open_on(context.operation(), &self.invoice, self.past).await
    }

    /// The last day to pay.
    async fn due_on(&self) -> Option<Date> {
        self.invoice.due_on.map(Date)
    }

    /// How many days the payment is late on the day that is asked for; 0 while it is not.
    async fn days_overdue(&self) -> i64 {
        let late = |due_on| self.as_of.signed_duration_since(due_on).num_days().max(0);
        self.invoice.due_on.map_or(0, late)
    }
}

/// The open items of a city on a day, the longest due first.
pub(super) fn open_items(
    context: &Context<'_>,
    city: CityId,
    as_of: NaiveDate,
    past: Option<NaiveDate>,
    page: &Page,
) -> Result<OpenItemConnection> {
    let listed = context.read(|db| invoices::list_open(db, city, past, page))?;
    let rows = listed.rows.into_iter().map(|invoice| OpenItem {
        invoice: Arc::new(invoice),
        as_of,
        past,
    });
    let listed = Listed {
        rows: rows.collect(),
        has_next: listed.has_next,
        has_previous: listed.has_previous,
    };
    let count = move |db: &mut Db, _: &Operation| invoices::count_open(db, city, past);
    Ok(OpenItemConnection(Connected::new(listed, order(), count)))
}

/// The order of [`invoices::order_by_due`], for items.
fn order() -> Order<OpenItem> {
    Order {
        keys: vec![OrderKey {
            column: "invoices.due_on",
            descending: false,
            nullable: false,
            kind: KeyKind::Date,
            value: |item| item.invoice.due_on.map_or(KeyValue::Null, KeyValue::Date),
        }],
        id: |item| item.invoice.id.uuid(),
    }
}
