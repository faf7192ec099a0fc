//! Reminders of what is overdue, and what the lateness costs: levels 1 to 3 and a notice of collection,
//! by the rules of the seller and within the law.
//!
//! Invariants: an invoice has each level once, in order, and at most one on a day; what is late stays as
//! it is, and so does the day that it was due; whatever the lateness costs is an invoice of its own
//! (series `R`) that is paid, credited and waived as any other, and that is never reminded of itself.
//!
//! `rules` decides, `interest` and `charges` compute, `facts` reads what they need; `actions` sends one
//! reminder, and a run sends all that are due, each in its own transaction, as a job. The questions what
//! would be sent and what is sent have one answer, because both ask the same functions.

mod actions;
pub mod charges;
mod charging;
mod facts;
pub mod graphql;
pub mod interest;
mod jobs;
mod letter;
mod lists;
mod model;
mod pages;
pub mod rest;
pub mod rules;
mod runs;
mod store;

pub use actions::{Outcome, remind};
pub use charging::{NewInterestCharge, charge_interest, waive};
pub use facts::{Facts, Outlook, facts_of_many};
pub use jobs::{MailReminder, RunReminders};
pub use lists::{count, count_runs, list, list_runs, order, order_of_runs};
pub use model::{
    LateCharge, LetterCharge, Reminder, ReminderFilter, ReminderOrder, ReminderRun, RunProblem,
    RunStatus, Said,
};
pub use pages::{Sent, as_sent};
pub use runs::start;
pub use store::{
    charges_of_invoices, find_many, find_many_runs, get, get_run, of_invoices, overdue_of_charges,
};
