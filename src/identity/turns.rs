//! Requests with the same idempotency key take turns in this process, before they wait for a database
//! worker: on SQLite the second would only stand in the writer's queue behind the first. What it is
//! not: the memory of keys, nor a lock between processes; both are in the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use crate::kernel::error::{Error, Result};

/// How long a request waits for the one before it.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// A viewer and a key.
type Place = (String, String);

type All = Arc<Mutex<HashMap<Place, Arc<tokio::sync::Mutex<()>>>>>;

/// The keys that requests are running with.
#[derive(Debug, Default)]
pub struct Turns(All);

/// The turn of a request; it ends when this is dropped.
#[derive(Debug)]
pub struct Turn {
    all: All,
    place: Place,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits until no other request of the viewer runs with the key.
    ///
    /// # Errors
    /// `IdempotencyInProgress` when one still runs after `patience`.
    pub async fn take(&self, viewer: &str, key: &str, patience: Duration) -> Result<Turn> {
        let place = (viewer.to_owned(), key.to_owned());
        let turn = Arc::clone(lock(&self.0).entry(place.clone()).or_default());
        let mut mine = Turn {
            all: Arc::clone(&self.0),
            place,
            guard: None,
        };
        match tokio::time::timeout(patience, turn.lock_owned()).await {
            Ok(guard) => {
                mine.guard = Some(guard);
                Ok(mine)
            }
            Err(_) => Err(Error::IdempotencyInProgress),
        }
    }

    /// How many keys requests are running with.
    #[must_use]
    pub fn running(&self) -> usize {
        lock(&self.0).len()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut all = lock(&self.all);
        // Whoever waits holds the turn as well; the last one to leave takes the entry away.
        if all
            .get(&self.place)
            .is_some_and(|turn| Arc::strong_count(turn) == 1)
        {
            all.remove(&self.place);
        }
    }
}

fn lock(
    all: &Mutex<HashMap<Place, Arc<tokio::sync::Mutex<()>>>>,
) -> MutexGuard<'_, HashMap<Place, Arc<tokio::sync::Mutex<()>>>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn one_at_a_time_for_a_viewer_and_a_key() {
        actix_web::rt::System::new().block_on(async {
            let turns = Turns::default();
            let first = turns.take("a", "k", SHORT).await.unwrap();
            let other_key = turns.take("a", "l", SHORT).await.unwrap();
            let other_viewer = turns.take("b", "k", SHORT).await.unwrap();
            let second = turns.take("a", "k", SHORT).await;
            assert!(matches!(second, Err(Error::IdempotencyInProgress)));
            assert_eq!(turns.running(), 3);
            drop(first);
            drop(turns.take("a", "k", SHORT).await.unwrap());
            drop((other_key, other_viewer));
            assert_eq!(turns.running(), 0);
        });
    }

    #[test]
    fn who_waits_is_next() {
        actix_web::rt::System::new().block_on(async {
            let turns = Turns::default();
            let first = turns.take("a", "k", SHORT).await.unwrap();
            let (second, ()) = tokio::join!(turns.take("a", "k", PATIENCE), async move {
                tokio::task::yield_now().await;
                drop(first);
            });
            drop(second.unwrap());
            assert_eq!(turns.running(), 0);
        });
    }
}
