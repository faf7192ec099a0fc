//! What changed between two assessments of a city: only questions that are comparable count, and the change
//! of an indicator is the sum of what each answer did to it. Pure.
//!
//! Questions are comparable when both assessments are by the same edition, or when the later edition
//! declares that a question is the earlier's; and when it applies in both and is counted alike.

use std::collections::BTreeMap;

use num_rational::BigRational;

use crate::kernel::indicator::Indicator;
use crate::programme::assessments::model::Said;
use crate::programme::assessments::scoring::{Answers, Score};
use crate::programme::questionnaires::{Content, Question, Questionnaire};

/// One of the two that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The edition.
    pub questionnaire: &'a Questionnaire,
    /// What it holds.
    pub content: &'a Content,
    /// What was answered.
    pub answers: &'a Answers,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How many questions can be compared.
    pub comparable: usize,
    /// How many the later questionnaire has.
    pub questions: usize,
    /// The index before, over the comparable questions alone.
    pub before: Option<Score>,
    /// The index after.
    pub after: Option<Score>,
    /// The indicators that have a comparable question.
    pub indicators: Vec<IndicatorChange>,
}

/// What changed in an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorChange {
    /// The indicator.
    pub indicator: Indicator,
    /// How many of its questions can be compared.
    pub comparable: usize,
    /// Its score before, over those alone.
    pub before: Score,
    /// Its score after.
    pub after: Score,
    /// The answers that changed it, as the questionnaire has them. Their effects are the whole change.
    pub answers: Vec<AnswerChange>,
}

/// What an answer did to the score of its indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerChange {
    /// The question.
    pub question: Question,
    /// The options before; none when it was not answered.
    pub before: Option<Vec<String>>,
    /// The options after.
    pub after: Option<Vec<String>>,
    /// By how much it moved the score of the indicator.
    pub effect: Score,
}

/// A question that both were asked, with what was said to it.
struct Pair<'a> {
    question: &'a Question,
    before: Option<&'a Vec<String>>,
    after: Option<&'a Vec<String>>,
}

impl Pair<'_> {
    fn points(&self, chosen: Option<&Vec<String>>) -> i64 {
        chosen.map_or(0, |chosen| self.question.points(chosen))
    }
}

/// Compares two assessments.
#[must_use]
pub fn compare(before: Side<'_>, after: Side<'_>) -> Comparison {
    let mut pairs: BTreeMap<Indicator, Vec<Pair<'_>>> = BTreeMap::new();
    for question in &after.content.questions {
        if let Some(pair) = pair(question, before, after) {
            pairs.entry(question.indicator).or_default().push(pair);
        }
    }
    let comparable = pairs.values().map(Vec::len).sum();
    let indicators: Vec<IndicatorChange> = pairs
        .into_iter()
        .filter_map(|(indicator, pairs)| change(indicator, &pairs))
        .collect();
    let index = |score: fn(&IndicatorChange) -> &Score| {
        let weights: i64 = indicators
            .iter()
            .map(|one| after.content.weight(one.indicator))
            .sum();
        let sum: BigRational = indicators
            .iter()
            .map(|one| {
                let weight = after.content.weight(one.indicator);
                &score(one).0 * BigRational::from_integer(weight.into())
            })
            .sum();
        (weights > 0).then(|| Score(sum / BigRational::from_integer(weights.into())))
    };
    Comparison {
        comparable,
        questions: after.content.questions.len(),
        before: index(|one| &one.before),
        after: index(|one| &one.after),
        indicators,
    }
}

/// The question with both answers; none when they cannot be compared.
fn pair<'a>(question: &'a Question, before: Side<'a>, after: Side<'a>) -> Option<Pair<'a>> {
    let code = earlier_code(question, before, after)?;
    let then = before.content.question(code)?;
    if !question.counts_as(then) || question.indicator != then.indicator {
        return None;
    }
    let said = |answers: &'a Answers, code: &str| match answers.get(code) {
        Some(Said::NotApplicable) => None,
        Some(Said::Chosen(chosen)) => Some(Some(chosen)),
        None => Some(None),
    };
    Some(Pair {
        question,
        before: said(before.answers, code)?,
        after: said(after.answers, &question.code)?,
    })
}

/// What the question is called in the earlier edition; none without a declaration.
fn earlier_code<'a>(question: &'a Question, before: Side<'_>, after: Side<'a>) -> Option<&'a str> {
    let (then, now) = (before.questionnaire, after.questionnaire);
    if then.id == now.id {
        return Some(&question.code);
    }
    let earlier = after.content.earlier.as_ref()?;
    let is_declared = earlier.code == then.code && earlier.edition == then.edition;
    let code = earlier.questions.get(&question.code)?;
    is_declared.then_some(code.as_str())
}

fn change(indicator: Indicator, pairs: &[Pair<'_>]) -> Option<IndicatorChange> {
    let most: i64 = pairs.iter().map(|pair| pair.question.most()).sum();
    let part = |points: i64| Score::of(points.saturating_mul(100), most);
    let sum = |points: fn(&Pair<'_>) -> i64| part(pairs.iter().map(points).sum());
    let answers = pairs.iter().filter_map(|pair| {
        let points = pair.points(pair.after) - pair.points(pair.before);
        let effect = part(points).filter(|_| points != 0)?;
        Some(AnswerChange {
            question: pair.question.clone(),
            before: pair.before.cloned(),
            after: pair.after.cloned(),
            effect,
        })
    });
    Some(IndicatorChange {
        indicator,
        comparable: pairs.len(),
        before: sum(|pair| pair.points(pair.before))?,
        after: sum(|pair| pair.points(pair.after))?,
        answers: answers.collect(),
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{Id, QuestionnaireId};
    use crate::kernel::instant::Instant;
    use crate::kernel::json::Json;
    use crate::programme::assessments::scoring::tests::{SMALL, answers};
    use crate::programme::questionnaires::read;

    fn edition(text: &str) -> (Questionnaire, Content) {
        let read = read(text).unwrap();
        let questionnaire = Questionnaire {
            id: QuestionnaireId::of(Uuid::from_u128(read.edition.unsigned_abs().into())),
            code: read.code,
            edition: read.edition,
            name_da: String::new(),
            name_en: String::new(),
            note_da: String::new(),
            note_en: String::new(),
            content: Json::of(&read.content).unwrap(),
            content_hash: String::new(),
            created_at: Instant::parse("2026-01-01T00:00:00Z").unwrap(),
            created_by: None,
        };
        (questionnaire, read.content)
    }

    fn compared(first: &str, given: &str, second: &str, later: &str) -> Comparison {
        let ((one, held), (other, holds)) = (edition(first), edition(second));
        let (given, later) = (answers(given), answers(later));
        compare(
            Side {
                questionnaire: &one,
                content: &held,
                answers: &given,
            },
            Side {
                questionnaire: &other,
                content: &holds,
                answers: &later,
            },
        )
    }

    #[test]
    fn a_change_is_the_sum_of_what_the_answers_did() {
        let found = compared(
            SMALL,
            "E1=PART E2=YES S1=A M1=-",
            SMALL,
            "E1=YES E2=NO S1=A+C M1=YES",
        );
        assert_eq!((found.comparable, found.questions), (3, 4));
        let education = &found.indicators[0];
        assert_eq!(
            (education.before.exact(), education.after.exact()),
            ("200/3".to_owned(), "200/3".to_owned())
        );
        let effects: Vec<_> = education
            .answers
            .iter()
            .map(|one| (one.question.code.as_str(), one.effect.exact()))
            .collect();
        assert_eq!(
            effects,
            [("E1", "100/3".to_owned()), ("E2", "-100/3".to_owned())]
        );
        for indicator in &found.indicators {
            let sum: BigRational = indicator.answers.iter().map(|one| &one.effect.0).sum();
            assert_eq!(sum, indicator.after.above(&indicator.before).0);
        }
        // Media did not apply before: it is no part of the comparison.
        assert!(
            found
                .indicators
                .iter()
                .all(|one| one.indicator != Indicator::Media)
        );
        // (2 × 200/3 + 100/7) / 3 and (2 × 200/3 + 500/7) / 3.
        assert_eq!(found.before.unwrap().exact(), "3100/63");
        assert_eq!(found.after.unwrap().exact(), "4300/63");
    }

    #[test]
    fn editions_are_compared_by_what_is_declared() {
        let second = SMALL
            .replacen("edition = 1", "edition = 2", 1)
            .replace("\"E1\"", "\"E9\"");
        let given = ("E1=YES E2=YES S1=A M1=YES", "E9=PART E2=YES S1=A M1=YES");
        assert_eq!(compared(SMALL, given.0, &second, given.1).comparable, 0);
        let declared = second.replacen("[scales.extent]", "[earlier]\ncode = \"small\"\nedition = 1\nunchanged = [\"M1\", \"S1\"]\nrenamed = { E9 = \"E1\" }\n[scales.extent]", 1);
        let found = compared(SMALL, given.0, &declared, given.1);
        assert_eq!((found.comparable, found.questions), (3, 4));
        assert_eq!(
            (
                found.indicators[0].before.exact(),
                found.indicators[0].after.exact()
            ),
            ("100".to_owned(), "50".to_owned())
        );
        // Counted otherwise, a question is another, whatever is declared.
        let dearer = declared.replacen("code = \"B\", points = 2", "code = \"B\", points = 3", 1);
        assert_eq!(compared(SMALL, given.0, &dearer, given.1).comparable, 2);
        // The earlier does not know the later.
        assert_eq!(compared(&declared, given.1, SMALL, given.0).comparable, 0);
    }
}
