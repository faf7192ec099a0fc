//! The running service without its transport: settings, database workers, keys, clock. It hands an
//! operation to a database worker, which is the only bridge between async and blocking code. What
//! it is not: HTTP or GraphQL.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, oneshot};

use crate::config::Config;
use crate::db::workers::{Lane, Slot, Workers};
use crate::db::{Connector, Db};
use crate::files::FileStore;
use crate::finance::deliveries::Courier;
use crate::finance::legal::LegalData;
use crate::identity::hash_gate::HashGate;
use crate::identity::hash_memory::HashMemory;
use crate::identity::keys::SigningKeys;
use crate::identity::turns::Turns;
use crate::identity::viewers::RecentViewers;
use crate::jobs::Job;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::JobId;
use crate::kernel::instant::Instant;
use crate::notifications::Mailer;
use crate::programme::reference::Reference;
use crate::programme::search::SearchIndex;

/// How long a request may wait for its operation, in the queue and on the worker.
pub const OPERATION_TIME: Duration = Duration::from_secs(5);

/// The running service.
#[derive(Debug)]
pub struct App {
    /// The settings.
    pub config: Config,
    /// Opens connections outside the workers: the job runner, commands.
    pub connector: Connector,
    /// The database workers.
    pub workers: Workers,
    /// The time.
    pub clock: Clock,
    /// The keys that sign access tokens and audit checkpoints.
    pub keys: SigningKeys,
    /// The gate that lets one password hash a core through at a time.
    pub hashing: HashGate,
    /// Where passwords are checked.
    pub hash_memory: HashMemory,
    /// Who stands behind the sessions that were used a moment ago.
    pub viewers: RecentViewers,
    /// The idempotency keys that requests are running with.
    pub turns: Turns,
    /// One export at a time: its reader may be slow, and a database worker waits for it.
    pub exports: Arc<Semaphore>,
    /// The stored files.
    pub files: FileStore,
    /// The way of mails.
    pub mailer: Mailer,
    /// The way of electronic invoices.
    pub courier: Courier,
    /// The reference texts.
    pub reference: Arc<Reference>,
    /// What can be searched, in memory.
    pub search: SearchIndex,
    /// What the law says about paying late.
    pub legal: Arc<LegalData>,
    /// Where the service listens, once it does.
    address: OnceLock<SocketAddr>,
    stopping: AtomicBool,
}

impl App {
    /// Puts the service together; nothing runs yet but the database workers.
    ///
    /// # Errors
    /// The settings name a database that cannot be or data that are not sound, or the system refuses
    /// threads.
    pub fn new(
        config: Config,
        clock: Clock,
        keys: SigningKeys,
        reference: Reference,
    ) -> anyhow::Result<Self> {
        let connector = Connector::new(&config.database_url, config.sqlite_max_pages)?;
        let workers = Workers::start(&connector, config.workers(), config.queue_limit)?;
        let cores = std::thread::available_parallelism().unwrap_or(std::num::NonZeroUsize::MIN);
        let files = FileStore::new(config.files_dir());
        let mailer = Mailer::new(
            config.smtp_url.as_deref(),
            config.outbox_dir(),
            config.mail_from.as_deref(),
        )?;
        let courier = Courier::new(
            config.access_point_url.as_deref(),
            config.access_point_token_file.as_deref(),
            config.outbox_dir().join("documents"),
        )?;
        let legal = LegalData::load(config.data_dir.as_deref())?;
        Ok(Self {
            config,
            connector,
            workers,
            clock,
            keys,
            hashing: HashGate::new(cores, 64, Duration::from_secs(4)),
            hash_memory: HashMemory::default(),
            viewers: RecentViewers::default(),
            turns: Turns::default(),
            exports: Arc::new(Semaphore::new(1)),
            files,
            mailer,
            courier,
            reference: Arc::new(reference),
            search: SearchIndex::new()?,
            legal: Arc::new(legal),
            address: OnceLock::new(),
            stopping: AtomicBool::new(false),
        })
    }

    /// Notes where the service listens.
    pub fn listens(&self, address: SocketAddr) {
        // A second server of one process, as in tests, does not move the links.
        let _ = self.address.set(address);
    }

    /// The address under which people reach the service, without a slash at its end: as the settings
    /// say, else where it listens on this machine.
    #[must_use]
    pub fn public_url(&self) -> String {
        match (&self.config.public_url, self.address.get()) {
            (Some(url), _) => url.trim_end_matches('/').to_owned(),
            (None, Some(address)) => url_of(*address),
            (None, None) => format!("http://{}", self.config.listen),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Runs a task on a database worker and waits for it at most [`OPERATION_TIME`]. When the time
    /// is over the task still runs to its end; a write of it may still commit.
    ///
    /// # Errors
    /// `Unavailable` when the queue is full, the time is over or the task panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        task: impl FnOnce(&mut Slot) -> T + Send + 'static,
    ) -> Result<T, NotRun> {
        self.run_within(OPERATION_TIME, lane, task).await
    }

    /// As [`App::run`], waiting as long as `limit`.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn run_within<T: Send + 'static>(
        &self,
        limit: Duration,
        lane: Lane,
        task: impl FnOnce(&mut Slot) -> T + Send + 'static,
    ) -> Result<T, NotRun> {
        let (sender, receiver) = oneshot::channel();
        let submitted = self.workers.submit(lane, move |slot| {
            // Nobody waits any more: what only reads need not run, what writes must not be
            // half-hearted, so both go by the same rule as long as they have not begun.
            if sender.is_closed() {
                return;
            }
            let outcome = task(slot);
            drop(sender.send(outcome));
        });
        submitted.map_err(NotRun::Refused)?;
        match tokio::time::timeout(limit, receiver).await {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(_)) => Err(NotRun::Panicked),
            Err(_) => Err(NotRun::TimedOut),
        }
    }

    /// Says that the service stops: it is no longer ready, but still answers.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the service stops.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// How a job is done, in a slice's `jobs.rs`. The runner in `server/worker.rs` calls it outside of
/// any transaction; it may be called again for the same job, also after it succeeded, and must
/// then do no harm.
pub trait Run: Job {
    /// Does the work. `db` is the runner's connection; `job` is the same at every attempt, and
    /// what leaves the service carries it so that a repetition can be recognised.
    ///
    /// # Errors
    /// Any error means that the job is run again later. Its text is stored: it must not hold
    /// secrets or addresses.
    fn run(self, app: &App, job: JobId, db: &mut Db) -> anyhow::Result<()>;
}

/// Why a task did not come to an answer.
#[derive(Debug, thiserror::Error)]
pub enum NotRun {
    /// The queue is full.
    #[error(transparent)]
    Refused(Error),
    /// It took longer than a request waits.
    #[error("the operation took too long")]
    TimedOut,
    /// It panicked.
    #[error("the operation panicked")]
    Panicked,
}

/// Where the time comes from.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The system's.
    System,
    /// Started at a chosen instant and running, for demonstrations.
    Shifted {
        /// What is added to the system's time, in microseconds.
        by_micros: i64,
    },
    /// Standing still until it is moved, for tests.
    Fixed(&'static FixedClock),
}

/// A clock that tests move.
#[derive(Debug)]
pub struct FixedClock(std::sync::Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock that stands at an instant.
    #[must_use]
    pub const fn new(at: DateTime<Utc>) -> Self {
        Self(std::sync::Mutex::new(at))
    }

    /// Moves the clock.
    pub fn set(&self, at: DateTime<Utc>) {
        *self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = at;
    }
}

impl Clock {
    /// A running clock that shows `at` now.
    #[must_use]
    pub fn starting_at(at: Instant) -> Self {
        Self::Shifted {
            by_micros: at
                .since(Self::System.now())
                .num_microseconds()
                .unwrap_or_default(),
        }
    }

    /// The time now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's clock"
    )]
    pub fn now(self) -> Instant {
        match self {
            Self::System => Instant::new(Utc::now()),
            Self::Shifted { by_micros } => {
                Instant::new(Utc::now()).plus(chrono::TimeDelta::microseconds(by_micros))
            }
            Self::Fixed(clock) => Instant::new(
                *clock
                    .0
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner),
            ),
        }
    }
}

/// Every address of the machine is none that a browser opens; its own is one of them.
fn url_of(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

#[cfg(test)]
mod tests {
    use super::url_of;

    #[test]
    fn links_lead_to_where_the_service_listens() {
        for (address, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:8080", "http://[::1]:8080"),
            ("192.0.2.7:8080", "http://192.0.2.7:8080"),
        ] {
            assert_eq!(url_of(address.parse().unwrap()), url);
        }
    }
}
