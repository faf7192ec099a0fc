//! What is done with expert visits: planned and called off. What it is not: holding one; a visit
//! is held by itself when its last day is over.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, ExpertId, ExpertVisitId, Id};
use crate::kernel::period::Period;
use crate::kernel::refusal::Refusal;
use crate::kernel::text;
use crate::programme::activities::{self, Visit, VisitDays};
use crate::registry::cities::{self, City};
use crate::registry::experts::ExpertRecord;
use crate::registry::{coordinators, experts, memberships, people};
use crate::scheduling::days::{self, VisitStatus};
use crate::scheduling::expert_visits::model::{CancelExpertVisit, ExpertVisit, NewExpertVisit};
use crate::scheduling::expert_visits::rules::{self, ExpertVisitRefusal, Readiness, Taken};
use crate::scheduling::expert_visits::store;

/// Plans a visit, books its experts, and takes the city's next planned expert visit of a package,
/// if one is left.
///
/// # Errors
/// Refused with all problems: of the input, the city's membership, and each expert.
pub fn schedule(tx: &mut Tx<'_>, new: &NewExpertVisit) -> Result<ExpertVisitId> {
    tx.viewer.permit(Permission::ScheduleVisits)?;

    let (new, days) = rules::check_new(new).map_err(Error::Refused)?;
    if !cities::exists(tx.db, new.city_id)? {
        return Err(Refusal::from(ExpertVisitRefusal::NoSuchCity).into());
    }
    // The city goes first, then the experts: two planners of one city queue up, and whoever changes
    // its membership does so before or after.
    let city = cities::lock(tx, new.city_id)?;
    let zone = days::zone(&city.time_zone)?;
    let taken = rules::taken(&days, zone)?;
    let team = lock_team(tx, &new.expert_ids, city.id, days)?;

    let mut problems = membership_problems(tx, &city, days)?;
    problems.extend(team_problems(tx, &team, city.id, days, &taken)?);
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }

    let id = tx.new_id();
    let visit_days = VisitDays {
        period: days,
        ends_at: taken.ends_at,
    };
    let activity = activities::link_expert_visit(tx, city.id, id, &visit_days)?;
    if new.package_id.is_some() && activity.package_id != new.package_id {
        return Err(Refusal::from(ExpertVisitRefusal::NotInPackage).into());
    }
    let visit = ExpertVisit {
        id,
        city_id: city.id,
        package_id: activity.package_id,
        theme: new.theme,
        starts_on: new.starts_on,
        starts_month: days::month_number(new.starts_on),
        ends_on: days.until().unwrap_or(new.last_day),
        time_zone: city.time_zone,
        ends_at: taken.ends_at,
        status: VisitStatus::Planned,
        cancelled_on: None,
        cancel_reason: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &visit, &new.expert_ids, &taken)?;

    let names: Vec<String> = new
        .expert_ids
        .iter()
        .map(|expert| expert.public())
        .collect();
    audit::record(
        tx,
        "expert_visit.scheduled",
        visit.id,
        Some(visit.city_id),
        json!({ "startsOn": visit.starts_on, "endsOn": new.last_day, "experts": names }),
    )?;
    Ok(visit.id)
}

/// Calls a visit off and frees its experts' calendars; the team stays as history.
///
/// # Errors
/// `NotFound`, `Stale`; refused when the visit is cancelled already or over.
pub fn cancel(tx: &mut Tx<'_>, cancelled: &CancelExpertVisit) -> Result<ExpertVisitId> {
    let scope = tx.viewer.scope(Permission::SeeVisits);
    if store::find_visible(tx.db, &scope, tx.now, &[cancelled.visit_id])?.is_empty() {
        return Err(Error::NotFound {
            kind: ExpertVisitId::KIND,
            id: cancelled.visit_id.public(),
        });
    }
    tx.viewer.permit(Permission::ScheduleVisits)?;

    let visit = store::lock(tx, cancelled.visit_id)?;
    expect_version(cancelled.version, visit.version)?;
    rules::check_cancel(&visit, tx.now).map_err(Refusal::from)?;
    let reason = text::optional_line("reason", cancelled.reason.as_deref())?;
    let zone = days::zone(&visit.time_zone)?;

    let visit = ExpertVisit {
        status: VisitStatus::Cancelled,
        cancelled_on: Some(tx.now.date_in(zone)),
        cancel_reason: reason,
        updated_at: tx.now,
        version: visit.version.saturating_add(1),
        ..visit
    };
    store::update(tx, &visit)?;
    store::free_calendars(tx, visit.id)?;
    activities::release(tx, Visit::Expert(visit.id), None)?;

    audit::record(
        tx,
        "expert_visit.cancelled",
        visit.id,
        Some(visit.city_id),
        json!({ "reason": visit.cancel_reason }),
    )?;
    Ok(visit.id)
}

/// Locks the experts' rows in the order of their keys, so that two planners wait for each other
/// instead of blocking each other, and tells the experts in the order of the input.
fn lock_team(
    tx: &mut Tx<'_>,
    ids: &[ExpertId],
    city: CityId,
    days: Period,
) -> Result<Vec<(ExpertId, Readiness)>> {
    let known: Vec<ExpertId> = experts::find_many(tx.db, ids)?
        .into_iter()
        .map(|expert| expert.record.id)
        .collect();
    let unknown: Vec<Refusal> = ids
        .iter()
        .enumerate()
        .filter(|(_, id)| !known.contains(id))
        .map(|(place, _)| ExpertVisitRefusal::NoSuchExpert(place).into())
        .collect();
    if !unknown.is_empty() {
        return Err(Error::Refused(unknown));
    }
    let mut in_order = ids.to_vec();
    in_order.sort_unstable();
    let mut locked = Vec::with_capacity(ids.len());
    for id in in_order {
        let expert = experts::lock(tx, id)?.record;
        let readiness = Readiness {
            own_cities: own_cities(tx, &expert, city, days)?,
            available_from: expert.available_from,
            available_until: expert.available_until,
        };
        locked.push((id, readiness));
    }
    locked.sort_by_key(|(id, _)| ids.iter().position(|asked| asked == id));
    Ok(locked)
}

/// The cities that the expert cannot judge, each as the city it is part of now.
fn own_cities(
    tx: &mut Tx<'_>,
    expert: &ExpertRecord,
    city: CityId,
    days: Period,
) -> Result<Vec<CityId>> {
    let person = people::get(tx.db, expert.person_id)?;
    let mut own: Vec<CityId> = [expert.home_city_id, person.city_id]
        .into_iter()
        .flatten()
        .collect();
    if !coordinators::appointed(tx.db, city, &[person.id], &days)?.is_empty() {
        own.push(city);
    }
    let heirs = cities::heirs(tx.db, &own)?;
    Ok(heirs.into_values().collect())
}

/// The city must be a member, or admitted, on every day.
fn membership_problems(tx: &mut Tx<'_>, city: &City, days: Period) -> Result<Vec<Refusal>> {
    let mut standings = memberships::standings_of_cities(tx.db, &[city.id])?;
    let standings = standings.remove(&city.id).unwrap_or_default();
    let gap = memberships::first_day_without(&standings, &days, rules::may_be_visited);
    let refusal = |_| ExpertVisitRefusal::NotAMember(city.name.clone()).into();
    Ok(gap.map(refusal).into_iter().collect())
}

/// Each expert must be free to go there then.
fn team_problems(
    tx: &mut Tx<'_>,
    team: &[(ExpertId, Readiness)],
    city: CityId,
    days: Period,
    taken: &Taken,
) -> Result<Vec<Refusal>> {
    let ids: Vec<ExpertId> = team.iter().map(|(id, _)| *id).collect();
    store::release_lapsed_holds(tx, &ids)?;
    let booked = store::booked_elsewhere(tx, &ids, city, taken)?;
    let heirs = cities::heirs(tx.db, &[city])?;
    let lives_on = heirs.get(&city).copied().unwrap_or(city);
    let mut problems = Vec::new();
    for (place, (id, expert)) in team.iter().enumerate() {
        problems.extend(rules::hindrances(place, expert, lives_on, &days));
        if booked.contains(id) {
            problems.push(ExpertVisitRefusal::DoubleBooked(place));
        }
    }
    Ok(problems.into_iter().map(Refusal::from).collect())
}
