//! What a job is: a named message with an aggregate, and the row it waits in. What it is not: how
//! a job is done.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::ids::JobId;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::jobs;

/// A message about work to be done later.
pub trait Job: Serialize + DeserializeOwned {
    /// The stored name. Rows outlive versions of the program, so a name is never changed or used
    /// for another message.
    const NAME: &'static str;

    /// What the job belongs to, such as `user:<uuid>`: jobs of one aggregate run one after the
    /// other in the order of their making.
    fn aggregate(&self) -> String;
}

crate::text_enum! {
    /// How far a job is.
    pub enum JobState {
        /// To be run when its time has come.
        Waiting = "WAITING",
        /// Claimed by a runner until its lease ends.
        Running = "RUNNING",
        /// Done.
        Finished = "FINISHED",
        /// Failed too often; it waits for somebody to revive it.
        Dead = "DEAD",
    }
}

/// A job as it is stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = jobs, treat_none_as_default_value = false)]
pub(super) struct JobRow {
    pub(super) id: JobId,
    pub(super) kind: &'static str,
    pub(super) payload: Json,
    pub(super) aggregate: String,
    pub(super) state: JobState,
    pub(super) run_after: Instant,
    pub(super) attempts: i32,
    pub(super) created_at: Instant,
}

/// A job that a runner holds.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Claimed {
    /// The job, and the event it announces.
    pub id: JobId,
    /// The [`Job::NAME`] of its message.
    pub kind: String,
    /// The message.
    pub payload: Json,
    /// Which attempt this is, from 1. With the id it is the proof that the lease is still held.
    pub attempt: i32,
}

/// A job that somebody may have to look at.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Unfinished {
    /// The job.
    pub id: JobId,
    /// The [`Job::NAME`] of its message.
    pub kind: String,
    /// How far it is.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is due.
    pub run_after: Instant,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// How many jobs there are in each state that somebody may have to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Waiting for their time or their turn.
    pub waiting: i64,
    /// Claimed by a runner.
    pub running: i64,
    /// Failed too often.
    pub dead: i64,
}
