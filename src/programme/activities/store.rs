//! The queries of activities. What it is not: who may see them; the callers ask the viewer.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Text;
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ActivityId, CityId, Id, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::period::Period;
use crate::kernel::sql_types::Uid;
use crate::on_backend;
use crate::programme::activities::model::{
    Activity, ActivityFilter, ActivityKind, ActivityStatus, Visit,
};
use crate::programme::activities::rules::UNDATED;
use crate::schema::activities;

type RowType = diesel::dsl::SqlTypeOf<<activities::table as Table>::AllColumns>;

/// Whose activities a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// Of cities.
    City,
    /// Of packages.
    Package,
}

impl Of {
    const fn source(self) -> Source {
        Source {
            columns: "activities",
            from: "activities",
            id: "activities.id",
            parent: match self {
                Self::City => "activities.city_id",
                Self::Package => "activities.package_id",
            },
        }
    }
}

/// The activity, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: ActivityId) -> Result<Option<Activity>> {
    Ok(activities::table.find(id).first(db).optional()?)
}

/// The activity.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: ActivityId) -> Result<Activity> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: ActivityId::KIND,
        id: id.public(),
    })
}

/// The activities of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[ActivityId]) -> Result<Vec<Activity>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(
        Sql::new("SELECT activities.* FROM activities WHERE activities.id")
            .in_uids(keys)
            .load::<RowType, Activity>(db)?,
    )
}

/// The activities that are this visit: one for an expert visit, one of each city for a study visit.
///
/// # Errors
/// What the database says.
pub fn of_visit(db: &mut Db, visit: Visit) -> Result<Vec<Activity>> {
    let statement = match visit {
        Visit::Expert(id) => {
            Sql::new("SELECT activities.* FROM activities WHERE activities.expert_visit_id = ")
                .bind_uid(id.uuid())
        }
        Visit::Study(id) => {
            Sql::new("SELECT activities.* FROM activities WHERE activities.study_visit_id = ")
                .bind_uid(id.uuid())
        }
    };
    Ok(statement
        .text(" ORDER BY activities.id")
        .load::<RowType, Activity>(db)?)
}

/// Those of these activities whose assessment has approved scores.
pub(super) fn with_approved_scores(db: &mut Db, ids: &[ActivityId]) -> Result<HashSet<ActivityId>> {
    let found = Sql::new(
        "SELECT activity_id FROM assessments WHERE approved_at IS NOT NULL AND activity_id",
    )
    .in_uids(ids.iter().map(|id| id.uuid()).collect())
    .load::<Uid, Uuid>(db)?;
    Ok(found.into_iter().map(ActivityId::of).collect())
}

/// The activities of a kind whose last day is from a day on and before another, held by now.
///
/// # Errors
/// What the database says.
pub fn held_between(
    db: &mut Db,
    kind: ActivityKind,
    (from, before): (NaiveDate, NaiveDate),
    now: Instant,
) -> Result<Vec<ActivityId>> {
    let statement = Sql::new("SELECT activities.id FROM activities WHERE activities.kind = ")
        .bind_text(kind.as_str())
        .text(" AND activities.status IN ('CONFIRMED', 'SUBMITTED', 'ACCEPTED') AND activities.ends_on > ")
        .bind_date(from)
        .text(" AND activities.ends_on <= ")
        .bind_date(before)
        .text(" AND activities.ends_at <= ")
        .bind(Bind::Stamp(now))
        .text(" ORDER BY activities.starts_on, activities.id");
    Ok(statement.load::<Uid, ActivityId>(db)?)
}

/// Of which activities a document is written, and whether all of them are final.
pub(super) fn with_documents(db: &mut Db, ids: &[ActivityId]) -> Result<HashMap<ActivityId, bool>> {
    let rows = Sql::new(
        "SELECT activity_id, status FROM documents WHERE status <> 'WITHDRAWN' AND activity_id",
    )
    .in_uids(ids.iter().map(|id| id.uuid()).collect())
    .load::<(Uid, Text), (ActivityId, String)>(db)?;
    let mut written = HashMap::new();
    for (activity, status) in rows {
        let is_final = written.entry(activity).or_insert(true);
        *is_final &= matches!(status.as_str(), "FINAL" | "PUBLISHED");
    }
    Ok(written)
}

/// All activities of these packages, by kind and number.
///
/// # Errors
/// What the database says.
pub fn of_packages(db: &mut Db, packages: &[PackageId]) -> Result<Vec<Activity>> {
    let mut found = Sql::new("SELECT activities.* FROM activities WHERE activities.package_id")
        .in_uids(packages.iter().map(|id| id.uuid()).collect())
        .load::<RowType, Activity>(db)?;
    found.sort_by_key(|one| (one.package_id, one.kind, one.number));
    Ok(found)
}

/// The activities that silence accepts by a day, the first due first.
///
/// # Errors
/// What the database says.
pub fn accepted_by_silence(db: &mut Db, day: NaiveDate, most: i64) -> Result<Vec<ActivityId>> {
    Ok(activities::table
        .filter(activities::status.eq(ActivityStatus::Submitted))
        .filter(activities::accepts_on.le(day))
        .order((activities::accepts_on, activities::id))
        .limit(most)
        .select(activities::id)
        .load(db)?)
}

/// The activities of a package that are units without days, by kind and number.
pub(super) fn planned_of(db: &mut Db, package: PackageId) -> Result<Vec<Activity>> {
    let mut found = of_packages(db, &[package])?;
    found.retain(|one| one.status == ActivityStatus::Planned);
    Ok(found)
}

/// A page of the activities of each parent, by date; those without a date are last.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_of(
    db: &mut Db,
    of: Of,
    parents: &[Uuid],
    filter: &ActivityFilter,
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Activity>>> {
    listing::list_for::<RowType, Activity>(
        db,
        &of.source(),
        parents,
        conditions(filter),
        &order(),
        page,
    )
}

/// How many activities each parent has.
///
/// # Errors
/// What the database says.
pub fn count_of(
    db: &mut Db,
    of: Of,
    parents: &[Uuid],
    filter: &ActivityFilter,
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &of.source(), parents, conditions(filter))
}

/// A page of the activities inside the scope, by date; those without a date are last.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &ActivityFilter,
    page: &Page,
) -> Result<Listed<Activity>> {
    let inside = inside(filter, scope);
    listing::list::<RowType, Activity>(db, &Of::City.source(), inside, &order(), page)
}

/// How many activities are inside the scope.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &ActivityFilter) -> Result<i64> {
    listing::count(db, &Of::City.source(), inside(filter, scope))
}

fn inside(filter: &ActivityFilter, scope: &Scope) -> Conditions {
    let conditions = conditions(filter);
    match scope {
        Scope::All => conditions,
        Scope::Own { .. } => {
            conditions.and(Sql::new("activities.city_id").in_uids(scope.city_keys()))
        }
    }
}

/// How a list of activities is sorted.
#[must_use]
pub fn order() -> Order<Activity> {
    Order {
        keys: vec![OrderKey {
            column: "activities.sort_on",
            descending: false,
            nullable: false,
            kind: KeyKind::Date,
            value: |activity| KeyValue::Date(activity.sort_on),
        }],
        id: |activity| activity.id.uuid(),
    }
}

fn conditions(filter: &ActivityFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("activities.kind").in_texts(words));
    }
    if let Some((statuses, now)) = &filter.status {
        let any = Sql::new("1 = 0");
        let any = statuses.iter().fold(any, |any, status| {
            any.text(" OR ").append(is_in_state(*status, *now))
        });
        conditions = conditions.and(any);
    }
    if let Some(cities) = &filter.city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("activities.city_id").in_uids(keys));
    }
    if let Some(from) = filter.starts_from {
        conditions = conditions.and(Sql::new("activities.starts_on >= ").bind_date(from));
    }
    if let Some(before) = filter.starts_before {
        conditions = conditions.and(Sql::new("activities.starts_on < ").bind_date(before));
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("activities.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("activities.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

/// The condition that says what [`Activity::status_at`] says.
fn is_in_state(status: ActivityStatus, now: Instant) -> Sql {
    match status {
        ActivityStatus::Planned
        | ActivityStatus::Submitted
        | ActivityStatus::Accepted
        | ActivityStatus::NoShow
        | ActivityStatus::Cancelled => Sql::new("activities.status = ").bind_text(status.as_str()),
        ActivityStatus::Confirmed => {
            Sql::new("(activities.status = 'CONFIRMED' AND activities.ends_at > ")
                .bind(Bind::Stamp(now))
                .text(")")
        }
        ActivityStatus::Held => over(now, false),
        ActivityStatus::ReportDue => over(now, true),
    }
}

/// Has taken place, and is of a kind about which something is written, or not.
fn over(now: Instant, written: bool) -> Sql {
    let kinds = ActivityKind::ALL.iter();
    let kinds = kinds.filter(|kind| kind.is_written() == written);
    Sql::new("(activities.status = 'CONFIRMED' AND activities.ends_at <= ")
        .bind(Bind::Stamp(now))
        .text(" AND activities.kind")
        .in_texts(kinds.map(ToString::to_string).collect())
        .text(")")
}

/// The first planned activity of the kind in a package whose units can be used on all of the
/// days; the package that ends first comes first.
pub(super) fn next_planned(
    db: &mut Db,
    city: CityId,
    kind: ActivityKind,
    period: Period,
) -> Result<Option<Activity>> {
    let found = Sql::new("SELECT activities.* FROM activities JOIN packages ON packages.id = activities.package_id")
        .text(" WHERE activities.status = 'PLANNED' AND packages.status <> 'TERMINATED' AND activities.city_id = ")
        .bind_uid(city.uuid())
        .text(" AND activities.kind = ")
        .bind_text(kind.as_str())
        .text(" AND packages.starts_on <= ")
        .bind_date(period.from())
        .text(" AND packages.expires_on >= ")
        .bind_date(period.until().unwrap_or(UNDATED))
        .text(" AND NOT EXISTS (SELECT 1 FROM package_amendments pause WHERE pause.package_id = packages.id")
        .text(" AND pause.kind = 'PAUSE' AND pause.status = 'APPROVED' AND pause.pause_from < ")
        .bind_date(period.until().unwrap_or(UNDATED))
        .text(" AND pause.pause_until > ")
        .bind_date(period.from())
        .text(")")
        .text(" ORDER BY packages.ends_on, activities.number LIMIT 1")
        .load::<RowType, Activity>(db)?;
    Ok(found.into_iter().next())
}

/// The number of the city's next activity of the kind beside its packages.
pub(super) fn next_number(db: &mut Db, city: CityId, kind: ActivityKind) -> Result<i32> {
    let number = Sql::new("SELECT CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) FROM activities")
        .text(" WHERE package_id IS NULL AND city_id = ")
        .bind_uid(city.uuid())
        .text(" AND kind = ")
        .bind_text(kind.as_str())
        .number(db)?;
    Ok(i32::try_from(number).map_err(anyhow::Error::from)?)
}

/// Stores new activities.
pub(super) fn insert(tx: &mut Tx<'_>, rows: &[Activity]) -> Result<()> {
    on_backend!(&mut *tx.db, connection => diesel::insert_into(activities::table).values(rows).execute(connection))?;
    Ok(())
}

/// Stores a changed activity.
pub(super) fn update(tx: &mut Tx<'_>, activity: &Activity) -> Result<()> {
    let changed = diesel::update(activities::table.find(activity.id))
        .set(activity)
        .execute(tx.db)?;
    ensure_one(changed)
}
