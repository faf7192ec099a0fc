//! The queries of grants, awards, instalments and fundings. What it is not: rules, or pages (`lists`).

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::fees::Product;
use crate::finance::grants::model::{Award, Funding, FundingGrant, GrantInstalment};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, FundingGrantId, FundingId, GrantInstalmentId, Id, InvoiceId};
use crate::kernel::json::Json;
use crate::kernel::period::Period;
use crate::kernel::sql_types::{Doc, Uid};
use crate::on_backend;
use crate::schema::{funding_awards, funding_grants, funding_instalments, fundings};

/// The SQL type of a grant's row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<funding_grants::table as Table>::AllColumns>;
type AwardType = diesel::dsl::SqlTypeOf<<funding_awards::table as Table>::AllColumns>;
type InstalmentType = diesel::dsl::SqlTypeOf<<funding_instalments::table as Table>::AllColumns>;
type FundingType = diesel::dsl::SqlTypeOf<<fundings::table as Table>::AllColumns>;

/// The grant.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: FundingGrantId) -> Result<FundingGrant> {
    funding_grants::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: FundingGrantId::KIND,
            id: id.public(),
        })
}

/// The grants of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[FundingGrantId]) -> Result<Vec<FundingGrant>> {
    Ok(
        Sql::new("SELECT funding_grants.* FROM funding_grants WHERE funding_grants.id")
            .in_uids(keys(ids))
            .load::<RowType, FundingGrant>(db)?,
    )
}

/// What was promised for these grants.
///
/// # Errors
/// What the database says.
pub fn awards_of(db: &mut Db, ids: &[FundingGrantId]) -> Result<HashMap<FundingGrantId, Award>> {
    let found =
        Sql::new("SELECT funding_awards.* FROM funding_awards WHERE funding_awards.grant_id")
            .in_uids(keys(ids))
            .load::<AwardType, Award>(db)?;
    Ok(found
        .into_iter()
        .map(|award| (award.grant_id, award))
        .collect())
}

/// The instalments of these grants, in their order.
///
/// # Errors
/// What the database says.
pub fn instalments_of(
    db: &mut Db,
    ids: &[FundingGrantId],
) -> Result<HashMap<FundingGrantId, Vec<GrantInstalment>>> {
    let found = Sql::new(
        "SELECT funding_instalments.* FROM funding_instalments WHERE funding_instalments.grant_id",
    )
    .in_uids(keys(ids))
    .text(" ORDER BY funding_instalments.grant_id, funding_instalments.position")
    .load::<InstalmentType, GrantInstalment>(db)?;
    let mut instalments: HashMap<FundingGrantId, Vec<GrantInstalment>> = HashMap::new();
    for instalment in found {
        let of_grant = instalments.entry(instalment.grant_id).or_default();
        of_grant.push(instalment);
    }
    Ok(instalments)
}

/// The grant of an instalment.
///
/// # Errors
/// `NotFound`.
pub fn of_instalment(db: &mut Db, id: GrantInstalmentId) -> Result<FundingGrantId> {
    instalment(db, id).map(|found| found.grant_id)
}

/// The instalment.
pub(super) fn instalment(db: &mut Db, id: GrantInstalmentId) -> Result<GrantInstalment> {
    funding_instalments::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: GrantInstalmentId::KIND,
            id: id.public(),
        })
}

/// The entries of these keys.
///
/// # Errors
/// What the database says.
pub fn find_fundings(db: &mut Db, ids: &[FundingId]) -> Result<Vec<Funding>> {
    Ok(
        Sql::new("SELECT fundings.* FROM fundings WHERE fundings.id")
            .in_uids(keys(ids))
            .load::<FundingType, Funding>(db)?,
    )
}

/// What these grants pay, as it was recorded, with the entries that take it back.
///
/// # Errors
/// What the database says.
pub fn fundings_of_grants(
    db: &mut Db,
    ids: &[FundingGrantId],
) -> Result<HashMap<FundingGrantId, Vec<Funding>>> {
    let found = Sql::new("SELECT fundings.* FROM fundings WHERE fundings.grant_id")
        .in_uids(keys(ids))
        .text(" ORDER BY fundings.grant_id, fundings.id")
        .load::<FundingType, Funding>(db)?;
    let mut of_grants: HashMap<FundingGrantId, Vec<Funding>> = HashMap::new();
    for funding in found {
        of_grants.entry(funding.grant_id).or_default().push(funding);
    }
    Ok(of_grants)
}

/// What grants pay of these invoices of cities, as it was recorded.
///
/// # Errors
/// What the database says.
pub fn fundings_of_invoices(
    db: &mut Db,
    ids: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<Funding>>> {
    let found = Sql::new("SELECT fundings.* FROM fundings WHERE fundings.invoice_id")
        .in_uids(keys(ids))
        .text(" ORDER BY fundings.invoice_id, fundings.id")
        .load::<FundingType, Funding>(db)?;
    let mut of_invoices: HashMap<InvoiceId, Vec<Funding>> = HashMap::new();
    for funding in found {
        of_invoices
            .entry(funding.invoice_id)
            .or_default()
            .push(funding);
    }
    Ok(of_invoices)
}

/// An award that still pays for fees of a city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaiting {
    /// Whose fees.
    pub city: CityId,
    /// What the project is called.
    pub title: String,
    /// The days that it pays for.
    pub eligible: Period,
    /// The invoices that it pays a part of already.
    pub funded: Vec<InvoiceId>,
}

/// The awards that still pay us for fees of these cities.
///
/// # Errors
/// What the database says.
pub fn awaiting(db: &mut Db, cities: &[CityId]) -> Result<Vec<Awaiting>> {
    type Row = (Uid, Uid, Text, Date, Date, Doc, BigInt);
    type Found = (
        Uuid,
        FundingGrantId,
        String,
        NaiveDate,
        NaiveDate,
        Json,
        i64,
    );
    let found = Sql::new("SELECT g.city_id, g.id, g.title, a.eligible_from, a.eligible_until, a.products, a.usable_minor - a.used_minor FROM funding_grants g JOIN funding_awards a ON a.grant_id = g.id WHERE g.status IN ('AWARDED', 'IN_PROGRESS') AND a.paid_to <> 'CITY' AND g.city_id")
        .in_uids(keys(cities))
        .text(" ORDER BY g.id")
        .load::<Row, Found>(db)?;
    let ids: Vec<FundingGrantId> = found.iter().map(|row| row.1).collect();
    let mut used = fundings_of_grants(db, &ids)?;
    let mut awaiting = Vec::new();
    for (city, id, title, from, until, products, left) in found {
        if left <= 0
            || !products
                .read::<Vec<Product>>()?
                .contains(&Product::AnnualFee)
        {
            continue;
        }
        let eligible = Period::new(from, Some(until))
            .map_err(|_| Error::Internal(anyhow::anyhow!("an award's days")))?;
        let used = used.remove(&id).unwrap_or_default();
        awaiting.push(Awaiting {
            city: CityId::of(city),
            title,
            eligible,
            funded: used.into_iter().map(|one| one.invoice_id).collect(),
        });
    }
    Ok(awaiting)
}

/// Locks the grant's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: FundingGrantId) -> Result<FundingGrant> {
    tx.lock_row("SELECT 1 FROM funding_grants WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a new application.
pub(super) fn insert(tx: &mut Tx<'_>, grant: &FundingGrant) -> Result<()> {
    diesel::insert_into(funding_grants::table)
        .values(grant)
        .execute(tx.db)?;
    Ok(())
}

/// Stores the grant as it now is.
pub(super) fn update(tx: &mut Tx<'_>, grant: &FundingGrant) -> Result<()> {
    let rows = diesel::update(funding_grants::table.find(grant.id))
        .set(grant)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores what was promised, and in which parts it comes.
pub(super) fn insert_award(
    tx: &mut Tx<'_>,
    award: &Award,
    instalments: &[GrantInstalment],
) -> Result<()> {
    diesel::insert_into(funding_awards::table)
        .values(award)
        .execute(tx.db)?;
    on_backend!(&mut *tx.db, connection => diesel::insert_into(funding_instalments::table).values(instalments).execute(connection))?;
    Ok(())
}

/// Stores where an instalment stands.
pub(super) fn update_instalment(tx: &mut Tx<'_>, instalment: &GrantInstalment) -> Result<()> {
    let rows = diesel::update(funding_instalments::table.find(instalment.id))
        .set(instalment)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Counts more to what is used of an award, or less; the database refuses more than the award.
pub(super) fn use_award(tx: &mut Tx<'_>, grant: FundingGrantId, minor: i64) -> Result<()> {
    let rows = diesel::update(funding_awards::table.find(grant))
        .set(funding_awards::used_minor.eq(funding_awards::used_minor + minor))
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores what a grant pays.
pub(super) fn insert_fundings(tx: &mut Tx<'_>, entries: &[Funding]) -> Result<()> {
    on_backend!(&mut *tx.db, connection => diesel::insert_into(fundings::table).values(entries).execute(connection))?;
    Ok(())
}

/// Removes entries whose draft goes.
pub(super) fn remove_fundings(tx: &mut Tx<'_>, ids: &[FundingId]) -> Result<()> {
    for id in ids {
        ensure_one(diesel::delete(fundings::table.find(*id)).execute(tx.db)?)?;
    }
    Ok(())
}

fn keys<I: Id>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
