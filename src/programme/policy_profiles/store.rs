//! The queries of what cities state of their policy. What it is not: who may see it.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PolicyStatementId};
use crate::programme::policy_profiles::model::PolicyStatement;
use crate::schema::policy_statements;

type RowType = diesel::dsl::SqlTypeOf<<policy_statements::table as Table>::AllColumns>;

/// The statements of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PolicyStatementId]) -> Result<Vec<PolicyStatement>> {
    Ok(
        Sql::new("SELECT policy_statements.* FROM policy_statements WHERE policy_statements.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, PolicyStatement>(db)?,
    )
}

/// Everything these cities stated, the last first.
///
/// # Errors
/// What the database says.
pub fn of_cities(db: &mut Db, cities: &[CityId]) -> Result<HashMap<CityId, Vec<PolicyStatement>>> {
    let rows = Sql::new(
        "SELECT policy_statements.* FROM policy_statements WHERE policy_statements.city_id",
    )
    .in_uids(cities.iter().map(|id| id.uuid()).collect())
    .text(" ORDER BY policy_statements.city_id, policy_statements.sequence DESC")
    .load::<RowType, PolicyStatement>(db)?;
    let mut statements: HashMap<CityId, Vec<PolicyStatement>> = HashMap::new();
    for row in rows {
        statements.entry(row.city_id).or_default().push(row);
    }
    Ok(statements)
}

/// Stores a statement.
pub(super) fn insert(tx: &mut Tx<'_>, statement: &PolicyStatement) -> Result<()> {
    diesel::insert_into(policy_statements::table)
        .values(statement)
        .execute(tx.db)?;
    Ok(())
}
