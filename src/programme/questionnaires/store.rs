//! The queries of questionnaires. What it is not: their content.

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, QuestionnaireId};
use crate::programme::questionnaires::model::Questionnaire;
use crate::schema::questionnaires;

type RowType = diesel::dsl::SqlTypeOf<<questionnaires::table as Table>::AllColumns>;

/// The questionnaire.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: QuestionnaireId) -> Result<Questionnaire> {
    let found = find_many(db, &[id])?.into_iter().next();
    found.ok_or_else(|| Error::NotFound {
        kind: QuestionnaireId::KIND,
        id: id.public(),
    })
}

/// The questionnaires of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[QuestionnaireId]) -> Result<Vec<Questionnaire>> {
    Ok(
        Sql::new("SELECT questionnaires.* FROM questionnaires WHERE questionnaires.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, Questionnaire>(db)?,
    )
}

/// All questionnaires, by code; the newest edition first.
///
/// # Errors
/// What the database says.
pub fn all(db: &mut Db) -> Result<Vec<Questionnaire>> {
    Ok(
        Sql::new("SELECT questionnaires.* FROM questionnaires ORDER BY code, edition DESC")
            .load::<RowType, Questionnaire>(db)?,
    )
}

/// Stores a questionnaire.
pub(super) fn insert(tx: &mut Tx<'_>, questionnaire: &Questionnaire) -> Result<()> {
    diesel::insert_into(questionnaires::table)
        .values(questionnaire)
        .execute(tx.db)?;
    Ok(())
}
