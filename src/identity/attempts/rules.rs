//! How many failed sign-ins an account bears, and for how long it then answers no one. Pure: state
//! in, state out; the store keeps one state an account and locks its row.
//!
//! The rule holds against guesses made side by side as long as [`settle`] runs in a transaction
//! *after* the password was compared: of any number of guesses that were let in together, ten
//! learn their outcome and all others learn only that the account is blocked.
//!
//! Key the state by the e-mail address that was typed, not by the user: an address without an
//! account must be blocked alike, or being blocked would tell that the account exists.

use chrono::{DateTime, TimeDelta, Utc};

/// What is remembered of an account's failed sign-ins. The default is a clean slate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttemptState {
    /// The failures that still count, at most nine: the tenth blocks and takes their place.
    pub failures: Vec<DateTime<Utc>>,
    /// Until when the account is blocked, exclusive. Past instants mean nothing.
    pub blocked_until: Option<DateTime<Utc>>,
}

/// How the password compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is the account's.
    Right,
    /// It is not, or there is no such account.
    Wrong,
}

/// What the caller is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Signed in.
    Accepted,
    /// Wrong e-mail address or password.
    Refused,
    /// `RATE_LIMITED` until then, whatever the password was.
    Blocked(DateTime<Utc>),
}

/// So many failures within [`WINDOW`] block the account.
pub const MAX_FAILURES: usize = 10;
/// How long a failure counts.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How long a block lasts. Attempts during it neither prolong it nor count.
pub const BLOCK: TimeDelta = TimeDelta::minutes(15);

/// Until when the account is blocked, if it is. To be asked before a password is hashed, which
/// saves the work; [`settle`] asks again.
#[must_use]
pub fn blocked_until(state: &AttemptState, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    state.blocked_until.filter(|until| now < *until)
}

/// Decides what to answer after the password was compared, and what to remember. A right password
/// forgives the failures before it (NIST SP 800-63B, rate limiting).
#[must_use]
pub fn settle(
    state: &AttemptState,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> (Answer, AttemptState) {
    if let Some(until) = blocked_until(state, now) {
        return (Answer::Blocked(until), state.clone());
    }
    match outcome {
        Outcome::Right => (Answer::Accepted, AttemptState::default()),
        Outcome::Wrong => (Answer::Refused, after_failure(state, now)),
    }
}

fn after_failure(state: &AttemptState, now: DateTime<Utc>) -> AttemptState {
    let mut failures: Vec<DateTime<Utc>> = state
        .failures
        .iter()
        .copied()
        .filter(|at| now.signed_duration_since(*at) < WINDOW)
        .collect();
    failures.push(now);
    if failures.len() < MAX_FAILURES {
        return AttemptState {
            failures,
            blocked_until: None,
        };
    }
    AttemptState {
        failures: Vec::new(),
        blocked_until: Some(
            now.checked_add_signed(BLOCK)
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-03-15T12:00:00Z".parse().unwrap();
        start + TimeDelta::seconds(seconds)
    }

    /// Plays attempts, given as second and outcome, and returns the last answer.
    fn play(attempts: &[(i64, Outcome)]) -> Answer {
        let mut state = AttemptState::default();
        let mut last = Answer::Accepted;
        for (second, outcome) in attempts {
            (last, state) = settle(&state, *outcome, at(*second));
            assert!(state.failures.len() < MAX_FAILURES);
        }
        last
    }

    fn wrong(seconds: impl IntoIterator<Item = i64>) -> Vec<(i64, Outcome)> {
        seconds
            .into_iter()
            .map(|second| (second, Outcome::Wrong))
            .collect()
    }

    #[test]
    fn ten_failures_in_fifteen_minutes_block_for_fifteen_minutes() {
        use Answer::{Accepted, Blocked, Refused};
        use Outcome::{Right, Wrong};
        let cases = [
            ("right at once", vec![], (0, Right), Accepted),
            ("wrong at once", vec![], (0, Wrong), Refused),
            ("nine, then right", wrong(0..9), (9, Right), Accepted),
            ("the tenth is refused", wrong(0..9), (9, Wrong), Refused),
            (
                "ten, then wrong",
                wrong(0..10),
                (10, Wrong),
                Blocked(at(909)),
            ),
            (
                "ten, then right",
                wrong(0..10),
                (10, Right),
                Blocked(at(909)),
            ),
            ("last second", wrong(0..10), (908, Right), Blocked(at(909))),
            ("block over, right", wrong(0..10), (909, Right), Accepted),
            ("block over, wrong", wrong(0..10), (909, Wrong), Refused),
            (
                "tries do not prolong",
                wrong(0..200),
                (909, Right),
                Accepted,
            ),
            (
                "all at one instant",
                wrong([0; 10]),
                (0, Right),
                Blocked(at(900)),
            ),
            (
                "tenth at the last moment",
                wrong([0, 100, 200, 300, 400, 500, 600, 700, 800, 899]),
                (900, Right),
                Blocked(at(1799)),
            ),
            (
                "tenth too late",
                wrong([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]),
                (901, Right),
                Accepted,
            ),
            (
                "across the end of a fixed window",
                wrong([0, 891, 892, 893, 894, 895, 896, 897, 898, 900, 901]),
                (902, Right),
                Blocked(at(1801)),
            ),
            (
                "one each two minutes",
                wrong((0..100).map(|number| number * 120)),
                (12_000, Right),
                Accepted,
            ),
        ];
        for (name, before, last, expected) in cases {
            let attempts = [before, vec![last]].concat();
            assert_eq!(play(&attempts), expected, "{name}");
        }
    }

    #[test]
    fn a_right_password_forgives() {
        let attempts = [wrong(0..9), vec![(9, Outcome::Right)], wrong(10..19)].concat();
        assert_eq!(play(&attempts), Answer::Refused);
        let last = [attempts, vec![(19, Outcome::Right)]].concat();
        assert_eq!(play(&last), Answer::Accepted);
    }

    #[test]
    fn after_a_block_ten_more_are_borne() {
        let second = [wrong(0..10), wrong(909..918), vec![(918, Outcome::Right)]].concat();
        assert_eq!(play(&second), Answer::Accepted);
        let third = [wrong(0..10), wrong(909..919), vec![(919, Outcome::Right)]].concat();
        assert_eq!(play(&third), Answer::Blocked(at(1818)));
    }

    #[test]
    fn the_question_before_hashing_agrees_with_the_answer_after_it() {
        let state = AttemptState {
            failures: Vec::new(),
            blocked_until: Some(at(900)),
        };
        for second in [0, 899, 900, 901] {
            let asked = blocked_until(&state, at(second));
            let (answer, _) = settle(&state, Outcome::Right, at(second));
            let expected = asked.map_or(Answer::Accepted, Answer::Blocked);
            assert_eq!(answer, expected, "second {second}");
        }
    }

    #[test]
    fn guesses_let_in_together_learn_ten_outcomes() {
        let start = AttemptState::default();
        assert_eq!(blocked_until(&start, at(0)), None);
        let mut state = start;
        let mut told = Vec::new();
        // A thousand passed the first question; the right password is the last to settle.
        for guess in 0..1000 {
            let outcome = if guess == 999 {
                Outcome::Right
            } else {
                Outcome::Wrong
            };
            let (answer, next) = settle(&state, outcome, at(1));
            state = next;
            told.push(answer);
        }
        let refused = told.iter().filter(|answer| **answer == Answer::Refused);
        assert_eq!(refused.count(), MAX_FAILURES);
        assert!(!told.contains(&Answer::Accepted));
    }

    #[test]
    fn a_clock_set_back_forgets_nothing_and_the_end_of_time_does_not_panic() {
        let attempts = [wrong(1000..1009), wrong([0]), vec![(1, Outcome::Right)]].concat();
        assert_eq!(play(&attempts), Answer::Blocked(at(900)));
        let last = DateTime::<Utc>::MAX_UTC;
        let state = AttemptState {
            failures: vec![last; MAX_FAILURES - 1],
            blocked_until: None,
        };
        let (_, state) = settle(&state, Outcome::Wrong, last);
        assert_eq!(state.blocked_until, Some(last));
    }
}
