//! The queries of expert visits and of the experts' calendars. What it is not: who may see a visit
//! in full; lists take a scope and resolvers ask the viewer.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Date;
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::constraint::OnConstraint;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, ExpertId, ExpertVisitId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::refusal::Refusal;
use crate::kernel::sql_types::{Stamp, Uid};
use crate::scheduling::days::{Precision, VisitStatus};
use crate::scheduling::expert_visits::model::{
    Booking, ExpertVisit, ExpertVisitFilter, ExpertVisitOrder, UnstaffedVisit,
};
use crate::scheduling::expert_visits::rules::{ExpertVisitRefusal, Taken};
use crate::schema::{expert_bookings, expert_visit_team, expert_visits};

type RowType = diesel::dsl::SqlTypeOf<<expert_visits::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "expert_visits",
    from: "expert_visits",
    id: "expert_visits.id",
    parent: "expert_visits.city_id",
};

/// The visit.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: ExpertVisitId) -> Result<ExpertVisit> {
    let found: Option<ExpertVisit> = expert_visits::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: ExpertVisitId::KIND,
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
    ids: &[ExpertVisitId],
) -> Result<Vec<ExpertVisit>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let mut statement =
        Sql::new("SELECT expert_visits.* FROM expert_visits WHERE expert_visits.id").in_uids(keys);
    if let Some(seen) = seen(scope, now) {
        statement = statement.text(" AND (").append(seen).text(")");
    }
    Ok(statement.load::<RowType, ExpertVisit>(db)?)
}

/// The experts of each of these visits, in the order of their keys.
///
/// # Errors
/// What the database says.
pub fn team_of_many(
    db: &mut Db,
    ids: &[ExpertVisitId],
) -> Result<HashMap<ExpertVisitId, Vec<ExpertId>>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let statement = Sql::new("SELECT visit_id, expert_id FROM expert_visit_team WHERE visit_id")
        .in_uids(keys)
        .text(" ORDER BY visit_id, expert_id");
    let mut teams: HashMap<ExpertVisitId, Vec<ExpertId>> = HashMap::new();
    for (visit, expert) in statement.load::<(Uid, Uid), (Uuid, Uuid)>(db)? {
        teams
            .entry(ExpertVisitId::of(visit))
            .or_default()
            .push(ExpertId::of(expert));
    }
    Ok(teams)
}

/// A page of the visits that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    now: Instant,
    filter: &ExpertVisitFilter,
    (order, precision): (&[ExpertVisitOrder], Precision),
    page: &Page,
) -> Result<Listed<ExpertVisit>> {
    let conditions = conditions(scope, now, filter);
    let order = self::order(order, precision);
    listing::list::<RowType, _>(db, &SOURCE, conditions, &order, page)
}

/// How many visits a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, now: Instant, filter: &ExpertVisitFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, now, filter))
}

/// The same page for each of these cities.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_of_cities(
    db: &mut Db,
    (scope, now): (&Scope, Instant),
    cities: &[Uuid],
    (filter, (order, precision), page): (
        &ExpertVisitFilter,
        (&[ExpertVisitOrder], Precision),
        &Page,
    ),
) -> Result<HashMap<Uuid, Listed<ExpertVisit>>> {
    let conditions = conditions(scope, now, filter);
    let order = self::order(order, precision);
    listing::list_for::<RowType, _>(db, &SOURCE, cities, conditions, &order, page)
}

/// How many visits the list of each of these cities has.
///
/// # Errors
/// What the database says.
pub fn count_of_cities(
    db: &mut Db,
    (scope, now): (&Scope, Instant),
    cities: &[Uuid],
    filter: &ExpertVisitFilter,
) -> Result<HashMap<Uuid, i64>> {
    let conditions = conditions(scope, now, filter);
    listing::count_for(db, &SOURCE, cities, conditions)
}

/// How a list of visits is sorted, and what its cursors hold: the latest first unless the caller
/// says otherwise, by month where the day may not be known.
#[must_use]
pub fn order(order: &[ExpertVisitOrder], precision: Precision) -> Order<ExpertVisit> {
    let descending = order.first() != Some(&ExpertVisitOrder::StartsOnAsc);
    let key = match precision {
        Precision::Day => OrderKey {
            column: "expert_visits.starts_on",
            descending,
            nullable: false,
            kind: KeyKind::Date,
            value: |visit: &ExpertVisit| KeyValue::Date(visit.starts_on),
        },
        Precision::Month => OrderKey {
            column: "expert_visits.starts_month",
            descending,
            nullable: false,
            kind: KeyKind::Int,
            value: |visit: &ExpertVisit| KeyValue::Int(visit.starts_month),
        },
    };
    Order {
        keys: vec![key],
        id: |visit| visit.id.uuid(),
    }
}

fn conditions(scope: &Scope, now: Instant, filter: &ExpertVisitFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(seen) = seen(scope, now) {
        conditions = conditions.and(seen);
    }
    if let Some(city) = filter.city_id {
        conditions = conditions.and(Sql::new("expert_visits.city_id = ").bind_uid(city.uuid()));
    }
    if let Some(statuses) = &filter.status {
        conditions = conditions.and(in_status(statuses, now));
    }
    // Whoever is told the month alone is not told by this either when a visit was last revised.
    if (filter.updated_from, filter.updated_before) != (None, None)
        && let Some(full) = seen_in_full(scope)
    {
        conditions = conditions.and(full);
    }
    if let Some(from) = filter.updated_from {
        conditions =
            conditions.and(Sql::new("expert_visits.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions =
            conditions.and(Sql::new("expert_visits.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

/// What a scope lets see: held visits are public, the others are for the city, for the team and
/// for those who see all. None is no condition.
fn seen(scope: &Scope, now: Instant) -> Option<Sql> {
    let held = in_status(&[VisitStatus::Held], now);
    seen_in_full(scope).map(|full| held.text(" OR ").append(full))
}

/// What a scope lets see with its days: the visits of the city and of the team. None is no condition.
fn seen_in_full(scope: &Scope) -> Option<Sql> {
    let Scope::Own { cities, experts } = scope else {
        return None;
    };
    let mut seen = Sql::new("1 = 0");
    if !cities.is_empty() {
        let own = scope.city_keys();
        seen = seen.text(" OR expert_visits.city_id").in_uids(own);
    }
    if !experts.is_empty() {
        let own = experts.iter().map(|expert| expert.uuid()).collect();
        seen = seen.text(" OR ").append(with_experts(own));
    }
    Some(seen)
}

fn with_experts(experts: Vec<Uuid>) -> Sql {
    Sql::new("EXISTS (SELECT 1 FROM expert_visit_team team WHERE team.visit_id = expert_visits.id AND team.expert_id")
        .in_uids(experts)
        .text(")")
}

fn in_status(statuses: &[VisitStatus], now: Instant) -> Sql {
    statuses
        .iter()
        .fold(Sql::new("1 = 0"), |any, status| match status {
            VisitStatus::Planned => any
                .text(" OR (expert_visits.status = 'PLANNED' AND expert_visits.ends_at > ")
                .bind(Bind::Stamp(now))
                .text(")"),
            VisitStatus::Held => any
                .text(" OR (expert_visits.status = 'PLANNED' AND expert_visits.ends_at <= ")
                .bind(Bind::Stamp(now))
                .text(")"),
            VisitStatus::Cancelled => any.text(" OR expert_visits.status = 'CANCELLED'"),
        })
}

/// Locks the visit's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: ExpertVisitId) -> Result<ExpertVisit> {
    tx.lock_row("SELECT 1 FROM expert_visits WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a new visit with its team and their bookings.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    visit: &ExpertVisit,
    experts: &[ExpertId],
    taken: &Taken,
) -> Result<()> {
    diesel::insert_into(expert_visits::table)
        .values(visit)
        .execute(tx.db)?;
    for (place, expert) in experts.iter().enumerate() {
        let member = (
            expert_visit_team::visit_id.eq(visit.id),
            expert_visit_team::expert_id.eq(*expert),
        );
        diesel::insert_into(expert_visit_team::table)
            .values(member)
            .execute(tx.db)?;
        let booking = Booking {
            id: tx.new_id(),
            expert_id: *expert,
            visit_id: Some(visit.id),
            city_id: visit.city_id,
            starts_at: taken.starts_at,
            ends_at: taken.ends_at,
            travel_from: taken.travel_from,
            travel_until: taken.travel_until,
            held_until: None,
        };
        let double = || Refusal::from(ExpertVisitRefusal::DoubleBooked(place));
        diesel::insert_into(expert_bookings::table)
            .values(&booking)
            .execute(tx.db)
            .on_exclusion("expert_bookings_overlap", double)
            .on_exclusion("expert_bookings_travel", double)?;
    }
    Ok(())
}

/// Stores a changed visit.
pub(super) fn update(tx: &mut Tx<'_>, visit: &ExpertVisit) -> Result<()> {
    let rows = diesel::update(expert_visits::table.find(visit.id))
        .set(visit)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Frees the calendars of a visit's team.
pub(super) fn free_calendars(tx: &mut Tx<'_>, id: ExpertVisitId) -> Result<usize> {
    let bookings = expert_bookings::table.filter(expert_bookings::visit_id.eq(id));
    Ok(diesel::delete(bookings).execute(tx.db)?)
}

/// Removes holds of these experts that have lapsed: no constraint knows the clock.
pub(super) fn release_lapsed_holds(tx: &mut Tx<'_>, experts: &[ExpertId]) -> Result<usize> {
    let keys = experts.iter().map(|expert| expert.uuid()).collect();
    Ok(
        Sql::new("DELETE FROM expert_bookings WHERE visit_id IS NULL AND held_until <= ")
            .bind(Bind::Stamp(tx.now))
            .text(" AND expert_id")
            .in_uids(keys)
            .execute(tx.db)?,
    )
}

/// Which of these experts are elsewhere then, or on the way between two cities.
pub(super) fn booked_elsewhere(
    tx: &mut Tx<'_>,
    experts: &[ExpertId],
    city: CityId,
    taken: &Taken,
) -> Result<Vec<ExpertId>> {
    let keys = experts.iter().map(|expert| expert.uuid()).collect();
    let found: Vec<Uuid> = Sql::new("SELECT expert_id FROM expert_bookings WHERE expert_id")
        .in_uids(keys)
        .text(" AND ((starts_at < ")
        .bind(Bind::Stamp(taken.ends_at))
        .text(" AND ends_at > ")
        .bind(Bind::Stamp(taken.starts_at))
        .text(") OR (city_id <> ")
        .bind_uid(city.uuid())
        .text(" AND travel_from < ")
        .bind_date(taken.travel_until)
        .text(" AND travel_until > ")
        .bind_date(taken.travel_from)
        .text("))")
        .load::<Uid, Uuid>(tx.db)?;
    Ok(found.into_iter().map(ExpertId::of).collect())
}

/// The visits without an expert that are planned and not over, by when they were planned: a part of
/// them.
///
/// # Errors
/// What the database says.
pub fn unstaffed(db: &mut Db, now: Instant, part: &Part) -> Result<Vec<UnstaffedVisit>> {
    type Row = (Uid, Uid, Stamp, Date);
    type Found = (ExpertVisitId, CityId, Instant, NaiveDate);

    let rows = merged::load::<Row, Found>(db, unstaffed_candidates(now), part)?;
    Ok(rows
        .into_iter()
        .map(|(id, city, planned_at, starts_on)| UnstaffedVisit {
            id,
            city,
            starts_on,
            planned_at,
        })
        .collect())
}

/// How many such visits there are, to these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_unstaffed(db: &mut Db, now: Instant, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, unstaffed_candidates(now), cities)
}

fn unstaffed_candidates(now: Instant) -> Candidates {
    let statement = Sql::new(
        "SELECT expert_visits.id, expert_visits.city_id, expert_visits.created_at AS since, expert_visits.starts_on \
         FROM expert_visits WHERE expert_visits.status = 'PLANNED' AND NOT EXISTS \
         (SELECT 1 FROM expert_visit_team team WHERE team.visit_id = expert_visits.id) \
         AND expert_visits.ends_at > ",
    );
    Candidates(statement.bind(Bind::Stamp(now)))
}
