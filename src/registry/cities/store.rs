//! The queries of cities. What it is not: who may see a city in full; resolvers ask the viewer.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::db::constraint::{OnConstraint, Unique};
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{CityId, Id};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::on_backend;
use crate::registry::cities::model::{City, CityFilter, CityOrder, LocalName};
use crate::registry::cities::rules::CityRefusal;
use crate::registry::memberships::MembershipStatus;
use crate::schema::{cities, city_names};

type Row = <cities::table as Table>::AllColumns;
type RowType = diesel::dsl::SqlTypeOf<Row>;
type NameRow = diesel::dsl::SqlTypeOf<<city_names::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "cities",
    from: "cities",
    id: "cities.id",
    parent: "",
};
const NAME: Unique = Unique::new("cities_country_name", "cities.country, cities.name_key");
const CVR: Unique = Unique::new("cities_cvr", "cities.cvr");
const GLN: Unique = Unique::new("cities_gln", "cities.gln");
const GEONAMES: Unique = Unique::new("cities_geonames_id", "cities.geonames_id");

/// The city, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: CityId) -> Result<Option<City>> {
    Ok(cities::table.find(id).first(db).optional()?)
}

/// Whether there is such a city.
///
/// # Errors
/// What the database says.
pub fn exists(db: &mut Db, id: CityId) -> Result<bool> {
    let found: Option<CityId> = cities::table
        .find(id)
        .select(cities::id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// The city.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: CityId) -> Result<City> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: CityId::KIND,
        id: id.public(),
    })
}

/// The cities of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[CityId]) -> Result<Vec<City>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(Sql::new("SELECT cities.* FROM cities WHERE cities.id")
        .in_uids(keys)
        .load::<RowType, City>(db)?)
}

/// The cities that have one of these identifiers, each with the identifier's field.
///
/// # Errors
/// What the database says.
pub(super) fn identified(
    db: &mut Db,
    geonames_id: Option<i64>,
    cvr: Option<&String>,
    gln: Option<&String>,
) -> Result<Vec<(City, &'static str)>> {
    let mut found = Vec::new();
    if let Some(number) = geonames_id {
        let city = cities::table
            .filter(cities::geonames_id.eq(number))
            .first(db)
            .optional()?;
        found.extend(city.map(|city| (city, "geonamesId")));
    }
    if let Some(number) = cvr {
        let city = cities::table
            .filter(cities::cvr.eq(number))
            .first(db)
            .optional()?;
        found.extend(city.map(|city| (city, "cvr")));
    }
    if let Some(number) = gln {
        let city = cities::table
            .filter(cities::gln.eq(number))
            .first(db)
            .optional()?;
        found.extend(city.map(|city| (city, "gln")));
    }
    Ok(found)
}

/// The city of this country with this name, in the network's spelling or in a language.
///
/// # Errors
/// What the database says.
pub fn find_named(db: &mut Db, country: &str, name: &str) -> Result<Option<City>> {
    let named: Option<City> = cities::table
        .filter(cities::country.eq(country))
        .filter(cities::name_key.eq(fold::name_key(name)))
        .first(db)
        .optional()?;
    if named.is_some() {
        return Ok(named);
    }
    let in_a_language: Vec<City> = cities::table
        .inner_join(city_names::table)
        .filter(cities::country.eq(country))
        .filter(city_names::search_key.eq(fold::search_key(name)))
        .select(cities::all_columns)
        .distinct()
        .limit(2)
        .load(db)?;
    // Two cities that share a name in a language are not told apart by it.
    Ok(if in_a_language.len() == 1 {
        in_a_language.into_iter().next()
    } else {
        None
    })
}

/// The names in languages of these cities.
///
/// # Errors
/// What the database says.
pub fn names_of_many(db: &mut Db, ids: &[CityId]) -> Result<HashMap<CityId, Vec<LocalName>>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let statement = Sql::new("SELECT city_names.* FROM city_names WHERE city_id")
        .in_uids(keys)
        .text(" ORDER BY city_id, language");
    let mut names: HashMap<CityId, Vec<LocalName>> = HashMap::new();
    for name in statement.load::<NameRow, LocalName>(db)? {
        names.entry(name.city_id).or_default().push(name);
    }
    Ok(names)
}

/// Whether the viewer may know of a city: members of every kind are public, the others are for
/// those who admit them and for the city itself.
#[must_use]
pub fn visible(city: &City, viewer: &Viewer, today: chrono::NaiveDate) -> bool {
    city.public_since.is_some_and(|since| since <= today)
        || viewer.may_for(Permission::SeeUnpublishedCities, city.id)
}

/// A page of the cities that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    today: chrono::NaiveDate,
    filter: &CityFilter,
    order: &[CityOrder],
    page: &Page,
) -> Result<Listed<City>> {
    listing::list::<RowType, City>(
        db,
        &SOURCE,
        conditions(scope, today, filter),
        &self::order(order),
        page,
    )
}

/// How many cities a list has.
///
/// # Errors
/// What the database says.
pub fn count(
    db: &mut Db,
    scope: &Scope,
    today: chrono::NaiveDate,
    filter: &CityFilter,
) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, today, filter))
}

/// How a list of cities is sorted: by name unless the caller says otherwise.
#[must_use]
pub fn order(order: &[CityOrder]) -> Order<City> {
    let key = |column, kind, descending, nullable, value| OrderKey {
        column,
        kind,
        descending,
        nullable,
        value,
    };
    let of = |order: &CityOrder| -> OrderKey<City> {
        match order {
            CityOrder::NameAsc | CityOrder::NameDesc => key(
                "cities.sort_key",
                KeyKind::Text,
                *order == CityOrder::NameDesc,
                false,
                |city: &City| KeyValue::Text(city.sort_key.clone()),
            ),
            CityOrder::CountryAsc | CityOrder::CountryDesc => key(
                "cities.country",
                KeyKind::Text,
                *order == CityOrder::CountryDesc,
                false,
                |city| KeyValue::Text(city.country.clone()),
            ),
            CityOrder::PopulationAsc | CityOrder::PopulationDesc => key(
                "cities.population",
                KeyKind::Int,
                *order == CityOrder::PopulationDesc,
                true,
                |city| city.population.map_or(KeyValue::Null, KeyValue::Int),
            ),
            CityOrder::UpdatedAtAsc | CityOrder::UpdatedAtDesc => key(
                "cities.updated_at",
                KeyKind::Stamp,
                *order == CityOrder::UpdatedAtDesc,
                false,
                |city| KeyValue::Stamp(city.updated_at),
            ),
        }
    };
    let asked = if order.is_empty() {
        &[CityOrder::NameAsc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().map(of).collect(),
        id: |city| city.id.uuid(),
    }
}

fn conditions(scope: &Scope, today: chrono::NaiveDate, filter: &CityFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Scope::Own { .. } = scope {
        let public = Sql::new("cities.public_since <= ").bind_date(today);
        let own = scope.city_keys();
        conditions = conditions.and(if own.is_empty() {
            public
        } else {
            public.text(" OR cities.id").in_uids(own)
        });
    }
    if let Some(countries) = &filter.country {
        conditions = conditions.and(Sql::new("cities.country").in_texts(countries.clone()));
    }
    if let Some(search) = filter
        .search
        .as_deref()
        .filter(|search| !search.trim().is_empty())
    {
        conditions = conditions.and(
            Sql::new("cities.search_key LIKE ")
                .bind_text(fold::like_anywhere(search))
                .text(" ESCAPE '\\'"),
        );
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("cities.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("cities.updated_at < ").bind(Bind::Stamp(before)));
    }
    if let Some(statuses) = &filter.status {
        conditions = conditions.and(has_status(scope, today, statuses));
    }
    conditions
}

/// The city's standing in the international network is one of these: what the public reads, and
/// within the scope what it is.
fn has_status(scope: &Scope, today: chrono::NaiveDate, statuses: &[MembershipStatus]) -> Sql {
    let words: Vec<String> = statuses.iter().map(ToString::to_string).collect();
    let standing = Sql::new("EXISTS (SELECT 1 FROM city_standings standing JOIN networks network ON network.id = standing.network_id")
        .text(" WHERE standing.city_id = cities.id AND network.kind = 'INTERNATIONAL' AND standing.starts_on <= ")
        .bind_date(today)
        .text(" AND (standing.ends_on IS NULL OR standing.ends_on > ")
        .bind_date(today)
        .text(") AND (");
    let known = Sql::new("standing.status").in_texts(words.clone());
    let public = Sql::new("standing.public_status").in_texts(words);
    let own = scope.city_keys();
    let wanted = match scope {
        Scope::All => known,
        Scope::Own { .. } if own.is_empty() => public,
        Scope::Own { .. } => Sql::new("(cities.id")
            .in_uids(own.clone())
            .text(" AND ")
            .append(known)
            .text(") OR (NOT cities.id")
            .in_uids(own)
            .text(" AND ")
            .append(public)
            .text(")"),
    };
    standing.append(wanted).text("))")
}

/// Stores a new city with its names.
pub(super) fn insert(tx: &mut Tx<'_>, city: &City, names: &[LocalName]) -> Result<()> {
    let stored = diesel::insert_into(cities::table)
        .values(city)
        .execute(tx.db);
    refuse_taken(stored, city)?;
    insert_names(tx, names)
}

/// Stores a changed city; its names stay.
pub(super) fn update_record(tx: &mut Tx<'_>, city: &City) -> Result<()> {
    let stored = diesel::update(cities::table.find(city.id))
        .set(city)
        .execute(tx.db);
    ensure_one(refuse_taken(stored, city)?)
}

/// Stores a revised city with its names.
pub(super) fn update(tx: &mut Tx<'_>, city: &City, names: &[LocalName]) -> Result<()> {
    update_record(tx, city)?;
    diesel::delete(city_names::table.filter(city_names::city_id.eq(city.id))).execute(tx.db)?;
    insert_names(tx, names)
}

/// Locks the city's row until the transaction ends.
///
/// # Errors
/// `NotFound`; `Unavailable` when the lock is not had in time.
pub fn lock(tx: &mut Tx<'_>, id: CityId) -> Result<City> {
    tx.lock_row("SELECT 1 FROM cities WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// As [`lock`], several in the order of their keys, so that nobody waits in a circle.
///
/// # Errors
/// As [`lock`]; one that is not there is absent.
pub fn lock_many(tx: &mut Tx<'_>, ids: &[CityId]) -> Result<Vec<City>> {
    if let Db::Postgres(_) = tx.db {
        Sql::new("SELECT 1 FROM cities WHERE id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .text(" ORDER BY id FOR NO KEY UPDATE")
            .load::<diesel::sql_types::Integer, i32>(tx.db)?;
    }
    find_many(tx.db, ids)
}

/// Writes from which day the public knows the city: a projection, no revision, so the version stays.
///
/// # Errors
/// What the database says.
pub fn publish(tx: &mut Tx<'_>, id: CityId, since: Option<chrono::NaiveDate>) -> Result<()> {
    if get(tx.db, id)?.public_since == since {
        return Ok(());
    }
    let rows = diesel::update(cities::table.find(id))
        .set((
            cities::public_since.eq(since),
            cities::updated_at.eq(tx.now),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}

fn insert_names(tx: &mut Tx<'_>, names: &[LocalName]) -> Result<()> {
    on_backend!(&mut *tx.db, connection => diesel::insert_into(city_names::table).values(names).execute(connection))?;
    Ok(())
}

fn refuse_taken(stored: QueryResult<usize>, city: &City) -> Result<usize> {
    stored
        .on_unique(NAME, || CityRefusal::NameTaken(city.name.clone()).into())
        .on_unique(CVR, || CityRefusal::IdentifierTaken("cvr").into())
        .on_unique(GLN, || CityRefusal::IdentifierTaken("gln").into())
        .on_unique(GEONAMES, || {
            CityRefusal::IdentifierTaken("geonamesId").into()
        })
}
