//! Loading what many siblings ask for in one statement, without timers. A resolver registers its
//! key and yields once; the operation's executor polls all siblings before it comes back, so the
//! first one that runs again finds every key and fetches them together. What it is not: a cache
//! across operations.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use crate::api::operation::Operation;
use crate::db::Db;
use crate::kernel::error::{Error, Result};

/// What comes when all siblings have asked.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Something that is fetched for many keys at once.
pub trait Load: 'static {
    /// What is asked with; it holds the arguments of the field too.
    type Key: Clone + Eq + Hash + Send;
    /// What is found; cheap to clone.
    type Value: Clone + Send;

    /// Fetches all keys; those without a value are left out.
    ///
    /// # Errors
    /// What the database says.
    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[Self::Key],
    ) -> Result<HashMap<Self::Key, Self::Value>>;
}

/// The batches of one operation.
#[derive(Debug, Default)]
pub(crate) struct Batches(Mutex<HashMap<TypeId, Box<dyn Any + Send>>>);

struct Batch<L: Load> {
    waiting: Vec<L::Key>,
    found: HashMap<L::Key, Option<L::Value>>,
}

impl Batches {
    pub(crate) fn clear(&self) {
        self.all().clear();
    }

    fn all(&self) -> MutexGuard<'_, HashMap<TypeId, Box<dyn Any + Send>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<L: Load, T>(&self, work: impl FnOnce(&mut Batch<L>) -> T) -> Result<T> {
        let mut all = self.all();
        let batch = all
            .entry(TypeId::of::<L>())
            .or_insert_with(|| {
                Box::new(Batch::<L> {
                    waiting: Vec::new(),
                    found: HashMap::new(),
                })
            })
            .downcast_mut::<Batch<L>>()
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a batch of another type")))?;
        Ok(work(batch))
    }
}

impl Operation {
    /// Takes a value that a write of this operation has just stored as found: reading it again would
    /// tell the same. The next write forgets it with everything else.
    ///
    /// # Errors
    /// A fault of ours.
    pub fn know<L: Load>(&self, key: L::Key, value: L::Value) -> Result<()> {
        self.batches.with::<L, _>(|batch| {
            batch.found.insert(key, Some(value));
        })
    }

    /// The value of a key, fetched together with those of all siblings.
    ///
    /// # Errors
    /// What the loader says.
    ///
    /// Boxed, because every field of an object reserves room for the largest future of any of its
    /// fields.
    pub fn load<L: Load>(&self, key: L::Key) -> Later<'_, Option<L::Value>> {
        Box::pin(self.load_unboxed::<L>(key))
    }

    async fn load_unboxed<L: Load>(&self, key: L::Key) -> Result<Option<L::Value>> {
        let known = self.batches.with::<L, _>(|batch| {
            let known = batch.found.get(&key).cloned();
            if known.is_none() {
                batch.waiting.push(key.clone());
            }
            known
        })?;
        if let Some(value) = known {
            return Ok(value);
        }

        yield_once().await;

        let keys = self.batches.with::<L, _>(|batch| {
            if batch.found.contains_key(&key) {
                return Vec::new();
            }
            let mut keys = std::mem::take(&mut batch.waiting);
            if !keys.contains(&key) {
                // A sibling's fetch failed and took this key with it.
                keys.push(key.clone());
            }
            keys
        })?;
        if !keys.is_empty() {
            let mut unique: Vec<L::Key> = Vec::with_capacity(keys.len());
            let mut seen = std::collections::HashSet::with_capacity(keys.len());
            for asked in keys {
                if seen.insert(asked.clone()) {
                    unique.push(asked);
                }
            }
            let mut rows = self.read(|db| L::load(db, self, &unique))?;
            self.batches.with::<L, _>(|batch| {
                for asked in unique {
                    let value = rows.remove(&asked);
                    batch.found.insert(asked, value);
                }
            })?;
        }
        self.batches
            .with::<L, _>(|batch| batch.found.get(&key).cloned().flatten())
    }
}

/// Pending exactly once.
async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(move |context| {
        if yielded {
            Poll::Ready(())
        } else {
            yielded = true;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}
