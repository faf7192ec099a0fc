//! The queries of packages. What it is not: who may see them; the callers ask the viewer.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::constraint::OnConstraint;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, PackageId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::on_backend;
use crate::programme::packages::model::{Package, PackageFilter, PackagePart};
use crate::programme::packages::rules::PackageRefusal;
use crate::schema::{package_parts, packages};

type RowType = diesel::dsl::SqlTypeOf<<packages::table as Table>::AllColumns>;
type PartsType = diesel::dsl::SqlTypeOf<<package_parts::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "packages",
    from: "packages",
    id: "packages.id",
    parent: "packages.city_id",
};

/// The package, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: PackageId) -> Result<Option<Package>> {
    Ok(packages::table.find(id).first(db).optional()?)
}

/// The package.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: PackageId) -> Result<Package> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: PackageId::KIND,
        id: id.public(),
    })
}

/// The packages of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[PackageId]) -> Result<Vec<Package>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(
        Sql::new("SELECT packages.* FROM packages WHERE packages.id")
            .in_uids(keys)
            .load::<RowType, Package>(db)?,
    )
}

/// All packages of a city, the first first, also those that were terminated.
///
/// # Errors
/// What the database says.
pub fn of_city(db: &mut Db, city: CityId) -> Result<Vec<Package>> {
    Ok(packages::table
        .filter(packages::city_id.eq(city))
        .order((packages::starts_on, packages::id))
        .load(db)?)
}

/// All packages of these cities, also those that were terminated.
///
/// # Errors
/// What the database says.
pub fn of_cities(db: &mut Db, cities: &[CityId]) -> Result<Vec<Package>> {
    Ok(
        Sql::new("SELECT packages.* FROM packages WHERE packages.city_id")
            .in_uids(cities.iter().map(|city| city.uuid()).collect())
            .text(" ORDER BY packages.starts_on, packages.id")
            .load::<RowType, Package>(db)?,
    )
}

/// All packages that began on a day or before, the first first, also those that were terminated.
///
/// # Errors
/// What the database says.
pub fn started_until(db: &mut Db, day: chrono::NaiveDate) -> Result<Vec<Package>> {
    Ok(packages::table
        .filter(packages::starts_on.le(day))
        .order((packages::starts_on, packages::id))
        .load(db)?)
}

/// How these packages are paid, where their plans are not of equal instalments, in their order.
///
/// # Errors
/// What the database says.
pub fn parts_of_many(
    db: &mut Db,
    ids: &[PackageId],
) -> Result<HashMap<PackageId, Vec<PackagePart>>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let found =
        Sql::new("SELECT package_parts.* FROM package_parts WHERE package_parts.package_id")
            .in_uids(keys)
            .text(" ORDER BY package_parts.package_id, package_parts.position")
            .load::<PartsType, PackagePart>(db)?;
    let mut parts: HashMap<PackageId, Vec<PackagePart>> = HashMap::new();
    for part in found {
        parts.entry(part.package_id).or_default().push(part);
    }
    Ok(parts)
}

/// A page of the packages inside the scope, the first start first.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &PackageFilter,
    page: &Page,
) -> Result<Listed<Package>> {
    let conditions = conditions(filter, scope);
    listing::list::<RowType, Package>(db, &SOURCE, conditions, &order(), page)
}

/// How many packages are inside the scope.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &PackageFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(filter, scope))
}

/// A page of the packages of each city.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_of_cities(
    db: &mut Db,
    cities: &[Uuid],
    filter: &PackageFilter,
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Package>>> {
    let conditions = conditions(filter, &Scope::All);
    listing::list_for::<RowType, Package>(db, &SOURCE, cities, conditions, &order(), page)
}

/// How many packages each city has.
///
/// # Errors
/// What the database says.
pub fn count_of_cities(
    db: &mut Db,
    cities: &[Uuid],
    filter: &PackageFilter,
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &SOURCE, cities, conditions(filter, &Scope::All))
}

/// How a list of packages is sorted.
#[must_use]
pub fn order() -> Order<Package> {
    Order {
        keys: vec![OrderKey {
            column: "packages.starts_on",
            descending: false,
            nullable: false,
            kind: KeyKind::Date,
            value: |package| KeyValue::Date(package.starts_on),
        }],
        id: |package| package.id.uuid(),
    }
}

fn conditions(filter: &PackageFilter, scope: &Scope) -> Conditions {
    let mut conditions = Conditions::none();
    if let Scope::Own { .. } = scope {
        conditions = conditions.and(Sql::new("packages.city_id").in_uids(scope.city_keys()));
    }
    if let Some(cities) = &filter.city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("packages.city_id").in_uids(keys));
    }
    if let Some(day) = filter.running_on {
        conditions = conditions.and(
            Sql::new("packages.status <> 'TERMINATED' AND packages.starts_on <= ")
                .bind_date(day)
                .text(" AND packages.ends_on > ")
                .bind_date(day),
        );
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("packages.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("packages.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

/// The packages of which units are lost by a day, the first lost first.
///
/// # Errors
/// What the database says.
pub fn lapsed_by(db: &mut Db, day: chrono::NaiveDate, most: i64) -> Result<Vec<Package>> {
    let found = Sql::new("SELECT packages.* FROM packages WHERE COALESCE(packages.terminated_on, packages.expires_on) <= ")
        .bind_date(day)
        .text(" AND EXISTS (SELECT 1 FROM entitlements WHERE entitlements.package_id = packages.id")
        .text(" AND entitlements.granted > entitlements.reserved + entitlements.consumed + entitlements.expired)")
        .text(" ORDER BY COALESCE(packages.terminated_on, packages.expires_on), packages.id LIMIT ")
        .bind_int(most);
    Ok(found.load::<RowType, Package>(db)?)
}

/// The running packages of cities that are not in the network on a day.
///
/// # Errors
/// What the database says.
pub fn running_without_membership(
    db: &mut Db,
    day: chrono::NaiveDate,
    most: i64,
) -> Result<Vec<Package>> {
    let found = Sql::new("SELECT packages.* FROM packages WHERE packages.status = 'ENROLLED' AND packages.starts_on <= ")
        .bind_date(day)
        .text(" AND packages.ends_on > ")
        .bind_date(day)
        .text(" AND NOT EXISTS (SELECT 1 FROM city_standings standing JOIN networks ON networks.id = standing.network_id")
        .text(" WHERE networks.kind = 'INTERNATIONAL' AND standing.city_id = packages.city_id")
        .text(" AND standing.status IN ('ADMITTED', 'ACTIVE', 'SUSPENDED') AND standing.starts_on <= ")
        .bind_date(day)
        .text(" AND (standing.ends_on IS NULL OR standing.ends_on > ")
        .bind_date(day)
        .text(")) ORDER BY packages.starts_on, packages.id LIMIT ")
        .bind_int(most);
    Ok(found.load::<RowType, Package>(db)?)
}

/// Stores a new package.
pub(super) fn insert(tx: &mut Tx<'_>, package: &Package) -> Result<()> {
    diesel::insert_into(packages::table)
        .values(package)
        .execute(tx.db)
        .on_exclusion("packages_overlap", || PackageRefusal::Overlaps.into())?;
    Ok(())
}

/// Stores other days of a package.
pub(super) fn move_end(tx: &mut Tx<'_>, package: &Package) -> Result<()> {
    let rows = diesel::update(packages::table.find(package.id))
        .set((
            packages::ends_on.eq(package.ends_on),
            packages::expires_on.eq(package.expires_on),
            packages::updated_at.eq(package.updated_at),
            packages::version.eq(package.version),
        ))
        .execute(tx.db)
        .on_exclusion("packages_overlap", || PackageRefusal::Overlaps.into())?;
    ensure_one(rows)
}

/// Locks the package's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: PackageId) -> Result<Package> {
    tx.lock_row("SELECT 1 FROM packages WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores what the contract costs and how it is paid from now on.
pub(super) fn amend(tx: &mut Tx<'_>, package: &Package, parts: &[PackagePart]) -> Result<()> {
    let rows = diesel::update(packages::table.find(package.id))
        .set((
            packages::price_minor.eq(package.price_minor),
            packages::instalments.eq(package.instalments),
            packages::updated_at.eq(package.updated_at),
            packages::version.eq(package.version),
        ))
        .execute(tx.db)?;
    ensure_one(rows)?;
    diesel::delete(package_parts::table.filter(package_parts::package_id.eq(package.id)))
        .execute(tx.db)?;
    on_backend!(&mut *tx.db, connection => diesel::insert_into(package_parts::table).values(parts).execute(connection))?;
    Ok(())
}

/// Stores that the contract was ended.
pub(super) fn end(tx: &mut Tx<'_>, package: &Package) -> Result<()> {
    let rows = diesel::update(packages::table.find(package.id))
        .set((
            packages::status.eq(package.state),
            packages::terminated_on.eq(package.terminated_on),
            packages::updated_at.eq(package.updated_at),
            packages::version.eq(package.version),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}
