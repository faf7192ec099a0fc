//! The queries of accounts and entries. What it is not: who may see them; who sees the package does.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::constraint::OnConstraint;
use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, PackageId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::entitlements::model::{Entitlement, EntitlementEntry};
use crate::schema::{entitlement_entries, entitlements};

type AccountType = diesel::dsl::SqlTypeOf<<entitlements::table as Table>::AllColumns>;
type EntryType = diesel::dsl::SqlTypeOf<<entitlement_entries::table as Table>::AllColumns>;

/// The accounts of a package, in the order of the offer.
///
/// # Errors
/// What the database says.
pub fn of_package(db: &mut Db, package: PackageId) -> Result<Vec<Entitlement>> {
    Ok(of_many(db, &[package])?
        .remove(&package)
        .unwrap_or_default())
}

/// The accounts of these packages, each in the order of the offer.
///
/// # Errors
/// What the database says.
pub fn of_many(db: &mut Db, ids: &[PackageId]) -> Result<HashMap<PackageId, Vec<Entitlement>>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let statement = Sql::new("SELECT entitlements.* FROM entitlements WHERE package_id");
    let mut rows = statement
        .in_uids(keys)
        .load::<AccountType, Entitlement>(db)?;
    rows.sort_by_key(|row| row.kind);
    let mut accounts: HashMap<PackageId, Vec<Entitlement>> = HashMap::new();
    for row in rows {
        accounts.entry(row.package_id).or_default().push(row);
    }
    Ok(accounts)
}

/// The entries of these packages, the first first.
///
/// # Errors
/// What the database says.
pub fn entries_of_many(
    db: &mut Db,
    ids: &[PackageId],
) -> Result<HashMap<PackageId, Vec<EntitlementEntry>>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let rows = Sql::new("SELECT entitlement_entries.* FROM entitlement_entries WHERE package_id")
        .in_uids(keys)
        .text(" ORDER BY entitlement_entries.id")
        .load::<EntryType, EntitlementEntry>(db)?;
    let mut entries: HashMap<PackageId, Vec<EntitlementEntry>> = HashMap::new();
    for row in rows {
        entries.entry(row.package_id).or_default().push(row);
    }
    Ok(entries)
}

/// Stores a new account.
pub(super) fn open(tx: &mut Tx<'_>, account: &Entitlement) -> Result<()> {
    diesel::insert_into(entitlements::table)
        .values(account)
        .execute(tx.db)?;
    Ok(())
}

/// Stores an entry; the database carries the balances, and refuses one below zero.
pub(super) fn post(tx: &mut Tx<'_>, entry: &EntitlementEntry) -> Result<()> {
    diesel::insert_into(entitlement_entries::table)
        .values(entry)
        .execute(tx.db)
        .on_check("entitlements_balance", none_left)?;
    Ok(())
}

fn none_left() -> Refusal {
    Refusal::new(
        RefusalCode::CapacityFull,
        "packageId",
        "The package has no unit of this kind left.",
        "Pakken har ingen enhed af denne slags tilbage.",
    )
}
