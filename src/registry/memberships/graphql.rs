//! Memberships in the schema: the type, its lists, and what a city shows of them. What it is not:
//! the steps; those are in `graphql/`.

mod loads;
mod steps;
mod steps_inputs;
pub mod steps_payloads;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, InstantRange};
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, Date};
use crate::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::memberships::rules;
use crate::registry::memberships::{
    self, Membership, MembershipEndReason, MembershipEvent, MembershipEventKind, MembershipFilter,
    MembershipOrder, MembershipStatus, Standing,
};
use crate::registry::networks::graphql::{RoundById, network_of};
use crate::registry::networks::{Network, Round};

use loads::{
    DutyOfCity, EventsOfMembership, MembershipsOfCity, SpansOfMembership, StandingsOfCity,
};

pub use loads::MembershipById;
pub use steps::MembershipMutation;

crate::connection!(MembershipConnection, MembershipEdge, Membership);

/// `City.memberships`: null for those who may not see the city's memberships.
///
/// # Errors
/// What the database says.
pub async fn memberships_of(
    context: &Context<'_>,
    city: &City,
    filter: Option<MembershipFilterInput>,
    page: Page,
) -> Result<Option<MembershipConnection>> {
    let operation = context.operation();
    if !operation
        .viewer
        .may_for(Permission::SeeMemberships, city.id)
    {
        return Ok(None);
    }
    let asked = (filter.unwrap_or_default().read()?, page);
    let connected = operation
        .connect::<MembershipsOfCity>(city.id.uuid(), asked)
        .await?;
    Ok(Some(MembershipConnection(connected)))
}

/// `City.membershipStatus`: in full for those who may see inquiries and applications, for all
/// others what is public.
///
/// # Errors
/// What the database says.
pub async fn status_of(
    context: &Context<'_>,
    city: &City,
    as_of: Option<Date>,
) -> Result<Option<MembershipStatus>> {
    let operation = context.operation();
    let day = as_of.map_or_else(|| operation.today(), |date| date.0);
    let standings = operation.load::<StandingsOfCity>(city.id).await?;
    let standings = standings.unwrap_or_default();
    let standing = standings.iter().find(|standing| standing.contains(day));
    let in_full = operation
        .viewer
        .may_for(Permission::SeeUnpublishedCities, city.id);
    // A start that is planned is not public before it has come.
    let public = |standing: &Standing| {
        let status = standing.public_status?;
        (day <= operation.today()).then_some(status)
    };
    Ok(standing.and_then(|standing| {
        if in_full {
            Some(standing.status)
        } else {
            public(standing)
        }
    }))
}

async fn status_on(
    context: &Context<'_>,
    membership: &Membership,
    day: NaiveDate,
) -> Result<Option<MembershipStatus>> {
    let spans = context
        .operation()
        .load::<SpansOfMembership>(membership.id)
        .await?
        .unwrap_or_default();
    let span = spans.iter().find(|span| span.contains(day));
    Ok(span.map(|span| span.status))
}

/// A period of a city's membership in a network.
#[Object]
impl Membership {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Arc<City>> {
        let city = context.operation().load::<CityById>(self.city_id).await?;
        city.ok_or_else(|| Error::NotFound {
            kind: CityId::KIND,
            id: self.city_id.public(),
        })
    }

    /// The network.
    async fn network(&self, context: &Context<'_>) -> Result<Arc<Network>> {
        network_of(context, self.network_id).await
    }

    /// The round of the network that the city joined in, where it is known.
    async fn round(&self, context: &Context<'_>) -> Result<Option<Arc<Round>>> {
        match self.round_id {
            Some(id) => context.operation().load::<RoundById>(id).await,
            None => Ok(None),
        }
    }

    /// Which of the city's periods in the network this is, in the order they were recorded.
    async fn number(&self) -> i32 {
        self.number
    }

    /// What the city is by this period on a day; null before its first event.
    async fn status(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; today by default.")] as_of: Option<Date>,
    ) -> Result<Option<MembershipStatus>> {
        let day = as_of.map_or_else(|| context.operation().today(), |date| date.0);
        status_on(context, self, day).await
    }

    /// Whether the city is active by this period on a day without what a member needs: a financial
    /// agreement or a waiver, and a coordinator, whom a city has 60 days to find. They count from the
    /// day it became a member, of whichever network, or from the day the last coordinator left.
    /// Nothing is blocked by it.
    async fn non_compliant(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; today by default.")] as_of: Option<Date>,
    ) -> Result<bool> {
        let operation = context.operation();
        let day = as_of.map_or_else(|| operation.today(), |date| date.0);
        let status = status_on(context, self, day).await?;
        let duty = operation.load::<DutyOfCity>(self.city_id).await?;
        let duty = duty.unwrap_or_default();
        Ok(rules::is_non_compliant(self, status, &duty, day))
    }

    /// The first day as a member; null while no start is decided.
    async fn starts_on(&self) -> Option<Date> {
        self.starts_on.map(Date)
    }

    /// The last day as a member; null while no end is recorded, and for a period that is void.
    async fn ends_on(&self) -> Option<Date> {
        let period = self.active_period()?;
        period.ends_on().map(Date)
    }

    /// Whether the period ended before it began, so that it counts for nothing.
    async fn void(&self) -> bool {
        self.starts_on.is_some() && self.active_period().is_none()
    }

    /// When the statement of intent was signed.
    async fn statement_of_intent_on(&self) -> Option<Date> {
        self.statement_of_intent_on.map(Date)
    }

    /// When the mayor or the council decided.
    async fn decision_on(&self) -> Option<Date> {
        self.decision_on.map(Date)
    }

    /// When the financial agreement was signed.
    async fn agreement_on(&self) -> Option<Date> {
        self.agreement_on.map(Date)
    }

    /// Whether the network waives the fee.
    async fn fee_waived(&self) -> bool {
        self.fee_waived
    }

    /// Why the membership ended or will end.
    async fn end_reason(&self) -> Option<MembershipEndReason> {
        self.end_reason
    }

    /// What happened, in the order it was recorded.
    async fn events(&self, context: &Context<'_>) -> Result<Vec<MembershipEventView>> {
        let events = context
            .operation()
            .load::<EventsOfMembership>(self.id)
            .await?
            .unwrap_or_default();
        Ok(events.iter().map(MembershipEventView::of).collect())
    }

    /// When the period was recorded.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When the period last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the period, for its steps.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// Something that happened to a membership. Events are only ever added.
#[derive(Debug, SimpleObject)]
#[graphql(name = "MembershipEvent")]
struct MembershipEventView {
    /// What happened.
    kind: MembershipEventKind,
    /// The day from which it counts; for an end the first day outside.
    effective_on: Date,
    /// When it was recorded.
    recorded_at: Instant,
    /// What else is to be known.
    note: Option<String>,
}

impl MembershipEventView {
    fn of(event: &MembershipEvent) -> Self {
        Self {
            kind: event.kind,
            effective_on: Date(event.effective_on),
            recorded_at: event.recorded_at,
            note: event.note.clone(),
        }
    }
}

/// A range of days: from `gte` on, before `lt`.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct StartRange {
    /// On this day or later.
    gte: Option<Date>,
    /// Before this day.
    lt: Option<Date>,
}

/// Which memberships a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct MembershipFilterInput {
    /// The period has one of these statuses today.
    status: Option<Vec<MembershipStatus>>,
    /// In one of these networks, by their ids.
    network: Option<Vec<ID>>,
    /// The city is in one of these countries.
    country: Option<Vec<CountryCode>>,
    /// The first day is in this range.
    starts_on: Option<StartRange>,
    /// Last changed in this range.
    updated_at: Option<InstantRange>,
}

impl MembershipFilterInput {
    fn read(self) -> Result<MembershipFilter> {
        inputs::at_most_100("status", self.status.as_deref())?;
        inputs::at_most_100("network", self.network.as_deref())?;
        inputs::at_most_100("country", self.country.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        let day = |date: Option<Date>| -> Option<NaiveDate> { date.map(|date| date.0) };
        let networks = |ids: Vec<ID>| ids.iter().map(inputs::query_id).collect::<Result<_>>();
        Ok(MembershipFilter {
            status: self.status,
            network: self.network.map(networks).transpose()?,
            country: self
                .country
                .map(|countries| countries.into_iter().map(|country| country.0).collect()),
            starts_from: self.starts_on.and_then(|range| day(range.gte)),
            starts_before: self.starts_on.and_then(|range| day(range.lt)),
            updated_from,
            updated_before,
        })
    }
}

/// Queries of memberships.
#[derive(Debug, Default)]
pub struct MembershipQuery;

#[Object]
impl MembershipQuery {
    /// The memberships that the caller may see, the last changed first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn memberships(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<MembershipFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<MembershipOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<MembershipConnection> {
        let operation = context.operation();
        let scope = operation.viewer.scope_of_list(Permission::SeeMemberships)?;
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().read()?;
        let (order, today) = (inputs::order(order_by)?, operation.today());
        let listed =
            context.read(|db| memberships::list(db, &scope, today, &filter, &order, &page))?;
        let order = memberships::order(&order);
        let count =
            move |db: &mut Db, _: &Operation| memberships::count(db, &scope, today, &filter);
        Ok(MembershipConnection(Connected::new(listed, order, count)))
    }
}
