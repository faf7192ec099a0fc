//! What the network does with a submitted assessment, and what the city lets be seen of it: notes, return,
//! approval by a second person, consent, publication and its end. What it is not: the scores (`scoring`).

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::AssessmentId;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::assessments::actions::{changed, held, note};
use crate::programme::assessments::model::{Answer, Assessment, AssessmentStatus, ScoreRow};
use crate::programme::assessments::{rules, said, scoring, store};
use crate::programme::questionnaires;

/// Notes to answers of a submitted assessment, for the city: the question, and the note; an empty one takes
/// the note away.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not submitted, and for a question that is not answered.
pub fn annotate(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    version: i32,
    notes: &[(String, Option<String>)],
) -> Result<AssessmentId> {
    let assessment = submitted(tx, id, version)?;
    let known = store::answers_of_many(tx.db, &[id])?
        .remove(&id)
        .unwrap_or_default();
    let mut annotated = Vec::new();
    for (place, (question, words)) in notes.iter().enumerate() {
        let under = |refusal: Refusal| Error::refused(refusal.under(&format!("notes.{place}")));
        let found = known.iter().find(|answer| answer.question == *question);
        let Some(answer) = found else {
            return Err(under(Refusal::new(
                RefusalCode::NotFound,
                "question",
                format!("{question} is not answered."),
                format!("{question} er ikke besvaret."),
            )));
        };
        let review_note = text::optional_paragraph("note", words.as_deref()).map_err(under)?;
        annotated.retain(|other: &Answer| other.question != *question);
        annotated.push(Answer {
            review_note,
            ..answer.clone()
        });
    }
    store::put_answers(tx, &annotated)?;
    let kept = changed(assessment, tx);
    store::update(tx, &kept)?;

    let questions: Vec<&String> = notes.iter().map(|(question, _)| question).collect();
    note(
        tx,
        "assessment.annotated",
        &kept,
        json!({ "questions": questions }),
    )
}

/// Gives a submitted assessment back to the city, which may change its answers.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not submitted, and without a reason.
pub fn give_back(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    version: i32,
    reason: &str,
) -> Result<AssessmentId> {
    let assessment = submitted(tx, id, version)?;
    let reason = text::paragraph("reason", reason)?;

    let returned = Assessment {
        status: AssessmentStatus::Draft,
        submitted_at: None,
        submitted_by: None,
        returned_reason: Some(reason.clone()),
        ..changed(assessment, tx)
    };
    store::update(tx, &returned)?;

    note(
        tx,
        "assessment.returned",
        &returned,
        json!({ "reason": reason }),
    )
}

/// Approves the scores; from then on the assessment never changes.
///
/// # Errors
/// `NotFound`, `Stale`; `SecondPersonNeeded` for whoever submitted it; refused for what is not submitted.
pub fn approve(tx: &mut Tx<'_>, id: AssessmentId, version: i32) -> Result<AssessmentId> {
    let assessment = submitted(tx, id, version)?;
    if assessment.submitted_by.is_some() && assessment.submitted_by == tx.viewer.user_id() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "assessmentId",
            "Whoever submitted an assessment does not approve it; ask a colleague.",
            "Den, der har afleveret en vurdering, godkender den ikke selv; spørg en kollega.",
        )));
    }
    let content = questionnaires::get(tx.db, assessment.questionnaire_id)?.content()?;
    let answers = store::answers_of_many(tx.db, &[id])?
        .remove(&id)
        .unwrap_or_default();
    let tallies = scoring::tally(&content, &said(&answers)?);

    let scores: Vec<ScoreRow> = tallies
        .iter()
        .map(|(indicator, tally)| ScoreRow {
            assessment_id: id,
            indicator: *indicator,
            points: tally.points,
            most: tally.most,
            answered: tally.answered,
            missing: tally.missing,
            not_applicable: tally.not_applicable,
        })
        .collect();
    store::insert_scores(tx, &scores)?;
    let approved = Assessment {
        status: AssessmentStatus::Approved,
        approved_at: Some(tx.now),
        approved_by: tx.viewer.user_id(),
        ..changed(assessment, tx)
    };
    store::update(tx, &approved)?;

    let index = scoring::index(&content, &tallies).map(|score| score.exact());
    note(
        tx,
        "assessment.approved",
        &approved,
        json!({ "index": index }),
    )
}

/// The city lets its scores be published, with or without its answers, or takes that back.
///
/// # Errors
/// `NotFound`, also for another city's; `Stale`; refused for a draft, and while it is published: the
/// publication is taken back first.
pub fn consent(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    version: i32,
    (to_scores, to_answers): (bool, bool),
) -> Result<AssessmentId> {
    let assessment = held(tx, id, version, Permission::ConsentToPublication)?;
    let status = assessment.status;
    if matches!(
        status,
        AssessmentStatus::Draft | AssessmentStatus::Published
    ) {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "assessmentId",
            format!(
                "The assessment is {status}; a city consents once it is submitted and before it is published."
            ),
            format!(
                "Vurderingen er {status}; en by samtykker, når den er afleveret, og før den offentliggøres."
            ),
        )));
    }

    let consented = Assessment {
        consented_at: to_scores.then_some(tx.now),
        consented_by: tx.viewer.user_id().filter(|_| to_scores),
        consents_to_answers: to_scores && to_answers,
        ..changed(assessment, tx)
    };
    store::update(tx, &consented)?;

    let details = json!({ "scores": to_scores, "answers": consented.consents_to_answers });
    note(tx, "assessment.consent", &consented, details)
}

/// Publishes an approved assessment.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not approved, and without the city's consent.
pub fn publish(tx: &mut Tx<'_>, id: AssessmentId, version: i32) -> Result<AssessmentId> {
    let assessment = held(tx, id, version, Permission::ReviewAssessments)?;
    rules::demand_state(assessment.status, AssessmentStatus::Approved).map_err(Error::refused)?;
    if assessment.consented_at.is_none() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::ConsentMissing,
            "assessmentId",
            "The city has not consented to its publication.",
            "Byen har ikke givet samtykke til offentliggørelsen.",
        )));
    }

    let published = Assessment {
        status: AssessmentStatus::Published,
        published_on: Some(tx.today()),
        withdrawn_on: None,
        withdrawn_reason: None,
        ..changed(assessment, tx)
    };
    store::update(tx, &published)?;

    note(tx, "assessment.published", &published, json!({}))
}

/// Takes the publication of an assessment back, by the network or by the city itself.
///
/// # Errors
/// `NotFound`, also for another city's; `Stale`; refused for what is not published, and without a reason.
pub fn withdraw(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    version: i32,
    reason: &str,
) -> Result<AssessmentId> {
    let permission = if tx.viewer.may(Permission::ReviewAssessments) {
        Permission::ReviewAssessments
    } else {
        Permission::ConsentToPublication
    };
    let assessment = held(tx, id, version, permission)?;
    rules::demand_state(assessment.status, AssessmentStatus::Published).map_err(Error::refused)?;
    let reason = text::paragraph("reason", reason)?;

    let withdrawn = Assessment {
        status: AssessmentStatus::Approved,
        consented_at: None,
        consented_by: None,
        consents_to_answers: false,
        withdrawn_on: Some(tx.today()),
        withdrawn_reason: Some(reason.clone()),
        ..changed(assessment, tx)
    };
    store::update(tx, &withdrawn)?;

    note(
        tx,
        "assessment.withdrawn",
        &withdrawn,
        json!({ "reason": reason }),
    )
}

fn submitted(tx: &mut Tx<'_>, id: AssessmentId, version: i32) -> Result<Assessment> {
    let assessment = held(tx, id, version, Permission::ReviewAssessments)?;
    rules::demand_state(assessment.status, AssessmentStatus::Submitted).map_err(Error::refused)?;
    Ok(assessment)
}
