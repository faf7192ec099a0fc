//! What is done with refunds: money is paid back, or proposed to be, approved by somebody else, or the
//! proposal discarded. What it is not: the transfer itself; finance makes it in the bank.
//!
//! Rows are locked in the order of everybody: the payment, the refund, the books.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::ledger;
use crate::finance::payments::{self, Payment};
use crate::finance::refunds::model::{NewRefund, Refund, RefundStatus};
use crate::finance::refunds::{rules, store};
use crate::finance::sellers;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::RefundId;
use crate::kernel::money::Currency;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// Pays back what is left of a payment, or a part of it: at once, or as a proposal when it is more than
/// one person pays back alone.
///
/// # Errors
/// `NotFound`, `Stale`; refused with all problems of the input.
pub fn refund(tx: &mut Tx<'_>, new: &NewRefund) -> Result<RefundId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let payment = payments::lock(tx, new.payment)?;
    expect_version(Some(new.version), payment.version)?;
    let refund = proposed(tx, &payment, new)?;
    let on = rules::day(&payment, new.paid_on, tx.today()).map_err(Error::refused)?;
    let earlier = store::of_payments(tx.db, &[payment.id])?
        .remove(&payment.id)
        .unwrap_or_default();
    store::insert(tx, &refund)?;

    let limit = sellers::four_eyes_limit(&sellers::the_seller(tx.db)?)?;
    if rules::needs_second_person(limit, &earlier, refund.amount_minor, &refund.currency) {
        audit::record(
            tx,
            "refund.proposed",
            refund.id,
            Some(refund.city_id),
            json!({ "amountMinor": refund.amount_minor, "currency": refund.currency }),
        )?;
        return Ok(refund.id);
    }
    pay(tx, &payment, &refund, on)
}

/// Lets a proposal of somebody else be paid.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is paid, to the one who proposed it, for a day that cannot be,
/// and when the payment has not so much left by now.
pub fn approve(
    tx: &mut Tx<'_>,
    id: RefundId,
    version: i32,
    paid_on: Option<NaiveDate>,
) -> Result<RefundId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let payment = store::get(tx.db, id)?.payment_id;
    let payment = payments::lock(tx, payment)?;
    let refund = locked_proposal(tx, id, version)?;
    let mut problems = Vec::new();
    if refund.created_by == tx.viewer.user_id() {
        problems.push(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "refundId",
            "You proposed this refund; somebody else has to approve it.",
            "Du har foreslået denne tilbagebetaling; en anden skal godkende den.",
        ));
    }
    if refund.amount_minor > payment.unallocated_minor() {
        let left = payment.unallocated_minor();
        problems.push(rules::too_much("refundId", left, currency_of(&payment)?));
    }
    let on = rules::day(&payment, paid_on, tx.today())
        .map_err(|problem| problems.push(problem))
        .ok();
    let Some(on) = on.filter(|_| problems.is_empty()) else {
        return Err(Error::Refused(problems));
    };
    pay(tx, &payment, &refund, on)
}

/// Discards a proposal.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is paid.
pub fn discard(tx: &mut Tx<'_>, id: RefundId, version: i32) -> Result<RefundId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let refund = locked_proposal(tx, id, version)?;
    store::remove(tx, id)?;

    audit::record(
        tx,
        "refund.discarded",
        id,
        Some(refund.city_id),
        json!({ "amountMinor": refund.amount_minor, "currency": refund.currency }),
    )?;
    Ok(id)
}

/// Takes the money from the payment. Both rows are locked.
fn pay(tx: &mut Tx<'_>, payment: &Payment, refund: &Refund, on: NaiveDate) -> Result<RefundId> {
    let paid = Refund {
        status: RefundStatus::Paid,
        paid_on: Some(on),
        approved_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: refund.version.saturating_add(1),
        ..refund.clone()
    };
    store::update(tx, &paid)?;
    payments::give_back(tx, payment, paid.amount_minor)?;

    audit::record(
        tx,
        "refund.paid",
        paid.id,
        Some(paid.city_id),
        json!({ "amountMinor": paid.amount_minor, "currency": paid.currency, "paidOn": on }),
    )?;
    ledger::post(
        tx,
        payments::refunded(payment, paid.id, on, paid.amount_minor),
    )?;
    Ok(paid.id)
}

fn locked_proposal(tx: &mut Tx<'_>, id: RefundId, version: i32) -> Result<Refund> {
    let refund = store::lock(tx, id)?;
    expect_version(Some(version), refund.version)?;
    if refund.status == RefundStatus::Paid {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "refundId",
            "The refund is paid; what is paid cannot be changed.",
            "Tilbagebetalingen er betalt; det betalte kan ikke ændres.",
        )));
    }
    Ok(refund)
}

fn proposed(tx: &Tx<'_>, payment: &Payment, new: &NewRefund) -> Result<Refund> {
    let mut problems = Vec::new();
    let amount = rules::amount(payment, currency_of(payment)?, new.amount.as_deref())
        .map_err(|problem| problems.push(problem))
        .ok();
    let account = text::line("account", &new.account)
        .map_err(|problem| problems.push(problem))
        .ok();
    let reference = text::optional_line("reference", new.reference.as_deref())
        .map_err(|problem| problems.push(problem))
        .ok();
    let reason = text::paragraph("reason", &new.reason)
        .map_err(|problem| problems.push(problem))
        .ok();
    let (Some(amount_minor), Some(account), Some(reference), Some(reason)) =
        (amount, account, reference, reason)
    else {
        return Err(Error::Refused(problems));
    };
    Ok(Refund {
        id: tx.new_id(),
        payment_id: payment.id,
        city_id: payment.city_id,
        status: RefundStatus::Proposed,
        currency: payment.currency.clone(),
        amount_minor,
        account,
        reference,
        reason,
        paid_on: None,
        approved_by: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    })
}

fn currency_of(payment: &Payment) -> Result<Currency> {
    Currency::parse(&payment.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("a payment's currency")))
}
