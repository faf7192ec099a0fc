//! The queries of memberships: single ones, their events and projections, and the writers. What it
//! is not: lists; those are in `listing.rs`.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, MembershipId, NetworkId};
use crate::kernel::sql_types::Uid;
use crate::on_backend;
use crate::registry::memberships::model::{
    Membership, MembershipEvent, MembershipStatus, Standing, StoredSpan,
};
use crate::registry::memberships::refusals::MembershipRefusal;
use crate::registry::memberships::rules::Span;
use crate::schema::{city_standings, membership_events, membership_spans, memberships};

pub(super) type MembershipRow = diesel::dsl::SqlTypeOf<<memberships::table as Table>::AllColumns>;
type EventRow = diesel::dsl::SqlTypeOf<<membership_events::table as Table>::AllColumns>;
type SpanRow = diesel::dsl::SqlTypeOf<<membership_spans::table as Table>::AllColumns>;
type StandingRow = diesel::dsl::SqlTypeOf<<city_standings::table as Table>::AllColumns>;

const NUMBER: Unique = Unique::new(
    "memberships_number",
    "memberships.city_id, memberships.network_id, memberships.number",
);
/// Standings in the international network on a day; the day's binds follow.
const STANDINGS_INTERNATIONAL: &str = " FROM city_standings standing JOIN networks network ON network.id = standing.network_id \
     WHERE network.kind = 'INTERNATIONAL' AND standing.city_id";

/// The membership, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: MembershipId) -> Result<Option<Membership>> {
    Ok(memberships::table.find(id).first(db).optional()?)
}

/// The membership.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: MembershipId) -> Result<Membership> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: MembershipId::KIND,
        id: id.public(),
    })
}

/// The memberships of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[MembershipId]) -> Result<Vec<Membership>> {
    Ok(Sql::new("SELECT memberships.* FROM memberships WHERE id")
        .in_uids(keys(ids))
        .load::<MembershipRow, Membership>(db)?)
}

/// All periods of a city in all networks, in the order they were recorded.
///
/// # Errors
/// What the database says.
pub fn periods_of_city(db: &mut Db, city: CityId) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .filter(memberships::city_id.eq(city))
        .order((memberships::network_id, memberships::number))
        .load(db)?)
}

/// All periods of these cities in all networks that have a first day, those of a city by that day.
///
/// # Errors
/// What the database says.
pub fn periods_of_cities(db: &mut Db, cities: &[CityId]) -> Result<Vec<Membership>> {
    Ok(Sql::new("SELECT memberships.* FROM memberships WHERE memberships.starts_on IS NOT NULL AND memberships.city_id")
        .in_uids(keys(cities))
        .text(" ORDER BY memberships.city_id, memberships.starts_on, memberships.id")
        .load::<MembershipRow, Membership>(db)?)
}

/// The period that the city's status in the international network comes from on a day.
///
/// # Errors
/// What the database says.
pub fn current_of(db: &mut Db, city: CityId, day: NaiveDate) -> Result<Option<Membership>> {
    let standing = Sql::new(
        "SELECT memberships.* FROM memberships WHERE id IN (SELECT standing.membership_id",
    )
    .text(STANDINGS_INTERNATIONAL)
    .text(" = ")
    .bind_uid(city.uuid())
    .append(on_day(day))
    .text(")");
    let found = standing.load::<MembershipRow, Membership>(db)?;
    Ok(found.into_iter().next())
}

/// Whether the city is an active member of the international network on a day. A suspended
/// member's rights rest, so it is not.
///
/// # Errors
/// What the database says.
pub fn is_active_on(db: &mut Db, city: CityId, day: NaiveDate) -> Result<bool> {
    Ok(active_among(db, &[city], day)?.contains(&city))
}

/// Those of the cities that are active members of the international network on a day.
///
/// # Errors
/// What the database says.
pub fn active_among(db: &mut Db, cities: &[CityId], day: NaiveDate) -> Result<HashSet<CityId>> {
    let found = Sql::new("SELECT standing.city_id")
        .text(STANDINGS_INTERNATIONAL)
        .in_uids(keys(cities))
        .append(on_day(day))
        .text(" AND standing.status = ")
        .bind_text(MembershipStatus::Active.as_str())
        .load::<(Uid,), (CityId,)>(db)?;
    Ok(found.into_iter().map(|(city,)| city).collect())
}

/// The standings of these cities in the international network, in the order of time.
///
/// # Errors
/// What the database says.
pub fn standings_of_cities(
    db: &mut Db,
    cities: &[CityId],
) -> Result<HashMap<CityId, Vec<Standing>>> {
    let standings = Sql::new("SELECT standing.*")
        .text(STANDINGS_INTERNATIONAL)
        .in_uids(keys(cities))
        .text(" ORDER BY standing.city_id, standing.starts_on")
        .load::<StandingRow, Standing>(db)?;
    let mut found: HashMap<CityId, Vec<Standing>> = HashMap::new();
    for standing in standings {
        found.entry(standing.city_id).or_default().push(standing);
    }
    Ok(found)
}

/// The events of these memberships, in the order they were recorded.
///
/// # Errors
/// What the database says.
pub fn events_of_many(
    db: &mut Db,
    ids: &[MembershipId],
) -> Result<HashMap<MembershipId, Vec<MembershipEvent>>> {
    let events = Sql::new("SELECT membership_events.* FROM membership_events WHERE membership_id")
        .in_uids(keys(ids))
        .text(" ORDER BY membership_id, recorded_at, id")
        .load::<EventRow, MembershipEvent>(db)?;
    let mut found: HashMap<MembershipId, Vec<MembershipEvent>> = HashMap::new();
    for event in events {
        found.entry(event.membership_id).or_default().push(event);
    }
    Ok(found)
}

/// The spans of these memberships, in the order of time.
///
/// # Errors
/// What the database says.
pub fn spans_of_many(
    db: &mut Db,
    ids: &[MembershipId],
) -> Result<HashMap<MembershipId, Vec<Span>>> {
    let spans = Sql::new("SELECT membership_spans.* FROM membership_spans WHERE membership_id")
        .in_uids(keys(ids))
        .text(" ORDER BY membership_id, starts_on")
        .load::<SpanRow, StoredSpan>(db)?;
    let mut found: HashMap<MembershipId, Vec<Span>> = HashMap::new();
    for span in spans {
        let of_membership = found.entry(span.membership_id).or_default();
        of_membership.push(span.span());
    }
    Ok(found)
}

/// Stores a new period.
pub(super) fn insert(tx: &mut Tx<'_>, membership: &Membership) -> Result<()> {
    let stored = diesel::insert_into(memberships::table)
        .values(membership)
        .execute(tx.db);
    ensure_one(refuse_overlap(stored)?)
}

/// Stores a changed period.
pub(super) fn update(tx: &mut Tx<'_>, membership: &Membership) -> Result<()> {
    let stored = diesel::update(memberships::table.find(membership.id))
        .set(membership)
        .execute(tx.db);
    ensure_one(refuse_overlap(stored)?)
}

/// Adds events.
pub(super) fn append(tx: &mut Tx<'_>, events: &[MembershipEvent]) -> Result<()> {
    on_backend!(&mut *tx.db, connection => diesel::insert_into(membership_events::table).values(events).execute(connection))?;
    Ok(())
}

/// Rewrites the projections of a city in a network.
pub(super) fn rewrite_projections(
    tx: &mut Tx<'_>,
    city: CityId,
    network: NetworkId,
    spans: &[StoredSpan],
    standings: &[Standing],
) -> Result<()> {
    diesel::delete(
        membership_spans::table
            .filter(membership_spans::city_id.eq(city))
            .filter(membership_spans::network_id.eq(network)),
    )
    .execute(tx.db)?;
    on_backend!(&mut *tx.db, connection => diesel::insert_into(membership_spans::table).values(spans).execute(connection))?;
    diesel::delete(
        city_standings::table
            .filter(city_standings::city_id.eq(city))
            .filter(city_standings::network_id.eq(network)),
    )
    .execute(tx.db)?;
    on_backend!(&mut *tx.db, connection => diesel::insert_into(city_standings::table).values(standings).execute(connection))?;
    Ok(())
}

fn refuse_overlap(stored: QueryResult<usize>) -> Result<usize> {
    stored
        .on_exclusion("memberships_overlap", || {
            MembershipRefusal::Overlaps("startsOn").into()
        })
        .on_unique(NUMBER, || {
            MembershipRefusal::Running(MembershipStatus::Applied).into()
        })
}

fn on_day(day: NaiveDate) -> Sql {
    Sql::new(" AND standing.starts_on <= ")
        .bind_date(day)
        .text(" AND (standing.ends_on IS NULL OR standing.ends_on > ")
        .bind_date(day)
        .text(")")
}

fn keys<I: Id>(ids: &[I]) -> Vec<uuid::Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
