//! The queries of amendments. What it is not: who may see them; who sees the package does.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, PackageAmendmentId, PackageId};
use crate::kernel::period::Period;
use crate::programme::packages::amendments::model::{
    AmendmentKind, AmendmentStatus, Change, PackageAmendment,
};
use crate::schema::package_amendments;

type RowType = diesel::dsl::SqlTypeOf<<package_amendments::table as Table>::AllColumns>;

/// The amendment.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: PackageAmendmentId) -> Result<PackageAmendment> {
    let found = package_amendments::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: PackageAmendmentId::KIND,
        id: id.public(),
    })
}

/// The amendments of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PackageAmendmentId]) -> Result<Vec<PackageAmendment>> {
    Ok(
        Sql::new("SELECT package_amendments.* FROM package_amendments WHERE package_amendments.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, PackageAmendment>(db)?,
    )
}

/// The amendments of these packages, the first first.
///
/// # Errors
/// What the database says.
pub fn of_many(
    db: &mut Db,
    packages: &[PackageId],
) -> Result<HashMap<PackageId, Vec<PackageAmendment>>> {
    let rows = Sql::new(
        "SELECT package_amendments.* FROM package_amendments WHERE package_amendments.package_id",
    )
    .in_uids(packages.iter().map(|id| id.uuid()).collect())
    .text(" ORDER BY package_amendments.created_at, package_amendments.id")
    .load::<RowType, PackageAmendment>(db)?;
    let mut amendments: HashMap<PackageId, Vec<PackageAmendment>> = HashMap::new();
    for row in rows {
        amendments.entry(row.package_id).or_default().push(row);
    }
    Ok(amendments)
}

/// The days on which a package rests.
///
/// # Errors
/// What the database says.
pub fn pauses_of(db: &mut Db, package: PackageId) -> Result<Vec<Period>> {
    Ok(pauses_of_many(db, &[package])?
        .remove(&package)
        .unwrap_or_default())
}

/// The days on which these packages rest.
///
/// # Errors
/// What the database says.
pub fn pauses_of_many(
    db: &mut Db,
    packages: &[PackageId],
) -> Result<HashMap<PackageId, Vec<Period>>> {
    let mut pauses: HashMap<PackageId, Vec<Period>> = HashMap::new();
    for amendment in of_many(db, packages)?.into_values().flatten() {
        let is_pause = amendment.kind == AmendmentKind::Pause;
        if is_pause
            && amendment.status == AmendmentStatus::Approved
            && let Change::Pause(pause) = amendment.change()?
        {
            pauses.entry(amendment.package_id).or_default().push(pause);
        }
    }
    Ok(pauses)
}

/// Stores a proposed amendment.
pub(super) fn insert(tx: &mut Tx<'_>, amendment: &PackageAmendment) -> Result<()> {
    diesel::insert_into(package_amendments::table)
        .values(amendment)
        .execute(tx.db)?;
    Ok(())
}

/// Stores what was decided.
pub(super) fn update(tx: &mut Tx<'_>, amendment: &PackageAmendment) -> Result<()> {
    let rows = diesel::update(package_amendments::table.find(amendment.id))
        .set(amendment)
        .execute(tx.db)?;
    ensure_one(rows)
}
