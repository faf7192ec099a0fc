//! The audit log in the schema: for administrators and auditors. What it is not: its seals; those
//! are checked by `audit verify`.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, InstantRange};
use crate::api::operation::Operation;
use crate::db::Db;
use crate::identity::audit::model::{AuditEntry, AuditFilter};
use crate::identity::audit::store;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AuditEntryId, Id, ObjectId, public_id, read_public_id};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::kernel::phrase::Phrase;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(AuditEntryConnection, AuditEntryEdge, AuditEntry);

/// Loads lines for those who may see the log.
#[derive(Debug)]
pub struct AuditEntryById;

impl Load for AuditEntryById {
    type Key = AuditEntryId;
    type Value = Arc<AuditEntry>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[AuditEntryId],
    ) -> Result<HashMap<AuditEntryId, Arc<AuditEntry>>> {
        if !operation.viewer.may(Permission::SeeAudit) {
            return Ok(HashMap::new());
        }
        let found = store::find_many(db, keys)?;
        Ok(found
            .into_iter()
            .map(|(id, entry)| (id, Arc::new(entry)))
            .collect())
    }
}

/// A line of the audit log: who did what to which object.
#[Object]
impl AuditEntry {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// When it was done.
    async fn at(&self) -> Instant {
        self.at
    }

    /// What did it: `user`, `system` or `anonymous`.
    async fn actor_kind(&self) -> &str {
        &self.actor_kind
    }

    /// The id of the user who did it.
    async fn actor_id(&self) -> Option<ID> {
        self.actor_id.map(|id| ID(id.public()))
    }

    /// The user's name at the time, or that of the job or command.
    async fn actor_name(&self) -> &str {
        &self.actor_name
    }

    /// What was done, such as `city.registered`.
    async fn action(&self) -> &str {
        &self.action
    }

    /// The type of the object.
    async fn object_kind(&self) -> &str {
        &self.object_kind
    }

    /// The id of the object.
    async fn object_id(&self) -> Option<ID> {
        self.object_id
            .map(|id| ID(public_id(&self.object_kind, id.uuid())))
    }

    /// The city that it is about.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// The request that did it, as in the `X-Request-Id` header of its answer.
    async fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What else is worth knowing, as JSON text.
    async fn details(&self) -> String {
        self.details.0.to_string()
    }
}

/// Which lines of the audit log a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct AuditFilterInput {
    /// About this city.
    city_id: Option<ID>,
    /// About this object, of any type.
    object_id: Option<ID>,
    /// Of this action, such as `city.registered`.
    action: Option<String>,
    /// Done in this range.
    at: Option<InstantRange>,
}

impl AuditFilterInput {
    fn read(self) -> Result<AuditFilter> {
        let (from, before) = inputs::bounds(self.at);
        Ok(AuditFilter {
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            object: self.object_id.as_ref().map(object).transpose()?,
            action: inputs::search(self.action)?,
            from,
            before,
        })
    }
}

fn object(id: &ID) -> Result<ObjectId> {
    match read_public_id(id) {
        Some((_, uuid)) => Ok(ObjectId::of(uuid)),
        None => Err(Error::BadRequest(Phrase::new(
            "This is not an id of this service.",
            "Dette er ikke et id fra denne tjeneste.",
        ))),
    }
}

/// Queries of the audit log.
#[derive(Debug, Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// The audit log, the newest line first; for administrators and auditors.
    async fn audit_trail(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<AuditFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<AuditEntryConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let scope = context
            .operation()
            .viewer
            .scope_of_list(Permission::SeeAudit)?;
        let filter = filter.unwrap_or_default().read()?;
        let listed = context.read(|db| store::list(db, &scope, &filter, &page))?;
        let count = move |db: &mut Db, _: &Operation| store::count(db, &scope, &filter);
        Ok(AuditEntryConnection(Connected::new(
            listed,
            store::order(),
            count,
        )))
    }
}
