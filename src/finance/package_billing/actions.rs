//! How the billing of packages stands. What it is not: invoicing an instalment; that is done with the
//! invoices.

use chrono::NaiveDate;

use crate::db::Db;
use crate::finance::package_billing::rules::Billing;
use crate::finance::package_billing::store;
use crate::kernel::error::Result;
use crate::kernel::ids::PackageId;
use crate::programme::packages::{self, Package};

/// How the billing of these packages stands, in their order.
///
/// # Errors
/// What the database says.
pub fn billings(db: &mut Db, listed: &[Package]) -> Result<Vec<Billing>> {
    let ids: Vec<PackageId> = listed.iter().map(|package| package.id).collect();
    let known = store::invoices_of(db, &ids)?;
    let agreed = packages::parts_of_many(db, &ids)?;
    listed
        .iter()
        .map(|package| {
            let agreed = agreed.get(&package.id).map_or(&[][..], Vec::as_slice);
            let known = known.get(&package.id).map_or(&[][..], Vec::as_slice);
            Billing::of(package, agreed, known)
        })
        .collect()
}

/// The packages of which an instalment fell on a day or before and has no issued invoice, the first
/// start first.
///
/// # Errors
/// What the database says.
pub fn due(db: &mut Db, day: NaiveDate) -> Result<Vec<Billing>> {
    let started = packages::started_until(db, day)?;
    let mut due = billings(db, &started)?;
    due.retain(|billing| billing.due_until(day).next().is_some());
    Ok(due)
}
