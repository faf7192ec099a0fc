//! What is done with credit notes: they are issued or proposed, approved by somebody else, or
//! discarded. What it is not: a change of anything that is issued.
//!
//! Rows are locked in the order of everybody: payments, the invoice, the credit note, the counter, the
//! sums.

use chrono::Datelike;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::credit_notes::content::content_hash;
use crate::finance::credit_notes::model::{
    CreditNote, CreditNoteLine, CreditNoteStatus, CreditedTax, NewCredit,
};
use crate::finance::credit_notes::rules::{self, SERIES, Share};
use crate::finance::credit_notes::store;
use crate::finance::invoices::{self, Credit, Invoice, InvoiceLine, Shifts};
use crate::finance::ledger::{self, postings};
use crate::finance::{payments, sellers};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CreditNoteId, Id, InvoiceId, InvoiceLineId};
use crate::kernel::json::Json;
use crate::kernel::money::Currency;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// Credits an issued invoice, or lines of it: at once, or as a proposal when it is more than one person
/// credits alone.
///
/// # Errors
/// `NotFound`, `Stale`; refused with all problems of the input.
pub fn credit(tx: &mut Tx<'_>, new: &NewCredit) -> Result<CreditNoteId> {
    tx.viewer.permit(Permission::Invoice)?;

    take_back(tx, new)
}

/// As [`credit`], but asks for no permission: the action that calls it has asked for its own.
///
/// # Errors
/// As [`credit`].
pub fn take_back(tx: &mut Tx<'_>, new: &NewCredit) -> Result<CreditNoteId> {
    take_back_as(tx, new, false)
}

/// As [`take_back`], and issues at once, however much it is: the action that calls it has made sure of a
/// second person.
///
/// # Errors
/// As [`credit`].
pub fn take_back_approved(tx: &mut Tx<'_>, new: &NewCredit) -> Result<CreditNoteId> {
    take_back_as(tx, new, true)
}

fn take_back_as(tx: &mut Tx<'_>, new: &NewCredit, is_approved: bool) -> Result<CreditNoteId> {
    let mut problems = Vec::new();
    let reason = text::paragraph("reason", &new.reason)
        .map_err(|problem| problems.push(problem))
        .ok();
    let invoice = payments::lock_with_invoice(tx, new.invoice, Some(new.version))?;
    rules::check_status(invoice.status).map_err(Error::refused)?;
    let currency = currency_of(&invoice)?;
    let lines = lines_of(tx, invoice.id)?;
    let shares = rules::shares(&lines, new.lines.as_deref(), currency)
        .map_err(|found| problems.extend(found))
        .ok();
    let (Some(reason), Some(shares)) = (reason, shares) else {
        return Err(Error::Refused(problems));
    };
    let earlier = issued_before(tx, invoice.id)?;
    let taxes = rules::taxes(&lines, &shares, &taxes_of(&earlier)?, currency)?;
    let note = proposed(tx, &invoice, new, reason, &taxes)?;
    let note_lines = note_lines(tx, note.id, &shares);
    store::insert(tx, &note, &note_lines)?;

    let seller = sellers::get(tx.db, invoice.seller_id)?;
    let limit = sellers::four_eyes_limit(&seller)?;
    if !is_approved && rules::needs_second_person(limit, &earlier, note.total_minor, &note.currency)
    {
        audit::record(
            tx,
            "creditNote.proposed",
            note.id,
            Some(note.city_id),
            json!({ "invoice": invoice.number, "totalMinor": note.total_minor, "currency": note.currency, "reasonCode": note.reason_code }),
        )?;
        return Ok(note.id);
    }
    issue(tx, &invoice, &note, &note_lines)
}

/// Issues a proposal of somebody else.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is issued, to the one who proposed it, and when the invoice has
/// not so much left by now.
pub fn approve(tx: &mut Tx<'_>, id: CreditNoteId, version: i32) -> Result<CreditNoteId> {
    tx.viewer.permit(Permission::Invoice)?;

    let invoice = store::get(tx.db, id)?.invoice_id;
    let invoice = payments::lock_with_invoice(tx, invoice, None)?;
    let note = locked_proposal(tx, id, version)?;
    if note.created_by == tx.viewer.user_id() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "creditNoteId",
            "You proposed this credit note; somebody else has to approve it.",
            "Du har foreslået denne kreditnota; en anden skal godkende den.",
        )));
    }
    let lines = store::lines_of_many(tx.db, &[id])?
        .remove(&id)
        .unwrap_or_default();
    refuse_outdated(tx, &invoice, &note, &lines)?;
    issue(tx, &invoice, &note, &lines)
}

/// Discards a proposal.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is issued.
pub fn discard(tx: &mut Tx<'_>, id: CreditNoteId, version: i32) -> Result<CreditNoteId> {
    tx.viewer.permit(Permission::Invoice)?;

    let note = locked_proposal(tx, id, version)?;
    store::remove(tx, id)?;

    audit::record(
        tx,
        "creditNote.discarded",
        id,
        Some(note.city_id),
        json!({ "totalMinor": note.total_minor, "currency": note.currency, "reasonCode": note.reason_code }),
    )?;
    Ok(id)
}

/// Gives a proposal its number, counts it to the invoice, and gives money back where the invoice has
/// more than its new total. All rows are locked.
fn issue(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    note: &CreditNote,
    lines: &[CreditNoteLine],
) -> Result<CreditNoteId> {
    let today = tx.today();
    let sequence =
        invoices::take_number(tx, SERIES, today)?.ok_or_else(|| Error::refused(too_early()))?;
    let numbered = CreditNote {
        status: CreditNoteStatus::Issued,
        series: Some(SERIES.to_owned()),
        year: Some(today.year()),
        sequence: Some(sequence),
        number: Some(invoices::rules::number(SERIES, today.year(), sequence)),
        issued_on: Some(today),
        issued_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: note.version.saturating_add(1),
        ..note.clone()
    };
    let issued = CreditNote {
        content_hash: Some(content_hash(&numbered, invoice.number.as_deref(), lines)),
        ..numbered
    };
    store::update(tx, &issued)?;

    let released_minor = rules::above_new_total(
        invoice.total_minor,
        invoice.credited_minor,
        invoice
            .allocated_minor
            .saturating_add(invoice.written_off_minor),
        issued.total_minor,
    );
    if released_minor > invoice.allocated_minor {
        return Err(Error::refused(written_off()));
    }
    payments::release(tx, invoice, issued.id, released_minor, today)?;
    let by_line: Vec<_> = lines
        .iter()
        .map(|line| (line.invoice_line_id, line.net_minor))
        .collect();
    let credit = Credit {
        lines: &by_line,
        total_minor: issued.total_minor,
        released_minor,
        issued_on: today,
    };
    let mut shifts = Shifts::default();
    let credited = invoices::credit(tx, invoice, credit, &mut shifts)?;

    audit::record(
        tx,
        "creditNote.issued",
        issued.id,
        Some(issued.city_id),
        json!({ "number": issued.number, "invoice": invoice.number, "invoiceStatus": credited.status, "totalMinor": issued.total_minor, "currency": issued.currency, "reasonCode": issued.reason_code, "releasedMinor": released_minor, "contentHash": issued.content_hash }),
    )?;
    shifts.apply(tx)?;
    post(tx, invoice, &issued, &by_line, released_minor)?;
    Ok(issued.id)
}

/// Posts a credit note.
fn post(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    note: &CreditNote,
    by_line: &[(InvoiceLineId, i64)],
    released_minor: i64,
) -> Result<()> {
    let lines = lines_of(tx, invoice.id)?;
    let taken_back = invoices::taken_back(tx, &lines, by_line)?;
    let posting = postings::credit_note_issued(
        &invoices::claim(invoice),
        (note.id.uuid(), note.number.clone()),
        tx.today(),
        (note.total_minor, note.vat_minor, released_minor),
        &taken_back,
    );
    ledger::post(tx, posting)
}

fn locked_proposal(tx: &mut Tx<'_>, id: CreditNoteId, version: i32) -> Result<CreditNote> {
    let note = store::lock(tx, id)?;
    expect_version(Some(version), note.version)?;
    match &note.number {
        None => Ok(note),
        Some(number) => Err(Error::refused(Refusal::new(
            RefusalCode::AlreadyIssued,
            "creditNoteId",
            format!("The credit note is issued as {number}; what is issued cannot be changed."),
            format!("Kreditnotaen er udstedt som {number}; det udstedte kan ikke ændres."),
        ))),
    }
}

/// Refuses a proposal whose lines have not so much left by now, or whose tax comes to something else.
fn refuse_outdated(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    note: &CreditNote,
    note_lines: &[CreditNoteLine],
) -> Result<()> {
    let lines = lines_of(tx, invoice.id)?;
    let mut shares = Vec::with_capacity(note_lines.len());
    for line in &lines {
        let asked = note_lines
            .iter()
            .find(|one| one.invoice_line_id == line.id)
            .map_or(0, |one| one.net_minor);
        if asked > line.net_minor.saturating_sub(line.credited_minor) {
            return Err(Error::refused(outdated(RefusalCode::ExceedsInvoice)));
        }
        if asked > 0 {
            let minor = asked;
            shares.push(Share { line, minor });
        }
    }
    let earlier = taxes_of(&issued_before(tx, invoice.id)?)?;
    let taxes = rules::taxes(&lines, &shares, &earlier, currency_of(invoice)?)?;
    if taxes == note.taxes.read::<Vec<CreditedTax>>()? {
        Ok(())
    } else {
        Err(Error::refused(outdated(RefusalCode::NotInState)))
    }
}

fn outdated(code: RefusalCode) -> Refusal {
    Refusal::new(
        code,
        "creditNoteId",
        "Other credit notes took a part of this back meanwhile; discard the proposal and make a new one.",
        "Andre kreditnotaer har imens taget en del af dette tilbage; kassér forslaget og lav et nyt.",
    )
}

fn too_early() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "",
        "A credit note with an earlier number has a later date than today.",
        "En kreditnota med et lavere nummer har en senere dato end i dag.",
    )
}

fn written_off() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "invoiceId",
        "More of the invoice is written off than would be left of it; take the write-off back first.",
        "Der er afskrevet mere af fakturaen, end der ville være tilbage; tag først afskrivningen tilbage.",
    )
}

fn currency_of(invoice: &Invoice) -> Result<Currency> {
    Currency::parse(&invoice.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("an invoice's currency")))
}

fn lines_of(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<Vec<InvoiceLine>> {
    let mut lines = invoices::lines_of_many(tx.db, &[invoice])?;
    Ok(lines.remove(&invoice).unwrap_or_default())
}

fn issued_before(tx: &mut Tx<'_>, invoice: InvoiceId) -> Result<Vec<CreditNote>> {
    let mut notes = store::of_invoices(tx.db, &[invoice])?
        .remove(&invoice)
        .unwrap_or_default();
    notes.retain(|note| note.status == CreditNoteStatus::Issued);
    Ok(notes)
}

fn taxes_of(notes: &[CreditNote]) -> Result<Vec<CreditedTax>> {
    let mut taxes = Vec::new();
    for note in notes {
        taxes.extend(note.taxes.read::<Vec<CreditedTax>>()?);
    }
    Ok(taxes)
}

/// The parties are those of the invoice: whoever got it gets the credit note.
fn proposed(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    new: &NewCredit,
    reason: String,
    taxes: &[CreditedTax],
) -> Result<CreditNote> {
    let parties = invoices::parties_of_many(tx.db, &[invoice.id])?
        .remove(&invoice.id)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("an issued invoice without parties")))?;
    let (net_minor, vat_minor) = rules::totals(taxes)?;
    let total_minor = net_minor
        .checked_add(vat_minor)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a credit that does not fit")))?;
    Ok(CreditNote {
        id: tx.new_id(),
        invoice_id: invoice.id,
        city_id: invoice.city_id,
        status: CreditNoteStatus::Proposed,
        reason_code: new.reason_code,
        reason,
        series: None,
        year: None,
        sequence: None,
        number: None,
        currency: invoice.currency.clone(),
        net_minor,
        vat_minor,
        total_minor,
        taxes: Json::of(&taxes)?,
        seller: parties.seller,
        buyer: parties.buyer,
        issued_on: None,
        issued_by: None,
        content_hash: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    })
}

fn note_lines(tx: &Tx<'_>, note: CreditNoteId, shares: &[Share<'_>]) -> Vec<CreditNoteLine> {
    let of_share = |(position, share): (i32, &Share<'_>)| CreditNoteLine {
        id: tx.new_id(),
        credit_note_id: note,
        invoice_line_id: share.line.id,
        position,
        product: share.line.product,
        description_en: share.line.description_en.clone(),
        description_da: share.line.description_da.clone(),
        net_minor: share.minor,
        vat_category: share.line.vat_category,
        vat_rate_bp: share.line.vat_rate_bp,
        exemption_reason: share.line.exemption_reason.clone(),
    };
    (1..).zip(shares).map(of_share).collect()
}
