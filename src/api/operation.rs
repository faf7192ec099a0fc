//! One GraphQL operation or REST request on its database worker: the connection, who asks, when,
//! and in which language. Reads share one lazily opened snapshot; each write is a transaction of
//! its own, after which the next read opens a new snapshot. What it is not: transport; it knows no
//! HTTP.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::access::viewer::Viewer;
use crate::api::batch::Batches;
use crate::db::workers::{Opener, Slot};
use crate::db::{Db, Mode, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::language::Language;
use crate::kernel::refusal::Refusal;

/// A running operation.
#[derive(Debug)]
pub struct Operation {
    session: Mutex<Session>,
    /// The batches of this operation.
    pub(crate) batches: Batches,
    /// Who asks.
    pub viewer: Viewer,
    /// When the operation happens; one instant for all of it.
    pub now: Instant,
    /// The language of messages and default texts.
    pub language: Language,
    /// The idempotency key of the request's header.
    pub idempotency_key: Option<String>,
    /// Correlates log lines, audit entries and the answer.
    pub request_id: String,
    /// What is left of the caller's rate, for the `rateLimit` field.
    pub allowance: Allowance,
    /// Replaces a connection that died while it lay idle; without it such a death is an error.
    pub opener: Option<Opener>,
    replayed: AtomicBool,
    personal: AtomicBool,
    performed: Mutex<HashMap<String, Performed>>,
}

/// What came of a mutation field: its receipt, or why it was refused.
#[derive(Debug, Clone)]
enum Performed {
    Done(Json),
    Refused(Vec<Refusal>),
}

/// A caller's rate of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// Requests a minute; 0 is without limit.
    pub limit: u32,
    /// Requests that may follow at once.
    pub remaining: u32,
}

#[derive(Debug)]
struct Session {
    db: Option<Db>,
    in_snapshot: bool,
    broken: bool,
}

impl Operation {
    /// Begins an operation on a worker's connection.
    #[must_use]
    pub fn new(
        db: Db,
        viewer: Viewer,
        now: Instant,
        language: Language,
        idempotency_key: Option<String>,
        request_id: String,
    ) -> Self {
        Self {
            session: Mutex::new(Session {
                db: Some(db),
                in_snapshot: false,
                broken: false,
            }),
            batches: Batches::default(),
            viewer,
            now,
            language,
            idempotency_key,
            request_id,
            allowance: Allowance::default(),
            opener: None,
            replayed: AtomicBool::new(false),
            personal: AtomicBool::new(false),
            performed: Mutex::default(),
        }
    }

    /// Today in Copenhagen, the zone of the network's seat for dates without a place.
    #[must_use]
    pub fn today(&self) -> chrono::NaiveDate {
        self.now.date_in(chrono_tz::Europe::Copenhagen)
    }

    /// Reads in the operation's snapshot.
    ///
    /// # Errors
    /// What `work` says.
    pub fn read<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        let mut session = self.session();
        let session = &mut *session;
        let db = session.db.as_mut().ok_or_else(gone)?;
        if !session.in_snapshot {
            self.begin(db, Mode::Snapshot)
                .map_err(|error| note(&mut session.broken, error))?;
            session.in_snapshot = true;
        }
        work(db).map_err(|error| note(&mut session.broken, error))
    }

    /// Writes in a transaction of its own. What was read before it is forgotten.
    ///
    /// # Errors
    /// What `work` or the commit says.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut session = self.session();
        let session = &mut *session;
        let db = session.db.as_mut().ok_or_else(gone)?;
        if session.in_snapshot {
            session.in_snapshot = false;
            db.rollback()
                .map_err(|error| note(&mut session.broken, error.into()))?;
        }
        self.batches.clear();
        self.begin(db, Mode::Write)
            .map_err(|error| note(&mut session.broken, error))?;
        db.write_begun(&self.viewer, self.now, Some(&self.request_id), work)
            .map_err(|error| note(&mut session.broken, error))
    }

    /// Begins a transaction; on a fresh connection where the first one turns out to be dead.
    /// Nothing ran in the transaction yet, so beginning it again repeats nothing.
    fn begin(&self, db: &mut Db, mode: Mode) -> Result<()> {
        match (db.begin(mode).map_err(Error::from), &self.opener) {
            (Err(Error::Unavailable(_)), Some(opener)) if db.may_die_idle() => {
                *db = opener.open()?;
                Ok(db.begin(mode)?)
            }
            (begun, _) => begun,
        }
    }

    /// Says that the answer repeats an earlier effect.
    pub fn mark_replayed(&self) {
        self.replayed.store(true, Ordering::Relaxed);
    }

    /// Whether the answer repeats an earlier effect.
    #[must_use]
    pub fn is_replayed(&self) -> bool {
        self.replayed.load(Ordering::Relaxed)
    }

    /// Says that the answer is for this caller alone, also when nobody is signed in.
    pub fn mark_personal(&self) {
        self.personal.store(true, Ordering::Relaxed);
    }

    /// Whether the answer is for this caller alone.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.personal.load(Ordering::Relaxed)
    }

    /// What came of the mutation field with this key in the answer, if it was performed already.
    pub(crate) fn performed(&self, place: &str) -> Option<Result<Json>> {
        let performed = self.performed.lock();
        let performed = performed.unwrap_or_else(PoisonError::into_inner);
        performed.get(place).cloned().map(|known| match known {
            Performed::Done(receipt) => Ok(receipt),
            Performed::Refused(refusals) => Err(Error::Refused(refusals)),
        })
    }

    /// Remembers what came of a mutation field. A fault ends the operation and is not remembered.
    pub(crate) fn remember_performed<T: Serialize>(
        &self,
        place: &str,
        done: &Result<T>,
    ) -> Result<()> {
        let known = match done {
            Ok(value) => Performed::Done(Json::of(value)?),
            Err(Error::Refused(refusals)) => Performed::Refused(refusals.clone()),
            Err(_) => return Ok(()),
        };
        let performed = self.performed.lock();
        let mut performed = performed.unwrap_or_else(PoisonError::into_inner);
        performed.insert(place.to_owned(), known);
        Ok(())
    }

    /// Whether the operation lost its connection.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.session().broken
    }

    /// Ends the operation and gives a sound connection back to its worker.
    pub fn end(&self, slot: &mut Slot) {
        let mut session = self.session();
        if let Some(mut db) = session.db.take() {
            let clean = !session.in_snapshot || db.rollback().is_ok();
            if clean && !session.broken {
                slot.give_back(db);
            }
        }
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that failed for want of the database is not used again.
fn note(broken: &mut bool, error: Error) -> Error {
    if matches!(error, Error::Unavailable(_)) {
        *broken = true;
    }
    error
}

fn gone() -> Error {
    Error::Internal(anyhow::anyhow!("the operation has ended"))
}
