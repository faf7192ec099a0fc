//! By what an entry of the bank is known again when another file tells of it. What it is not: a comparison
//! of amounts and days; two payments of one day and amount are two.

use std::collections::{BTreeMap, HashMap};

use crate::finance::bank::statement::{Stated, StatedEntry};
use crate::kernel::hash::sha256_hex;

/// How an entry and its parts are known again, within an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    /// The entry as the bank booked it.
    pub(super) entry: String,
    /// Each of its parts, in their order.
    pub(super) parts: Vec<String>,
}

impl Fingerprint {
    /// The fingerprints of the entries of a statement, in their order.
    ///
    /// With the bank's reference an entry is that reference with direction and amount, wherever it is told of:
    /// a return may have the reference of what it takes back. Entries of one statement that have one reference
    /// and amount but say different things are told apart by what they say; those that say the same are one.
    ///
    /// Without the bank's reference, as in tables, an entry is its day with all that it says, and how often the
    /// same was said of that day before.
    #[must_use]
    pub(super) fn of_statement(stated: &Stated) -> Vec<Self> {
        let mut contents: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in &stated.entries {
            if let Some(known) = referenced(entry) {
                let said = contents.entry(known).or_default();
                let content = content(entry);
                if !said.contains(&content) {
                    said.push(content);
                }
            }
        }
        let mut before: HashMap<String, u32> = HashMap::new();
        stated
            .entries
            .iter()
            .map(|entry| {
                let name = match referenced(entry) {
                    Some(known) if contents.get(&known).is_some_and(|said| said.len() > 1) => {
                        format!("{known}~{}", short(&content(entry)))
                    }
                    Some(known) => known,
                    None => {
                        let content = content(entry);
                        let count = before.entry(content.clone()).or_default();
                        *count = count.saturating_add(1);
                        format!("text:{}#{count}", short(&content))
                    }
                };
                Self::parted(name, entry.parts.len())
            })
            .collect()
    }

    fn parted(entry: String, parts: usize) -> Self {
        let parts = if parts > 1 {
            (1..=parts).map(|part| format!("{entry}/{part}")).collect()
        } else {
            vec![entry.clone()]
        };
        Self { entry, parts }
    }
}

/// The bank's reference with what tells a return from what it takes back.
fn referenced(entry: &StatedEntry) -> Option<String> {
    let reference = entry.bank_reference.as_deref()?;
    let direction = entry.direction;
    let reversal = if entry.reversal { " reversal" } else { "" };
    Some(format!(
        "bank:{reference} {direction} {}{reversal}",
        entry.minor
    ))
}

/// All that an entry says.
fn content(entry: &StatedEntry) -> String {
    let parts: Vec<String> = entry
        .parts
        .iter()
        .map(|part| {
            let said = [
                part.bank_reference.as_deref(),
                part.end_to_end.as_deref(),
                part.creditor_reference.as_deref(),
                part.name.as_deref(),
                part.account.as_deref(),
                part.text.as_deref(),
            ];
            format!("{} {said:?}", part.minor)
        })
        .collect();
    format!(
        "{} {} {} {} {} {parts:?}",
        entry.booked_on, entry.value_on, entry.direction, entry.reversal, entry.minor
    )
}

/// Enough of a hash to tell texts apart.
fn short(content: &str) -> String {
    let mut hash = sha256_hex(content.as_bytes());
    hash.truncate(32);
    hash
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::finance::bank::fault::Spot;
    use crate::finance::bank::model::Direction;
    use crate::finance::bank::statement::{NamedAccount, Part};
    use crate::kernel::money::Currency;

    fn entry(reference: Option<&str>, minor: i64, text: &str) -> StatedEntry {
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
        StatedEntry {
            spot: Spot::default(),
            direction: Direction::Credit,
            minor,
            currency: Currency::DKK,
            booked_on: day,
            value_on: day,
            reversal: false,
            bank_reference: reference.map(str::to_owned),
            parts: vec![Part {
                minor,
                text: Some(text.to_owned()),
                ..Part::default()
            }],
        }
    }

    fn fingerprints(entries: Vec<StatedEntry>) -> Vec<String> {
        let stated = Stated {
            spot: Spot::default(),
            bank_id: None,
            account: NamedAccount::default(),
            currency: None,
            sequence: None,
            from_on: None,
            through_on: None,
            opening: None,
            closing: None,
            entries,
            pending: 0,
        };
        Fingerprint::of_statement(&stated)
            .into_iter()
            .map(|one| one.entry)
            .collect()
    }

    #[test]
    fn the_banks_reference_decides() {
        let found = fingerprints(vec![
            entry(Some("A"), 100, "x"),
            entry(Some("A"), 100, "x"),
            entry(Some("B"), 100, "x"),
            entry(Some("A"), 200, "x"),
        ]);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[0], "bank:A CREDIT 100");
        assert!(found[2] != found[0] && found[3] != found[0]);
        // A return with the reference of what it takes back is an entry of its own.
        let back = StatedEntry {
            direction: Direction::Debit,
            reversal: true,
            ..entry(Some("A"), 100, "x")
        };
        assert_eq!(fingerprints(vec![back]), ["bank:A DEBIT 100 reversal"]);
    }

    #[test]
    fn one_reference_for_different_things_does_not_make_them_one() {
        let (one, other) = (entry(Some("A"), 100, "x"), entry(Some("A"), 100, "y"));
        let found = fingerprints(vec![one.clone(), other.clone()]);
        assert_ne!(found[0], found[1]);
        let turned = fingerprints(vec![other, one]);
        assert_eq!((&found[0], &found[1]), (&turned[1], &turned[0]));
    }

    #[test]
    fn without_a_reference_the_same_twice_is_two() {
        let found = fingerprints(vec![
            entry(None, 100, "x"),
            entry(None, 100, "x"),
            entry(None, 100, "y"),
        ]);
        assert!(found[0].ends_with("#1") && found[1].ends_with("#2") && found[2].ends_with("#1"));
        // A later file with one more of the same knows the first two again.
        let later = fingerprints(vec![entry(None, 100, "x"); 3]);
        assert_eq!((&later[0], &later[1]), (&found[0], &found[1]));
        assert!(!found.contains(&later[2]));
    }

    #[test]
    fn parts_of_a_batch_have_names_of_their_own() {
        let named = Fingerprint::parted("a".to_owned(), 2);
        assert_eq!(named.parts, ["a/1", "a/2"]);
        assert_eq!(Fingerprint::parted("a".to_owned(), 1).parts, ["a"]);
    }
}
