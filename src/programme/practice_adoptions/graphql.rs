//! What cities do with others' practices, in the schema. What it is not: the practices.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, WebAddress};
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PracticeAdoptionId, PracticeId};
use crate::kernel::instant::Instant;
use crate::programme::practice_adoptions::{self, AdoptionStatus, NewAdoption, PracticeAdoption};
use crate::programme::practices::Practice;
use crate::programme::practices::graphql::PracticeById;
use crate::registry::cities::graphql::CityById;
use crate::registry::cities::{self, City};

/// Of these, those whose city the viewer may know of.
fn seen(
    db: &mut Db,
    operation: &Operation,
    adoptions: Vec<PracticeAdoption>,
) -> Result<Vec<Arc<PracticeAdoption>>> {
    let mut ids: Vec<CityId> = adoptions.iter().map(|one| one.city_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let today = operation.today();
    let known: Vec<CityId> = cities::find_many(db, &ids)?
        .iter()
        .filter(|city| cities::visible(city, &operation.viewer, today))
        .map(|city| city.id)
        .collect();
    let mut adoptions = adoptions;
    adoptions.retain(|one| known.contains(&one.city_id));
    Ok(adoptions.into_iter().map(Arc::new).collect())
}

/// Loads what cities said of practices.
#[derive(Debug)]
pub struct PracticeAdoptionById;

impl Load for PracticeAdoptionById {
    type Key = PracticeAdoptionId;
    type Value = Arc<PracticeAdoption>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PracticeAdoptionId],
    ) -> Result<HashMap<PracticeAdoptionId, Self::Value>> {
        let found = practice_adoptions::find_many(db, keys)?;
        let seen = seen(db, operation, found)?;
        Ok(seen.into_iter().map(|one| (one.id, one)).collect())
    }
}

#[derive(Debug)]
struct AdoptionsOfPractice;

impl Load for AdoptionsOfPractice {
    type Key = PracticeId;
    type Value = Arc<Vec<Arc<PracticeAdoption>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PracticeId],
    ) -> Result<HashMap<PracticeId, Self::Value>> {
        let found = practice_adoptions::latest_of_practices(db, keys)?;
        let all = found.into_values().flatten().collect();
        let mut adoptions: HashMap<PracticeId, Vec<Arc<PracticeAdoption>>> = HashMap::new();
        for one in seen(db, operation, all)? {
            adoptions.entry(one.practice_id).or_default().push(one);
        }
        let shared = |(practice, all)| (practice, Arc::new(all));
        Ok(adoptions.into_iter().map(shared).collect())
    }
}

#[derive(Debug)]
struct AdoptionsOfCity;

impl Load for AdoptionsOfCity {
    type Key = CityId;
    type Value = Arc<Vec<Arc<PracticeAdoption>>>;

    fn load(db: &mut Db, _: &Operation, keys: &[CityId]) -> Result<HashMap<CityId, Self::Value>> {
        let shared = |(city, all): (CityId, Vec<PracticeAdoption>)| {
            (city, Arc::new(all.into_iter().map(Arc::new).collect()))
        };
        let found = practice_adoptions::of_cities(db, keys)?;
        Ok(found.into_iter().map(shared).collect())
    }
}

/// The last word of each city on a practice.
///
/// # Errors
/// What the database says.
pub async fn of_practice(
    context: &Context<'_>,
    practice: PracticeId,
) -> Result<Vec<Arc<PracticeAdoption>>> {
    let found = context.operation().load::<AdoptionsOfPractice>(practice);
    Ok(found
        .await?
        .map(|all| all.as_ref().clone())
        .unwrap_or_default())
}

/// Everything that a city said of others' practices.
///
/// # Errors
/// What the database says.
pub async fn of_city(context: &Context<'_>, city: CityId) -> Result<Vec<Arc<PracticeAdoption>>> {
    let found = context.operation().load::<AdoptionsOfCity>(city).await?;
    Ok(found.map(|all| all.as_ref().clone()).unwrap_or_default())
}

/// What a city said of a practice that it took over. It never changes; the city's next word stands beside it.
#[Object]
impl PracticeAdoption {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The practice; null when it was taken out of the library.
    async fn practice(&self, context: &Context<'_>) -> Result<Option<Arc<Practice>>> {
        context
            .operation()
            .load::<PracticeById>(self.practice_id)
            .await
    }

    /// The city that took it over.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// Which of the city's words on the practice it is, from 1; the last one is sent with the next.
    async fn version(&self) -> i32 {
        self.sequence
    }

    /// What the city does with it.
    async fn status(&self) -> AdoptionStatus {
        self.status
    }

    /// The day from which it is so.
    async fn on(&self) -> Date {
        Date(self.reported_on)
    }

    /// What came of it.
    async fn outcome(&self) -> Option<&str> {
        self.outcome.as_deref()
    }

    /// Where it can be read.
    async fn source_url(&self) -> Option<WebAddress> {
        self.source_url.clone().map(WebAddress)
    }

    /// When it was said.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// What a city says of a practice that it took over.
#[derive(Debug, InputObject)]
pub struct ReportAdoptionInput {
    /// The practice.
    practice_id: ID,
    /// The city that took it over.
    city_id: ID,
    /// The `version` of the city's last word on the practice; 0 for the first.
    version: i32,
    /// What it does with it.
    status: AdoptionStatus,
    /// The day from which it is so, not after today; today by default.
    on: Option<Date>,
    /// What came of it; needed for DROPPED. Everybody can read it.
    outcome: Option<String>,
    /// Where it can be read.
    source_url: Option<WebAddress>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `reportAdoption`.
    ReportAdoptionPayload {
        /// What was said.
        adoption: PracticeAdoption
    }
);

/// Mutations of what cities do with others' practices.
#[derive(Debug, Default)]
pub struct PracticeAdoptionMutation;

#[Object]
impl PracticeAdoptionMutation {
    /// Says what a city does with a practice of another city, and what came of it. Everybody can read it.
    async fn report_adoption(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The practice, the city, and what it does.")] input: ReportAdoptionInput,
    ) -> Result<ReportAdoptionPayload> {
        let mut problems = Problems::default();
        let practice = problems.id("practiceId", &input.practice_id);
        let city = problems.id("cityId", &input.city_id);
        let performed = problems
            .or(practice.zip(city))
            .and_then(|(practice, city)| {
                let new = NewAdoption {
                    practice,
                    city,
                    version: input.version,
                    status: input.status,
                    on: input.on.map(|day| day.0),
                    outcome: input.outcome,
                    source_url: input.source_url.map(|url| url.0),
                };
                let report = |tx: &mut Tx<'_>| practice_adoptions::report(tx, &new);
                context.perform(Repeatable::MayHaveKey, report)
            });
        ReportAdoptionPayload::of::<PracticeAdoptionById>(context, performed).await
    }
}
