//! No day is paid for twice: which days a package pays for, and which a fee invoice has charged.
//! Asked when an invoice is drafted and again when it is issued, with the city's row locked.

use chrono::NaiveDate;

use crate::db::{Db, Tx};
use crate::finance::invoices::charged::{Charged, charged_of_cities};
use crate::finance::invoices::model::{Invoice, InvoiceKind, InvoiceLine};
use crate::finance::invoices::{drafts, store};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, MembershipId};
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::{self, Package};
use crate::registry::memberships::{self, Membership};
use crate::registry::networks;

/// The days on which packages of the city pay for its fee.
pub(super) fn covered_days(db: &mut Db, city: CityId) -> Result<Vec<Period>> {
    let mut covered = Vec::new();
    for package in packages::of_city(db, city)? {
        if package.covers_annual_fee {
            covered.push(days_of(&package)?);
        }
    }
    Ok(covered)
}

/// The days that fee invoices of the city's other memberships charge: a city that leaves and comes
/// back within a fee year has paid for the rest of it, unless that fee was taken back.
pub(super) fn charged_beside(charged: &[Charged], membership: MembershipId) -> Vec<Period> {
    charged
        .iter()
        .filter(|one| one.membership != Some(membership))
        .map(|one| one.days)
        .collect()
}

/// The days of a package: to its end, or to the day it was ended before its time.
pub(super) fn days_of(package: &Package) -> Result<Period> {
    let until = package.terminated_on.map_or(package.ends_on, |day| {
        day.clamp(package.starts_on, package.ends_on)
    });
    Period::new(package.starts_on, Some(until))
        .map_err(|refusal| Error::Internal(anyhow::anyhow!("a package's days: {refusal}")))
}

/// An invoice of the fee of days that the package pays for, if there is one; none for a package that
/// does not cover the fee.
///
/// # Errors
/// What the database says.
pub fn charging_fee_within(db: &mut Db, package: &Package) -> Result<Option<Invoice>> {
    if !package.covers_annual_fee {
        return Ok(None);
    }
    let days = days_of(package)?;
    let charged = charged_of_cities(db, &[package.city_id])?;
    match charged.iter().find(|one| one.days.overlaps(&days)) {
        Some(one) => store::find(db, one.invoice),
        None => Ok(None),
    }
}

/// Refuses a package that covers the fee while the fee of some of its days is invoiced.
pub(super) fn refuse_charged_days(tx: &mut Tx<'_>, package: &Package, field: &str) -> Result<()> {
    match charging_fee_within(tx.db, package)? {
        None => Ok(()),
        Some(invoice) => Err(Error::refused(already_charged(&invoice, field))),
    }
}

/// Refuses to issue what has become a double charge since it was drafted.
pub(super) fn refuse_double_charge(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    lines: &[InvoiceLine],
) -> Result<()> {
    if matches!(
        invoice.kind,
        InvoiceKind::LateCharges | InvoiceKind::RecalledFunding
    ) {
        // Days of interest are no days of membership, and those of a share were looked at with the whole.
        return Ok(());
    }
    if let (InvoiceKind::Package, Some(package)) = (invoice.kind, invoice.package_id) {
        let package = packages::get(tx.db, package)?;
        let instalment = invoice.instalment.unwrap_or(1);
        let (_, falls_on) = drafts::part_of(tx.db, &package, instalment, "invoiceId")?;
        refuse_after_end(tx.db, package.city_id, falls_on, "invoiceId")?;
        refuse_after_termination(&package, falls_on, "invoiceId")?;
        refuse_charged_days(tx, &package, "invoiceId")
    } else {
        let covered = covered_days(tx.db, invoice.city_id)?;
        if lines.iter().any(|line| is_covered(line, &covered)) {
            return Err(Error::refused(covered_since()));
        }
        Ok(())
    }
}

/// Whether an instalment that falls on a day is not billed any more, because the package was ended.
#[must_use]
pub fn falls_after_end(package: &Package, falls_on: NaiveDate) -> bool {
    package.terminated_on.is_some_and(|end| falls_on >= end)
}

/// Refuses to charge an instalment that falls on a day after the package was ended.
pub(super) fn refuse_after_termination(
    package: &Package,
    falls_on: NaiveDate,
    field: &str,
) -> Result<()> {
    if falls_after_end(package, falls_on) {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            field,
            format!(
                "The instalment falls on {falls_on}, but the package was ended before; it is not billed any more."
            ),
            format!(
                "Raten falder den {falls_on}, men pakken er afsluttet før; den faktureres ikke mere."
            ),
        )));
    }
    Ok(())
}

/// Refuses to charge an instalment for a day after the membership has ended: the package ends with it.
pub(super) fn refuse_after_end(
    db: &mut Db,
    city: CityId,
    day: NaiveDate,
    field: &str,
) -> Result<()> {
    let network = networks::international(db)?.map(|network| network.id);
    let periods: Vec<Period> = memberships::periods_of_city(db, city)?
        .iter()
        .filter(|membership| Some(membership.network_id) == network)
        .filter_map(Membership::active_period)
        .collect();
    let is_member = periods.iter().any(|period| period.contains(day));
    let left = periods
        .iter()
        .filter_map(Period::until)
        .filter(|until| *until <= day)
        .max();
    match left {
        Some(left) if !is_member => Err(Error::refused(Refusal::new(
            RefusalCode::NotAMember,
            field,
            format!(
                "The instalment falls on {day}, but the city is no member from {left}; a package ends with the membership."
            ),
            format!(
                "Raten falder den {day}, men byen er ikke medlem fra {left}; en pakke ophører med medlemskabet."
            ),
        ))),
        _ => Ok(()),
    }
}

fn is_covered(line: &InvoiceLine, covered: &[Period]) -> bool {
    let days = line
        .period_from
        .and_then(|from| Period::new(from, line.period_until).ok());
    line.net_minor > 0
        && days.is_some_and(|days| covered.iter().any(|covered| covered.overlaps(&days)))
}

fn already_charged(invoice: &Invoice, field: &str) -> Refusal {
    match &invoice.number {
        Some(number) => Refusal::new(
            RefusalCode::AlreadyInvoiced,
            field,
            format!(
                "The package covers the annual fee, but invoice {number} charges the fee for some of its days; credit that invoice first."
            ),
            format!(
                "Pakken dækker kontingentet, men faktura {number} opkræver kontingent for nogle af dens dage; krediter den først."
            ),
        ),
        None => Refusal::new(
            RefusalCode::AlreadyInvoiced,
            field,
            "The package covers the annual fee, but a draft charges the fee for some of its days; discard that draft first.",
            "Pakken dækker kontingentet, men en kladde opkræver kontingent for nogle af dens dage; kassér kladden først.",
        ),
    }
}

fn covered_since() -> Refusal {
    Refusal::new(
        RefusalCode::AlreadyInvoiced,
        "invoiceId",
        "A package pays for days that this draft charges; discard the draft and make a new one.",
        "En pakke betaler for dage, som kladden opkræver; kassér kladden og lav en ny.",
    )
}
