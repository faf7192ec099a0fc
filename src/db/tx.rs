//! Transactions: how they begin on each database, and `Tx`, the proof that a writer is inside one.
//! What it is not: retries; only the one who began a transaction knows whether it may run again.

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::result::QueryResult;
use uuid::Uuid;

use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;
use crate::kernel::instant::Instant;

/// A running write transaction with everything a decision needs: who acts and when. Only
/// [`Db::write`] makes one.
#[derive(Debug)]
pub struct Tx<'a> {
    /// The connection inside the transaction.
    pub db: &'a mut Db,
    /// When the operation happens.
    pub now: Instant,
    /// Who acts.
    pub viewer: &'a Viewer,
    /// Private, so that nobody else makes one.
    request_id: Option<&'a str>,
}

impl Tx<'_> {
    /// The request that the transaction belongs to; none for jobs and commands.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id
    }

    /// A fresh id; version 7, so that ids grow with time and pages stay warm.
    #[must_use]
    pub fn new_id<I: Id>(&self) -> I {
        I::of(fresh_uuid())
    }

    /// Runs `work` in the same transaction as if it were another moment, for records of the past:
    /// demonstrations and imports.
    ///
    /// # Errors
    /// The error of `work`.
    pub fn at<T>(
        &mut self,
        now: Instant,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        work(&mut Tx {
            db: self.db,
            now,
            viewer: self.viewer,
            request_id: self.request_id,
        })
    }

    /// Runs `work` in a savepoint: when it fails, what it wrote is taken back and the transaction
    /// goes on.
    ///
    /// # Errors
    /// The error of `work`.
    pub fn attempt<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        type Manager = <Db as Connection>::TransactionManager;
        Manager::begin_transaction(self.db)?;
        let outcome = work(&mut Tx {
            db: self.db,
            now: self.now,
            viewer: self.viewer,
            request_id: self.request_id,
        });
        match outcome {
            Ok(value) => {
                Manager::commit_transaction(self.db)?;
                Ok(value)
            }
            Err(error) => {
                Manager::rollback_transaction(self.db)?;
                Err(error)
            }
        }
    }

    /// Locks a row against other lockers and changes until the transaction ends. Rows that refer to
    /// it can still be added: a payment need not wait for whoever works on its city. SQLite holds its
    /// one write lock already.
    ///
    /// # Errors
    /// What the database says; `Unavailable` when the lock is not had in time.
    pub fn lock_row(&mut self, select: &'static str, key: Uuid) -> Result<()> {
        if let Db::Postgres(_) = self.db {
            Sql::new(select)
                .bind_uid(key)
                .text(" FOR NO KEY UPDATE")
                .load::<diesel::sql_types::Integer, i32>(self.db)?;
        }
        Ok(())
    }

    /// Today in the zone of the one who invoices and of the network: Europe/Copenhagen.
    #[must_use]
    pub fn today(&self) -> chrono::NaiveDate {
        self.now.date_in(chrono_tz::Europe::Copenhagen)
    }
}

/// A fresh version 7 UUID.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where ids are made"
)]
pub fn fresh_uuid() -> Uuid {
    Uuid::now_v7()
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One snapshot, read only.
    Snapshot,
    /// SQLite takes the write lock at once; PostgreSQL reads what is committed.
    Write,
}

impl Db {
    /// Begins a transaction.
    ///
    /// # Errors
    /// What the database says.
    pub fn begin(&mut self, mode: Mode) -> QueryResult<()> {
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(
                connection,
                match mode {
                    Mode::Snapshot => "BEGIN",
                    Mode::Write => "BEGIN IMMEDIATE",
                },
            ),
            Self::Postgres(connection) => AnsiTransactionManager::begin_transaction_sql(
                connection,
                match mode {
                    Mode::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                    Mode::Write => "BEGIN",
                },
            ),
        }
    }

    /// Commits the running transaction.
    ///
    /// # Errors
    /// What the database says; the transaction is then rolled back.
    pub fn commit(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::commit_transaction(self)
    }

    /// Takes the running transaction back.
    ///
    /// # Errors
    /// What the database says.
    pub fn rollback(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::rollback_transaction(self)
    }

    /// Runs `work` in one write transaction: all of it happens or nothing.
    ///
    /// # Errors
    /// The error of `work`, or of the commit.
    pub fn write<T>(
        &mut self,
        viewer: &Viewer,
        now: Instant,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.write_for(viewer, now, None, work)
    }

    /// As [`Db::write`], on behalf of a request.
    ///
    /// # Errors
    /// The error of `work`, or of the commit.
    pub fn write_for<T>(
        &mut self,
        viewer: &Viewer,
        now: Instant,
        request_id: Option<&str>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.begin(Mode::Write)?;
        self.write_begun(viewer, now, request_id, work)
    }

    /// Runs `work` in the write transaction that [`Db::begin`] has begun, and ends it.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub(crate) fn write_begun<T>(
        &mut self,
        viewer: &Viewer,
        now: Instant,
        request_id: Option<&str>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let outcome = work(&mut Tx {
            db: self,
            now,
            viewer,
            request_id,
        });
        match outcome {
            Ok(value) => {
                self.commit()?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one to report; a connection that cannot even roll back
                // is replaced by its worker.
                if let Err(rollback) = self.rollback() {
                    tracing::warn!(error = %rollback, "rollback failed");
                }
                Err(error)
            }
        }
    }

    /// Runs `work` in one snapshot that sees no later writes.
    ///
    /// # Errors
    /// The error of `work`.
    pub fn read<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.begin(Mode::Snapshot)?;
        let outcome = work(self);
        let ended = self.rollback();
        let value = outcome?;
        ended?;
        Ok(value)
    }
}

/// Makes sure that a change by id hit its row.
///
/// # Errors
/// A fault of ours otherwise: the row was loaded before in the same transaction.
pub fn ensure_one(rows: usize) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Internal(anyhow::anyhow!(
            "{rows} rows were changed instead of one"
        )))
    }
}
