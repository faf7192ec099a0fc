//! In which parts a package is paid: equal instalments on months, or parts that were agreed, milestones
//! among them. Pure. What it is not: which parts are invoiced (`package_billing`).

use chrono::NaiveDate;

use crate::finance::fees::instalments;
use crate::finance::invoices::rules::of_fee;
use crate::kernel::error::{Error, Result};
use crate::kernel::money::Money;
use crate::kernel::period::add_months;
use crate::programme::packages::{Package, PackagePart};

/// How many months a package lasts.
const PACKAGE_MONTHS: i32 = 24;

/// A part of the price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPart {
    /// Which instalment, from 1.
    pub number: i32,
    /// What it is paid for, where that was agreed.
    pub title: Option<String>,
    /// The amount without tax.
    pub net: Money,
    /// The day it falls on; none for a milestone that is not reached.
    pub falls_on: Option<NaiveDate>,
}

/// The parts of a package in their order: those that were agreed, else its equal instalments.
///
/// # Errors
/// Refused beyond the calendar; a fault of ours for a stored plan that is none.
pub fn payment_plan(package: &Package, agreed: &[PackagePart]) -> Result<Vec<PlannedPart>> {
    let price = package.agreed_price()?;
    if !agreed.is_empty() {
        let part = |part: &PackagePart| PlannedPart {
            number: part.position,
            title: part.title.clone(),
            net: Money::new(part.amount_minor, price.currency),
            falls_on: part.falls_on,
        };
        return Ok(agreed.iter().map(part).collect());
    }
    let fault = |text: &str| Error::Internal(anyhow::anyhow!("{text}"));
    let count = u32::try_from(package.instalments).map_err(|_| fault("a plan of no parts"))?;
    let amounts = instalments(price, count).map_err(|_| fault("a plan that does not fit"))?;
    let mut parts = Vec::with_capacity(amounts.len());
    for (number, net) in (1..).zip(amounts) {
        parts.push(PlannedPart {
            number,
            title: None,
            net,
            falls_on: Some(instalment_month(package, number)?),
        });
    }
    Ok(parts)
}

/// The first day of the part of the package that an equal instalment is counted to.
fn instalment_month(package: &Package, instalment: i32) -> Result<NaiveDate> {
    let months = instalment
        .saturating_sub(1)
        .saturating_mul(PACKAGE_MONTHS)
        .checked_div(package.instalments)
        .and_then(|months| u32::try_from(months).ok())
        .unwrap_or_default();
    add_months(package.starts_on, months).map_err(|refusal| Error::refused(of_fee(refusal.into())))
}
