//! Reads what is known of overdue invoices, and asks the rules what comes of it on a day: one answer for
//! whoever looks ahead and for whoever sends. What it is not: the rules.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::db::Db;
use crate::finance::deliveries;
use crate::finance::holds::{self, ReminderHold};
use crate::finance::invoices::{self, Invoice, InvoiceStatus};
use crate::finance::legal::{LegalData, Term};
use crate::finance::reminders::charges::{self, Charges};
use crate::finance::reminders::interest::Claim;
use crate::finance::reminders::model::{LateCharge, Reminder};
use crate::finance::reminders::rules::{Decision, HeldBecause, Situation, decide};
use crate::finance::reminders::store;
use crate::finance::sellers::{self, ReminderPolicy};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{InvoiceId, SellerId};
use crate::kernel::money::Currency;
use crate::kernel::refusal::Refusal;

/// What is known of an issued invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The invoice.
    pub invoice: Invoice,
    /// What is owed, and since when it is late.
    pub claim: Claim,
    /// What was sent.
    pub sent: Vec<Reminder>,
    /// Whether the invoice itself was sent from here and did not arrive.
    pub undelivered: bool,
    /// What was said against sending.
    pub holds: Vec<ReminderHold>,
    /// What was charged.
    pub charged: Vec<LateCharge>,
    /// How the seller reminds.
    pub policy: ReminderPolicy,
}

/// What would be done about an invoice on a day, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// What is decided.
    pub decision: Decision,
    /// What it costs; nothing when nothing is sent.
    pub charges: Charges,
    /// What the law's files do not know, if that is what holds it.
    pub missing: Option<Refusal>,
}

/// What is known of these invoices; drafts have nothing that could be late and are left out.
///
/// # Errors
/// What the database says; a refusal for a due day whose calendar is not known.
pub fn facts_of_many(
    db: &mut Db,
    listed: Vec<Invoice>,
    legal: &LegalData,
) -> Result<HashMap<InvoiceId, Facts>> {
    let listed: Vec<Invoice> = listed
        .into_iter()
        .filter(|invoice| invoice.status != InvoiceStatus::Draft)
        .collect();
    let ids: Vec<InvoiceId> = listed.iter().map(|invoice| invoice.id).collect();
    let mut settlements = invoices::settlements_of_many(db, &ids)?;
    let mut sent = store::of_invoices(db, &ids)?;
    let undelivered = deliveries::undelivered(db, &ids)?;
    let mut holds = holds::of_invoices(db, &ids)?;
    let mut charged = store::charges_of_invoices(db, &ids)?;
    let mut policies: HashMap<SellerId, ReminderPolicy> = HashMap::new();
    let mut facts = HashMap::with_capacity(listed.len());
    for invoice in listed {
        let id = invoice.id;
        let policy = match policies.get(&invoice.seller_id) {
            Some(policy) => policy.clone(),
            None => sellers::reminder_policy(db, invoice.seller_id)?,
        };
        policies.insert(invoice.seller_id, policy.clone());
        let due_on = invoice.due_on.ok_or_else(|| {
            Error::Internal(anyhow::anyhow!("an issued invoice without a due day"))
        })?;
        let claim = Claim {
            total_minor: invoice.total_minor,
            due_on,
            in_time_until: legal
                .banking_days
                .on_or_after(due_on)
                .map_err(Error::refused)?,
            settlements: settlements.remove(&id).unwrap_or_default(),
        };
        let known = Facts {
            invoice,
            claim,
            sent: sent.remove(&id).unwrap_or_default(),
            undelivered: undelivered.contains(&id),
            holds: holds.remove(&id).unwrap_or_default(),
            charged: charged.remove(&id).unwrap_or_default(),
            policy,
        };
        facts.insert(id, known);
    }
    Ok(facts)
}

impl Facts {
    /// What would be done on a day, if nothing changes until then. Payments and credits count by their
    /// own days, whenever they were recorded.
    ///
    /// # Errors
    /// A fault of ours for a stored currency that is none.
    pub fn outlook(&self, on: NaiveDate, legal: &LegalData) -> Result<Outlook> {
        let days_between = match legal
            .terms
            .of(Term::DaysBetweenReminders, self.claim.due_on)
        {
            Ok(days) => days,
            Err(missing) => return Ok(Outlook::missing(missing)),
        };
        let sent: Vec<_> = self
            .sent
            .iter()
            .map(|reminder| (reminder.level, reminder.sent_on))
            .collect();
        let decision = decide(&Situation {
            on,
            kind: self.invoice.kind,
            in_time_until: self.claim.in_time_until,
            open_minor: self.claim.open_on(on),
            sent: &sent,
            undelivered: self.undelivered,
            holds: &self.holds,
            policy: &self.policy,
            days_between,
        });
        let Decision::Send(level) = decision else {
            return Ok(Outlook {
                decision,
                charges: Charges::default(),
                missing: None,
            });
        };
        let costs = charges::of_reminder(
            level,
            on,
            &self.claim,
            self.currency()?,
            &self.charged,
            &self.policy,
            legal,
        );
        Ok(match costs {
            Ok(charges) => Outlook {
                decision,
                charges,
                missing: None,
            },
            Err(missing) => Outlook::missing(missing),
        })
    }

    /// The invoice's currency.
    ///
    /// # Errors
    /// A fault of ours for a stored currency that is none.
    pub fn currency(&self) -> Result<Currency> {
        Currency::parse(&self.invoice.currency)
            .map_err(|_| Error::Internal(anyhow::anyhow!("an invoice's currency")))
    }
}

impl Outlook {
    fn missing(missing: Refusal) -> Self {
        Self {
            decision: Decision::Hold {
                because: HeldBecause::LegalDataMissing,
                until: None,
            },
            charges: Charges::default(),
            missing: Some(missing),
        }
    }
}
