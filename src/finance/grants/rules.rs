//! How much of a line a funder may pay, how payers share it, and what may happen to a grant when.
//! What it is not: who may do it.

use chrono::NaiveDate;

use crate::finance::grants::model::{
    AwardTerms, FundedLine, GrantStatus, GrantStep, InstalmentStatus, InstalmentStep,
};
use crate::kernel::money::{Money, ShareRefusal, split_by_weights};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// All of a cost, in hundredths of a per cent.
pub const WHOLE: i64 = 10_000;

/// Where a grant stands after a step.
///
/// # Errors
/// `NotInState` when the step cannot be taken from there.
pub fn after(status: GrantStatus, step: GrantStep) -> Result<GrantStatus, Refusal> {
    use GrantStatus::{
        Awarded, ClawedBack, Closed, Draft, InProgress, Rejected, Reported, Submitted,
    };
    match (status, step) {
        (Draft, GrantStep::Submit) => Ok(Submitted),
        (Submitted, GrantStep::Award) => Ok(Awarded),
        (Submitted, GrantStep::Reject) => Ok(Rejected),
        (Awarded | InProgress, GrantStep::Fund) => Ok(InProgress),
        (status @ (InProgress | Reported), GrantStep::Withdraw) => Ok(status),
        (Awarded | InProgress, GrantStep::Report) => Ok(Reported),
        (Reported, GrantStep::Close) => Ok(Closed),
        // A funder may find in an audit that a finished project should not have been paid.
        (Awarded | InProgress | Reported | Closed, GrantStep::ClawBack) => Ok(ClawedBack),
        _ => Err(Refusal::new(
            RefusalCode::NotInState,
            "status",
            format!(
                "A grant that is {} cannot take the step {}.",
                status.as_str(),
                step.as_str()
            ),
            format!(
                "En bevilling i tilstanden {} kan ikke tage skridtet {}.",
                status.as_str(),
                step.as_str()
            ),
        )),
    }
}

/// Where an instalment stands after a step on a day. It is withheld only after the day the report was
/// due, and released only when the report is there.
///
/// # Errors
/// `NotInState` when the step cannot be taken from there or on that day.
pub fn instalment_after(
    status: InstalmentStatus,
    step: InstalmentStep,
    report_due_on: NaiveDate,
    reported_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<InstalmentStatus, Refusal> {
    use InstalmentStatus::{Expected, Received, Withheld};
    let reported = reported_on.is_some_and(|on| on <= today);
    match (status, step) {
        (Expected | Withheld, InstalmentStep::Receive) => Ok(Received),
        (Expected, InstalmentStep::Withhold) if !reported && today > report_due_on => Ok(Withheld),
        (Withheld, InstalmentStep::Release) if reported => Ok(Expected),
        _ => Err(Refusal::new(
            RefusalCode::NotInState,
            "status",
            format!(
                "An instalment that is {} cannot take the step {} on {today}; the report is due on {report_due_on}.",
                status.as_str(),
                step.as_str()
            ),
            format!(
                "En rate i tilstanden {} kan ikke tage skridtet {} den {today}; rapporten skal foreligge den {report_due_on}.",
                status.as_str(),
                step.as_str()
            ),
        )),
    }
}

/// How much of a line a funder pays, without tax: what is asked for, or the most it may. `used_minor` is
/// what is used of the award; `beside` are the other awards that pay of the line.
///
/// # Errors
/// `CurrencyMismatch` for an award in another currency, which is never converted; `OutOfRange` for a
/// product or days the award does not pay for, or more than is left of it or than its share;
/// `NotInState` beside an award when one of them refuses other funds; `ExceedsInvoice` for more than is
/// left of the line.
pub fn fund(
    terms: &AwardTerms,
    line: &FundedLine,
    used_minor: i64,
    beside: &[AwardTerms],
    asked: Option<Money>,
) -> Result<Money, Refusal> {
    may_pay_for(terms, line)?;
    if !beside.is_empty() && (terms.no_other_funds || beside.iter().any(|one| one.no_other_funds)) {
        return Err(not_beside_others());
    }
    let share = share_rounded_up(terms, line)?;
    let left = terms
        .amount
        .minor
        .checked_sub(used_minor)
        .ok_or_else(too_large)?;
    let award = net_within(terms, line.vat_rate_bp, left)?;
    let most = share.min(award).min(line.open_minor);
    let minor = asked.map_or(most, |asked| asked.minor);
    if minor > 0 && minor <= most {
        return Ok(Money::new(minor, line.net.currency));
    }
    let code = if line.open_minor < share.min(award) {
        RefusalCode::ExceedsInvoice
    } else {
        RefusalCode::OutOfRange
    };
    let most = Money::new(most.max(0), line.net.currency).amount();
    Err(Refusal::new(
        code,
        "amount",
        format!("The award pays above zero and at most {most} of this line."),
        format!("Bevillingen betaler over nul og højst {most} af denne linje."),
    ))
}

/// What each payer pays of a line, without tax: the city first, then the funders in their order.
/// `left_minor` of a funder is what its award has left; what it cannot pay the city does. The amount is
/// divided by the largest remainder, so that the sum is what the city was to pay.
///
/// # Errors
/// As for [`fund`], for each funder; `ExceedsInvoice` when the shares are more than the line has open.
pub fn split(
    line: &FundedLine,
    funders: &[(AwardTerms, i64)],
    beside: &[AwardTerms],
) -> Result<Vec<Money>, Refusal> {
    let days = supplied_days(line)?;
    let whole = days.checked_mul(WHOLE).ok_or_else(too_large)?;
    let mut weights = vec![whole];
    for (terms, _) in funders {
        may_pay_for(terms, line)?;
        let others = funders.len().saturating_add(beside.len()) > 1;
        if others && (terms.no_other_funds || beside.iter().any(|one| one.no_other_funds)) {
            return Err(not_beside_others());
        }
        let weight = weight(terms, line)?;
        let rest = weights.first().copied().unwrap_or_default();
        let rest = rest.checked_sub(weight).filter(|rest| *rest >= 0);
        let rest = rest.ok_or_else(more_than_the_line)?;
        if let Some(first) = weights.first_mut() {
            *first = rest;
        }
        weights.push(weight);
    }

    let parts = split_by_weights(line.net, &weights).map_err(|_: ShareRefusal| too_large())?;
    let mut city = line.open_minor;
    let mut paid = Vec::with_capacity(funders.len());
    for (part, (terms, left_minor)) in parts.into_iter().skip(1).zip(funders) {
        let within = net_within(terms, line.vat_rate_bp, *left_minor)?;
        let minor = part.minor.min(within).max(0);
        city = city.checked_sub(minor).ok_or_else(too_large)?;
        paid.push(Money::new(minor, line.net.currency));
    }
    if city < 0 {
        return Err(more_than_the_line());
    }
    let city = Money::new(city, line.net.currency);
    Ok(std::iter::once(city).chain(paid).collect())
}

/// What an amount without tax counts to an award: with its tax, where the award covers it.
///
/// # Errors
/// `OutOfRange` when it does not fit.
pub fn counted(terms: &AwardTerms, vat_rate_bp: i32, net_minor: i64) -> Result<i64, Refusal> {
    if !terms.covers_vat {
        return Ok(net_minor);
    }
    let tax = i128::from(net_minor) * i128::from(vat_rate_bp);
    let tax = (tax + i128::from(WHOLE / 2)).div_euclid(i128::from(WHOLE));
    i64::try_from(tax)
        .ok()
        .and_then(|tax| net_minor.checked_add(tax))
        .ok_or_else(too_large)
}

/// The most without tax that an amount of the award pays for.
fn net_within(terms: &AwardTerms, vat_rate_bp: i32, left_minor: i64) -> Result<i64, Refusal> {
    if !terms.covers_vat {
        return Ok(left_minor);
    }
    let with_tax = i128::from(WHOLE) + i128::from(vat_rate_bp);
    let net = (i128::from(left_minor) * i128::from(WHOLE)).div_euclid(with_tax);
    i64::try_from(net).map_err(|_| too_large())
}

/// Days times share: the weight of a funder against the days of the line times [`WHOLE`].
fn weight(terms: &AwardTerms, line: &FundedLine) -> Result<i64, Refusal> {
    eligible_days(terms, line)?
        .checked_mul(terms.share_hundredths)
        .ok_or_else(too_large)
}

/// The share of the eligible days. It is rounded up, because a division by the largest remainder may
/// give a funder the last minor unit.
fn share_rounded_up(terms: &AwardTerms, line: &FundedLine) -> Result<i64, Refusal> {
    let whole = i128::from(supplied_days(line)?) * i128::from(WHOLE);
    let exact = i128::from(line.net.minor)
        .checked_mul(i128::from(weight(terms, line)?))
        .ok_or_else(too_large)?;
    let up = exact
        .checked_add(whole - 1)
        .ok_or_else(too_large)?
        .div_euclid(whole);
    i64::try_from(up).map_err(|_| too_large())
}

fn eligible_days(terms: &AwardTerms, line: &FundedLine) -> Result<i64, Refusal> {
    terms
        .eligible
        .intersect(&line.supplied)
        .and_then(|days| days.days())
        .filter(|days| *days > 0)
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::OutOfRange,
                "invoiceId",
                "The line is supplied on no day that the award pays for.",
                "Linjen leveres ikke på nogen dag, som bevillingen betaler for.",
            )
        })
}

fn supplied_days(line: &FundedLine) -> Result<i64, Refusal> {
    line.supplied
        .days()
        .filter(|days| *days > 0)
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::OutOfRange,
                "invoiceId",
                "The line has no first and last day of supply.",
                "Linjen har ingen første og sidste leveringsdag.",
            )
        })
}

/// Whether an award pays for a line at all.
///
/// # Errors
/// As for [`fund`].
pub fn may_pay_for(terms: &AwardTerms, line: &FundedLine) -> Result<(), Refusal> {
    if terms.amount.currency != line.net.currency {
        return Err(other_currency(terms.amount, line.net));
    }
    if !terms.products.contains(&line.product) || line.net.minor <= 0 {
        let product = line.product.as_str();
        return Err(Refusal::new(
            RefusalCode::OutOfRange,
            "invoiceId",
            format!("The award does not pay for {product}."),
            format!("Bevillingen betaler ikke for {product}."),
        ));
    }
    eligible_days(terms, line).map(|_| ())
}

fn not_beside_others() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "grantId",
        "One of the awards of this line refuses to pay beside other public money.",
        "En af linjens bevillinger kan ikke kombineres med andre offentlige midler.",
    )
}

fn other_currency(award: Money, line: Money) -> Refusal {
    let (award, line) = (award.currency.code(), line.currency.code());
    Refusal::new(
        RefusalCode::CurrencyMismatch,
        "grantId",
        format!("The award is in {award} and the line in {line}; amounts are not converted."),
        format!("Bevillingen er i {award} og linjen i {line}; beløb omregnes ikke."),
    )
}

fn more_than_the_line() -> Refusal {
    Refusal::new(
        RefusalCode::ExceedsInvoice,
        "shares",
        "The funders together would pay more than the line; say how much each of them pays.",
        "Tilskudsgiverne ville tilsammen betale mere end linjen; angiv, hvor meget hver betaler.",
    )
}

fn too_large() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "amount",
        "The amount is too large.",
        "Beløbet er for stort.",
    )
}

#[cfg(test)]
mod tests;
