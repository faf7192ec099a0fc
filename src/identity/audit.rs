//! The audit log: who did what to which object, in the transaction of the deed. What it is not:
//! the chain over the rows, which a sealer makes afterwards so that writers never wait for a
//! shared head.

use diesel::prelude::*;

use crate::access::viewer::Viewer;
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{AuditEntryId, CityId, Id, ObjectId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::schema::audit_entries;

/// A line of the log.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = audit_entries)]
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

/// Writes a line about an object, in the transaction of the deed.
///
/// # Errors
/// What the database says.
pub fn record<I: Id>(
    tx: &mut Tx<'_>,
    action: &'static str,
    object: I,
    city: Option<CityId>,
    details: serde_json::Value,
) -> Result<()> {
    let (kind, id, name) = match tx.viewer {
        Viewer::Anonymous => ("anonymous", None, String::new()),
        Viewer::User(user) => ("user", Some(user.id), user.name.clone()),
        Viewer::System(name) => ("system", None, (*name).to_owned()),
    };
    let entry = AuditEntry {
        id: tx.new_id(),
        at: tx.now,
        actor_kind: kind.to_owned(),
        actor_id: id,
        actor_name: name,
        action: action.to_owned(),
        object_kind: I::KIND.to_owned(),
        object_id: Some(ObjectId::of(object.uuid())),
        city_id: city,
        request_id: None,
        details: Json(details),
    };
    diesel::insert_into(audit_entries::table)
        .values(&entry)
        .execute(tx.db)?;
    Ok(())
}
