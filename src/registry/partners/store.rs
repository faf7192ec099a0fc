//! The queries of partners. What it is not: who may see them; the lists are asked for by those who
//! may.

use diesel::prelude::*;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{Id, PartnerId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::registry::partners::model::{Partner, PartnerFilter, PartnerOrder};
use crate::registry::partners::rules::PartnerRefusal;
use crate::schema::partners;

type RowType = diesel::dsl::SqlTypeOf<<partners::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "partners",
    from: "partners",
    id: "partners.id",
    parent: "",
};
const NAME: Unique = Unique::new("partners_name", "partners.name_key");

/// The partner, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: PartnerId) -> Result<Option<Partner>> {
    Ok(partners::table.find(id).first(db).optional()?)
}

/// The partner.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: PartnerId) -> Result<Partner> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: PartnerId::KIND,
        id: id.public(),
    })
}

/// The partners of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PartnerId]) -> Result<Vec<Partner>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(
        Sql::new("SELECT partners.* FROM partners WHERE partners.id")
            .in_uids(keys)
            .load::<RowType, Partner>(db)?,
    )
}

/// A page of the partners.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    filter: &PartnerFilter,
    order: &[PartnerOrder],
    page: &Page,
) -> Result<Listed<Partner>> {
    let conditions = conditions(filter);
    listing::list::<RowType, Partner>(db, &SOURCE, conditions, &self::order(order), page)
}

/// How many partners a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, filter: &PartnerFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(filter))
}

/// How a list of partners is sorted: by name unless the caller says otherwise.
#[must_use]
pub fn order(order: &[PartnerOrder]) -> Order<Partner> {
    let of = |order: &PartnerOrder| -> OrderKey<Partner> {
        match order {
            PartnerOrder::NameAsc | PartnerOrder::NameDesc => OrderKey {
                column: "partners.sort_key",
                descending: *order == PartnerOrder::NameDesc,
                nullable: false,
                kind: KeyKind::Text,
                value: |partner| KeyValue::Text(partner.sort_key.clone()),
            },
            PartnerOrder::UpdatedAtAsc | PartnerOrder::UpdatedAtDesc => OrderKey {
                column: "partners.updated_at",
                descending: *order == PartnerOrder::UpdatedAtDesc,
                nullable: false,
                kind: KeyKind::Stamp,
                value: |partner| KeyValue::Stamp(partner.updated_at),
            },
        }
    };
    let asked = if order.is_empty() {
        &[PartnerOrder::NameAsc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().map(of).collect(),
        id: |partner| partner.id.uuid(),
    }
}

/// The partner of this name.
pub(super) fn find_by_name(db: &mut Db, name: &str) -> Result<Option<Partner>> {
    Ok(partners::table
        .filter(partners::name_key.eq(fold::name_key(name)))
        .first(db)
        .optional()?)
}

/// Stores a new partner.
pub(super) fn insert(tx: &mut Tx<'_>, partner: &Partner) -> Result<()> {
    diesel::insert_into(partners::table)
        .values(partner)
        .execute(tx.db)
        .on_unique(NAME, || {
            PartnerRefusal::NameTaken(partner.name.clone()).into()
        })?;
    Ok(())
}

/// Stores a revised partner.
pub(super) fn update(tx: &mut Tx<'_>, partner: &Partner) -> Result<()> {
    let rows = diesel::update(partners::table.find(partner.id))
        .set(partner)
        .execute(tx.db)
        .on_unique(NAME, || {
            PartnerRefusal::NameTaken(partner.name.clone()).into()
        })?;
    ensure_one(rows)
}

/// Locks the partner's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: PartnerId) -> Result<Partner> {
    tx.lock_row("SELECT 1 FROM partners WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

fn conditions(filter: &PartnerFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("partners.kind").in_texts(words));
    }
    if let Some(countries) = &filter.country {
        conditions = conditions.and(Sql::new("partners.country").in_texts(countries.clone()));
    }
    if let Some(search) = &filter.search {
        conditions = conditions.and(
            Sql::new("partners.search_key LIKE ")
                .bind_text(fold::like_anywhere(search))
                .text(" ESCAPE '\\'"),
        );
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("partners.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("partners.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}
