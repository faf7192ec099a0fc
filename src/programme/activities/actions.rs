//! What happens to activities: a package plans them, visits take and release them. Each of these is
//! a part of a larger deed (an enrolment, a scheduled or cancelled visit) that has asked whether the
//! viewer may do it; what it is not: a deed of its own that a client could ask for.

use serde_json::json;

use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, ExpertVisitId, PackageId, StudyVisitId};
use crate::programme::activities::model::{Activity, ActivityStatus, Visit, VisitDays};
use crate::programme::activities::{rules, store, units};
use crate::programme::entitlements;
use crate::programme::reference::DeliverableKind;
use crate::registry::cities;

/// Opens the accounts of a package and plans its activities: one for each unit, without dates, in the
/// order of the offer.
///
/// # Errors
/// What the database says.
pub fn plan_package(
    tx: &mut Tx<'_>,
    city: CityId,
    package: PackageId,
    deliverables: &[(DeliverableKind, i32)],
) -> Result<()> {
    entitlements::grant(tx, package, deliverables)?;
    let planned: Vec<Activity> = rules::units(deliverables)
        .map(|unit| rules::planned(tx.new_id(), city, Some(package), unit, tx.now))
        .collect();
    store::insert(tx, &planned)
}

/// Takes the city's next planned expert visit for a visit on these days, or one beside its package.
/// The activity's `package_id` says which it was.
///
/// # Errors
/// What the database says.
pub fn link_expert_visit(
    tx: &mut Tx<'_>,
    city: CityId,
    visit: ExpertVisitId,
    days: &VisitDays,
) -> Result<Activity> {
    link(tx, city, (Visit::Expert(visit), None), *days)
}

/// Takes the visiting city's next planned study visit for a visit on these days, or one beside its
/// package. The activity's `package_id` says which it was.
///
/// # Errors
/// What the database says.
pub fn link_study_visit(
    tx: &mut Tx<'_>,
    city: CityId,
    (visit, host): (StudyVisitId, CityId),
    days: &VisitDays,
) -> Result<Activity> {
    link(tx, city, (Visit::Study(visit), Some(host)), *days)
}

/// Gives activities of the visit back: those of one city that leaves, or all when it is called off.
/// Units of a package are planned again; the others are cancelled. Whether the visit is over was
/// asked of the visit.
///
/// # Errors
/// What the database says.
pub fn release(tx: &mut Tx<'_>, visit: Visit, city: Option<CityId>) -> Result<()> {
    for activity in not_called_off(tx, visit)? {
        if city.is_none_or(|city| city == activity.city_id) {
            let released = units::give_back(tx, activity, None)?;
            record(tx, "activity.released", &released, visit)?;
        }
    }
    Ok(())
}

fn link(
    tx: &mut Tx<'_>,
    city: CityId,
    (visit, host_city_id): (Visit, Option<CityId>),
    days: VisitDays,
) -> Result<Activity> {
    // Those who plan for a city take turns, so that a planned unit is taken once.
    cities::lock(tx, city)?;
    let kind = visit.kind();
    let planned = store::next_planned(tx.db, city, kind, days.period)?;

    let activity = if let Some(planned) = planned {
        let confirmed = Activity {
            host_city_id,
            ..rules::confirmed(planned, visit, &days, tx.now)
        };
        store::update(tx, &confirmed)?;
        units::reserve(tx, &confirmed)?;
        confirmed
    } else {
        let number = store::next_number(tx.db, city, kind)?;
        let beside = rules::planned(tx.new_id(), city, None, (kind, number), tx.now);
        let confirmed = Activity {
            host_city_id,
            ..rules::confirmed(beside, visit, &days, tx.now)
        };
        store::insert(tx, std::slice::from_ref(&confirmed))?;
        confirmed
    };

    record(tx, "activity.confirmed", &activity, visit)?;
    Ok(activity)
}

/// The activities of the visit that were not called off before.
fn not_called_off(tx: &mut Tx<'_>, visit: Visit) -> Result<Vec<Activity>> {
    let mut activities = store::of_visit(tx.db, visit)?;
    activities.retain(|activity| activity.status != ActivityStatus::Cancelled);
    Ok(activities)
}

fn record(tx: &mut Tx<'_>, what: &'static str, activity: &Activity, visit: Visit) -> Result<()> {
    let details = json!({ "kind": activity.kind, "visit": visit.public() });
    audit::record(tx, what, activity.id, Some(activity.city_id), details)
}
