//! What is tidied up and followed from time to time, and how often. What it is not: jobs; these need no
//! row, because it does no harm when one run is left out.

use std::time::{Duration, Instant};

use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::identity::{attempts, idempotency, invitations, sessions};
use crate::jobs;
use crate::kernel::error::Result;
use crate::server::gateway::Gateway;
use crate::workflows::follow_calendar;

/// When each task runs next. Every task runs once at the start.
#[derive(Debug)]
pub(crate) struct Timetable {
    next: [Option<Instant>; TASKS.len()],
    callers_next: Option<Instant>,
}

type Task = fn(&Gateway, &mut Db) -> Result<()>;

const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);

/// All tasks with their pauses.
const TASKS: [(Duration, Task); 4] = [
    (HOUR, follow_calendar),
    (HOUR, forget_idempotency_keys),
    (HOUR, forget_jobs),
    (HOUR, forget_sign_ins),
];

impl Timetable {
    pub(crate) fn new() -> Self {
        Self {
            next: [None; TASKS.len()],
            callers_next: None,
        }
    }

    /// Forgets callers of the rate limits when it is due. It needs no database, and must happen also
    /// while that is away.
    pub(crate) fn forget_callers(&mut self, gateway: &Gateway, now: Instant) {
        if self.callers_next.is_none_or(|next| next <= now) {
            self.callers_next = now.checked_add(MINUTE);
            gateway.rates.forget_idle();
        }
    }

    /// Runs what is due at a moment of the machine's monotonic clock.
    ///
    /// # Errors
    /// What the database says; the task is tried again after its pause.
    pub(crate) fn run_due(&mut self, gateway: &Gateway, db: &mut Db, now: Instant) -> Result<()> {
        for ((pause, task), next) in TASKS.iter().zip(&mut self.next) {
            if next.is_none_or(|next| next <= now) {
                *next = now.checked_add(*pause);
                task(gateway, db)?;
            }
        }
        Ok(())
    }
}

const VIEWER: Viewer = Viewer::System("housekeeping");

fn follow_calendar(gateway: &Gateway, db: &mut Db) -> Result<()> {
    let followed = follow_calendar::follow_calendar(db, &VIEWER, gateway.app.now())?;
    tracing::debug!(?followed, "the calendar followed");
    Ok(())
}

fn forget_idempotency_keys(gateway: &Gateway, db: &mut Db) -> Result<()> {
    let forgotten = db.write(&VIEWER, gateway.app.now(), idempotency::forget)?;
    tracing::debug!(forgotten, "idempotency keys forgotten");
    Ok(())
}

fn forget_jobs(gateway: &Gateway, db: &mut Db) -> Result<()> {
    let forgotten = db.write(&VIEWER, gateway.app.now(), jobs::forget)?;
    tracing::debug!(forgotten, "finished jobs forgotten");
    Ok(())
}

fn forget_sign_ins(gateway: &Gateway, db: &mut Db) -> Result<()> {
    let forgotten = db.write(&VIEWER, gateway.app.now(), |tx| {
        attempts::forget(tx)?;
        invitations::forget(tx)?;
        sessions::forget(tx)
    })?;
    tracing::debug!(forgotten, "ended sessions forgotten");
    Ok(())
}
