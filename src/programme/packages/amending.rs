//! A contract is changed: its price, how it is paid, and the milestones that are reached. What it is not:
//! what may be changed of what is invoiced; the workflow that calls it looks at that.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::PackageId;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::model::{
    NewPlan, Package, PackagePart, PackageState, ReachedMilestone,
};
use crate::programme::packages::rules::PackageRefusal;
use crate::programme::packages::store;
use crate::registry::cities;

/// Changes the price of a package and how it is paid. The parts together are the price.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a package that was ended.
pub fn amend(tx: &mut Tx<'_>, amendment: &NewPlan) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let package = locked(tx, amendment.package, amendment.version)?;
    let instalments = i32::try_from(amendment.parts.len())
        .map_err(|_| Error::Internal(anyhow::anyhow!("more parts than a package has")))?;
    let amended = Package {
        price_minor: amendment.price.minor,
        instalments,
        updated_at: tx.now,
        version: package.version.saturating_add(1),
        ..package
    };
    store::amend(tx, &amended, &amendment.parts)?;

    audit::record(
        tx,
        "package.amended",
        amended.id,
        Some(amended.city_id),
        json!({ "price": amendment.price.amount(), "currency": amended.currency, "instalments": instalments }),
    )?;
    Ok(amended.id)
}

/// Notes that a milestone was reached: its part of the price can be invoiced.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is no milestone, was reached already, or lies ahead.
pub fn reach_milestone(tx: &mut Tx<'_>, reached: &ReachedMilestone) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let package = locked(tx, reached.package, reached.version)?;
    let today = tx.today();
    let on = reached.on.unwrap_or(today);
    if on > today || on < package.starts_on {
        return Err(Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "reachedOn",
            format!(
                "A milestone is reached between the first day, {}, and today, {today}.",
                package.starts_on
            ),
            format!(
                "En milepæl nås mellem første dag, {}, og i dag, {today}.",
                package.starts_on
            ),
        )));
    }
    let mut parts = store::parts_of_many(tx.db, &[package.id])?
        .remove(&package.id)
        .unwrap_or_default();
    let waiting =
        |part: &&mut PackagePart| part.position == reached.position && part.falls_on.is_none();
    let Some(part) = parts.iter_mut().find(waiting) else {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "position",
            "There is no milestone here that is still to be reached.",
            "Her er ingen milepæl, som mangler at blive nået.",
        )));
    };
    part.falls_on = Some(on);
    let changed = Package {
        updated_at: tx.now,
        version: package.version.saturating_add(1),
        ..package
    };
    store::amend(tx, &changed, &parts)?;

    audit::record(
        tx,
        "package.milestoneReached",
        changed.id,
        Some(changed.city_id),
        json!({ "position": reached.position, "on": on }),
    )?;
    Ok(changed.id)
}

fn locked(tx: &mut Tx<'_>, id: PackageId, version: i32) -> Result<Package> {
    let city = store::get(tx.db, id)?.city_id;
    cities::lock(tx, city)?;
    let package = store::lock(tx, id)?;
    expect_version(Some(version), package.version)?;
    if package.state == PackageState::Terminated {
        return Err(Error::refused(PackageRefusal::Ended));
    }
    Ok(package)
}
