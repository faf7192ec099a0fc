//! What assessments earned: computed from the answers while they can change, and as approved from then on.
//! What it is not: the computing (`scoring`).

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{AssessmentId, Id, QuestionnaireId};
use crate::kernel::indicator::Indicator;
use crate::programme::assessments::benchmarks::{self, Figures, Peer, PeerGroup};
use crate::programme::assessments::model::{Answer, AnswerState, Assessment, Said, ScoreRow};
use crate::programme::assessments::scoring::{self, Answers, Tallies, Tally};
use crate::programme::assessments::store;
use crate::programme::questionnaires::{self, Content};

/// What stored answers say.
///
/// # Errors
/// A fault of ours when the options of one cannot be read.
pub fn said(answers: &[Answer]) -> Result<Answers> {
    answers
        .iter()
        .map(|answer| {
            let said = match answer.state {
                AnswerState::NotApplicable => Said::NotApplicable,
                AnswerState::Answered => Said::Chosen(answer.options.read()?),
            };
            Ok((answer.question.clone(), said))
        })
        .collect()
}

/// What each of these assessments earned.
///
/// # Errors
/// What the database says.
pub fn tallies_of_many(
    db: &mut Db,
    listed: &[Assessment],
) -> Result<HashMap<AssessmentId, Tallies>> {
    let (approved, open): (Vec<&Assessment>, Vec<&Assessment>) =
        listed.iter().partition(|one| one.approved_at.is_some());
    let mut tallies = kept(db, &approved)?;
    tallies.extend(computed(db, &open)?);
    Ok(tallies)
}

/// Where the approved scores are not what the answers earn.
///
/// # Errors
/// What the database says.
pub fn differences(db: &mut Db) -> Result<Vec<String>> {
    let approved = store::approved(db)?;
    let mut found = Vec::new();
    for part in approved.chunks(200) {
        let part: Vec<&Assessment> = part.iter().collect();
        let (kept, computed) = (kept(db, &part)?, computed(db, &part)?);
        let differing = part
            .iter()
            .filter(|one| kept.get(&one.id) != computed.get(&one.id));
        found.extend(differing.map(|one| format!("assessment {}", one.id.public())));
    }
    Ok(found)
}

/// What was approved.
fn kept(db: &mut Db, listed: &[&Assessment]) -> Result<HashMap<AssessmentId, Tallies>> {
    let ids: Vec<AssessmentId> = listed.iter().map(|one| one.id).collect();
    let scores = store::scores_of_many(db, &ids)?.into_iter();
    Ok(scores
        .map(|(id, rows)| (id, rows.iter().map(tally).collect()))
        .collect())
}

/// What the answers earn.
fn computed(db: &mut Db, listed: &[&Assessment]) -> Result<HashMap<AssessmentId, Tallies>> {
    if listed.is_empty() {
        return Ok(HashMap::new());
    }
    let mut tallies = HashMap::new();
    let ids: Vec<AssessmentId> = listed.iter().map(|one| one.id).collect();
    let mut used: Vec<QuestionnaireId> = listed.iter().map(|one| one.questionnaire_id).collect();
    used.sort_unstable();
    used.dedup();
    let contents: HashMap<QuestionnaireId, Content> = questionnaires::find_many(db, &used)?
        .into_iter()
        .map(|questionnaire| Ok((questionnaire.id, questionnaire.content()?)))
        .collect::<Result<_>>()?;
    let mut answers = store::answers_of_many(db, &ids)?;
    for one in listed {
        let said = said(&answers.remove(&one.id).unwrap_or_default())?;
        if let Some(content) = contents.get(&one.questionnaire_id) {
            tallies.insert(one.id, scoring::tally(content, &said));
        }
    }
    Ok(tallies)
}

/// The other cities of a group that an assessment is compared with on a day.
///
/// # Errors
/// What the database says.
pub fn peers(
    db: &mut Db,
    own: &Assessment,
    group: PeerGroup,
    as_of: NaiveDate,
) -> Result<Vec<Peer>> {
    let mut sample = store::sample(db, own.questionnaire_id, as_of)?;
    let figures = |one: &Assessment| Figures {
        population: one.population,
        foreign_born_bp: one.foreign_born_bp,
    };
    sample.retain(|other| {
        other.city_id != own.city_id && benchmarks::belongs(figures(own), figures(other), group)
    });
    let mut tallies = tallies_of_many(db, &sample)?;
    let peers = sample.iter().map(|other| Peer {
        tallies: tallies.remove(&other.id).unwrap_or_default(),
    });
    Ok(peers.collect())
}

fn tally(row: &ScoreRow) -> (Indicator, Tally) {
    let tally = Tally {
        points: row.points,
        most: row.most,
        answered: row.answered,
        missing: row.missing,
        not_applicable: row.not_applicable,
    };
    (row.indicator, tally)
}
