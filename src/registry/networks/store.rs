//! The queries of networks and rounds. What it is not: memberships.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, NetworkId, RoundId};
use crate::registry::networks::model::{Network, NetworkKind, Round};
use crate::schema::{networks, rounds};

type NetworkRow = diesel::dsl::SqlTypeOf<<networks::table as Table>::AllColumns>;
type RoundRow = diesel::dsl::SqlTypeOf<<rounds::table as Table>::AllColumns>;

/// The network, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: NetworkId) -> Result<Option<Network>> {
    Ok(networks::table.find(id).first(db).optional()?)
}

/// The network.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: NetworkId) -> Result<Network> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: NetworkId::KIND,
        id: id.public(),
    })
}

/// The network with this code, if there is one.
///
/// # Errors
/// What the database says.
pub fn find_by_code(db: &mut Db, code: &str) -> Result<Option<Network>> {
    Ok(networks::table
        .filter(networks::code.eq(code))
        .first(db)
        .optional()?)
}

/// The international network, if the reference data is loaded.
///
/// # Errors
/// What the database says.
pub fn international(db: &mut Db) -> Result<Option<Network>> {
    Ok(networks::table
        .filter(networks::kind.eq(NetworkKind::International))
        .order(networks::code)
        .first(db)
        .optional()?)
}

/// Every network: the international one first, the national ones by their code.
///
/// # Errors
/// What the database says.
pub fn all(db: &mut Db) -> Result<Vec<Network>> {
    Ok(networks::table
        .order((networks::kind, networks::code))
        .load(db)?)
}

/// The networks of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[NetworkId]) -> Result<Vec<Network>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(Sql::new("SELECT networks.* FROM networks WHERE id")
        .in_uids(keys)
        .load::<NetworkRow, Network>(db)?)
}

/// The round, if there is one.
///
/// # Errors
/// What the database says.
pub fn find_round(db: &mut Db, id: RoundId) -> Result<Option<Round>> {
    Ok(rounds::table.find(id).first(db).optional()?)
}

/// The rounds of these keys.
///
/// # Errors
/// What the database says.
pub fn find_rounds(db: &mut Db, ids: &[RoundId]) -> Result<Vec<Round>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(Sql::new("SELECT rounds.* FROM rounds WHERE id")
        .in_uids(keys)
        .load::<RoundRow, Round>(db)?)
}

/// The rounds of these networks in their order; a network without rounds is absent.
///
/// # Errors
/// What the database says.
pub fn rounds_of_many(db: &mut Db, ids: &[NetworkId]) -> Result<HashMap<NetworkId, Vec<Round>>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    let statement = Sql::new("SELECT rounds.* FROM rounds WHERE network_id")
        .in_uids(keys)
        .text(" ORDER BY network_id, number");
    let mut found: HashMap<NetworkId, Vec<Round>> = HashMap::new();
    for round in statement.load::<RoundRow, Round>(db)? {
        found.entry(round.network_id).or_default().push(round);
    }
    Ok(found)
}

/// Stores a new network.
pub(super) fn insert(tx: &mut Tx<'_>, network: &Network) -> Result<()> {
    let rows = diesel::insert_into(networks::table)
        .values(network)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores a changed network.
pub(super) fn update(tx: &mut Tx<'_>, network: &Network) -> Result<()> {
    let rows = diesel::update(networks::table.find(network.id))
        .set(network)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores a new round.
pub(super) fn insert_round(tx: &mut Tx<'_>, round: &Round) -> Result<()> {
    let rows = diesel::insert_into(rounds::table)
        .values(round)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores a changed round.
pub(super) fn update_round(tx: &mut Tx<'_>, round: &Round) -> Result<()> {
    let rows = diesel::update(rounds::table.find(round.id))
        .set(round)
        .execute(tx.db)?;
    ensure_one(rows)
}
