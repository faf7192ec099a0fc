//! Up to which days the books are closed, and what is said to close them. What it is not: postings.

use chrono::NaiveDate;

use crate::finance::ledger::rules::Locks;
use crate::kernel::ids::ObjectId;

crate::text_enum! {
    /// How a period is locked.
    pub enum LockKind {
        /// To everything but the work of closing; can be opened again.
        Soft = "SOFT",
        /// To everything, for good.
        Hard = "HARD",
    }
}

/// Up to which days the books are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookLocks {
    /// The days.
    pub locks: Locks,
    /// Grows by one with each change.
    pub version: i32,
}

/// A period to lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLock {
    /// The last day of it.
    pub through: NaiveDate,
    /// How.
    pub kind: LockKind,
    /// The version that was read.
    pub version: i32,
}

/// A year to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearToClose {
    /// The calendar year.
    pub year: i32,
    /// The version of the locks that was read.
    pub version: i32,
}

/// The name under which deeds on the locks stand in the audit log: there is one set of them.
pub(super) const BOOKS: uuid::Uuid =
    uuid::Uuid::from_u128(0x626f_6f6b_7300_4000_8000_0000_0000_0001);

/// The object of the audit log's rows.
pub(super) fn books() -> ObjectId {
    crate::kernel::ids::Id::of(BOOKS)
}
