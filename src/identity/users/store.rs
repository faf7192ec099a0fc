//! The queries of accounts. What it is not: who may see one; resolvers ask the viewer.

use diesel::prelude::*;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::identity::users::model::{User, UserFilter};
use crate::identity::users::rules::UserRefusal;
use crate::kernel::email::Email;
use crate::kernel::error::{Error, Result};
use crate::kernel::fold;
use crate::kernel::ids::{Id, UserId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::schema::users;

type RowType = diesel::dsl::SqlTypeOf<<users::table as Table>::AllColumns>;

const SOURCE: Source = Source {
    columns: "users",
    from: "users",
    id: "users.id",
    parent: "",
};
const EMAIL: Unique = Unique::new("users_email", "users.email_key");

/// The account, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: UserId) -> Result<Option<User>> {
    Ok(users::table.find(id).first(db).optional()?)
}

/// The account.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: UserId) -> Result<User> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: UserId::KIND,
        id: id.public(),
    })
}

/// The account of an address as somebody typed it; none for what is no address.
///
/// # Errors
/// What the database says.
pub fn find_by_email(db: &mut Db, typed: &str) -> Result<Option<User>> {
    let Ok(email) = Email::parse(typed.trim()) else {
        return Ok(None);
    };
    Ok(users::table
        .filter(users::email_key.eq(email.key()))
        .first(db)
        .optional()?)
}

/// The accounts of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[UserId]) -> Result<Vec<User>> {
    let keys = ids.iter().map(|id| id.uuid()).collect();
    Ok(Sql::new("SELECT users.* FROM users WHERE users.id")
        .in_uids(keys)
        .load::<RowType, User>(db)?)
}

/// A page of the accounts by name; with a search, those whose name or address contains it.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(db: &mut Db, filter: &UserFilter, page: &Page) -> Result<Listed<User>> {
    listing::list::<RowType, User>(db, &SOURCE, conditions(filter), &order(), page)
}

/// How many accounts a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, filter: &UserFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(filter))
}

/// How a list of accounts is sorted: by name.
#[must_use]
pub fn order() -> Order<User> {
    Order {
        keys: vec![OrderKey {
            column: "users.sort_key",
            descending: false,
            nullable: false,
            kind: KeyKind::Text,
            value: |user| KeyValue::Text(user.sort_key.clone()),
        }],
        id: |user| user.id.uuid(),
    }
}

fn conditions(filter: &UserFilter) -> Conditions {
    let mut conditions = Conditions::none();
    let search = filter.search.as_deref();
    if let Some(search) = search.filter(|search| !search.trim().is_empty()) {
        conditions = conditions.and(
            Sql::new("users.search_key LIKE ")
                .bind_text(fold::like_anywhere(search))
                .text(" ESCAPE '\\'"),
        );
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("users.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("users.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

/// Locks the account's row until the transaction ends.
pub(in crate::identity) fn lock(tx: &mut Tx<'_>, id: UserId) -> Result<User> {
    tx.lock_row("SELECT 1 FROM users WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a new account.
pub(super) fn insert(tx: &mut Tx<'_>, user: &User) -> Result<()> {
    diesel::insert_into(users::table)
        .values(user)
        .execute(tx.db)
        .on_unique(EMAIL, || UserRefusal::EmailTaken.into())?;
    Ok(())
}

/// Marks a locked account as disabled.
pub(super) fn disable(tx: &mut Tx<'_>, user: &User) -> Result<()> {
    let changed = diesel::update(users::table.find(user.id))
        .set((
            users::disabled_at.eq(Some(tx.now)),
            users::updated_at.eq(tx.now),
            users::version.eq(user.version.saturating_add(1)),
        ))
        .execute(tx.db)?;
    ensure_one(changed)
}

/// Stores the hash of a password that the user chose.
pub(in crate::identity) fn set_password(tx: &mut Tx<'_>, user: &User, hash: &str) -> Result<()> {
    let changed = diesel::update(users::table.find(user.id))
        .set((
            users::password_hash.eq(Some(hash)),
            users::updated_at.eq(tx.now),
            users::version.eq(user.version.saturating_add(1)),
        ))
        .execute(tx.db)?;
    ensure_one(changed)
}

/// Stores a stronger hash of the same password; the account itself did not change.
pub(in crate::identity) fn refresh_hash(tx: &mut Tx<'_>, user: UserId, hash: &str) -> Result<()> {
    let changed = diesel::update(users::table.find(user))
        .set(users::password_hash.eq(Some(hash)))
        .execute(tx.db)?;
    ensure_one(changed)
}
