//! What payments mean in the books. What it is not: the books.

use chrono::NaiveDate;

use crate::finance::ledger::Posting;
use crate::finance::ledger::postings::{self, Money};
use crate::finance::payments::model::{Allocation, Payment};
use crate::kernel::ids::{Id, RefundId};

/// A payment with its first uses. A use that counts from a later day, that of its invoice, is posted
/// to that day.
pub(super) fn received(payment: &Payment, entries: &[Allocation]) -> Vec<Posting> {
    let (at_once, later): (Vec<_>, Vec<_>) = entries
        .iter()
        .partition(|entry| entry.allocated_on == payment.received_on);
    let used: Vec<_> = at_once
        .iter()
        .map(|entry| (entry.invoice_id, entry.amount_minor))
        .collect();
    let on = payment.received_on;
    let mut postings = vec![postings::payment_received(
        &money(payment),
        on,
        payment.amount_minor,
        &used,
    )];
    postings.extend(later.iter().map(|entry| allocated(payment, entry)));
    postings
}

/// A later use of a payment.
pub(super) fn allocated(payment: &Payment, entry: &Allocation) -> Posting {
    postings::payment_allocated(
        &money(payment),
        entry.id.uuid(),
        entry.allocated_on,
        (entry.invoice_id, entry.amount_minor),
    )
}

/// A use that is undone.
pub(super) fn released(payment: &Payment, entry: &Allocation) -> Posting {
    postings::allocation_released(
        &money(payment),
        entry.id.uuid(),
        entry.allocated_on,
        (entry.invoice_id, entry.amount_minor.saturating_neg()),
    )
}

/// A reversed payment with what it takes off invoices. What counts from a later day, that of the
/// invoice, is posted to that day, as the use was.
pub(super) fn reversed(payment: &Payment, on: NaiveDate, taken_off: &[Allocation]) -> Vec<Posting> {
    let (at_once, later): (Vec<_>, Vec<_>) =
        taken_off.iter().partition(|entry| entry.allocated_on == on);
    let used: Vec<_> = at_once
        .iter()
        .map(|entry| (entry.invoice_id, entry.amount_minor.saturating_neg()))
        .collect();
    let id = payment.id.uuid();
    let mut postings = vec![postings::payment_reversed(
        &money(payment),
        id,
        on,
        payment.amount_minor,
        &used,
    )];
    postings.extend(later.iter().map(|entry| released(payment, entry)));
    postings
}

/// A part of a payment that is paid back.
#[must_use]
pub fn refunded(payment: &Payment, refund: RefundId, on: NaiveDate, minor: i64) -> Posting {
    postings::payment_refunded(&money(payment), refund.uuid(), on, minor)
}

/// What every posting about a payment says of it.
pub(super) fn money(payment: &Payment) -> Money {
    Money {
        payment: payment.id.uuid(),
        city: payment.city_id,
        currency: payment.currency.clone(),
    }
}
