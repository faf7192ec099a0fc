//! Bulk payments: the one set of open invoices whose amounts add up to what came. What it is not: a guess
//! among several sets; then nothing is proposed.

use crate::finance::bank::matching::payers::Known;
use crate::finance::bank::matching::{Book, Incoming, OpenInvoice, Proposed};
use crate::kernel::ids::CityId;
use crate::kernel::phrase::Phrase;

/// The most invoices that one payment is looked at as being for.
const MOST_INVOICES: usize = 12;

/// The most open invoices among which a set is looked for.
const MOST_CANDIDATES: usize = 200;

/// The most steps of the search; the same everywhere, so that everybody gets the same answer.
const MOST_STEPS: u32 = 200_000;

/// The set of invoices that a payment is for: of the payer's, or of all when the payer is not known.
pub(super) fn propose(
    incoming: Incoming<'_>,
    book: &Book,
    payer: Option<(CityId, Known)>,
) -> Option<Proposed> {
    let candidates: Vec<&OpenInvoice> = book
        .invoices
        .iter()
        .filter(|invoice| payer.is_none_or(|(city, _)| invoice.city == city))
        .filter(|invoice| invoice.open_minor <= incoming.minor)
        .take(MOST_CANDIDATES.saturating_add(1))
        .collect();
    if candidates.len() > MOST_CANDIDATES {
        return None;
    }
    let amounts: Vec<i64> = candidates.iter().map(|one| one.open_minor).collect();
    let chosen: Vec<&OpenInvoice> = only_subset(&amounts, incoming.minor)?
        .into_iter()
        .filter_map(|place| candidates.get(place).copied())
        .collect();
    let first = chosen.first()?;
    let numbers: Vec<&str> = chosen.iter().map(|one| one.number.as_str()).collect();
    let numbers = numbers.join(", ");
    let (confidence, en, da) = match payer {
        Some((_, Known::ByAccount)) => (
            70,
            "The account paid for this city before",
            "Kontoen har betalt for denne by før",
        ),
        Some((_, Known::ByName)) => (
            60,
            "The payer has the city's name",
            "Betaleren har byens navn",
        ),
        None => (40, "Nothing is known of the payer", "Betaleren kendes ikke"),
    };
    Some(Proposed {
        confidence,
        reason: Phrase::new(
            format!("{en}; only {numbers} together are of this amount."),
            format!("{da}; kun {numbers} er tilsammen på dette beløb."),
        ),
        city: payer.map_or(first.city, |(city, _)| city),
        shares: chosen.iter().map(|one| (one.id, one.open_minor)).collect(),
    })
}

/// The places of the only set of two to twelve amounts above zero that add up to a target; none when there is
/// no such set or another one, and when the search is not done within its steps.
fn only_subset(amounts: &[i64], target: i64) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(amounts.get(*place).copied()));
    let sorted: Vec<i64> = order
        .iter()
        .filter_map(|place| amounts.get(*place).copied())
        .collect();
    // What all amounts from a place on add up to: less than is missing there need not be tried.
    let mut rests = vec![0_i64; sorted.len().saturating_add(1)];
    let mut rest = 0_i64;
    for (place, amount) in sorted.iter().enumerate().rev() {
        rest = rest.saturating_add(*amount);
        if let Some(slot) = rests.get_mut(place) {
            *slot = rest;
        }
    }
    let mut search = Search {
        sorted: &sorted,
        rests: &rests,
        chosen: Vec::new(),
        found: Vec::new(),
        steps: 0,
    };
    search.from(0, target);
    if search.steps > MOST_STEPS {
        return None;
    }
    match search.found.as_slice() {
        [only] => {
            let mut places: Vec<usize> = only
                .iter()
                .filter_map(|place| order.get(*place).copied())
                .collect();
            places.sort_unstable();
            Some(places)
        }
        _ => None,
    }
}

struct Search<'a> {
    sorted: &'a [i64],
    rests: &'a [i64],
    chosen: Vec<usize>,
    found: Vec<Vec<usize>>,
    steps: u32,
}

impl Search<'_> {
    /// Tries each amount from a place on; done when a second set is found or the steps are used up.
    fn from(&mut self, place: usize, missing: i64) {
        if missing == 0 {
            if self.chosen.len() > 1 {
                self.found.push(self.chosen.clone());
            }
            return;
        }
        if self.chosen.len() == MOST_INVOICES {
            return;
        }
        for next in place..self.sorted.len() {
            self.steps = self.steps.saturating_add(1);
            if self.steps > MOST_STEPS || self.found.len() > 1 {
                return;
            }
            let rest = self.rests.get(next).copied().unwrap_or_default();
            if rest < missing {
                return;
            }
            let Some(amount) = self.sorted.get(next).copied() else {
                return;
            };
            if amount <= missing {
                self.chosen.push(next);
                self.from(next.saturating_add(1), missing.saturating_sub(amount));
                self.chosen.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_one_set_counts() {
        for (amounts, target, expected) in [
            (&[100, 200, 400][..], 600, Some(vec![1, 2])),
            (&[100, 200, 400], 700, Some(vec![0, 1, 2])),
            // One amount is no set.
            (&[100, 200, 400], 400, None),
            (&[100, 200, 300], 300, Some(vec![0, 1])),
            // Two sets: 100 + 400 and 200 + 300.
            (&[100, 200, 300, 400], 500, None),
            (&[75, 75, 75], 150, None),
            (&[75, 75, 75], 225, Some(vec![0, 1, 2])),
            (&[1, 2], 9, None),
            (&[], 1, None),
        ] {
            assert_eq!(
                only_subset(amounts, target),
                expected,
                "{amounts:?} {target}"
            );
        }
        // What takes too long to decide is not proposed, and does not take long.
        let many: Vec<i64> = (0..200).map(|number| 1_000_000 + number * 7).collect();
        assert_eq!(only_subset(&many, 6_000_333), None);
    }

    proptest! {
        #[test]
        fn it_is_the_set_that_trying_all_finds(amounts in prop::collection::vec(1..60_i64, 0..10), target in 1..200_i64) {
            let sets: Vec<Vec<usize>> = (0_u32..1 << amounts.len())
                .map(|mask| (0..amounts.len()).filter(|place| mask & (1 << place) != 0).collect::<Vec<_>>())
                .filter(|set| set.len() > 1 && set.iter().map(|place| amounts[*place]).sum::<i64>() == target)
                .collect();
            let expected = (sets.len() == 1).then(|| sets[0].clone());
            prop_assert_eq!(only_subset(&amounts, target), expected);
        }
    }
}
