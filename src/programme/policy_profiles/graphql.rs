//! Where the policy of cities stands, in the schema. What it is not: the policy table.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable, reference};
use crate::api::inputs::Problems;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag, WebAddress};
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PolicyStatementId};
use crate::kernel::instant::Instant;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::policy_profiles::rules::{leaning, standing};
use crate::programme::policy_profiles::{self, NewPolicyStatement, PolicyStatement, Shares};
use crate::programme::reference::{PolicyAreaName, PolicyCell, PolicyModel};
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

/// Loads statements that the viewer may see.
#[derive(Debug)]
pub struct PolicyStatementById;

impl Load for PolicyStatementById {
    type Key = PolicyStatementId;
    type Value = Arc<PolicyStatement>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PolicyStatementId],
    ) -> Result<HashMap<PolicyStatementId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeProgramme);
        Ok(policy_profiles::find_many(db, keys)?
            .into_iter()
            .filter(|statement| scope.has_city(statement.city_id))
            .map(|statement| (statement.id, Arc::new(statement)))
            .collect())
    }
}

/// Loads what cities stated that the viewer may see.
#[derive(Debug)]
struct StatementsOfCity;

impl Load for StatementsOfCity {
    type Key = CityId;
    type Value = Arc<Vec<Arc<PolicyStatement>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[CityId],
    ) -> Result<HashMap<CityId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeProgramme);
        let seen: Vec<CityId> = keys
            .iter()
            .copied()
            .filter(|id| scope.has_city(*id))
            .collect();
        let mut stated = policy_profiles::of_cities(db, &seen)?;
        let shared = |city: CityId| {
            let rows = stated.remove(&city).unwrap_or_default();
            (city, Arc::new(rows.into_iter().map(Arc::new).collect()))
        };
        Ok(seen.into_iter().map(shared).collect())
    }
}

/// Where a city's policy stands in an area.
#[derive(Debug)]
pub struct PolicyPosition {
    area: PolicyAreaName,
    history: Vec<Arc<PolicyStatement>>,
    on: NaiveDate,
}

/// Where a city's policy stands in each area; none for those who may not see it.
///
/// # Errors
/// What the database says.
pub async fn of_city(
    context: &Context<'_>,
    city: CityId,
    as_of: Option<Date>,
) -> Result<Option<Vec<PolicyPosition>>> {
    let operation = context.operation();
    let Some(stated) = operation.load::<StatementsOfCity>(city).await? else {
        return Ok(None);
    };
    let on = as_of.map_or_else(|| operation.today(), |Date(day)| day);
    let of_area = |area: &PolicyAreaName| PolicyPosition {
        area: area.clone(),
        history: stated
            .iter()
            .filter(|one| one.area == area.area)
            .cloned()
            .collect(),
        on,
    };
    let areas = reference(context).policy_table.areas.iter();
    Ok(Some(areas.map(of_area).collect()))
}

/// Where a city's policy stands in an area of the policy table.
#[Object]
impl PolicyPosition {
    /// The area.
    async fn area(&self) -> PolicyArea {
        self.area.area
    }

    /// The name of the area.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        let language = context.language(language.as_ref());
        self.area.name.in_language(language)
    }

    /// What stood on the day that was asked for; null before the first statement.
    async fn statement(&self) -> Option<&Arc<PolicyStatement>> {
        standing(&self.history, self.on)
    }

    /// Everything that was stated of the area, the last first.
    async fn history(&self) -> &[Arc<PolicyStatement>] {
        &self.history
    }

    /// What a city does in the area under each of the three models: the cells of the policy table.
    async fn cells<'a>(&self, context: &Context<'a>) -> Vec<&'a PolicyCell> {
        let cells = reference(context).policy_table.cells.iter();
        cells.filter(|cell| cell.area == self.area.area).collect()
    }

    /// The number of the last statement, to be sent with the next; 0 before the first.
    async fn version(&self) -> i32 {
        self.history.first().map_or(0, |last| last.sequence)
    }
}

/// What a city stated of an area of its policy. It never changes.
#[Object]
impl PolicyStatement {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// The area.
    async fn area(&self) -> PolicyArea {
        self.area
    }

    /// The share of the intercultural model, in percent; the three are 100 together.
    async fn intercultural(&self) -> i32 {
        self.intercultural
    }

    /// The share of the multicultural model.
    async fn multicultural(&self) -> i32 {
        self.multicultural
    }

    /// The share of the assimilation model.
    async fn assimilation(&self) -> i32 {
        self.assimilation
    }

    /// The model that has the greatest share; null where two share the first place.
    async fn leaning(&self) -> Option<PolicyModel> {
        leaning(Shares {
            intercultural: self.intercultural,
            multicultural: self.multicultural,
            assimilation: self.assimilation,
        })
    }

    /// The day from which it is so.
    async fn on(&self) -> Date {
        Date(self.stated_on)
    }

    /// What shows it.
    async fn evidence(&self) -> &str {
        &self.evidence
    }

    /// Where it can be read.
    async fn source_url(&self) -> Option<WebAddress> {
        self.source_url.clone().map(WebAddress)
    }

    /// The name of who stated it, at the time.
    async fn said_by(&self) -> &str {
        &self.said_by
    }

    /// When it was stated.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// Where a city's policy stands in an area.
#[derive(Debug, InputObject)]
pub struct StatePolicyInput {
    /// The city.
    city_id: ID,
    /// The area.
    area: PolicyArea,
    /// The `version` of the city's position that was read; 0 for the first statement.
    version: i32,
    /// The share of the intercultural model, in percent; the three are 100 together.
    intercultural: i32,
    /// The share of the multicultural model.
    multicultural: i32,
    /// The share of the assimilation model.
    assimilation: i32,
    /// The day from which it is so, not after today; today by default.
    on: Option<Date>,
    /// What shows it.
    evidence: String,
    /// Where it can be read.
    source_url: Option<WebAddress>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `statePolicy`.
    StatePolicyPayload {
        /// What was stated.
        statement: PolicyStatement
    }
);

/// Mutations of where the policy of cities stands.
#[derive(Debug, Default)]
pub struct PolicyProfileMutation;

#[Object]
impl PolicyProfileMutation {
    /// States where a city's policy stands in an area between the three models of the policy table.
    async fn state_policy(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city, the area, and the shares.")] input: StatePolicyInput,
    ) -> Result<StatePolicyPayload> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &input.city_id);
        let performed = problems.or(city).and_then(|city| {
            let new = NewPolicyStatement {
                city,
                area: input.area,
                version: input.version,
                shares: Shares {
                    intercultural: input.intercultural,
                    multicultural: input.multicultural,
                    assimilation: input.assimilation,
                },
                on: input.on.map(|day| day.0),
                evidence: input.evidence,
                source_url: input.source_url.map(|url| url.0),
            };
            let state = |tx: &mut Tx<'_>| policy_profiles::state(tx, &new);
            context.perform(Repeatable::MayHaveKey, state)
        });
        StatePolicyPayload::of::<PolicyStatementById>(context, performed).await
    }
}
