//! What answers earn, exactly: the score of an indicator is 100 × what its applicable questions earned / what
//! they could have earned, and the index is the weighted mean of the indicators that have a score. A question
//! that does not apply leaves both sums; one that is not answered earns nothing and is counted as missing.
//! Pure. What it is not: what is shown is rounded once, half up, to one decimal.

use std::collections::{BTreeMap, HashMap};

use num_rational::BigRational;

use crate::kernel::indicator::Indicator;
use crate::programme::assessments::model::Said;
use crate::programme::questionnaires::Content;

/// What a city said, by the code of the question.
pub type Answers = HashMap<String, Said>;

/// What each indicator earned.
pub type Tallies = BTreeMap<Indicator, Tally>;

/// A score from 0 to 100, or a difference of two, exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(pub BigRational);

impl Score {
    /// The fraction `above / below` of a whole.
    #[must_use]
    pub fn of(above: i64, below: i64) -> Option<Self> {
        (below != 0).then(|| Self(BigRational::new(above.into(), below.into())))
    }

    /// Rounded half up, away from zero, to one decimal: "58.3".
    #[must_use]
    pub fn rounded(&self) -> String {
        let tenths = (&self.0 * BigRational::from_integer(10.into())).round();
        let tenths = tenths.to_integer();
        let digits = format!("{:0>2}", tenths.magnitude().to_string());
        let (whole, tenth) = digits.split_at(digits.len().saturating_sub(1));
        let sign = if tenths.sign() == num_bigint::Sign::Minus {
            "-"
        } else {
            ""
        };
        format!("{sign}{whole}.{tenth}")
    }

    /// As a fraction in lowest terms: "175/3".
    #[must_use]
    pub fn exact(&self) -> String {
        self.0.to_string()
    }

    /// What it is above another.
    #[must_use]
    pub fn above(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// A share of it.
    #[must_use]
    pub fn share(&self, above: i64, below: i64) -> Option<Self> {
        let part = Self::of(above, below)?;
        Some(Self(&self.0 * part.0))
    }

    /// The mean of scores; none of none.
    #[must_use]
    pub fn mean(scores: &[Self]) -> Option<Self> {
        let count = i64::try_from(scores.len()).ok()?;
        let sum: BigRational = scores.iter().map(|score| &score.0).sum();
        (count > 0).then(|| Self(sum / BigRational::from_integer(count.into())))
    }

    /// As a number to draw with; what is computed stays exact.
    #[must_use]
    pub fn to_draw(&self) -> f32 {
        self.rounded().parse().unwrap_or_default()
    }
}

/// What the questions of an indicator earned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// What the answers earned.
    pub points: i64,
    /// What they could have earned.
    pub most: i64,
    /// How many questions were answered.
    pub answered: i32,
    /// How many were not.
    pub missing: i32,
    /// How many do not apply.
    pub not_applicable: i32,
}

impl Tally {
    /// The score; none without a question that applies.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        Score::of(self.points.saturating_mul(100), self.most)
    }
}

/// What the answers to a questionnaire earned, indicator by indicator.
#[must_use]
pub fn tally(content: &Content, answers: &Answers) -> Tallies {
    let mut tallies = Tallies::new();
    for question in &content.questions {
        let tally = tallies.entry(question.indicator).or_default();
        match answers.get(&question.code) {
            Some(Said::NotApplicable) => {
                tally.not_applicable = tally.not_applicable.saturating_add(1);
            }
            Some(Said::Chosen(chosen)) => {
                tally.points = tally.points.saturating_add(question.points(chosen));
                tally.most = tally.most.saturating_add(question.most());
                tally.answered = tally.answered.saturating_add(1);
            }
            None => {
                tally.most = tally.most.saturating_add(question.most());
                tally.missing = tally.missing.saturating_add(1);
            }
        }
    }
    tallies
}

/// The index: the mean of the indicators that have a score, each by its weight.
#[must_use]
pub fn index(content: &Content, tallies: &Tallies) -> Option<Score> {
    let mut sum = BigRational::from_integer(0.into());
    let mut weights = 0_i64;
    for (indicator, tally) in tallies {
        if let Some(score) = tally.score() {
            let weight = content.weight(*indicator);
            sum += score.0 * BigRational::from_integer(weight.into());
            weights = weights.saturating_add(weight);
        }
    }
    (weights > 0).then(|| Score(sum / BigRational::from_integer(weights.into())))
}

/// Urban policies through the intercultural lens: the plain mean of those of the six that have a score.
#[must_use]
pub fn lens(tallies: &Tallies) -> Option<Score> {
    let six = tallies
        .iter()
        .filter(|(indicator, _)| indicator.is_of_the_lens());
    let scores: Vec<Score> = six.filter_map(|(_, tally)| tally.score()).collect();
    Score::mean(&scores)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::programme::questionnaires::read;

    /// Two indicators of the lens and one beside it, of which the first weighs twice.
    pub(in crate::programme::assessments) const SMALL: &str = r#"
        code = "small"
        edition = 1
        name = { da = "Lille", en = "Small" }
        note = { da = "Et eksempel", en = "An example" }
        weights = { EDUCATION = 2 }
        [scales.extent]
        options = [
            { code = "NO", points = 0, text.da = "Nej", text.en = "No" },
            { code = "PART", points = 1, text.da = "Delvist", text.en = "In part" },
            { code = "YES", points = 2, text.da = "Ja", text.en = "Yes" },
        ]
        [[question]]
        code = "E1"
        indicator = "EDUCATION"
        scale = "extent"
        effort = 1
        text = { da = "Et", en = "One" }
        [[question]]
        code = "E2"
        indicator = "EDUCATION"
        effort = 3
        text = { da = "To", en = "Two" }
        options = [
            { code = "NO", points = 0, text.da = "Nej", text.en = "No" },
            { code = "YES", points = 1, text.da = "Ja", text.en = "Yes" },
        ]
        [[question]]
        code = "S1"
        indicator = "PUBLIC_SPACES"
        several = true
        effort = 2
        text = { da = "Tre", en = "Three" }
        options = [
            { code = "A", points = 1, text.da = "A", text.en = "A" },
            { code = "B", points = 2, text.da = "B", text.en = "B" },
            { code = "C", points = 4, text.da = "C", text.en = "C" },
        ]
        [[question]]
        code = "M1"
        indicator = "MEDIA"
        scale = "extent"
        effort = 5
        text = { da = "Fire", en = "Four" }
    "#;

    pub(in crate::programme::assessments) fn small() -> Content {
        read(SMALL).unwrap().content
    }

    /// Answers as "E1=YES S1=A+C M1=-"; `-` is not applicable.
    pub(in crate::programme::assessments) fn answers(text: &str) -> Answers {
        let said = |codes: &str| match codes {
            "-" => Said::NotApplicable,
            "" => Said::Chosen(Vec::new()),
            codes => Said::Chosen(codes.split('+').map(str::to_owned).collect()),
        };
        text.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(question, codes)| (question.to_owned(), said(codes)))
            .collect()
    }

    #[test]
    fn scores_are_exact_and_rounded_once() {
        let content = small();
        // Answers, then what each indicator, the lens and the index come to.
        for (given, education, spaces, media, lens_is, index_is) in [
            // 3/3, 7/7, 2/2.
            (
                "E1=YES E2=YES S1=A+B+C M1=YES",
                "100",
                "100",
                "100",
                "100",
                "100",
            ),
            ("E1=NO E2=NO S1= M1=NO", "0", "0", "0", "0", "0"),
            // 1/3 and 5/7 and 1/2: lens (100/3 + 500/7) / 2, index (200/3 + 500/7 + 50) / 4.
            (
                "E1=PART E2=NO S1=A+C M1=PART",
                "100/3",
                "500/7",
                "50",
                "1100/21",
                "3950/84",
            ),
            // What does not apply leaves both sums: education is 2/2; media has no score.
            (
                "E1=YES E2=- S1=C M1=-",
                "100",
                "400/7",
                "",
                "550/7",
                "1800/21",
            ),
            // What is missing counts as nothing of its most.
            ("E1=YES", "200/3", "0", "0", "100/3", "100/3"),
            ("E1=- E2=- S1=- M1=-", "", "", "", "", ""),
        ] {
            let tallies = tally(&content, &answers(given));
            let score = |indicator| {
                tallies
                    .get(&indicator)
                    .and_then(Tally::score)
                    .map(|score| score.exact())
            };
            let lowest = |text: &str| {
                let (above, below) = text.split_once('/').unwrap_or((text, "1"));
                (!text.is_empty()).then(|| {
                    Score::of(above.parse().unwrap(), below.parse().unwrap())
                        .unwrap()
                        .exact()
                })
            };
            assert_eq!(score(Indicator::Education), lowest(education), "{given}");
            assert_eq!(score(Indicator::PublicSpaces), lowest(spaces), "{given}");
            assert_eq!(score(Indicator::Media), lowest(media), "{given}");
            assert_eq!(
                lens(&tallies).map(|score| score.exact()),
                lowest(lens_is),
                "{given}"
            );
            assert_eq!(
                index(&content, &tallies).map(|score| score.exact()),
                lowest(index_is),
                "{given}"
            );
        }
    }

    #[test]
    fn what_is_shown_has_one_decimal() {
        for (above, below, shown) in [
            (100, 1, "100.0"),
            (175, 3, "58.3"),
            (200, 3, "66.7"),
            (125, 100, "1.3"),
            (5, 100, "0.1"),
            (4, 100, "0.0"),
            (0, 7, "0.0"),
            (-125, 100, "-1.3"),
            (-4, 100, "0.0"),
            (-5, 10, "-0.5"),
        ] {
            assert_eq!(
                Score::of(above, below).unwrap().rounded(),
                shown,
                "{above}/{below}"
            );
        }
        assert_eq!(Score::of(1, 0), None);
        assert_eq!(Score::mean(&[]), None);
    }
}
