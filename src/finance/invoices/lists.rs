//! Pages of invoices: all of them, a city's, those that are open, those that are overdue. What it
//! is not: single invoices (`store`).

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{Date, Text};
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::{Bind, Sql};
use crate::finance::invoices::model::{Invoice, InvoiceFilter, InvoiceOrder, OverdueInvoice};
use crate::finance::invoices::open_amounts::open_on;
use crate::finance::invoices::store::RowType;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, InvoiceId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::sql_types::Uid;

const SOURCE: Source = Source {
    columns: "invoices",
    from: "invoices",
    id: "invoices.id",
    parent: "invoices.city_id",
};

/// A page of the invoices that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &InvoiceFilter,
    order: &[InvoiceOrder],
    page: &Page,
) -> Result<Listed<Invoice>> {
    let order = self::order(order);
    listing::list::<RowType, Invoice>(db, &SOURCE, conditions(scope, filter), &order, page)
}

/// How many invoices a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &InvoiceFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// A page of the invoices of each city.
///
/// # Errors
/// As [`list`].
pub fn list_of_cities(
    db: &mut Db,
    scope: &Scope,
    cities: &[Uuid],
    filter: &InvoiceFilter,
    order: &[InvoiceOrder],
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Invoice>>> {
    let order = self::order(order);
    let conditions = conditions(scope, filter);
    listing::list_for::<RowType, Invoice>(db, &SOURCE, cities, conditions, &order, page)
}

/// How many invoices each city has.
///
/// # Errors
/// As [`count`].
pub fn count_of_cities(
    db: &mut Db,
    scope: &Scope,
    cities: &[Uuid],
    filter: &InvoiceFilter,
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &SOURCE, cities, conditions(scope, filter))
}

/// A page of the invoices of a city on which something was open at the end of a day; without a day,
/// on which something is open now.
///
/// # Errors
/// As [`list`].
pub fn list_open(
    db: &mut Db,
    city: CityId,
    past: Option<NaiveDate>,
    page: &Page,
) -> Result<Listed<Invoice>> {
    let conditions = of_city(city, past);
    listing::list::<RowType, Invoice>(db, &SOURCE, conditions, &order_by_due(), page)
}

/// How many such invoices the city has.
///
/// # Errors
/// As [`count`].
pub fn count_open(db: &mut Db, city: CityId, past: Option<NaiveDate>) -> Result<i64> {
    listing::count(db, &SOURCE, of_city(city, past))
}

/// Which invoices were not paid in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Overdue {
    /// Due before this day.
    pub as_of: NaiveDate,
    /// Whether what was open then is asked, and not what is open now.
    pub looks_back: bool,
}

/// A page of the invoices that are overdue, the longest first.
///
/// # Errors
/// As [`list`].
pub fn list_overdue(
    db: &mut Db,
    scope: &Scope,
    overdue: Overdue,
    page: &Page,
) -> Result<Listed<Invoice>> {
    let conditions = late(scope, overdue);
    listing::list::<RowType, Invoice>(db, &SOURCE, conditions, &order_by_due(), page)
}

/// How many invoices are overdue.
///
/// # Errors
/// As [`count`].
pub fn count_overdue(db: &mut Db, scope: &Scope, overdue: Overdue) -> Result<i64> {
    listing::count(db, &SOURCE, late(scope, overdue))
}

/// How a list of invoices is sorted: the newest draft first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[InvoiceOrder]) -> Order<Invoice> {
    let asked = if order.is_empty() {
        &[InvoiceOrder::CreatedAtDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().copied().map(order_key).collect(),
        id: |invoice| invoice.id.uuid(),
    }
}

/// The day they are due, the earliest first. Only invoices that are issued stand in such lists, so
/// the day is known.
#[must_use]
pub fn order_by_due() -> Order<Invoice> {
    Order {
        keys: vec![OrderKey {
            column: "invoices.due_on",
            descending: false,
            nullable: false,
            kind: KeyKind::Date,
            value: |invoice| invoice.due_on.map_or(KeyValue::Null, KeyValue::Date),
        }],
        id: |invoice| invoice.id.uuid(),
    }
}

fn order_key(order: InvoiceOrder) -> OrderKey<Invoice> {
    match order {
        InvoiceOrder::CreatedAtAsc | InvoiceOrder::CreatedAtDesc => OrderKey {
            column: "invoices.created_at",
            descending: order == InvoiceOrder::CreatedAtDesc,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |invoice| KeyValue::Stamp(invoice.created_at),
        },
        InvoiceOrder::IssuedOnAsc | InvoiceOrder::IssuedOnDesc => OrderKey {
            column: "invoices.issued_on",
            descending: order == InvoiceOrder::IssuedOnDesc,
            nullable: true,
            kind: KeyKind::Date,
            value: |invoice| invoice.issued_on.map_or(KeyValue::Null, KeyValue::Date),
        },
        InvoiceOrder::UpdatedAtAsc | InvoiceOrder::UpdatedAtDesc => OrderKey {
            column: "invoices.updated_at",
            descending: order == InvoiceOrder::UpdatedAtDesc,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |invoice| KeyValue::Stamp(invoice.updated_at),
        },
    }
}

/// A draft is finance's own: a city sees its invoices from their issue on.
fn seen(scope: &Scope) -> Conditions {
    match scope {
        Scope::All => Conditions::none(),
        Scope::Own { .. } => Conditions::none()
            .and(Sql::new("invoices.city_id").in_uids(scope.city_keys()))
            .and(Sql::new("invoices.status <> 'DRAFT'")),
    }
}

fn conditions(scope: &Scope, filter: &InvoiceFilter) -> Conditions {
    let mut conditions = seen(scope);
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("invoices.status").in_texts(words));
    }
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("invoices.kind").in_texts(words));
    }
    let bounds = [
        filter
            .city
            .map(|city| ("invoices.city_id = ", Bind::Uid(city.uuid()))),
        filter
            .fee_year
            .map(|year| ("invoices.fee_year = ", Bind::Int(i64::from(year)))),
        filter
            .issued_from
            .map(|day| ("invoices.issued_on >= ", Bind::Date(day))),
        filter
            .issued_before
            .map(|day| ("invoices.issued_on < ", Bind::Date(day))),
        filter
            .due_from
            .map(|day| ("invoices.due_on >= ", Bind::Date(day))),
        filter
            .due_before
            .map(|day| ("invoices.due_on < ", Bind::Date(day))),
        filter
            .updated_from
            .map(|at| ("invoices.updated_at >= ", Bind::Stamp(at))),
        filter
            .updated_before
            .map(|at| ("invoices.updated_at < ", Bind::Stamp(at))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(conditions, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}

fn of_city(city: CityId, past: Option<NaiveDate>) -> Conditions {
    Conditions::none()
        .and(Sql::new("invoices.city_id = ").bind_uid(city.uuid()))
        .and(open_at(past))
}

fn late(scope: &Scope, overdue: Overdue) -> Conditions {
    seen(scope)
        .and(open_at(overdue.looks_back.then_some(overdue.as_of)))
        .and(Sql::new("invoices.due_on < ").bind_date(overdue.as_of))
}

/// The first text is that of the partial indexes, word for word, so that they are used.
fn open_at(past: Option<NaiveDate>) -> Sql {
    match past {
        None => Sql::new("invoices.status IN ('ISSUED', 'SENT', 'PARTLY_PAID')"),
        Some(day) => Sql::new("invoices.status <> 'DRAFT' AND invoices.issued_on <= ")
            .bind_date(day)
            .text(" AND (invoices.settled_on IS NULL OR invoices.settled_on > ")
            .bind_date(day)
            .text(") AND ")
            .append(open_on(day))
            .text(" > 0"),
    }
}

/// The invoices that are open and were due before a day, by the last day to pay: a part of them.
///
/// # Errors
/// What the database says.
pub fn overdue_on(db: &mut Db, day: NaiveDate, part: &Part) -> Result<Vec<OverdueInvoice>> {
    type Row = (Uid, Uid, Date, Text);

    let rows = merged::load::<Row, (InvoiceId, CityId, NaiveDate, String)>(
        db,
        overdue_candidates(day),
        part,
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, city, due_on, number)| OverdueInvoice {
            id,
            city,
            due_on,
            number,
        })
        .collect())
}

/// How many such invoices there are, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_overdue_on(db: &mut Db, day: NaiveDate, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, overdue_candidates(day), cities)
}

fn overdue_candidates(day: NaiveDate) -> Candidates {
    let statement = Sql::new(
        "SELECT invoices.id, invoices.city_id, invoices.due_on AS since, invoices.number FROM invoices \
         WHERE invoices.status IN ('ISSUED', 'SENT', 'PARTLY_PAID') AND invoices.number IS NOT NULL \
         AND invoices.due_on < ",
    );
    Candidates(statement.bind_date(day))
}
