//! Pages of write-offs. What it is not: single ones (`store`).

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::write_offs::model::{WriteOff, WriteOffFilter, WriteOffOrder};
use crate::finance::write_offs::store::RowType;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const SOURCE: Source = Source {
    columns: "write_offs",
    from: "write_offs",
    id: "write_offs.id",
    parent: "write_offs.city_id",
};

/// A page of the write-offs that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &WriteOffFilter,
    order: &[WriteOffOrder],
    page: &Page,
) -> Result<Listed<WriteOff>> {
    let (order, conditions) = (self::order(order), conditions(scope, filter));
    listing::list::<RowType, WriteOff>(db, &SOURCE, conditions, &order, page)
}

/// How many write-offs a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &WriteOffFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// How a list of write-offs is sorted: the newest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[WriteOffOrder]) -> Order<WriteOff> {
    let asked = if order.is_empty() {
        &[WriteOffOrder::CreatedAtDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().copied().map(order_key).collect(),
        id: |write_off| write_off.id.uuid(),
    }
}

fn order_key(order: WriteOffOrder) -> OrderKey<WriteOff> {
    match order {
        WriteOffOrder::CreatedAtAsc | WriteOffOrder::CreatedAtDesc => OrderKey {
            column: "write_offs.created_at",
            descending: order == WriteOffOrder::CreatedAtDesc,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |write_off| KeyValue::Stamp(write_off.created_at),
        },
    }
}

/// A proposal is finance's own: a city sees what counts.
fn conditions(scope: &Scope, filter: &WriteOffFilter) -> Conditions {
    let mut conditions = match scope {
        Scope::All => Conditions::none(),
        Scope::Own { .. } => Conditions::none()
            .and(Sql::new("write_offs.city_id").in_uids(scope.city_keys()))
            .and(Sql::new("write_offs.status = 'WRITTEN_OFF'")),
    };
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("write_offs.status").in_texts(words));
    }
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("write_offs.kind").in_texts(words));
    }
    if let Some(city) = filter.city {
        conditions = conditions.and(Sql::new("write_offs.city_id = ").bind_uid(city.uuid()));
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("write_offs.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("write_offs.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}
