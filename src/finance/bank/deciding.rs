//! What is decided about entries of the bank: they become payments, take payments back, are linked to what
//! was recorded by hand, or are none of ours. What it is not: what is proposed (`proposing`), nor undoing
//! it (`undoing`).
//!
//! The row of the entry is locked before everything else; payments, invoices and the books follow in the
//! order of everybody.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::bank::model::{
    BankDecision, BankDecisionKind, BankDecisionMade, BankEntry, BankEntryState, BankProposal,
    BankProposalKind, Direction, MatchEntries, NewMatch, ProposedShare, Reasoned,
};
use crate::finance::bank::{refusals, store};
use crate::finance::invoices;
use crate::finance::payments::{self, NewPayment, NewReversal, Share};
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{BankEntryId, BankProposalId, CityId, InvoiceId, PaymentId};
use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// Does what is proposed for an entry: the best of it, or the proposal that is named.
///
/// # Errors
/// `NotFound`, `Stale`; refused for an entry that is decided, without a proposal, and with everything that
/// stands against the payment or the reversal.
pub fn confirm(
    tx: &mut Tx<'_>,
    id: BankEntryId,
    version: i32,
    proposal: Option<BankProposalId>,
) -> Result<BankEntryId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let entry = locked_undecided(tx, id, version)?;
    let proposals = store::proposals_of_many(tx.db, &[id])?.remove(&id);
    let chosen = proposals
        .unwrap_or_default()
        .into_iter()
        .find(|one| proposal.is_none_or(|wanted| wanted == one.id))
        .ok_or_else(|| Error::refused(refusals::no_proposal(proposal.is_some())))?;
    accept(tx, &entry, &chosen, BankDecisionMade::Confirmed)?;
    jobs::enqueue(tx, &MatchEntries {})?;
    Ok(id)
}

/// Does what is proposed for an entry, for a confidence that needs nobody.
///
/// # Errors
/// As [`confirm`].
pub(super) fn match_automatically(tx: &mut Tx<'_>, before: &BankEntry) -> Result<()> {
    let entry = locked_undecided(tx, before.id, before.version)?;
    let proposals = store::proposals_of_many(tx.db, &[entry.id])?.remove(&entry.id);
    let Some(best) = proposals.and_then(|all| all.into_iter().next()) else {
        return Err(Error::refused(refusals::no_proposal(false)));
    };
    accept(tx, &entry, &best, BankDecisionMade::Automatic)
}

/// Says what an entry is: what money that came is for, or which payment money that went takes back.
///
/// # Errors
/// `NotFound`, `Stale`; refused with everything that stands against it.
pub fn match_entry(tx: &mut Tx<'_>, new: &NewMatch) -> Result<BankEntryId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let entry = locked_undecided(tx, new.entry, new.version)?;
    let note = text::optional_paragraph("note", new.note.as_deref()).map_err(Error::refused)?;
    let note = note.unwrap_or_default();
    let why = Why::said(Phrase::new(note.clone(), note));
    match (entry.direction, new.payment) {
        (Direction::Debit, Some(payment)) => take_back(tx, &entry, payment, why)?,
        (Direction::Debit, None) => return Err(Error::refused(refusals::which_payment())),
        (Direction::Credit, Some(payment)) => link(tx, &entry, payment, why)?,
        (Direction::Credit, None) => {
            let city = match (new.city, new.shares.first()) {
                (Some(city), _) => city,
                (None, Some((invoice, _))) => invoices::get(tx.db, *invoice)?.city_id,
                (None, None) => return Err(Error::refused(refusals::which_city())),
            };
            let shares = written_shares(&new.shares, currency_of(&entry)?)?;
            record(tx, &entry, city, shares, why)?;
        }
    }
    jobs::enqueue(tx, &MatchEntries {})?;
    Ok(entry.id)
}

/// Says that an entry is none of our payments.
///
/// # Errors
/// `NotFound`, `Stale`; refused without a reason and for an entry that is decided.
pub fn ignore(tx: &mut Tx<'_>, new: &Reasoned) -> Result<BankEntryId> {
    tx.viewer.permit(Permission::SettlePayments)?;

    let entry = locked_undecided(tx, new.entry, new.version)?;
    let reason = text::paragraph("reason", &new.reason).map_err(Error::refused)?;
    let why = Why::said(Phrase::new(reason.clone(), reason));
    decide(tx, &entry, BankDecisionKind::Ignored, None, why)?;
    Ok(entry.id)
}

/// The parts of an entry as finance wrote them.
fn written_shares(written: &[(InvoiceId, String)], currency: Currency) -> Result<Vec<Share>> {
    let (mut shares, mut problems) = (Vec::with_capacity(written.len()), Vec::new());
    for (place, (invoice, text)) in written.iter().enumerate() {
        match Money::parse(text, currency) {
            Ok(amount) => shares.push(Share {
                invoice: *invoice,
                amount,
            }),
            Err(refusal) => {
                let (field, phrase) = (format!("allocateTo.{place}.amount"), refusal.phrase());
                problems.push(Refusal::new(
                    RefusalCode::OutOfRange,
                    field,
                    phrase.en,
                    phrase.da,
                ));
            }
        }
    }
    if problems.is_empty() {
        Ok(shares)
    } else {
        Err(Error::Refused(problems))
    }
}

/// How a decision came about.
#[derive(Debug, Clone)]
pub(super) struct Why {
    made: BankDecisionMade,
    confidence: Option<i32>,
    reason: Phrase,
}

impl Why {
    /// As finance says it.
    pub(super) fn said(reason: Phrase) -> Self {
        Self {
            made: BankDecisionMade::Manual,
            confidence: None,
            reason,
        }
    }
}

fn accept(
    tx: &mut Tx<'_>,
    entry: &BankEntry,
    proposal: &BankProposal,
    made: BankDecisionMade,
) -> Result<()> {
    let why = Why {
        made,
        confidence: Some(proposal.confidence),
        reason: Phrase::new(&*proposal.reason_en, &*proposal.reason_da),
    };
    let nothing = || Error::Internal(anyhow::anyhow!("a proposal of nothing"));
    match proposal.kind {
        BankProposalKind::Payment => {
            let currency = currency_of(entry)?;
            let shares: Vec<ProposedShare> = proposal.shares.read()?;
            let shares = shares
                .into_iter()
                .map(|share| Share {
                    invoice: share.invoice,
                    amount: Money::new(share.minor, currency),
                })
                .collect();
            record(
                tx,
                entry,
                proposal.city_id.ok_or_else(nothing)?,
                shares,
                why,
            )
        }
        BankProposalKind::Return => {
            take_back(tx, entry, proposal.payment_id.ok_or_else(nothing)?, why)
        }
        BankProposalKind::Recorded => {
            link(tx, entry, proposal.payment_id.ok_or_else(nothing)?, why)
        }
    }
}

/// Records an entry as a payment: of the day from which the bank counts it, and not of a day to come.
fn record(
    tx: &mut Tx<'_>,
    entry: &BankEntry,
    city: CityId,
    shares: Vec<Share>,
    why: Why,
) -> Result<()> {
    let reference = entry
        .creditor_reference
        .as_ref()
        .or(entry.remittance.as_ref());
    let new = NewPayment {
        city,
        amount: Money::new(entry.amount_minor, currency_of(entry)?),
        received_on: entry.value_on.min(tx.today()),
        reference: reference.map(|text| text.chars().take(text::NAME_LENGTH).collect()),
        payer_name: entry.counterparty_name.clone(),
        note: None,
        allocate_to: shares,
        // What is matched is said by the payer's reference, or by finance.
        other_cities: true,
    };
    let payment = payments::record(tx, &new)?;
    decide(tx, entry, BankDecisionKind::Matched, Some(payment.id), why)
}

/// Reverses the payment that an entry takes back, from the day the bank booked it.
fn take_back(tx: &mut Tx<'_>, entry: &BankEntry, payment: PaymentId, why: Why) -> Result<()> {
    let payment = payments::lock(tx, payment)?;
    if (payment.amount_minor, &payment.currency) != (entry.amount_minor, &entry.currency) {
        return Err(Error::refused(refusals::another_amount()));
    }
    let reversal = NewReversal {
        payment: payment.id,
        version: payment.version,
        on: entry.booked_on.min(tx.today()).max(payment.received_on),
        reason: why.reason.en.clone(),
    };
    let reversal = NewReversal {
        reason: if reversal.reason.is_empty() {
            "Returned by the bank".to_owned()
        } else {
            reversal.reason
        },
        ..reversal
    };
    payments::reverse(tx, &reversal)?;
    decide(tx, entry, BankDecisionKind::Returned, Some(payment.id), why)
}

/// Links an entry to a payment that was recorded by hand.
fn link(tx: &mut Tx<'_>, entry: &BankEntry, payment: PaymentId, why: Why) -> Result<()> {
    let payment = payments::lock(tx, payment)?;
    if (payment.amount_minor, &payment.currency) != (entry.amount_minor, &entry.currency) {
        return Err(Error::refused(refusals::another_amount()));
    }
    let linked = store::of_payments(tx.db, &[payment.id])?;
    let reversed = payments::reversals_of(tx.db, &[payment.id])?;
    if !linked.is_empty() || !reversed.is_empty() {
        return Err(Error::refused(refusals::linked_already()));
    }
    decide(tx, entry, BankDecisionKind::Linked, Some(payment.id), why)
}

/// Stores a decision about an entry whose row is locked.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    entry: &BankEntry,
    kind: BankDecisionKind,
    payment: Option<PaymentId>,
    why: Why,
) -> Result<()> {
    let decisions = store::decisions_of_many(tx.db, &[entry.id])?.remove(&entry.id);
    let earlier = decisions.map_or(0, |all| all.len());
    let decision = BankDecision {
        id: tx.new_id(),
        entry_id: entry.id,
        position: i32::try_from(earlier).unwrap_or(i32::MAX).saturating_add(1),
        kind,
        made: why.made,
        payment_id: payment.or(entry.payment_id),
        confidence: why.confidence,
        reason_en: why.reason.en,
        reason_da: why.reason.da,
        decided_by: tx.viewer.user_id(),
        created_at: tx.now,
    };
    store::insert_decision(tx, &decision)?;
    let state = match kind {
        BankDecisionKind::Matched | BankDecisionKind::Returned | BankDecisionKind::Linked => {
            BankEntryState::Matched
        }
        BankDecisionKind::Ignored => BankEntryState::Ignored,
        BankDecisionKind::Undone => BankEntryState::Unmatched,
    };
    let after = BankEntry {
        state,
        payment_id: payment,
        updated_at: tx.now,
        version: entry.version.saturating_add(1),
        ..entry.clone()
    };
    store::update(tx, &after)?;
    store::put_proposals(tx, entry.id, &[])?;
    audit::record(
        tx,
        "bankEntry.decided",
        entry.id,
        None,
        json!({ "decision": kind, "made": decision.made, "confidence": decision.confidence, "amountMinor": entry.amount_minor, "currency": entry.currency }),
    )
}

fn locked_undecided(tx: &mut Tx<'_>, id: BankEntryId, version: i32) -> Result<BankEntry> {
    let entry = store::lock(tx, id)?;
    expect_version(Some(version), entry.version)?;
    if entry.state.is_undecided() {
        return Ok(entry);
    }
    Err(Error::refused(refusals::decided(entry.state)))
}

pub(super) fn currency_of(entry: &BankEntry) -> Result<Currency> {
    Currency::parse(&entry.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("an entry's currency")))
}
