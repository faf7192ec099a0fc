//! The queries of adoptions. What it is not: who may see the cities.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PracticeAdoptionId, PracticeId};
use crate::programme::practice_adoptions::model::PracticeAdoption;
use crate::schema::practice_adoptions;

type RowType = diesel::dsl::SqlTypeOf<<practice_adoptions::table as Table>::AllColumns>;

const COLUMNS: &str = "SELECT a.id, a.practice_id, a.city_id, a.sequence, a.status, a.reported_on, a.outcome, a.source_url, a.said_by, a.created_at, a.created_by FROM practice_adoptions a";

/// The last word of each city on each practice: what a later one replaced is not among them.
const LAST: &str = " AND NOT EXISTS (SELECT 1 FROM practice_adoptions o WHERE o.practice_id = a.practice_id AND o.city_id = a.city_id AND o.sequence > a.sequence)";

/// The words of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PracticeAdoptionId]) -> Result<Vec<PracticeAdoption>> {
    Ok(Sql::new(COLUMNS)
        .text(" WHERE a.id")
        .in_uids(ids.iter().map(|id| id.uuid()).collect())
        .load::<RowType, PracticeAdoption>(db)?)
}

/// The last word of each city on these practices, the first to come first.
///
/// # Errors
/// What the database says.
pub fn latest_of_practices(
    db: &mut Db,
    practices: &[PracticeId],
) -> Result<HashMap<PracticeId, Vec<PracticeAdoption>>> {
    let rows = Sql::new(COLUMNS)
        .text(" WHERE a.practice_id")
        .in_uids(practices.iter().map(|id| id.uuid()).collect())
        .text(LAST)
        .text(" ORDER BY a.practice_id, a.reported_on, a.id")
        .load::<RowType, PracticeAdoption>(db)?;
    let mut adoptions: HashMap<PracticeId, Vec<PracticeAdoption>> = HashMap::new();
    for row in rows {
        adoptions.entry(row.practice_id).or_default().push(row);
    }
    Ok(adoptions)
}

/// Everything that these cities said, by practice, the last first.
///
/// # Errors
/// What the database says.
pub fn of_cities(db: &mut Db, cities: &[CityId]) -> Result<HashMap<CityId, Vec<PracticeAdoption>>> {
    let rows = Sql::new(COLUMNS)
        .text(" WHERE a.city_id")
        .in_uids(cities.iter().map(|id| id.uuid()).collect())
        .text(" ORDER BY a.city_id, a.practice_id, a.sequence DESC")
        .load::<RowType, PracticeAdoption>(db)?;
    let mut adoptions: HashMap<CityId, Vec<PracticeAdoption>> = HashMap::new();
    for row in rows {
        adoptions.entry(row.city_id).or_default().push(row);
    }
    Ok(adoptions)
}

/// The last word of a city on a practice.
pub(super) fn last(
    db: &mut Db,
    practice: PracticeId,
    city: CityId,
) -> Result<Option<PracticeAdoption>> {
    let rows = Sql::new(COLUMNS)
        .text(" WHERE a.practice_id = ")
        .bind_uid(practice.uuid())
        .text(" AND a.city_id = ")
        .bind_uid(city.uuid())
        .text(" ORDER BY a.sequence DESC LIMIT 1")
        .load::<RowType, PracticeAdoption>(db)?;
    Ok(rows.into_iter().next())
}

/// Stores a word.
pub(super) fn insert(tx: &mut Tx<'_>, adoption: &PracticeAdoption) -> Result<()> {
    diesel::insert_into(practice_adoptions::table)
        .values(adoption)
        .execute(tx.db)?;
    Ok(())
}
