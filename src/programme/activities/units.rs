//! The units of a package and the activities that they are, kept in step: set aside, given back, lost,
//! taken and added. What it is not: deeds that a client could ask for; those that call it have asked
//! whether the viewer may.

use std::collections::BTreeMap;

use serde_json::json;

use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PackageId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::activities::model::{Activity, ActivityKind, ActivityStatus};
use crate::programme::activities::{rules, store};
use crate::programme::entitlements;
use crate::programme::packages;
use crate::programme::reference::DeliverableKind;

/// Sets the unit aside that the activity is; nothing happens for what stands beside packages.
pub(super) fn reserve(tx: &mut Tx<'_>, activity: &Activity) -> Result<()> {
    match activity.unit() {
        Some(unit) => entitlements::reserve(tx, unit),
        None => Ok(()),
    }
}

/// Stores that an activity has lost its days: the unit is planned again, or lost when its package is
/// over; what stands beside packages is cancelled.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    activity: Activity,
    reason: Option<String>,
) -> Result<Activity> {
    let unit = activity.unit();
    let mut released = rules::released(activity, tx.now)?;
    if let Some(unit) = unit {
        entitlements::release(tx, unit, reason)?;
        if is_over(tx, unit.package)? {
            entitlements::expire(tx, unit.package, unit.kind, 1)?;
            released = rules::cancelled(released, tx.now);
        }
    }
    store::update(tx, &released)?;
    Ok(released)
}

/// Whether the units of a package are lost when they are not used.
pub(super) fn is_over(tx: &mut Tx<'_>, package: PackageId) -> Result<bool> {
    let today = tx.today();
    Ok(packages::get(tx.db, package)?.lapses_on() <= today)
}

/// Writes all units off that are not set aside, with their activities.
///
/// # Errors
/// What the database says.
pub fn lapse(tx: &mut Tx<'_>, city: CityId, package: PackageId) -> Result<()> {
    let mut lost: BTreeMap<DeliverableKind, i32> = BTreeMap::new();
    for activity in store::planned_of(tx.db, package)? {
        if let Some(unit) = activity.unit() {
            let units = lost.entry(unit.kind).or_default();
            *units = units.saturating_add(1);
            store::update(tx, &rules::cancelled(activity, tx.now))?;
        }
    }
    for (kind, units) in &lost {
        entitlements::expire(tx, package, *kind, *units)?;
    }
    if !lost.is_empty() {
        let units: BTreeMap<String, i32> = lost
            .iter()
            .map(|(kind, units)| (kind.to_string(), *units))
            .collect();
        audit::record(
            tx,
            "package.unitsExpired",
            package,
            Some(city),
            json!({ "units": units }),
        )?;
    }
    Ok(())
}

/// Takes planned units of a kind away, the last first.
///
/// # Errors
/// `CapacityFull` when so many are not planned.
pub fn withdraw(
    tx: &mut Tx<'_>,
    package: PackageId,
    kind: DeliverableKind,
    units: i32,
) -> Result<()> {
    let mut planned = store::planned_of(tx.db, package)?;
    planned.retain(|one| one.kind == ActivityKind::from(kind));
    let kept = planned
        .len()
        .checked_sub(usize::try_from(units).unwrap_or(usize::MAX));
    let Some(kept) = kept else {
        return Err(Error::refused(Refusal::new(
            RefusalCode::CapacityFull,
            "units",
            format!(
                "Only {} units of this kind are not used or set aside.",
                planned.len()
            ),
            format!(
                "Kun {} enheder af denne slags er ikke brugt eller reserveret.",
                planned.len()
            ),
        )));
    };
    for activity in planned.split_off(kept) {
        store::update(tx, &rules::cancelled(activity, tx.now))?;
    }
    Ok(())
}

/// Plans further units of a kind.
///
/// # Errors
/// What the database says.
pub fn add(
    tx: &mut Tx<'_>,
    city: CityId,
    package: PackageId,
    kind: DeliverableKind,
    units: i32,
) -> Result<()> {
    let kind = ActivityKind::from(kind);
    let family = store::of_packages(tx.db, &[package])?;
    let known = family.iter().filter(|one| one.kind == kind);
    let highest = known.map(|one| one.number).max().unwrap_or_default();
    let planned: Vec<Activity> = (1..=units)
        .map(|step| {
            let number = highest.saturating_add(step);
            rules::planned(tx.new_id(), city, Some(package), (kind, number), tx.now)
        })
        .collect();
    store::insert(tx, &planned)
}

/// The city did not come: the unit is lost, or planned once more.
pub(super) fn after_no_show(
    tx: &mut Tx<'_>,
    activity: &Activity,
    lost: bool,
    reason: &str,
) -> Result<()> {
    debug_assert_eq!(activity.status, ActivityStatus::NoShow);
    let Some(unit) = activity.unit() else {
        return Ok(());
    };
    entitlements::release(tx, unit, Some(reason.to_owned()))?;
    if lost || is_over(tx, unit.package)? {
        return entitlements::expire(tx, unit.package, unit.kind, 1);
    }
    add(tx, activity.city_id, unit.package, unit.kind, 1)
}
