//! The queries of grants. What it is not: which of them are in force for a request; that also asks
//! for the appointment (`viewers`).

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Nullable};
use uuid::Uuid;

use crate::access::viewer::Role;
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::identity::roles::model::{Holder, NewGrant, RoleGrant};
use crate::identity::roles::posts::Post;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AppointmentId, CityId, ExpertId, GrantId, Id, PersonId, UserId};
use crate::kernel::period::Period;
use crate::kernel::refusal::Refusal;
use crate::kernel::sql_types::Uid;
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

/// The same role of the user, if it has not ended.
pub(super) fn same(tx: &mut Tx<'_>, user: UserId, grant: &NewGrant) -> Result<Option<GrantId>> {
    let known: Vec<RoleGrant> = grants::table
        .filter(grants::user_id.eq(user))
        .filter(grants::role.eq(grant.role))
        .filter(grants::revoked_at.is_null())
        .filter(grants::ends_on.is_null().or(grants::ends_on.gt(tx.today())))
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

/// The coordinators' roles in a city that no appointment brought and that have not ended, locked until
/// the transaction ends.
pub(super) fn unbound(tx: &mut Tx<'_>, city: CityId) -> Result<Vec<RoleGrant>> {
    if let Db::Postgres(_) = tx.db {
        Sql::new("SELECT 1 FROM grants WHERE appointment_id IS NULL AND revoked_at IS NULL AND city_id = ")
            .bind_uid(city.uuid())
            .text(" ORDER BY id FOR UPDATE")
            .load::<Integer, i32>(tx.db)?;
    }
    Ok(grants::table
        .filter(grants::city_id.eq(city))
        .filter(grants::role.eq(Role::Coordinator))
        .filter(grants::appointment_id.is_null())
        .filter(grants::revoked_at.is_null())
        .filter(grants::ends_on.is_null().or(grants::ends_on.gt(tx.today())))
        .order(grants::id)
        .load(tx.db)?)
}

/// Those of the grants whose accounts are a person's: by the record, or by the address.
pub(super) fn of_accounts(
    db: &mut Db,
    grants: &[RoleGrant],
    person: PersonId,
    email_key: Option<&str>,
) -> Result<Vec<RoleGrant>> {
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    let is_person = users::person_id.eq(Some(person));
    let known: Vec<UserId> = match email_key {
        Some(key) => users::table
            .filter(is_person.or(users::email_key.eq(key)))
            .select(users::id)
            .load(db)?,
        None => users::table.filter(is_person).select(users::id).load(db)?,
    };
    Ok(grants
        .iter()
        .filter(|grant| known.contains(&grant.user_id))
        .cloned()
        .collect())
}

/// The accounts that have a role by an appointment.
pub(super) fn users_of_post(db: &mut Db, appointment: AppointmentId) -> Result<Vec<UserId>> {
    Ok(grants::table
        .filter(grants::appointment_id.eq(appointment))
        .filter(grants::revoked_at.is_null())
        .order(grants::id)
        .select(grants::user_id)
        .load(db)?)
}

/// The posts in a city of the person whose account it is: by the record, or by the address. The
/// registry is a room further on, so its tables are only asked for the days.
pub(super) fn posts_of_user(db: &mut Db, user: UserId, city: CityId) -> Result<Vec<Post>> {
    type Row = (AppointmentId, NaiveDate, Option<NaiveDate>);
    let found = Sql::new(
        "SELECT appointments.id, appointments.starts_on, appointments.ends_on FROM users \
         JOIN people ON people.id = users.person_id OR people.email_key = users.email_key \
         JOIN appointments ON appointments.person_id = people.id WHERE users.id = ",
    )
    .bind_uid(user.uuid())
    .text(" AND appointments.city_id = ")
    .bind_uid(city.uuid())
    .text(" ORDER BY appointments.id")
    .load::<(Uid, Date, Nullable<Date>), Row>(db)?;
    Ok(found
        .into_iter()
        .map(|(appointment, starts_on, ends_on)| Post {
            appointment,
            starts_on,
            ends_on,
        })
        .collect())
}

/// The days on which a city belongs to some network.
pub(super) fn days_in_networks(db: &mut Db, city: CityId) -> Result<Vec<Period>> {
    let spans = Sql::new("SELECT membership_spans.starts_on, membership_spans.ends_on FROM membership_spans WHERE membership_spans.city_id = ")
        .bind_uid(city.uuid())
        .text(" AND membership_spans.status IN ('ADMITTED', 'ACTIVE', 'SUSPENDED')")
        .load::<(Date, Nullable<Date>), (NaiveDate, Option<NaiveDate>)>(db)?;
    Ok(spans
        .into_iter()
        .filter_map(|(starts_on, ends_on)| Period::new(starts_on, ends_on).ok())
        .collect())
}

/// Locks the city's row, so that nobody changes its posts before the transaction ends.
pub(super) fn lock_city(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    tx.lock_row("SELECT 1 FROM cities WHERE id = ", city.uuid())
}

/// Makes a locked grant that of an appointment, and lets it end with that alone.
pub(super) fn bind(tx: &mut Tx<'_>, id: GrantId, appointment: AppointmentId) -> Result<()> {
    let changed = diesel::update(grants::table.find(id))
        .set((
            grants::appointment_id.eq(Some(appointment)),
            grants::ends_on.eq(None::<NaiveDate>),
        ))
        .execute(tx.db)?;
    ensure_one(changed)
}

/// Says from which day on a locked grant holds no more; none when no such day is known.
pub(super) fn limit(tx: &mut Tx<'_>, id: GrantId, ends_on: Option<NaiveDate>) -> Result<()> {
    let changed = diesel::update(grants::table.find(id))
        .set(grants::ends_on.eq(ends_on))
        .execute(tx.db)?;
    ensure_one(changed)
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
