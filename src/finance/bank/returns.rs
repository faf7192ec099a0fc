//! Which earlier credit money that goes takes back: by the bank's reference, by the payer's, or because the
//! bank says that it is a return. What it is not: the reversal; that is finance's to confirm.

use crate::finance::bank::model::{BankEntry, BankEntryState, Direction};
use crate::kernel::ids::PaymentId;
use crate::kernel::phrase::Phrase;

/// What is proposed for money that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProposedReturn {
    /// How sure it is, from 0 to 100.
    pub(super) confidence: i32,
    /// Why.
    pub(super) reason: Phrase,
    /// The payment that is taken back.
    pub(super) payment: PaymentId,
}

/// The payment that an entry takes back, among the credits of the account with the same amount. Nothing
/// where two fit equally well.
#[must_use]
pub(super) fn propose(entry: &BankEntry, credits: &[BankEntry]) -> Option<ProposedReturn> {
    if entry.direction != Direction::Debit {
        return None;
    }
    let fitting: Vec<&BankEntry> = credits
        .iter()
        .filter(|credit| {
            credit.direction == Direction::Credit
                && credit.state == BankEntryState::Matched
                && credit.account == entry.account
                && credit.amount_minor == entry.amount_minor
                && credit.booked_on <= entry.booked_on
        })
        .collect();
    let same = |of: fn(&BankEntry) -> Option<&str>| {
        let wanted = of(entry)?;
        only(fitting.iter().filter(|credit| of(credit) == Some(wanted)))
    };
    let found = same(|one| one.bank_reference.as_deref())
        .map(|payment| {
            (
                payment,
                95,
                "It has the bank's reference of a payment of this amount",
                "Den har bankens reference for en betaling på dette beløb",
            )
        })
        .or_else(|| {
            let payment = same(|one| one.end_to_end_id.as_deref())?;
            Some((
                payment,
                90,
                "It has the payer's reference of a payment of this amount",
                "Den har betalerens reference for en betaling på dette beløb",
            ))
        })
        .or_else(|| {
            // Without a reference only what the bank calls a return is taken for one.
            let payment = entry
                .reversal
                .then(|| same(|one| one.counterparty_account.as_deref()))
                .flatten()?;
            Some((
                payment,
                70,
                "The bank takes an entry back, and one payment of this amount came from the account",
                "Banken fører en postering tilbage, og én betaling på dette beløb kom fra kontoen",
            ))
        });
    let (payment, confidence, en, da) = found?;
    Some(ProposedReturn {
        confidence,
        reason: Phrase::new(
            format!("{en}: the payment is taken back."),
            format!("{da}: betalingen føres tilbage."),
        ),
        payment,
    })
}

fn only<'a>(mut found: impl Iterator<Item = &'a &'a BankEntry>) -> Option<PaymentId> {
    let first = found.next()?.payment_id?;
    found.next().is_none().then_some(first)
}
