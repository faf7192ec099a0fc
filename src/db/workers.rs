//! Threads that own a connection each and take whole operations from a bounded queue. What it is
//! not: async; a worker runs one operation to its end before it takes the next.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use crate::db::connect::Use;
use crate::db::{Connector, Db};
use crate::kernel::error::{Error, Result};

/// Which workers may run an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// It only reads.
    Reading,
    /// It writes: on SQLite there is one writer.
    Writing,
}

type Task = Box<dyn FnOnce(&mut Slot) + Send>;

/// The database workers of a process.
#[derive(Debug)]
pub struct Workers {
    reading: Sender<Task>,
    writing: Sender<Task>,
}

impl Workers {
    /// Starts `size` workers: on SQLite one of them writes and the others read, on PostgreSQL all
    /// do both. Each queue holds at most `queue_limit` waiting operations.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub fn start(connector: &Connector, size: usize, queue_limit: usize) -> std::io::Result<Self> {
        if connector.is_sqlite() {
            let reading = spawn(
                connector,
                Use::Reading,
                size.saturating_sub(1).max(1),
                queue_limit,
            )?;
            let writing = spawn(connector, Use::Serving, 1, queue_limit)?;
            return Ok(Self { reading, writing });
        }
        let both = spawn(connector, Use::Serving, size.max(2), queue_limit)?;
        Ok(Self {
            reading: both.clone(),
            writing: both,
        })
    }

    /// Hands a task to a worker of the lane.
    ///
    /// # Errors
    /// `Unavailable` when the queue is full.
    pub fn submit(&self, lane: Lane, task: impl FnOnce(&mut Slot) + Send + 'static) -> Result<()> {
        let queue = match lane {
            Lane::Reading => &self.reading,
            Lane::Writing => &self.writing,
        };
        queue.try_send(Box::new(task)).map_err(|error| {
            Error::Unavailable(match error {
                TrySendError::Full(_) => "the queue of the database workers is full".to_owned(),
                TrySendError::Disconnected(_) => "the database workers have stopped".to_owned(),
            })
        })
    }

    /// How many operations wait: readers, writers.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        (self.reading.len(), self.writing.len())
    }
}

fn spawn(
    connector: &Connector,
    purpose: Use,
    size: usize,
    queue_limit: usize,
) -> std::io::Result<Sender<Task>> {
    let (sender, receiver) = bounded::<Task>(queue_limit);
    for number in 1..=size {
        let slot = Slot {
            connector: connector.clone(),
            purpose,
            connection: None,
            failed_at: None,
        };
        let receiver = receiver.clone();
        // An operation nests resolvers to the depth the guard allows; debug builds need the room.
        std::thread::Builder::new()
            .name(format!("database-{purpose:?}-{number}").to_lowercase())
            .stack_size(8 * 1024 * 1024)
            .spawn(move || work(&receiver, slot))?;
    }
    Ok(sender)
}

fn work(queue: &Receiver<Task>, mut slot: Slot) {
    while let Ok(task) = queue.recv() {
        // A panic must not take the worker with it. The one who waits sees that its answer never
        // comes and reports it; the connection may be in any state and is dropped.
        if catch_unwind(AssertUnwindSafe(|| task(&mut slot))).is_err() {
            slot.connection = None;
        }
    }
}

/// Opens connections for one purpose. What it is not: a pool.
#[derive(Debug, Clone)]
pub struct Opener {
    connector: Connector,
    purpose: Use,
}

impl Opener {
    /// A fresh connection.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub fn open(&self) -> Result<Db> {
        self.connector
            .open(self.purpose)
            .map_err(|error| Error::Unavailable(error.to_string()))
    }
}

/// A worker's connection, opened when it is needed and again after it broke.
#[derive(Debug)]
pub struct Slot {
    connector: Connector,
    purpose: Use,
    connection: Option<Db>,
    failed_at: Option<Instant>,
}

impl Slot {
    /// After a refused connection the next tries within this time fail at once, so that a database
    /// that is away does not hold every worker in its connection time-out.
    const REST: Duration = Duration::from_millis(250);

    /// Takes the connection out; who does not [`Slot::give_back`] it has dropped it.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub fn take(&mut self) -> Result<Db> {
        match self.connection.take() {
            Some(db) => Ok(db),
            None => self.open(),
        }
    }

    /// Opens a fresh connection, for one that broke while it lay idle.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub fn open(&mut self) -> Result<Db> {
        if self.failed_at.is_some_and(|at| at.elapsed() < Self::REST) {
            return Err(Error::Unavailable(
                "the database could not be reached a moment ago".to_owned(),
            ));
        }
        match self.connector.open(self.purpose) {
            Ok(db) => {
                self.failed_at = None;
                Ok(db)
            }
            Err(error) => {
                self.failed_at = Some(Instant::now());
                Err(Error::Unavailable(error.to_string()))
            }
        }
    }

    /// Opens connections like this worker's, for an operation that lost its own.
    #[must_use]
    pub fn opener(&self) -> Opener {
        Opener {
            connector: self.connector.clone(),
            purpose: self.purpose,
        }
    }

    /// Runs a read on a connection that may have died while it lay idle: where it did, a fresh one
    /// takes its place and the read runs again.
    ///
    /// # Errors
    /// What `read` says on a living connection; `Unavailable` when there is none to be had.
    pub fn read_alive<T>(&mut self, db: &mut Db, read: impl Fn(&mut Db) -> Result<T>) -> Result<T> {
        match read(db) {
            Err(Error::Unavailable(_)) if db.may_die_idle() => {
                *db = self.open()?;
                read(db)
            }
            outcome => outcome,
        }
    }

    /// Puts a sound connection back for the next operation.
    pub fn give_back(&mut self, db: Db) {
        self.connection = Some(db);
    }
}
