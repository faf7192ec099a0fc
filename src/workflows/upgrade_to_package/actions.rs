//! The move to a package in one transaction. What it is not: its form in the schema.
//!
//! The city is locked first, then as a credit note locks; enrolling takes no other lock after it.

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::fee_refunds;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, PackageId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::offer::Deliverable;
use crate::programme::packages;
use crate::registry::cities;
use crate::workflows::enrol_in_package::{PackageOrder, enrol_in_package};

/// Gives back what the city's fees charge for the days of the package, and enrols the city in it.
///
/// # Errors
/// Refused as [`enrol_in_package`], when a draft charges a day of the package, and when a credit needs a
/// second person; nothing is done then.
pub fn upgrade_to_package(
    tx: &mut Tx<'_>,
    order: &PackageOrder,
    offer: &[Deliverable],
) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let order = PackageOrder {
        covers_annual_fee: true,
        ..order.clone()
    };
    let days = packages::rules::period(order.starts_on).map_err(|refusal| {
        let phrase = refusal.phrase();
        let code = RefusalCode::OutOfRange;
        Error::refused(Refusal::new(code, "startsOn", phrase.en, phrase.da))
    })?;
    lock(tx, order.city)?;
    fee_refunds::give_back(tx, order.city, days, order.starts_on)?;
    enrol_in_package(tx, &order, offer)
}

fn lock(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    if cities::find(tx.db, city)?.is_none() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotFound,
            "cityId",
            "There is no city with this id.",
            "Der findes ingen by med dette id.",
        )));
    }
    cities::lock(tx, city).map(drop)
}
