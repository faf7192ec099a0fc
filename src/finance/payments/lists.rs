//! Pages of payments and of allocations. What it is not: single ones (`store`).

use std::collections::HashMap;

use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::payments::model::{
    Allocation, AllocationsOf, Payment, PaymentFilter, PaymentOrder,
};
use crate::finance::payments::store::{AllocationType, PaymentType};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const PAYMENTS: Source = Source {
    columns: "payments",
    from: "payments",
    id: "payments.id",
    parent: "payments.city_id",
};

const fn allocations(parent: &'static str) -> Source {
    Source {
        columns: "allocations",
        from: "allocations",
        id: "allocations.id",
        parent,
    }
}

const TO_INVOICE: Source = allocations("allocations.invoice_id");
const FROM_PAYMENT: Source = allocations("allocations.payment_id");

/// A page of the payments that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &PaymentFilter,
    order: &[PaymentOrder],
    page: &Page,
) -> Result<Listed<Payment>> {
    let (order, conditions) = (self::order(order), conditions(scope, filter));
    listing::list::<PaymentType, Payment>(db, &PAYMENTS, conditions, &order, page)
}

/// How many payments a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &PaymentFilter) -> Result<i64> {
    listing::count(db, &PAYMENTS, conditions(scope, filter))
}

/// A page of the payments of each city.
///
/// # Errors
/// As [`list`].
pub fn list_of_cities(
    db: &mut Db,
    cities: &[Uuid],
    filter: &PaymentFilter,
    order: &[PaymentOrder],
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Payment>>> {
    let (order, conditions) = (self::order(order), conditions(&Scope::All, filter));
    listing::list_for::<PaymentType, Payment>(db, &PAYMENTS, cities, conditions, &order, page)
}

/// How many payments each city has.
///
/// # Errors
/// As [`count`].
pub fn count_of_cities(
    db: &mut Db,
    cities: &[Uuid],
    filter: &PaymentFilter,
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &PAYMENTS, cities, conditions(&Scope::All, filter))
}

/// A page of the allocations of each invoice or payment, the earliest first.
///
/// # Errors
/// As [`list`].
pub fn list_allocations(
    db: &mut Db,
    of: AllocationsOf,
    parents: &[Uuid],
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Allocation>>> {
    let (source, order) = (source(of), order_of_allocations());
    let all = Conditions::none();
    listing::list_for::<AllocationType, Allocation>(db, source, parents, all, &order, page)
}

/// How many allocations each invoice or payment has.
///
/// # Errors
/// As [`count`].
pub fn count_allocations(
    db: &mut Db,
    of: AllocationsOf,
    parents: &[Uuid],
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, source(of), parents, Conditions::none())
}

/// How a list of payments is sorted: the latest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[PaymentOrder]) -> Order<Payment> {
    let key = |order: &PaymentOrder| match order {
        PaymentOrder::ReceivedOnAsc | PaymentOrder::ReceivedOnDesc => OrderKey {
            column: "payments.received_on",
            descending: *order == PaymentOrder::ReceivedOnDesc,
            nullable: false,
            kind: KeyKind::Date,
            value: |payment: &Payment| KeyValue::Date(payment.received_on),
        },
        PaymentOrder::UpdatedAtAsc | PaymentOrder::UpdatedAtDesc => OrderKey {
            column: "payments.updated_at",
            descending: *order == PaymentOrder::UpdatedAtDesc,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |payment: &Payment| KeyValue::Stamp(payment.updated_at),
        },
    };
    let asked = if order.is_empty() {
        &[PaymentOrder::ReceivedOnDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().map(key).collect(),
        id: |payment: &Payment| payment.id.uuid(),
    }
}

/// Ids grow with time, so they order allocations as they were made.
#[must_use]
pub fn order_of_allocations() -> Order<Allocation> {
    Order {
        keys: Vec::new(),
        id: |allocation| allocation.id.uuid(),
    }
}

fn source(of: AllocationsOf) -> &'static Source {
    match of {
        AllocationsOf::Invoice => &TO_INVOICE,
        AllocationsOf::Payment => &FROM_PAYMENT,
    }
}

fn conditions(scope: &Scope, filter: &PaymentFilter) -> Conditions {
    let seen = match scope {
        Scope::All => Conditions::none(),
        Scope::Own { .. } => {
            Conditions::none().and(Sql::new("payments.city_id").in_uids(scope.city_keys()))
        }
    };
    let bounds = [
        filter
            .city
            .map(|city| ("payments.city_id = ", Bind::Uid(city.uuid()))),
        filter
            .received_from
            .map(|day| ("payments.received_on >= ", Bind::Date(day))),
        filter
            .received_before
            .map(|day| ("payments.received_on < ", Bind::Date(day))),
        filter
            .updated_from
            .map(|at| ("payments.updated_at >= ", Bind::Stamp(at))),
        filter
            .updated_before
            .map(|at| ("payments.updated_at < ", Bind::Stamp(at))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(seen, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}
