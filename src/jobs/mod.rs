//! Work for later: a row in the transaction of the deed, so that no mail is sent for what was
//! taken back and none is lost for what was done. A job runs at least once, in order within its
//! aggregate, again after a failure with growing pauses, and is laid aside as dead when it keeps
//! failing. What it is not: the work itself; the messages are in each slice's `model.rs`, their
//! execution in its `jobs.rs`, and the runner in `server/worker.rs`.
//!
//! Invariants: a job's id is also the id of the event it announces, the same at every attempt. A
//! job of an aggregate runs only when no earlier one of it waits or runs. A finished job keeps no
//! payload, because payloads may hold the secret of a link.

mod model;
pub mod rules;
mod store;

pub use model::{Claimed, Counts, Job, JobState, Unfinished};
pub use store::{
    claim, counts, enqueue, enqueue_at, fail, finish, forget, has_due, revive, unfinished,
};
