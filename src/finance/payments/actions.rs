//! What is done with payments: they are recorded, and their parts allocated, or given back by a
//! credit note. What it is not: a change of any; entries are only ever added.
//!
//! Rows are locked in one order everywhere, the payment and then its invoices by id, so that two
//! allocations never wait for each other in a circle.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::invoices::{self, Invoice, Shifts};
use crate::finance::ledger;
use crate::finance::payments::bookkeeping;
use crate::finance::payments::model::{Allocation, NewAllocation, NewPayment, Payment, Share};
use crate::finance::payments::rules::{self, Asked};
use crate::finance::payments::store;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{AllocationId, CreditNoteId, InvoiceId};
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::cities;

/// Records money that came in, and uses it for the invoices that are named. What comes back is the
/// payment as it is stored.
///
/// # Errors
/// Refused with all problems of the input; nothing is recorded then.
pub fn record(tx: &mut Tx<'_>, new: &NewPayment) -> Result<Payment> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let new = rules::check_new(new, tx.today()).map_err(Error::Refused)?;
    if !cities::exists(tx.db, new.city)? {
        return Err(missing("cityId"));
    }
    let payment = received(tx, &new);
    store::insert(tx, &payment)?;

    let mut shifts = Shifts::default();
    let mut payment = payment;
    let mut problems: Vec<(usize, Vec<Refusal>)> = Vec::new();
    let mut uses = Vec::with_capacity(new.allocate_to.len());
    for (place, share) in in_order(&new) {
        match used_share(tx, &payment, &new, (place, share), &mut shifts) {
            Ok((entry, after)) => {
                payment = after;
                uses.push(entry);
            }
            // The others are looked at too, so that all problems are told at once.
            Err(Error::Refused(found)) => problems.push((place, found)),
            Err(other) => return Err(other),
        }
    }
    if !problems.is_empty() {
        problems.sort_by_key(|(place, _)| *place);
        return Err(Error::Refused(
            problems.into_iter().flat_map(|(_, found)| found).collect(),
        ));
    }
    if payment.allocated_minor > 0 {
        store::update_use(tx, &payment)?;
    }

    audit::record(
        tx,
        "payment.recorded",
        payment.id,
        Some(payment.city_id),
        json!({ "amount": new.amount.amount(), "currency": payment.currency, "receivedOn": payment.received_on, "allocatedMinor": payment.allocated_minor }),
    )?;
    shifts.apply(tx)?;
    ledger::post_all(tx, bookkeeping::received(&payment, &uses))?;
    Ok(payment)
}

/// Uses a part of a payment for an invoice.
///
/// # Errors
/// `NotFound` for the payment; refused with everything that stands against it.
pub fn allocate(tx: &mut Tx<'_>, new: &NewAllocation) -> Result<AllocationId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let payment = store::lock(tx, new.payment)?;
    let invoice = locked_invoice(tx, new.invoice, "invoiceId")?;
    let asked = Asked {
        amount: amount_of(new, &payment)?,
        other_city: new.other_city,
        invoice_field: "invoiceId",
        amount_field: "amount",
    };
    let mut shifts = Shifts::default();
    let (entry, payment) = used(tx, &payment, &invoice, asked, &mut shifts)?;
    store::update_use(tx, &payment)?;

    audit::record(
        tx,
        "payment.allocated",
        entry.id,
        Some(payment.city_id),
        json!({ "amount": asked.amount.amount(), "currency": payment.currency, "invoice": invoice.number }),
    )?;
    shifts.apply(tx)?;
    ledger::post(tx, bookkeeping::allocated(&payment, &entry))?;
    Ok(entry.id)
}

/// Locks an invoice after the payments that it has money of, in the order that everybody keeps.
///
/// # Errors
/// `NotFound`; `Stale` when it is not of the version that is asked for, or changed between the two
/// locks.
pub fn lock_with_invoice(tx: &mut Tx<'_>, id: InvoiceId, version: Option<i32>) -> Result<Invoice> {
    let before = invoices::get(tx.db, id)?;
    let mut known: Vec<_> = store::used_for(tx.db, id)?
        .into_iter()
        .map(|(payment, _)| payment)
        .collect();
    known.sort_unstable();
    for payment in known {
        store::lock(tx, payment)?;
    }
    let invoice = invoices::lock(tx, id)?;
    // An allocation in between grows the version: whoever has read this one knows all payments.
    expect_version(Some(version.unwrap_or(before.version)), invoice.version)?;
    expect_version(Some(before.version), invoice.version)?;
    Ok(invoice)
}

/// Gives money of an invoice back to its payments, the latest first, because a credit note took back
/// what it was for: each gets an entry below zero. The rows of invoice and payments are locked.
///
/// # Errors
/// A fault of ours when the invoice has less money than that.
pub fn release(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    note: CreditNoteId,
    minor: i64,
    on: NaiveDate,
) -> Result<()> {
    let used = store::used_for(tx.db, invoice.id)?;
    for (id, back) in rules::releases(&used, minor) {
        let payment = store::get(tx.db, id)?;
        let allocated_minor = payment
            .allocated_minor
            .checked_sub(back)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("more given back than was used")))?;
        let entry = Allocation {
            id: tx.new_id(),
            payment_id: id,
            invoice_id: invoice.id,
            credit_note_id: Some(note),
            reversal_id: None,
            released_id: None,
            amount_minor: back.saturating_neg(),
            allocated_on: on,
            reason: None,
            found_status: None,
            allocated_by: tx.viewer.user_id(),
            created_at: tx.now,
        };
        store::insert_allocation(tx, &entry)?;
        let payment = Payment {
            allocated_minor,
            updated_at: tx.now,
            version: payment.version.saturating_add(1),
            ..payment
        };
        store::update_use(tx, &payment)?;
        let currency = &payment.currency;
        audit::record(
            tx,
            "payment.released",
            id,
            Some(payment.city_id),
            json!({ "minor": back, "currency": currency, "invoice": invoice.number }),
        )?;
    }
    Ok(())
}

/// The parts in the order of the invoices' ids, each with its place in the input.
fn in_order(new: &NewPayment) -> Vec<(usize, &Share)> {
    let mut shares: Vec<_> = new.allocate_to.iter().enumerate().collect();
    shares.sort_by_key(|(_, share)| share.invoice);
    shares
}

/// Uses a payment for one of its shares.
fn used_share(
    tx: &mut Tx<'_>,
    payment: &Payment,
    new: &NewPayment,
    (place, share): (usize, &Share),
    shifts: &mut Shifts,
) -> Result<(Allocation, Payment)> {
    let invoice_field = format!("allocateTo.{place}.invoiceId");
    let amount_field = format!("allocateTo.{place}.amount");
    let invoice = locked_invoice(tx, share.invoice, &invoice_field)?;
    let asked = Asked {
        amount: share.amount,
        other_city: new.other_cities,
        invoice_field: &invoice_field,
        amount_field: &amount_field,
    };
    used(tx, payment, &invoice, asked, shifts)
}

fn locked_invoice(tx: &mut Tx<'_>, id: InvoiceId, field: &str) -> Result<Invoice> {
    invoices::lock(tx, id).map_err(|error| match error {
        Error::NotFound { .. } => missing(field),
        other => other,
    })
}

fn amount_of(new: &NewAllocation, payment: &Payment) -> Result<Money> {
    let currency = Currency::parse(&payment.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("a payment's currency")))?;
    Money::parse(&new.amount, currency).map_err(|refusal| {
        let phrase = refusal.phrase();
        Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "amount",
            phrase.en,
            phrase.da,
        ))
    })
}

/// Stores one use of a payment. The rows of both are locked, or new.
fn used(
    tx: &mut Tx<'_>,
    payment: &Payment,
    invoice: &Invoice,
    asked: Asked<'_>,
    shifts: &mut Shifts,
) -> Result<(Allocation, Payment)> {
    let problems = rules::check_allocation(payment, invoice, asked);
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }
    let reopened_on = invoices::reopened_on(tx.db, invoice.id)?;
    let allocation = Allocation {
        id: tx.new_id(),
        payment_id: payment.id,
        invoice_id: invoice.id,
        credit_note_id: None,
        reversal_id: None,
        released_id: None,
        amount_minor: asked.amount.minor,
        allocated_on: rules::counts_from(payment.received_on, invoice.issued_on, reopened_on),
        reason: None,
        found_status: Some(invoice.status),
        allocated_by: tx.viewer.user_id(),
        created_at: tx.now,
    };
    store::insert_allocation(tx, &allocation)?;
    invoices::settle(tx, invoice, asked.amount.minor, shifts)?;
    let allocated_minor = payment
        .allocated_minor
        .checked_add(asked.amount.minor)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("more allocated than fits")))?;
    let payment = Payment {
        allocated_minor,
        updated_at: tx.now,
        version: payment.version.saturating_add(1),
        ..payment.clone()
    };
    Ok((allocation, payment))
}

fn received(tx: &Tx<'_>, new: &NewPayment) -> Payment {
    Payment {
        id: tx.new_id(),
        city_id: new.city,
        currency: new.amount.currency.code().to_owned(),
        amount_minor: new.amount.minor,
        allocated_minor: 0,
        returned_minor: 0,
        received_on: new.received_on,
        reference: new.reference.clone(),
        payer_name: new.payer_name.clone(),
        note: new.note.clone(),
        recorded_by: tx.viewer.user_id(),
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    }
}

fn missing(field: &str) -> Error {
    Error::refused(Refusal::new(
        RefusalCode::NotFound,
        field,
        "There is nothing with this id.",
        "Der findes intet med dette id.",
    ))
}
