//! The queries of what belongs to an activity. What it is not: who may see it; who sees the activity does.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AcceptanceId, ActivityId, Id};
use crate::on_backend;
use crate::programme::activities::records::model::{Acceptance, ActivityDocument, Participant};
use crate::schema::{acceptances, activity_documents, activity_participants};

type AcceptanceType = diesel::dsl::SqlTypeOf<<acceptances::table as Table>::AllColumns>;
type DocumentType = diesel::dsl::SqlTypeOf<<activity_documents::table as Table>::AllColumns>;
type ParticipantType = diesel::dsl::SqlTypeOf<<activity_participants::table as Table>::AllColumns>;

fn grouped<T>(rows: Vec<T>, activity: fn(&T) -> ActivityId) -> HashMap<ActivityId, Vec<T>> {
    let mut groups: HashMap<ActivityId, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(activity(&row)).or_default().push(row);
    }
    groups
}

fn keys(ids: &[ActivityId]) -> Vec<uuid::Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// Who takes part in these activities, in the order of the lists.
///
/// # Errors
/// What the database says.
pub fn participants_of(
    db: &mut Db,
    ids: &[ActivityId],
) -> Result<HashMap<ActivityId, Vec<Participant>>> {
    let rows =
        Sql::new("SELECT activity_participants.* FROM activity_participants WHERE activity_id")
            .in_uids(keys(ids))
            .text(" ORDER BY activity_participants.position")
            .load::<ParticipantType, Participant>(db)?;
    Ok(grouped(rows, |row| row.activity_id))
}

/// The documents of these activities, the first first.
///
/// # Errors
/// What the database says.
pub fn documents_of(
    db: &mut Db,
    ids: &[ActivityId],
) -> Result<HashMap<ActivityId, Vec<ActivityDocument>>> {
    let rows = Sql::new("SELECT activity_documents.* FROM activity_documents WHERE activity_id")
        .in_uids(keys(ids))
        .text(" ORDER BY activity_documents.id")
        .load::<DocumentType, ActivityDocument>(db)?;
    Ok(grouped(rows, |row| row.activity_id))
}

/// The acceptances of these activities, also those that were taken back, the first first.
///
/// # Errors
/// What the database says.
pub fn acceptances_of(
    db: &mut Db,
    ids: &[ActivityId],
) -> Result<HashMap<ActivityId, Vec<Acceptance>>> {
    let rows = Sql::new("SELECT acceptances.* FROM acceptances WHERE activity_id")
        .in_uids(keys(ids))
        .text(" ORDER BY acceptances.id")
        .load::<AcceptanceType, Acceptance>(db)?;
    Ok(grouped(rows, |row| row.activity_id))
}

/// Stores a list of participants in the stead of the one before.
pub(in crate::programme::activities) fn replace_participants(
    tx: &mut Tx<'_>,
    activity: ActivityId,
    rows: &[Participant],
) -> Result<()> {
    diesel::delete(
        activity_participants::table.filter(activity_participants::activity_id.eq(activity)),
    )
    .execute(tx.db)?;
    if !rows.is_empty() {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(activity_participants::table).values(rows).execute(connection))?;
    }
    Ok(())
}

/// Stores a document.
pub(in crate::programme::activities) fn insert_document(
    tx: &mut Tx<'_>,
    document: &ActivityDocument,
) -> Result<()> {
    diesel::insert_into(activity_documents::table)
        .values(document)
        .execute(tx.db)?;
    Ok(())
}

/// Stores an acceptance.
pub(in crate::programme::activities) fn insert_acceptance(
    tx: &mut Tx<'_>,
    acceptance: &Acceptance,
) -> Result<()> {
    diesel::insert_into(acceptances::table)
        .values(acceptance)
        .execute(tx.db)?;
    Ok(())
}

/// Stores that an acceptance was taken back.
pub(in crate::programme::activities) fn revoke_acceptance(
    tx: &mut Tx<'_>,
    id: AcceptanceId,
    on: NaiveDate,
    reason: &str,
) -> Result<()> {
    let rows = diesel::update(acceptances::table.find(id))
        .set((
            acceptances::revoked_on.eq(Some(on)),
            acceptances::revoke_reason.eq(Some(reason)),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}
