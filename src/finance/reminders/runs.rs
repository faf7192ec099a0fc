//! The sending of all reminders that are due on a day. What it is not: the sending of one (`actions`).
//!
//! Each invoice is a transaction of its own: what goes wrong for one does not stop the others, and it is
//! kept with the run. A run that is broken off is done again from the start, which sends nothing twice.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::{Db, Tx};
use crate::finance::invoices;
use crate::finance::legal::LegalData;
use crate::finance::reminders::actions::{Outcome, remind};
use crate::finance::reminders::jobs::RunReminders;
use crate::finance::reminders::model::{ReminderRun, RunProblem, RunStatus};
use crate::finance::reminders::store;
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{InvoiceId, ReminderRunId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::period::check_date;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// How many problems a run keeps the words of; it counts all.
const MOST_PROBLEMS: usize = 100;

/// Who sends the reminders of a run.
const VIEWER: Viewer = Viewer::System("reminders");

/// Starts to send all reminders that are due on a day; they leave in the background.
///
/// # Errors
/// `OutOfRange` for a day ahead.
pub fn start(tx: &mut Tx<'_>, on: NaiveDate) -> Result<ReminderRunId> {
    tx.viewer.permit(Permission::Invoice)?;

    let today = tx.today();
    if on > today || check_date(on).is_err() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "on",
            format!("Reminders are sent on a day from 2000 on and not after today, {today}."),
            format!("Rykkere sendes på en dag fra år 2000 og ikke efter i dag, {today}."),
        )));
    }
    let run = ReminderRun {
        id: tx.new_id(),
        run_on: on,
        status: RunStatus::Running,
        sent: 0,
        held: 0,
        failed: 0,
        problems: Json::of(&Vec::<RunProblem>::new())?,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        finished_at: None,
        version: 1,
    };
    store::insert_run(tx, &run)?;

    audit::record(tx, "reminderRun.started", run.id, None, json!({ "on": on }))?;
    jobs::enqueue(tx, &RunReminders { run: run.id })?;
    Ok(run.id)
}

/// Sends what is due, invoice by invoice, and notes how it went.
///
/// # Errors
/// What the database says: the run is then to be done again.
pub(super) fn perform(
    db: &mut Db,
    id: ReminderRunId,
    now: Instant,
    legal: &LegalData,
) -> Result<()> {
    let run = store::get_run(db, id)?;
    if run.status == RunStatus::Finished {
        return Ok(());
    }
    let (mut held, mut failed, mut problems) = (0_i64, 0_i64, Vec::new());
    for (invoice, _) in store::overdue(db, run.run_on)? {
        let outcome = db.write(&VIEWER, now, |tx| {
            remind(tx, invoice, run.run_on, legal, Some(id))
        });
        match outcome {
            Ok(Outcome::Sent(_)) => {}
            Ok(Outcome::Held(_)) => held = held.saturating_add(1),
            Err(Error::Refused(refusals)) => {
                failed = failed.saturating_add(1);
                if problems.len() < MOST_PROBLEMS {
                    problems.push(problem(db, invoice, refusals)?);
                }
            }
            Err(other) => return Err(other),
        }
    }
    let sent = store::count_of_run(db, id)?;
    let finished = ReminderRun {
        status: RunStatus::Finished,
        sent,
        held,
        failed,
        problems: Json::of(&problems)?,
        finished_at: Some(now),
        version: run.version.saturating_add(1),
        ..run
    };
    db.write(&VIEWER, now, |tx| {
        store::update_run(tx, &finished)?;
        audit::record(
            tx,
            "reminderRun.finished",
            id,
            None,
            json!({ "sent": sent, "held": held, "failed": failed }),
        )
    })
}

fn problem(db: &mut Db, invoice: InvoiceId, refusals: Vec<Refusal>) -> Result<RunProblem> {
    let number = invoices::get(db, invoice)?.number.unwrap_or_default();
    let first = refusals.into_iter().next();
    let message = first
        .map(|refusal| refusal.message)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a refusal without a reason")))?;
    Ok(RunProblem {
        invoice,
        number,
        message,
    })
}
