//! Giving an activity its days, and taking them back, where it is no visit. What it is not: visits; they
//! have places and people, and are scheduled.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{ActivityId, CityId};
use crate::kernel::instant::Instant;
use crate::kernel::period::{DateRefusal, Period, check_date};
use crate::kernel::place;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::activities::model::{Activity, ActivityStatus, VisitDays};
use crate::programme::activities::{rules, store, units};
use crate::programme::packages;
use crate::registry::cities;
use crate::registry::memberships::{self, MembershipStatus};

/// An activity that gets its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The activity.
    pub activity: ActivityId,
    /// The version that was read.
    pub version: i32,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// What it is about.
    pub topic: Option<String>,
}

/// Gives an activity its days, or other ones. The unit of its package is set aside for it.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a visit, for what is delivered or called off, for a city that is
/// neither admitted nor an active member, and for days outside of the package or in its pause.
pub fn plan(tx: &mut Tx<'_>, plan: &Plan) -> Result<ActivityId> {
    tx.viewer.permit(Permission::DeliverActivities)?;

    let days = days(plan).map_err(Error::Refused)?;
    let topic = text::optional_line("topic", plan.topic.as_deref())?;
    let activity = held(tx, plan.activity, plan.version)?;
    demand_no_visit(&activity)?;
    let is_new = match activity.status {
        ActivityStatus::Planned => true,
        ActivityStatus::Confirmed => false,
        other => return Err(Error::refused(not_in_state(other))),
    };
    if is_new {
        demand_membership(tx, activity.city_id)?;
    }
    if let Some(package) = activity.package_id {
        let package = packages::get(tx.db, package)?;
        let pauses = packages::pauses_of(tx.db, package.id)?;
        packages::check_days(&package, &pauses, days).map_err(Error::refused)?;
    }
    let until = days.until().unwrap_or(plan.last_day);
    let city = cities::get(tx.db, activity.city_id)?;
    let ends_at = place::time_zone(&city.time_zone)
        .and_then(|zone| Instant::first_of(until, zone))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{until} has no beginning")))?;
    let visit_days = VisitDays {
        period: days,
        ends_at,
    };
    let dated = Activity {
        topic: topic.or_else(|| activity.topic.clone()),
        ..rules::dated(activity, &visit_days, tx.now)
    };
    store::update(tx, &dated)?;
    if is_new {
        units::reserve(tx, &dated)?;
    }

    let details =
        json!({ "kind": dated.kind, "startsOn": dated.starts_on, "endsOn": plan.last_day });
    audit::record(
        tx,
        "activity.planned",
        dated.id,
        Some(dated.city_id),
        details,
    )?;
    Ok(dated.id)
}

/// Takes the days of an activity back: the unit of its package is free again, what stands beside packages
/// is cancelled.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a visit and for what has no days or is delivered.
pub fn unplan(
    tx: &mut Tx<'_>,
    id: ActivityId,
    version: i32,
    reason: Option<&str>,
) -> Result<ActivityId> {
    tx.viewer.permit(Permission::DeliverActivities)?;

    let reason = text::optional_line("reason", reason)?;
    let activity = held(tx, id, version)?;
    demand_no_visit(&activity)?;
    if activity.status != ActivityStatus::Confirmed {
        return Err(Error::refused(not_in_state(activity.status)));
    }
    let details = json!({ "kind": activity.kind, "reason": reason });
    let released = units::give_back(tx, activity, reason)?;

    audit::record(
        tx,
        "activity.unplanned",
        released.id,
        Some(released.city_id),
        details,
    )?;
    Ok(released.id)
}

/// The activity, with its city held until the transaction ends, so that those who plan for a city take
/// turns.
pub(super) fn held(tx: &mut Tx<'_>, id: ActivityId, version: i32) -> Result<Activity> {
    let city = store::get(tx.db, id)?.city_id;
    cities::lock(tx, city)?;
    let activity = store::get(tx.db, id)?;
    expect_version(Some(version), activity.version)?;
    Ok(activity)
}

/// What an activity in this state does not allow.
pub(super) fn not_in_state(status: ActivityStatus) -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "activityId",
        format!("The activity is {status}; this cannot be done with it."),
        format!("Aktiviteten er {status}; det kan ikke gøres med den."),
    )
}

fn days(plan: &Plan) -> std::result::Result<Period, Vec<Refusal>> {
    let mut problems = Vec::new();
    for (field, day) in [("startsOn", plan.starts_on), ("endsOn", plan.last_day)] {
        if let Err(reason) = check_date(day) {
            problems.push(of_date(field, reason));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Period::of_days(plan.starts_on, plan.last_day).map_err(|reason| vec![of_date("endsOn", reason)])
}

fn of_date(field: &str, reason: DateRefusal) -> Refusal {
    let phrase = reason.phrase();
    Refusal::new(RefusalCode::OutOfRange, field, phrase.en, phrase.da)
}

fn demand_no_visit(activity: &Activity) -> Result<()> {
    if !activity.kind.is_visit() {
        return Ok(());
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::NotInState,
        "activityId",
        "A visit has places and people: schedule, move or cancel the visit itself.",
        "Et besøg har steder og personer: planlæg, flyt eller aflys selve besøget.",
    )))
}

/// A city that is suspended keeps what is agreed, and nothing new is reserved for it.
fn demand_membership(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    use MembershipStatus::{Active, Admitted};
    let today = tx.today();
    let mut standings = memberships::standings_of_cities(tx.db, &[city])?;
    let standings = standings.remove(&city).unwrap_or_default();
    let day = Period::of_days(today, today).map_err(|reason| Error::Internal(reason.into()))?;
    let entitled = |status| matches!(status, Active | Admitted);
    if memberships::first_day_without(&standings, &day, entitled).is_none() {
        return Ok(());
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::NotAMember,
        "activityId",
        "The city is neither admitted nor an active member today, so nothing new is planned for it.",
        "Byen er i dag hverken optaget eller aktivt medlem, så der planlægges intet nyt for den.",
    )))
}
