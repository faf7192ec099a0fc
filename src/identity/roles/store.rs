//! The queries of grants. What it is not: which of them are in force for a request; that also asks
//! for the appointment (`viewers`).

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Integer;
use uuid::Uuid;

use crate::access::viewer::Role;
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::identity::roles::model::{Holder, NewGrant, RoleGrant};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, ExpertId, GrantId, Id, UserId};
use crate::kernel::refusal::Refusal;
use crate::schema::{grants, users};

type RowType = diesel::dsl::SqlTypeOf<<grants::table as Table>::AllColumns>;

/// The grant.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: GrantId) -> Result<RoleGrant> {
    grants::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: GrantId::KIND,
            id: id.public(),
        })
}

/// The grants of these users that were not taken back.
///
/// # Errors
/// What the database says.
pub fn in_force_of_many(db: &mut Db, users: &[UserId]) -> Result<HashMap<UserId, Vec<RoleGrant>>> {
    let keys = users.iter().map(|id| id.uuid()).collect();
    let statement = Sql::new("SELECT grants.* FROM grants WHERE revoked_at IS NULL AND user_id")
        .in_uids(keys)
        .text(" ORDER BY id");
    let mut found: HashMap<UserId, Vec<RoleGrant>> = HashMap::new();
    for grant in statement.load::<RowType, RoleGrant>(db)? {
        found.entry(grant.user_id).or_default().push(grant);
    }
    Ok(found)
}

/// Locks the administrators' roles until the transaction ends, so that two administrators cannot
/// take each other's role at once. To be called before any other row is locked.
///
/// # Errors
/// What the database says.
pub fn lock_administrators(tx: &mut Tx<'_>) -> Result<()> {
    if let Db::Postgres(_) = tx.db {
        Sql::new("SELECT 1 FROM grants WHERE role = 'ADMIN' AND revoked_at IS NULL ORDER BY id FOR UPDATE")
            .load::<Integer, i32>(tx.db)?;
    }
    Ok(())
}

/// Makes sure that of the administrators who can sign in one is left among those that `stays`
/// keeps. Needs [`lock_administrators`].
///
/// # Errors
/// The refusal, when none is left.
pub fn keep_an_administrator(
    tx: &mut Tx<'_>,
    stays: impl Fn(&Holder) -> bool,
    refusal: impl FnOnce() -> Refusal,
) -> Result<()> {
    let holders: Vec<(GrantId, UserId)> = grants::table
        .inner_join(users::table)
        .filter(grants::role.eq(Role::Admin))
        .filter(grants::revoked_at.is_null())
        .filter(users::disabled_at.is_null())
        .select((grants::id, grants::user_id))
        .load(tx.db)?;
    let mut holders = holders
        .into_iter()
        .map(|(grant, user)| Holder { grant, user });
    // Without any administrator there is none to keep: the first account comes from the command line.
    if holders.len() == 0 || holders.any(|holder| stays(&holder)) {
        Ok(())
    } else {
        Err(Error::refused(refusal()))
    }
}

/// The same role of the user in force, if there is one.
pub(super) fn same(tx: &mut Tx<'_>, user: UserId, grant: &NewGrant) -> Result<Option<GrantId>> {
    let known: Vec<RoleGrant> = grants::table
        .filter(grants::user_id.eq(user))
        .filter(grants::role.eq(grant.role))
        .filter(grants::revoked_at.is_null())
        .order(grants::id)
        .load(tx.db)?;
    Ok(known
        .into_iter()
        .find(|known| {
            known.city_id == grant.city
                && known.expert_id == grant.expert
                && known.appointment_id == grant.appointment
        })
        .map(|known| known.id))
}

/// Whether there is such a city. The registry is a room further on, so its table is only asked for
/// the key.
pub(super) fn city_exists(db: &mut Db, city: CityId) -> Result<bool> {
    exists(db, "SELECT count(*) FROM cities WHERE id = ", city.uuid())
}

/// Whether there is such an expert.
pub(super) fn expert_exists(db: &mut Db, expert: ExpertId) -> Result<bool> {
    exists(
        db,
        "SELECT count(*) FROM experts WHERE id = ",
        expert.uuid(),
    )
}

fn exists(db: &mut Db, select: &'static str, key: Uuid) -> Result<bool> {
    Ok(Sql::new(select).bind_uid(key).number(db)? > 0)
}

/// Stores a grant.
pub(super) fn insert(tx: &mut Tx<'_>, grant: &RoleGrant) -> Result<()> {
    diesel::insert_into(grants::table)
        .values(grant)
        .execute(tx.db)?;
    Ok(())
}

/// Takes a locked grant back.
pub(super) fn revoke(tx: &mut Tx<'_>, id: GrantId) -> Result<()> {
    let changed = diesel::update(grants::table.find(id))
        .set((
            grants::revoked_at.eq(Some(tx.now)),
            grants::revoked_by.eq(tx.viewer.user_id()),
        ))
        .execute(tx.db)?;
    ensure_one(changed)
}

/// Locks the grant's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: GrantId) -> Result<RoleGrant> {
    tx.lock_row("SELECT 1 FROM grants WHERE id = ", id.uuid())?;
    get(tx.db, id)
}
