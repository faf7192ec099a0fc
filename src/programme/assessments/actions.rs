//! What a city does: it begins an assessment, answers, submits. What it is not: what the network does with
//! it (`reviewing`).

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{ActivityId, AssessmentId, CityId, Id};
use crate::kernel::json::Json;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::activities::{self, ActivityKind};
use crate::programme::assessments::model::{
    About, Answer, AnswerState, Assessment, AssessmentStatus, NewAnswer, NewAssessment, Said,
};
use crate::programme::assessments::{rules, store};
use crate::programme::questionnaires;
use crate::registry::cities;

/// Begins an assessment of a city. The city's population is taken over when none is said.
///
/// # Errors
/// `NotFound`; refused with every figure that is out of range, for an activity that is no index of the city,
/// and while the city has an assessment that is not finished.
pub fn begin(tx: &mut Tx<'_>, new: NewAssessment) -> Result<AssessmentId> {
    demand_own(tx, new.city, Permission::TakeAssessments)?;

    let city = cities::lock(tx, new.city)?;
    let questionnaire = questionnaires::get(tx.db, new.questionnaire)?;
    if let Some(activity) = new.activity {
        demand_index(tx, city.id, activity)?;
    }
    let about = checked(new.about, tx.today())?;

    let assessment = Assessment {
        id: tx.new_id(),
        city_id: city.id,
        questionnaire_id: questionnaire.id,
        activity_id: new.activity,
        status: AssessmentStatus::Draft,
        taken_on: about.taken_on,
        population: about.population.or(city.population),
        foreign_born_bp: about.foreign_born_bp,
        figures_source: about.figures_source,
        returned_reason: None,
        submitted_at: None,
        submitted_by: None,
        approved_at: None,
        approved_by: None,
        consented_at: None,
        consented_by: None,
        consents_to_answers: false,
        published_on: None,
        withdrawn_on: None,
        withdrawn_reason: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &assessment)?;

    let details = json!({ "questionnaire": questionnaire.code, "edition": questionnaire.edition });
    note(tx, "assessment.begun", &assessment, details)
}

/// Says anew what the answers are about.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not a draft, and with every figure that is out of range.
pub fn revise(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    version: i32,
    about: About,
) -> Result<AssessmentId> {
    let assessment = own_draft(tx, id, version)?;
    let about = checked(about, tx.today())?;

    let revised = Assessment {
        taken_on: about.taken_on,
        population: about.population,
        foreign_born_bp: about.foreign_born_bp,
        figures_source: about.figures_source,
        ..changed(assessment, tx)
    };
    store::update(tx, &revised)?;

    note(tx, "assessment.revised", &revised, json!({}))
}

/// Answers questions; all of these answers are kept, or none.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not a draft, and with every answer that does not fit.
pub fn answer(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    version: i32,
    answers: &[NewAnswer],
) -> Result<AssessmentId> {
    let assessment = own_draft(tx, id, version)?;
    let content = questionnaires::get(tx.db, assessment.questionnaire_id)?.content()?;
    rules::check_answers(&content, answers).map_err(Error::Refused)?;
    let notes = store::answers_of_many(tx.db, &[id])?
        .remove(&id)
        .unwrap_or_default();

    let mut kept = Vec::new();
    let mut gone = Vec::new();
    for (place, answer) in answers.iter().enumerate() {
        let Some(said) = &answer.said else {
            gone.push(answer.question.clone());
            continue;
        };
        let (state, options) = match said {
            Said::NotApplicable => (AnswerState::NotApplicable, &Vec::new()),
            Said::Chosen(options) => (AnswerState::Answered, options),
        };
        let evidence = text::optional_paragraph("evidence", answer.evidence.as_deref())
            .map_err(|refusal| Error::refused(refusal.under(&format!("answers.{place}"))))?;
        let known = notes.iter().find(|one| one.question == answer.question);
        kept.push(Answer {
            assessment_id: id,
            question: answer.question.clone(),
            state,
            options: Json::of(options)?,
            evidence,
            source_url: answer.source_url.clone(),
            review_note: known.and_then(|one| one.review_note.clone()),
            updated_at: tx.now,
            updated_by: tx.viewer.user_id(),
        });
    }
    store::put_answers(tx, &kept)?;
    store::remove_answers(tx, id, &gone)?;
    let answered = changed(assessment, tx);
    store::update(tx, &answered)?;

    let questions: Vec<&String> = answers.iter().map(|answer| &answer.question).collect();
    note(
        tx,
        "assessment.answered",
        &answered,
        json!({ "questions": questions }),
    )
}

/// Submits an assessment. Questions that are not answered count as missing.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not a draft, and without any answer.
pub fn submit(tx: &mut Tx<'_>, id: AssessmentId, version: i32) -> Result<AssessmentId> {
    let assessment = own_draft(tx, id, version)?;
    let answers = store::answers_of_many(tx.db, &[id])?;
    if answers.is_empty() {
        return Err(Error::refused(Refusal::new(
            RefusalCode::Required,
            "assessmentId",
            "No question is answered.",
            "Intet spørgsmål er besvaret.",
        )));
    }

    let submitted = Assessment {
        status: AssessmentStatus::Submitted,
        submitted_at: Some(tx.now),
        submitted_by: tx.viewer.user_id(),
        returned_reason: None,
        ..changed(assessment, tx)
    };
    store::update(tx, &submitted)?;

    note(tx, "assessment.submitted", &submitted, json!({}))
}

/// Discards a draft with its answers.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not a draft.
pub fn discard(tx: &mut Tx<'_>, id: AssessmentId, version: i32) -> Result<AssessmentId> {
    let assessment = own_draft(tx, id, version)?;

    store::remove(tx, id)?;

    note(tx, "assessment.discarded", &assessment, json!({}))
}

/// That the viewer may do this for the city; another city does not exist for a coordinator.
pub(super) fn demand_own(tx: &mut Tx<'_>, city: CityId, permission: Permission) -> Result<()> {
    let scope = tx.viewer.scope_of_list(permission)?;
    if scope.has_city(city) {
        return Ok(());
    }
    Err(Error::NotFound {
        kind: CityId::KIND,
        id: city.public(),
    })
}

/// The assessment, locked, of a city for which the viewer may do this; another's does not exist.
pub(super) fn held(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    version: i32,
    permission: Permission,
) -> Result<Assessment> {
    let scope = tx.viewer.scope_of_list(permission)?;
    let city = store::get(tx.db, id)?.city_id;
    if !scope.has_city(city) {
        return Err(Error::NotFound {
            kind: AssessmentId::KIND,
            id: id.public(),
        });
    }
    let assessment = store::lock(tx, id)?;
    expect_version(Some(version), assessment.version)?;
    Ok(assessment)
}

fn own_draft(tx: &mut Tx<'_>, id: AssessmentId, version: i32) -> Result<Assessment> {
    let assessment = held(tx, id, version, Permission::TakeAssessments)?;
    rules::demand_state(assessment.status, AssessmentStatus::Draft).map_err(Error::refused)?;
    Ok(assessment)
}

/// The record with its next version.
pub(super) fn changed(assessment: Assessment, tx: &Tx<'_>) -> Assessment {
    Assessment {
        updated_at: tx.now,
        version: assessment.version.saturating_add(1),
        ..assessment
    }
}

fn checked(about: About, today: NaiveDate) -> Result<About> {
    let under = |refusal: Refusal| refusal.under("about");
    rules::check_about(&about, today)
        .map_err(|refusals| Error::Refused(refusals.into_iter().map(under).collect()))?;
    let figures_source = text::optional_line("figuresSource", about.figures_source.as_deref())
        .map_err(|refusal| Error::refused(under(refusal)))?;
    Ok(About {
        figures_source,
        ..about
    })
}

fn demand_index(tx: &mut Tx<'_>, city: CityId, activity: ActivityId) -> Result<()> {
    let found = activities::find(tx.db, activity)?.filter(|one| one.city_id == city);
    match found {
        Some(one) if one.kind == ActivityKind::Index => Ok(()),
        _ => Err(Error::refused(Refusal::new(
            RefusalCode::NotFound,
            "activityId",
            "The city has no such activity that is an index.",
            "Byen har ingen sådan aktivitet, der er et indeks.",
        ))),
    }
}

/// Writes what happened down.
pub(super) fn note(
    tx: &mut Tx<'_>,
    what: &'static str,
    assessment: &Assessment,
    details: serde_json::Value,
) -> Result<AssessmentId> {
    audit::record(tx, what, assessment.id, Some(assessment.city_id), details)?;
    Ok(assessment.id)
}
