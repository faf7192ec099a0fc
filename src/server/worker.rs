//! The work beside requests: the jobs, the housekeeping, the sealing of the audit log, each with a
//! connection of its own. What it is not: the jobs themselves; here is only the one list of all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::access::viewer::Viewer;
use crate::app::{App, Run};
use crate::db::Db;
use crate::db::connect::Use;
use crate::db::tx::fresh_uuid;
use crate::finance::bank::MatchEntries;
use crate::finance::deliveries::DeliverDocument;
use crate::finance::fee_runs::FeeRunWork;
use crate::finance::reminders::{MailReminder, RunReminders};
use crate::finance::revenue::RecogniseRevenue;
use crate::identity::invitations::{InvitationMail, PasswordResetRequest};
use crate::jobs::rules::{ATTEMPTS, Outlook, Verdict};
use crate::jobs::{self, Claimed, Job};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::notifications::SendMail;
use crate::server::gateway::Gateway;
use crate::server::housekeeping::Timetable;
use crate::server::sealer::Sealer;

/// Every kind of job there is, by name.
fn perform(app: &App, job: &Claimed, db: &mut Db) -> anyhow::Result<()> {
    match job.kind.as_str() {
        InvitationMail::NAME => run::<InvitationMail>(app, job, db),
        PasswordResetRequest::NAME => run::<PasswordResetRequest>(app, job, db),
        DeliverDocument::NAME => run::<DeliverDocument>(app, job, db),
        SendMail::NAME => run::<SendMail>(app, job, db),
        RecogniseRevenue::NAME => run::<RecogniseRevenue>(app, job, db),
        FeeRunWork::NAME => run::<FeeRunWork>(app, job, db),
        MatchEntries::NAME => run::<MatchEntries>(app, job, db),
        MailReminder::NAME => run::<MailReminder>(app, job, db),
        RunReminders::NAME => run::<RunReminders>(app, job, db),
        other => bail!("this version knows no job {other:?}"),
    }
}

/// Runs all jobs that are due, one after the other, and tells how many attempts it made. A job
/// that fails is due again only after its pause.
///
/// # Errors
/// The database cannot be used.
pub fn run_due(app: &App) -> Result<usize> {
    run_due_by(app, perform)
}

/// As [`run_due`], with another way to do a job.
///
/// # Errors
/// The database cannot be used.
pub fn run_due_by(
    app: &App,
    perform: impl Fn(&App, &Claimed, &mut Db) -> anyhow::Result<()>,
) -> Result<usize> {
    let mut db = open(app)?;
    let runner = fresh_uuid().to_string();
    let mut attempts = 0_usize;
    while attempt_next(app, &mut db, &runner, &perform)? {
        attempts = attempts.saturating_add(1);
    }
    Ok(attempts)
}

/// The threads of a serving process.
#[derive(Debug)]
pub struct Worker {
    /// In the order in which they stop: the sealer last, so that it seals what the jobs did.
    threads: [(Sender<()>, JoinHandle<()>); 2],
}

/// How often an idle runner looks for work.
const PAUSE: Duration = Duration::from_millis(250);
/// How long the sealer waits for what to seal: a change is sealed within a second.
const SEALING_PAUSE: Duration = Duration::from_millis(500);

impl Worker {
    /// Starts to work.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub fn start(gateway: &Arc<Gateway>) -> std::io::Result<Self> {
        let spawn = |name: &str, work: fn(&Gateway, &Receiver<()>)| {
            let (stop, stopped) = bounded::<()>(0);
            let gateway = Arc::clone(gateway);
            let thread = std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || work(&gateway, &stopped))?;
            Ok::<_, std::io::Error>((stop, thread))
        };
        Ok(Self {
            threads: [spawn("jobs", work_jobs)?, spawn("sealer", seal)?],
        })
    }

    /// Waits for the running job to end, seals what is left and stops.
    pub fn stop(self) {
        for (stop, thread) in self.threads {
            drop(stop);
            if thread.join().is_err() {
                tracing::error!("a background thread panicked");
            }
        }
    }
}

fn work_jobs(gateway: &Gateway, stopped: &Receiver<()>) {
    let runner = fresh_uuid().to_string();
    let mut timetable = Timetable::new();
    let mut connection = None;
    until_stopped(stopped, PAUSE, || {
        timetable.forget_callers(gateway, Instant::now());
        with_connection(&gateway.app, &mut connection, |db| {
            timetable.run_due(gateway, db, Instant::now())?;
            while !gateway.app.is_stopping() && attempt_next(&gateway.app, db, &runner, &perform)? {
            }
            Ok(())
        });
    });
}

fn seal(gateway: &Gateway, stopped: &Receiver<()>) {
    let mut sealer = Sealer::default();
    let mut connection = None;
    until_stopped(stopped, SEALING_PAUSE, || {
        with_connection(&gateway.app, &mut connection, |db| {
            sealer.round(&gateway.app, db, Instant::now())
        });
    });
    with_connection(&gateway.app, &mut connection, |db| {
        sealer.last_round(&gateway.app, db)
    });
}

/// Calls `work` with pauses until the process stops.
fn until_stopped(stopped: &Receiver<()>, pause: Duration, mut work: impl FnMut()) {
    loop {
        // A panic must not end the thread: nothing would be done any more, and nobody would see.
        if catch_unwind(AssertUnwindSafe(&mut work)).is_err() {
            tracing::error!("background work panicked");
        }
        // Nothing is ever sent: the channel closes when the process stops.
        if stopped.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// Calls `work` with the kept connection or a new one; after an error the next call opens anew.
fn with_connection(app: &App, kept: &mut Option<Db>, work: impl FnOnce(&mut Db) -> Result<()>) {
    let outcome = match kept.take().map_or_else(|| open(app), Ok) {
        Ok(mut db) => work(&mut db).map(|()| db),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(db) => *kept = Some(db),
        Err(error) => {
            tracing::warn!(error.code = error.code(), fault = %error, "background work failed");
        }
    }
}

/// Claims a job that is due and attempts it. False when there is none.
fn attempt_next(
    app: &App,
    db: &mut Db,
    runner: &str,
    perform: &impl Fn(&App, &Claimed, &mut Db) -> anyhow::Result<()>,
) -> Result<bool> {
    const VIEWER: Viewer = Viewer::System("jobs");
    if !jobs::has_due(db, app.now())? {
        return Ok(false);
    }
    let Some(job) = db.write(&VIEWER, app.now(), |tx| jobs::claim(tx, runner))? else {
        return Ok(false);
    };
    match attempt(app, &job, db, perform) {
        Ok(()) => {
            if !db.write(&VIEWER, app.now(), |tx| jobs::finish(tx, &job))? {
                tracing::warn!(job = %job.id.uuid(), "a job took longer than its lease");
            }
        }
        Err(error) => {
            let text: String = format!("{error:#}").chars().take(1000).collect();
            let outlook = Outlook::of(&error);
            let verdict = db.write(&VIEWER, app.now(), |tx| {
                jobs::fail(tx, &job, &text, outlook)
            })?;
            let dead = verdict == Some(Verdict::Dead);
            tracing::warn!(job = %job.id.uuid(), kind = job.kind, attempt = job.attempt, dead, error = text, "a job failed");
        }
    }
    Ok(true)
}

fn attempt(
    app: &App,
    job: &Claimed,
    db: &mut Db,
    perform: &impl Fn(&App, &Claimed, &mut Db) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if job.attempt > ATTEMPTS {
        bail!("its process ended during each of its last attempts");
    }
    if let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| perform(app, job, &mut *db))) {
        outcome
    } else {
        // The connection may be in the middle of anything.
        *db = open(app)?;
        bail!("it panicked")
    }
}

fn run<J: Run>(app: &App, job: &Claimed, db: &mut Db) -> anyhow::Result<()> {
    let message: J = job
        .payload
        .read()
        .with_context(|| format!("this version cannot read the message of {}", J::NAME))?;
    message.run(app, job.id, db)
}

fn open(app: &App) -> Result<Db> {
    app.connector
        .open(Use::Serving)
        .map_err(|error| crate::kernel::error::Error::Unavailable(error.to_string()))
}
