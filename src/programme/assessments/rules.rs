//! What an assessment may say, and when. Pure. What it is not: what the answers earn (`scoring`).

use chrono::NaiveDate;

use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::assessments::model::{About, AssessmentStatus, NewAnswer, Said};
use crate::programme::questionnaires::Content;

/// The most answers in one request.
pub const MOST_ANSWERS: usize = 500;

/// The figures of a city that are within reason, for a day that is not to come.
///
/// # Errors
/// Every figure that is not.
pub fn check_about(about: &About, today: NaiveDate) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    if about.taken_on > today {
        refusals.push(Refusal::new(
            RefusalCode::OutOfRange,
            "takenOn",
            "An assessment is about a day that is not after today.",
            "En vurdering handler om en dag, der ikke er efter i dag.",
        ));
    }
    if about
        .population
        .is_some_and(|people| !(1..=100_000_000).contains(&people))
    {
        refusals.push(Refusal::new(
            RefusalCode::OutOfRange,
            "population",
            "A city has from 1 to 100,000,000 people.",
            "En by har fra 1 til 100.000.000 indbyggere.",
        ));
    }
    if about
        .foreign_born_bp
        .is_some_and(|share| !(0..=10_000).contains(&share))
    {
        refusals.push(Refusal::new(
            RefusalCode::OutOfRange,
            "foreignBornPercent",
            "The share of people born abroad is from 0 to 100 percent, with at most two decimals.",
            "Andelen af udenlandsk fødte er fra 0 til 100 procent, med højst to decimaler.",
        ));
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

/// Answers that fit their questions.
///
/// # Errors
/// Every answer that does not, by its place in the list.
pub fn check_answers(content: &Content, answers: &[NewAnswer]) -> Result<(), Vec<Refusal>> {
    if answers.is_empty() || answers.len() > MOST_ANSWERS {
        return Err(vec![Refusal::new(
            RefusalCode::OutOfRange,
            "answers",
            "From 1 to 500 answers are given at once.",
            "Der gives fra 1 til 500 svar ad gangen.",
        )]);
    }
    let refusals: Vec<Refusal> = answers
        .iter()
        .enumerate()
        .filter_map(|(place, answer)| {
            let earlier = answers.iter().take(place);
            let is_twice = earlier
                .into_iter()
                .any(|other| other.question == answer.question);
            misfit(content, answer, is_twice)
                .map(|refusal| refusal.under(&format!("answers.{place}")))
        })
        .collect();
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

fn misfit(content: &Content, answer: &NewAnswer, is_twice: bool) -> Option<Refusal> {
    let code = &answer.question;
    let wrong = |kind, field, en: String, da: String| Some(Refusal::new(kind, field, en, da));
    let Some(question) = content.question(code) else {
        return wrong(
            RefusalCode::NotFound,
            "question",
            format!("The questionnaire has no question {code}."),
            format!("Spørgeskemaet har intet spørgsmål {code}."),
        );
    };
    if is_twice {
        return wrong(
            RefusalCode::Ambiguous,
            "question",
            format!("{code} is answered twice."),
            format!("{code} er besvaret to gange."),
        );
    }
    match &answer.said {
        Some(Said::NotApplicable) if question.mandatory => wrong(
            RefusalCode::Required,
            "notApplicable",
            format!("{code} must be answered."),
            format!("{code} skal besvares."),
        ),
        None | Some(Said::NotApplicable) => None,
        Some(Said::Chosen(chosen)) => {
            let known = |option: &String| question.options.iter().any(|one| one.code == *option);
            if let Some(unknown) = chosen.iter().find(|option| !known(option)) {
                return wrong(
                    RefusalCode::NotFound,
                    "options",
                    format!("{code} has no option {unknown}."),
                    format!("{code} har ingen svarmulighed {unknown}."),
                );
            }
            let mut sorted = chosen.clone();
            sorted.sort();
            sorted.dedup();
            let fits = sorted.len() == chosen.len() && (question.several || chosen.len() == 1);
            if fits {
                return None;
            }
            wrong(
                RefusalCode::OutOfRange,
                "options",
                format!("{code} takes one option, or several once each where it says so."),
                format!("{code} tager én svarmulighed, eller flere én gang hver, hvor det står."),
            )
        }
    }
}

/// That an assessment is in one of these states.
///
/// # Errors
/// It is in another.
pub fn demand_state(status: AssessmentStatus, wanted: AssessmentStatus) -> Result<(), Refusal> {
    if status == wanted {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::NotInState,
        "assessmentId",
        format!("The assessment is {status}, not {wanted}."),
        format!("Vurderingen er {status}, ikke {wanted}."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;
    use crate::programme::assessments::scoring::tests::small;

    fn answer(question: &str, said: Option<Said>) -> NewAnswer {
        NewAnswer {
            question: question.to_owned(),
            said,
            evidence: None,
            source_url: None,
        }
    }

    fn chosen(options: &[&str]) -> Said {
        let options = options.iter().map(|option| (*option).to_owned());
        Said::Chosen(options.collect())
    }

    #[test]
    fn answers_fit_their_questions() {
        let mut content = small();
        content.questions[1].mandatory = true;
        for (question, said, refused) in [
            ("E1", Some(chosen(&["YES"])), None),
            ("E1", None, None),
            ("E1", Some(Said::NotApplicable), None),
            ("S1", Some(chosen(&[])), None),
            ("S1", Some(chosen(&["A", "C"])), None),
            (
                "E2",
                Some(Said::NotApplicable),
                Some((RefusalCode::Required, "notApplicable")),
            ),
            (
                "X",
                Some(chosen(&["YES"])),
                Some((RefusalCode::NotFound, "question")),
            ),
            (
                "E1",
                Some(chosen(&["MAYBE"])),
                Some((RefusalCode::NotFound, "options")),
            ),
            (
                "E1",
                Some(chosen(&[])),
                Some((RefusalCode::OutOfRange, "options")),
            ),
            (
                "E1",
                Some(chosen(&["NO", "YES"])),
                Some((RefusalCode::OutOfRange, "options")),
            ),
            (
                "S1",
                Some(chosen(&["A", "A"])),
                Some((RefusalCode::OutOfRange, "options")),
            ),
        ] {
            let found = check_answers(&content, &[answer("M1", None), answer(question, said)]);
            let found = found
                .err()
                .map(|refusals| (refusals[0].code, refusals[0].field.clone()));
            assert_eq!(
                found,
                refused.map(|(code, field)| (code, format!("answers.1.{field}"))),
                "{question}"
            );
        }
        let twice = [answer("E1", Some(chosen(&["NO"]))), answer("E1", None)];
        assert_eq!(
            check_answers(&content, &twice).unwrap_err()[0].code,
            RefusalCode::Ambiguous
        );
        assert_eq!(
            check_answers(&content, &[]).unwrap_err()[0].code,
            RefusalCode::OutOfRange
        );
    }

    #[test]
    fn figures_are_within_reason() {
        let day = |text: &str| parse_date(text).unwrap();
        for (taken_on, population, share, fields) in [
            ("2026-11-22", Some(1), Some(10_000), vec![]),
            ("2026-11-22", None, None, vec![]),
            (
                "2026-11-23",
                Some(0),
                Some(-1),
                vec!["takenOn", "population", "foreignBornPercent"],
            ),
            (
                "2026-01-01",
                Some(100_000_001),
                Some(10_001),
                vec!["population", "foreignBornPercent"],
            ),
        ] {
            let about = About {
                taken_on: day(taken_on),
                population,
                foreign_born_bp: share,
                figures_source: None,
            };
            let found = check_about(&about, day("2026-11-22"))
                .err()
                .unwrap_or_default();
            let found: Vec<_> = found.iter().map(|refusal| refusal.field.as_str()).collect();
            assert_eq!(found, fields);
        }
    }
}
