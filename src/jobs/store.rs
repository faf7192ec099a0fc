//! The queue's table: how jobs come in, are claimed, end and are counted. What it is not: the
//! runner, which is the only caller of everything but `enqueue`, `counts`, `unfinished` and `revive`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::db::sql::{Bind, Sql};
use crate::db::{Db, Tx};
use crate::jobs::model::{Claimed, Counts, Job, JobRow, JobState, Unfinished};
use crate::jobs::rules::{self, Outlook, Verdict};
use crate::kernel::error::Result;
use crate::kernel::ids::JobId;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::sql_types::{Doc, Uid};
use crate::schema::jobs;

/// Puts work on the list, in the transaction of the deed. The id of the job is also the id of the
/// event: whoever is told of it twice recognises it by this.
///
/// # Errors
/// What the database says.
pub fn enqueue(tx: &mut Tx<'_>, job: &impl Job) -> Result<JobId> {
    enqueue_at(tx, job, tx.now)
}

/// As [`enqueue`], for work that is not to be done before an instant. Later jobs of the same
/// aggregate wait for it.
///
/// # Errors
/// What the database says.
pub fn enqueue_at<J: Job>(tx: &mut Tx<'_>, job: &J, run_after: Instant) -> Result<JobId> {
    let row = JobRow {
        id: tx.new_id(),
        kind: J::NAME,
        payload: Json::of(job)?,
        aggregate: job.aggregate(),
        state: JobState::Waiting,
        run_after,
        attempts: 0,
        created_at: tx.now,
    };
    diesel::insert_into(jobs::table)
        .values(&row)
        .execute(tx.db)?;
    Ok(row.id)
}

/// Whether a job can be claimed now. A plain read, so that an idle runner never takes SQLite's
/// write lock.
///
/// # Errors
/// What the database says.
pub fn has_due(db: &mut Db, now: Instant) -> Result<bool> {
    let statement = Sql::new("SELECT count(*) FROM (")
        .append(due(now))
        .text(") due");
    Ok(statement.number(db)? > 0)
}

/// Claims the job that has been due longest, for [`rules::LEASE`]. Several runners may claim at
/// once and get different jobs. A job whose lease has ended is claimed again: its runner died, or
/// finished it without being able to say so.
///
/// # Errors
/// What the database says.
pub fn claim(tx: &mut Tx<'_>, runner: &str) -> Result<Option<Claimed>> {
    let lease = tx.now.plus(rules::LEASE);
    let next = match tx.db {
        // A row that another runner is just claiming is passed over instead of waited for.
        Db::Postgres(_) => due(tx.now).text(" FOR UPDATE SKIP LOCKED"),
        Db::Sqlite(_) => due(tx.now),
    };
    let statement =
        Sql::new("UPDATE jobs SET state = 'RUNNING', attempts = attempts + 1, locked_until = ")
            .bind(Bind::Stamp(lease))
            .text(", locked_by = ")
            .bind_text(runner)
            .text(" WHERE id = (")
            .append(next)
            .text(") RETURNING id, kind, payload, attempts");
    let claimed = statement.load::<(Uid, Text, Doc, Integer), Claimed>(tx.db)?;
    Ok(claimed.into_iter().next())
}

/// Marks a claimed job as done and forgets its message. False when the lease had ended and another
/// runner has taken the job.
///
/// # Errors
/// What the database says.
pub fn finish(tx: &mut Tx<'_>, job: &Claimed) -> Result<bool> {
    let rows = diesel::update(held(job))
        .set((
            jobs::state.eq(JobState::Finished),
            jobs::payload.eq(Json(serde_json::json!({}))),
            jobs::locked_until.eq(None::<Instant>),
            jobs::locked_by.eq(None::<String>),
            jobs::last_error.eq(None::<String>),
            jobs::finished_at.eq(Some(tx.now)),
        ))
        .execute(tx.db)?;
    Ok(rows == 1)
}

/// Marks a claimed job as failed: it waits for its next attempt, if one may go better, or is dead.
/// None when the lease had ended and another runner has taken the job.
///
/// # Errors
/// What the database says.
pub fn fail(
    tx: &mut Tx<'_>,
    job: &Claimed,
    error: &str,
    outlook: Outlook,
) -> Result<Option<Verdict>> {
    let verdict = rules::after_failure(job.id, job.attempt, outlook);
    let (state, run_after, finished_at) = match verdict {
        Verdict::Again(pause) => (JobState::Waiting, tx.now.plus(pause), None),
        Verdict::Dead => (JobState::Dead, tx.now, Some(tx.now)),
    };
    let rows = diesel::update(held(job))
        .set((
            jobs::state.eq(state),
            jobs::run_after.eq(run_after),
            jobs::locked_until.eq(None::<Instant>),
            jobs::locked_by.eq(None::<String>),
            jobs::last_error.eq(Some(error)),
            jobs::finished_at.eq(finished_at),
        ))
        .execute(tx.db)?;
    Ok((rows == 1).then_some(verdict))
}

/// Gives every dead job its attempts again, and tells which.
///
/// # Errors
/// What the database says.
pub fn revive(tx: &mut Tx<'_>) -> Result<Vec<JobId>> {
    let dead: Vec<JobId> = jobs::table
        .filter(jobs::state.eq(JobState::Dead))
        .order(jobs::id)
        .select(jobs::id)
        .load(tx.db)?;
    for job in &dead {
        diesel::update(jobs::table.find(job))
            .set((
                jobs::state.eq(JobState::Waiting),
                jobs::attempts.eq(0),
                jobs::run_after.eq(tx.now),
                jobs::finished_at.eq(None::<Instant>),
            ))
            .execute(tx.db)?;
    }
    Ok(dead)
}

/// Jobs that are not finished, the dead first and then by their time, at most so many.
///
/// # Errors
/// What the database says.
pub fn unfinished(db: &mut Db, most: i64) -> Result<Vec<Unfinished>> {
    Ok(jobs::table
        .filter(jobs::state.ne(JobState::Finished))
        // DEAD, RUNNING, WAITING: the order of the words is that of their weight.
        .order((jobs::state, jobs::run_after, jobs::id))
        .limit(most)
        .select((
            jobs::id,
            jobs::kind,
            jobs::state,
            jobs::attempts,
            jobs::run_after,
            jobs::last_error,
        ))
        .load(db)?)
}

/// Removes jobs that ended longer ago than they are kept.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now.plus(-rules::MEMORY);
    Ok(diesel::delete(jobs::table.filter(jobs::finished_at.lt(before))).execute(tx.db)?)
}

/// How many jobs wait, run and are dead.
///
/// # Errors
/// What the database says.
pub fn counts(db: &mut Db) -> Result<Counts> {
    let statement =
        Sql::new("SELECT state, count(*) FROM jobs WHERE state <> 'FINISHED' GROUP BY state");
    let mut counts = Counts::default();
    for (state, number) in statement.load::<(Text, BigInt), (JobState, i64)>(db)? {
        match state {
            JobState::Waiting => counts.waiting = number,
            JobState::Running => counts.running = number,
            JobState::Dead => counts.dead = number,
            JobState::Finished => {}
        }
    }
    Ok(counts)
}

/// The id of the job that has been due longest and is the first unfinished one of its aggregate.
/// Ids grow with time and are made inside the transaction that holds the aggregate, so their order
/// is that of the deeds.
fn due(now: Instant) -> Sql {
    Sql::new("SELECT job.id FROM jobs job WHERE (job.state = 'WAITING' AND job.run_after <= ")
        .bind(Bind::Stamp(now))
        .text(" OR job.state = 'RUNNING' AND job.locked_until <= ")
        .bind(Bind::Stamp(now))
        .text(
            ") AND NOT EXISTS (SELECT 1 FROM jobs earlier WHERE earlier.aggregate = job.aggregate \
             AND earlier.state IN ('WAITING', 'RUNNING') AND earlier.id < job.id) \
             ORDER BY job.run_after, job.id LIMIT 1",
        )
}

/// The row of a claimed job, as long as it is this claim's.
#[diesel::dsl::auto_type(no_type_alias)]
fn held(job: &Claimed) -> _ {
    let id: JobId = job.id;
    let attempt: i32 = job.attempt;
    let running: JobState = JobState::Running;
    jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::state.eq(running))
        .filter(jobs::attempts.eq(attempt))
}
