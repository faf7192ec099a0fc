//! What is done with study visits: planned, joined, left and called off. What it is not: holding
//! one; a visit is held by itself when its last day is over.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, StudyVisitId};
use crate::kernel::period::Period;
use crate::kernel::refusal::Refusal;
use crate::kernel::text;
use crate::programme::activities::{self, Visit, VisitDays};
use crate::registry::cities::{self, City};
use crate::registry::coordinators::{self, AppointmentRole};
use crate::registry::memberships::{self, MembershipStatus};
use crate::scheduling::days::{self, VisitStatus};
use crate::scheduling::study_visits::model::{
    Cancellation, Joining, Leaving, NewStudyVisit, PlaceStatus, StudyVisit, StudyVisitPlace,
};
use crate::scheduling::study_visits::rules::{self, StudyVisitRefusal};
use crate::scheduling::study_visits::store;

/// Plans a visit that cities can join.
///
/// # Errors
/// Refused with all problems of the input, or because the host is no active member then.
pub fn schedule(tx: &mut Tx<'_>, new: &NewStudyVisit) -> Result<StudyVisitId> {
    tx.viewer.permit(Permission::ScheduleVisits)?;

    let (new, days) = rules::check_new(new).map_err(Error::Refused)?;
    let host = locked_city(tx, new.host_city_id, "hostCityId")?;
    demand_membership(tx, "hostCityId", &host, days)?;
    let zone = days::zone(&host.time_zone)?;
    let (_, ends_at) = days::moments(&days, zone)?;

    let visit = StudyVisit {
        id: tx.new_id(),
        host_city_id: host.id,
        theme: new.theme,
        description: new.description,
        starts_on: days.from(),
        starts_month: days::month_number(days.from()),
        ends_on: days.until().unwrap_or(new.last_day),
        time_zone: host.time_zone,
        ends_at,
        capacity: new.capacity,
        places_taken: 0,
        status: VisitStatus::Planned,
        cancelled_on: None,
        cancel_reason: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &visit)?;

    audit::record(
        tx,
        "study_visit.scheduled",
        visit.id,
        Some(visit.host_city_id),
        json!({ "startsOn": visit.starts_on, "endsOn": new.last_day, "capacity": visit.capacity }),
    )?;
    Ok(visit.id)
}

/// Gives a city a place on a visit, and takes its next planned study visit of a package, if one is
/// left.
///
/// # Errors
/// `NotFound`; refused when the visit is not open (for those who do not plan visits) or cancelled, the city is the host, no active member or has
/// joined before, too few places are left, nobody is named to come, or the one who comes is on
/// another visit then.
pub fn join(tx: &mut Tx<'_>, joining: &Joining) -> Result<StudyVisitId> {
    demand_visible(tx, joining.visit_id)?;
    tx.viewer
        .permit_for(Permission::JoinStudyVisits, joining.city_id)?;

    let joining = rules::check_joining(joining).map_err(Error::Refused)?;
    // The city goes first, then the visit, so that two deeds of one city queue up and whoever
    // changes its membership does so before or after.
    let city = locked_city(tx, joining.city_id, "cityId")?;
    let visit = store::lock(tx, joining.visit_id)?;
    let days = Period::new(visit.starts_on, Some(visit.ends_on))
        .map_err(|reason| Error::Internal(reason.into()))?;

    // Who plans visits may record who came to one that is over.
    let afterwards = tx.viewer.permit(Permission::ScheduleVisits).is_ok()
        && visit.status_at(tx.now) == VisitStatus::Held;
    if !afterwards {
        rules::check_open(&visit, tx.now).map_err(Refusal::from)?;
    }
    if cities::are_one(tx.db, city.id, visit.host_city_id)? {
        return Err(Refusal::from(StudyVisitRefusal::HostIsVisitor).into());
    }
    if store::place_of(tx, visit.id, city.id)?.is_some() {
        return Err(Refusal::from(StudyVisitRefusal::JoinedBefore).into());
    }
    rules::check_room(&visit, joining.seats).map_err(Refusal::from)?;
    demand_membership(tx, "cityId", &city, days)?;
    demand_delegate(tx, &city, &visit, joining.delegate_name.as_deref())?;

    let visit_days = VisitDays {
        period: days,
        ends_at: visit.ends_at,
    };
    let activity =
        activities::link_study_visit(tx, city.id, (visit.id, visit.host_city_id), &visit_days)?;
    if joining.package_id.is_some() && activity.package_id != joining.package_id {
        return Err(Refusal::from(StudyVisitRefusal::NotInPackage).into());
    }
    let place = StudyVisitPlace {
        id: tx.new_id(),
        visit_id: visit.id,
        city_id: city.id,
        package_id: activity.package_id,
        delegate_name: joining.delegate_name,
        seats: joining.seats,
        status: PlaceStatus::Joined,
        joined_at: tx.now,
        left_at: None,
        created_at: tx.now,
    };
    store::insert_place(tx, &place)?;
    let places_taken = visit.places_taken.saturating_add(place.seats);
    store::update(tx, &with_places(visit, places_taken, tx))?;

    audit::record(
        tx,
        "study_visit.joined",
        place.visit_id,
        Some(place.city_id),
        json!({ "seats": place.seats }),
    )?;
    Ok(place.visit_id)
}

/// Gives a city's place back.
///
/// # Errors
/// `NotFound`; refused when the visit is not open or the city has no place.
pub fn leave(tx: &mut Tx<'_>, leaving: Leaving) -> Result<StudyVisitId> {
    demand_visible(tx, leaving.visit_id)?;
    tx.viewer
        .permit_for(Permission::JoinStudyVisits, leaving.city_id)?;

    let visit = store::lock(tx, leaving.visit_id)?;
    rules::check_open(&visit, tx.now).map_err(Refusal::from)?;
    let place = store::place_of(tx, visit.id, leaving.city_id)?
        .ok_or_else(|| Refusal::from(StudyVisitRefusal::NotJoined))?;

    let place = StudyVisitPlace {
        status: PlaceStatus::Left,
        left_at: Some(tx.now),
        ..place
    };
    store::update_place(tx, &place)?;
    let places_taken = visit.places_taken.saturating_sub(place.seats);
    store::update(tx, &with_places(visit, places_taken, tx))?;
    activities::release(tx, Visit::Study(place.visit_id), Some(place.city_id))?;

    audit::record(
        tx,
        "study_visit.left",
        place.visit_id,
        Some(place.city_id),
        json!({ "seats": place.seats }),
    )?;
    Ok(place.visit_id)
}

/// Calls a visit off; the places stay as history.
///
/// # Errors
/// `NotFound`, `Stale`; refused when the visit is cancelled already or over.
pub fn cancel(tx: &mut Tx<'_>, cancellation: &Cancellation) -> Result<StudyVisitId> {
    demand_visible(tx, cancellation.visit_id)?;
    tx.viewer.permit(Permission::ScheduleVisits)?;

    let visit = store::lock(tx, cancellation.visit_id)?;
    expect_version(cancellation.version, visit.version)?;
    rules::check_open(&visit, tx.now).map_err(Refusal::from)?;
    let reason = text::optional_line("reason", cancellation.reason.as_deref())?;
    let zone = days::zone(&visit.time_zone)?;

    let visit = StudyVisit {
        status: VisitStatus::Cancelled,
        cancelled_on: Some(tx.now.date_in(zone)),
        cancel_reason: reason,
        updated_at: tx.now,
        version: visit.version.saturating_add(1),
        ..visit
    };
    store::update(tx, &visit)?;
    activities::release(tx, Visit::Study(visit.id), None)?;

    audit::record(
        tx,
        "study_visit.cancelled",
        visit.id,
        Some(visit.host_city_id),
        json!({ "reason": visit.cancel_reason }),
    )?;
    Ok(visit.id)
}

/// A visit that the viewer may not see does not exist.
fn demand_visible(tx: &mut Tx<'_>, id: StudyVisitId) -> Result<()> {
    let scope = tx.viewer.scope(Permission::SeeVisits);
    if store::find_visible(tx.db, &scope, tx.now, &[id])?.is_empty() {
        return Err(Error::NotFound {
            kind: StudyVisitId::KIND,
            id: id.public(),
        });
    }
    Ok(())
}

/// The city of an input, locked until the transaction ends.
fn locked_city(tx: &mut Tx<'_>, id: CityId, field: &'static str) -> Result<City> {
    if !cities::exists(tx.db, id)? {
        return Err(Refusal::from(StudyVisitRefusal::NoSuchCity(field)).into());
    }
    cities::lock(tx, id)
}

/// The city must be an active member on every day.
fn demand_membership(
    tx: &mut Tx<'_>,
    field: &'static str,
    city: &City,
    days: Period,
) -> Result<()> {
    let mut standings = memberships::standings_of_cities(tx.db, &[city.id])?;
    let standings = standings.remove(&city.id).unwrap_or_default();
    let is_active = |status| status == MembershipStatus::Active;
    if memberships::first_day_without(&standings, &days, is_active).is_some() {
        let refusal = StudyVisitRefusal::NotAMember(field, city.name.clone());
        return Err(Refusal::from(refusal).into());
    }
    Ok(())
}

/// Somebody comes: the delegate who is named, else the city's coordinator of the first day. The same
/// one is not on another visit then. The city is locked.
fn demand_delegate(
    tx: &mut Tx<'_>,
    city: &City,
    visit: &StudyVisit,
    delegate_name: Option<&str>,
) -> Result<()> {
    let role = AppointmentRole::Coordinator;
    let posts = coordinators::of_cities(tx.db, role, visit.starts_on, &[city.id])?;
    let coordinator = posts.get(&city.id).map(|post| post.name.as_str());
    let delegate = delegate_name
        .or(coordinator)
        .ok_or_else(|| Refusal::from(StudyVisitRefusal::NobodyComes))?;
    let elsewhere = store::delegates_elsewhere(tx, city.id, visit)?;
    let names = elsewhere.iter().map(Option::as_deref);
    if rules::is_among(delegate, names.filter_map(|name| name.or(coordinator))) {
        return Err(Refusal::from(StudyVisitRefusal::DelegateElsewhere).into());
    }
    Ok(())
}

fn with_places(visit: StudyVisit, places_taken: i32, tx: &Tx<'_>) -> StudyVisit {
    StudyVisit {
        places_taken,
        updated_at: tx.now,
        version: visit.version.saturating_add(1),
        ..visit
    }
}
