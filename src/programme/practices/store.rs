//! The queries of practices. What it is not: their content.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{Id, PracticeId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::sql_types::Uid;
use crate::programme::practices::model::{Practice, PracticeEdition, PracticeFilter};
use crate::schema::{practice_editions, practices};

type RowType = diesel::dsl::SqlTypeOf<<practices::table as Table>::AllColumns>;
type EditionType = diesel::dsl::SqlTypeOf<<practice_editions::table as Table>::AllColumns>;

/// The key is made from the lasting name, so both are taken at once; PostgreSQL tells of the key, SQLite of the
/// name.
const NAME: Unique = Unique::new("practices_pkey", "practices.slug");

const SOURCE: Source = Source {
    columns: "practices",
    from: "practices",
    id: "practices.id",
    parent: "practices.city_id",
};

/// The practices of these keys, also those that are not shown.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PracticeId]) -> Result<Vec<Practice>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(
        Sql::new("SELECT practices.* FROM practices WHERE practices.id")
            .in_uids(keys)
            .load::<RowType, Practice>(db)?,
    )
}

/// A page of the published practices, by city and title.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(db: &mut Db, filter: &PracticeFilter, page: &Page) -> Result<Listed<Practice>> {
    let conditions = conditions(db, filter);
    listing::list::<RowType, Practice>(db, &SOURCE, conditions, &order(), page)
}

/// How many published practices there are.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, filter: &PracticeFilter) -> Result<i64> {
    let conditions = conditions(db, filter);
    listing::count(db, &SOURCE, conditions)
}

/// A page of the published practices of each city.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_of_cities(
    db: &mut Db,
    cities: &[Uuid],
    filter: &PracticeFilter,
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Practice>>> {
    let conditions = conditions(db, filter);
    listing::list_for::<RowType, Practice>(db, &SOURCE, cities, conditions, &order(), page)
}

/// How many published practices each city has.
///
/// # Errors
/// What the database says.
pub fn count_of_cities(
    db: &mut Db,
    cities: &[Uuid],
    filter: &PracticeFilter,
) -> Result<HashMap<Uuid, i64>> {
    let conditions = conditions(db, filter);
    listing::count_for(db, &SOURCE, cities, conditions)
}

/// How a list of practices is sorted.
#[must_use]
pub fn order() -> Order<Practice> {
    Order {
        keys: vec![OrderKey {
            column: "practices.sort_key",
            descending: false,
            nullable: false,
            kind: KeyKind::Text,
            value: |practice| KeyValue::Text(practice.sort_key.clone()),
        }],
        id: |practice| practice.id.uuid(),
    }
}

fn published() -> Conditions {
    Conditions::none().and(Sql::new("practices.status = 'PUBLISHED'"))
}

fn conditions(db: &Db, filter: &PracticeFilter) -> Conditions {
    let mut conditions = published();
    if let Some(areas) = &filter.area {
        let words = areas.iter().map(ToString::to_string).collect();
        conditions = conditions.and(linked(db, Link::Areas, words));
    }
    if let Some(steps) = &filter.step {
        let numbers = steps.iter().map(ToString::to_string).collect();
        conditions = conditions.and(linked(db, Link::Steps, numbers));
    }
    if let Some(indicators) = &filter.indicator {
        let words = indicators.iter().map(ToString::to_string).collect();
        conditions = conditions.and(linked(db, Link::Indicators, words));
    }
    if let Some(countries) = &filter.country {
        conditions = conditions.and(Sql::new("practices.country").in_texts(countries.clone()));
    }
    if let Some(search) = &filter.search {
        conditions = conditions.and(
            Sql::new("practices.search_key LIKE ")
                .bind_text(fold::like_anywhere(search))
                .text(" ESCAPE '\\'"),
        );
    }
    if let Some(before) = filter.review_before {
        conditions = conditions.and(Sql::new("practices.review_on < ").bind_date(before));
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("practices.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("practices.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

#[derive(Clone, Copy)]
enum Link {
    Areas,
    Steps,
    Indicators,
}

/// Whether one of the words is in a practice's list. Both databases unpack a JSON list into rows,
/// each in a spelling of its own.
fn linked(db: &Db, link: Link, words: Vec<String>) -> Sql {
    Sql::new(match (db, link) {
        (Db::Postgres(_), Link::Areas) => {
            "EXISTS (SELECT 1 FROM jsonb_array_elements_text(practices.areas) AS link(value) WHERE link.value"
        }
        (Db::Postgres(_), Link::Steps) => {
            "EXISTS (SELECT 1 FROM jsonb_array_elements_text(practices.steps) AS link(value) WHERE link.value"
        }
        (Db::Postgres(_), Link::Indicators) => {
            "EXISTS (SELECT 1 FROM jsonb_array_elements_text(practices.indicators) AS link(value) WHERE link.value"
        }
        (Db::Sqlite(_), Link::Indicators) => {
            "EXISTS (SELECT 1 FROM json_each(practices.indicators) AS link WHERE link.value"
        }
        (Db::Sqlite(_), Link::Areas) => {
            "EXISTS (SELECT 1 FROM json_each(practices.areas) AS link WHERE link.value"
        }
        (Db::Sqlite(_), Link::Steps) => {
            "EXISTS (SELECT 1 FROM json_each(practices.steps) AS link WHERE CAST(link.value AS TEXT)"
        }
    })
    .in_texts(words)
    .text(")")
}

/// The editions of these practices, the latest first.
///
/// # Errors
/// What the database says.
pub fn editions_of(
    db: &mut Db,
    practices: &[PracticeId],
) -> Result<HashMap<PracticeId, Vec<PracticeEdition>>> {
    let rows = Sql::new(
        "SELECT practice_editions.* FROM practice_editions WHERE practice_editions.practice_id",
    )
    .in_uids(practices.iter().map(|id| id.uuid()).collect())
    .text(" ORDER BY practice_editions.practice_id, practice_editions.number DESC")
    .load::<EditionType, PracticeEdition>(db)?;
    let mut editions: HashMap<PracticeId, Vec<PracticeEdition>> = HashMap::new();
    for row in rows {
        editions.entry(row.practice_id).or_default().push(row);
    }
    Ok(editions)
}

/// The practices that cities and the network published for the first time in these days, and that are still
/// shown.
///
/// # Errors
/// What the database says.
pub fn published_between(
    db: &mut Db,
    from: NaiveDate,
    before: NaiveDate,
) -> Result<Vec<PracticeId>> {
    let statement = Sql::new(
        "SELECT practices.id FROM practices JOIN practice_editions first ON first.practice_id = practices.id AND first.number = 1 \
         WHERE practices.origin = 'NETWORK' AND practices.status = 'PUBLISHED' AND first.published_on >= ",
    )
    .bind_date(from)
    .text(" AND first.published_on < ")
    .bind_date(before)
    .text(" ORDER BY first.published_on, practices.id");
    Ok(statement.load::<Uid, PracticeId>(db)?)
}

/// Every practice whose words are reference data.
pub(super) fn of_reference(db: &mut Db) -> Result<Vec<Practice>> {
    Ok(Sql::new("SELECT practices.* FROM practices WHERE practices.origin = 'REFERENCE' ORDER BY practices.id")
        .load::<RowType, Practice>(db)?)
}

/// Locks a practice until the transaction ends.
///
/// # Errors
/// `NotFound`.
pub fn lock(tx: &mut Tx<'_>, id: PracticeId) -> Result<Practice> {
    tx.lock_row("SELECT 1 FROM practices WHERE id = ", id.uuid())?;
    let found = practices::table.find(id).first(tx.db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: PracticeId::KIND,
        id: id.public(),
    })
}

/// Stores an edition.
pub(super) fn insert_edition(tx: &mut Tx<'_>, edition: &PracticeEdition) -> Result<()> {
    diesel::insert_into(practice_editions::table)
        .values(edition)
        .execute(tx.db)?;
    Ok(())
}

/// Stores a new practice.
pub(super) fn insert(tx: &mut Tx<'_>, practice: &Practice) -> Result<()> {
    diesel::insert_into(practices::table)
        .values(practice)
        .execute(tx.db)
        .on_unique(NAME, || {
            Refusal::new(
                RefusalCode::NameTaken,
                "title",
                "The city has a practice of this title already; propose a new edition of it.",
                "Byen har allerede et eksempel med denne titel; foreslå en ny udgave af det.",
            )
        })?;
    Ok(())
}

/// Stores a changed practice.
pub(super) fn update(tx: &mut Tx<'_>, practice: &Practice) -> Result<()> {
    let changed = diesel::update(practices::table.find(practice.id))
        .set(practice)
        .execute(tx.db)?;
    ensure_one(changed)
}
