//! Who paid, by the account that paid before or by a name. What it is not: a guess; where two cities fit,
//! nobody is known.

use std::collections::HashMap;
use std::hash::Hash;

use crate::finance::bank::matching::{Book, Incoming};
use crate::kernel::fold;
use crate::kernel::ids::CityId;

/// Words that stand beside the names of cities on accounts and invoices, folded.
const BESIDE_NAMES: [&str; 19] = [
    "kommune",
    "kommun",
    "municipality",
    "city",
    "council",
    "of",
    "the",
    "by",
    "stad",
    "comune",
    "di",
    "ville",
    "de",
    "stadt",
    "gemeente",
    "ayuntamiento",
    "urbana",
    "kommunes",
    "magistrat",
];

/// By what a payer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// The account paid for the city before.
    ByAccount,
    /// The name is the city's.
    ByName,
}

/// The city that paid, if one is known.
pub(super) fn payer(incoming: Incoming<'_>, book: &Book) -> Option<(CityId, Known)> {
    let by_account = incoming
        .account
        .and_then(|account| book.accounts.get(account).copied().flatten())
        .map(|city| (city, Known::ByAccount));
    by_account.or_else(|| {
        let key = name_key(incoming.name?);
        let city = book.names.get(&key).copied().flatten()?;
        (!key.is_empty()).then_some((city, Known::ByName))
    })
}

/// By which two names of a city are one: case, accents, the words for its office, and the `s` of a Danish
/// genitive do not matter, so that `KØBENHAVNS KOMMUNE` is København.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = fold::search_key(name);
    let words: Vec<&str> = folded
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty() && !BESIDE_NAMES.contains(word))
        .map(|word| word.strip_suffix('s').unwrap_or(word))
        .collect();
    words.join(" ")
}

/// Values by their keys; none where a key has two.
pub(super) fn unambiguous<K: Eq + Hash, V: Copy + PartialEq>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> HashMap<K, Option<V>> {
    let mut found: HashMap<K, Option<V>> = HashMap::new();
    for (key, value) in pairs {
        found
            .entry(key)
            .and_modify(|known| *known = known.filter(|known| *known == value))
            .or_insert(Some(value));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_city_are_one() {
        for (name, other) in [
            ("KØBENHAVNS KOMMUNE", "København"),
            ("Koebenhavns Kommune", "København"),
            ("Aarhus Kommune", "Århus"),
            ("City of Oslo", "Oslo"),
            ("Malmö stad", "Malmö"),
            ("Comune di Reggio Emilia", "Reggio Emilia"),
        ] {
            assert_eq!(name_key(name), name_key(other), "{name}");
        }
        for (name, other) in [
            ("Odense Kommune", "Odder"),
            ("Region Hovedstaden", "København"),
        ] {
            assert_ne!(name_key(name), name_key(other), "{name}");
        }
        assert_eq!(name_key("Kommune"), "");
    }

    #[test]
    fn what_two_share_is_nobodys() {
        let found = unambiguous([("a", 1), ("b", 1), ("a", 2), ("b", 1), ("a", 1)]);
        assert_eq!((found["a"], found["b"]), (None, Some(1)));
    }
}
