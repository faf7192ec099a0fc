//! Which accounts a deed of finance moves: one function for each deed, pure. What it is not: the
//! deed, or its storing; amounts come in as they were decided.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::finance::ledger::model::{Account, PostingKind};
use crate::kernel::ids::{CityId, Id, InvoiceId};

/// A transaction to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The deed.
    pub kind: PostingKind,
    /// The key of what it was done to.
    pub subject: Uuid,
    /// The number of the document, where it has one.
    pub document: Option<String>,
    /// Whose it is.
    pub city: Option<CityId>,
    /// ISO 4217.
    pub currency: String,
    /// The day of the deed.
    pub on: NaiveDate,
    /// What it moves; entries of nothing are left out when it is posted.
    pub entries: Vec<Entry>,
}

/// What a deed moves on one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// In minor units: debit above zero, credit below.
    pub minor: i64,
    /// The invoice it belongs to.
    pub invoice: Option<InvoiceId>,
}

impl Entry {
    /// A debit.
    #[must_use]
    pub const fn debit(account: Account, minor: i64) -> Self {
        Self {
            account,
            minor,
            invoice: None,
        }
    }

    /// A credit.
    #[must_use]
    pub const fn credit(account: Account, minor: i64) -> Self {
        Self {
            account,
            minor: minor.saturating_neg(),
            invoice: None,
        }
    }

    /// The same, belonging to an invoice.
    #[must_use]
    pub const fn of(self, invoice: InvoiceId) -> Self {
        Self {
            invoice: Some(invoice),
            ..self
        }
    }
}

/// What all postings about an invoice know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: Option<String>,
    /// Who owes it.
    pub city: CityId,
    /// ISO 4217.
    pub currency: String,
}

/// What all postings about a payment know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The key of the payment.
    pub payment: Uuid,
    /// Who paid, or for whom.
    pub city: CityId,
    /// ISO 4217.
    pub currency: String,
}

/// An invoice was issued: the city owes the total; `earned` says where each net amount goes, the
/// revenue of days to come waits as deferred.
#[must_use]
pub fn invoice_issued(
    claim: &Claim,
    on: NaiveDate,
    total: i64,
    vat: i64,
    earned: &[(Account, i64)],
) -> Posting {
    let mut entries = vec![Entry::debit(Account::Receivables, total).of(claim.invoice)];
    entries.extend(
        earned
            .iter()
            .map(|(account, net)| Entry::credit(*account, *net).of(claim.invoice)),
    );
    entries.push(Entry::credit(Account::VatPayable, vat).of(claim.invoice));
    of_claim(
        PostingKind::InvoiceIssued,
        claim.invoice.uuid(),
        claim,
        on,
        entries,
    )
}

/// A credit note was issued: the claim shrinks, and what it gives back of payments waits for another
/// use. `taken_back` says of which account each net amount comes.
#[must_use]
pub fn credit_note_issued(
    claim: &Claim,
    note: (Uuid, Option<String>),
    on: NaiveDate,
    (total, vat, released): (i64, i64, i64),
    taken_back: &[(Account, i64)],
) -> Posting {
    let mut entries: Vec<_> = taken_back
        .iter()
        .map(|(account, net)| Entry::debit(*account, *net).of(claim.invoice))
        .collect();
    entries.push(Entry::debit(Account::VatPayable, vat).of(claim.invoice));
    entries.push(Entry::credit(Account::Receivables, total).of(claim.invoice));
    entries.push(Entry::debit(Account::Receivables, released).of(claim.invoice));
    entries.push(Entry::credit(Account::UnappliedCredit, released));
    Posting {
        document: note.1,
        ..of_claim(PostingKind::CreditNoteIssued, note.0, claim, on, entries)
    }
}

/// Money came in, and a part of it was used at once.
#[must_use]
pub fn payment_received(
    money: &Money,
    on: NaiveDate,
    amount: i64,
    used: &[(InvoiceId, i64)],
) -> Posting {
    let sum = used
        .iter()
        .fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
    let mut entries = vec![Entry::debit(Account::Bank, amount)];
    entries.extend(
        used.iter()
            .map(|(invoice, minor)| Entry::credit(Account::Receivables, *minor).of(*invoice)),
    );
    entries.push(Entry::credit(
        Account::UnappliedCredit,
        amount.saturating_sub(sum),
    ));
    of_money(
        PostingKind::PaymentReceived,
        money.payment,
        money,
        on,
        entries,
    )
}

/// A part of a payment was used for an invoice; `allocation` is the key of that use.
#[must_use]
pub fn payment_allocated(
    money: &Money,
    allocation: Uuid,
    on: NaiveDate,
    (invoice, minor): (InvoiceId, i64),
) -> Posting {
    let entries = vec![
        Entry::debit(Account::UnappliedCredit, minor),
        Entry::credit(Account::Receivables, minor).of(invoice),
    ];
    of_money(
        PostingKind::PaymentAllocated,
        allocation,
        money,
        on,
        entries,
    )
}

/// A use of a payment was taken back; `release` is the key of the entry that does so.
#[must_use]
pub fn allocation_released(
    money: &Money,
    release: Uuid,
    on: NaiveDate,
    (invoice, minor): (InvoiceId, i64),
) -> Posting {
    let entries = vec![
        Entry::debit(Account::Receivables, minor).of(invoice),
        Entry::credit(Account::UnappliedCredit, minor),
    ];
    of_money(PostingKind::AllocationReleased, release, money, on, entries)
}

/// The bank took a payment back: what it had settled is owed again, the rest is no credit any more.
#[must_use]
pub fn payment_reversed(
    money: &Money,
    reversal: Uuid,
    on: NaiveDate,
    amount: i64,
    used: &[(InvoiceId, i64)],
) -> Posting {
    let received = payment_received(money, on, amount, used);
    let entries = received
        .entries
        .into_iter()
        .map(|entry| Entry {
            minor: entry.minor.saturating_neg(),
            ..entry
        })
        .collect();
    of_money(PostingKind::PaymentReversed, reversal, money, on, entries)
}

/// Unused money was paid back; `refund` is its key.
#[must_use]
pub fn payment_refunded(money: &Money, refund: Uuid, on: NaiveDate, minor: i64) -> Posting {
    let entries = vec![
        Entry::debit(Account::UnappliedCredit, minor),
        Entry::credit(Account::Bank, minor),
    ];
    of_money(PostingKind::PaymentRefunded, refund, money, on, entries)
}

/// A claim was given up, as a loss or as a small difference; `write_off` is its key.
#[must_use]
pub fn claim_written_off(
    claim: &Claim,
    write_off: Uuid,
    on: NaiveDate,
    (account, minor): (Account, i64),
) -> Posting {
    let entries = vec![
        Entry::debit(account, minor).of(claim.invoice),
        Entry::credit(Account::Receivables, minor).of(claim.invoice),
    ];
    of_claim(PostingKind::ClaimWrittenOff, write_off, claim, on, entries)
}

/// A claim that was given up stands again; `reversal` is the key of the entry that says so.
#[must_use]
pub fn write_off_reversed(
    claim: &Claim,
    reversal: Uuid,
    on: NaiveDate,
    (account, minor): (Account, i64),
) -> Posting {
    let entries = vec![
        Entry::debit(Account::Receivables, minor).of(claim.invoice),
        Entry::credit(account, minor).of(claim.invoice),
    ];
    of_claim(PostingKind::WriteOffReversed, reversal, claim, on, entries)
}

/// An open invoice of an older system was taken over with what is open on it.
#[must_use]
pub fn opening_item(claim: &Claim, on: NaiveDate, open: i64) -> Posting {
    let entries = vec![
        Entry::debit(Account::Receivables, open).of(claim.invoice),
        Entry::credit(Account::OpeningBalance, open).of(claim.invoice),
    ];
    of_claim(
        PostingKind::OpeningItem,
        claim.invoice.uuid(),
        claim,
        on,
        entries,
    )
}

/// Revenue of days that have passed; below zero where a credit took back what was counted already.
/// `line` is the key of the invoice's line.
#[must_use]
pub fn revenue_recognised(
    claim: &Claim,
    line: Uuid,
    on: NaiveDate,
    (account, minor): (Account, i64),
) -> Posting {
    let entries = vec![
        Entry::debit(Account::DeferredRevenue, minor).of(claim.invoice),
        Entry::credit(account, minor).of(claim.invoice),
    ];
    of_claim(PostingKind::RevenueRecognised, line, claim, on, entries)
}

/// The result of a year goes to equity. `balances` are those of the accounts of the result, debit
/// above zero; `close` is the key of the closing.
#[must_use]
pub fn year_closed(
    close: Uuid,
    year: i32,
    currency: &str,
    on: NaiveDate,
    balances: &[(Account, i64)],
) -> Posting {
    let result = balances
        .iter()
        .fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
    let mut entries: Vec<_> = balances
        .iter()
        .map(|(account, minor)| Entry::credit(*account, *minor))
        .collect();
    entries.push(Entry::debit(Account::RetainedEarnings, result));
    Posting {
        kind: PostingKind::YearClosed,
        subject: close,
        document: Some(year.to_string()),
        city: None,
        currency: currency.to_owned(),
        on,
        entries,
    }
}

fn of_claim(
    kind: PostingKind,
    subject: Uuid,
    claim: &Claim,
    on: NaiveDate,
    entries: Vec<Entry>,
) -> Posting {
    Posting {
        kind,
        subject,
        document: claim.number.clone(),
        city: Some(claim.city),
        currency: claim.currency.clone(),
        on,
        entries,
    }
}

fn of_money(
    kind: PostingKind,
    subject: Uuid,
    money: &Money,
    on: NaiveDate,
    entries: Vec<Entry>,
) -> Posting {
    Posting {
        kind,
        subject,
        document: None,
        city: Some(money.city),
        currency: money.currency.clone(),
        on,
        entries,
    }
}

#[cfg(test)]
mod tests;
