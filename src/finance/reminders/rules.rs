//! Whether an overdue invoice is reminded of on a day, at which level, and why not. Pure; what is known of
//! the invoice is a parameter. What it is not: what the reminder costs (`charges`).
//!
//! A level follows the one before it and never skips one; a day has one level at most; between two are
//! the days of the law.

use chrono::{NaiveDate, TimeDelta};

use crate::finance::holds::{HoldKind, ReminderHold};
use crate::finance::invoices::InvoiceKind;
use crate::finance::sellers::ReminderPolicy;

/// The notice of collection; 1 to 3 are reminders.
pub const COLLECTION_NOTICE: i32 = 4;

crate::text_enum! {
    /// Why an overdue invoice is not reminded of.
    pub enum HeldBecause {
        /// Every level was sent.
        AllSent = "ALL_SENT",
        /// The city disputes it.
        Disputed = "DISPUTED",
        /// It charges for lateness itself: there is no interest on interest and no fee on fees.
        LateCharges = "LATE_CHARGES",
        /// A rate or a limit of the law is not known.
        LegalDataMissing = "LEGAL_DATA_MISSING",
        /// Nothing is owed on it.
        NothingOpen = "NOTHING_OPEN",
        /// It is on its way to the buyer still, or was turned away: nobody got a demand.
        NotDelivered = "NOT_DELIVERED",
        /// It can still be paid in time.
        NotLate = "NOT_LATE",
        /// The days that the seller leaves before this level are not over.
        NotYet = "NOT_YET",
        /// Finance has paused its reminders.
        Paused = "PAUSED",
        /// The city has promised to pay.
        Promised = "PROMISED",
        /// The seller sends no reminders.
        RemindersOff = "REMINDERS_OFF",
        /// The days of the law since the last reminder are not over.
        TooSoon = "TOO_SOON",
        /// So little is open that it is not reminded of.
        WithinTolerance = "WITHIN_TOLERANCE",
    }
}

/// What is decided for an invoice on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A reminder of this level is due: 1 to 3, or 4 for the notice of collection.
    Send(i32),
    /// None is.
    Hold {
        /// Why.
        because: HeldBecause,
        /// The first day on which this reason may be over, if it is known.
        until: Option<NaiveDate>,
    },
}

/// What is known of an invoice.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The day that is asked about.
    pub on: NaiveDate,
    /// What it is for.
    pub kind: InvoiceKind,
    /// The last day on which a payment is in time.
    pub in_time_until: NaiveDate,
    /// What is owed on that day, in minor units.
    pub open_minor: i64,
    /// Which levels were sent on which days.
    pub sent: &'a [(i32, NaiveDate)],
    /// Whether it was sent from here and did not arrive.
    pub undelivered: bool,
    /// What was said against reminding of it.
    pub holds: &'a [ReminderHold],
    /// How the seller reminds.
    pub policy: &'a ReminderPolicy,
    /// The days of the law between two reminders.
    pub days_between: i64,
}

/// Whether a reminder is due, and which.
#[must_use]
pub fn decide(situation: &Situation<'_>) -> Decision {
    let held = |because| Decision::Hold {
        because,
        until: None,
    };
    let Situation { on, policy, .. } = *situation;
    if situation.kind == InvoiceKind::LateCharges {
        return held(HeldBecause::LateCharges);
    }
    if !policy.reminders {
        return held(HeldBecause::RemindersOff);
    }
    if situation.open_minor <= 0 {
        return held(HeldBecause::NothingOpen);
    }
    if situation.open_minor <= policy.tolerance_minor {
        return held(HeldBecause::WithinTolerance);
    }
    if situation.undelivered {
        return held(HeldBecause::NotDelivered);
    }
    if let Some(decision) = on_hold(situation.holds, on) {
        return decision;
    }
    if on <= situation.in_time_until {
        return Decision::Hold {
            because: HeldBecause::NotLate,
            until: situation.in_time_until.succ_opt(),
        };
    }
    next_level(situation)
}

/// The hold that lasts longest is the one to name; one without an end lasts longest.
fn on_hold(holds: &[ReminderHold], on: NaiveDate) -> Option<Decision> {
    let hold = holds
        .iter()
        .filter(|hold| hold.holds_on(on))
        .max_by_key(|hold| hold.until_on.unwrap_or(NaiveDate::MAX))?;
    Some(Decision::Hold {
        because: match hold.kind {
            HoldKind::Dispute => HeldBecause::Disputed,
            HoldKind::Promise => HeldBecause::Promised,
            HoldKind::Pause => HeldBecause::Paused,
        },
        until: hold.until_on.and_then(|day| day.succ_opt()),
    })
}

fn next_level(situation: &Situation<'_>) -> Decision {
    let Situation {
        on,
        policy,
        in_time_until,
        ..
    } = *situation;
    let last = situation.sent.iter().max_by_key(|(level, _)| *level);
    let level = last.map_or(1, |(level, _)| level.saturating_add(1));
    let Some(after) = policy.days_of(level) else {
        return Decision::Hold {
            because: HeldBecause::AllSent,
            until: None,
        };
    };
    let earliest = plus(in_time_until, i64::from(after));
    let allowed = last.map(|(_, sent_on)| plus(*sent_on, situation.days_between));
    match allowed {
        Some(allowed) if on < allowed => Decision::Hold {
            because: HeldBecause::TooSoon,
            until: Some(allowed.max(earliest)),
        },
        _ if on < earliest => Decision::Hold {
            because: HeldBecause::NotYet,
            until: Some(earliest),
        },
        _ => Decision::Send(level),
    }
}

fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(TimeDelta::days(days))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
