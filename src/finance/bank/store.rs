//! The queries of the bank's statements and entries. What it is not: pages of lists (`lists`), nor what is
//! known when money is matched (`knowledge`).

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::bank::model::{
    BankDecision, BankEntry, BankPolicy, BankProposal, BankStatement,
};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BankEntryId, BankStatementId, Id, InvoiceId, PaymentId, SellerId};
use crate::kernel::instant::Instant;
use crate::kernel::sql_types::Uid;
use crate::schema::{bank_decisions, bank_entries, bank_policies, bank_proposals, bank_statements};

/// The SQL type of an entry's row.
pub(super) type EntryType = diesel::dsl::SqlTypeOf<<bank_entries::table as Table>::AllColumns>;
/// The SQL type of a statement's row.
pub(super) type StatementType =
    diesel::dsl::SqlTypeOf<<bank_statements::table as Table>::AllColumns>;

type ProposalType = diesel::dsl::SqlTypeOf<<bank_proposals::table as Table>::AllColumns>;
type DecisionType = diesel::dsl::SqlTypeOf<<bank_decisions::table as Table>::AllColumns>;

/// The entry.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: BankEntryId) -> Result<BankEntry> {
    bank_entries::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: BankEntryId::KIND,
            id: id.public(),
        })
}

/// The entries of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[BankEntryId]) -> Result<Vec<BankEntry>> {
    Ok(
        Sql::new("SELECT bank_entries.* FROM bank_entries WHERE bank_entries.id")
            .in_uids(keys(ids))
            .load::<EntryType, BankEntry>(db)?,
    )
}

/// The entries that made these payments, or were linked to them: money that came.
///
/// # Errors
/// What the database says.
pub fn of_payments(
    db: &mut Db,
    payments: &[PaymentId],
) -> Result<HashMap<PaymentId, Vec<BankEntry>>> {
    let found = Sql::new("SELECT bank_entries.* FROM bank_entries WHERE bank_entries.payment_id")
        .in_uids(keys(payments))
        .text(" ORDER BY bank_entries.payment_id, bank_entries.booked_on, bank_entries.id")
        .load::<EntryType, BankEntry>(db)?;
    let mut entries: HashMap<PaymentId, Vec<BankEntry>> = HashMap::new();
    for entry in found {
        if let Some(payment) = entry.payment_id {
            entries.entry(payment).or_default().push(entry);
        }
    }
    Ok(entries)
}

/// The statements of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many_statements(db: &mut Db, ids: &[BankStatementId]) -> Result<Vec<BankStatement>> {
    Ok(
        Sql::new("SELECT bank_statements.* FROM bank_statements WHERE bank_statements.id")
            .in_uids(keys(ids))
            .load::<StatementType, BankStatement>(db)?,
    )
}

/// The proposals for these entries, the best first.
///
/// # Errors
/// What the database says.
pub fn proposals_of_many(
    db: &mut Db,
    entries: &[BankEntryId],
) -> Result<HashMap<BankEntryId, Vec<BankProposal>>> {
    let found =
        Sql::new("SELECT bank_proposals.* FROM bank_proposals WHERE bank_proposals.entry_id")
            .in_uids(keys(entries))
            .text(" ORDER BY bank_proposals.entry_id, bank_proposals.position")
            .load::<ProposalType, BankProposal>(db)?;
    let mut proposals: HashMap<BankEntryId, Vec<BankProposal>> = HashMap::new();
    for proposal in found {
        proposals
            .entry(proposal.entry_id)
            .or_default()
            .push(proposal);
    }
    Ok(proposals)
}

/// What was decided about these entries, the earliest first.
///
/// # Errors
/// What the database says.
pub fn decisions_of_many(
    db: &mut Db,
    entries: &[BankEntryId],
) -> Result<HashMap<BankEntryId, Vec<BankDecision>>> {
    let found =
        Sql::new("SELECT bank_decisions.* FROM bank_decisions WHERE bank_decisions.entry_id")
            .in_uids(keys(entries))
            .text(" ORDER BY bank_decisions.entry_id, bank_decisions.position")
            .load::<DecisionType, BankDecision>(db)?;
    let mut decisions: HashMap<BankEntryId, Vec<BankDecision>> = HashMap::new();
    for decision in found {
        decisions
            .entry(decision.entry_id)
            .or_default()
            .push(decision);
    }
    Ok(decisions)
}

/// The statement of an account that ended last before a day, or on it; the last one imported among those
/// that do not say when.
pub(super) fn statement_before(
    db: &mut Db,
    account: &str,
    sequence: Option<i64>,
) -> Result<Option<BankStatement>> {
    // Notifications and tables have neither numbers nor balances to compare with.
    let mut query = bank_statements::table
        .filter(bank_statements::account.eq(account.to_owned()))
        .filter(bank_statements::closing_minor.is_not_null())
        .into_boxed();
    if let Some(sequence) = sequence {
        query = query.filter(bank_statements::sequence.lt(sequence));
    }
    Ok(query
        .order((
            bank_statements::sequence.desc(),
            bank_statements::through_on.desc(),
            bank_statements::id.desc(),
        ))
        .first(db)
        .optional()?)
}

/// The statements of a file that was imported before.
pub(super) fn statements_of_file(db: &mut Db, content_hash: &str) -> Result<Vec<BankStatement>> {
    Ok(bank_statements::table
        .filter(bank_statements::content_hash.eq(content_hash))
        .order(bank_statements::position)
        .load(db)?)
}

/// The entries of an account that have one of these identities as a whole.
pub(super) fn known(
    db: &mut Db,
    account: &str,
    entry_identities: Vec<String>,
) -> Result<HashMap<String, Vec<BankEntry>>> {
    let found = Sql::new("SELECT bank_entries.* FROM bank_entries WHERE bank_entries.account = ")
        .bind_text(account)
        .text(" AND bank_entries.entry_identity")
        .in_texts(entry_identities)
        .text(" ORDER BY bank_entries.id")
        .load::<EntryType, BankEntry>(db)?;
    let mut entries: HashMap<String, Vec<BankEntry>> = HashMap::new();
    for entry in found {
        entries
            .entry(entry.entry_identity.clone())
            .or_default()
            .push(entry);
    }
    Ok(entries)
}

/// The entries that wait for a decision, as they were booked.
pub(super) fn undecided(db: &mut Db) -> Result<Vec<BankEntry>> {
    Ok(
        Sql::new("SELECT bank_entries.* FROM bank_entries WHERE bank_entries.state IN ('UNMATCHED', 'PROPOSED') ORDER BY bank_entries.booked_on, bank_entries.id")
            .load::<EntryType, BankEntry>(db)?,
    )
}

/// The next entry after another one for whose best proposal nobody needs to be asked.
pub(super) fn next_automatic(
    db: &mut Db,
    automatic_from: i32,
    after: Option<&BankEntry>,
) -> Result<Option<BankEntry>> {
    let mut statement = Sql::new("SELECT bank_entries.* FROM bank_entries JOIN bank_proposals ON bank_proposals.entry_id = bank_entries.id AND bank_proposals.position = 1 WHERE bank_entries.state = 'PROPOSED' AND bank_proposals.kind = 'PAYMENT' AND bank_proposals.confidence >= ")
        .bind_int(i64::from(automatic_from));
    if let Some(entry) = after {
        statement = statement
            .text(" AND (bank_entries.booked_on, bank_entries.id) > (")
            .bind_date(entry.booked_on)
            .text(", ")
            .bind_uid(entry.id.uuid())
            .text(")");
    }
    Ok(statement
        .text(" ORDER BY bank_entries.booked_on, bank_entries.id LIMIT 1")
        .load::<EntryType, BankEntry>(db)?
        .into_iter()
        .next())
}

/// What a payment settled when it was reversed, by invoice, in minor units.
pub(super) fn taken_off_by(db: &mut Db, payment: PaymentId) -> Result<Vec<(InvoiceId, i64)>> {
    Ok(
        Sql::new("SELECT invoice_id, CAST(-SUM(amount_minor) AS BIGINT) FROM allocations WHERE reversal_id = ")
            .bind_uid(payment.uuid())
            .text(" GROUP BY invoice_id ORDER BY invoice_id")
            .load::<(Uid, BigInt), (InvoiceId, i64)>(db)?,
    )
}

/// From which confidence on a seller's entries are matched without asking; only what is certain, where
/// nothing was said.
///
/// # Errors
/// What the database says.
pub fn policy(db: &mut Db, seller: SellerId, at: Instant) -> Result<BankPolicy> {
    let stored = bank_policies::table.find(seller).first(db).optional()?;
    Ok(stored.unwrap_or(BankPolicy {
        seller_id: seller,
        automatic_from: 100,
        updated_at: at,
        version: 0,
    }))
}

/// Stores a policy.
pub(super) fn put_policy(tx: &mut Tx<'_>, policy: &BankPolicy) -> Result<()> {
    if policy.version == 1 {
        diesel::insert_into(bank_policies::table)
            .values(policy)
            .execute(tx.db)?;
        return Ok(());
    }
    let rows = diesel::update(bank_policies::table.find(policy.seller_id))
        .set(policy)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Locks the entry's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: BankEntryId) -> Result<BankEntry> {
    tx.lock_row("SELECT 1 FROM bank_entries WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Makes imports of a seller's files wait for each other.
pub(super) fn lock_account(tx: &mut Tx<'_>, seller: SellerId) -> Result<()> {
    tx.lock_row("SELECT 1 FROM sellers WHERE id = ", seller.uuid())
}

/// Stores a statement with its new entries.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    statement: &BankStatement,
    entries: &[BankEntry],
) -> Result<()> {
    diesel::insert_into(bank_statements::table)
        .values(statement)
        .execute(tx.db)?;
    for entry in entries {
        diesel::insert_into(bank_entries::table)
            .values(entry)
            .execute(tx.db)?;
    }
    Ok(())
}

/// Stores the entry as it now is.
pub(super) fn update(tx: &mut Tx<'_>, entry: &BankEntry) -> Result<()> {
    let rows = diesel::update(bank_entries::table.find(entry.id))
        .set(entry)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores the entry as it now is, unless it is of another version than this by now.
pub(super) fn update_version(tx: &mut Tx<'_>, entry: &BankEntry, version: i32) -> Result<bool> {
    let rows = diesel::update(bank_entries::table)
        .filter(bank_entries::id.eq(entry.id))
        .filter(bank_entries::version.eq(version))
        .set(entry)
        .execute(tx.db)?;
    Ok(rows == 1)
}

/// Puts these proposals in the place of those that an entry has.
pub(super) fn put_proposals(
    tx: &mut Tx<'_>,
    entry: BankEntryId,
    proposals: &[BankProposal],
) -> Result<()> {
    diesel::delete(bank_proposals::table.filter(bank_proposals::entry_id.eq(entry)))
        .execute(tx.db)?;
    for proposal in proposals {
        diesel::insert_into(bank_proposals::table)
            .values(proposal)
            .execute(tx.db)?;
    }
    Ok(())
}

/// Stores a decision.
pub(super) fn insert_decision(tx: &mut Tx<'_>, decision: &BankDecision) -> Result<()> {
    diesel::insert_into(bank_decisions::table)
        .values(decision)
        .execute(tx.db)?;
    Ok(())
}

fn keys<I: Id>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
