//! The queries of people. What it is not: who may see them; every list and lookup for a viewer
//! takes the scope.

use diesel::prelude::*;

use crate::access::viewer::Scope;
use crate::db::constraint::{OnConstraint, Unique};
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{CityId, Id, PersonId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::registry::people::model::{Person, PersonFilter, PersonOrder};
use crate::registry::people::rules::PersonRefusal;
use crate::schema::people;

type RowType = diesel::dsl::SqlTypeOf<<people::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "people",
    from: "people",
    id: "people.id",
    parent: "",
};
const EMAIL: Unique = Unique::new("people_email", "people.email_key");

/// The person, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: PersonId) -> Result<Option<Person>> {
    Ok(people::table.find(id).first(db).optional()?)
}

/// The person.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: PersonId) -> Result<Person> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: PersonId::KIND,
        id: id.public(),
    })
}

/// The people of these keys that the scope lets see.
///
/// # Errors
/// What the database says.
pub fn find_visible(db: &mut Db, scope: &Scope, ids: &[PersonId]) -> Result<Vec<Person>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let mut statement = Sql::new("SELECT people.* FROM people WHERE people.id").in_uids(keys);
    if let Some(own) = own(scope) {
        statement = statement.text(" AND (").append(own).text(")");
    }
    Ok(statement.load::<RowType, Person>(db)?)
}

/// A page of the people that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &PersonFilter,
    order: &[PersonOrder],
    page: &Page,
) -> Result<Listed<Person>> {
    let conditions = conditions(scope, filter);
    listing::list::<RowType, Person>(db, &SOURCE, conditions, &self::order(order), page)
}

/// How many people a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &PersonFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// How a list of people is sorted: by name unless the caller says otherwise.
#[must_use]
pub fn order(order: &[PersonOrder]) -> Order<Person> {
    let of = |order: &PersonOrder| -> OrderKey<Person> {
        match order {
            PersonOrder::NameAsc | PersonOrder::NameDesc => OrderKey {
                column: "people.sort_key",
                descending: *order == PersonOrder::NameDesc,
                nullable: false,
                kind: KeyKind::Text,
                value: |person| KeyValue::Text(person.sort_key.clone()),
            },
            PersonOrder::UpdatedAtAsc | PersonOrder::UpdatedAtDesc => OrderKey {
                column: "people.updated_at",
                descending: *order == PersonOrder::UpdatedAtDesc,
                nullable: false,
                kind: KeyKind::Stamp,
                value: |person| KeyValue::Stamp(person.updated_at),
            },
        }
    };
    let asked = if order.is_empty() {
        &[PersonOrder::NameAsc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().map(of).collect(),
        id: |person| person.id.uuid(),
    }
}

/// The person with this e-mail address.
pub(super) fn find_by_email(db: &mut Db, email_key: &str) -> Result<Option<Person>> {
    Ok(people::table
        .filter(people::email_key.eq(email_key))
        .first(db)
        .optional()?)
}

/// The people of this name in this city; without a city those who belong to none.
pub(super) fn find_by_name(db: &mut Db, name: &str, city: Option<CityId>) -> Result<Vec<Person>> {
    let folded = fold::sort_stem(name);
    // A sort key is the folded name, a separator and the name, so equal folds are one range of
    // the index.
    let mut statement = Sql::new("SELECT people.* FROM people WHERE people.sort_key >= ")
        .bind_text(format!("{folded}\u{1f}"))
        .text(" AND people.sort_key < ")
        .bind_text(format!("{folded}\u{20}"));
    statement = match city {
        Some(city) => statement
            .text(" AND people.city_id = ")
            .bind_uid(city.uuid()),
        None => statement.text(" AND people.city_id IS NULL"),
    };
    Ok(statement
        .text(" ORDER BY people.id")
        .load::<RowType, Person>(db)?)
}

/// Stores a new person.
pub(super) fn insert(tx: &mut Tx<'_>, person: &Person) -> Result<()> {
    diesel::insert_into(people::table)
        .values(person)
        .execute(tx.db)
        .on_unique(EMAIL, || PersonRefusal::EmailTaken.into())?;
    Ok(())
}

/// Stores a revised person.
pub(super) fn update(tx: &mut Tx<'_>, person: &Person) -> Result<()> {
    let rows = diesel::update(people::table.find(person.id))
        .set(person)
        .execute(tx.db)
        .on_unique(EMAIL, || PersonRefusal::EmailTaken.into())?;
    ensure_one(rows)
}

/// Locks the person's row until the transaction ends: what is decided about all of a person's
/// appointments is decided by one transaction after the other.
///
/// # Errors
/// `NotFound`, or what the database says.
pub fn lock(tx: &mut Tx<'_>, id: PersonId) -> Result<Person> {
    tx.lock_row("SELECT 1 FROM people WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// The condition of a scope that is not everything: the people of the own cities, and those who
/// are or were appointed there.
fn own(scope: &Scope) -> Option<Sql> {
    matches!(scope, Scope::Own { .. }).then(|| {
        let cities = scope.city_keys();
        Sql::new("people.city_id")
            .in_uids(cities.clone())
            .text(" OR people.id IN (SELECT appointments.person_id FROM appointments WHERE appointments.city_id")
            .in_uids(cities)
            .text(")")
    })
}

fn conditions(scope: &Scope, filter: &PersonFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(own) = own(scope) {
        conditions = conditions.and(own);
    }
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("people.kind").in_texts(words));
    }
    if let Some(cities) = &filter.city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("people.city_id").in_uids(keys));
    }
    if let Some(search) = &filter.search {
        conditions = conditions.and(
            Sql::new("people.search_key LIKE ")
                .bind_text(fold::like_anywhere(search))
                .text(" ESCAPE '\\'"),
        );
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("people.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("people.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}
