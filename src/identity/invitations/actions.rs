//! What is done with mailed links: made, asked for, used, voided. What it is not: the mailing.

use serde_json::json;

use crate::db::Tx;
use crate::identity::attempts;
use crate::identity::audit;
use crate::identity::invitations::model::{AccountLink, PasswordResetRequest, Purpose};
use crate::identity::invitations::{rules, store};
use crate::identity::secrets::Secret;
use crate::identity::sessions;
use crate::identity::users;
use crate::jobs;
use crate::kernel::email::Email;
use crate::kernel::error::Result;
use crate::kernel::ids::UserId;

/// Makes a link for a user; an earlier one of the same purpose works no more. None when the
/// account is disabled, has a password already (invitation) or was mailed a moment ago (reset).
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut Tx<'_>, user: UserId, purpose: Purpose) -> Result<Option<Secret>> {
    let account = users::lock(tx, user)?;

    let due = match purpose {
        Purpose::Invitation => account.password_hash.is_none(),
        Purpose::Reset => rules::reset_due(store::last_made(tx.db, user, Purpose::Reset)?, tx.now),
    };
    if account.disabled_at.is_some() || !due {
        return Ok(None);
    }

    let secret = Secret::generate().map_err(anyhow::Error::from)?;
    let link = AccountLink {
        id: tx.new_id(),
        user_id: user,
        purpose,
        token_hash: secret.digest(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        expires_at: tx.now.plus(rules::lifetime(purpose)),
        used_at: None,
        voided_at: None,
    };
    store::void(tx, user, &[purpose])?;
    store::insert(tx, &link)?;

    audit::record(
        tx,
        "account_link.made",
        link.id,
        None,
        json!({ "purpose": purpose, "user": user }),
    )?;
    Ok(Some(secret))
}

/// Notes that somebody forgot the password of an address. What is no address is forgotten at once,
/// which tells nothing about accounts.
///
/// # Errors
/// What the database says.
pub fn request_reset(tx: &mut Tx<'_>, typed: &str) -> Result<()> {
    if Email::parse(typed.trim()).is_ok() {
        let email = typed.trim().to_owned();
        jobs::enqueue(tx, &PasswordResetRequest { email })?;
    }
    Ok(())
}

/// Uses a link to choose the password with this hash. None when the link is unknown, used, voided
/// or expired.
///
/// # Errors
/// What the database says.
pub fn accept(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    presented: &Secret,
    password_hash: &str,
) -> Result<Option<UserId>> {
    let Some(link) = store::find(tx.db, purpose, &presented.digest())? else {
        return Ok(None);
    };
    let account = users::lock(tx, link.user_id)?;

    if account.disabled_at.is_some() || !store::use_link(tx, link.id)? {
        return Ok(None);
    }

    users::set_password(tx, &account, password_hash)?;
    void_of_user(tx, account.id)?;
    sessions::end_of_user(tx, account.id, None, "PASSWORD_CHANGED")?;
    attempts::forgive(tx, &account.email)?;

    audit::record(
        tx,
        "account_link.used",
        link.id,
        None,
        json!({ "purpose": purpose, "user": account.id }),
    )?;
    Ok(Some(account.id))
}

/// Voids every link of a user. It asks for no permission: the action that calls it has asked for
/// its own.
///
/// # Errors
/// What the database says.
pub fn void_of_user(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    store::void(tx, user, Purpose::ALL)
}
