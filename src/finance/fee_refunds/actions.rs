//! Finding what is to be given back of fees, and giving it back. What it is not: the crediting; that is
//! done by `credit_notes`, with its locks and its four eyes.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::db::{Db, Tx};
use crate::finance::credit_notes::{self, AskedLine, CreditReason, NewCredit};
use crate::finance::fee_refunds::model::{DueRefund, FeeRefund, RefundPart, RefundReason};
use crate::finance::fee_refunds::{rules, store};
use crate::finance::fees::{LastYear, Price};
use crate::finance::invoices::{self, Charged, FeeTariff, Invoice, InvoiceLine};
use crate::finance::products::PriceVersion;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, CreditNoteId, InvoiceId, MembershipId};
use crate::kernel::money::Money;
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities;
use crate::registry::memberships::{self, Membership};

/// What cities that left are to get back by the seller's policy, the oldest invoice first. Nothing under
/// a policy that gives nothing back.
///
/// # Errors
/// What the database says.
pub fn due(db: &mut Db) -> Result<Vec<DueRefund>> {
    let tariff = invoices::fee_tariff(db)?;
    if tariff.policy.last_year == LastYear::NoRefund {
        return Ok(Vec::new());
    }
    let listed = store::charged_past_the_end(db)?;
    due_of(db, &tariff, &listed)
}

fn due_of(db: &mut Db, tariff: &FeeTariff, listed: &[Invoice]) -> Result<Vec<DueRefund>> {
    let ids: Vec<InvoiceId> = listed.iter().map(|invoice| invoice.id).collect();
    let mut cities: Vec<CityId> = listed.iter().map(|invoice| invoice.city_id).collect();
    cities.sort_unstable();
    cities.dedup();
    let of_memberships: Vec<MembershipId> = listed
        .iter()
        .filter_map(|invoice| invoice.membership_id)
        .collect();
    let lines = invoices::lines_of_many(db, &ids)?;
    let charged = invoices::charged_of_cities(db, &cities)?;
    let members: HashMap<MembershipId, Membership> = memberships::find_many(db, &of_memberships)?
        .into_iter()
        .map(|member| (member.id, member))
        .collect();

    let mut due = Vec::new();
    for invoice in listed {
        let member = invoice.membership_id.and_then(|id| members.get(&id));
        let Some((member, left_on)) = member.and_then(|one| Some((one, one.ends_on?))) else {
            continue;
        };
        let unused = Period::since(left_on);
        let lines = lines.get(&invoice.id).map_or(&[][..], Vec::as_slice);
        let parts = parts(tariff, member, invoice, lines, &charged, unused)?;
        if !parts.is_empty() {
            due.push(DueRefund {
                invoice: invoice.clone(),
                left_on,
                parts,
            });
        }
    }
    Ok(due)
}

/// What is given back of an invoice for days that are not used.
fn parts(
    tariff: &FeeTariff,
    member: &Membership,
    invoice: &Invoice,
    lines: &[InvoiceLine],
    charged: &[Charged],
    unused: Period,
) -> Result<Vec<RefundPart>> {
    let Some(joined_on) = member.starts_on else {
        return Ok(Vec::new());
    };
    let mut parts = Vec::new();
    for one in charged.iter().filter(|one| one.invoice == invoice.id) {
        let Some(days) = one.days.intersect(&unused) else {
            continue;
        };
        let Some(line) = lines.iter().find(|line| line.id == one.line) else {
            continue;
        };
        let price = price_of(tariff, line)?;
        let (policy, year) = (&tariff.policy, invoice.fee_year);
        parts.extend(
            rules::part(policy, joined_on, year, line, price, days).map_err(Error::refused)?,
        );
    }
    Ok(parts)
}

/// The price that a line was charged by.
fn price_of(tariff: &FeeTariff, line: &InvoiceLine) -> Result<Price> {
    let known = |price: &&PriceVersion| Some(price.id) == line.price_id;
    let price = tariff
        .prices
        .iter()
        .find(known)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a fee without a price")))?;
    let amount = Money::new(price.amount_minor, tariff.currency);
    Ok(Price {
        valid_from: price.valid_from,
        amount,
    })
}

/// Gives a city that left back what is due to it of an invoice, by a credit note: at once, or as a
/// proposal when it is more than one person credits alone.
///
/// # Errors
/// `NotFound`, `Stale`; refused when nothing is due, or when it is proposed already.
pub fn refund(tx: &mut Tx<'_>, id: InvoiceId, version: i32) -> Result<CreditNoteId> {
    tx.viewer.permit(Permission::Invoice)?;

    let city = invoices::get(tx.db, id)?.city_id;
    cities::lock(tx, city)?;
    let invoice = invoices::get(tx.db, id)?;
    let tariff = invoices::fee_tariff(tx.db)?;
    let due = if tariff.policy.last_year == LastYear::NoRefund {
        None
    } else {
        due_of(tx.db, &tariff, &[invoice])?.into_iter().next()
    };
    let due = due.filter(|due| due.invoice.number.is_some());
    let due = due.ok_or_else(|| Error::refused(nothing_due()))?;
    let reason = format!(
        "The city left; its membership ended before {}.",
        due.left_on
    );
    let words = (RefundReason::Left, CreditReason::Withdrawal, reason);
    credit(tx, &due.invoice, version, words, &due.parts)
}

/// Gives back what fees of a city charge for the days of a package that is to pay for them: one credit
/// note for each invoice. The city is locked; it asks for no permission, since whoever enrols the city
/// has it.
///
/// # Errors
/// Refused when a credit needs a second person; the package then waits for it.
pub fn give_back(
    tx: &mut Tx<'_>,
    city: CityId,
    package: Period,
    starts_on: NaiveDate,
) -> Result<Vec<CreditNoteId>> {
    let tariff = invoices::fee_tariff(tx.db)?;
    let charged = invoices::charged_of_cities(tx.db, &[city])?;
    let mut ids: Vec<InvoiceId> = charged
        .iter()
        .filter(|one| one.number.is_some() && one.days.overlaps(&package))
        .map(|one| one.invoice)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let lines = invoices::lines_of_many(tx.db, &ids)?;
    let mut notes = Vec::with_capacity(ids.len());
    for id in ids {
        let invoice = invoices::get(tx.db, id)?;
        let membership = invoice
            .membership_id
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a fee of no membership")))?;
        let member = memberships::get(tx.db, membership)?;
        let lines = lines.get(&id).map_or(&[][..], Vec::as_slice);
        let parts = parts(&tariff, &member, &invoice, lines, &charged, package)?;
        if parts.is_empty() {
            continue;
        }
        let reason = format!("A package pays for the days from {starts_on}.");
        let words = (RefundReason::Package, CreditReason::Upgrade, reason);
        let note = credit(tx, &invoice, invoice.version, words, &parts)?;
        if credit_notes::get(tx.db, note)?.number.is_none() {
            return Err(Error::refused(second_person(&invoice)));
        }
        notes.push(note);
    }
    Ok(notes)
}

fn credit(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    version: i32,
    (reason, reason_code, words): (RefundReason, CreditReason, String),
    parts: &[RefundPart],
) -> Result<CreditNoteId> {
    if store::is_proposed(tx.db, invoice.id)? {
        return Err(Error::refused(proposed()));
    }
    let mut by_line: Vec<(_, Money)> = Vec::new();
    for part in parts {
        let credit = part.refund.credit;
        match by_line.iter_mut().find(|(line, _)| *line == part.line) {
            Some((_, sum)) => {
                *sum = sum
                    .checked_add(credit)
                    .map_err(|_| Error::Internal(anyhow::anyhow!("a refund that does not fit")))?;
            }
            None => by_line.push((part.line, credit)),
        }
    }
    let asked = by_line.into_iter().map(|(line, credit)| AskedLine {
        line,
        amount: credit.amount(),
    });
    let new = NewCredit {
        invoice: invoice.id,
        version,
        lines: Some(asked.collect()),
        reason_code,
        reason: words,
    };
    let note = credit_notes::take_back(tx, &new)?;
    let now = tx.now;
    let refund = |part: &RefundPart| {
        Some(FeeRefund {
            credit_note_id: note,
            invoice_line_id: part.line,
            reason,
            period_from: part.refund.period.from(),
            period_until: part.refund.period.until()?,
            net_minor: part.refund.credit.minor,
            formula_en: part.refund.formula.en.clone(),
            formula_da: part.refund.formula.da.clone(),
            created_at: now,
        })
    };
    let refunds: Vec<FeeRefund> = parts.iter().filter_map(refund).collect();
    store::insert(tx, &refunds)?;
    Ok(note)
}

fn nothing_due() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "Nothing of this invoice is to be given back: the city did not leave within the days it charges, they were given back, or the policy gives nothing back.",
        "Intet af fakturaen skal gives tilbage: byen er ikke udtrådt inden for de dage, den opkræver, de er givet tilbage, eller reglen giver intet tilbage.",
    )
}

fn proposed() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "A credit note that gives days of this invoice back waits for a second person; approve or discard it first.",
        "En kreditnota, der giver dage af fakturaen tilbage, venter på en anden person; godkend eller kassér den først.",
    )
}

fn second_person(invoice: &Invoice) -> Refusal {
    let number = invoice.number.clone().unwrap_or_default();
    Refusal::new(
        RefusalCode::SecondPersonNeeded,
        "cityId",
        format!(
            "What invoice {number} charges for the days of the package is more than one person credits alone; credit it with a second person first."
        ),
        format!(
            "Det, som faktura {number} opkræver for pakkens dage, er mere end én person krediterer alene; krediter det først sammen med en anden."
        ),
    )
}
