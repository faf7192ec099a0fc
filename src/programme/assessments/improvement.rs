//! Which better answers would raise the index most for the least work. Pure. What it is not: advice on
//! what to do; the best answer to a question is only what the questionnaire gives its most points for.

use std::cmp::Reverse;

use num_rational::BigRational;

use crate::programme::assessments::model::Said;
use crate::programme::assessments::scoring::{self, Answers, Score};
use crate::programme::questionnaires::{Content, Question};

/// An answer that could be better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Improvement {
    /// The question.
    pub question: Question,
    /// What the answer earns now.
    pub points: i64,
    /// How much higher the index would be with the best answer, all others as they are.
    pub gain: Score,
}

/// What could be better, the most gain for each unit of work first; where that is equal the greater gain,
/// then as the questionnaire has it. Questions that do not apply are left out.
#[must_use]
pub fn improvements(content: &Content, answers: &Answers) -> Vec<Improvement> {
    let tallies = scoring::tally(content, answers);
    let weights: i64 = tallies
        .iter()
        .filter(|(_, tally)| tally.most > 0)
        .map(|(indicator, _)| content.weight(*indicator))
        .sum();
    let open = content.questions.iter().filter_map(|question| {
        let points = match answers.get(&question.code) {
            Some(Said::NotApplicable) => return None,
            Some(Said::Chosen(chosen)) => question.points(chosen),
            None => 0,
        };
        let lacking = question
            .most()
            .checked_sub(points)
            .filter(|lack| *lack > 0)?;
        let tally = tallies.get(&question.indicator)?;
        let weight = content.weight(question.indicator);
        let gain = Score::of(lacking.saturating_mul(100), tally.most)?.share(weight, weights)?;
        Some(Improvement {
            question: question.clone(),
            points,
            gain,
        })
    });
    let mut open: Vec<Improvement> = open
        .filter(|one| one.gain.0 > BigRational::default())
        .collect();
    open.sort_by_cached_key(|one| {
        let effort = BigRational::from_integer(one.question.effort.into());
        (Reverse(&one.gain.0 / effort), Reverse(one.gain.0.clone()))
    });
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::assessments::scoring::tests::{answers, small};

    #[test]
    fn the_most_gain_for_the_least_work_is_first() {
        let content = small();
        let listed = |given: &str| {
            improvements(&content, &answers(given))
                .into_iter()
                .map(|one| (one.question.code, one.points, one.gain.exact()))
                .collect::<Vec<_>>()
        };
        // Education weighs 2 of 4: E1 lacks 1 of 3 points: 100/3 × 2/4; E2 as much with three times the work.
        // Public spaces lack 3 of 7: 300/7 × 1/4, with twice the work; media lack all: 100 × 1/4 for five.
        assert_eq!(
            listed("E1=PART E2=NO S1=C"),
            [
                ("E1".to_owned(), 1, "50/3".to_owned()),
                ("E2".to_owned(), 0, "50/3".to_owned()),
                ("S1".to_owned(), 4, "75/7".to_owned()),
                ("M1".to_owned(), 0, "25".to_owned()),
            ]
        );
        assert_eq!(listed("E1=YES E2=- S1=A+B+C M1=-"), []);
        // The gain is what the index rises by.
        let before = answers("E1=PART E2=NO S1=C M1=NO");
        let better = answers("E1=YES E2=NO S1=C M1=NO");
        let index = |given| scoring::index(&content, &scoring::tally(&content, given)).unwrap();
        let gain = index(&better).above(&index(&before));
        assert_eq!(improvements(&content, &before)[0].gain, gain);
    }
}
