//! Study visits in the schema: the type, its lists and mutations. What it is not: the places on
//! them (`places_graphql.rs`) and the inputs (`inputs.rs`).

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::order as order_keys;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, TimeZone};
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, StudyVisitId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::scheduling::days::{Precision, VisitStatus};
use crate::scheduling::study_visits::inputs::{
    CancelStudyVisitInput, JoinStudyVisitInput, LeaveStudyVisitInput, ScheduleStudyVisitInput,
    StudyVisitFilterInput,
};
use crate::scheduling::study_visits::places_graphql::{self, StudyVisitPlaceConnection};
use crate::scheduling::study_visits::{self, Of, StudyVisit, StudyVisitFilter, StudyVisitOrder};

crate::connection!(StudyVisitConnection, StudyVisitEdge, StudyVisit);

/// Loads study visits that the viewer may see.
#[derive(Debug)]
pub struct StudyVisitById;

impl Load for StudyVisitById {
    type Key = StudyVisitId;
    type Value = Arc<StudyVisit>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[StudyVisitId],
    ) -> Result<HashMap<StudyVisitId, Arc<StudyVisit>>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        let found = study_visits::find_visible(db, &scope, operation.now, keys)?;
        Ok(found
            .into_iter()
            .map(|visit| (visit.id, Arc::new(visit)))
            .collect())
    }
}

/// The study visits of each city, as host or as visitor.
#[derive(Debug)]
struct VisitsOfCity;

impl ParentList for VisitsOfCity {
    type Row = StudyVisit;
    type Arguments = (
        Of,
        StudyVisitFilter,
        (Vec<StudyVisitOrder>, Precision),
        Page,
    );

    fn order((_, _, (order, precision), _): &Self::Arguments) -> Order<StudyVisit> {
        study_visits::order(order, *precision)
    }

    fn list(
        db: &mut Db,
        operation: &Operation,
        cities: &[Uuid],
        (of, filter, (order, precision), page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<StudyVisit>>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        let (seen, order) = ((&scope, operation.now), (order.as_slice(), *precision));
        study_visits::list_of(db, *of, seen, cities, (filter, order, page))
    }

    fn count(
        db: &mut Db,
        operation: &Operation,
        cities: &[Uuid],
        (of, filter, ..): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        let scope = operation.viewer.scope(Permission::SeeVisits);
        study_visits::count_of(db, *of, (&scope, operation.now), cities, filter)
    }
}

/// The study visits to a city that the viewer may see, for `City.studyVisitsHosted`.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub async fn hosted_by(
    context: &Context<'_>,
    city: CityId,
    filter: Option<StudyVisitFilterInput>,
    order: Option<Vec<StudyVisitOrder>>,
    page: Page,
) -> Result<StudyVisitConnection> {
    let operation = context.operation();
    let order = (order_keys(order)?, precision(&operation.viewer));
    let asked = (Of::Host, filter.unwrap_or_default().read()?, order, page);
    let listed = operation.connect::<VisitsOfCity>(city.uuid(), asked);
    Ok(StudyVisitConnection(listed.await?))
}

/// The study visits that a city joined, for `City.studyVisitsJoined`; none for those who may not
/// know where the city goes.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub async fn joined_by(
    context: &Context<'_>,
    city: CityId,
    filter: Option<StudyVisitFilterInput>,
    order: Option<Vec<StudyVisitOrder>>,
    page: Page,
) -> Result<Option<StudyVisitConnection>> {
    let operation = context.operation();
    if !operation.viewer.may_for(Permission::SeeVisits, city) {
        return Ok(None);
    }
    let order = (order_keys(order)?, Precision::Day);
    let asked = (Of::Visitor, filter.unwrap_or_default().read()?, order, page);
    let listed = operation.connect::<VisitsOfCity>(city.uuid(), asked);
    Ok(Some(StudyVisitConnection(listed.await?)))
}

/// Whether the viewer sees more of study visits than the public: every coordinator does, because a
/// visit is open to every city, and those who see all visits.
fn sees_more(viewer: &Viewer) -> bool {
    match viewer.scope(Permission::SeeVisits) {
        Scope::All => true,
        Scope::Own { cities, .. } => !cities.is_empty(),
    }
}

/// What of the days the viewer may know of every visit.
fn precision(viewer: &Viewer) -> Precision {
    if sees_more(viewer) {
        Precision::Day
    } else {
        Precision::Month
    }
}

/// The value for those who see more than the public.
fn open<T>(context: &Context<'_>, value: T) -> Option<T> {
    sees_more(&context.operation().viewer).then_some(value)
}

/// A visit of cities to a city that shows its practice. The public sees the host, the theme and the
/// month of visits that were held; what else there is, is null for the public.
#[Object]
impl StudyVisit {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city that shows its practice.
    async fn host_city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        let host = context.operation().load::<CityById>(self.host_city_id);
        host.await
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

    /// What the visitors will see and do.
    async fn description(&self, context: &Context<'_>) -> Option<&str> {
        open(context, self.description.as_deref()).flatten()
    }

    /// The first day, in the host's zone.
    async fn starts_on(&self, context: &Context<'_>) -> Option<Date> {
        open(context, Date(self.starts_on))
    }

    /// The last day, in the host's zone.
    async fn ends_on(&self, context: &Context<'_>) -> Option<Date> {
        open(context, self.ends_on.pred_opt().map(Date)).flatten()
    }

    /// The zone that the days are counted in.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.time_zone.clone())
    }

    /// How many delegates can come.
    async fn capacity(&self, context: &Context<'_>) -> Option<i32> {
        open(context, self.capacity)
    }

    /// How many more delegates can come.
    async fn places_left(&self, context: &Context<'_>) -> Option<i32> {
        open(context, self.free_places())
    }

    /// The places of cities, as they joined: all for the host and for those who see all visits, a
    /// coordinator's own city's for others.
    async fn visitors(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<Option<StudyVisitPlaceConnection>> {
        if !sees_more(&context.operation().viewer) {
            return Ok(None);
        }
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        places_graphql::on_visit(context, self.id, page)
            .await
            .map(Some)
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
    async fn created_at(&self, context: &Context<'_>) -> Option<Instant> {
        open(context, self.created_at)
    }

    /// When the visit last changed.
    async fn updated_at(&self, context: &Context<'_>) -> Option<Instant> {
        open(context, self.updated_at)
    }

    /// The version of the record; grows by one with each change.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// Queries of study visits.
#[derive(Debug, Default)]
pub struct StudyVisitQuery;

#[Object]
impl StudyVisitQuery {
    /// The study visits, the latest first unless ordered otherwise: those that were held for
    /// everybody, the others for coordinators and those who see all.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn study_visits(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<StudyVisitFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<StudyVisitOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<StudyVisitConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let (filter, order) = (filter.unwrap_or_default().read()?, order_keys(order_by)?);
        let operation = context.operation();
        let (scope, now) = (operation.viewer.scope(Permission::SeeVisits), operation.now);
        let sorted = (order.as_slice(), precision(&operation.viewer));
        let listed =
            context.read(|db| study_visits::list(db, &scope, now, &filter, sorted, &page))?;
        let count = move |db: &mut Db, _: &Operation| study_visits::count(db, &scope, now, &filter);
        let order = study_visits::order(sorted.0, sorted.1);
        Ok(StudyVisitConnection(Connected::new(listed, order, count)))
    }
}

crate::payload!(
    /// The answer of `scheduleStudyVisit`.
    ScheduleStudyVisitPayload {
        /// The visit.
        study_visit: StudyVisit
    }
);

crate::payload!(
    /// The answer of `joinStudyVisit`.
    JoinStudyVisitPayload {
        /// The visit.
        study_visit: StudyVisit
    }
);

crate::payload!(
    /// The answer of `leaveStudyVisit`.
    LeaveStudyVisitPayload {
        /// The visit.
        study_visit: StudyVisit
    }
);

crate::payload!(
    /// The answer of `cancelStudyVisit`.
    CancelStudyVisitPayload {
        /// The visit.
        study_visit: StudyVisit
    }
);

/// Mutations of study visits.
#[derive(Debug, Default)]
pub struct StudyVisitMutation;

#[Object]
impl StudyVisitMutation {
    /// Plans a visit that cities can join. Needs an idempotency key.
    async fn schedule_study_visit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The visit.")] input: ScheduleStudyVisitInput,
    ) -> Result<ScheduleStudyVisitPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::NeedsKey, |tx| study_visits::schedule(tx, &new))
        });
        ScheduleStudyVisitPayload::of::<StudyVisitById>(context, performed).await
    }

    /// Gives a city a place on a visit; coordinators for their own city. Needs an idempotency key.
    async fn join_study_visit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city and what it needs.")] input: JoinStudyVisitInput,
    ) -> Result<JoinStudyVisitPayload> {
        let performed = input.read().and_then(|joining| {
            context.perform(Repeatable::NeedsKey, |tx| study_visits::join(tx, &joining))
        });
        JoinStudyVisitPayload::of::<StudyVisitById>(context, performed).await
    }

    /// Gives a city's place back; coordinators for their own city.
    async fn leave_study_visit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city and the visit.")] input: LeaveStudyVisitInput,
    ) -> Result<LeaveStudyVisitPayload> {
        let performed = input.read().and_then(|leaving| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                study_visits::leave(tx, leaving)
            })
        });
        LeaveStudyVisitPayload::of::<StudyVisitById>(context, performed).await
    }

    /// Calls a visit off that is not over.
    async fn cancel_study_visit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The visit to call off.")] input: CancelStudyVisitInput,
    ) -> Result<CancelStudyVisitPayload> {
        let performed = input.read().and_then(|cancellation| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                study_visits::cancel(tx, &cancellation)
            })
        });
        CancelStudyVisitPayload::of::<StudyVisitById>(context, performed).await
    }
}
