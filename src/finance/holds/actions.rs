//! What is done with holds: a dispute, a promise or a pause begins, and ends. What it is not: a change of
//! the invoice.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::holds::model::{EndOfHold, HoldKind, NewHold, ReminderHold};
use crate::finance::holds::store;
use crate::finance::invoices::{self, Invoice};
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::ReminderHoldId;
use crate::kernel::period::check_date;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// Notes that the city disputes an invoice: nothing is reminded of until the dispute is resolved, or its
/// last day is over.
///
/// # Errors
/// Refused with all problems of the input; `NotInState` unless something is open, and while another
/// dispute runs.
pub fn dispute(tx: &mut Tx<'_>, new: &NewHold) -> Result<ReminderHoldId> {
    begin(tx, new, HoldKind::Dispute, "invoice.disputed")
}

/// Notes that the city has promised to pay by a day: nothing is reminded of until that day is over.
///
/// # Errors
/// As [`dispute`]; `Required` without a day.
pub fn promise(tx: &mut Tx<'_>, new: &NewHold) -> Result<ReminderHoldId> {
    begin(tx, new, HoldKind::Promise, "invoice.promised")
}

/// Pauses the reminders of an invoice.
///
/// # Errors
/// As [`dispute`].
pub fn pause(tx: &mut Tx<'_>, new: &NewHold) -> Result<ReminderHoldId> {
    begin(tx, new, HoldKind::Pause, "invoice.remindersPaused")
}

/// Resolves a dispute: from today the reminders go on where they stopped.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is no dispute, or ended.
pub fn resolve(tx: &mut Tx<'_>, end: &EndOfHold) -> Result<ReminderHoldId> {
    finish(tx, end, "invoice.disputeResolved", |kind| {
        (kind != HoldKind::Dispute).then(|| {
            not_so(
                "This is no dispute; resume the reminders instead.",
                "Dette er ingen tvist; genoptag rykkerne i stedet.",
            )
        })
    })
}

/// Ends a pause or a promise: from today the reminders go on where they stopped.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a dispute, and for what is ended.
pub fn resume(tx: &mut Tx<'_>, end: &EndOfHold) -> Result<ReminderHoldId> {
    finish(tx, end, "invoice.remindersResumed", |kind| {
        (kind == HoldKind::Dispute).then(|| {
            not_so(
                "This is a dispute; resolve it instead.",
                "Dette er en tvist; afgør den i stedet.",
            )
        })
    })
}

fn begin(
    tx: &mut Tx<'_>,
    new: &NewHold,
    kind: HoldKind,
    action: &'static str,
) -> Result<ReminderHoldId> {
    tx.viewer.permit(Permission::Invoice)?;

    let mut problems = Vec::new();
    let reason = text::paragraph("reason", &new.reason)
        .map_err(|problem| problems.push(problem))
        .ok();
    let today = tx.today();
    problems.extend(wrong_day(kind, new.until, today));
    let invoice = locked_invoice(tx, new)?;
    if invoice.open_minor() == 0 {
        problems.push(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "Nothing is open on the invoice.",
            "Der er intet åbent på fakturaen.",
        ));
    }
    if kind == HoldKind::Dispute && is_disputed(tx, &invoice, today)? {
        problems.push(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "The invoice is disputed already; resolve that dispute first.",
            "Fakturaen er allerede omtvistet; afgør den tvist først.",
        ));
    }
    let reason = match reason {
        Some(reason) if problems.is_empty() => reason,
        _ => return Err(Error::Refused(problems)),
    };
    let hold = ReminderHold {
        id: tx.new_id(),
        invoice_id: invoice.id,
        city_id: invoice.city_id,
        kind,
        reason,
        from_on: today,
        until_on: new.until,
        opened_by: tx.viewer.user_id(),
        ended_on: None,
        ended_by: None,
        end_note: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &hold)?;

    audit::record(
        tx,
        action,
        invoice.id,
        Some(hold.city_id),
        json!({ "hold": hold.id, "number": invoice.number, "until": hold.until_on }),
    )?;
    Ok(hold.id)
}

fn finish(
    tx: &mut Tx<'_>,
    end: &EndOfHold,
    action: &'static str,
    wrong_kind: impl FnOnce(HoldKind) -> Option<Refusal>,
) -> Result<ReminderHoldId> {
    tx.viewer.permit(Permission::Invoice)?;

    let note = text::paragraph("note", &end.note).map_err(Error::refused)?;
    let hold = store::lock(tx, end.hold)?;
    expect_version(Some(end.version), hold.version)?;
    if let Some(refusal) = wrong_kind(hold.kind) {
        return Err(Error::refused(refusal));
    }
    if hold.ended_on.is_some() {
        return Err(Error::refused(not_so(
            "It has ended already.",
            "Den er allerede ophørt.",
        )));
    }
    let ended = ReminderHold {
        ended_on: Some(tx.today()),
        ended_by: tx.viewer.user_id(),
        end_note: Some(note),
        updated_at: tx.now,
        version: hold.version.saturating_add(1),
        ..hold
    };
    store::end(tx, &ended)?;

    audit::record(
        tx,
        action,
        ended.invoice_id,
        Some(ended.city_id),
        json!({ "hold": ended.id }),
    )?;
    Ok(ended.id)
}

fn locked_invoice(tx: &mut Tx<'_>, new: &NewHold) -> Result<Invoice> {
    invoices::lock(tx, new.invoice).map_err(|error| match error {
        Error::NotFound { .. } => Error::refused(Refusal::new(
            RefusalCode::NotFound,
            "invoiceId",
            "There is nothing with this id.",
            "Der findes intet med dette id.",
        )),
        other => other,
    })
}

fn is_disputed(tx: &mut Tx<'_>, invoice: &Invoice, today: NaiveDate) -> Result<bool> {
    let holds = store::of_invoices(tx.db, &[invoice.id])?;
    Ok(holds
        .values()
        .flatten()
        .any(|hold| hold.kind == HoldKind::Dispute && hold.holds_on(today)))
}

fn wrong_day(kind: HoldKind, until: Option<NaiveDate>, today: NaiveDate) -> Option<Refusal> {
    match until {
        None if kind == HoldKind::Promise => Some(Refusal::new(
            RefusalCode::Required,
            "payBy",
            "A promise has a day until which the city will pay.",
            "Et løfte har en dag, som byen vil betale inden.",
        )),
        Some(day) if day < today || check_date(day).is_err() => Some(Refusal::new(
            RefusalCode::OutOfRange,
            if kind == HoldKind::Promise {
                "payBy"
            } else {
                "until"
            },
            "The day must not be before today.",
            "Dagen må ikke være før i dag.",
        )),
        _ => None,
    }
}

fn not_so(en: &str, da: &str) -> Refusal {
    Refusal::new(RefusalCode::NotInState, "holdId", en, da)
}
