//! Money is taken off invoices again: because the bank took a payment back, or because a use of it is
//! undone. What it is not: a credit note, which takes back what was owed; here it is owed again.
//!
//! Nothing is removed: each use that counts no more gets an entry below zero. Rows are locked in the
//! order of everybody: the payment, its invoices by id, the sums, the books.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::invoices::{self, Shifts};
use crate::finance::ledger::{self, Posting};
use crate::finance::payments::bookkeeping;
use crate::finance::payments::model::{
    Allocation, NewRelease, NewReversal, Payment, PaymentReversal, Used,
};
use crate::finance::payments::rules;
use crate::finance::payments::store;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{AllocationId, PaymentId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// Reverses a payment as a whole: the bank took it back, or it was recorded wrongly. What it settled is
/// owed again from that day, and nothing more is used of it.
///
/// # Errors
/// `NotFound`, `Stale`; refused with all problems of the input, and for a payment that is reversed or
/// of which a part was paid back.
pub fn reverse(tx: &mut Tx<'_>, new: &NewReversal) -> Result<PaymentId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let payment = store::lock(tx, new.payment)?;
    expect_version(Some(new.version), payment.version)?;
    let mut problems = rules::check_reversal(&payment, new.on, tx.today());
    let reason = text::paragraph("reason", &new.reason)
        .map_err(|problem| problems.push(problem))
        .ok();
    let Some(reason) = reason.filter(|_| problems.is_empty()) else {
        return Err(Error::Refused(problems));
    };
    let reversal = PaymentReversal {
        payment_id: payment.id,
        reversed_on: new.on,
        reason,
        reversed_by: tx.viewer.user_id(),
        created_at: tx.now,
    };
    store::insert_reversal(tx, &reversal)?;

    let mut shifts = Shifts::default();
    let mut entries = Vec::new();
    for used in store::uses_of(tx.db, payment.id)? {
        entries.push(taken_off(tx, &reversal, used, &mut shifts)?);
    }
    let reversed = Payment {
        allocated_minor: 0,
        returned_minor: payment.amount_minor,
        updated_at: tx.now,
        version: payment.version.saturating_add(1),
        ..payment
    };
    store::update_use(tx, &reversed)?;

    audit::record(
        tx,
        "payment.reversed",
        reversed.id,
        Some(reversed.city_id),
        json!({ "amountMinor": reversed.amount_minor, "currency": reversed.currency, "on": reversal.reversed_on, "takenOffMinor": payment.allocated_minor }),
    )?;
    shifts.apply(tx)?;
    ledger::post_all(tx, bookkeeping::reversed(&reversed, new.on, &entries))?;
    Ok(reversed.id)
}

/// Undoes one use of a payment, as if it had never been: the money is the payer's to use again, and the
/// invoice is open by as much. What a credit note gave back of it already stays given back.
///
/// # Errors
/// `NotFound`; refused without a reason, and for what is undone or given back already.
pub fn release_allocation(tx: &mut Tx<'_>, new: &NewRelease) -> Result<AllocationId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let undone = store::get_allocation(tx.db, new.allocation)?;
    let payment = store::lock(tx, undone.payment_id)?;
    let invoice = invoices::lock(tx, undone.invoice_id)?;
    let has = store::uses_of(tx.db, payment.id)?
        .iter()
        .find(|used| used.invoice == invoice.id)
        .map_or(0, |used| used.minor);
    let minor = undone.amount_minor.min(has);
    let mut problems = Vec::new();
    if minor <= 0 || store::is_released(tx.db, undone.id)? {
        problems.push(nothing_to_release());
    }
    let reason = text::paragraph("reason", &new.reason)
        .map_err(|problem| problems.push(problem))
        .ok();
    let Some(reason) = reason.filter(|_| problems.is_empty()) else {
        return Err(Error::Refused(problems));
    };
    let entry = Allocation {
        released_id: Some(undone.id),
        reason: Some(reason),
        ..entry_below_zero(
            tx,
            &undone_use(&undone, minor),
            payment.id,
            undone.allocated_on,
        )
    };
    store::insert_allocation(tx, &entry)?;
    let mut shifts = Shifts::default();
    invoices::settle(tx, &invoice, entry.amount_minor, &mut shifts)?;
    let payment = Payment {
        allocated_minor: less(payment.allocated_minor, minor)?,
        updated_at: tx.now,
        version: payment.version.saturating_add(1),
        ..payment
    };
    store::update_use(tx, &payment)?;

    audit::record(
        tx,
        "payment.allocationReleased",
        entry.id,
        Some(payment.city_id),
        json!({ "minor": minor, "currency": payment.currency, "invoice": invoice.number }),
    )?;
    shifts.apply(tx)?;
    let posting: Posting = bookkeeping::released(&payment, &entry);
    ledger::post(tx, posting)?;
    Ok(entry.id)
}

/// Counts what is paid back of a payment whose row is locked.
///
/// # Errors
/// What the database says, which refuses more than is left.
pub fn give_back(tx: &mut Tx<'_>, payment: &Payment, minor: i64) -> Result<()> {
    let returned_minor = payment
        .returned_minor
        .checked_add(minor)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("more given back than fits")))?;
    let payment = Payment {
        returned_minor,
        updated_at: tx.now,
        version: payment.version.saturating_add(1),
        ..payment.clone()
    };
    store::update_use(tx, &payment)
}

/// Takes what an invoice has of a reversed payment off it.
fn taken_off(
    tx: &mut Tx<'_>,
    reversal: &PaymentReversal,
    used: Used,
    shifts: &mut Shifts,
) -> Result<Allocation> {
    let invoice = invoices::lock(tx, used.invoice)?;
    // What is open on an invoice is below zero on no day.
    let on = reversal.reversed_on.max(used.last_on);
    let entry = Allocation {
        reversal_id: Some(reversal.payment_id),
        ..entry_below_zero(tx, &used, reversal.payment_id, on)
    };
    store::insert_allocation(tx, &entry)?;
    invoices::settle(tx, &invoice, entry.amount_minor, shifts)?;
    Ok(entry)
}

fn entry_below_zero(tx: &Tx<'_>, used: &Used, payment: PaymentId, on: NaiveDate) -> Allocation {
    Allocation {
        id: tx.new_id(),
        payment_id: payment,
        invoice_id: used.invoice,
        credit_note_id: None,
        reversal_id: None,
        released_id: None,
        amount_minor: used.minor.saturating_neg(),
        allocated_on: on,
        reason: None,
        found_status: None,
        allocated_by: tx.viewer.user_id(),
        created_at: tx.now,
    }
}

fn undone_use(undone: &Allocation, minor: i64) -> Used {
    Used {
        invoice: undone.invoice_id,
        minor,
        last_on: undone.allocated_on,
    }
}

fn less(minor: i64, by: i64) -> Result<i64> {
    minor
        .checked_sub(by)
        .filter(|left| *left >= 0)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("more taken back than was used")))
}

fn nothing_to_release() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "allocationId",
        "Nothing of this allocation is left on the invoice: it was undone, reversed or given back.",
        "Intet af denne fordeling er tilbage på fakturaen: den er fortrudt, tilbageført eller givet tilbage.",
    )
}
