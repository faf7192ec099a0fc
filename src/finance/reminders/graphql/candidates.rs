//! What would be sent on a day, and why or why not, invoice by invoice. What it is not: the sending.

use std::sync::Arc;

use async_graphql::{Context, Object};
use chrono::NaiveDate;

use crate::access::viewer::Scope;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, legal};
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Db;
use crate::db::listing::{Listed, Order, OrderKey};
use crate::finance::invoices::{self, Invoice, Overdue};
use crate::finance::reminders::rules::{Decision, HeldBecause};
use crate::finance::reminders::{Facts, Outlook, facts_of_many};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::phrase::Phrase;

crate::connection!(
    ReminderCandidateConnection,
    ReminderCandidateEdge,
    ReminderCandidate
);

/// An overdue invoice on a day, with what would be done about it.
#[derive(Debug, Clone)]
pub struct ReminderCandidate {
    on: NaiveDate,
    facts: Facts,
    outlook: Outlook,
}

impl ReminderCandidate {
    fn level_to_send(&self) -> Option<i32> {
        match self.outlook.decision {
            Decision::Send(level) => Some(level),
            Decision::Hold { .. } => None,
        }
    }

    fn late(&self) -> i64 {
        let until = self.facts.claim.in_time_until;
        self.on.signed_duration_since(until).num_days().max(0)
    }

    fn in_words(&self) -> Phrase {
        if let Some(missing) = &self.outlook.missing {
            return missing.message.clone();
        }
        let (days, until) = (self.late(), self.facts.claim.in_time_until);
        let late = Phrase::new(
            format!("It could be paid in time until {until} and is {days} days late."),
            format!("Den kunne betales rettidigt til {until} og er {days} dage forsinket."),
        );
        let (en, da) = match self.outlook.decision {
            Decision::Send(4) => (
                "The notice of collection is due.".to_owned(),
                "Inkassovarslet skal sendes.".to_owned(),
            ),
            Decision::Send(level) => (
                format!("Reminder {level} is due."),
                format!("{level}. rykker skal sendes."),
            ),
            Decision::Hold { because, until } => held_in_words(because, until),
        };
        Phrase::new(format!("{} {en}", late.en), format!("{} {da}", late.da))
    }
}

fn held_in_words(because: HeldBecause, until: Option<NaiveDate>) -> (String, String) {
    let (en, da) = match because {
        HeldBecause::AllSent => ("Every reminder was sent", "Alle rykkere er sendt"),
        HeldBecause::Disputed => ("The city disputes it", "Byen bestrider den"),
        HeldBecause::LateCharges => (
            "It charges for lateness itself and is not reminded of",
            "Den opkræver selv for forsinkelse, og der rykkes ikke for den",
        ),
        HeldBecause::LegalDataMissing => (
            "A rate of the law is not known",
            "En lovbestemt sats kendes ikke",
        ),
        HeldBecause::NothingOpen => (
            "Nothing is owed on it that day",
            "Der skyldes intet på den den dag",
        ),
        HeldBecause::NotLate => (
            "It can still be paid in time",
            "Den kan stadig betales rettidigt",
        ),
        HeldBecause::NotYet => (
            "The days that the seller leaves before the next level are not over",
            "Sælgers dage før næste trin er ikke gået",
        ),
        HeldBecause::NotDelivered => (
            "The invoice did not reach the city",
            "Fakturaen er ikke nået frem til byen",
        ),
        HeldBecause::Paused => ("Its reminders are paused", "Dens rykkere er sat på pause"),
        HeldBecause::Promised => ("The city has promised to pay", "Byen har lovet at betale"),
        HeldBecause::RemindersOff => (
            "The seller sends no reminders",
            "Sælger sender ingen rykkere",
        ),
        HeldBecause::TooSoon => (
            "The days of the law since the last reminder are not over",
            "Lovens dage siden seneste rykker er ikke gået",
        ),
        HeldBecause::WithinTolerance => (
            "So little is open that it is not reminded of",
            "Så lidt er åbent, at der ikke rykkes for det",
        ),
    };
    match until {
        Some(day) => (
            format!("{en}; not before {day}."),
            format!("{da}; tidligst {day}."),
        ),
        None => (format!("{en}."), format!("{da}.")),
    }
}

/// An overdue invoice on a day, with what would be done about it if nothing changes until then.
#[Object]
impl ReminderCandidate {
    /// The invoice.
    async fn invoice(&self) -> Arc<Invoice> {
        Arc::new(self.facts.invoice.clone())
    }

    /// The level that would be sent: 1 to 3, or 4 for the notice of collection; null when none would.
    async fn level(&self) -> Option<i32> {
        self.level_to_send()
    }

    /// Why none would be sent; null when one would.
    async fn held_because(&self) -> Option<HeldBecause> {
        match self.outlook.decision {
            Decision::Send(_) => None,
            Decision::Hold { because, .. } => Some(because),
        }
    }

    /// The first day on which that reason may be over, if it is known.
    async fn not_before(&self) -> Option<Date> {
        match self.outlook.decision {
            Decision::Hold { until, .. } => until.map(Date),
            Decision::Send(_) => None,
        }
    }

    /// Why, in words.
    async fn reason(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        let language = context.language(language.as_ref());
        self.in_words().in_language(language).to_owned()
    }

    /// What is owed on the day, by the days of payments and credits.
    async fn open_amount(&self) -> Result<Amount> {
        stored(
            self.facts.claim.open_on(self.on),
            &self.facts.invoice.currency,
        )
    }

    /// How many days after the last day to pay in time; 0 while it is in time.
    async fn days_late(&self) -> i64 {
        self.late()
    }

    /// The fee that would be charged.
    async fn fee(&self) -> Result<Amount> {
        stored(
            self.outlook.charges.fee_minor(),
            &self.facts.invoice.currency,
        )
    }

    /// The fixed compensation that would be charged.
    async fn compensation(&self) -> Result<Amount> {
        stored(
            self.outlook.charges.compensation_minor,
            &self.facts.invoice.currency,
        )
    }

    /// The interest that would be charged.
    async fn interest(&self) -> Result<Amount> {
        stored(
            self.outlook.charges.interest_minor(),
            &self.facts.invoice.currency,
        )
    }
}

/// The invoices that are due before a day and open now, with what would be done about each, the longest
/// due first.
pub(super) fn candidates(
    context: &Context<'_>,
    scope: Scope,
    on: NaiveDate,
    page: &Page,
) -> Result<ReminderCandidateConnection> {
    let overdue = Overdue {
        as_of: on,
        looks_back: on < context.operation().today(),
    };
    let law = legal(context);
    let listed = context.read(|db| {
        let listed = invoices::list_overdue(db, &scope, overdue, page)?;
        let order: Vec<_> = listed.rows.iter().map(|invoice| invoice.id).collect();
        let mut facts = facts_of_many(db, listed.rows, law)?;
        let mut rows = Vec::with_capacity(order.len());
        for id in order {
            if let Some(facts) = facts.remove(&id) {
                let outlook = facts.outlook(on, law)?;
                rows.push(ReminderCandidate { on, facts, outlook });
            }
        }
        Ok(Listed {
            rows,
            has_next: listed.has_next,
            has_previous: listed.has_previous,
        })
    })?;
    let count = move |db: &mut Db, _: &Operation| invoices::count_overdue(db, &scope, overdue);
    Ok(ReminderCandidateConnection(Connected::new(
        listed,
        order(),
        count,
    )))
}

/// The order of [`invoices::order_by_due`], for candidates.
fn order() -> Order<ReminderCandidate> {
    Order {
        keys: vec![OrderKey {
            column: "invoices.due_on",
            descending: false,
            nullable: false,
            kind: KeyKind::Date,
            value: |one| {
                let due_on = one.facts.invoice.due_on;
                due_on.map_or(KeyValue::Null, KeyValue::Date)
            },
        }],
        id: |one| one.facts.invoice.id.uuid(),
    }
}
