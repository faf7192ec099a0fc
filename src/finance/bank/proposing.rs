//! Proposals for the entries that wait for a decision, made anew whenever more is known. What it is not:
//! the rules (`matching`, `returns`), nor a decision (`deciding`).

use std::collections::{HashMap, HashSet};

use crate::db::Tx;
use crate::finance::bank::knowledge::{self, ByHand};
use crate::finance::bank::matching::{self, Book, Incoming, Proposed};
use crate::finance::bank::model::{
    BankEntry, BankEntryState, BankProposal, BankProposalKind, Direction, ProposedShare,
};
use crate::finance::bank::{returns, store};
use crate::finance::sellers::Seller;
use crate::kernel::error::Result;
use crate::kernel::ids::{BankEntryId, PaymentId};
use crate::kernel::json::Json;
use crate::kernel::phrase::Phrase;

/// What makes a proposal so sure that what it uses is not offered to the entries after it.
const SURE: i32 = 90;

/// Makes the proposals of all entries that wait for a decision anew, and tells how many of them changed.
///
/// # Errors
/// What the database says.
pub(super) fn propose_all(tx: &mut Tx<'_>, seller: &Seller) -> Result<usize> {
    let entries = store::undecided(tx.db)?;
    if entries.is_empty() {
        return Ok(0);
    }
    let ids: Vec<BankEntryId> = entries.iter().map(|entry| entry.id).collect();
    let mut before = store::proposals_of_many(tx.db, &ids)?;
    let found = found_for(tx, seller, &entries)?;
    let mut changed = 0_usize;
    for (entry, candidates) in entries.iter().zip(found) {
        let proposals = rows(tx, entry.id, candidates)?;
        if same(&before.remove(&entry.id).unwrap_or_default(), &proposals) {
            continue;
        }
        let after = BankEntry {
            state: if proposals.is_empty() {
                BankEntryState::Unmatched
            } else {
                BankEntryState::Proposed
            },
            updated_at: tx.now,
            version: entry.version.saturating_add(1),
            ..entry.clone()
        };
        // Whoever decided about the entry meanwhile is right.
        if store::update_version(tx, &after, entry.version)? {
            store::put_proposals(tx, entry.id, &proposals)?;
            changed = changed.saturating_add(1);
        }
    }
    Ok(changed)
}

/// Something that an entry may be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Candidate {
    Payment(Proposed),
    Return(returns::ProposedReturn),
    Recorded { confidence: i32, payment: PaymentId },
}

/// What each entry may be, the best first.
fn found_for(
    tx: &mut Tx<'_>,
    seller: &Seller,
    entries: &[BankEntry],
) -> Result<Vec<Vec<Candidate>>> {
    let mut book = knowledge::book(tx.db, seller, entries)?;
    let by_hand = knowledge::by_hand(tx.db, seller, entries)?;
    let credits = knowledge::credits(tx.db, entries)?;
    let payments = payments_for(entries, &mut book);
    let mut claimed: HashSet<PaymentId> = HashSet::new();
    let mut found = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut candidates = Vec::new();
        match entry.direction {
            Direction::Credit => {
                let proposed = payments.get(&entry.id);
                if let Some(recorded) = recorded(entry, proposed, &by_hand, &mut claimed) {
                    candidates.push(recorded);
                }
                candidates.extend(proposed.cloned().map(Candidate::Payment));
            }
            Direction::Debit => {
                candidates.extend(returns::propose(entry, &credits).map(Candidate::Return));
            }
        }
        found.push(candidates);
    }
    Ok(found)
}

/// What money that came may be for: the sure ones first, so that nothing is offered twice.
fn payments_for(entries: &[BankEntry], book: &mut Book) -> HashMap<BankEntryId, Proposed> {
    let mut found = HashMap::new();
    for least in [SURE, 0] {
        for entry in entries {
            if entry.direction != Direction::Credit || found.contains_key(&entry.id) {
                continue;
            }
            let Some(proposed) = matching::propose(incoming(entry, &said(entry)), book) else {
                continue;
            };
            if proposed.confidence < least {
                continue;
            }
            if proposed.confidence >= SURE {
                book.use_up(&proposed.shares);
                if let Some(account) = &entry.counterparty_account {
                    book.remember(account, proposed.city);
                }
            }
            found.insert(entry.id, proposed);
        }
    }
    found
}

/// What was written with an entry, besides structured references.
fn said(entry: &BankEntry) -> String {
    let texts = [entry.remittance.as_deref(), entry.end_to_end_id.as_deref()];
    texts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn incoming<'a>(entry: &'a BankEntry, text: &'a str) -> Incoming<'a> {
    Incoming {
        minor: entry.amount_minor,
        reference: entry.creditor_reference.as_deref().unwrap_or_default(),
        text,
        name: entry.counterparty_name.as_deref(),
        account: entry.counterparty_account.as_deref(),
    }
}

/// The payment that finance recorded by hand for this money: of the amount, within days of it, of the city
/// that is proposed if one is. Each is taken for one entry only.
fn recorded(
    entry: &BankEntry,
    proposed: Option<&Proposed>,
    by_hand: &[ByHand],
    claimed: &mut HashSet<PaymentId>,
) -> Option<Candidate> {
    let mut fitting = by_hand.iter().filter(|one| {
        one.fits(entry)
            && !claimed.contains(&one.id)
            && proposed.is_none_or(|proposed| proposed.city == one.city)
    });
    let first = fitting.next()?;
    let confidence = match (proposed, fitting.next()) {
        (Some(_), None) => 85,
        (Some(_), Some(_)) => 60,
        (None, None) => 50,
        (None, Some(_)) => return None,
    };
    claimed.insert(first.id);
    Some(Candidate::Recorded {
        confidence,
        payment: first.id,
    })
}

fn rows(tx: &Tx<'_>, entry: BankEntryId, candidates: Vec<Candidate>) -> Result<Vec<BankProposal>> {
    (1..)
        .zip(candidates)
        .map(|(position, candidate)| row(tx, entry, position, candidate))
        .collect()
}

fn row(
    tx: &Tx<'_>,
    entry: BankEntryId,
    position: i32,
    candidate: Candidate,
) -> Result<BankProposal> {
    let (kind, confidence, reason, city_id, payment_id, shares) = match candidate {
        Candidate::Payment(one) => (
            BankProposalKind::Payment,
            one.confidence,
            one.reason,
            Some(one.city),
            None,
            one.shares,
        ),
        Candidate::Return(one) => (
            BankProposalKind::Return,
            one.confidence,
            one.reason,
            None,
            Some(one.payment),
            Vec::new(),
        ),
        Candidate::Recorded {
            confidence,
            payment,
        } => (
            BankProposalKind::Recorded,
            confidence,
            Phrase::new(
                "A payment of this amount was recorded by hand within days of it.",
                "En betaling på dette beløb blev registreret i hånden inden for få dage.",
            ),
            None,
            Some(payment),
            Vec::new(),
        ),
    };
    let shares: Vec<ProposedShare> = shares
        .into_iter()
        .map(|(invoice, minor)| ProposedShare { invoice, minor })
        .collect();
    Ok(BankProposal {
        id: tx.new_id(),
        entry_id: entry,
        position,
        kind,
        confidence,
        reason_en: reason.en,
        reason_da: reason.da,
        city_id,
        payment_id,
        shares: Json::of(&shares)?,
        created_at: tx.now,
    })
}

/// Whether two lists propose the same.
fn same(before: &[BankProposal], now: &[BankProposal]) -> bool {
    before.len() == now.len()
        && before.iter().zip(now).all(|(one, other)| {
            let said = |proposal: &BankProposal| BankProposal {
                id: one.id,
                created_at: one.created_at,
                ..proposal.clone()
            };
            said(one) == said(other)
        })
}
