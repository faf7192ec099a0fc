//! The record of an account, and what is said to make one. What it is not: its roles; those are
//! grants (`roles`).

use diesel::prelude::*;

use crate::kernel::ids::{PersonId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::schema::users;

/// An account.
#[derive(Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub struct User {
    /// The key.
    pub id: UserId,
    /// The address as it was written.
    pub email: String,
    /// By which two addresses are the same.
    pub email_key: String,
    /// The name.
    pub name: String,
    /// By which lists are sorted.
    pub sort_key: String,
    /// What a search looks in: the folded name and the address.
    pub search_key: String,
    /// The argon2id hash; none before the invitation is accepted.
    pub password_hash: Option<String>,
    /// The language of mails: `da` or `en`.
    pub language: String,
    /// The person around a city that this account belongs to.
    pub person_id: Option<PersonId>,
    /// When the account was disabled.
    pub disabled_at: Option<Instant>,
    /// When the account was made.
    pub created_at: Instant,
    /// When the account was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

/// Which accounts a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// The name or the address contains this; accents and case do not matter.
    pub search: Option<String>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

impl User {
    /// The language of mails to the user.
    #[must_use]
    pub fn speaks(&self) -> Language {
        Language::of_tag(&self.language)
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the address nor the hash belongs into a log.
        formatter
            .debug_struct("User")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// An account to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The language of mails.
    pub language: Language,
    /// The person around a city that the account belongs to.
    pub person: Option<PersonId>,
}
