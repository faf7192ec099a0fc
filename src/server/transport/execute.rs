//! One operation on its database worker, from the guarded document to the bytes of its answer.
//! What it is not: HTTP.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, Response, Value, Variables};

use crate::access::viewer::Viewer;
use crate::api::errors;
use crate::api::operation::{Allowance, Operation};
use crate::app::NotRun;
use crate::db::snapshot_id::{self, SnapshotId};
use crate::db::workers::{Lane, Slot};
use crate::identity::turns::Turn;
use crate::kernel::error::Error;
use crate::kernel::instant::Instant;
use crate::kernel::language::Language;
use crate::server::gateway::Gateway;

use crate::server::transport::answer::{self, Body, TooLarge};
use crate::server::transport::guard::{Checked, OperationKind};
use crate::server::transport::kept_answers::{self, KeptAnswer, Known, Question};
use crate::server::transport::partial::{self, Caught};
use crate::server::viewer::{self, Credential};

/// Everything that one execution needs.
#[derive(Debug)]
pub struct Job {
    /// The guarded document.
    pub checked: Arc<Checked>,
    /// The name given by the client.
    pub operation_name: Option<String>,
    /// The values of the variables.
    pub variables: Variables,
    /// The cost that was computed.
    pub cost: u64,
    /// Who asks.
    pub credential: Credential,
    /// The language of messages.
    pub language: Language,
    /// The key of the header.
    pub idempotency_key: Option<String>,
    /// The turn of the request with its idempotency key; it ends with the operation.
    pub turn: Option<Turn>,
    /// Correlates the answer with log lines.
    pub request_id: String,
    /// What is left of the caller's rate.
    pub allowance: Allowance,
    /// When the operation happens.
    pub now: Instant,
}

/// How an execution ended.
#[derive(Debug)]
pub enum Outcome {
    /// With an answer.
    Answered {
        /// The answer.
        body: Body,
        /// Whether it repeats an earlier effect.
        replayed: bool,
        /// Whether it is for this caller alone.
        personal: bool,
    },
    /// The answer would be larger than may be sent.
    TooLarge,
    /// The token does not hold any more.
    Unauthenticated,
    /// It never began: the database is away, or a fault of ours.
    Failed(Error),
}

/// Runs the operation on a worker of the lane that its kind needs, and waits at most `limit` for it.
///
/// # Errors
/// The queue is full, the time is over, or the operation panicked.
pub async fn run(gateway: &Arc<Gateway>, job: Job, limit: Duration) -> Result<Outcome, NotRun> {
    let lane = match job.checked.operation {
        OperationKind::Mutation => Lane::Writing,
        OperationKind::Query | OperationKind::Subscription => Lane::Reading,
    };
    let shared = Arc::clone(gateway);
    gateway
        .app
        .run_within(limit, lane, move |slot| on_worker(&shared, slot, job))
        .await
}

fn on_worker(gateway: &Gateway, slot: &mut Slot, job: Job) -> Outcome {
    let mut db = match slot.take() {
        Ok(db) => db,
        Err(error) => return Outcome::Failed(error),
    };
    let seen = slot.read_alive(&mut db, |db| {
        viewer::viewer(gateway, db, &job.credential, job.now)
    });
    let viewer = match seen {
        Ok(viewer) => viewer,
        Err(Error::Unauthenticated) => {
            slot.give_back(db);
            return Outcome::Unauthenticated;
        }
        Err(error) => return Outcome::Failed(error),
    };
    let question = question(gateway, &job, &viewer);
    let known = question
        .as_ref()
        .and_then(|asked| gateway.kept.recall(asked));
    if let Some(Known::Answered(kept)) = &known {
        match slot.read_alive(&mut db, snapshot_id::current) {
            Ok(now) if now.as_ref() == Some(&kept.snapshot) => {
                slot.give_back(db);
                gateway.metrics.recalled();
                return Outcome::Answered {
                    body: Body::kept(kept.bytes.clone()),
                    replayed: false,
                    personal: false,
                };
            }
            Ok(_) => {}
            Err(error) => return Outcome::Failed(error),
        }
    }
    let mut operation = Operation::new(
        db,
        viewer,
        job.now,
        job.language,
        job.idempotency_key.clone(),
        job.request_id.clone(),
    );
    operation.allowance = job.allowance;
    operation.opener = Some(slot.opener());
    let operation = Arc::new(operation);
    // Only what is asked again is worth the statement that names its snapshot.
    let snapshot = match known {
        None => None,
        Some(_) => match operation.read(snapshot_id::current) {
            Ok(snapshot) => snapshot,
            Err(error) => return Outcome::Failed(error),
        },
    };
    let cost = job.cost;
    let mut response = resolve(gateway, job, &operation);
    errors::publish(
        &mut response.errors,
        operation.language,
        &operation.request_id,
    );
    let cost = [("cost", cost), ("limit", gateway.limits.cost_limit)];
    let cost = cost
        .into_iter()
        .map(|(name, number)| (async_graphql::Name::new(name), Value::from(number)))
        .collect();
    response
        .extensions
        .insert("cost".to_owned(), Value::Object(cost));
    let outcome = match answer::write(&mut response, gateway.limits.answer_bytes) {
        Ok(body) => Outcome::Answered {
            body,
            replayed: operation.is_replayed(),
            personal: operation.is_personal(),
        },
        Err(TooLarge) => Outcome::TooLarge,
    };
    operation.end(slot);
    if let Some(question) = question {
        keep(gateway, question, snapshot, &outcome);
    }
    outcome
}

/// The question that an answer may be kept for; mutations have none.
fn question(gateway: &Gateway, job: &Job, viewer: &Viewer) -> Option<Arc<Question>> {
    if !gateway.kept.are_on() || job.checked.operation == OperationKind::Mutation {
        return None;
    }
    Some(Arc::new(Question {
        document: job.checked.digest,
        operation_name: job.operation_name.clone(),
        variables: serde_json::to_string(&job.variables).ok()?,
        viewer: viewer.clone(),
        language: job.language,
        quarter: kept_answers::quarter(job.now),
    }))
}

/// Keeps an answer that everybody with this question gets: one without errors that tells nothing of
/// the single request, such as what is left of a rate.
fn keep(
    gateway: &Gateway,
    question: Arc<Question>,
    snapshot: Option<SnapshotId>,
    outcome: &Outcome,
) {
    let Outcome::Answered {
        body,
        personal: false,
        ..
    } = outcome
    else {
        return;
    };
    if body.has_errors {
        return;
    }
    let known = match snapshot {
        None => Known::Asked,
        Some(snapshot) => Known::Answered(Arc::new(KeptAnswer {
            snapshot,
            bytes: body.bytes.clone(),
        })),
    };
    gateway.kept.remember(question, known);
}

/// Runs the document. A query that lost fields to the failure of another runs again, in the same
/// snapshot, so that the others are answered; a mutation runs once, so it is always run so.
fn resolve(gateway: &Gateway, job: Job, operation: &Arc<Operation>) -> Response {
    let request = || {
        let mut request = Request::new(String::new())
            .variables(job.variables.clone())
            .data(Arc::clone(operation))
            .data(Arc::clone(&gateway.contract.inputs))
            .data(Arc::clone(&gateway.app));
        if let Some(name) = &job.operation_name {
            request = request.operation_name(name);
        }
        request.set_parsed_query(job.checked.document.clone());
        request
    };
    if job.checked.operation != OperationKind::Mutation {
        let response = futures_executor::block_on(gateway.contract.schema.execute(request()));
        if !partial::may_have_lost(&response) || operation.is_broken() {
            return response;
        }
    }
    let caught = Arc::new(Caught::default());
    let request = request().data(Arc::clone(&caught));
    let mut response = futures_executor::block_on(gateway.contract.partial_schema.execute(request));
    caught.tell(&mut response);
    response
}
