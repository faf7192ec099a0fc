//! Activities in the schema: the type and the list that a city or a package has. What it is not:
//! the visits; those have types of their own.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::ParentList;
use crate::api::context::{InOperation, reference};
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ActivityId, CityId, Id, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::programme::activities::{
    self, Activity, ActivityFilter, ActivityKind, ActivityStatus, Of,
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

/// Which activities a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct ActivityFilterInput {
    /// Of one of these kinds.
    kind: Option<Vec<ActivityKind>>,
    /// In one of these states today.
    status: Option<Vec<ActivityStatus>>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl ActivityFilterInput {
    fn read(self, now: Instant) -> Result<ActivityFilter> {
        inputs::at_most_100("kind", self.kind.as_deref())?;
        inputs::at_most_100("status", self.status.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(ActivityFilter {
            kind: self.kind,
            status: self.status.map(|statuses| (statuses, now)),
            updated_from,
            updated_before,
        })
    }
}

/// The arguments of a list of activities.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActivityArguments {
    of: Of,
    filter: ActivityFilter,
    page: Page,
}

/// The activities of a city or of a package.
#[derive(Debug)]
pub struct ActivitiesOf;

impl ParentList for ActivitiesOf {
    type Row = Activity;
    type Arguments = ActivityArguments;

    fn order(_: &ActivityArguments) -> Order<Activity> {
        activities::order()
    }

    fn list(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        arguments: &ActivityArguments,
    ) -> Result<HashMap<Uuid, Listed<Activity>>> {
        let ActivityArguments { of, filter, page } = arguments;
        activities::list_of(db, *of, parents, filter, page)
    }

    fn count(
        db: &mut Db,
        _: &Operation,
        parents: &[Uuid],
        arguments: &ActivityArguments,
    ) -> Result<HashMap<Uuid, i64>> {
        activities::count_of(db, arguments.of, parents, &arguments.filter)
    }
}

/// The activities of a city; none for those who may not see them.
///
/// # Errors
/// `BadRequest` for a filter with too many values or a foreign cursor.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    filter: Option<ActivityFilterInput>,
    page: Page,
) -> Result<Option<ActivityConnection>> {
    let operation = context.operation();
    if !operation.viewer.may_for(Permission::SeeProgramme, city) {
        return Ok(None);
    }
    listed(operation, (Of::City, city.uuid()), filter, page)
        .await
        .map(Some)
}

/// The activities of a package, for those who see the package.
///
/// # Errors
/// As [`of_city`].
pub async fn of_package(
    context: &Context<'_>,
    package: PackageId,
    filter: Option<ActivityFilterInput>,
    page: Page,
) -> Result<ActivityConnection> {
    listed(
        context.operation(),
        (Of::Package, package.uuid()),
        filter,
        page,
    )
    .await
}

async fn listed(
    operation: &Operation,
    (of, parent): (Of, Uuid),
    filter: Option<ActivityFilterInput>,
    page: Page,
) -> Result<ActivityConnection> {
    let filter = filter.unwrap_or_default().read(operation.now)?;
    let arguments = ActivityArguments { of, filter, page };
    let connected = operation.connect::<ActivitiesOf>(parent, arguments).await?;
    Ok(ActivityConnection(connected))
}
