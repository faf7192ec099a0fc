//! Which good practices a city could learn from where it is weakest. Pure. What it is not: the practices.

use std::collections::BTreeSet;

use crate::kernel::indicator::Indicator;
use crate::programme::assessments::scoring::{Score, Tallies, Tally};

/// A practice for a weak indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommended {
    /// Which of the practices, by its place among them.
    pub practice: usize,
    /// The indicator that it illustrates.
    pub indicator: Indicator,
    /// The city's score there.
    pub score: Score,
    /// 1 for the city's weakest indicator; equal scores in the order of the index.
    pub rank: usize,
}

/// Practices for the weakest indicators, the weakest first: each practice once, none where nothing is
/// lacking. `linked` are the indicators that each practice illustrates.
#[must_use]
pub fn recommend(tallies: &Tallies, linked: &[Vec<Indicator>]) -> Vec<Recommended> {
    let mut weak: Vec<(Score, Indicator)> = tallies
        .iter()
        .filter(|(_, tally)| tally.points < tally.most)
        .filter_map(|(indicator, tally)| Some((Tally::score(tally)?, *indicator)))
        .collect();
    weak.sort();
    let mut used = BTreeSet::new();
    let mut recommended = Vec::new();
    for (place, (score, indicator)) in weak.into_iter().enumerate() {
        for (practice, illustrates) in linked.iter().enumerate() {
            if illustrates.contains(&indicator) && used.insert(practice) {
                recommended.push(Recommended {
                    practice,
                    indicator,
                    score: score.clone(),
                    rank: place.saturating_add(1),
                });
            }
        }
    }
    recommended
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::assessments::scoring::tally;
    use crate::programme::assessments::scoring::tests::{answers, small};

    #[test]
    fn the_weakest_comes_first_and_each_practice_once() {
        use Indicator::{Education, Media, PublicSpaces, Welcoming};
        let linked = [
            vec![Education, PublicSpaces],
            vec![Media],
            vec![Welcoming],
            vec![PublicSpaces],
        ];
        let found = |given: &str| {
            recommend(&tally(&small(), &answers(given)), &linked)
                .into_iter()
                .map(|one| (one.practice, one.indicator, one.rank))
                .collect::<Vec<_>>()
        };
        // Education 1/3, public spaces 5/7, media 0.
        assert_eq!(
            found("E1=PART E2=NO S1=A+C M1=NO"),
            [(1, Media, 1), (0, Education, 2), (3, PublicSpaces, 3),]
        );
        assert_eq!(found("E1=YES E2=YES S1=A+B+C M1=-"), []);
    }
}
