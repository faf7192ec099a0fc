//! When a failed job runs again, and when it is given up. What it is not: the reading of a clock.

use chrono::TimeDelta;

use crate::kernel::ids::{Id, JobId};

/// How long a runner may hold a job before another may take it. Every job must end well within
/// it: what it waits for has time limits of its own.
pub const LEASE: TimeDelta = TimeDelta::seconds(120);

/// After so many attempts a job is dead: with [`pause`] this is about ten hours, a night in which
/// nobody looks after a mail server.
pub const ATTEMPTS: i32 = 20;

/// How long finished and dead jobs are kept.
pub const MEMORY: TimeDelta = TimeDelta::days(30);

/// The first pause, in milliseconds.
const FIRST_PAUSE: i64 = 5_000;
/// The longest pause before the jitter, in milliseconds.
const LONGEST_PAUSE: i64 = 3_600_000;

/// What becomes of a job after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It runs again after this pause.
    Again(TimeDelta),
    /// It is laid aside.
    Dead,
}

/// A failure that no further attempt can mend, such as an address that the mail server does not
/// know: the job is laid aside at once. Any other error of a job may pass.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Hopeless(pub String);

/// Whether a failure may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// Another attempt may go well.
    MayPass,
    /// It will go the same way every time.
    Hopeless,
}

impl Outlook {
    /// What the error of a job says of its next attempt.
    #[must_use]
    pub fn of(error: &anyhow::Error) -> Self {
        if error.is::<Hopeless>() {
            Self::Hopeless
        } else {
            Self::MayPass
        }
    }
}

/// Decides about a job whose attempt of this number (from 1) failed.
#[must_use]
pub fn after_failure(job: JobId, attempt: i32, outlook: Outlook) -> Verdict {
    if attempt >= ATTEMPTS || outlook == Outlook::Hopeless {
        Verdict::Dead
    } else {
        Verdict::Again(pause(job, attempt))
    }
}

/// The pause after a failed attempt: it doubles from five seconds to an hour, and a quarter up or
/// down is taken from the job's id, so that jobs that failed together do not come back together
/// and a test knows the pause beforehand.
#[must_use]
pub fn pause(job: JobId, attempt: i32) -> TimeDelta {
    let doublings = u32::try_from(attempt.saturating_sub(1))
        .unwrap_or(0)
        .min(20);
    let base = FIRST_PAUSE
        .saturating_mul(2_i64.saturating_pow(doublings))
        .min(LONGEST_PAUSE);
    // The low half of a version 7 UUID is random.
    let random = job.uuid().as_u64_pair().1.rotate_left(doublings) % 501;
    let permille = 750_i64.saturating_add(i64::try_from(random).unwrap_or(0));
    TimeDelta::milliseconds(base.saturating_mul(permille) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn pauses_double_up_to_an_hour_and_differ_between_jobs() {
        let jobs: Vec<JobId> = (0..50_u128)
            .map(|n| JobId::of(Uuid::from_u128(n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c))))
            .collect();
        for (attempt, base) in [
            (1, 5_000),
            (2, 10_000),
            (5, 80_000),
            (11, 3_600_000),
            (19, 3_600_000),
        ] {
            let mut pauses: Vec<i64> = jobs
                .iter()
                .map(|job| pause(*job, attempt).num_milliseconds())
                .collect();
            assert!(
                pauses
                    .iter()
                    .all(|pause| (base * 3 / 4..=base * 5 / 4).contains(pause)),
                "{attempt}: {pauses:?}"
            );
            pauses.sort_unstable();
            pauses.dedup();
            assert!(pauses.len() > 25, "{attempt}: {pauses:?}");
        }
    }

    #[test]
    fn a_job_is_given_up_after_about_ten_hours() {
        let job = JobId::of(Uuid::from_u128(0));
        let mut whole = TimeDelta::zero();
        for attempt in 1..ATTEMPTS {
            match after_failure(job, attempt, Outlook::MayPass) {
                Verdict::Again(pause) => whole += pause,
                Verdict::Dead => panic!("dead after attempt {attempt}"),
            }
        }
        assert!((6..=14).contains(&whole.num_hours()), "{whole}");
        for attempt in [ATTEMPTS, ATTEMPTS + 1] {
            assert_eq!(after_failure(job, attempt, Outlook::MayPass), Verdict::Dead);
        }
    }

    #[test]
    fn what_no_attempt_can_mend_is_given_up_at_once() {
        let hopeless = anyhow::Error::new(Hopeless("no such address".to_owned()));
        let explained = anyhow::Error::new(Hopeless(String::new())).context("a mail");
        for (error, outlook) in [
            (hopeless, Outlook::Hopeless),
            (explained, Outlook::Hopeless),
            (anyhow::anyhow!("away"), Outlook::MayPass),
        ] {
            assert_eq!(Outlook::of(&error), outlook, "{error:#}");
        }
        let job = JobId::of(Uuid::from_u128(0));
        assert_eq!(after_failure(job, 1, Outlook::Hopeless), Verdict::Dead);
    }
}
