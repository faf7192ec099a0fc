//! The queries of pairings and their legs. What it is not: who may see a pairing; lists take a
//! scope.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::constraint::OnConstraint;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, MentorPairingId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::mentoring::pairings::model::{
    MentorPairing, PairingFilter, PairingLeg, PairingOrder, PairingStatus,
};
use crate::mentoring::pairings::rules::PairingRefusal;
use crate::schema::{mentor_pairings, pairing_legs};

type RowType = diesel::dsl::SqlTypeOf<<mentor_pairings::table as Table>::AllColumns>;
type LegType = diesel::dsl::SqlTypeOf<<pairing_legs::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "mentor_pairings",
    from: "mentor_pairings",
    id: "mentor_pairings.id",
    parent: "",
};
/// A pairing is in the lists of both its cities.
const OF_CITIES: Source = Source {
    columns: "mentor_pairings",
    from: "(SELECT id AS pairing_id, mentor_city_id AS city_id FROM mentor_pairings UNION ALL SELECT id, mentee_city_id FROM mentor_pairings) side JOIN mentor_pairings ON mentor_pairings.id = side.pairing_id",
    id: "mentor_pairings.id",
    parent: "side.city_id",
};

/// The pairing.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: MentorPairingId) -> Result<MentorPairing> {
    let found: Option<MentorPairing> = mentor_pairings::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: MentorPairingId::KIND,
        id: id.public(),
    })
}

/// The keys of a city's pairings that are not over on a day, in their order.
pub(super) fn open_of_city(
    db: &mut Db,
    city: CityId,
    day: chrono::NaiveDate,
) -> Result<Vec<MentorPairingId>> {
    let of_city = mentor_pairings::mentor_city_id
        .eq(city)
        .or(mentor_pairings::mentee_city_id.eq(city));
    let open = mentor_pairings::ends_on
        .is_null()
        .or(mentor_pairings::ends_on.gt(day));
    Ok(mentor_pairings::table
        .filter(of_city)
        .filter(open)
        .filter(mentor_pairings::status.ne(PairingStatus::Ended))
        .order(mentor_pairings::id)
        .select(mentor_pairings::id)
        .load(db)?)
}

/// The pairings of these keys that the scope lets see.
///
/// # Errors
/// What the database says.
pub fn find_visible(
    db: &mut Db,
    scope: &Scope,
    ids: &[MentorPairingId],
) -> Result<Vec<MentorPairing>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let mut statement =
        Sql::new("SELECT mentor_pairings.* FROM mentor_pairings WHERE mentor_pairings.id")
            .in_uids(keys);
    if let Some(seen) = seen(scope) {
        statement = statement.text(" AND (").append(seen).text(")");
    }
    Ok(statement.load::<RowType, MentorPairing>(db)?)
}

/// The legs of each of these pairings, the mentor's first.
///
/// # Errors
/// What the database says.
pub fn legs_of_many(
    db: &mut Db,
    ids: &[MentorPairingId],
) -> Result<HashMap<MentorPairingId, Vec<PairingLeg>>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    // Ids grow with time, and the mentor's leg is made first.
    let statement =
        Sql::new("SELECT pairing_legs.* FROM pairing_legs WHERE pairing_legs.pairing_id")
            .in_uids(keys)
            .text(" ORDER BY pairing_legs.pairing_id, pairing_legs.id");
    let mut legs: HashMap<MentorPairingId, Vec<PairingLeg>> = HashMap::new();
    for leg in statement.load::<LegType, PairingLeg>(db)? {
        legs.entry(leg.pairing_id).or_default().push(leg);
    }
    Ok(legs)
}

/// A page of the pairings that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    today: chrono::NaiveDate,
    filter: &PairingFilter,
    order: &[PairingOrder],
    page: &Page,
) -> Result<Listed<MentorPairing>> {
    let conditions = conditions(scope, today, filter);
    listing::list::<RowType, _>(db, &SOURCE, conditions, &self::order(order), page)
}

/// How many pairings a list has.
///
/// # Errors
/// What the database says.
pub fn count(
    db: &mut Db,
    scope: &Scope,
    today: chrono::NaiveDate,
    filter: &PairingFilter,
) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, today, filter))
}

/// A page of the pairings of each of these cities that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_of_cities(
    db: &mut Db,
    (scope, today): (&Scope, chrono::NaiveDate),
    cities: &[Uuid],
    filter: &PairingFilter,
    order: &[PairingOrder],
    page: &Page,
) -> Result<HashMap<Uuid, Listed<MentorPairing>>> {
    let (conditions, order) = (conditions(scope, today, filter), self::order(order));
    listing::list_for::<RowType, _>(db, &OF_CITIES, cities, conditions, &order, page)
}

/// How many pairings the list of each of these cities has.
///
/// # Errors
/// What the database says.
pub fn count_of_cities(
    db: &mut Db,
    (scope, today): (&Scope, chrono::NaiveDate),
    cities: &[Uuid],
    filter: &PairingFilter,
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &OF_CITIES, cities, conditions(scope, today, filter))
}

/// How a list of pairings is sorted: the latest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[PairingOrder]) -> Order<MentorPairing> {
    let descending = order.first() != Some(&PairingOrder::StartsOnAsc);
    Order {
        keys: vec![OrderKey {
            column: "mentor_pairings.starts_on",
            descending,
            nullable: false,
            kind: KeyKind::Date,
            value: |pairing| KeyValue::Date(pairing.starts_on),
        }],
        id: |pairing| pairing.id.uuid(),
    }
}

fn conditions(scope: &Scope, today: chrono::NaiveDate, filter: &PairingFilter) -> Conditions {
    let mut conditions = of_scope(scope);
    if let Some(city) = filter.city_id {
        conditions = conditions.and(with_cities(&[city]));
    }
    if let Some(statuses) = &filter.status {
        conditions = conditions.and(in_status(statuses, today));
    }
    if let Some(from) = filter.updated_from {
        conditions =
            conditions.and(Sql::new("mentor_pairings.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions =
            conditions.and(Sql::new("mentor_pairings.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

fn of_scope(scope: &Scope) -> Conditions {
    seen(scope).map_or_else(Conditions::none, |seen| Conditions::none().and(seen))
}

/// A pairing is for its two cities and for those who see all. None is no condition.
fn seen(scope: &Scope) -> Option<Sql> {
    match scope {
        Scope::All => None,
        Scope::Own { cities, .. } => Some(with_cities(cities)),
    }
}

fn with_cities(cities: &[CityId]) -> Sql {
    let keys: Vec<Uuid> = cities.iter().map(|city| city.uuid()).collect();
    Sql::new("mentor_pairings.mentor_city_id")
        .in_uids(keys.clone())
        .text(" OR mentor_pairings.mentee_city_id")
        .in_uids(keys)
}

fn in_status(statuses: &[PairingStatus], today: chrono::NaiveDate) -> Sql {
    statuses
        .iter()
        .fold(Sql::new("1 = 0"), |any, status| match status {
            PairingStatus::Ended => any
                .text(" OR mentor_pairings.status = 'ENDED' OR mentor_pairings.ends_on <= ")
                .bind_date(today),
            open => any
                .text(" OR (mentor_pairings.status = ")
                .bind_text(open.as_str())
                .text(" AND (mentor_pairings.ends_on IS NULL OR mentor_pairings.ends_on > ")
                .bind_date(today)
                .text("))"),
        })
}

/// Locks both cities in the order of their keys: two proposals of one pair then queue up, where the
/// constraint alone would let them wait for each other.
pub(super) fn lock_pair(tx: &mut Tx<'_>, low: CityId, high: CityId) -> Result<()> {
    tx.lock_row("SELECT 1 FROM cities WHERE id = ", low.uuid())?;
    tx.lock_row("SELECT 1 FROM cities WHERE id = ", high.uuid())
}

/// Locks the pairing's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: MentorPairingId) -> Result<MentorPairing> {
    tx.lock_row("SELECT 1 FROM mentor_pairings WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a new pairing.
pub(super) fn insert(tx: &mut Tx<'_>, pairing: &MentorPairing) -> Result<()> {
    diesel::insert_into(mentor_pairings::table)
        .values(pairing)
        .execute(tx.db)
        .on_exclusion("mentor_pairings_overlap", || {
            PairingRefusal::PairExists.into()
        })?;
    Ok(())
}

/// Stores a leg; `field` is the input field that its area came from.
pub(super) fn insert_leg(tx: &mut Tx<'_>, leg: &PairingLeg, field: &'static str) -> Result<()> {
    diesel::insert_into(pairing_legs::table)
        .values(leg)
        .execute(tx.db)
        .on_exclusion("pairing_legs_overlap", || {
            PairingRefusal::LegExists(field).into()
        })?;
    Ok(())
}

/// Stores a changed pairing; its legs end with it.
pub(super) fn update(tx: &mut Tx<'_>, pairing: &MentorPairing) -> Result<()> {
    let rows = diesel::update(mentor_pairings::table.find(pairing.id))
        .set(pairing)
        .execute(tx.db)?;
    ensure_one(rows)?;
    diesel::update(pairing_legs::table.filter(pairing_legs::pairing_id.eq(pairing.id)))
        .set(pairing_legs::ends_on.eq(pairing.ends_on))
        .execute(tx.db)?;
    Ok(())
}
