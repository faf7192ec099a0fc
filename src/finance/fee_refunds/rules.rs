//! How much of a line is given back for some days. Pure; which days are left of the line is a parameter.

use chrono::NaiveDate;

use crate::finance::fee_refunds::model::RefundPart;
use crate::finance::fees::{FeePolicy, FeeRefusal, Price, charge_of_line, credit_of_days};
use crate::finance::invoices::{InvoiceLine, rules::fee_year_of};
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::Period;
use crate::kernel::refusal::Refusal;

/// What is given back of a line for `unused` days: the part of the price, but never more than what
/// credit notes have left of the line. None when that is nothing.
///
/// # Errors
/// Refused when the amounts do not fit.
pub(super) fn part(
    policy: &FeePolicy,
    joined_on: NaiveDate,
    year: i32,
    line: &InvoiceLine,
    price: Price,
    unused: Period,
) -> Result<Option<RefundPart>, Refusal> {
    let of_fee = |refusal: FeeRefusal| crate::finance::invoices::rules::of_fee(refusal);
    let (Some(from), Some(until)) = (line.period_from, line.period_until) else {
        return Ok(None);
    };
    let days = Period::new(from, Some(until)).map_err(|refusal| of_fee(refusal.into()))?;
    let fee_year = fee_year_of(policy, Period::since(joined_on), year)?;
    let currency: Currency = price.amount.currency;
    let amount = Money::new(line.net_minor, currency);
    let charge =
        charge_of_line(policy, joined_on, fee_year, days, price, amount).map_err(of_fee)?;
    let Some(mut refund) = credit_of_days(&charge, unused).map_err(of_fee)? else {
        return Ok(None);
    };
    let left = line.net_minor.saturating_sub(line.credited_minor);
    refund.credit = Money::new(refund.credit.minor.min(left), currency);
    refund.retained = Money::new(left.saturating_sub(refund.credit.minor), currency);
    let line = line.id;
    Ok((refund.credit.minor > 0).then_some(RefundPart { line, refund }))
}
