//! The record of a mailed link, and the messages that have one mailed. What it is not: the mails'
//! texts.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::jobs::Job;
use crate::kernel::hash::sha256_hex;
use crate::kernel::ids::{AccountLinkId, Id, UserId};
use crate::kernel::instant::Instant;
use crate::schema::account_links;

crate::text_enum! {
    /// What a mailed link is for.
    pub enum Purpose {
        /// The first password of a new account.
        Invitation = "INVITATION",
        /// A new password for one that was forgotten.
        Reset = "RESET",
    }
}

/// A link that was mailed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = account_links, treat_none_as_default_value = false)]
pub struct AccountLink {
    /// The key.
    pub id: AccountLinkId,
    /// Whose password it lets choose.
    pub user_id: UserId,
    /// What it is for.
    pub purpose: Purpose,
    /// The digest of its secret.
    pub token_hash: String,
    /// When it was made.
    pub created_at: Instant,
    /// Who had it made; none for the user and the system.
    pub created_by: Option<UserId>,
    /// Its end, exclusive.
    pub expires_at: Instant,
    /// When it was used.
    pub used_at: Option<Instant>,
    /// When another took its place, or the account was disabled.
    pub voided_at: Option<Instant>,
}

/// Mails an invitation. The link is drawn when the mail is written, so the message has no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationMail {
    /// Who is invited.
    pub user: UserId,
}

impl Job for InvitationMail {
    const NAME: &'static str = "identity.invitation_mail";

    fn aggregate(&self) -> String {
        format!("user:{}", self.user.uuid())
    }
}

/// Mails a link for a forgotten password, if the typed address has an account. Whether it has is
/// looked up by the job, so that the answer to the request takes the same time either way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordResetRequest {
    /// The address as it was typed.
    pub email: String,
}

impl Job for PasswordResetRequest {
    const NAME: &'static str = "identity.password_reset_request";

    fn aggregate(&self) -> String {
        // An address does not belong into a column that stays when the message is forgotten.
        let key = self.email.trim().to_ascii_lowercase();
        format!("password-reset:{}", sha256_hex(key.as_bytes()))
    }
}
