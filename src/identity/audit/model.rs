//! A line of the audit log, its seal, and the filter of lists. What it is not: the chain; that is
//! in `rules.rs`.

use diesel::prelude::*;

use crate::kernel::ids::{AuditEntryId, CityId, ObjectId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::{audit_entries, audit_seals};

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
pub struct AuditEntry {
    /// The line's id; ids grow with time.
    pub id: AuditEntryId,
    /// When.
    pub at: Instant,
    /// `user`, `system` or `anonymous`.
    pub actor_kind: String,
    /// The user.
    pub actor_id: Option<UserId>,
    /// The user's name then, or the job's or command's.
    pub actor_name: String,
    /// What was done: `membership.admitted`.
    pub action: String,
    /// The GraphQL type of the object.
    pub object_kind: String,
    /// The object.
    pub object_id: Option<ObjectId>,
    /// The city it is about, for filters.
    pub city_id: Option<CityId>,
    /// The request, for correlation with logs.
    pub request_id: Option<String>,
    /// What else is worth knowing; never a secret.
    pub details: Json,
}

/// A link of the chain over the lines.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = audit_seals, treat_none_as_default_value = false)]
pub struct Seal {
    /// The place in the chain, from 1 without a gap.
    pub sequence: i64,
    /// The line that is sealed.
    pub entry_id: AuditEntryId,
    /// The hash of the line.
    pub entry_hash: String,
    /// The hash over the seal before and this one.
    pub chain_hash: String,
    /// When it was sealed.
    pub sealed_at: Instant,
}

/// Which lines a list holds; all given fields hold together.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// About this city.
    pub city: Option<CityId>,
    /// About this object.
    pub object: Option<ObjectId>,
    /// Of this action.
    pub action: Option<String>,
    /// At or after.
    pub from: Option<Instant>,
    /// Before.
    pub before: Option<Instant>,
}
