//! Pages of grants. What it is not: single ones (`store`).

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::grants::model::FundingGrant;
use crate::finance::grants::said::{GrantFilter, GrantOrder};
use crate::finance::grants::store::RowType;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const SOURCE: Source = Source {
    columns: "funding_grants",
    from: "funding_grants",
    id: "funding_grants.id",
    parent: "",
};

/// A page of the grants that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &GrantFilter,
    order: &[GrantOrder],
    page: &Page,
) -> Result<Listed<FundingGrant>> {
    let (order, conditions) = (self::order(order), conditions(scope, filter));
    listing::list::<RowType, FundingGrant>(db, &SOURCE, conditions, &order, page)
}

/// How many grants a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &GrantFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// How a list of grants is sorted: the newest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[GrantOrder]) -> Order<FundingGrant> {
    let asked = if order.is_empty() {
        &[GrantOrder::CreatedAtDesc][..]
    } else {
        order
    };
    let key = |order: &GrantOrder| -> OrderKey<FundingGrant> {
        match order {
            GrantOrder::CreatedAtAsc | GrantOrder::CreatedAtDesc => OrderKey {
                column: "funding_grants.created_at",
                descending: *order == GrantOrder::CreatedAtDesc,
                nullable: false,
                kind: KeyKind::Stamp,
                value: |grant| KeyValue::Stamp(grant.created_at),
            },
            GrantOrder::UpdatedAtAsc | GrantOrder::UpdatedAtDesc => OrderKey {
                column: "funding_grants.updated_at",
                descending: *order == GrantOrder::UpdatedAtDesc,
                nullable: false,
                kind: KeyKind::Stamp,
                value: |grant| KeyValue::Stamp(grant.updated_at),
            },
        }
    };
    Order {
        keys: asked.iter().map(key).collect(),
        id: |grant| grant.id.uuid(),
    }
}

fn conditions(scope: &Scope, filter: &GrantFilter) -> Conditions {
    let mut conditions = match scope {
        Scope::All => Conditions::none(),
        Scope::Own { .. } => {
            Conditions::none().and(Sql::new("funding_grants.city_id").in_uids(scope.city_keys()))
        }
    };
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("funding_grants.status").in_texts(words));
    }
    let bounds = [
        filter
            .city
            .map(|city| ("funding_grants.city_id = ", Bind::Uid(city.uuid()))),
        filter
            .funder
            .map(|funder| ("funding_grants.funder_id = ", Bind::Uid(funder.uuid()))),
        filter
            .updated_from
            .map(|at| ("funding_grants.updated_at >= ", Bind::Stamp(at))),
        filter
            .updated_before
            .map(|at| ("funding_grants.updated_at < ", Bind::Stamp(at))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(conditions, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}
