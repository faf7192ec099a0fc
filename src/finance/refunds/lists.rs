//! Pages of refunds. What it is not: single ones (`store`).

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::refunds::model::{Refund, RefundFilter, RefundOrder};
use crate::finance::refunds::store::RowType;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const SOURCE: Source = Source {
    columns: "refunds",
    from: "refunds",
    id: "refunds.id",
    parent: "refunds.city_id",
};

/// A page of the refunds that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &RefundFilter,
    order: &[RefundOrder],
    page: &Page,
) -> Result<Listed<Refund>> {
    let (order, conditions) = (self::order(order), conditions(scope, filter));
    listing::list::<RowType, Refund>(db, &SOURCE, conditions, &order, page)
}

/// How many refunds a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &RefundFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// How a list of refunds is sorted: the newest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[RefundOrder]) -> Order<Refund> {
    let asked = if order.is_empty() {
        &[RefundOrder::CreatedAtDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().copied().map(order_key).collect(),
        id: |refund| refund.id.uuid(),
    }
}

fn order_key(order: RefundOrder) -> OrderKey<Refund> {
    match order {
        RefundOrder::CreatedAtAsc | RefundOrder::CreatedAtDesc => OrderKey {
            column: "refunds.created_at",
            descending: order == RefundOrder::CreatedAtDesc,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |refund| KeyValue::Stamp(refund.created_at),
        },
    }
}

/// A proposal is finance's own: a city sees what is paid.
fn conditions(scope: &Scope, filter: &RefundFilter) -> Conditions {
    let mut conditions = match scope {
        Scope::All => Conditions::none(),
        Scope::Own { .. } => Conditions::none()
            .and(Sql::new("refunds.city_id").in_uids(scope.city_keys()))
            .and(Sql::new("refunds.status = 'PAID'")),
    };
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("refunds.status").in_texts(words));
    }
    if let Some(city) = filter.city {
        conditions = conditions.and(Sql::new("refunds.city_id = ").bind_uid(city.uuid()));
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("refunds.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("refunds.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}
