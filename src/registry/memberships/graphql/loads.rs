//! What resolvers of memberships fetch for many objects at once. What it is not: the fields.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::ParentList;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, MembershipId};
use crate::kernel::page::Page;
use crate::registry::coordinators::{self, Duty};
use crate::registry::memberships::rules::Span;
use crate::registry::memberships::{
    self, Membership, MembershipEvent, MembershipFilter, Standing, listing,
};

/// Loads memberships that the viewer may see.
#[derive(Debug)]
pub struct MembershipById;

impl Load for MembershipById {
    type Key = MembershipId;
    type Value = Arc<Membership>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[MembershipId],
    ) -> Result<HashMap<MembershipId, Arc<Membership>>> {
        let scope = operation.viewer.scope(Permission::SeeMemberships);
        Ok(memberships::find_many(db, keys)?
            .into_iter()
            .filter(|membership| scope.has_city(membership.city_id))
            .map(|membership| (membership.id, Arc::new(membership)))
            .collect())
    }
}

/// Loads the spans of memberships.
#[derive(Debug)]
pub(super) struct SpansOfMembership;

impl Load for SpansOfMembership {
    type Key = MembershipId;
    type Value = Arc<Vec<Span>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[MembershipId],
    ) -> Result<HashMap<MembershipId, Self::Value>> {
        Ok(memberships::spans_of_many(db, keys)?
            .into_iter()
            .map(|(membership, spans)| (membership, Arc::new(spans)))
            .collect())
    }
}

/// Loads when cities had to have a coordinator, and when they had one.
#[derive(Debug)]
pub(super) struct DutyOfCity;

impl Load for DutyOfCity {
    type Key = CityId;
    type Value = Arc<Duty>;

    fn load(db: &mut Db, _: &Operation, keys: &[CityId]) -> Result<HashMap<CityId, Self::Value>> {
        Ok(coordinators::duties_of_cities(db, keys)?
            .into_iter()
            .map(|(city, duty)| (city, Arc::new(duty)))
            .collect())
    }
}

/// Loads the events of memberships.
#[derive(Debug)]
pub(super) struct EventsOfMembership;

impl Load for EventsOfMembership {
    type Key = MembershipId;
    type Value = Arc<Vec<MembershipEvent>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[MembershipId],
    ) -> Result<HashMap<MembershipId, Self::Value>> {
        Ok(memberships::events_of_many(db, keys)?
            .into_iter()
            .map(|(membership, events)| (membership, Arc::new(events)))
            .collect())
    }
}

/// Loads what cities are to the international network.
#[derive(Debug)]
pub(super) struct StandingsOfCity;

impl Load for StandingsOfCity {
    type Key = CityId;
    type Value = Arc<Vec<Standing>>;

    fn load(db: &mut Db, _: &Operation, keys: &[CityId]) -> Result<HashMap<CityId, Self::Value>> {
        Ok(memberships::standings_of_cities(db, keys)?
            .into_iter()
            .map(|(city, standings)| (city, Arc::new(standings)))
            .collect())
    }
}

/// The memberships of cities.
#[derive(Debug)]
pub(super) struct MembershipsOfCity;

impl ParentList for MembershipsOfCity {
    type Row = Membership;
    type Arguments = (MembershipFilter, Page);

    fn order(_: &Self::Arguments) -> Order<Membership> {
        listing::of_city()
    }

    fn list(
        db: &mut Db,
        operation: &Operation,
        cities: &[Uuid],
        (filter, page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<Membership>>> {
        memberships::list_for(db, operation.today(), cities, filter, page)
    }

    fn count(
        db: &mut Db,
        operation: &Operation,
        cities: &[Uuid],
        (filter, _): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        memberships::count_for(db, operation.today(), cities, filter)
    }
}
