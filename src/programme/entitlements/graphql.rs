//! The accounts of a package's units in the schema. What it is not: what moves them; planning,
//! acceptance and amendments do.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::api::batch::Load;
use crate::api::context::{InOperation, reference};
use crate::api::operation::Operation;
use crate::api::scalars::LanguageTag;
use crate::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, PackageId};
use crate::kernel::instant::Instant;
use crate::programme::activities::Activity;
use crate::programme::activities::graphql::ActivityById;
use crate::programme::entitlements::{self, Entitlement, EntitlementEntry, EntitlementEntryKind};
use crate::programme::reference::DeliverableKind;

/// Loads the accounts of packages that the viewer sees.
#[derive(Debug)]
pub struct EntitlementsOfPackage;

impl Load for EntitlementsOfPackage {
    type Key = PackageId;
    type Value = Arc<Vec<Entitlement>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[PackageId],
    ) -> Result<HashMap<PackageId, Self::Value>> {
        Ok(entitlements::of_many(db, keys)?
            .into_iter()
            .map(|(package, accounts)| (package, Arc::new(accounts)))
            .collect())
    }
}

/// Loads the entries of packages that the viewer sees.
#[derive(Debug)]
struct EntriesOfPackage;

impl Load for EntriesOfPackage {
    type Key = PackageId;
    type Value = Arc<Vec<EntitlementEntry>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[PackageId],
    ) -> Result<HashMap<PackageId, Self::Value>> {
        Ok(entitlements::entries_of_many(db, keys)?
            .into_iter()
            .map(|(package, entries)| (package, Arc::new(entries)))
            .collect())
    }
}

/// What a city has coming to it of a kind from a package: units that are available, set aside, used up
/// and lost.
#[Object]
impl Entitlement {
    /// Which kind.
    async fn kind(&self) -> DeliverableKind {
        self.kind
    }

    /// The name of one unit.
    async fn name<'a>(
        &self,
        context: &Context<'a>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<&'a str> {
        let row = reference(context)
            .deliverable(self.kind)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("{} has no name", self.kind)))?;
        Ok(row.name.in_language(context.language(language.as_ref())))
    }

    /// How many units were agreed when the city was enrolled.
    async fn agreed(&self) -> i32 {
        self.agreed
    }

    /// How many there are by the agreement and its amendments.
    async fn granted(&self) -> i32 {
        self.granted
    }

    /// How many are set aside for activities with a date.
    async fn reserved(&self) -> i32 {
        self.reserved
    }

    /// How many were delivered and accepted.
    async fn consumed(&self) -> i32 {
        self.consumed
    }

    /// How many were not used in time.
    async fn expired(&self) -> i32 {
        self.expired
    }

    /// How many can still be planned.
    #[graphql(name = "available")]
    async fn still_available(&self) -> i32 {
        self.available()
    }

    /// What happened to the units, the first first; its sums are the balances.
    async fn entries(&self, context: &Context<'_>) -> Result<Vec<EntitlementEntry>> {
        let entries = context
            .operation()
            .load::<EntriesOfPackage>(self.package_id)
            .await?;
        let of_kind = |entry: &&EntitlementEntry| entry.kind == self.kind;
        Ok(entries
            .map(|entries| entries.iter().filter(of_kind).cloned().collect())
            .unwrap_or_default())
    }
}

/// Something that happened to units of a package.
#[Object]
impl EntitlementEntry {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// What happened.
    async fn entry(&self) -> EntitlementEntryKind {
        self.entry
    }

    /// To how many units; below zero where something is taken back.
    async fn units(&self) -> i32 {
        self.units
    }

    /// The activity that the unit is; null where no single one is meant.
    async fn activity(&self, context: &Context<'_>) -> Result<Option<Arc<Activity>>> {
        match self.activity_id {
            Some(id) => context.operation().load::<ActivityById>(id).await,
            None => Ok(None),
        }
    }

    /// Why, where somebody said it.
    async fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// When.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}
