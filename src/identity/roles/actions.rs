//! What is done with roles: given and taken back. What it is not: what becomes of a coordinator's role
//! when a post changes (`posts`); the end of one with its appointment happens by itself.

use serde_json::json;

use crate::access::permission::Permission;
use crate::access::viewer::Role;
use crate::db::Tx;
use crate::identity::audit;
use crate::identity::roles::model::{NewGrant, RoleGrant};
use crate::identity::roles::rules::{self, RoleRefusal};
use crate::identity::roles::{posts, store};
use crate::identity::users;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{GrantId, UserId};
use crate::kernel::refusal::Refusal;

/// Gives a user a role. A role that the user has already is left as it is.
///
/// # Errors
/// `NotFound` for the user; refused when the account is disabled, or with all problems of what the
/// role is limited to.
pub fn grant(tx: &mut Tx<'_>, user: UserId, new: &NewGrant) -> Result<UserId> {
    tx.viewer.permit(Permission::ManageUsers)?;

    let account = users::lock(tx, user)?;

    if account.disabled_at.is_some() {
        return Err(Error::refused(RoleRefusal::UserDisabled));
    }

    give(tx, user, std::slice::from_ref(new))?;
    Ok(user)
}

/// Gives roles to an account, a coordinator's as that of the post in the city which the account's owner
/// holds. It asks for no permission: the action that gives them has asked for
/// its own.
///
/// # Errors
/// Refused with all problems of what a role is limited to.
pub fn give(tx: &mut Tx<'_>, user: UserId, grants: &[NewGrant]) -> Result<()> {
    for new in grants {
        check(tx, new)?;
        let (new, ends_on) = posts::to_give(tx, user, new)?;
        if store::same(tx, user, &new)?.is_some() {
            continue;
        }
        let grant = RoleGrant {
            id: tx.new_id(),
            user_id: user,
            role: new.role,
            city_id: new.city,
            expert_id: new.expert,
            appointment_id: new.appointment,
            ends_on,
            granted_by: tx.viewer.user_id(),
            granted_at: tx.now,
            revoked_at: None,
            revoked_by: None,
        };
        store::insert(tx, &grant)?;

        audit::record(
            tx,
            "role.granted",
            user,
            new.city,
            json!({ "grant": grant.id, "role": grant.role }),
        )?;
    }
    Ok(())
}

/// Takes a role back.
///
/// # Errors
/// `NotFound`; refused when it was taken back before or is the last administrator's.
pub fn revoke(tx: &mut Tx<'_>, id: GrantId) -> Result<UserId> {
    tx.viewer.permit(Permission::ManageUsers)?;

    store::lock_administrators(tx)?;
    let grant = store::lock(tx, id)?;

    if grant.revoked_at.is_some() {
        return Err(Error::refused(RoleRefusal::AlreadyRevoked));
    }
    if grant.role == Role::Admin {
        store::keep_an_administrator(
            tx,
            |holder| holder.grant != id,
            || RoleRefusal::LastAdministrator.into(),
        )?;
    }

    store::revoke(tx, id)?;

    audit::record(
        tx,
        "role.revoked",
        grant.user_id,
        grant.city_id,
        json!({ "grant": id, "role": grant.role }),
    )?;
    Ok(grant.user_id)
}

fn check(tx: &mut Tx<'_>, new: &NewGrant) -> Result<()> {
    let mut problems = rules::check(new).err().unwrap_or_default();
    if problems.is_empty() {
        if let Some(city) = new.city
            && !store::city_exists(tx.db, city)?
        {
            problems.push(RoleRefusal::NoSuchCity);
        }
        if let Some(expert) = new.expert
            && !store::expert_exists(tx.db, expert)?
        {
            problems.push(RoleRefusal::NoSuchExpert);
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(
            problems.into_iter().map(Refusal::from).collect(),
        ))
    }
}
