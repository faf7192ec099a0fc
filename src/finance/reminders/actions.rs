//! Sends one reminder: the invoice is looked at once more with its row locked, what its lateness costs is
//! invoiced, and the mail is enqueued, all in one transaction. What it is not: the sending of all
//! (`runs`), or the decision (`rules`).
//!
//! Rows are locked in the order of everybody: the city, the invoice, the counter, the sums.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::grants::{self, Payer};
use crate::finance::invoices::{self, Invoice};
use crate::finance::legal::{LegalData, Term};
use crate::finance::reminders::charges::{self, Charges};
use crate::finance::reminders::facts::{Facts, facts_of_many};
use crate::finance::reminders::jobs::MailReminder;
use crate::finance::reminders::model::{LateCharge, LetterCharge, Reminder, Said};
use crate::finance::reminders::rules::{Decision, HeldBecause};
use crate::finance::reminders::store;
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{InvoiceId, ReminderId, ReminderRunId};
use crate::kernel::json::Json;
use crate::kernel::language::Language;
use crate::registry::cities;

/// What came of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A reminder was sent.
    Sent(ReminderId),
    /// None was due.
    Held(HeldBecause),
}

/// Sends the reminder of an invoice that is due on a day, if one is. Done again on the same day, or by
/// many at once, it sends nothing more.
///
/// # Errors
/// `NotFound`; refused when a rate of the law is not known, and when its charges cannot be issued on that
/// day.
pub fn remind(
    tx: &mut Tx<'_>,
    id: InvoiceId,
    on: NaiveDate,
    legal: &LegalData,
    run: Option<ReminderRunId>,
) -> Result<Outcome> {
    tx.viewer.permit(Permission::Invoice)?;

    let city = invoices::get(tx.db, id)?.city_id;
    let city = cities::lock(tx, city)?;
    let facts = locked_facts(tx, id, legal)?;
    let outlook = facts.outlook(on, legal)?;
    if let Some(missing) = outlook.missing {
        return Err(Error::refused(missing));
    }
    let level = match outlook.decision {
        Decision::Send(level) => level,
        Decision::Hold { because, .. } => return Ok(Outcome::Held(because)),
    };

    let payer = match facts.invoice.grant_id {
        Some(grant) => grants::payer(tx.db, grant)?,
        None => Payer::of_city(&city),
    };
    let charges_invoice_id = charge(tx, &facts, &outlook.charges, level, on)?;
    let reminder = Reminder {
        id: tx.new_id(),
        invoice_id: id,
        city_id: facts.invoice.city_id,
        level,
        sent_on: on,
        in_time_until: facts.claim.in_time_until,
        pay_by: pay_by(&facts, on, legal)?,
        open_minor: facts.claim.open_on(on),
        currency: facts.invoice.currency.clone(),
        day_count: facts.policy.day_count,
        said: Json::of(&said(tx, &facts, charges_invoice_id)?)?,
        charges_invoice_id,
        recipient: payer.email,
        run_id: run,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert(tx, &reminder)?;

    audit::record(
        tx,
        "reminder.sent",
        reminder.id,
        Some(reminder.city_id),
        json!({ "invoice": facts.invoice.number, "level": level, "sentOn": on, "openMinor": reminder.open_minor, "currency": reminder.currency, "charges": charges_invoice_id }),
    )?;
    mail(tx, &reminder)?;
    Ok(Outcome::Sent(reminder.id))
}

/// What is known of an invoice, with its row locked.
pub(super) fn locked_facts(tx: &mut Tx<'_>, id: InvoiceId, legal: &LegalData) -> Result<Facts> {
    let invoice = invoices::lock(tx, id)?;
    facts_of_many(tx.db, vec![invoice], legal)?
        .remove(&id)
        .ok_or_else(|| Error::refused(super::charging::is_draft()))
}

/// Invoices what the lateness costs, if anything. City and invoice are locked.
pub(super) fn charge(
    tx: &mut Tx<'_>,
    facts: &Facts,
    charges: &Charges,
    level: i32,
    on: NaiveDate,
) -> Result<Option<InvoiceId>> {
    if charges.is_nothing() {
        return Ok(None);
    }
    let number = facts.invoice.number.clone().unwrap_or_default();
    let lines = charges::lines(charges, level, &number, facts.currency()?);
    let draft = invoices::draft_late_charges(tx, &facts.invoice, &lines)?;
    let id = invoices::issue(tx, draft, Some(on))?;
    let charge = LateCharge {
        invoice_id: id,
        overdue_invoice_id: facts.invoice.id,
        fee_minor: charges.fee_minor(),
        compensation_minor: charges.compensation_minor,
        interest_minor: charges.interest_minor(),
        interest_until: charges.interest.as_ref().map(|interest| interest.until),
        created_at: tx.now,
    };
    store::insert_charge(tx, &charge)?;
    Ok(Some(id))
}

/// Ten days for every level: those that the law gives before a claim may be collected, and that must lie
/// between two reminders.
fn pay_by(facts: &Facts, on: NaiveDate, legal: &LegalData) -> Result<NaiveDate> {
    let days = legal
        .terms
        .of(Term::CollectionDeadline, facts.claim.due_on)
        .map_err(Error::refused)?;
    let day = on
        .checked_add_signed(TimeDelta::days(days))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a day beyond the calendar")))?;
    legal.banking_days.on_or_after(day).map_err(Error::refused)
}

/// Enqueues the mail; whoever has no address for invoices gets none, and the reminder says so.
fn mail(tx: &mut Tx<'_>, reminder: &Reminder) -> Result<()> {
    if reminder.recipient.is_some() {
        let (reminder, invoice) = (reminder.id, reminder.invoice_id);
        jobs::enqueue(tx, &MailReminder { reminder, invoice })?;
    }
    Ok(())
}

/// The other claims that a reminder names, as they stand now.
fn said(tx: &mut Tx<'_>, facts: &Facts, charges: Option<InvoiceId>) -> Result<Said> {
    let mut known: Vec<InvoiceId> = facts
        .charged
        .iter()
        .map(|charge| charge.invoice_id)
        .collect();
    known.extend(charges);
    let mut charges: Vec<Invoice> = invoices::find_many(tx.db, &known)?;
    charges.retain(|invoice| invoice.open_minor() > 0);
    charges.sort_by_key(|invoice| invoice.id);
    Ok(Said {
        charges: charges
            .into_iter()
            .map(|invoice| LetterCharge {
                open_minor: invoice.open_minor(),
                number: invoice.number.unwrap_or_default(),
            })
            .collect(),
        interest: facts.policy.interest,
    })
}

/// Danish to Denmark, English to everybody else.
#[must_use]
pub(super) fn language_of(country: &str) -> Language {
    if country == "DK" {
        Language::Da
    } else {
        Language::En
    }
}
