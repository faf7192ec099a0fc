//! The queries of assessments, answers and scores. What it is not: who may see them.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AssessmentId, Id, QuestionnaireId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::on_backend;
use crate::programme::assessments::model::{Answer, Assessment, ScoreRow};
use crate::schema::{assessment_answers, assessment_scores, assessments};

/// The SQL type of an assessment's row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<assessments::table as Table>::AllColumns>;
type AnswerType = diesel::dsl::SqlTypeOf<<assessment_answers::table as Table>::AllColumns>;
type ScoreType = diesel::dsl::SqlTypeOf<<assessment_scores::table as Table>::AllColumns>;

const OPEN: Unique = Unique::new("assessments_open", "assessments.city_id");
const ACTIVITY: Unique = Unique::new("assessments_activity_id", "assessments.activity_id");

/// The assessment.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: AssessmentId) -> Result<Assessment> {
    let found = assessments::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: AssessmentId::KIND,
        id: id.public(),
    })
}

/// The assessments of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[AssessmentId]) -> Result<Vec<Assessment>> {
    Ok(
        Sql::new("SELECT assessments.* FROM assessments WHERE assessments.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, Assessment>(db)?,
    )
}

/// The assessments by an edition that were published by a day and not taken back by then, the latest of
/// each city.
///
/// # Errors
/// What the database says.
pub(super) fn sample(
    db: &mut Db,
    questionnaire: QuestionnaireId,
    as_of: NaiveDate,
) -> Result<Vec<Assessment>> {
    let mut found =
        Sql::new("SELECT assessments.* FROM assessments WHERE assessments.questionnaire_id = ")
            .bind_uid(questionnaire.uuid())
            .text(" AND assessments.published_on <= ")
            .bind_date(as_of)
            .text(" AND (assessments.withdrawn_on IS NULL OR assessments.withdrawn_on > ")
            .bind_date(as_of)
            .text(") ORDER BY assessments.city_id, assessments.taken_on DESC, assessments.id DESC")
            .load::<RowType, Assessment>(db)?;
    found.dedup_by_key(|assessment| assessment.city_id);
    Ok(found)
}

/// The answers of these assessments, by question.
///
/// # Errors
/// What the database says.
pub fn answers_of_many(
    db: &mut Db,
    ids: &[AssessmentId],
) -> Result<HashMap<AssessmentId, Vec<Answer>>> {
    let rows = Sql::new(
        "SELECT assessment_answers.* FROM assessment_answers WHERE assessment_answers.assessment_id",
    )
    .in_uids(ids.iter().map(|id| id.uuid()).collect())
    .text(" ORDER BY assessment_answers.question")
    .load::<AnswerType, Answer>(db)?;
    let mut answers: HashMap<AssessmentId, Vec<Answer>> = HashMap::new();
    for row in rows {
        answers.entry(row.assessment_id).or_default().push(row);
    }
    Ok(answers)
}

/// The approved scores of these assessments.
///
/// # Errors
/// What the database says.
pub(super) fn scores_of_many(
    db: &mut Db,
    ids: &[AssessmentId],
) -> Result<HashMap<AssessmentId, Vec<ScoreRow>>> {
    let rows = Sql::new(
        "SELECT assessment_scores.* FROM assessment_scores WHERE assessment_scores.assessment_id",
    )
    .in_uids(ids.iter().map(|id| id.uuid()).collect())
    .load::<ScoreType, ScoreRow>(db)?;
    let mut scores: HashMap<AssessmentId, Vec<ScoreRow>> = HashMap::new();
    for row in rows {
        scores.entry(row.assessment_id).or_default().push(row);
    }
    Ok(scores)
}

/// All assessments whose scores are approved.
///
/// # Errors
/// What the database says.
pub(super) fn approved(db: &mut Db) -> Result<Vec<Assessment>> {
    Ok(
        Sql::new("SELECT assessments.* FROM assessments WHERE assessments.approved_at IS NOT NULL ORDER BY assessments.id")
            .load::<RowType, Assessment>(db)?,
    )
}

/// Locks the assessment's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: AssessmentId) -> Result<Assessment> {
    tx.lock_row("SELECT 1 FROM assessments WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores an assessment that is begun.
pub(super) fn insert(tx: &mut Tx<'_>, assessment: &Assessment) -> Result<()> {
    diesel::insert_into(assessments::table)
        .values(assessment)
        .execute(tx.db)
        .on_unique(OPEN, || {
            Refusal::new(
                RefusalCode::AssessmentOpen,
                "cityId",
                "The city has an assessment that is not finished; go on with that one.",
                "Byen har en vurdering, der ikke er færdig; arbejd videre på den.",
            )
        })
        .on_unique(ACTIVITY, || {
            Refusal::new(
                RefusalCode::IdentifierTaken,
                "activityId",
                "The activity has an assessment already.",
                "Aktiviteten har allerede en vurdering.",
            )
        })?;
    Ok(())
}

/// Stores the assessment as it now is.
pub(super) fn update(tx: &mut Tx<'_>, assessment: &Assessment) -> Result<()> {
    let rows = diesel::update(assessments::table.find(assessment.id))
        .set(assessment)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Removes a draft with its answers.
pub(super) fn remove(tx: &mut Tx<'_>, id: AssessmentId) -> Result<()> {
    diesel::delete(assessment_answers::table.filter(assessment_answers::assessment_id.eq(id)))
        .execute(tx.db)?;
    ensure_one(diesel::delete(assessments::table.find(id)).execute(tx.db)?)
}

/// Stores answers as they now are.
pub(super) fn put_answers(tx: &mut Tx<'_>, answers: &[Answer]) -> Result<()> {
    use assessment_answers::{
        assessment_id, evidence, options, question, review_note, source_url, state, updated_at,
        updated_by,
    };
    if answers.is_empty() {
        return Ok(());
    }
    on_backend!(&mut *tx.db, connection => diesel::insert_into(assessment_answers::table)
        .values(answers)
        .on_conflict((assessment_id, question))
        .do_update()
        .set((
            state.eq(excluded(state)),
            options.eq(excluded(options)),
            evidence.eq(excluded(evidence)),
            source_url.eq(excluded(source_url)),
            review_note.eq(excluded(review_note)),
            updated_at.eq(excluded(updated_at)),
            updated_by.eq(excluded(updated_by)),
        ))
        .execute(connection))?;
    Ok(())
}

/// Takes answers back.
pub(super) fn remove_answers(
    tx: &mut Tx<'_>,
    id: AssessmentId,
    questions: &[String],
) -> Result<()> {
    diesel::delete(
        assessment_answers::table
            .filter(assessment_answers::assessment_id.eq(id))
            .filter(assessment_answers::question.eq_any(questions)),
    )
    .execute(tx.db)?;
    Ok(())
}

/// Stores the approved scores.
pub(super) fn insert_scores(tx: &mut Tx<'_>, scores: &[ScoreRow]) -> Result<()> {
    on_backend!(&mut *tx.db, connection => diesel::insert_into(assessment_scores::table)
        .values(scores)
        .execute(connection))?;
    Ok(())
}
