//! The lists of activities in the schema. What it is not: the type.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::programme::activities::graphql::ActivityConnection;
use crate::programme::activities::{
    self, Activity, ActivityFilter, ActivityKind, ActivityStatus, Of,
};

/// Which activities a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct ActivityFilterInput {
    /// Of one of these cities.
    city_id: Option<Vec<ID>>,
    /// Of one of these kinds.
    kind: Option<Vec<ActivityKind>>,
    /// In one of these states today.
    status: Option<Vec<ActivityStatus>>,
    /// With a first day in this range; what has no date is in none.
    starts_on: Option<inputs::DateRange>,
    /// Last changed in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl ActivityFilterInput {
    fn read(self, now: Instant) -> Result<ActivityFilter> {
        inputs::at_most_100("kind", self.kind.as_deref())?;
        inputs::at_most_100("status", self.status.as_deref())?;
        let (starts_from, starts_before) = inputs::days(self.starts_on);
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        let cities = self
            .city_id
            .map(|ids| ids.iter().map(inputs::query_id).collect());
        Ok(ActivityFilter {
            city: cities.transpose()?,
            starts_from,
            starts_before,
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

/// Queries of activities.
#[derive(Debug, Default)]
pub struct ActivityQuery;

#[Object]
impl ActivityQuery {
    /// The activities that the caller may see, by date; those without a date are last.
    async fn activities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<ActivityFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ActivityConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let operation = context.operation();
        let filter = filter.unwrap_or_default().read(operation.now)?;
        let scope = operation.viewer.scope_of_list(Permission::SeeProgramme)?;
        let listed = context.read(|db| activities::list(db, &scope, &filter, &page))?;
        let count = move |db: &mut Db, _: &Operation| activities::count(db, &scope, &filter);
        let order = activities::order();
        Ok(ActivityConnection(Connected::new(listed, order, count)))
    }
}
