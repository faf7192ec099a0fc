//! The queries of funders. What it is not: who may see them.

use diesel::prelude::*;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::funders::model::Funder;
use crate::finance::funders::rules::name_taken;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{FunderId, Id};
use crate::schema::funders;

type RowType = diesel::dsl::SqlTypeOf<<funders::table as Table>::AllColumns>;

const NAME: Unique = Unique::new("funders_name_key", "funders.name_key");

/// The funder, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: FunderId) -> Result<Option<Funder>> {
    Ok(funders::table.find(id).first(db).optional()?)
}

/// The funder.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: FunderId) -> Result<Funder> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: FunderId::KIND,
        id: id.public(),
    })
}

/// The funders of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[FunderId]) -> Result<Vec<Funder>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(Sql::new("SELECT funders.* FROM funders WHERE funders.id")
        .in_uids(keys)
        .load::<RowType, Funder>(db)?)
}

/// All funders, by name.
///
/// # Errors
/// What the database says.
pub fn all(db: &mut Db) -> Result<Vec<Funder>> {
    Ok(funders::table.order(funders::name_key).load(db)?)
}

/// Stores a new funder.
pub(super) fn insert(tx: &mut Tx<'_>, funder: &Funder) -> Result<()> {
    diesel::insert_into(funders::table)
        .values(funder)
        .execute(tx.db)
        .on_unique(NAME, || name_taken(&funder.name))?;
    Ok(())
}

/// Stores a revised funder.
pub(super) fn update(tx: &mut Tx<'_>, funder: &Funder) -> Result<()> {
    let rows = diesel::update(funders::table.find(funder.id))
        .set(funder)
        .execute(tx.db)
        .on_unique(NAME, || name_taken(&funder.name))?;
    ensure_one(rows)
}

/// Locks the funder's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: FunderId) -> Result<Funder> {
    tx.lock_row("SELECT 1 FROM funders WHERE id = ", id.uuid())?;
    get(tx.db, id)
}
