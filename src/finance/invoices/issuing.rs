//! Issuing a draft: it gets its number and is frozen. What it is not: what happens to it afterwards
//! (`settling`).

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::einvoices::{self, Facts};
use crate::finance::grants;
use crate::finance::invoices::content::{buyer_party, content_hash, seller_party};
use crate::finance::invoices::model::{
    Invoice, InvoiceKind, InvoiceLine, InvoiceParties, InvoiceStatus, Party,
};
use crate::finance::invoices::rules;
use crate::finance::invoices::totals::Shifts;
use crate::finance::invoices::{bookkeeping, coverage, fee_drafts, store, tax};
use crate::finance::periods;
use crate::finance::products::VatCategory;
use crate::finance::sellers::{self, Seller};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::InvoiceId;
use crate::kernel::json::Json;
use crate::kernel::period::check_date;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities;

/// Issues a draft on a day, today unless another one is given: it takes the next number of its
/// series and year, and seller, city and lines are frozen.
///
/// # Errors
/// `NotFound`; refused when it is issued already, when the day lies ahead or before the last
/// number's, when a package pays for its days by now, when the fee is not owed so any more, or when
/// it must be sent electronically and cannot be.
pub fn issue(tx: &mut Tx<'_>, id: InvoiceId, on: Option<NaiveDate>) -> Result<InvoiceId> {
    issue_read(tx, id, None, on)
}

/// As [`issue`], but only the draft of the version that the caller read.
///
/// # Errors
/// As [`issue`]; `Stale` when it is another one now.
pub fn issue_read(
    tx: &mut Tx<'_>,
    id: InvoiceId,
    version: Option<i32>,
    on: Option<NaiveDate>,
) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let city = store::get(tx.db, id)?.city_id;
    let city = cities::lock(tx, city)?;
    let draft = store::lock(tx, id)?;
    expect_version(version, draft.version)?;
    if draft.status != InvoiceStatus::Draft {
        return Err(Error::refused(already_issued(&draft)));
    }
    let issued_on = checked_day(on.unwrap_or(tx.today()), tx.today())?;
    periods::refuse_closed(tx, issued_on, "issuedOn")?;
    let lines = store::lines_of_many(tx.db, &[id])?
        .remove(&id)
        .unwrap_or_default();
    coverage::refuse_double_charge(tx, &draft, &lines)?;
    fee_drafts::refuse_outdated(tx, &draft, &lines)?;
    let categories: Vec<_> = lines.iter().map(|line| line.vat_category).collect();
    tax::check_tax(&categories)?;

    let seller = sellers::get(tx.db, draft.seller_id)?;
    let buyer = match draft.grant_id {
        Some(grant) => grants::payer(tx.db, grant)?.party,
        None => buyer_party(&city),
    };
    let sides = sides(&seller, buyer, &lines);
    refuse_undeliverable(&seller, &draft, &sides, &lines)?;

    let sequence = take_number(tx, rules::series(draft.kind), issued_on)?
        .ok_or_else(|| Error::refused(before_the_last(issued_on)))?;
    let (issued, parties) = frozen(tx, &seller, sides, &draft, &lines, (sequence, issued_on))?;
    store::update(tx, &issued)?;
    store::insert_parties(tx, &parties)?;
    let mut shifts = Shifts::default();
    shifts.note(Some(&draft), Some(&issued))?;

    audit::record(
        tx,
        "invoice.issued",
        id,
        Some(issued.city_id),
        json!({ "number": issued.number, "issuedOn": issued_on, "contentHash": issued.content_hash }),
    )?;
    shifts.apply(tx)?;
    bookkeeping::post_issue(tx, &issued, &lines, issued_on)?;
    Ok(id)
}

/// Seller and buyer as they are now.
pub(super) type Sides = (Party, Party);

/// Who invoices and who is invoiced by these lines.
pub(super) fn sides(seller: &Seller, buyer: Party, lines: &[InvoiceLine]) -> Sides {
    let outside_scope = lines.iter().any(|line| line.vat_category == VatCategory::O);
    (seller_party(seller, outside_scope), buyer)
}

/// Refuses a draft that has to reach its buyer electronically and cannot.
pub(super) fn refuse_undeliverable(
    seller: &Seller,
    draft: &Invoice,
    (selling, buying): &Sides,
    lines: &[InvoiceLine],
) -> Result<()> {
    let facts = Facts::of_invoice(draft, selling.clone(), buying.clone(), lines);
    einvoices::refuse_undeliverable(seller, &facts)
}

/// The invoice that a draft becomes with a number on a day, and both sides as they then are.
pub(super) fn frozen(
    tx: &Tx<'_>,
    seller: &Seller,
    (selling, buying): Sides,
    draft: &Invoice,
    lines: &[InvoiceLine],
    (sequence, issued_on): (i64, NaiveDate),
) -> Result<(Invoice, InvoiceParties)> {
    let due_on = issued_on
        .checked_add_signed(TimeDelta::days(i64::from(seller.payment_days)))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a day beyond the calendar")))?;
    let parties = InvoiceParties {
        invoice_id: draft.id,
        seller: Json::of(&selling)?,
        buyer: Json::of(&buying)?,
    };
    let frozen = Invoice {
        due_on: Some(due_on),
        ..numbered(draft, sequence, issued_on, tx)
    };
    let issued = Invoice {
        content_hash: Some(content_hash(&frozen, &parties, lines)),
        ..frozen
    };
    Ok((issued, parties))
}

/// Notes that an issued invoice was delivered to the city.
///
/// # Errors
/// `NotFound`; refused unless it is issued and nothing came of it yet.
pub fn mark_sent(tx: &mut Tx<'_>, id: InvoiceId) -> Result<()> {
    tx.viewer.permit(Permission::Invoice)?;

    let invoice = store::lock(tx, id)?;
    if invoice.status != InvoiceStatus::Issued {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "Only an issued invoice is noted as sent, before anything is paid on it.",
            "Kun en udstedt faktura noteres som sendt, før noget er betalt på den.",
        )));
    }
    let sent = Invoice {
        status: InvoiceStatus::Sent,
        updated_at: tx.now,
        version: invoice.version.saturating_add(1),
        ..invoice.clone()
    };
    store::update_settlement(tx, &sent)?;
    let mut shifts = Shifts::default();
    shifts.note(Some(&invoice), Some(&sent))?;

    audit::record(
        tx,
        "invoice.sent",
        id,
        Some(invoice.city_id),
        json!({ "number": invoice.number }),
    )?;
    shifts.apply(tx)
}

/// Whether invoices can be issued on a day: not after today, not in a closed period, and not before
/// the last number's.
///
/// # Errors
/// `OutOfRange` under `issuedOn`; what the database says.
pub fn check_issue_day(tx: &mut Tx<'_>, on: NaiveDate) -> Result<()> {
    let on = checked_day(on, tx.today())?;
    periods::refuse_closed(tx, on, "issuedOn")?;
    match store::last_issue(tx.db, rules::series(InvoiceKind::AnnualFee), on.year())? {
        Some(last) if last > on => Err(Error::refused(before_the_last(on))),
        _ => Ok(()),
    }
}

/// Takes the next number of a series in the year of a day; none when an earlier number of it has a
/// later date.
///
/// # Errors
/// What the database says.
pub fn take_number(
    tx: &mut Tx<'_>,
    series: &'static str,
    issued_on: NaiveDate,
) -> Result<Option<i64>> {
    store::next_numbers(tx, series, issued_on, 1)
}

fn numbered(draft: &Invoice, sequence: i64, issued_on: NaiveDate, tx: &Tx<'_>) -> Invoice {
    let year = issued_on.year();
    let series = rules::series(draft.kind);
    let status = rules::settled(InvoiceStatus::Issued, draft.total_minor, 0, 0, 0);
    Invoice {
        status,
        series: Some(series.to_owned()),
        year: Some(year),
        sequence: Some(sequence),
        number: Some(rules::number(series, year, sequence)),
        issued_on: Some(issued_on),
        settled_on: (status == InvoiceStatus::Paid).then_some(issued_on),
        updated_at: tx.now,
        version: draft.version.saturating_add(1),
        ..draft.clone()
    }
}

fn checked_day(on: NaiveDate, today: NaiveDate) -> Result<NaiveDate> {
    if on > today || check_date(on).is_err() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "issuedOn",
            format!("An invoice is issued on a day from 2000 on and not after today, {today}."),
            format!("En faktura udstedes på en dag fra år 2000 og ikke efter i dag, {today}."),
        )));
    }
    Ok(on)
}

pub(super) fn before_the_last(issued_on: NaiveDate) -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "issuedOn",
        format!(
            "An invoice with an earlier number has a later date than {issued_on}; choose that date or a later one."
        ),
        format!(
            "En faktura med et lavere nummer har en senere dato end {issued_on}; vælg den dato eller en senere."
        ),
    )
}

pub(super) fn already_issued(invoice: &Invoice) -> Refusal {
    let number = invoice.number.clone().unwrap_or_default();
    Refusal::new(
        RefusalCode::AlreadyIssued,
        "invoiceId",
        format!("The invoice is issued as {number}; what is issued cannot be changed."),
        format!("Fakturaen er udstedt som {number}; det udstedte kan ikke ændres."),
    )
}
