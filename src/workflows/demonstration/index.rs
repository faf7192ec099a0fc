//! Invented assessments by the index: a city that took it twice, others to stand beside, one that is still
//! filled in. What it is not: what these cities answered in truth.

use chrono::NaiveDate;

use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{AssessmentId, CityId, QuestionnaireId};
use crate::kernel::indicator::Indicator;
use crate::programme::assessments::{self, About, NewAnswer, NewAssessment, Said};
use crate::programme::questionnaires::{self, Question};
use crate::workflows::demonstration::{Cast, day, on};

/// Who took it and when, in the order of the days.
const TAKEN: [(&str, NaiveDate); 9] = [
    ("Copenhagen", day(2025, 2, 3)),
    ("Oslo", day(2025, 9, 1)),
    ("Lyon", day(2025, 10, 6)),
    ("Bradford", day(2025, 11, 3)),
    ("Vic", day(2026, 1, 12)),
    ("Rotterdam", day(2026, 2, 2)),
    ("Liverpool", day(2026, 3, 2)),
    ("Copenhagen", day(2026, 5, 4)),
    ("Lyon", day(2026, 11, 2)),
];

/// Where the figures are from.
const SOURCE: &str = "Invented for the demonstration";

/// Lets the cities take the index. The last one is still a draft, half of it answered.
pub(super) fn take(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let Some(questionnaire) = questionnaires::all(tx.db)?.into_iter().next() else {
        return Ok(());
    };
    let content = questionnaire.content()?;
    for (place, (name, taken_on)) in TAKEN.iter().enumerate() {
        let city = cast.city(name)?;
        let is_draft = place + 1 == TAKEN.len();
        let id = on(tx, *taken_on, |tx| {
            begin(tx, (city, questionnaire.id), *taken_on, place)
        })?;
        let mut answers: Vec<NewAnswer> = content
            .questions
            .iter()
            .enumerate()
            .map(|(number, question)| invented(question, number, place))
            .collect();
        if is_draft {
            answers.truncate(content.questions.len() / 2);
        }
        on(tx, *taken_on, |tx| assessments::answer(tx, id, 1, &answers))?;
        if !is_draft {
            publish(tx, id, *taken_on)?;
        }
    }
    Ok(())
}

fn begin(
    tx: &mut Tx<'_>,
    (city, questionnaire): (CityId, QuestionnaireId),
    taken_on: NaiveDate,
    place: usize,
) -> Result<AssessmentId> {
    let share = i32::try_from(place % 5).unwrap_or_default() * 210 + 1_400;
    assessments::begin(
        tx,
        NewAssessment {
            city,
            questionnaire,
            activity: None,
            about: About {
                taken_on,
                population: None,
                foreign_born_bp: Some(share),
                figures_source: Some(SOURCE.to_owned()),
            },
        },
    )
}

/// An answer that looks like one: better in the second assessment of a city, and poor in mediation in the
/// first.
fn invented(question: &Question, number: usize, place: usize) -> NewAnswer {
    let options = question.options.len();
    let poor = question.indicator == Indicator::Mediation && place == 0;
    let best = options.saturating_sub(1);
    // Squares, so that the answers of several cities do not balance each other out.
    let spread = (number * number * 3 + place * place * (number + 2) + place) % options.max(1);
    let chosen = match (poor, place) {
        (true, _) => 0,
        (false, 7) => (number * 7 + number / 3) % options.max(1) + 1,
        _ => spread,
    };
    let codes = question.options.iter().enumerate();
    let codes: Vec<String> = codes
        .filter(|(at, _)| {
            if question.several {
                !poor && !(at * at + number + place * (at + 2)).is_multiple_of(3)
            } else {
                *at == chosen.min(best)
            }
        })
        .map(|(_, option)| option.code.clone())
        .collect();
    NewAnswer {
        question: question.code.clone(),
        said: Some(Said::Chosen(codes)),
        evidence: Some("Invented for the demonstration.".to_owned()),
        source_url: None,
    }
}

/// Four weeks from the answers to the publication.
fn publish(tx: &mut Tx<'_>, id: AssessmentId, taken_on: NaiveDate) -> Result<()> {
    let after = |days| {
        taken_on
            .checked_add_days(chrono::Days::new(days))
            .unwrap_or(taken_on)
    };
    on(tx, after(7), |tx| assessments::submit(tx, id, 2))?;
    on(tx, after(21), |tx| assessments::approve(tx, id, 3))?;
    on(tx, after(24), |tx| {
        assessments::consent(tx, id, 4, (true, false))
    })?;
    on(tx, after(28), |tx| assessments::publish(tx, id, 5))?;
    Ok(())
}
