//! What may be posted, and to which day. Pure decisions; the database holds the first one too.

use chrono::NaiveDate;

use crate::finance::ledger::model::PostingKind;
use crate::finance::ledger::postings::Entry;

/// Up to which days the books are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Locks {
    /// Closed to everything but the work of closing.
    pub soft_through: Option<NaiveDate>,
    /// Closed to everything.
    pub hard_through: Option<NaiveDate>,
}

impl Locks {
    /// The last day that is closed to a deed.
    #[must_use]
    pub fn closed_to(self, kind: PostingKind) -> Option<NaiveDate> {
        if matches!(
            kind,
            PostingKind::RevenueRecognised | PostingKind::YearClosed
        ) {
            self.hard_through
        } else {
            self.soft_through.max(self.hard_through)
        }
    }

    /// The day to which a deed counts: its own, or the first open one after the closed days.
    #[must_use]
    pub fn open_day(self, kind: PostingKind, day: NaiveDate) -> NaiveDate {
        match self.closed_to(kind) {
            Some(closed) if day <= closed => closed.succ_opt().unwrap_or(NaiveDate::MAX),
            _ => day,
        }
    }
}

/// What is wrong with entries that are to be posted; a fault of ours whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbalanced {
    /// The debits are not the credits.
    #[error("a posting that does not balance")]
    Sum,
    /// More than 64 bits hold.
    #[error("a posting that does not fit")]
    TooLarge,
}

/// The entries that move something, and the sum of their debits; none when nothing is moved.
///
/// # Errors
/// When they do not balance.
pub fn balanced(entries: &[Entry]) -> Result<Option<(Vec<Entry>, i64)>, Unbalanced> {
    let moving: Vec<_> = entries
        .iter()
        .copied()
        .filter(|entry| entry.minor != 0)
        .collect();
    let mut debits = 0_i64;
    let mut sum = 0_i128;
    for entry in &moving {
        sum += i128::from(entry.minor);
        if entry.minor > 0 {
            debits = debits
                .checked_add(entry.minor)
                .ok_or(Unbalanced::TooLarge)?;
        }
    }
    match (sum, moving.is_empty()) {
        (0, true) => Ok(None),
        (0, false) => Ok(Some((moving, debits))),
        _ => Err(Unbalanced::Sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::ledger::model::Account;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn a_deed_counts_to_its_day_or_to_the_first_open_one() {
        use PostingKind::{PaymentReceived, RevenueRecognised};
        let locks = Locks {
            soft_through: Some(day("2026-11-30")),
            hard_through: Some(day("2026-10-31")),
        };
        let table = [
            (PaymentReceived, "2026-10-31", "2026-12-01"),
            (PaymentReceived, "2026-11-30", "2026-12-01"),
            (PaymentReceived, "2026-12-01", "2026-12-01"),
            (RevenueRecognised, "2026-11-30", "2026-11-30"),
            (RevenueRecognised, "2026-10-31", "2026-11-01"),
        ];
        for (kind, on, expected) in table {
            assert_eq!(
                locks.open_day(kind, day(on)),
                day(expected),
                "{kind} on {on}"
            );
            assert_eq!(Locks::default().open_day(kind, day(on)), day(on));
        }
    }

    #[test]
    fn only_what_balances_is_posted() {
        let debit = |minor| Entry::debit(Account::Bank, minor);
        let credit = |minor| Entry::credit(Account::Receivables, minor);
        assert_eq!(
            balanced(&[debit(5), credit(5), debit(0)]),
            Ok(Some((vec![debit(5), credit(5)], 5)))
        );
        assert_eq!(balanced(&[debit(0), credit(0)]), Ok(None));
        assert_eq!(balanced(&[]), Ok(None));
        assert_eq!(balanced(&[debit(5), credit(4)]), Err(Unbalanced::Sum));
        assert_eq!(balanced(&[debit(5)]), Err(Unbalanced::Sum));
        let huge = [debit(i64::MAX), debit(1), credit(i64::MAX), credit(1)];
        assert_eq!(balanced(&huge), Err(Unbalanced::TooLarge));
    }
}
