//! What a file of the bank says, in the words of no format: statements, booked entries, their parts. What
//! it is not: what of it is stored; that is decided by comparing it with what is known.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::finance::bank::fault::Spot;
use crate::finance::bank::model::{Direction, StatementFormat};
use crate::kernel::invisible::{is_blank, is_ignorable};
use crate::kernel::money::Currency;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankFile {
    /// Its form.
    pub format: StatementFormat,
    /// Its statements, in their order.
    pub statements: Vec<Stated>,
}

/// The account as a file names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedAccount {
    /// By its IBAN, without blanks.
    pub iban: Option<String>,
    /// By another number, such as registration and account number.
    pub number: Option<String>,
}

impl NamedAccount {
    /// As a reader knows it.
    #[must_use]
    pub fn words(&self) -> &str {
        self.iban
            .as_deref()
            .or(self.number.as_deref())
            .unwrap_or_default()
    }
}

/// A statement, or a notification of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Where it stands.
    pub spot: Spot,
    /// The bank's own id of it.
    pub bank_id: Option<String>,
    /// Whose it is; nothing in a table that does not say.
    pub account: NamedAccount,
    /// The currency of the account, where it is said.
    pub currency: Option<Currency>,
    /// The number of the statement of the account.
    pub sequence: Option<i64>,
    /// The first day it is about.
    pub from_on: Option<NaiveDate>,
    /// The last.
    pub through_on: Option<NaiveDate>,
    /// The booked balance before the first entry, in minor units.
    pub opening: Option<i64>,
    /// The booked balance after the last.
    pub closing: Option<i64>,
    /// The booked entries, the earliest first.
    pub entries: Vec<StatedEntry>,
    /// How many entries are not booked yet, and passed over.
    pub pending: u32,
}

/// A booked entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedEntry {
    /// Where it stands.
    pub spot: Spot,
    /// Whether money came or went.
    pub direction: Direction,
    /// How much, in minor units; not below zero.
    pub minor: i64,
    /// In which currency.
    pub currency: Currency,
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// The day from which the bank counts it.
    pub value_on: NaiveDate,
    /// Whether it takes back an earlier entry.
    pub reversal: bool,
    /// The bank's own reference, which no other entry of the account has.
    pub bank_reference: Option<String>,
    /// What it is made of: one part, or several of a batch that add up to it.
    pub parts: Vec<Part>,
}

impl StatedEntry {
    /// The amount with its sign in minor units: above zero when money came.
    #[must_use]
    pub fn signed(&self) -> i64 {
        match self.direction {
            Direction::Credit => self.minor,
            Direction::Debit => self.minor.saturating_neg(),
        }
    }
}

/// A payment in an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// How much, in minor units.
    pub minor: i64,
    /// What the bank charged for it, in minor units; it is not a part of the amount.
    pub charges: i64,
    /// The bank's own reference of it.
    pub bank_reference: Option<String>,
    /// The reference that the payer gave from end to end.
    pub end_to_end: Option<String>,
    /// The structured references of a creditor: FIK or ISO 11649.
    pub creditor_reference: Option<String>,
    /// Who paid, or was paid.
    pub name: Option<String>,
    /// The account of the other side.
    pub account: Option<String>,
    /// What was written.
    pub text: Option<String>,
    /// Whether the bank says that it is returned.
    pub returned: bool,
}

/// The longest text of an entry that is kept, in characters.
pub(super) const LONGEST_TEXT: usize = 2_000;

/// The longest name or reference that is kept.
pub(super) const LONGEST_LINE: usize = 140;

/// A text of a bank made fit to keep: composed, in one line, with what nobody sees taken out, and cut to a
/// length. Nothing to read is none. A payer's odd character is no reason to refuse a file.
pub(super) fn fit(text: &str, longest: usize) -> Option<String> {
    let mut kept = String::new();
    for character in text.nfc() {
        if is_blank(character) || character.is_control() {
            if !kept.is_empty() && !kept.ends_with(' ') {
                kept.push(' ');
            }
        } else if !is_ignorable(character) && character != '\u{feff}' {
            kept.push(character);
        }
    }
    let kept: String = kept.trim_end().chars().take(longest).collect();
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Texts, one after the other, as one.
pub(super) fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut all: Vec<&str> = Vec::new();
    for text in texts {
        let text = text.trim();
        if !text.is_empty() && !all.contains(&text) {
            all.push(text);
        }
    }
    fit(&all.join("; "), LONGEST_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_fit() {
        for (text, longest, kept) in [
            (
                "  A\u{30a}rhus \n\t Kommune\u{0}",
                100,
                Some("Århus Kommune"),
            ),
            ("F2026\u{200b}-1\u{202e}", 100, Some("F2026-1")),
            ("abc def", 4, Some("abc")),
            (" \u{2060}\n", 100, None),
            ("", 100, None),
        ] {
            assert_eq!(fit(text, longest).as_deref(), kept, "{text:?}");
        }
        assert_eq!(joined([" a ", "b", "", "a"]).as_deref(), Some("a; b"));
        assert_eq!(joined([" ", ""]), None);
    }
}
