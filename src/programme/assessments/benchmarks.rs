//! How a city stands beside others: the mean and the median of a group, and the city's place in it. Pure.
//!
//! The group is made of assessments that were published by a day, the latest of each city, by the same
//! edition. A group of fewer than five cities is not shown: what the others said could be worked out from it.

use crate::kernel::indicator::Indicator;
use crate::programme::assessments::scoring::{self, Score, Tallies, Tally};
use crate::programme::questionnaires::Content;

crate::text_enum! {
    /// Whom a city is compared with.
    pub enum PeerGroup {
        /// All cities.
        All = "ALL",
        /// Cities with half to twice as many people.
        SimilarSize = "SIMILAR_SIZE",
        /// Cities where the share of people born abroad is at most five percentage points from the city's.
        SimilarDiversity = "SIMILAR_DIVERSITY",
    }
}

/// The fewest cities of which anything is shown.
pub const FEWEST: usize = 5;

/// How far the share of people born abroad may be from the city's, in hundredths of a percent.
const SIMILAR_SHARE: i32 = 500;

/// A city's size and diversity, where they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// How many people live there.
    pub population: Option<i64>,
    /// The share of them who were born abroad, in hundredths of a percent.
    pub foreign_born_bp: Option<i32>,
}

/// An assessment of another city of the group.
#[derive(Debug, Clone)]
pub struct Peer {
    /// What it earned.
    pub tallies: Tallies,
}

/// How a city stands in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Benchmark {
    /// How many other cities the group has; none where that is too few to be shown.
    pub cities: Option<usize>,
    /// In the index.
    pub index: Option<Standing>,
    /// In each indicator.
    pub indicators: Vec<(Indicator, Option<Standing>)>,
}

/// How a score stands beside those of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How many others have a score.
    pub cities: usize,
    /// Their mean.
    pub mean: Score,
    /// Their median: half of them are not above it, and half not below.
    pub median: Score,
    /// The city's place among them and itself, 1 for the highest; equal scores share one. None without a
    /// score.
    pub rank: Option<usize>,
}

/// Whether another city belongs to the group of a city. Unknown figures are similar to nothing.
#[must_use]
pub fn belongs(own: Figures, other: Figures, group: PeerGroup) -> bool {
    match group {
        PeerGroup::All => true,
        PeerGroup::SimilarSize => {
            own.population
                .zip(other.population)
                .is_some_and(|(own, other)| {
                    other.saturating_mul(2) >= own && other <= own.saturating_mul(2)
                })
        }
        PeerGroup::SimilarDiversity => own
            .foreign_born_bp
            .zip(other.foreign_born_bp)
            .is_some_and(|(own, other)| (own - other).abs() <= SIMILAR_SHARE),
    }
}

/// How a city stands beside a group of others.
#[must_use]
pub fn benchmark(content: &Content, own: &Tallies, group: &[Peer]) -> Benchmark {
    let standing = |own: Option<Score>, score: &dyn Fn(&Peer) -> Option<Score>| {
        beside(own.as_ref(), group.iter().filter_map(score).collect())
    };
    let indicators = content.weights.keys().map(|indicator| {
        let of = |tallies: &Tallies| tallies.get(indicator).and_then(Tally::score);
        (*indicator, standing(of(own), &|peer| of(&peer.tallies)))
    });
    let whole = |tallies: &Tallies| scoring::index(content, tallies);
    Benchmark {
        cities: Some(group.len()).filter(|cities| *cities >= FEWEST),
        index: standing(whole(own), &|peer| whole(&peer.tallies)),
        indicators: indicators.collect(),
    }
}

fn beside(own: Option<&Score>, mut scores: Vec<Score>) -> Option<Standing> {
    if scores.len() < FEWEST {
        return None;
    }
    scores.sort();
    let (upper, lower) = (scores.len() / 2, scores.len().saturating_sub(1) / 2);
    let middle: Vec<Score> = [lower, upper]
        .iter()
        .filter_map(|place| scores.get(*place).cloned())
        .collect();
    let above = |own: &Score| scores.iter().filter(|score| *score > own).count();
    Some(Standing {
        cities: scores.len(),
        mean: Score::mean(&scores)?,
        median: Score::mean(&middle)?,
        rank: own.map(|own| above(own).saturating_add(1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::assessments::scoring::tests::{answers, small};

    fn peer(given: &str) -> Peer {
        let content = small();
        Peer {
            tallies: scoring::tally(&content, &answers(given)),
        }
    }

    #[test]
    fn fewer_than_five_are_not_shown() {
        let content = small();
        let own = scoring::tally(&content, &answers("E1=PART M1=YES"));
        let four: Vec<Peer> = (0..4).map(|_| peer("E1=YES M1=NO")).collect();
        let hidden = benchmark(&content, &own, &four);
        assert_eq!((hidden.cities, &hidden.index), (None, &None));
        assert!(
            hidden
                .indicators
                .iter()
                .all(|(_, standing)| standing.is_none())
        );

        // Six, of whom two have nothing to say on media: four are too few for that one.
        let mut six = four;
        six.extend([peer("E1=NO E2=YES M1=-"), peer("E1=PART E2=YES M1=-")]);
        let shown = benchmark(&content, &own, &six);
        assert_eq!(shown.cities, Some(6));
        let of = |wanted| {
            shown
                .indicators
                .iter()
                .find(|(indicator, _)| *indicator == wanted)
                .unwrap()
                .1
                .clone()
        };
        assert_eq!(of(Indicator::Media), None);
        let education = of(Indicator::Education).unwrap();
        // 2/3 four times, 1/3, 2/3; the city itself has 1/3.
        assert_eq!(
            (
                education.mean.exact(),
                education.median.exact(),
                education.rank
            ),
            ("550/9".to_owned(), "200/3".to_owned(), Some(6))
        );
    }

    #[test]
    fn groups_are_of_similar_size_or_diversity() {
        let figures = |population, foreign_born_bp| Figures {
            population,
            foreign_born_bp,
        };
        let own = figures(Some(100_000), Some(1_500));
        for (other, size, diversity) in [
            (figures(Some(50_000), Some(1_000)), true, true),
            (figures(Some(49_999), Some(999)), false, false),
            (figures(Some(200_000), Some(2_000)), true, true),
            (figures(Some(200_001), Some(2_001)), false, false),
            (figures(None, None), false, false),
        ] {
            assert!(belongs(own, other, PeerGroup::All));
            assert_eq!(
                belongs(own, other, PeerGroup::SimilarSize),
                size,
                "{other:?}"
            );
            assert_eq!(
                belongs(own, other, PeerGroup::SimilarDiversity),
                diversity,
                "{other:?}"
            );
        }
    }
}
