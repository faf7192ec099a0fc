//! How far cities are with the steps, in the schema. What it is not: the texts of the steps.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable, reference};
use crate::api::inputs::Problems;
use crate::api::operation::Operation;
use crate::api::scalars::{Date, WebAddress};
use crate::db::{Db, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, StepReportId};
use crate::kernel::instant::Instant;
use crate::programme::steps::{self, NewStepReport, Step, StepReport, StepStatus};
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

/// Loads reports that the viewer may see.
#[derive(Debug)]
pub struct StepReportById;

impl Load for StepReportById {
    type Key = StepReportId;
    type Value = Arc<StepReport>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[StepReportId],
    ) -> Result<HashMap<StepReportId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeProgramme);
        Ok(steps::find_many(db, keys)?
            .into_iter()
            .filter(|report| scope.has_city(report.city_id))
            .map(|report| (report.id, Arc::new(report)))
            .collect())
    }
}

/// Loads what cities said that the viewer may see.
#[derive(Debug)]
struct ReportsOfCity;

impl Load for ReportsOfCity {
    type Key = CityId;
    type Value = Arc<Vec<Arc<StepReport>>>;

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
        let mut reports = steps::of_cities(db, &seen)?;
        let shared = |city: CityId| {
            let rows = reports.remove(&city).unwrap_or_default();
            (city, Arc::new(rows.into_iter().map(Arc::new).collect()))
        };
        Ok(seen.into_iter().map(shared).collect())
    }
}

/// How far a city is with a step.
#[derive(Debug, SimpleObject)]
pub struct CityStep {
    /// The step.
    step: Step,
    /// How far the city is.
    status: StepStatus,
    /// What was said last; null when nothing was.
    latest: Option<Arc<StepReport>>,
    /// Everything that was said, the last first.
    history: Vec<Arc<StepReport>>,
    /// The number of the last report, to be sent with the next; 0 before the first.
    version: i32,
}

/// How far a city is with each step; none for those who may not see it.
///
/// # Errors
/// What the database says.
pub async fn of_city(context: &Context<'_>, city: CityId) -> Result<Option<Vec<CityStep>>> {
    let Some(reports) = context.operation().load::<ReportsOfCity>(city).await? else {
        return Ok(None);
    };
    let of_step = |step: &Step| {
        let said = reports.iter();
        let said = said.filter(|report| report.step == i32::from(step.number));
        let history: Vec<_> = said.cloned().collect();
        let latest = history.first().cloned();
        CityStep {
            step: step.clone(),
            status: latest
                .as_ref()
                .map_or(StepStatus::NotStarted, |last| last.status),
            version: latest.as_ref().map_or(0, |last| last.sequence),
            latest,
            history,
        }
    };
    Ok(Some(reference(context).steps.iter().map(of_step).collect()))
}

/// What a city said of a step, or what the network verified. It never changes.
#[Object]
impl StepReport {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// The number of the step.
    async fn step(&self) -> i32 {
        self.step
    }

    /// How far it is.
    async fn status(&self) -> StepStatus {
        self.status
    }

    /// The day from which it is so.
    async fn on(&self) -> Date {
        Date(self.reported_on)
    }

    /// What shows it.
    async fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }

    /// Where it can be read.
    async fn source_url(&self) -> Option<WebAddress> {
        self.source_url.clone().map(WebAddress)
    }

    /// Why it is less than it was.
    async fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The name of who said it, or verified it, at the time.
    async fn said_by(&self) -> &str {
        &self.said_by
    }

    /// When it was said.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// How many cities stand where with a step.
#[derive(Debug, SimpleObject)]
pub struct StepStanding {
    /// The step.
    step: Step,
    /// How many cities have begun it.
    in_progress: i64,
    /// How many say that it is done.
    done: i64,
    /// For how many of them it is verified.
    verified: i64,
}

/// Queries of how far cities are with the steps.
#[derive(Debug, Default)]
pub struct StepProgressQuery;

#[Object]
impl StepProgressQuery {
    /// How many cities of the network stand where with each of the ten steps. For those who are signed in.
    async fn step_standings(&self, context: &Context<'_>) -> Result<Vec<StepStanding>> {
        let viewer = &context.operation().viewer;
        viewer.scope_of_list(Permission::SeeProgramme)?;
        let counted = context.read(steps::standings)?;
        let of_step = |step: &Step| {
            let count = |status| {
                let found = counted.iter().find(|(number, state, _)| {
                    *number == i32::from(step.number) && *state == status
                });
                found.map_or(0, |(_, _, count)| *count)
            };
            StepStanding {
                step: step.clone(),
                in_progress: count(StepStatus::InProgress),
                done: count(StepStatus::Done),
                verified: count(StepStatus::Verified),
            }
        };
        Ok(reference(context).steps.iter().map(of_step).collect())
    }
}

/// What a city says of a step.
#[derive(Debug, InputObject)]
pub struct ReportStepInput {
    /// The city.
    city_id: ID,
    /// The number of the step, 1 to 10.
    step: i32,
    /// The `version` of the city's step that was read; 0 for the first report.
    version: i32,
    /// How far it is: not VERIFIED, which is the network's word.
    status: StepStatus,
    /// The day from which it is so, not after today; today by default.
    on: Option<Date>,
    /// What shows it; needed for DONE.
    evidence: Option<String>,
    /// Where it can be read.
    source_url: Option<WebAddress>,
    /// Why it is less than it was.
    reason: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A step that is to be verified.
#[derive(Debug, InputObject)]
pub struct VerifyStepInput {
    /// The city.
    city_id: ID,
    /// The number of the step, 1 to 10.
    step: i32,
    /// The `version` of the city's step that was read.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `reportStep`.
    ReportStepPayload {
        /// What was said.
        report: StepReport
    }
);

crate::payload!(
    /// The answer of `verifyStep`.
    VerifyStepPayload {
        /// What was verified.
        report: StepReport
    }
);

/// Mutations of how far cities are with the steps.
#[derive(Debug, Default)]
pub struct StepProgressMutation;

#[Object]
impl StepProgressMutation {
    /// Says how far a city is with a step. There is no order of the steps.
    async fn report_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city, the step, and how far it is.")] input: ReportStepInput,
    ) -> Result<ReportStepPayload> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &input.city_id);
        let performed = problems.or(city).and_then(|city| {
            let new = NewStepReport {
                city,
                step: input.step,
                version: input.version,
                status: input.status,
                on: input.on.map(|day| day.0),
                evidence: input.evidence,
                source_url: input.source_url.map(|url| url.0),
                reason: input.reason,
            };
            let report = |tx: &mut Tx<'_>| steps::report(tx, &new);
            context.perform(Repeatable::MayHaveKey, report)
        });
        ReportStepPayload::of::<StepReportById>(context, performed).await
    }

    /// Verifies that a city has taken a step: somebody of the network has looked at what shows it.
    async fn verify_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city and the step.")] input: VerifyStepInput,
    ) -> Result<VerifyStepPayload> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &input.city_id);
        let performed = problems.or(city).and_then(|city| {
            let verify = |tx: &mut Tx<'_>| steps::verify(tx, city, input.step, input.version);
            context.perform(Repeatable::MayHaveKey, verify)
        });
        VerifyStepPayload::of::<StepReportById>(context, performed).await
    }
}
