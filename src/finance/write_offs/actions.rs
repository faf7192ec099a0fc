//! What is done with write-offs: a claim is given up, or proposed to be, approved by somebody else, or
//! the proposal discarded; and a claim that was given up stands again.
//!
//! Rows are locked in the order of everybody: the invoice, the write-off, the sums, the books.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::invoices::{self, Invoice, Shifts};
use crate::finance::ledger::{self, postings};
use crate::finance::sellers;
use crate::finance::write_offs::model::{NewWriteOff, WriteOff, WriteOffStatus};
use crate::finance::write_offs::{rules, store};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{Id, WriteOffId};
use crate::kernel::money::Currency;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// Writes off what is open on an invoice, or a part of it: at once, or as a proposal when it is more
/// than one person writes off alone.
///
/// # Errors
/// `NotFound`, `Stale`; refused with all problems of the input.
pub fn write_off(tx: &mut Tx<'_>, new: &NewWriteOff) -> Result<WriteOffId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let invoice = invoices::lock(tx, new.invoice)?;
    expect_version(Some(new.version), invoice.version)?;
    let mut problems = Vec::new();
    let amount = rules::amount(&invoice, currency_of(&invoice)?, new.amount.as_deref())
        .map_err(|problem| problems.push(problem))
        .ok();
    let reason = text::paragraph("reason", &new.reason)
        .map_err(|problem| problems.push(problem))
        .ok();
    let (Some(amount_minor), Some(reason)) = (amount, reason) else {
        return Err(Error::Refused(problems));
    };
    let entry = WriteOff {
        id: tx.new_id(),
        invoice_id: invoice.id,
        city_id: invoice.city_id,
        reverses_id: None,
        status: WriteOffStatus::Proposed,
        kind: new.kind,
        currency: invoice.currency.clone(),
        amount_minor,
        reason,
        found_status: None,
        written_on: None,
        approved_by: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    };
    let earlier = store::of_invoices(tx.db, &[invoice.id])?
        .remove(&invoice.id)
        .unwrap_or_default();
    store::insert(tx, &entry)?;

    let limit = sellers::four_eyes_limit(&sellers::get(tx.db, invoice.seller_id)?)?;
    if rules::needs_second_person(limit, &earlier, amount_minor, &entry.currency) {
        audit::record(
            tx,
            "writeOff.proposed",
            entry.id,
            Some(entry.city_id),
            json!({ "invoice": invoice.number, "amountMinor": amount_minor, "currency": entry.currency, "kind": entry.kind }),
        )?;
        return Ok(entry.id);
    }
    give_up(tx, &invoice, &entry)
}

/// Lets a proposal of somebody else count.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is written off, to the one who proposed it, and when the
/// invoice has not so much open by now.
pub fn approve(tx: &mut Tx<'_>, id: WriteOffId, version: i32) -> Result<WriteOffId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let invoice = store::get(tx.db, id)?.invoice_id;
    let invoice = invoices::lock(tx, invoice)?;
    let entry = locked_proposal(tx, id, version)?;
    let mut problems = Vec::new();
    if entry.created_by == tx.viewer.user_id() {
        problems.push(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "writeOffId",
            "You proposed this write-off; somebody else has to approve it.",
            "Du har foreslået denne afskrivning; en anden skal godkende den.",
        ));
    }
    if entry.amount_minor > invoice.open_minor() {
        let open = invoice.open_minor();
        problems.push(rules::too_much("writeOffId", open, currency_of(&invoice)?));
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }
    give_up(tx, &invoice, &entry)
}

/// Discards a proposal.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is written off.
pub fn discard(tx: &mut Tx<'_>, id: WriteOffId, version: i32) -> Result<WriteOffId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let entry = locked_proposal(tx, id, version)?;
    store::remove(tx, id)?;

    audit::record(
        tx,
        "writeOff.discarded",
        id,
        Some(entry.city_id),
        json!({ "amountMinor": entry.amount_minor, "currency": entry.currency, "kind": entry.kind }),
    )?;
    Ok(id)
}

/// Takes a write-off back, because the money comes after all: the claim stands again.
///
/// # Errors
/// `NotFound`, `Stale`; refused without a reason, for a proposal, for an entry that takes one back, and
/// for what is taken back already.
pub fn reverse(tx: &mut Tx<'_>, id: WriteOffId, version: i32, reason: &str) -> Result<WriteOffId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let invoice = store::get(tx.db, id)?.invoice_id;
    let invoice = invoices::lock(tx, invoice)?;
    let entry = store::lock(tx, id)?;
    expect_version(Some(version), entry.version)?;
    let mut problems = Vec::new();
    let counts = entry.status == WriteOffStatus::WrittenOff && entry.amount_minor > 0;
    if !counts || store::is_reversed(tx.db, id)? {
        problems.push(Refusal::new(
            RefusalCode::NotInState,
            "writeOffId",
            "Only a write-off that counts is taken back, and once.",
            "Kun en afskrivning, der gælder, tages tilbage, og kun én gang.",
        ));
    }
    let reason = text::paragraph("reason", reason)
        .map_err(|problem| problems.push(problem))
        .ok();
    let Some(reason) = reason.filter(|_| problems.is_empty()) else {
        return Err(Error::Refused(problems));
    };
    let back = WriteOff {
        id: tx.new_id(),
        reverses_id: Some(entry.id),
        amount_minor: entry.amount_minor.saturating_neg(),
        reason,
        written_on: Some(tx.today()),
        approved_by: tx.viewer.user_id(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
        ..entry.clone()
    };
    store::insert(tx, &back)?;
    let mut shifts = Shifts::default();
    invoices::write_off(
        tx,
        &invoice,
        back.amount_minor,
        entry.found_status,
        &mut shifts,
    )?;

    audit::record(
        tx,
        "writeOff.reversed",
        back.id,
        Some(back.city_id),
        json!({ "invoice": invoice.number, "amountMinor": entry.amount_minor, "currency": back.currency }),
    )?;
    shifts.apply(tx)?;
    let posting = postings::write_off_reversed(
        &invoices::claim(&invoice),
        back.id.uuid(),
        tx.today(),
        (back.kind.account(), entry.amount_minor),
    );
    ledger::post(tx, posting)?;
    Ok(back.id)
}

/// Counts a write-off to its invoice. Both rows are locked.
fn give_up(tx: &mut Tx<'_>, invoice: &Invoice, entry: &WriteOff) -> Result<WriteOffId> {
    let today = tx.today();
    let written = WriteOff {
        status: WriteOffStatus::WrittenOff,
        found_status: Some(invoice.status),
        written_on: Some(today),
        approved_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: entry.version.saturating_add(1),
        ..entry.clone()
    };
    store::update(tx, &written)?;
    let mut shifts = Shifts::default();
    invoices::write_off(tx, invoice, written.amount_minor, None, &mut shifts)?;

    audit::record(
        tx,
        "writeOff.written",
        written.id,
        Some(written.city_id),
        json!({ "invoice": invoice.number, "amountMinor": written.amount_minor, "currency": written.currency, "kind": written.kind }),
    )?;
    shifts.apply(tx)?;
    let posting = postings::claim_written_off(
        &invoices::claim(invoice),
        written.id.uuid(),
        today,
        (written.kind.account(), written.amount_minor),
    );
    ledger::post(tx, posting)?;
    Ok(written.id)
}

fn locked_proposal(tx: &mut Tx<'_>, id: WriteOffId, version: i32) -> Result<WriteOff> {
    let entry = store::lock(tx, id)?;
    expect_version(Some(version), entry.version)?;
    if entry.status != WriteOffStatus::Proposed {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "writeOffId",
            "The claim is written off; take the write-off back instead.",
            "Kravet er afskrevet; tag i stedet afskrivningen tilbage.",
        )));
    }
    Ok(entry)
}

fn currency_of(invoice: &Invoice) -> Result<Currency> {
    Currency::parse(&invoice.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("an invoice's currency")))
}
