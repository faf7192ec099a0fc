//! What happens to units. Each of these is a part of a larger deed (an enrolment, a planned visit, an
//! acceptance, an amendment) that has asked whether the viewer may do it. What it is not: a deed of its
//! own that a client could ask for.

use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{AcceptanceId, PackageAmendmentId, PackageId};
use crate::programme::entitlements::model::{
    Entitlement, EntitlementEntry, EntitlementEntryKind, Unit,
};
use crate::programme::entitlements::store;
use crate::programme::reference::DeliverableKind;

/// Opens the accounts of a package with what was agreed.
///
/// # Errors
/// What the database says.
pub fn grant(tx: &mut Tx<'_>, package: PackageId, agreed: &[(DeliverableKind, i32)]) -> Result<()> {
    for (kind, units) in agreed {
        store::open(tx, &account(package, *kind, *units))?;
        let granted = entry(tx, package, *kind, EntitlementEntryKind::Grant, *units);
        store::post(tx, &granted)?;
    }
    Ok(())
}

/// Sets a unit aside for its activity.
///
/// # Errors
/// `CapacityFull` when none is left.
pub fn reserve(tx: &mut Tx<'_>, unit: Unit) -> Result<()> {
    let reserved = of_unit(tx, unit, EntitlementEntryKind::Reserve, 1);
    store::post(tx, &reserved)
}

/// Gives a unit that was set aside back.
///
/// # Errors
/// What the database says.
pub fn release(tx: &mut Tx<'_>, unit: Unit, reason: Option<String>) -> Result<()> {
    let released = EntitlementEntry {
        reason,
        ..of_unit(tx, unit, EntitlementEntryKind::Release, 1)
    };
    store::post(tx, &released)
}

/// Uses a unit that was set aside up: what it stands for was delivered and accepted.
///
/// # Errors
/// What the database says; it refuses a second unit for one acceptance.
pub fn consume(tx: &mut Tx<'_>, unit: Unit, acceptance: AcceptanceId) -> Result<()> {
    let consumed = EntitlementEntry {
        acceptance_id: Some(acceptance),
        ..of_unit(tx, unit, EntitlementEntryKind::Consume, 1)
    };
    store::post(tx, &consumed)
}

/// Sets a unit that was used up aside again: its acceptance was taken back.
///
/// # Errors
/// What the database says.
pub fn restore(tx: &mut Tx<'_>, unit: Unit, acceptance: AcceptanceId, reason: &str) -> Result<()> {
    let restored = EntitlementEntry {
        acceptance_id: Some(acceptance),
        reason: Some(reason.to_owned()),
        ..of_unit(tx, unit, EntitlementEntryKind::Consume, -1)
    };
    store::post(tx, &restored)
}

/// Writes units off that were not used in time.
///
/// # Errors
/// `CapacityFull` when so many are not available.
pub fn expire(
    tx: &mut Tx<'_>,
    package: PackageId,
    kind: DeliverableKind,
    units: i32,
) -> Result<()> {
    let expired = entry(tx, package, kind, EntitlementEntryKind::Expire, units);
    store::post(tx, &expired)
}

/// Gives units by an approved amendment, or takes them when `units` is below zero.
///
/// # Errors
/// `CapacityFull` when units would be taken that are not available.
pub fn adjust(
    tx: &mut Tx<'_>,
    package: PackageId,
    (kind, units): (DeliverableKind, i32),
    amendment: PackageAmendmentId,
    reason: &str,
) -> Result<()> {
    let known = store::of_package(tx.db, package)?;
    if known.iter().all(|account| account.kind != kind) {
        store::open(tx, &account(package, kind, 0))?;
    }
    let adjusted = EntitlementEntry {
        amendment_id: Some(amendment),
        reason: Some(reason.to_owned()),
        ..entry(tx, package, kind, EntitlementEntryKind::Adjust, units)
    };
    store::post(tx, &adjusted)
}

/// An account as it is before its first entry.
const fn account(package: PackageId, kind: DeliverableKind, agreed: i32) -> Entitlement {
    Entitlement {
        package_id: package,
        kind,
        agreed,
        granted: 0,
        reserved: 0,
        consumed: 0,
        expired: 0,
    }
}

fn of_unit(tx: &Tx<'_>, unit: Unit, kind: EntitlementEntryKind, units: i32) -> EntitlementEntry {
    EntitlementEntry {
        activity_id: Some(unit.activity),
        ..entry(tx, unit.package, unit.kind, kind, units)
    }
}

fn entry(
    tx: &Tx<'_>,
    package: PackageId,
    kind: DeliverableKind,
    entry: EntitlementEntryKind,
    units: i32,
) -> EntitlementEntry {
    EntitlementEntry {
        id: tx.new_id(),
        package_id: package,
        kind,
        entry,
        units,
        activity_id: None,
        acceptance_id: None,
        amendment_id: None,
        reason: None,
        created_at: tx.now,
    }
}
