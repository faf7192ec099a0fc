//! What is done with accounts: made, invited, given a new password, disabled. What it is not: the
//! hashing of passwords, which happens outside of any transaction.

use serde_json::json;

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::Tx;
use crate::identity::attempts;
use crate::identity::attempts::rules::{Answer, Outcome};
use crate::identity::audit;
use crate::identity::invitations::{self, InvitationMail};
use crate::identity::roles::{self, NewGrant};
use crate::identity::sessions;
use crate::identity::users::model::{NewUser, User};
use crate::identity::users::rules::{self, UserRefusal};
use crate::identity::users::store;
use crate::jobs;
use crate::kernel::email::Email;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::fold;
use crate::kernel::ids::UserId;
use crate::kernel::instant::Instant;

/// Invites a user with one role, on an administrator's word.
///
/// # Errors
/// Refused with all problems of the input, or because the address has an account.
pub fn invite_user(tx: &mut Tx<'_>, new: &NewUser, grant: &NewGrant) -> Result<UserId> {
    tx.viewer.permit(Permission::ManageUsers)?;

    invite(tx, new, std::slice::from_ref(grant))
}

/// Makes an account with these roles and mails its invitation. It asks for no permission: the
/// action that invites has asked for its own, as the appointment of a coordinator does.
///
/// # Errors
/// Refused with all problems of the input, or because the address has an account.
pub fn invite(tx: &mut Tx<'_>, new: &NewUser, grants: &[NewGrant]) -> Result<UserId> {
    let id = create(tx, new, grants, None)?;

    audit::record(tx, "user.invited", id, None, json!({}))?;

    jobs::enqueue(tx, &InvitationMail { user: id })?;
    Ok(id)
}

/// As [`invite`], but an address that has an account gets the roles on it; it is mailed only while
/// it has no password.
///
/// # Errors
/// Refused with all problems of the input.
pub fn invite_or_grant(tx: &mut Tx<'_>, new: &NewUser, grants: &[NewGrant]) -> Result<UserId> {
    let Some(user) = store::find_by_email(tx.db, &new.email)? else {
        return invite(tx, new, grants);
    };
    if user.disabled_at.is_some() {
        return Err(Error::refused(UserRefusal::EmailTaken));
    }

    roles::give(tx, user.id, grants)?;

    if user.password_hash.is_none() {
        jobs::enqueue(tx, &InvitationMail { user: user.id })?;
    }
    Ok(user.id)
}

/// Makes an account that needs no invitation: demonstration data and the command line. The hash
/// is one of `passwords::hash`; without one the account waits for an invitation.
///
/// # Errors
/// As [`invite`].
pub fn insert_for_seed(
    tx: &mut Tx<'_>,
    new: &NewUser,
    grants: &[NewGrant],
    password_hash: Option<String>,
) -> Result<UserId> {
    let id = create(tx, new, grants, password_hash)?;

    audit::record(tx, "user.created", id, None, json!({}))?;
    Ok(id)
}

/// Disables an account: its sessions end and its links are void at once.
///
/// # Errors
/// `NotFound`, `Stale`; refused when it is disabled already or is the last administrator.
pub fn disable(tx: &mut Tx<'_>, id: UserId, version: Option<i32>) -> Result<UserId> {
    tx.viewer.permit(Permission::ManageUsers)?;

    roles::lock_administrators(tx)?;
    let user = store::lock(tx, id)?;
    expect_version(version, user.version)?;

    if user.disabled_at.is_some() {
        return Err(Error::refused(UserRefusal::AlreadyDisabled));
    }
    roles::keep_an_administrator(
        tx,
        |holder| holder.user != id,
        || UserRefusal::LastAdministrator.into(),
    )?;

    store::disable(tx, &user)?;
    sessions::end_of_user(tx, id, None, "DISABLED")?;
    invitations::void_of_user(tx, id)?;

    audit::record(tx, "user.disabled", id, None, json!({}))?;
    Ok(id)
}

/// A user's wish for a new password, after the current one was compared outside the transaction.
#[derive(Debug)]
pub struct ChangeOfPassword {
    /// The hash that the current password was compared with.
    pub compared_with: String,
    /// The hash of the new password; none when the current one was wrong.
    pub new_hash: Option<String>,
}

/// What came of a change of password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordChanged {
    /// It holds, and all other sessions have ended.
    Done,
    /// The current password is another one. The failure is counted.
    Wrong,
    /// Too many failures; nobody is answered until then.
    Blocked(Instant),
}

/// Settles a change of password. Wrong current passwords count as failed sign-ins, or a stolen
/// access token would let its holder guess without end.
///
/// # Errors
/// `Unauthenticated` for anybody but a user.
pub fn change_password(tx: &mut Tx<'_>, change: &ChangeOfPassword) -> Result<PasswordChanged> {
    let Viewer::User(viewer) = tx.viewer else {
        return Err(Error::Unauthenticated);
    };
    let user = store::lock(tx, viewer.id)?;

    let outcome = if change.new_hash.is_some() {
        Outcome::Right
    } else {
        Outcome::Wrong
    };
    match attempts::settle(tx, &user.email, outcome)? {
        Answer::Accepted => {}
        Answer::Refused => return Ok(PasswordChanged::Wrong),
        Answer::Blocked(until) => return Ok(PasswordChanged::Blocked(Instant::new(until))),
    }
    let (Some(new_hash), true) = (
        &change.new_hash,
        user.password_hash.as_ref() == Some(&change.compared_with),
    ) else {
        return Ok(PasswordChanged::Wrong);
    };

    store::set_password(tx, &user, new_hash)?;
    sessions::end_of_user(tx, user.id, Some(viewer.session), "PASSWORD_CHANGED")?;
    invitations::void_of_user(tx, user.id)?;

    audit::record(tx, "user.password_changed", user.id, None, json!({}))?;
    Ok(PasswordChanged::Done)
}

fn create(
    tx: &mut Tx<'_>,
    new: &NewUser,
    grants: &[NewGrant],
    password_hash: Option<String>,
) -> Result<UserId> {
    let new = rules::check_new(new).map_err(Error::Refused)?;
    let email_key = Email::parse(&new.email)
        .map_err(|problem| Error::Internal(problem.into()))?
        .key();

    let user = User {
        id: tx.new_id(),
        sort_key: fold::sort_key(&new.name),
        search_key: rules::search_key(&new.name, &email_key),
        email: new.email,
        email_key,
        name: new.name,
        password_hash,
        language: new.language.tag().to_owned(),
        person_id: new.person,
        disabled_at: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &user)?;
    roles::give(tx, user.id, grants)?;
    Ok(user.id)
}
