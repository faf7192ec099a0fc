//! Activities in the schema: the type and the list that a city or a package has. What it is not:
//! the visits; those have types of their own.

pub mod delivery;
pub mod lists;
pub mod planning;
pub mod records;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::context::{InOperation, reference};
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ActivityId, Id};
use crate::kernel::instant::Instant;
use crate::programme::activities::graphql::records::{
    AcceptancesOf, ActivityLack, DocumentsOf, FactsOf, ParticipantsOf,
};
use crate::programme::activities::{
    self, Acceptance, Activity, ActivityDocument, ActivityKind, ActivityStatus, Participant,
};
use crate::programme::packages::Package;
use crate::programme::packages::graphql::PackageById;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(ActivityConnection, ActivityEdge, Activity);

/// Loads activities that the viewer may see.
#[derive(Debug)]
pub struct ActivityById;

impl Load for ActivityById {
    type Key = ActivityId;
    type Value = Arc<Activity>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[ActivityId],
    ) -> Result<HashMap<ActivityId, Arc<Activity>>> {
        let scope = operation.viewer.scope(Permission::SeeProgramme);
        Ok(activities::find_many(db, keys)?
            .into_iter()
            .filter(|activity| scope.has_city(activity.city_id))
            .map(|activity| (activity.id, Arc::new(activity)))
            .collect())
    }
}

/// What the network does for or with a city: the index, a visit, a report, a workshop, advice.
#[Object]
impl Activity {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city it is for.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// The package that promised it; null for what a city takes beside a package.
    async fn package(&self, context: &Context<'_>) -> Result<Option<Arc<Package>>> {
        match self.package_id {
            Some(id) => context.operation().load::<PackageById>(id).await,
            None => Ok(None),
        }
    }

    /// What it is.
    async fn kind(&self) -> ActivityKind {
        self.kind
    }

    /// The name of what it is.
    async fn name<'a>(
        &self,
        context: &Context<'a>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<&'a str> {
        let reference = reference(context);
        let deliverable = self
            .kind
            .deliverable()
            .and_then(|kind| reference.deliverable(kind));
        let single = self
            .kind
            .single()
            .and_then(|kind| reference.single_activity(kind));
        let name = deliverable
            .map(|row| &row.name)
            .or(single.map(|row| &row.name));
        let name =
            name.ok_or_else(|| Error::Internal(anyhow::anyhow!("{} has no name", self.kind)))?;
        Ok(name.in_language(context.language(language.as_ref())))
    }

    /// Which one of its kind, from 1: in the package, or of the city beside its packages.
    async fn number(&self) -> i32 {
        self.number
    }

    /// How far it is today.
    async fn status(&self, context: &Context<'_>) -> ActivityStatus {
        self.status_at(context.operation().now)
    }

    /// The first day; null while it has no date.
    async fn starts_on(&self) -> Option<Date> {
        self.starts_on.map(Date)
    }

    /// The last day; null while it has no date.
    async fn ends_on(&self) -> Option<Date> {
        self.ends_on.and_then(|until| until.pred_opt()).map(Date)
    }

    /// What it is about, where that was said.
    async fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    /// The city that is visited; null for what is no study visit.
    async fn host(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.host_city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// When it was said to be delivered.
    async fn submitted_at(&self) -> Option<Instant> {
        self.submitted_at
    }

    /// The day on which the city's silence accepts it.
    async fn accepts_on(&self) -> Option<Date> {
        self.accepts_on.map(Date)
    }

    /// The day on which it was accepted.
    async fn accepted_on(&self) -> Option<Date> {
        self.accepted_on.map(Date)
    }

    /// What the city said when it did not accept it, or why it did not come.
    async fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// What must be there before it can be said to be delivered.
    async fn missing(&self, context: &Context<'_>) -> Result<Vec<ActivityLack>> {
        let facts = context.operation().load::<FactsOf>(self.id).await?;
        let lacks = facts.map(|facts| activities::missing(self.kind, &facts));
        let language = context.operation().language;
        Ok(ActivityLack::of(lacks.unwrap_or_default(), language))
    }

    /// What is unusual about it, and does not bar its delivery.
    async fn warnings(&self, context: &Context<'_>) -> Result<Vec<ActivityLack>> {
        let facts = context.operation().load::<FactsOf>(self.id).await?;
        let lacks = facts.map(|facts| activities::warnings(self.kind, &facts));
        let language = context.operation().language;
        Ok(ActivityLack::of(lacks.unwrap_or_default(), language))
    }

    /// Who takes part; null for those who may not see the people of the city.
    async fn participants(&self, context: &Context<'_>) -> Result<Option<Vec<Participant>>> {
        let operation = context.operation();
        if !operation
            .viewer
            .may_for(Permission::SeePeople, self.city_id)
        {
            return Ok(None);
        }
        let people = operation.load::<ParticipantsOf>(self.id).await?;
        Ok(Some(
            people.map(|people| people.to_vec()).unwrap_or_default(),
        ))
    }

    /// Its documents, the first first.
    async fn documents(&self, context: &Context<'_>) -> Result<Vec<ActivityDocument>> {
        let papers = context.operation().load::<DocumentsOf>(self.id).await?;
        Ok(papers.map(|papers| papers.to_vec()).unwrap_or_default())
    }

    /// Its acceptances, also those that were taken back, the first first.
    async fn acceptances(&self, context: &Context<'_>) -> Result<Vec<Acceptance>> {
        let found = context.operation().load::<AcceptancesOf>(self.id).await?;
        Ok(found.map(|found| found.to_vec()).unwrap_or_default())
    }

    /// When it was planned.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// Grows by one with each change.
    async fn version(&self) -> i32 {
        self.version
    }
}
