//! Expert visits in the schema: the type, its lists and mutations. What it is not: the experts'
//! records; a visit names its experts for those who may see the visit.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::api::batch::Load;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::order as order_keys;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, TimeZone};
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, ExpertId, ExpertVisitId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::experts;
use crate::scheduling::days::{Precision, VisitStatus};
use crate::scheduling::expert_visits::inputs::{
    CancelExpertVisitInput, ExpertVisitFilterInput, ScheduleExpertVisitInput,
};
use crate::scheduling::expert_visits::{self, ExpertVisit, ExpertVisitFilter, ExpertVisitOrder};

crate::connection!(ExpertVisitConnection, ExpertVisitEdge, ExpertVisit);

/// Loads expert visits that the viewer may see.
#[derive(Debug)]
pub struct ExpertVisitById;

impl Load for ExpertVisitById {
    type Key = ExpertVisitId;
    type Value = Arc<ExpertVisit>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[ExpertVisitId],
    ) -> Result<HashMap<ExpertVisitId, Arc<ExpertVisit>>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        let found = expert_visits::find_visible(db, &scope, operation.now, keys)?;
        Ok(found
            .into_iter()
            .map(|visit| (visit.id, Arc::new(visit)))
            .collect())
    }
}

/// Loads the teams of visits.
#[derive(Debug)]
struct TeamOfVisit;

impl Load for TeamOfVisit {
    type Key = ExpertVisitId;
    type Value = Arc<Vec<ExpertId>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[ExpertVisitId],
    ) -> Result<HashMap<ExpertVisitId, Self::Value>> {
        Ok(expert_visits::team_of_many(db, keys)?
            .into_iter()
            .map(|(visit, team)| (visit, Arc::new(team)))
            .collect())
    }
}

/// Loads the names of experts, for those who see a visit they are on.
#[derive(Debug)]
struct NameOfExpert;

impl Load for NameOfExpert {
    type Key = ExpertId;
    type Value = String;

    fn load(db: &mut Db, _: &Operation, keys: &[ExpertId]) -> Result<HashMap<ExpertId, String>> {
        let found = experts::find_many(db, keys)?;
        Ok(found
            .into_iter()
            .map(|expert| (expert.record.id, expert.name))
            .collect())
    }
}

/// The expert visits to each city.
#[derive(Debug)]
struct VisitsToCity;

impl ParentList for VisitsToCity {
    type Row = ExpertVisit;
    type Arguments = (ExpertVisitFilter, (Vec<ExpertVisitOrder>, Precision), Page);

    fn order((_, (order, precision), _): &Self::Arguments) -> Order<ExpertVisit> {
        expert_visits::order(order, *precision)
    }

    fn list(
        db: &mut Db,
        operation: &Operation,
        cities: &[uuid::Uuid],
        (filter, (order, precision), page): &Self::Arguments,
    ) -> Result<HashMap<uuid::Uuid, Listed<ExpertVisit>>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        let seen = (&scope, operation.now);
        let order = (order.as_slice(), *precision);
        expert_visits::list_of_cities(db, seen, cities, (filter, order, page))
    }

    fn count(
        db: &mut Db,
        operation: &Operation,
        cities: &[uuid::Uuid],
        (filter, ..): &Self::Arguments,
    ) -> Result<HashMap<uuid::Uuid, i64>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        expert_visits::count_of_cities(db, (&scope, operation.now), cities, filter)
    }
}

/// What of the days a viewer may know of every visit of a list, who sees all of them in full or not.
fn precision(in_full: bool) -> Precision {
    if in_full {
        Precision::Day
    } else {
        Precision::Month
    }
}

/// The expert visits to a city that the viewer may see, for `City.expertVisits`.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    filter: Option<ExpertVisitFilterInput>,
    order: Option<Vec<ExpertVisitOrder>>,
    page: Page,
) -> Result<ExpertVisitConnection> {
    let (operation, order) = (context.operation(), order_keys(order)?);
    let precision = precision(operation.viewer.may_for(Permission::SeeVisits, city));
    let asked = (filter.unwrap_or_default().read()?, (order, precision), page);
    let listed = operation.connect::<VisitsToCity>(city.uuid(), asked);
    Ok(ExpertVisitConnection(listed.await?))
}

/// An expert of a visit's team.
#[derive(Debug, Clone, Copy)]
pub struct VisitingExpert(ExpertId);

/// An expert of a visit's team.
#[Object]
impl VisitingExpert {
    /// The name.
    async fn name(&self, context: &Context<'_>) -> Result<String> {
        let name = context.operation().load::<NameOfExpert>(self.0).await?;
        Ok(name.unwrap_or_default())
    }

    /// The expert's record; null for those who may not see it.
    async fn expert(&self, context: &Context<'_>) -> Result<Option<Arc<experts::Expert>>> {
        context
            .operation()
            .load::<experts::graphql::ExpertById>(self.0)
            .await
    }
}

impl ExpertVisit {
    /// Whether the viewer may see more of the visit than the public: the city itself, the team, and
    /// those who see all visits.
    async fn is_open_to_viewer(&self, operation: &Operation) -> Result<bool> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        if scope.has_city(self.city_id) {
            return Ok(true);
        }
        match &scope {
            Scope::Own { experts, .. } if !experts.is_empty() => {
                let team = operation.load::<TeamOfVisit>(self.id).await?;
                Ok(team.is_some_and(|team| team.iter().any(|expert| scope.has_expert(*expert))))
            }
            _ => Ok(false),
        }
    }

    /// The value for those who may see more than the public.
    async fn open<T>(&self, context: &Context<'_>, value: T) -> Result<Option<T>> {
        let open = self.is_open_to_viewer(context.operation()).await?;
        Ok(open.then_some(value))
    }
}

/// A visit of experts to a city. The public sees the city, the theme and the month of visits that
/// were held; what else there is, is null for the public.
#[Object]
impl ExpertVisit {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city that is visited.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// What the visit is about.
    async fn theme(&self) -> &str {
        &self.theme
    }

    /// The month of the first day, as `2026-03`.
    async fn month(&self) -> String {
        self.starts_on.format("%Y-%m").to_string()
    }

    /// What the visit is now.
    async fn status(&self, context: &Context<'_>) -> VisitStatus {
        self.status_at(context.operation().now)
    }

    /// The first day, in the city's zone.
    async fn starts_on(&self, context: &Context<'_>) -> Result<Option<Date>> {
        self.open(context, Date(self.starts_on)).await
    }

    /// The last day, in the city's zone.
    async fn ends_on(&self, context: &Context<'_>) -> Result<Option<Date>> {
        let last = self.ends_on.pred_opt().map(Date);
        Ok(self.open(context, last).await?.flatten())
    }

    /// The zone that the days are counted in.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.time_zone.clone())
    }

    /// The team; empty while no expert is found.
    async fn experts(&self, context: &Context<'_>) -> Result<Option<Vec<VisitingExpert>>> {
        if !self.is_open_to_viewer(context.operation()).await? {
            return Ok(None);
        }
        let team = context.operation().load::<TeamOfVisit>(self.id).await?;
        let team = team.unwrap_or_default();
        Ok(Some(team.iter().copied().map(VisitingExpert).collect()))
    }

    /// The day on which the visit was called off.
    async fn cancelled_on(&self) -> Option<Date> {
        self.cancelled_on.map(Date)
    }

    /// Why the visit was called off.
    async fn cancel_reason(&self) -> Option<&str> {
        self.cancel_reason.as_deref()
    }

    /// When the visit was planned.
    async fn created_at(&self, context: &Context<'_>) -> Result<Option<Instant>> {
        self.open(context, self.created_at).await
    }

    /// When the visit last changed.
    async fn updated_at(&self, context: &Context<'_>) -> Result<Option<Instant>> {
        self.open(context, self.updated_at).await
    }

    /// The version of the record; grows by one with each change.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// Queries of expert visits.
#[derive(Debug, Default)]
pub struct ExpertVisitQuery;

#[Object]
impl ExpertVisitQuery {
    /// The expert visits, the latest first unless ordered otherwise: those that were held for
    /// everybody, the others for their city, their team and those who see all.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn expert_visits(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<ExpertVisitFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<ExpertVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ExpertVisitConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let (filter, order) = (filter.unwrap_or_default().read()?, order_keys(order_by)?);
        let operation = context.operation();
        let (scope, now) = (operation.viewer.scope(Permission::SeeVisits), operation.now);
        let sorted = (order.as_slice(), precision(scope == Scope::All));
        let listed =
            context.read(|db| expert_visits::list(db, &scope, now, &filter, sorted, &page))?;
        let count =
            move |db: &mut Db, _: &Operation| expert_visits::count(db, &scope, now, &filter);
        let order = expert_visits::order(sorted.0, sorted.1);
        Ok(ExpertVisitConnection(Connected::new(listed, order, count)))
    }
}

crate::payload!(
    /// The answer of `scheduleExpertVisit`.
    ScheduleExpertVisitPayload {
        /// The visit.
        expert_visit: ExpertVisit
    }
);

crate::payload!(
    /// The answer of `cancelExpertVisit`.
    CancelExpertVisitPayload {
        /// The visit.
        expert_visit: ExpertVisit
    }
);

/// Mutations of expert visits.
#[derive(Debug, Default)]
pub struct ExpertVisitMutation;

#[Object]
impl ExpertVisitMutation {
    /// Plans a visit of experts to a city and books the experts. Needs an idempotency key.
    async fn schedule_expert_visit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The visit.")] input: ScheduleExpertVisitInput,
    ) -> Result<ScheduleExpertVisitPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| expert_visits::schedule(tx, &new))
        });
        ScheduleExpertVisitPayload::of::<ExpertVisitById>(context, performed).await
    }

    /// Calls a visit off that is not over, and frees its experts' calendars.
    async fn cancel_expert_visit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The visit to call off.")] input: CancelExpertVisitInput,
    ) -> Result<CancelExpertVisitPayload> {
        let performed = input.read().and_then(|cancelled| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                expert_visits::cancel(tx, &cancelled)
            })
        });
        CancelExpertVisitPayload::of::<ExpertVisitById>(context, performed).await
    }
}
