//! What grants pay of an invoice: the funders are invoiced for their shares, or the invoice names them.
//! What it is not: the division (`dividing`), or its taking back (`recalling`).
//!
//! Rows are locked in the order of everybody: the city, the grants, payments and the invoice, the
//! counters, the sums, the books. Whatever uses an award locks its city first.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::credit_notes::{self, AskedLine, CreditReason, NewCredit};
use crate::finance::funders;
use crate::finance::grants::dividing::{Paying, Seen, divide};
use crate::finance::grants::model::{Funding, FundingGrant, GrantStep, PaidTo};
use crate::finance::grants::preparing::{check_invoice, locked, paying, pays_the_city, seen};
use crate::finance::grants::said::NewFunding;
use crate::finance::grants::{rules, store, words};
use crate::finance::invoices::{self, Invoice, InvoiceLine, InvoiceStatus, Shifts};
use crate::finance::{payments, sellers};
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{InvoiceId, UserId};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities::{self, City};

/// Lets grants pay of a city's invoice. Of a draft, a funder that pays us gets a draft of its own and the
/// city's charges the rest; of an issued invoice, the share is credited and invoiced to the funder at
/// once. A funder that pays on the city's invoice is named there.
///
/// # Errors
/// `NotFound`, `Stale`; refused with what an award does not pay for, and when a second person is needed.
pub fn fund_invoice(tx: &mut Tx<'_>, new: &NewFunding) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let city = invoices::get(tx.db, new.invoice)?.city_id;
    let city = cities::lock(tx, city)?;
    let promised = locked(tx, new, &city)?;
    let invoice = payments::lock_with_invoice(tx, new.invoice, Some(new.version))?;
    check_invoice(&invoice).map_err(Error::refused)?;
    let currency = currency_of(&invoice)?;
    let lines = invoices::lines_of_many(tx.db, &[invoice.id])?
        .remove(&invoice.id)
        .unwrap_or_default();
    let earlier = store::fundings_of_invoices(tx.db, &[invoice.id])?
        .remove(&invoice.id)
        .unwrap_or_default();
    let paying = paying(&promised, &lines, &earlier, new, currency)?;
    let seen = seen(tx, &lines, &earlier, currency)?;
    let paid = divide(&seen, &paying).map_err(Error::refused)?;

    let mut work = Work {
        city,
        invoice,
        lines,
    };
    let mut shifts = Shifts::default();
    for (((grant, award), funder), paid) in promised.iter().zip(&paying).zip(&paid) {
        let parts = parts(&work.lines, &seen, funder, paid)?;
        let total = parts
            .iter()
            .fold(0_i64, |sum, part| sum.saturating_add(part.counted_minor));
        if work.invoice.status != InvoiceStatus::Draft {
            second_person(tx, &work.invoice, award.awarded_by, total)?;
        }
        match award.paid_to {
            PaidTo::OwnInvoice => invoice_funder(tx, &mut work, grant, &parts, &mut shifts)?,
            PaidTo::CityInvoice => name_funder(tx, &mut work, grant, &parts, &mut shifts)?,
            PaidTo::City => return Err(Error::refused(pays_the_city())),
        }
        store::use_award(tx, grant.id, total)?;
        let status = rules::after(grant.status, GrantStep::Fund).map_err(Error::refused)?;
        let grant = FundingGrant {
            status,
            updated_at: tx.now,
            version: grant.version.saturating_add(1),
            ..grant.clone()
        };
        store::update(tx, &grant)?;

        audit::record(
            tx,
            "grant.funded",
            grant.id,
            Some(grant.city_id),
            json!({ "invoice": work.invoice.number, "invoiceId": work.invoice.id, "amountMinor": total, "currency": work.invoice.currency }),
        )?;
    }
    shifts.apply(tx)?;
    Ok(work.invoice.id)
}

/// The invoice that is divided, as it is so far.
struct Work {
    city: City,
    invoice: Invoice,
    lines: Vec<InvoiceLine>,
}

/// What a funder pays of a line.
struct Part {
    line: InvoiceLine,
    whole: Money,
    net_minor: i64,
    counted_minor: i64,
}

fn parts(
    lines: &[InvoiceLine],
    seen: &[Option<Seen>],
    funder: &Paying,
    paid: &[i64],
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for ((line, seen), net_minor) in lines.iter().zip(seen).zip(paid) {
        let (Some(seen), true) = (seen, *net_minor > 0) else {
            continue;
        };
        let rate = seen.line.vat_rate_bp;
        parts.push(Part {
            line: line.clone(),
            whole: seen.line.net,
            net_minor: *net_minor,
            counted_minor: rules::counted(&funder.terms, rate, *net_minor)
                .map_err(Error::refused)?,
        });
    }
    Ok(parts)
}

/// Gives the funder an invoice of its own: a draft beside the city's draft; of an issued invoice the share
/// is credited, and the funder's is issued today.
fn invoice_funder(
    tx: &mut Tx<'_>,
    work: &mut Work,
    grant: &FundingGrant,
    parts: &[Part],
    shifts: &mut Shifts,
) -> Result<()> {
    let funder = funders::get(tx.db, grant.funder_id)?;
    let currency = currency_of(&work.invoice)?;
    let shares: Vec<InvoiceLine> = parts
        .iter()
        .map(|part| {
            let paid = Money::new(part.net_minor, currency);
            let (description, formula) =
                words::of_funder(&part.line, part.whole, paid, &work.city.name, &grant.title);
            InvoiceLine {
                description_en: description.en,
                description_da: description.da,
                formula_en: formula.en,
                formula_da: formula.da,
                net_minor: part.net_minor,
                ..part.line.clone()
            }
        })
        .collect();
    let is_draft = work.invoice.status == InvoiceStatus::Draft;
    if is_draft {
        for (line, part) in of_parts(&mut work.lines, parts) {
            let words = words::of_city(Money::new(part.net_minor, currency), &funder.name, false);
            line.net_minor = line.net_minor.saturating_sub(part.net_minor);
            line.unit_minor = line.net_minor;
            line.formula_en.push_str(&words.en);
            line.formula_da.push_str(&words.da);
        }
        work.invoice = invoices::rewrite(tx, &work.invoice, &work.lines, shifts)?;
    } else {
        let credited = credit_of(&work.invoice, grant, &funder.name, parts, currency);
        credit_notes::take_back_approved(tx, &credited)?;
        work.invoice = invoices::get(tx.db, work.invoice.id)?;
    }
    let (draft, rows) = invoices::draft_share(tx, &work.invoice, Some(grant.id), &shares, shifts)?;
    let entries = entries(tx, work, grant, parts, Some((&draft, &rows)));
    store::insert_fundings(tx, &entries)?;
    if !is_draft {
        std::mem::take(shifts).apply(tx)?;
        invoices::issue(tx, draft.id, None)?;
    }
    Ok(())
}

/// Names on the city's draft what the funder pays of it; what is issued stays as it is.
fn name_funder(
    tx: &mut Tx<'_>,
    work: &mut Work,
    grant: &FundingGrant,
    parts: &[Part],
    shifts: &mut Shifts,
) -> Result<()> {
    if work.invoice.status == InvoiceStatus::Draft {
        let funder = funders::get(tx.db, grant.funder_id)?;
        let currency = currency_of(&work.invoice)?;
        for (line, part) in of_parts(&mut work.lines, parts) {
            let paid = Money::new(part.counted_minor, currency);
            let words = words::of_city(paid, &funder.name, true);
            line.formula_en.push_str(&words.en);
            line.formula_da.push_str(&words.da);
        }
        work.invoice = invoices::rewrite(tx, &work.invoice, &work.lines, shifts)?;
    }
    let entries = entries(tx, work, grant, parts, None);
    store::insert_fundings(tx, &entries)
}

fn of_parts<'a>(
    lines: &'a mut [InvoiceLine],
    parts: &'a [Part],
) -> impl Iterator<Item = (&'a mut InvoiceLine, &'a Part)> {
    lines.iter_mut().filter_map(|line| {
        let part = parts.iter().find(|part| part.line.id == line.id)?;
        Some((line, part))
    })
}

fn credit_of(
    invoice: &Invoice,
    grant: &FundingGrant,
    funder: &str,
    parts: &[Part],
    currency: Currency,
) -> NewCredit {
    let lines = parts.iter().map(|part| AskedLine {
        line: part.line.id,
        amount: Money::new(part.net_minor, currency).amount(),
    });
    NewCredit {
        invoice: invoice.id,
        version: invoice.version,
        lines: Some(lines.collect()),
        reason_code: CreditReason::Funding,
        reason: format!("{funder}: {}", grant.title),
    }
}

fn entries(
    tx: &Tx<'_>,
    work: &Work,
    grant: &FundingGrant,
    parts: &[Part],
    share: Option<(&Invoice, &[InvoiceLine])>,
) -> Vec<Funding> {
    let entry = |(place, part): (usize, &Part)| Funding {
        id: tx.new_id(),
        grant_id: grant.id,
        invoice_id: work.invoice.id,
        invoice_line_id: part.line.id,
        share_invoice_id: share.map(|(draft, _)| draft.id),
        share_line_id: share.and_then(|(_, rows)| rows.get(place).map(|row| row.id)),
        counters_id: None,
        net_minor: part.net_minor,
        amount_minor: part.counted_minor,
        funded_on: tx.today(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    parts.iter().enumerate().map(entry).collect()
}

/// What is issued is changed above the limit only by somebody else than who recorded the award: one
/// person alone could else invent a funder.
pub(super) fn second_person(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    awarded_by: Option<UserId>,
    minor: i64,
) -> Result<()> {
    let limit = sellers::four_eyes_limit(&sellers::get(tx.db, invoice.seller_id)?)?;
    let above = invoice.currency != limit.currency.code() || minor > limit.minor;
    if above && awarded_by == tx.viewer.user_id() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "",
            "You recorded the award; somebody else has to move this much of what is issued.",
            "Du har registreret bevillingen; en anden skal flytte så meget af det udstedte.",
        )));
    }
    Ok(())
}

pub(super) fn currency_of(invoice: &Invoice) -> Result<Currency> {
    Currency::parse(&invoice.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("an invoice's currency")))
}
