//! The closing of the books in the schema. What it is not: the rules.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::api::context::{InOperation, Repeatable};
use crate::api::payload::{UserError, split};
use crate::api::scalars::Date;
use crate::finance::ledger::graphql::permit_books;
use crate::finance::periods::{self, BookLocks, LockKind, NewLock, YearToClose};
use crate::kernel::error::Result;

/// Up to which days the books are closed.
#[Object]
impl BookLocks {
    /// The last day that takes nothing but the work of closing; null when none does.
    async fn soft_through(&self) -> Option<Date> {
        self.locks.soft_through.map(Date)
    }

    /// The last day that takes nothing any more; null when none is closed for good.
    async fn hard_through(&self) -> Option<Date> {
        self.locks.hard_through.map(Date)
    }

    /// The version, for whoever locks or opens a period.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// A period to lock.
#[derive(Debug, InputObject)]
pub struct LockBooksInput {
    /// The last day of a month that is over; everything before it is locked with it.
    through: Date,
    /// For the time of closing, or for good.
    kind: LockKind,
    /// The version of the locks that was read.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// The opening of what is locked softly.
#[derive(Debug, InputObject)]
pub struct UnlockBooksInput {
    /// The version of the locks that was read.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A year to close.
#[derive(Debug, InputObject)]
pub struct CloseYearInput {
    /// The calendar year.
    year: i32,
    /// The version of the locks that was read.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// The answer of `lockBooks`.
#[derive(Debug, SimpleObject)]
pub struct LockBooksPayload {
    /// What is closed now; null when it was refused.
    book_locks: Option<BookLocks>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// The answer of `unlockBooks`.
#[derive(Debug, SimpleObject)]
pub struct UnlockBooksPayload {
    /// What is closed now; null when it was refused.
    book_locks: Option<BookLocks>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// The answer of `closeYear`.
#[derive(Debug, SimpleObject)]
pub struct CloseYearPayload {
    /// What is closed now; null when it was refused.
    book_locks: Option<BookLocks>,
    /// The problems of the input; empty when it was done.
    user_errors: Vec<UserError>,
}

/// What is closed after a deed, or its problems.
fn outcome(
    context: &Context<'_>,
    performed: Result<i32>,
) -> Result<(Option<BookLocks>, Vec<UserError>)> {
    let (done, user_errors) = split(context, performed)?;
    let book_locks = match done {
        Some(_) => Some(context.read(periods::book_locks)?),
        None => None,
    };
    Ok((book_locks, user_errors))
}

/// Queries of the closing of the books.
#[derive(Debug, Default)]
pub struct PeriodQuery;

#[Object]
impl PeriodQuery {
    /// Up to which days the books are closed. For those who see all invoices.
    async fn book_locks(&self, context: &Context<'_>) -> Result<BookLocks> {
        permit_books(&context.operation().viewer)?;
        context.read(periods::book_locks)
    }
}

/// Mutations of the closing of the books.
#[derive(Debug, Default)]
pub struct PeriodMutation;

#[Object]
impl PeriodMutation {
    /// Locks the books through the end of a month: softly, or for good. What happens later about
    /// locked days counts to the first open one.
    async fn lock_books(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The period and how to lock it.")] input: LockBooksInput,
    ) -> Result<LockBooksPayload> {
        let new = NewLock {
            through: input.through.0,
            kind: input.kind,
            version: input.version,
        };
        let done = context.perform(Repeatable::MayHaveKey, |tx| periods::lock(tx, new));
        let (book_locks, user_errors) = outcome(context, done)?;
        Ok(LockBooksPayload {
            book_locks,
            user_errors,
        })
    }

    /// Opens what is locked softly. What is locked for good stays so.
    async fn unlock_books(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What was read.")] input: UnlockBooksInput,
    ) -> Result<UnlockBooksPayload> {
        let version = input.version;
        let done = context.perform(Repeatable::MayHaveKey, |tx| periods::unlock(tx, version));
        let (book_locks, user_errors) = outcome(context, done)?;
        Ok(UnlockBooksPayload {
            book_locks,
            user_errors,
        })
    }

    /// Closes a calendar year that is over: its result goes to equity, and its days are locked for
    /// good. All revenue of the year has to be recognised.
    async fn close_year(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The year.")] input: CloseYearInput,
    ) -> Result<CloseYearPayload> {
        let new = YearToClose {
            year: input.year,
            version: input.version,
        };
        let done = context.perform(Repeatable::MayHaveKey, |tx| periods::close_year(tx, new));
        let (book_locks, user_errors) = outcome(context, done)?;
        Ok(CloseYearPayload {
            book_locks,
            user_errors,
        })
    }
}
