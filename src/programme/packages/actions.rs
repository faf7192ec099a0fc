//! What is done with packages: a city is enrolled, and a package ended before its time. What it is not: the price list; the price comes
//! with the enrolment (`workflows/enrol_in_package.rs`).

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::PackageId;
use crate::programme::activities;
use crate::programme::packages::model::{Enrolment, Package, PackageState, Termination};
use crate::programme::packages::rules::{self, PackageRefusal};
use crate::programme::packages::store;
use crate::programme::reference::Deliverable;
use crate::registry::{cities, memberships};

/// Enrols a city in a package of these deliverables and plans its activities.
///
/// # Errors
/// Refused with all problems of the input: a city that is not admitted or a member on every day, other packages on these days, amounts out of range.
pub fn enrol(tx: &mut Tx<'_>, enrolment: &Enrolment, offer: &[Deliverable]) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let period = rules::check(enrolment).map_err(Error::Refused)?;
    let units = match &enrolment.tailored {
        Some(tailored) => tailored.deliverables.clone(),
        None => rules::snapshot(offer).map_err(anyhow::Error::from)?,
    };
    if !cities::exists(tx.db, enrolment.city)? {
        return Err(Error::refused(PackageRefusal::NoCity));
    }
    // Two enrolments of a city take turns, so that the second one sees the first.
    cities::lock(tx, enrolment.city)?;
    let mut standings = memberships::standings_of_cities(tx.db, &[enrolment.city])?;
    let standings = standings.remove(&enrolment.city).unwrap_or_default();
    rules::check_membership(&standings, &period).map_err(Error::refused)?;

    let package = Package {
        id: tx.new_id(),
        city_id: enrolment.city,
        state: PackageState::Enrolled,
        currency: enrolment.price.currency.code().to_owned(),
        price_minor: enrolment.price.minor,
        starts_on: period.from(),
        ends_on: period
            .until()
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a period of months has no end")))?,
        covers_annual_fee: enrolment.covers_annual_fee,
        instalments: enrolment.instalments,
        terminated_on: None,
        expires_on: rules::expires_on(&period, enrolment.grace_months)
            .map_err(|reason| Error::Internal(reason.into()))?,
        different_hosts: enrolment.different_hosts,
        approval: enrolment
            .tailored
            .as_ref()
            .map(|tailored| tailored.approval.clone()),
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &package)?;
    activities::plan_package(tx, package.city_id, package.id, &units)?;

    let details = json!({
        "startsOn": package.starts_on,
        "price": enrolment.price.amount(),
        "currency": package.currency,
        "coversAnnualFee": package.covers_annual_fee,
        "instalments": package.instalments,
        "expiresOn": package.expires_on,
        "approval": package.approval,
    });
    audit::record(
        tx,
        "package.enrolled",
        package.id,
        Some(package.city_id),
        details,
    )?;
    Ok(package.id)
}

/// Ends a package before its time. Its days from then on are free for another one, and for the fee; its
/// units that are not set aside are lost. What has a date keeps it, as a city that is suspended keeps its
/// visits.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a package that was ended, and for a day on which it cannot be.
pub fn terminate(tx: &mut Tx<'_>, termination: &Termination) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let city = store::get(tx.db, termination.package)?.city_id;
    // Whoever invoices the city or enrols it holds the same row.
    cities::lock(tx, city)?;
    let package = store::lock(tx, termination.package)?;
    expect_version(Some(termination.version), package.version)?;
    if package.state == PackageState::Terminated {
        return Err(Error::refused(PackageRefusal::Ended));
    }
    let (period, today) = (package.period()?, tx.today());
    let end = rules::ended_after(&period, termination.ends_on, today).map_err(Error::refused)?;
    let ended = Package {
        state: PackageState::Terminated,
        terminated_on: Some(end),
        updated_at: tx.now,
        version: package.version.saturating_add(1),
        ..package
    };
    store::end(tx, &ended)?;
    activities::lapse(tx, city, ended.id)?;

    audit::record(
        tx,
        "package.terminated",
        ended.id,
        Some(city),
        json!({ "terminatedOn": ended.terminated_on }),
    )?;
    Ok(ended.id)
}

/// Writes off what was not used of a package whose time is over. Nothing happens when there is nothing.
///
/// # Errors
/// What the database says.
pub fn lapse(tx: &mut Tx<'_>, id: PackageId) -> Result<()> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let city = store::get(tx.db, id)?.city_id;
    cities::lock(tx, city)?;
    let package = store::lock(tx, id)?;
    if package.lapses_on() <= tx.today() {
        activities::lapse(tx, city, id)?;
    }
    Ok(())
}
