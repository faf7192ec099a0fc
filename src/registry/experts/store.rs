//! The queries of experts. What it is not: what takes their time.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::access::viewer::Scope;
use crate::db::constraint::{OnConstraint, Unique};
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::email::Email;
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{ExpertId, Id, PersonId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::sql_types::Uid;
use crate::registry::experts::model::{Expert, ExpertFilter, ExpertOrder, ExpertRecord};
use crate::registry::experts::rules::ExpertRefusal;
use crate::schema::experts;

type RecordType = diesel::dsl::SqlTypeOf<<experts::table as Table>::AllColumns>;
type RowType = (RecordType, Text, Text, Nullable<Text>, Nullable<Text>);

const SOURCE: Source = Source {
    columns: "known",
    from: "(SELECT experts.*, people.name AS person_name, people.sort_key AS person_sort_key, people.email AS person_email, people.phone AS person_phone \
           FROM experts JOIN people ON people.id = experts.person_id) AS known",
    id: "known.id",
    parent: "known.home_city_id",
};
const PERSON: Unique = Unique::new("experts_person", "experts.person_id");

/// The expert.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: ExpertId) -> Result<Expert> {
    let found = find_many(db, &[id])?;
    found.into_iter().next().ok_or_else(|| Error::NotFound {
        kind: ExpertId::KIND,
        id: id.public(),
    })
}

/// The experts of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[ExpertId]) -> Result<Vec<Expert>> {
    find_visible(db, &Scope::All, ids)
}

/// The experts of these keys that the scope lets see.
///
/// # Errors
/// What the database says.
pub fn find_visible(db: &mut Db, scope: &Scope, ids: &[ExpertId]) -> Result<Vec<Expert>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let mut statement = Sql::new("SELECT known.* FROM ")
        .text(SOURCE.from)
        .text(" WHERE known.id")
        .in_uids(keys);
    if let Some(own) = own(scope) {
        statement = statement.text(" AND ").append(own);
    }
    Ok(statement.load::<RowType, Expert>(db)?)
}

/// A page of the experts that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &ExpertFilter,
    order: &[ExpertOrder],
    page: &Page,
) -> Result<Listed<Expert>> {
    let conditions = conditions(db, scope, filter);
    listing::list::<RowType, Expert>(db, &SOURCE, conditions, &self::order(order), page)
}

/// How many experts a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &ExpertFilter) -> Result<i64> {
    let conditions = conditions(db, scope, filter);
    listing::count(db, &SOURCE, conditions)
}

/// How a list of experts is sorted: by name unless the caller says otherwise.
#[must_use]
pub fn order(order: &[ExpertOrder]) -> Order<Expert> {
    let of = |order: &ExpertOrder| -> OrderKey<Expert> {
        match order {
            ExpertOrder::NameAsc | ExpertOrder::NameDesc => OrderKey {
                column: "known.person_sort_key",
                descending: *order == ExpertOrder::NameDesc,
                nullable: false,
                kind: KeyKind::Text,
                value: |expert| KeyValue::Text(expert.sort_key.clone()),
            },
            ExpertOrder::UpdatedAtAsc | ExpertOrder::UpdatedAtDesc => OrderKey {
                column: "known.updated_at",
                descending: *order == ExpertOrder::UpdatedAtDesc,
                nullable: false,
                kind: KeyKind::Stamp,
                value: |expert| KeyValue::Stamp(expert.record.updated_at),
            },
        }
    };
    let asked = if order.is_empty() {
        &[ExpertOrder::NameAsc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().map(of).collect(),
        id: |expert| expert.record.id.uuid(),
    }
}

/// Locks the expert's row until the transaction ends: an expert's time is given away by one
/// transaction after the other.
///
/// # Errors
/// `NotFound`, or what the database says.
pub fn lock(tx: &mut Tx<'_>, id: ExpertId) -> Result<Expert> {
    tx.lock_row("SELECT 1 FROM experts WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// The expert with this e-mail address.
///
/// # Errors
/// What the database says.
pub fn find_by_email(db: &mut Db, email: &Email) -> Result<Option<ExpertId>> {
    let found = Sql::new(
        "SELECT experts.id FROM experts JOIN people ON people.id = experts.person_id WHERE people.email_key = ",
    )
    .bind_text(email.key())
    .load::<Uid, ExpertId>(db)?;
    Ok(found.into_iter().next())
}

/// The expert's record of a person.
pub(super) fn find_of_person(db: &mut Db, person: PersonId) -> Result<Option<ExpertRecord>> {
    Ok(experts::table
        .filter(experts::person_id.eq(person))
        .first(db)
        .optional()?)
}

/// Stores a new expert.
pub(super) fn insert(tx: &mut Tx<'_>, record: &ExpertRecord) -> Result<()> {
    diesel::insert_into(experts::table)
        .values(record)
        .execute(tx.db)
        .on_unique(PERSON, || ExpertRefusal::IsExpert.into())?;
    Ok(())
}

/// Stores a revised expert.
pub(super) fn update(tx: &mut Tx<'_>, record: &ExpertRecord) -> Result<()> {
    ensure_one(
        diesel::update(experts::table.find(record.id))
            .set(record)
            .execute(tx.db)?,
    )
}

/// The condition of a scope that is not everything: the own records.
fn own(scope: &Scope) -> Option<Sql> {
    match scope {
        Scope::All => None,
        Scope::Own { experts, .. } => {
            let keys = experts.iter().map(|expert| expert.uuid()).collect();
            Some(Sql::new("known.id").in_uids(keys))
        }
    }
}

fn conditions(db: &Db, scope: &Scope, filter: &ExpertFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(own) = own(scope) {
        conditions = conditions.and(own);
    }
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("known.kind").in_texts(words));
    }
    if let Some(languages) = &filter.language {
        let entries = entries_of(db, "known.languages");
        conditions = conditions.and(entries.in_texts(languages.clone()).text(")"));
    }
    if let Some(areas) = &filter.policy_area {
        let words = areas.iter().map(ToString::to_string).collect();
        let entries = entries_of(db, "known.policy_areas");
        conditions = conditions.and(entries.in_texts(words).text(")"));
    }
    if let Some(cities) = &filter.home_city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("known.home_city_id").in_uids(keys));
    }
    if let Some(on) = filter.available_on {
        conditions = conditions.and(available(on));
    }
    if let Some(search) = &filter.search {
        conditions = conditions.and(
            Sql::new(
                "known.person_id IN (SELECT people.id FROM people WHERE people.search_key LIKE ",
            )
            .bind_text(fold::like_anywhere(search))
            .text(" ESCAPE '\\')"),
        );
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("known.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("known.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

fn available(on: NaiveDate) -> Sql {
    Sql::new("(known.available_from IS NULL OR known.available_from <= ")
        .bind_date(on)
        .text(") AND (known.available_until IS NULL OR known.available_until > ")
        .bind_date(on)
        .text(")")
}

/// The beginning of "an entry of this JSON list is"; the databases unpack a list differently.
fn entries_of(db: &Db, column: &'static str) -> Sql {
    let (unpack, name) = match db {
        Db::Postgres(_) => ("jsonb_array_elements_text(", ") AS entry(value)"),
        Db::Sqlite(_) => ("json_each(", ") AS entry"),
    };
    Sql::new("EXISTS (SELECT 1 FROM ")
        .text(unpack)
        .text(column)
        .text(name)
        .text(" WHERE entry.value")
}
