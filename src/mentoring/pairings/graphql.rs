//! Mentor pairings in the schema: the type, its lists and mutations. What it is not: the inputs
//! (`inputs.rs`).

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::{Connected, ParentList};
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::order as order_keys;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, MentorPairingId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::kernel::policy_area::PolicyArea;
use crate::mentoring::pairings::inputs::{
    ConsentToPairingInput, EndPairingInput, MentorPairingFilterInput, PairCitiesInput,
};
use crate::mentoring::pairings::{
    self, MentorPairing, PairingFilter, PairingLeg, PairingOrder, PairingStatus,
};
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(MentorPairingConnection, MentorPairingEdge, MentorPairing);

/// Loads pairings that the viewer may see.
#[derive(Debug)]
pub struct MentorPairingById;

impl Load for MentorPairingById {
    type Key = MentorPairingId;
    type Value = Arc<MentorPairing>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[MentorPairingId],
    ) -> Result<HashMap<MentorPairingId, Arc<MentorPairing>>> {
        let scope = operation.viewer.scope(Permission::SeePairings);
        let found = pairings::find_visible(db, &scope, keys)?;
        Ok(found
            .into_iter()
            .map(|pairing| (pairing.id, Arc::new(pairing)))
            .collect())
    }
}

/// Loads the legs of pairings.
#[derive(Debug)]
struct LegsOfPairing;

impl Load for LegsOfPairing {
    type Key = MentorPairingId;
    type Value = Arc<Vec<PairingLeg>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[MentorPairingId],
    ) -> Result<HashMap<MentorPairingId, Self::Value>> {
        Ok(pairings::legs_of_many(db, keys)?
            .into_iter()
            .map(|(pairing, legs)| (pairing, Arc::new(legs)))
            .collect())
    }
}

/// The pairings of each city.
#[derive(Debug)]
struct PairingsOfCity;

impl ParentList for PairingsOfCity {
    type Row = MentorPairing;
    type Arguments = (PairingFilter, Vec<PairingOrder>, Page);

    fn order((_, order, _): &Self::Arguments) -> Order<MentorPairing> {
        pairings::order(order)
    }

    fn list(
        db: &mut Db,
        operation: &Operation,
        cities: &[Uuid],
        (filter, order, page): &Self::Arguments,
    ) -> Result<HashMap<Uuid, Listed<MentorPairing>>> {
        let scope = operation.viewer.scope(Permission::SeePairings);
        let seen = (&scope, operation.today());
        pairings::list_of_cities(db, seen, cities, filter, order, page)
    }

    fn count(
        db: &mut Db,
        operation: &Operation,
        cities: &[Uuid],
        (filter, ..): &Self::Arguments,
    ) -> Result<HashMap<Uuid, i64>> {
        let scope = operation.viewer.scope(Permission::SeePairings);
        pairings::count_of_cities(db, (&scope, operation.today()), cities, filter)
    }
}

/// The pairings of a city, for `City.mentorPairings`; none for those who may not see them.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    filter: Option<MentorPairingFilterInput>,
    order: Option<Vec<PairingOrder>>,
    page: Page,
) -> Result<Option<MentorPairingConnection>> {
    let operation = context.operation();
    if !operation.viewer.may_for(Permission::SeePairings, city) {
        return Ok(None);
    }
    let asked = (filter.unwrap_or_default().read()?, order_keys(order)?, page);
    let listed = operation.connect::<PairingsOfCity>(city.uuid(), asked);
    Ok(Some(MentorPairingConnection(listed.await?)))
}

/// Two cities of which one mentors the other, or each the other. For the two cities and for those
/// who see all pairings.
#[Object]
impl MentorPairing {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The mentor, of the first leg when it is mutual.
    async fn mentor_city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        let city = context.operation().load::<CityById>(self.mentor_city_id);
        city.await
    }

    /// The mentee, of the first leg when it is mutual.
    async fn mentee_city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        let city = context.operation().load::<CityById>(self.mentee_city_id);
        city.await
    }

    /// Whether each mentors the other.
    async fn mutual(&self) -> bool {
        self.mutual
    }

    /// The directions: one, or two when it is mutual, the mentor's first.
    async fn legs(&self, context: &Context<'_>) -> Result<Vec<PairingLeg>> {
        let legs = context.operation().load::<LegsOfPairing>(self.id).await?;
        Ok(legs.map(|legs| legs.to_vec()).unwrap_or_default())
    }

    /// What the pairing is today.
    async fn status(&self, context: &Context<'_>) -> PairingStatus {
        self.status_on(context.operation().today())
    }

    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.starts_on)
    }

    /// The last day; null while no end is agreed, and for a pairing that was ended before it began.
    async fn ends_on(&self) -> Option<Date> {
        self.ends_on
            .filter(|end| *end > self.starts_on)
            .and_then(|end| end.pred_opt())
            .map(Date)
    }

    /// What the two want to reach.
    async fn goals(&self) -> Option<&str> {
        self.goals.as_deref()
    }

    /// When the mentor agreed; null before.
    async fn mentor_consent_at(&self) -> Option<Instant> {
        self.mentor_consent_at
    }

    /// When the mentee agreed; null before.
    async fn mentee_consent_at(&self) -> Option<Instant> {
        self.mentee_consent_at
    }

    /// The day on which somebody ended it.
    async fn ended_on(&self) -> Option<Date> {
        self.ended_on.map(Date)
    }

    /// Why it was ended.
    async fn end_reason(&self) -> Option<&str> {
        self.end_reason.as_deref()
    }

    /// When it was proposed.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record; grows by one with each change.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// One direction of a pairing.
#[Object]
impl PairingLeg {
    /// Who mentors.
    async fn mentor_city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        let city = context.operation().load::<CityById>(self.mentor_city_id);
        city.await
    }

    /// Who is mentored.
    async fn mentee_city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        let city = context.operation().load::<CityById>(self.mentee_city_id);
        city.await
    }

    /// In which field of policy.
    async fn area(&self) -> PolicyArea {
        self.area
    }
}

/// Queries of pairings.
#[derive(Debug, Default)]
pub struct MentorPairingQuery;

#[Object]
impl MentorPairingQuery {
    /// The pairings that the caller may see, the latest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn mentor_pairings(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<MentorPairingFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PairingOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<MentorPairingConnection> {
        let operation = context.operation();
        let scope = operation.viewer.scope_of_list(Permission::SeePairings)?;
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let (filter, order) = (filter.unwrap_or_default().read()?, order_keys(order_by)?);
        let today = operation.today();
        let listed =
            context.read(|db| pairings::list(db, &scope, today, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| pairings::count(db, &scope, today, &filter);
        let order = pairings::order(&order);
        Ok(MentorPairingConnection(Connected::new(
            listed, order, count,
        )))
    }
}

crate::payload!(
    /// The answer of `pairCities`.
    PairCitiesPayload {
        /// The pairing.
        mentor_pairing: MentorPairing
    }
);

crate::payload!(
    /// The answer of `consentToPairing`.
    ConsentToPairingPayload {
        /// The pairing.
        mentor_pairing: MentorPairing
    }
);

crate::payload!(
    /// The answer of `endPairing`.
    EndPairingPayload {
        /// The pairing.
        mentor_pairing: MentorPairing
    }
);

/// Mutations of pairings.
#[derive(Debug, Default)]
pub struct MentorPairingMutation;

#[Object]
impl MentorPairingMutation {
    /// Proposes a pairing; coordinators for their own city, which agrees with it. Needs an
    /// idempotency key.
    async fn pair_cities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The pairing.")] input: PairCitiesInput,
    ) -> Result<PairCitiesPayload> {
        let performed = input
            .read()
            .and_then(|new| context.perform(Repeatable::NeedsKey, |tx| pairings::pair(tx, &new)));
        PairCitiesPayload::of::<MentorPairingById>(context, performed).await
    }

    /// Agrees to a pairing for one of its cities; it is active when both have agreed.
    async fn consent_to_pairing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The pairing and the city.")] input: ConsentToPairingInput,
    ) -> Result<ConsentToPairingPayload> {
        let performed = input.read().and_then(|consent| {
            context.perform(Repeatable::MayHaveKey, |tx| pairings::consent(tx, consent))
        });
        ConsentToPairingPayload::of::<MentorPairingById>(context, performed).await
    }

    /// Ends a pairing, or takes a proposal back, from today on; either city may.
    async fn end_pairing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The pairing to end.")] input: EndPairingInput,
    ) -> Result<EndPairingPayload> {
        let performed = input
            .read()
            .and_then(|end| context.perform(Repeatable::MayHaveKey, |tx| pairings::end(tx, &end)));
        EndPairingPayload::of::<MentorPairingById>(context, performed).await
    }
}
