//! The gate before password hashing: so many hashes at a time, so many callers in line, and a
//! limit to their patience.
//!
//! It knows nothing of passwords (`passwords.rs`) and blocks the calling thread, so it belongs in a
//! blocking pool or on the command line, never on an async executor.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Lets at most a fixed number of callers work at the same time.
#[derive(Debug)]
pub struct HashGate {
    occupancy: Mutex<Occupancy>,
    freed: Condvar,
    places: NonZeroUsize,
    line: usize,
    patience: Duration,
}

/// The line is full, or its head did not come in time. Answer UNAVAILABLE and let the client try
/// again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the moment")]
pub struct Unavailable;

impl HashGate {
    /// A gate with `places` for work (one for each core: argon2 keeps a core and its memory
    /// busy), a `line` of at most so many waiting callers, each of which waits as long as
    /// `patience`. The line bounds how many threads of a pool can be held up here.
    #[must_use]
    pub fn new(places: NonZeroUsize, line: usize, patience: Duration) -> Self {
        Self {
            occupancy: Mutex::new(Occupancy::default()),
            freed: Condvar::new(),
            places,
            line,
            patience,
        }
    }

    /// Does the work as soon as there is a place; first come, first served.
    ///
    /// # Errors
    /// [`Unavailable`] when there was none in time; the work is then not done.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> Result<T, Unavailable> {
        let _place = self.enter()?;
        Ok(work())
    }

    fn enter(&self) -> Result<Place<'_>, Unavailable> {
        let mut occupancy = self.occupancy();
        if occupancy.working >= self.places.get() || !occupancy.line.is_empty() {
            if occupancy.line.len() >= self.line {
                return Err(Unavailable);
            }
            let ticket = occupancy.next_ticket;
            occupancy.next_ticket = ticket.wrapping_add(1);
            occupancy.line.push_back(ticket);
            let (guard, waited) = self
                .freed
                .wait_timeout_while(occupancy, self.patience, |occupancy| {
                    occupancy.working >= self.places.get()
                        || occupancy.line.front() != Some(&ticket)
                })
                .unwrap_or_else(PoisonError::into_inner);
            occupancy = guard;
            occupancy.line.retain(|other| *other != ticket);
            // Whoever is first in line now may find another free place.
            self.freed.notify_all();
            if waited.timed_out() {
                return Err(Unavailable);
            }
        }
        occupancy.working += 1;
        drop(occupancy);
        Ok(Place { gate: self })
    }

    /// Nothing panics while the counters are locked, so a poisoned lock still holds true ones.
    fn occupancy(&self) -> MutexGuard<'_, Occupancy> {
        self.occupancy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Occupancy {
    working: usize,
    /// The tickets of those who wait, in the order in which they came.
    line: VecDeque<u64>,
    next_ticket: u64,
}

/// A taken place; dropping it, also by a panic of the work, frees it.
struct Place<'a> {
    gate: &'a HashGate,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.occupancy().working -= 1;
        self.gate.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn gate(places: usize, line: usize, patience: Duration) -> HashGate {
        HashGate::new(NonZeroUsize::new(places).unwrap(), line, patience)
    }

    #[test]
    fn never_more_at_work_than_places() {
        let gate = gate(2, 16, LONG);
        let (working, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    gate.run(|| {
                        let now = working.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        thread::sleep(Duration::from_millis(2));
                        working.fetch_sub(1, Ordering::SeqCst);
                    })
                    .unwrap();
                });
            }
        });
        assert!((1..=2).contains(&most.into_inner()));
        assert_eq!(gate.occupancy().working, 0);
        assert_eq!(gate.occupancy().line.len(), 0);
    }

    #[test]
    fn a_full_line_is_refused_at_once() {
        let gate = gate(1, 0, LONG);
        let inner = gate.run(|| gate.run(|| ()));
        assert_eq!(inner, Ok(Err(Unavailable)));
    }

    #[test]
    fn patience_ends_and_leaves_the_line() {
        let gate = gate(1, 1, Duration::from_millis(5));
        let inner = gate.run(|| (gate.run(|| ()), gate.run(|| ())));
        assert_eq!(inner, Ok((Err(Unavailable), Err(Unavailable))));
        assert_eq!(gate.occupancy().line.len(), 0);
        assert_eq!(gate.run(|| 7), Ok(7));
    }

    #[test]
    fn who_waits_comes_in_when_a_place_is_free() {
        let gate = gate(1, 1, LONG);
        let (release, released) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let first = scope.spawn(|| gate.run(move || released.recv().unwrap()));
            while gate.occupancy().working == 0 {
                thread::yield_now();
            }
            let second = scope.spawn(|| gate.run(|| 2));
            while gate.occupancy().line.is_empty() {
                thread::yield_now();
            }
            // The line of one is full now.
            assert_eq!(gate.run(|| 3), Err(Unavailable));
            release.send(()).unwrap();
            assert_eq!(first.join().unwrap(), Ok(()));
            assert_eq!(second.join().unwrap(), Ok(2));
        });
    }

    #[test]
    fn first_come_first_served() {
        let gate = gate(1, 8, LONG);
        let order = Mutex::new(Vec::new());
        thread::scope(|scope| {
            gate.run(|| {
                for number in 0..8 {
                    let (gate, order) = (&gate, &order);
                    scope.spawn(move || gate.run(|| order.lock().unwrap().push(number)));
                    while gate.occupancy().line.len() <= number {
                        thread::yield_now();
                    }
                }
            })
            .unwrap();
        });
        assert_eq!(order.into_inner().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_panic_frees_its_place() {
        let gate = gate(1, 0, LONG);
        let outcome = catch_unwind(AssertUnwindSafe(|| gate.run(|| panic!("the work failed"))));
        assert!(outcome.is_err());
        assert_eq!(gate.run(|| 7), Ok(7));
    }
}
