//! Proposing, approving and discarding amendments. What it is not: what an approved change of the time
//! means for invoices; the workflow that approves looks at that.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::PackageAmendmentId;
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::activities::{self, ActivityStatus};
use crate::programme::entitlements;
use crate::programme::packages::amendments::model::{
    AmendmentStatus, Change, NewAmendment, PackageAmendment, Units,
};
use crate::programme::packages::amendments::{rules, store};
use crate::programme::packages::model::{Package, PackageState};
use crate::programme::packages::rules::{PackageRefusal, check_membership};
use crate::programme::packages::store as packages;
use crate::registry::{cities, memberships};

/// Proposes an amendment; a second person approves it.
///
/// # Errors
/// `NotFound`, `Stale`; refused with all problems of the change, and for a package that was ended.
pub fn propose(tx: &mut Tx<'_>, new: &NewAmendment) -> Result<PackageAmendmentId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let reason = text::paragraph("reason", &new.reason)?;
    let city = packages::get(tx.db, new.package)?.city_id;
    cities::lock(tx, city)?;
    let package = packages::get(tx.db, new.package)?;
    expect_version(Some(new.version), package.version)?;
    demand_running(&package)?;
    let pauses = store::pauses_of(tx.db, package.id)?;
    rules::check(&new.change, &package, &pauses).map_err(Error::Refused)?;

    let (taken, given) = match new.change {
        Change::Units { taken, given } => (taken, given),
        Change::Extension { .. } | Change::Pause(_) => (None, None),
    };
    let pause = match new.change {
        Change::Pause(pause) => Some(pause),
        Change::Units { .. } | Change::Extension { .. } => None,
    };
    let amendment = PackageAmendment {
        id: tx.new_id(),
        package_id: package.id,
        city_id: city,
        kind: new.change.kind(),
        status: AmendmentStatus::Proposed,
        reason,
        from_kind: taken.map(|units| units.kind),
        from_units: taken.map(|units| units.count),
        to_kind: given.map(|units| units.kind),
        to_units: given.map(|units| units.count),
        pause_from: pause.map(|pause| pause.from()),
        pause_until: pause.and_then(|pause| pause.until()),
        months: match new.change {
            Change::Extension { months } => Some(months),
            Change::Units { .. } | Change::Pause(_) => None,
        },
        proposed_by: tx.viewer.user_id(),
        decided_by: None,
        decided_at: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &amendment)?;
    note(tx, "package.amendmentProposed", &amendment)
}

/// Approves an amendment, which holds from now on.
///
/// # Errors
/// `NotFound`, `Stale`; `SecondPersonNeeded` for whoever proposed it; refused for what is decided, for units
/// that are not there, for a pause over days of activities, and for a time in which the city has another
/// package or is no member.
pub fn approve(
    tx: &mut Tx<'_>,
    id: PackageAmendmentId,
    version: i32,
) -> Result<PackageAmendmentId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let (amendment, package) = open(tx, id, version)?;
    if amendment.proposed_by == tx.viewer.user_id() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "amendmentId",
            "Whoever proposed an amendment does not approve it; ask a colleague.",
            "Den, der har foreslået en ændring, godkender den ikke selv; spørg en kollega.",
        )));
    }
    demand_running(&package)?;
    let change = amendment.change()?;
    let pauses = store::pauses_of(tx.db, package.id)?;
    rules::check(&change, &package, &pauses).map_err(Error::Refused)?;
    match change {
        Change::Units { taken, given } => exchange(tx, &amendment, taken, given)?,
        Change::Pause(pause) => {
            demand_no_activity(tx, &package, pause)?;
            move_end(tx, &package, &change)?;
        }
        Change::Extension { .. } => move_end(tx, &package, &change)?,
    }
    decide(
        tx,
        amendment,
        AmendmentStatus::Approved,
        "package.amendmentApproved",
    )
}

/// Discards an amendment that was not approved.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is decided.
pub fn discard(
    tx: &mut Tx<'_>,
    id: PackageAmendmentId,
    version: i32,
) -> Result<PackageAmendmentId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let (amendment, _) = open(tx, id, version)?;
    decide(
        tx,
        amendment,
        AmendmentStatus::Discarded,
        "package.amendmentDiscarded",
    )
}

/// The proposed amendment and its package, with the city held until the transaction ends.
fn open(
    tx: &mut Tx<'_>,
    id: PackageAmendmentId,
    version: i32,
) -> Result<(PackageAmendment, Package)> {
    let city = store::get(tx.db, id)?.city_id;
    cities::lock(tx, city)?;
    let amendment = store::get(tx.db, id)?;
    expect_version(Some(version), amendment.version)?;
    if amendment.status != AmendmentStatus::Proposed {
        let status = amendment.status;
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "amendmentId",
            format!("The amendment is {status}; it is decided."),
            format!("Ændringen er {status}; den er afgjort."),
        )));
    }
    let package = packages::lock(tx, amendment.package_id)?;
    Ok((amendment, package))
}

fn demand_running(package: &Package) -> Result<()> {
    if package.state == PackageState::Terminated {
        return Err(Error::refused(PackageRefusal::Ended));
    }
    Ok(())
}

/// Takes units that are neither used nor set aside, and gives others, in one.
fn exchange(
    tx: &mut Tx<'_>,
    amendment: &PackageAmendment,
    taken: Option<Units>,
    given: Option<Units>,
) -> Result<()> {
    let (package, city) = (amendment.package_id, amendment.city_id);
    if let Some(Units { kind, count }) = taken {
        activities::withdraw(tx, package, kind, count)?;
        let less = count.saturating_neg();
        entitlements::adjust(tx, package, (kind, less), amendment.id, &amendment.reason)?;
    }
    if let Some(Units { kind, count }) = given {
        entitlements::adjust(tx, package, (kind, count), amendment.id, &amendment.reason)?;
        activities::add(tx, city, package, kind, count)?;
    }
    Ok(())
}

/// A package does not rest on days that something is planned for.
fn demand_no_activity(tx: &mut Tx<'_>, package: &Package, pause: Period) -> Result<()> {
    let planned = activities::of_packages(tx.db, &[package.id])?;
    let inside = planned.iter().find(|one| {
        one.status == ActivityStatus::Confirmed
            && one.starts_on.is_some_and(|from| {
                Period::new(from, one.ends_on).is_ok_and(|days| days.overlaps(&pause))
            })
    });
    match inside.and_then(|one| one.starts_on.map(|on| (one.kind, on))) {
        None => Ok(()),
        Some((kind, on)) => Err(Error::refused(Refusal::new(
            RefusalCode::PeriodOverlaps,
            "pause",
            format!("{kind} is planned for {on}; move or cancel it first."),
            format!("{kind} er planlagt til {on}; flyt eller aflys den først."),
        ))),
    }
}

/// The package ends later; the city must be in the network until then.
fn move_end(tx: &mut Tx<'_>, package: &Package, change: &Change) -> Result<()> {
    let out_of_range = || {
        Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "amendmentId",
            "The package would end beyond the calendar.",
            "Pakken ville slutte efter kalenderens ende.",
        ))
    };
    let (ends_on, expires_on) = rules::moved(change, package).ok_or_else(out_of_range)?;
    let further = Period::new(package.ends_on, Some(ends_on))
        .map_err(|reason| Error::Internal(reason.into()))?;
    let mut standings = memberships::standings_of_cities(tx.db, &[package.city_id])?;
    let standings = standings.remove(&package.city_id).unwrap_or_default();
    check_membership(&standings, &further).map_err(Error::refused)?;
    let moved = Package {
        ends_on,
        expires_on,
        updated_at: tx.now,
        version: package.version.saturating_add(1),
        ..package.clone()
    };
    packages::move_end(tx, &moved)
}

fn decide(
    tx: &mut Tx<'_>,
    amendment: PackageAmendment,
    status: AmendmentStatus,
    what: &'static str,
) -> Result<PackageAmendmentId> {
    let decided = PackageAmendment {
        status,
        decided_by: tx.viewer.user_id(),
        decided_at: Some(tx.now),
        updated_at: tx.now,
        version: amendment.version.saturating_add(1),
        ..amendment
    };
    store::update(tx, &decided)?;
    note(tx, what, &decided)
}

fn note(
    tx: &mut Tx<'_>,
    what: &'static str,
    amendment: &PackageAmendment,
) -> Result<PackageAmendmentId> {
    let details = json!({
        "amendment": amendment.id,
        "kind": amendment.kind,
        "take": amendment.from_kind.zip(amendment.from_units),
        "give": amendment.to_kind.zip(amendment.to_units),
        "pauseFrom": amendment.pause_from,
        "pauseUntil": amendment.pause_until,
        "months": amendment.months,
    });
    let city = Some(amendment.city_id);
    audit::record(tx, what, amendment.package_id, city, details)?;
    Ok(amendment.id)
}
