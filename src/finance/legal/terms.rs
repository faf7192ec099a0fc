//! What a creditor may charge for late payment, by the day on which the claim is due. What it is not:
//! what a seller does charge; that is its setting, within these limits.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::finance::legal::load::{LegalFile, unknown};
use crate::finance::legal::rows::{hundredths, rows};
use crate::kernel::refusal::Refusal;

/// A limit of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Term {
    /// What interest is above the reference rate, in basis points (Interest Act, section 5).
    InterestSurcharge,
    /// The most that a reminder may cost, in minor units of DKK (section 9 b).
    ReminderFee,
    /// How many reminders of a claim may cost a fee.
    ReminderFees,
    /// The days between two reminders.
    DaysBetweenReminders,
    /// What a business or public debtor owes once for each claim, in minor units of DKK (section 9 a).
    Compensation,
    /// The days that a notice of collection gives.
    CollectionDeadline,
}

impl Term {
    /// Whether the value is a number of things and not hundredths of something.
    const fn is_count(self) -> bool {
        matches!(
            self,
            Self::ReminderFees | Self::DaysBetweenReminders | Self::CollectionDeadline
        )
    }
}

/// The limits by the day from which they hold for claims that are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatePaymentTerms(BTreeMap<(Term, NaiveDate), i64>);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    term: Term,
    claims_due_from: NaiveDate,
    value: String,
    source: String,
}

impl LatePaymentTerms {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it: an unknown term, one twice for a day, a value that is none or has no
    /// source.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut terms = BTreeMap::new();
        for row in rows::<Row>(text)? {
            let (term, from) = (row.term, row.claims_due_from);
            anyhow::ensure!(!row.source.is_empty(), "{term:?} {from} has no source");
            let value = if term.is_count() {
                row.value.parse()?
            } else {
                hundredths(&row.value)?
            };
            anyhow::ensure!(
                (0..=1_000_000).contains(&value),
                "{term:?} {from}: {}",
                row.value
            );
            anyhow::ensure!(
                terms.insert((term, from), value).is_none(),
                "{term:?} {from} stands twice"
            );
        }
        Ok(Self(terms))
    }

    /// The limit for a claim that is due on a day: basis points, minor units, or a number, as the term
    /// says.
    ///
    /// # Errors
    /// A refusal that names the term when nothing is known for that day.
    pub fn of(&self, term: Term, due_on: NaiveDate) -> Result<i64, Refusal> {
        let in_force = self.0.range((term, NaiveDate::MIN)..=(term, due_on));
        in_force.last().map(|(_, value)| *value).ok_or_else(|| {
            unknown(
                &format!("{term:?} for claims due on {due_on}"),
                &format!("{term:?} for krav, der forfalder den {due_on},"),
                LegalFile::Terms,
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::legal::LegalData;
    use crate::kernel::period::parse_date;

    #[test]
    fn a_claim_has_the_terms_of_the_day_it_is_due() {
        let terms = LegalData::compiled_in().unwrap().terms;
        for (term, due_on, value) in [
            (Term::InterestSurcharge, "2013-02-28", Some(700)),
            (Term::InterestSurcharge, "2013-03-01", Some(800)),
            (Term::InterestSurcharge, "2009-12-31", None),
            (Term::ReminderFee, "2026-01-01", Some(10_000)),
            (Term::ReminderFees, "2026-01-01", Some(3)),
            (Term::DaysBetweenReminders, "2026-01-01", Some(10)),
            (Term::Compensation, "2026-01-01", Some(31_000)),
            (Term::Compensation, "2013-02-28", None),
            (Term::CollectionDeadline, "2026-01-01", Some(10)),
        ] {
            let found = terms.of(term, parse_date(due_on).unwrap()).ok();
            assert_eq!(found, value, "{term:?} {due_on}");
        }
    }
}
