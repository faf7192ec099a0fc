//! Files of the bank are taken in: read, judged, compared with what is known, stored. What it is not: what
//! becomes of the entries (`proposing`, `deciding`).

use std::collections::HashSet;

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::{Db, Tx};
use crate::finance::bank::checks::{self, OwnAccount};
use crate::finance::bank::fault::Fault;
use crate::finance::bank::fingerprints::Fingerprint;
use crate::finance::bank::model::{
    BankEntry, BankEntryState, BankStatement, MatchEntries, StatementFormat,
};
use crate::finance::bank::statement::{BankFile, Part, Stated, StatedEntry};
use crate::finance::bank::{camt, proposing, store, tables, xml};
use crate::finance::sellers::{self, Seller};
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::BankStatementId;
use crate::kernel::money::Currency;
use crate::kernel::phrase::Phrase;

/// The largest file that is taken in, in bytes.
pub const MOST_BYTES: usize = xml::MOST_BYTES;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As XML: camt.053 or camt.054.
    Xml,
    /// As a table.
    Table,
}

/// What a file says of an account that is the seller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    file: BankFile,
    content_hash: String,
    own: OwnAccount,
}

/// A statement of a file, and what of it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenStatement {
    /// The bank's own id of it.
    pub bank_id: Option<String>,
    /// Its number among the statements of the account.
    pub sequence: Option<i64>,
    /// What it says.
    pub stated: Stated,
    /// How many booked entries are new.
    pub new: usize,
    /// How many are known from an earlier file, or stand in this one before.
    pub known: usize,
    /// What is odd about it and does not keep it from being taken in.
    pub warnings: Vec<Phrase>,
}

/// What a file brings, or brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its form.
    pub format: StatementFormat,
    /// The account.
    pub account: String,
    /// Its currency.
    pub currency: Currency,
    /// Whether the very same file was imported before; then nothing is new.
    pub known_file: bool,
    /// Its statements.
    pub statements: Vec<TakenStatement>,
}

/// The account that the seller is paid on.
///
/// # Errors
/// A fault of ours for a stored currency that is none.
pub fn own_account(seller: &Seller) -> Result<OwnAccount> {
    Ok(OwnAccount {
        iban: seller.iban.clone(),
        registration: seller.bank_registration.clone(),
        number: seller.bank_account.clone(),
        currency: Currency::parse(&seller.currency)
            .map_err(|_| Error::Internal(anyhow::anyhow!("the seller's currency")))?,
    })
}

/// Reads a file and judges it, without a database.
///
/// # Errors
/// Everything that keeps it from being taken in.
pub fn judge(bytes: &[u8], written: Written, own: OwnAccount) -> Result<Judged, Vec<Fault>> {
    let file = match written {
        Written::Xml => camt::read(bytes),
        Written::Table => tables::read(bytes, own.currency),
    }?;
    let faults = checks::faults(&file, &own);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Judged {
        file,
        content_hash: crate::kernel::hash::sha256_hex(bytes),
        own,
    })
}

/// What taking a file in would bring.
///
/// # Errors
/// `Forbidden`; what the database says.
pub fn preview(db: &mut Db, judged: &Judged) -> Result<Taken> {
    let known_file = is_known(db, judged)?;
    let mut seen = HashSet::new();
    let mut statements = Vec::new();
    for stated in &judged.file.statements {
        let found = news(db, judged, stated, &mut seen)?;
        statements.push(taken(db, judged, stated, &found)?);
    }
    Ok(answer(judged, known_file, statements))
}

/// Takes a file in: stores what is new, proposes what it may be, and has matched what is certain. The same
/// file again changes nothing.
///
/// # Errors
/// `Forbidden`; what the database says.
pub fn take_in(tx: &mut Tx<'_>, judged: &Judged) -> Result<Taken> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let seller = sellers::the_seller(tx.db)?;
    if own_account(&seller)? != judged.own {
        return Err(Error::Unavailable(
            "the seller's account changed meanwhile".to_owned(),
        ));
    }
    store::lock_account(tx, seller.id)?;
    if is_known(tx.db, judged)? {
        return preview(tx.db, judged);
    }
    let mut seen = HashSet::new();
    let mut statements = Vec::new();
    for (position, stated) in (1..).zip(&judged.file.statements) {
        let found = news(tx.db, judged, stated, &mut seen)?;
        statements.push(taken(tx.db, judged, stated, &found)?);
        let statement = statement_row(tx, &seller, judged, stated, position);
        for whole in found.iter().filter_map(|one| one.replaces.as_ref()) {
            replace(tx, whole)?;
        }
        let entries: Vec<BankEntry> = found
            .iter()
            .flat_map(|one| entry_rows(tx, &statement, one))
            .collect();
        store::insert(tx, &statement, &entries)?;
        audit::record(
            tx,
            "bankStatement.imported",
            statement.id,
            None,
            json!({ "format": statement.format, "bankId": statement.bank_id, "sequence": statement.sequence, "entries": statement.entry_count, "new": entries.len(), "contentHash": statement.content_hash }),
        )?;
    }
    proposing::propose_all(tx, &seller)?;
    jobs::enqueue(tx, &MatchEntries {})?;
    Ok(answer(judged, false, statements))
}

fn answer(judged: &Judged, known_file: bool, statements: Vec<TakenStatement>) -> Taken {
    Taken {
        format: judged.file.format,
        account: judged.own.key(),
        currency: judged.own.currency,
        known_file,
        statements,
    }
}

fn is_known(db: &mut Db, judged: &Judged) -> Result<bool> {
    Ok(!store::statements_of_file(db, &judged.content_hash)?.is_empty())
}

/// An entry that no file told of before, or whose parts none did.
struct News<'a> {
    place: u32,
    entry: &'a StatedEntry,
    fingerprint: Fingerprint,
    /// The entry as a whole, whose parts are told now.
    replaces: Option<BankEntry>,
}

/// The entries of a statement that are new.
fn news<'a>(
    db: &mut Db,
    judged: &Judged,
    stated: &'a Stated,
    seen: &mut HashSet<String>,
) -> Result<Vec<News<'a>>> {
    let fingerprints = Fingerprint::of_statement(stated);
    let identities = fingerprints.iter().map(|one| one.entry.clone()).collect();
    let mut known = store::known(db, &judged.own.key(), identities)?;
    let mut found = Vec::new();
    for ((place, entry), fingerprint) in (1..).zip(&stated.entries).zip(fingerprints) {
        if !seen.insert(fingerprint.entry.clone()) {
            continue;
        }
        let replaces = match known.remove(&fingerprint.entry).as_deref() {
            None => None,
            Some([whole])
                if whole.part == 0 && fingerprint.parts.len() > 1 && whole.state.is_undecided() =>
            {
                Some(whole.clone())
            }
            Some(_) => continue,
        };
        found.push(News {
            place,
            entry,
            fingerprint,
            replaces,
        });
    }
    Ok(found)
}

fn taken(
    db: &mut Db,
    judged: &Judged,
    stated: &Stated,
    found: &[News<'_>],
) -> Result<TakenStatement> {
    let before = store::statement_before(db, &judged.own.key(), stated.sequence)?;
    Ok(TakenStatement {
        bank_id: stated.bank_id.clone(),
        sequence: stated.sequence,
        new: found.len(),
        known: stated.entries.len().saturating_sub(found.len()),
        warnings: checks::warnings(stated, before.as_ref()),
        stated: stated.clone(),
    })
}

fn statement_row(
    tx: &Tx<'_>,
    seller: &Seller,
    judged: &Judged,
    stated: &Stated,
    position: i32,
) -> BankStatement {
    BankStatement {
        id: tx.new_id::<BankStatementId>(),
        seller_id: seller.id,
        format: judged.file.format,
        account: judged.own.key(),
        currency: judged.own.currency.code().to_owned(),
        bank_id: stated.bank_id.clone(),
        sequence: stated.sequence,
        from_on: stated.from_on,
        through_on: stated.through_on,
        opening_minor: stated.opening,
        closing_minor: stated.closing,
        entry_count: i32::try_from(stated.entries.len()).unwrap_or(i32::MAX),
        pending_count: i32::try_from(stated.pending).unwrap_or(i32::MAX),
        content_hash: judged.content_hash.clone(),
        position,
        created_by: tx.viewer.user_id(),
        created_at: tx.now,
    }
}

/// The rows of an entry: one, or one for each part of a batch. What has no amount is nothing to match.
fn entry_rows(tx: &Tx<'_>, statement: &BankStatement, news: &News<'_>) -> Vec<BankEntry> {
    let parted = news.fingerprint.parts.len() > 1;
    (1..)
        .zip(&news.entry.parts)
        .zip(&news.fingerprint.parts)
        .filter(|((_, part), _)| part.minor > 0)
        .map(|((number, part), identity)| {
            let part_number = if parted { number } else { 0 };
            entry_row(tx, statement, news, (part_number, part, identity))
        })
        .collect()
}

fn entry_row(
    tx: &Tx<'_>,
    statement: &BankStatement,
    news: &News<'_>,
    (number, part, identity): (i32, &Part, &str),
) -> BankEntry {
    let entry = news.entry;
    BankEntry {
        id: tx.new_id(),
        statement_id: statement.id,
        account: statement.account.clone(),
        entry_identity: news.fingerprint.entry.clone(),
        identity: identity.to_owned(),
        position: i32::try_from(news.place).unwrap_or(i32::MAX),
        part: number,
        direction: entry.direction,
        reversal: entry.reversal || part.returned,
        currency: entry.currency.code().to_owned(),
        amount_minor: part.minor,
        charges_minor: part.charges,
        booked_on: entry.booked_on,
        value_on: entry.value_on,
        bank_reference: part.bank_reference.clone().or(entry.bank_reference.clone()),
        end_to_end_id: part.end_to_end.clone(),
        creditor_reference: part.creditor_reference.clone(),
        counterparty_name: part.name.clone(),
        counterparty_account: part.account.clone(),
        remittance: part.text.clone(),
        state: BankEntryState::Unmatched,
        payment_id: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    }
}

/// Puts the parts of a batch in the place of the entry as a whole.
fn replace(tx: &mut Tx<'_>, whole: &BankEntry) -> Result<()> {
    let replaced = BankEntry {
        state: BankEntryState::Replaced,
        updated_at: tx.now,
        version: whole.version.saturating_add(1),
        ..whole.clone()
    };
    if !store::update_version(tx, &replaced, whole.version)? {
        return Err(Error::Unavailable(
            "somebody decides about an entry of this file now".to_owned(),
        ));
    }
    store::put_proposals(tx, whole.id, &[])
}
