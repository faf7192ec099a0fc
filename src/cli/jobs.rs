//! `jobs`: the background work that waits or was given up, and giving it another chance. What it is
//! not: the doing; that is the running service's.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::access::viewer::Viewer;
use crate::app::Clock;
use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::db::Db;
use crate::identity::audit;
use crate::jobs;
use crate::kernel::ids::Id;

/// Background work, such as mails.
#[derive(Debug, Args)]
pub(super) struct Jobs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print what waits, runs or was given up, with the last error.
    List,
    /// Give everything that was given up its attempts again; a running service does it at once.
    Retry,
}

/// More jobs than this are counted and not listed.
const LISTED: i64 = 100;

pub(super) fn run(config: &Config, command: &Jobs) -> Result<(), Failure> {
    let (_, mut db) = open::current(config)?;
    match command.command {
        Command::List => list(&mut db),
        Command::Retry => retry(&mut db),
    }
}

fn list(db: &mut Db) -> Result<(), Failure> {
    for job in jobs::unfinished(db, LISTED)? {
        let last_error = job.last_error.as_deref().unwrap_or("no error");
        say(&format!(
            "{} {} {}: {} attempts, due {}, {last_error}",
            job.state.as_str(),
            job.id.uuid(),
            job.kind,
            job.attempts,
            job.run_after.rfc3339(),
        ));
    }
    let counts = jobs::counts(db)?;
    say(&format!(
        "{} waiting, {} running, {} given up",
        counts.waiting, counts.running, counts.dead
    ));
    Ok(())
}

fn retry(db: &mut Db) -> Result<(), Failure> {
    let revived = db.write(&Viewer::System("jobs retry"), Clock::System.now(), |tx| {
        let revived = jobs::revive(tx)?;
        for job in &revived {
            audit::record(tx, "job.retried", *job, None, json!({}))?;
        }
        Ok(revived)
    })?;
    match revived.len() {
        0 => say("nothing was given up"),
        1 => say("1 job will be tried again"),
        number => say(&format!("{number} jobs will be tried again")),
    }
    Ok(())
}
