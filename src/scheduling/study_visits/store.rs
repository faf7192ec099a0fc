//! The queries of study visits and of the places on them. What it is not: who may see a visit in
//! full; lists take a scope and resolvers ask the viewer.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::constraint::{OnConstraint, Unique};
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, StudyVisitId, StudyVisitPlaceId};
use crate::kernel::instant::Instant;
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::scheduling::days::{Precision, VisitStatus};
use crate::scheduling::study_visits::model::{
    StudyVisit, StudyVisitFilter, StudyVisitOrder, StudyVisitPlace,
};
use crate::scheduling::study_visits::rules::StudyVisitRefusal;
use crate::schema::{study_visit_places, study_visits};

type RowType = diesel::dsl::SqlTypeOf<<study_visits::table as Table>::AllColumns>;
type PlaceType = diesel::dsl::SqlTypeOf<<study_visit_places::table as Table>::AllColumns>;

const PLACES: Source = Source {
    columns: "study_visit_places",
    from: "study_visit_places",
    id: "study_visit_places.id",
    parent: "study_visit_places.visit_id",
};
const ONCE: Unique = Unique::new(
    "study_visit_places_once",
    "study_visit_places.visit_id, study_visit_places.city_id",
);

/// What a city is to the visits of its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// It shows its practice.
    Host,
    /// It has a place.
    Visitor,
}

impl Of {
    const fn source(self) -> Source {
        match self {
            Self::Host => Source {
                columns: "study_visits",
                from: "study_visits",
                id: "study_visits.id",
                parent: "study_visits.host_city_id",
            },
            Self::Visitor => Source {
                columns: "study_visits",
                from: "study_visit_places joined JOIN study_visits ON study_visits.id = joined.visit_id AND joined.left_at IS NULL",
                id: "study_visits.id",
                parent: "joined.city_id",
            },
        }
    }
}

/// The visit.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: StudyVisitId) -> Result<StudyVisit> {
    let found: Option<StudyVisit> = study_visits::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: StudyVisitId::KIND,
        id: id.public(),
    })
}

/// The visits of these keys that the scope lets see at this moment.
///
/// # Errors
/// What the database says.
pub fn find_visible(
    db: &mut Db,
    scope: &Scope,
    now: Instant,
    ids: &[StudyVisitId],
) -> Result<Vec<StudyVisit>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let mut statement =
        Sql::new("SELECT study_visits.* FROM study_visits WHERE study_visits.id").in_uids(keys);
    if let Some(seen) = seen(scope, now) {
        statement = statement.text(" AND (").append(seen).text(")");
    }
    Ok(statement.load::<RowType, StudyVisit>(db)?)
}

/// A page of the visits that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    now: Instant,
    filter: &StudyVisitFilter,
    (order, precision): (&[StudyVisitOrder], Precision),
    page: &Page,
) -> Result<Listed<StudyVisit>> {
    let conditions = conditions(scope, now, filter);
    let order = self::order(order, precision);
    listing::list::<RowType, _>(db, &Of::Host.source(), conditions, &order, page)
}

/// How many visits a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, now: Instant, filter: &StudyVisitFilter) -> Result<i64> {
    listing::count(db, &Of::Host.source(), conditions(scope, now, filter))
}

/// A page of each of these cities' visits.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_of(
    db: &mut Db,
    of: Of,
    (scope, now): (&Scope, Instant),
    cities: &[Uuid],
    (filter, (order, precision), page): (&StudyVisitFilter, (&[StudyVisitOrder], Precision), &Page),
) -> Result<HashMap<Uuid, Listed<StudyVisit>>> {
    let conditions = conditions(scope, now, filter);
    let order = self::order(order, precision);
    listing::list_for::<RowType, _>(db, &of.source(), cities, conditions, &order, page)
}

/// How many visits the list of each of these cities has.
///
/// # Errors
/// What the database says.
pub fn count_of(
    db: &mut Db,
    of: Of,
    (scope, now): (&Scope, Instant),
    cities: &[Uuid],
    filter: &StudyVisitFilter,
) -> Result<HashMap<Uuid, i64>> {
    let conditions = conditions(scope, now, filter);
    listing::count_for(db, &of.source(), cities, conditions)
}

/// How a list of visits is sorted, and what its cursors hold: the latest first unless the caller
/// says otherwise, by month where the day may not be known.
#[must_use]
pub fn order(order: &[StudyVisitOrder], precision: Precision) -> Order<StudyVisit> {
    let descending = order.first() != Some(&StudyVisitOrder::StartsOnAsc);
    let key = match precision {
        Precision::Day => OrderKey {
            column: "study_visits.starts_on",
            descending,
            nullable: false,
            kind: KeyKind::Date,
            value: |visit: &StudyVisit| KeyValue::Date(visit.starts_on),
        },
        Precision::Month => OrderKey {
            column: "study_visits.starts_month",
            descending,
            nullable: false,
            kind: KeyKind::Int,
            value: |visit: &StudyVisit| KeyValue::Int(visit.starts_month),
        },
    };
    Order {
        keys: vec![key],
        id: |visit| visit.id.uuid(),
    }
}

/// The places of these keys that the scope lets see.
///
/// # Errors
/// What the database says.
pub fn find_places(
    db: &mut Db,
    scope: &Scope,
    ids: &[StudyVisitPlaceId],
) -> Result<Vec<StudyVisitPlace>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let mut statement =
        Sql::new("SELECT study_visit_places.* FROM study_visit_places WHERE study_visit_places.id")
            .in_uids(keys);
    if let Some(seen) = seen_places(scope) {
        statement = statement.text(" AND (").append(seen).text(")");
    }
    Ok(statement.load::<PlaceType, StudyVisitPlace>(db)?)
}

/// A page of the places on each of these visits that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_places(
    db: &mut Db,
    scope: &Scope,
    visits: &[Uuid],
    page: &Page,
) -> Result<HashMap<Uuid, Listed<StudyVisitPlace>>> {
    let conditions = conditions_of_places(scope);
    listing::list_for::<PlaceType, _>(db, &PLACES, visits, conditions, &order_of_places(), page)
}

/// How many places the list of each of these visits has.
///
/// # Errors
/// What the database says.
pub fn count_places(db: &mut Db, scope: &Scope, visits: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &PLACES, visits, conditions_of_places(scope))
}

/// How the places on a visit are sorted: as the cities joined.
#[must_use]
pub fn order_of_places() -> Order<StudyVisitPlace> {
    Order {
        keys: vec![OrderKey {
            column: "study_visit_places.joined_at",
            descending: false,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |place| KeyValue::Stamp(place.joined_at),
        }],
        id: |place| place.id.uuid(),
    }
}

fn conditions(scope: &Scope, now: Instant, filter: &StudyVisitFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(seen) = seen(scope, now) {
        conditions = conditions.and(seen);
    }
    if let Some(host) = filter.host_city_id {
        conditions = conditions.and(Sql::new("study_visits.host_city_id = ").bind_uid(host.uuid()));
    }
    if let Some(statuses) = &filter.status {
        conditions = conditions.and(in_status(statuses, now));
    }
    // Whoever is told the month alone is not told by this either when a visit was last revised.
    if (filter.updated_from, filter.updated_before) != (None, None) && seen(scope, now).is_some() {
        conditions = conditions.and(Sql::new("1 = 0"));
    }
    if let Some(from) = filter.updated_from {
        conditions =
            conditions.and(Sql::new("study_visits.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions =
            conditions.and(Sql::new("study_visits.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

/// What a scope lets see: held visits are public; every coordinator sees all visits, because a
/// visit is open to every city. None is no condition.
fn seen(scope: &Scope, now: Instant) -> Option<Sql> {
    match scope {
        Scope::Own { cities, .. } if cities.is_empty() => {
            Some(in_status(&[VisitStatus::Held], now))
        }
        Scope::Own { .. } | Scope::All => None,
    }
}

fn in_status(statuses: &[VisitStatus], now: Instant) -> Sql {
    statuses
        .iter()
        .fold(Sql::new("1 = 0"), |any, status| match status {
            VisitStatus::Planned => any
                .text(" OR (study_visits.status = 'PLANNED' AND study_visits.ends_at > ")
                .bind(Bind::Stamp(now))
                .text(")"),
            VisitStatus::Held => any
                .text(" OR (study_visits.status = 'PLANNED' AND study_visits.ends_at <= ")
                .bind(Bind::Stamp(now))
                .text(")"),
            VisitStatus::Cancelled => any.text(" OR study_visits.status = 'CANCELLED'"),
        })
}

/// Places that cities have now, of those that the scope lets see.
fn conditions_of_places(scope: &Scope) -> Conditions {
    let taken = Conditions::none().and(Sql::new("study_visit_places.left_at IS NULL"));
    match seen_places(scope) {
        Some(seen) => taken.and(seen),
        None => taken,
    }
}

/// A city sees its own places and those on visits to it. None is no condition.
fn seen_places(scope: &Scope) -> Option<Sql> {
    let Scope::Own { .. } = scope else {
        return None;
    };
    Some(
        Sql::new("study_visit_places.city_id")
            .in_uids(scope.city_keys())
            .text(" OR EXISTS (SELECT 1 FROM study_visits host WHERE host.id = study_visit_places.visit_id AND host.host_city_id")
            .in_uids(scope.city_keys())
            .text(")"),
    )
}

/// The place that a city has on a visit now.
pub(super) fn place_of(
    tx: &mut Tx<'_>,
    visit: StudyVisitId,
    city: CityId,
) -> Result<Option<StudyVisitPlace>> {
    Ok(study_visit_places::table
        .filter(study_visit_places::visit_id.eq(visit))
        .filter(study_visit_places::city_id.eq(city))
        .filter(study_visit_places::left_at.is_null())
        .first(tx.db)
        .optional()?)
}

/// Whom the city sends to other visits on days of this one: the delegate of each, if one is named.
pub(super) fn delegates_elsewhere(
    tx: &mut Tx<'_>,
    city: CityId,
    visit: &StudyVisit,
) -> Result<Vec<Option<String>>> {
    Ok(study_visit_places::table
        .inner_join(study_visits::table)
        .filter(study_visit_places::city_id.eq(city))
        .filter(study_visit_places::left_at.is_null())
        .filter(study_visits::status.eq(VisitStatus::Planned))
        .filter(study_visits::id.ne(visit.id))
        .filter(study_visits::starts_on.lt(visit.ends_on))
        .filter(study_visits::ends_on.gt(visit.starts_on))
        .select(study_visit_places::delegate_name)
        .load(tx.db)?)
}

/// Locks the visit's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: StudyVisitId) -> Result<StudyVisit> {
    tx.lock_row("SELECT 1 FROM study_visits WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a new visit.
pub(super) fn insert(tx: &mut Tx<'_>, visit: &StudyVisit) -> Result<()> {
    diesel::insert_into(study_visits::table)
        .values(visit)
        .execute(tx.db)?;
    Ok(())
}

/// Stores a changed visit.
pub(super) fn update(tx: &mut Tx<'_>, visit: &StudyVisit) -> Result<()> {
    let rows = diesel::update(study_visits::table.find(visit.id))
        .set(visit)
        .execute(tx.db)
        .on_check("study_visits_capacity", || {
            StudyVisitRefusal::CapacityFull(0).into()
        })?;
    ensure_one(rows)
}

/// Stores a new place.
pub(super) fn insert_place(tx: &mut Tx<'_>, place: &StudyVisitPlace) -> Result<()> {
    diesel::insert_into(study_visit_places::table)
        .values(place)
        .execute(tx.db)
        .on_unique(ONCE, || StudyVisitRefusal::JoinedBefore.into())?;
    Ok(())
}

/// Stores a changed place.
pub(super) fn update_place(tx: &mut Tx<'_>, place: &StudyVisitPlace) -> Result<()> {
    let rows = diesel::update(study_visit_places::table.find(place.id))
        .set(place)
        .execute(tx.db)?;
    ensure_one(rows)
}
