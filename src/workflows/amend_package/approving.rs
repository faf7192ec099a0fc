//! Approving an amendment in one transaction with what it means for the money: in a pause the payments
//! stand still, and a later end does not cover a fee that is charged. What it is not: the amendment.

use chrono::Days;

use crate::db::Tx;
use crate::finance::invoices;
use crate::finance::package_billing;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PackageAmendmentId;
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::amendments::{self, Change};
use crate::programme::packages::{self, NewPlan, Package, PackagePart};
use crate::registry::cities;

/// Approves an amendment.
///
/// # Errors
/// `AlreadyInvoiced` when the package would cover the fee of days that were charged; else as
/// [`amendments::approve`].
pub fn approve_amendment(
    tx: &mut Tx<'_>,
    id: PackageAmendmentId,
    version: i32,
) -> Result<PackageAmendmentId> {
    let amendment = amendments::get(tx.db, id)?;
    cities::lock(tx, amendment.city_id)?;
    let before = packages::get(tx.db, amendment.package_id)?;
    let change = amendment.change()?;
    // The plan as it is before the end moves: equal instalments are counted from it.
    let plan = match change {
        Change::Pause(pause) => Some(rested(tx, &before, pause)?),
        Change::Extension { .. } => Some(
            parts(tx, &before)?
                .into_iter()
                .map(|(part, _)| part)
                .collect(),
        ),
        Change::Units { .. } => None,
    };
    let approved = amendments::approve(tx, id, version)?;

    let package = packages::get(tx.db, amendment.package_id)?;
    if let Some(parts) = plan {
        let plan = NewPlan {
            package: package.id,
            version: package.version,
            price: package.agreed_price()?,
            parts,
        };
        packages::amend(tx, &plan)?;
        if let Some(invoice) = invoices::charging_fee_within(tx.db, &package)? {
            return Err(Error::refused(charged(invoice.number.as_deref())));
        }
    }
    Ok(approved)
}

/// The parts of the price as they fall, and whether each is invoiced or drafted.
fn parts(tx: &mut Tx<'_>, package: &Package) -> Result<Vec<(PackagePart, bool)>> {
    let billings = package_billing::billings(tx.db, std::slice::from_ref(package))?;
    let instalments = billings.into_iter().flat_map(|billing| billing.instalments);
    let part = |one: package_billing::Instalment| {
        let is_invoiced = one.state.has_invoice();
        let part = PackagePart {
            package_id: package.id,
            position: one.number,
            title: one.title,
            amount_minor: one.net.minor,
            falls_on: one.falls_on,
        };
        (part, is_invoiced)
    };
    Ok(instalments.map(part).collect())
}

/// The plan with what is not invoiced and falls in or after the pause as many days later.
fn rested(tx: &mut Tx<'_>, package: &Package, pause: Period) -> Result<Vec<PackagePart>> {
    let days = pause.days().and_then(|days| u64::try_from(days).ok());
    let days = Days::new(days.unwrap_or_default());
    let later = |(part, is_invoiced): (PackagePart, bool)| {
        let falls_on = part
            .falls_on
            .filter(|on| !is_invoiced && *on >= pause.from())
            .and_then(|on| on.checked_add_days(days))
            .or(part.falls_on);
        PackagePart { falls_on, ..part }
    };
    Ok(parts(tx, package)?.into_iter().map(later).collect())
}

fn charged(number: Option<&str>) -> Refusal {
    let (en, da) = number.map_or(("A draft".to_owned(), "En kladde".to_owned()), |number| {
        (format!("Invoice {number}"), format!("Faktura {number}"))
    });
    Refusal::new(
        RefusalCode::AlreadyInvoiced,
        "amendmentId",
        format!("{en} charges the fee of days that the package would cover then; credit it first."),
        format!(
            "{da} opkræver kontingent for dage, som pakken så ville dække; krediter den først."
        ),
    )
}
