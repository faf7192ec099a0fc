//! What is done to close the books. What it is not: the postings of single deeds.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::ledger::postings;
use crate::finance::ledger::rules::Locks;
use crate::finance::ledger::{self, PostingKind};
use crate::finance::periods::model::{BookLocks, LockKind, NewLock, YearToClose, books};
use crate::finance::periods::{rules, store};
use crate::finance::revenue;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{Id, ObjectId};
use crate::kernel::refusal::{Refusal, RefusalCode};

/// Locks the books through the end of a month.
///
/// # Errors
/// `Stale`; refused for a month that is not over, or before what is closed for good.
pub fn lock(tx: &mut Tx<'_>, new: NewLock) -> Result<i32> {
    tx.viewer.permit(Permission::CloseBooks)?;

    let before = store::lock(tx)?;
    expect_version(Some(new.version), before.version)?;
    let locks =
        rules::locked(before.locks, new.through, new.kind, tx.today()).map_err(Error::refused)?;
    let version = moved(tx, before, locks)?;

    let deed = match new.kind {
        LockKind::Soft => "books.lockedSoftly",
        LockKind::Hard => "books.lockedHard",
    };
    audit::record(tx, deed, books(), None, json!({ "through": new.through }))?;
    Ok(version)
}

/// Opens what is locked softly.
///
/// # Errors
/// `Stale`; refused when nothing is.
pub fn unlock(tx: &mut Tx<'_>, version: i32) -> Result<i32> {
    tx.viewer.permit(Permission::CloseBooks)?;

    let before = store::lock(tx)?;
    expect_version(Some(version), before.version)?;
    if before.locks.soft_through.is_none() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "",
            "No period is locked softly; what is closed for good stays closed.",
            "Ingen periode er midlertidigt lukket; det, der er lukket endeligt, forbliver lukket.",
        )));
    }
    let locks = Locks {
        soft_through: None,
        ..before.locks
    };
    let version = moved(tx, before, locks)?;

    audit::record(
        tx,
        "books.unlocked",
        books(),
        None,
        json!({ "softThrough": before.locks.soft_through }),
    )?;
    Ok(version)
}

/// Closes a year: its result goes to equity, and its days are locked for good.
///
/// # Errors
/// `Stale`; refused for a year that is not over or closed, and while revenue of its days is not
/// recognised.
pub fn close_year(tx: &mut Tx<'_>, new: YearToClose) -> Result<i32> {
    tx.viewer.permit(Permission::CloseBooks)?;

    let before = store::lock(tx)?;
    expect_version(Some(new.version), before.version)?;
    let last = rules::year_to_close(new.year, before.locks, tx.today()).map_err(Error::refused)?;
    if revenue::has_unearned(tx.db, last)? {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "year",
            format!("Revenue of days up to {last} is not recognised yet; recognise it first."),
            format!("Indtægter for dage til og med {last} er ikke periodiseret; gør det først."),
        )));
    }
    let mut closings = Vec::new();
    for (currency, balances) in ledger::result_accounts_until(tx.db, last)? {
        let id: ObjectId = tx.new_id();
        closings.push(postings::year_closed(
            id.uuid(),
            new.year,
            &currency,
            last,
            &balances,
        ));
    }
    ledger::post_all(tx, closings)?;
    let locks = Locks {
        soft_through: before.locks.soft_through.filter(|soft| *soft > last),
        hard_through: Some(last),
    };
    let version = moved(tx, before, locks)?;

    audit::record(
        tx,
        "books.yearClosed",
        books(),
        None,
        json!({ "year": new.year }),
    )?;
    Ok(version)
}

/// Refuses to date a document on a closed day.
///
/// # Errors
/// Refused, at this field of the input.
pub fn refuse_closed(tx: &mut Tx<'_>, day: NaiveDate, field: &str) -> Result<()> {
    if day >= tx.today() {
        return Ok(());
    }
    let BookLocks { locks, .. } = store::book_locks(tx.db)?;
    match locks.closed_to(PostingKind::InvoiceIssued) {
        Some(closed) if day <= closed => {
            Err(Error::refused(rules::closed_date(field, day, closed)))
        }
        _ => Ok(()),
    }
}

fn moved(tx: &mut Tx<'_>, before: BookLocks, locks: Locks) -> Result<i32> {
    let after = BookLocks {
        locks,
        version: before.version.saturating_add(1),
    };
    store::update(tx, &after)?;
    Ok(after.version)
}
