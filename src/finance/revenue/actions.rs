//! What issuing and crediting do to a line's revenue. What it is not: deeds with a permission of their
//! own; the action that calls has asked for its own.

use crate::db::Tx;
use crate::finance::ledger::Account;
use crate::finance::revenue::model::{Earning, RevenueSchedule};
use crate::finance::revenue::store;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, InvoiceId, InvoiceLineId};

/// Where and when an invoice's lines were issued.
#[derive(Debug, Clone, Copy)]
pub struct Issued<'a> {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Whose it is.
    pub city: CityId,
    /// Its number.
    pub number: &'a str,
    /// ISO 4217.
    pub currency: &'a str,
    /// Its date.
    pub on: chrono::NaiveDate,
}

/// Begins to earn the lines of an invoice that is being issued.
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut Tx<'_>, issued: Issued<'_>, earnings: &[Earning]) -> Result<()> {
    let now = tx.now;
    let schedule = |earning: &Earning| {
        Some(RevenueSchedule {
            line_id: earning.line,
            invoice_id: issued.invoice,
            city_id: issued.city,
            document: issued.number.to_owned(),
            account: earning.account,
            currency: issued.currency.to_owned(),
            issued_on: issued.on,
            starts_on: earning.period.from(),
            ends_on: earning.period.until()?,
            amount_minor: earning.minor,
            recognised_minor: 0,
            recognised_through: None,
            is_done: false,
            updated_at: now,
        })
    };
    let schedules: Vec<_> = earnings.iter().filter_map(schedule).collect();
    store::insert(tx, &schedules)
}

/// Takes a credited amount out of what a line earns. What comes back says of which accounts the amount
/// is to be taken: of the deferred revenue, and of the revenue where more was counted already than
/// is left to earn. None when the line was never deferred.
///
/// # Errors
/// What the database says; a fault of ours when more is credited than there is.
pub fn reduce(
    tx: &mut Tx<'_>,
    line: InvoiceLineId,
    minor: i64,
) -> Result<Option<[(Account, i64); 2]>> {
    let Some(schedule) = store::lock(tx, line)? else {
        return Ok(None);
    };
    let amount_minor = schedule
        .amount_minor
        .checked_sub(minor)
        .filter(|amount| *amount >= 0)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("more credited than was to be earned")))?;
    let counted = schedule.recognised_minor.min(amount_minor);
    let too_much = schedule.recognised_minor.saturating_sub(counted);
    let account = schedule.account;
    let reduced = RevenueSchedule {
        amount_minor,
        recognised_minor: counted,
        is_done: counted == amount_minor,
        updated_at: tx.now,
        ..schedule
    };
    store::update(tx, &[reduced])?;
    let deferred = minor.saturating_sub(too_much);
    Ok(Some([
        (Account::DeferredRevenue, deferred),
        (account, too_much),
    ]))
}
