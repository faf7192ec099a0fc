//! Posting: the one way into the books. What it is not: a deed with a permission of its own; the
//! action that posts has asked for its own.

use crate::db::Tx;
use crate::finance::ledger::balances;
use crate::finance::ledger::model::{LedgerLine, LedgerTransaction};
use crate::finance::ledger::postings::{Entry, Posting};
use crate::finance::ledger::rules::{self, Locks};
use crate::finance::ledger::store;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, ObjectId};

/// Posts what a deed moves, to its day, or to the first open one where that is closed. An action does
/// this last, and once: the sums it moves stay locked until the transaction ends.
///
/// # Errors
/// A fault of ours when it does not balance; refused when the days are closed meanwhile; what the
/// database says.
pub fn post(tx: &mut Tx<'_>, posting: Posting) -> Result<()> {
    post_all(tx, vec![posting])
}

/// As [`post`], for deeds that happen together.
///
/// # Errors
/// As [`post`].
pub fn post_all(tx: &mut Tx<'_>, postings: Vec<Posting>) -> Result<()> {
    // Only days before today can be closed.
    let locks = if postings.iter().all(|posting| posting.on >= tx.today()) {
        Locks::default()
    } else {
        store::locks(tx.db)?.0
    };
    let mut transactions = Vec::with_capacity(postings.len());
    let mut lines = Vec::new();
    let mut shifts = balances::Shifts::default();
    for posting in postings {
        let balanced = rules::balanced(&posting.entries)
            .map_err(|unbalanced| Error::Internal(unbalanced.into()))?;
        let Some((entries, total_minor)) = balanced else {
            continue;
        };
        let transaction = transaction_of(tx, posting, locks, total_minor);
        shifts.note(&transaction, &entries)?;
        lines.extend((1..).zip(&entries).map(line_of(&transaction)));
        transactions.push(transaction);
    }
    store::insert(tx, &transactions, &lines)?;
    shifts.apply(tx)
}

fn transaction_of(
    tx: &Tx<'_>,
    posting: Posting,
    locks: Locks,
    total_minor: i64,
) -> LedgerTransaction {
    LedgerTransaction {
        id: tx.new_id(),
        kind: posting.kind,
        subject_id: ObjectId::of(posting.subject),
        document: posting.document,
        city_id: posting.city,
        currency: posting.currency,
        posted_on: locks.open_day(posting.kind, posting.on),
        documented_on: posting.on,
        total_minor,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    }
}

fn line_of(transaction: &LedgerTransaction) -> impl Fn((i32, &Entry)) -> LedgerLine {
    |(position, entry)| LedgerLine {
        transaction_id: transaction.id,
        position,
        account: entry.account,
        currency: transaction.currency.clone(),
        posted_on: transaction.posted_on,
        amount_minor: entry.minor,
        invoice_id: entry.invoice,
    }
}
