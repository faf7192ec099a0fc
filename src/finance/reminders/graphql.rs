//! Reminders in the schema: the types and what hangs on them. Queries and mutations are in the files of
//! this folder; what it is not: the rules.

pub mod candidates;
pub mod late_payment;
pub mod mutations;
pub mod policy;
pub mod queries;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use candidates::{ReminderCandidate, ReminderCandidateConnection};
pub use late_payment::{LatePayment, reminders_of};
pub use mutations::ReminderMutation;
pub use policy::ReminderPolicyMutation;
pub use queries::{ReminderFilterInput, ReminderQuery};

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{Date, LanguageTag};
use crate::db::Db;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::reminders::rules::COLLECTION_NOTICE;
use crate::finance::reminders::{self, Reminder, ReminderRun, RunProblem, RunStatus};
use crate::finance::sellers::DayCount;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, ReminderId, ReminderRunId};
use crate::kernel::instant::Instant;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(ReminderConnection, ReminderEdge, Reminder);
crate::connection!(ReminderRunConnection, ReminderRunEdge, ReminderRun);

/// Whether the viewer may know of a reminder: finance and the auditors of all, a city of its own.
#[must_use]
pub fn visible(reminder: &Reminder, viewer: &Viewer) -> bool {
    match viewer.scope(Permission::SeeFinance) {
        Scope::All => true,
        own @ Scope::Own { .. } => own.has_city(reminder.city_id),
    }
}

/// Loads reminders that the viewer may see.
#[derive(Debug)]
pub struct ReminderById;

impl Load for ReminderById {
    type Key = ReminderId;
    type Value = Arc<Reminder>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[ReminderId],
    ) -> Result<HashMap<ReminderId, Self::Value>> {
        Ok(reminders::find_many(db, keys)?
            .into_iter()
            .filter(|reminder| visible(reminder, &operation.viewer))
            .map(|reminder| (reminder.id, Arc::new(reminder)))
            .collect())
    }
}

/// Loads runs, for those who see the finance of all.
#[derive(Debug)]
pub struct ReminderRunById;

impl Load for ReminderRunById {
    type Key = ReminderRunId;
    type Value = Arc<ReminderRun>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[ReminderRunId],
    ) -> Result<HashMap<ReminderRunId, Self::Value>> {
        if operation.viewer.scope(Permission::SeeFinance) != Scope::All {
            return Ok(HashMap::new());
        }
        Ok(reminders::find_many_runs(db, keys)?
            .into_iter()
            .map(|run| (run.id, Arc::new(run)))
            .collect())
    }
}

/// A reminder of an overdue invoice, as it was sent.
#[Object]
impl Reminder {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// 1 to 3; 4 is the notice of collection.
    async fn level(&self) -> i32 {
        self.level
    }

    /// Whether it is the notice of collection.
    async fn is_collection_notice(&self) -> bool {
        self.level == COLLECTION_NOTICE
    }

    /// The invoice that is overdue.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        context
            .operation()
            .load::<InvoiceById>(self.invoice_id)
            .await
    }

    /// Who owes it; null for those who may not know of the city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// Its date.
    async fn sent_on(&self) -> Date {
        Date(self.sent_on)
    }

    /// The last day on which a payment was in time: the due day, or the next banking day.
    async fn in_time_until(&self) -> Date {
        Date(self.in_time_until)
    }

    /// Until when it asks to pay.
    async fn pay_by(&self) -> Date {
        Date(self.pay_by)
    }

    /// What was owed on the invoice, without late charges.
    async fn open_amount(&self) -> Result<Amount> {
        stored(self.open_minor, &self.currency)
    }

    /// How days of interest are counted.
    async fn day_count(&self) -> DayCount {
        self.day_count
    }

    /// The invoice of what the lateness costs at this reminder; null when it costs nothing.
    async fn late_charges(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        match self.charges_invoice_id {
            Some(id) => context.operation().load::<InvoiceById>(id).await,
            None => Ok(None),
        }
    }

    /// Where it was mailed to; null when the city has no address for invoices, so that it is sent by
    /// other means.
    async fn recipient(&self) -> Option<&str> {
        self.recipient.as_deref()
    }

    /// The run that sent it; null for those who see no runs.
    async fn run(&self, context: &Context<'_>) -> Result<Option<Arc<ReminderRun>>> {
        match self.run_id {
            Some(id) => context.operation().load::<ReminderRunById>(id).await,
            None => Ok(None),
        }
    }

    /// When it was sent.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// The sending of all reminders that are due on a day.
#[Object]
impl ReminderRun {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The date of its reminders.
    async fn on(&self) -> Date {
        Date(self.run_on)
    }

    /// How far it is; the numbers are there when it is finished.
    async fn status(&self) -> RunStatus {
        self.status
    }

    /// How many reminders it sent.
    async fn sent(&self) -> i64 {
        self.sent
    }

    /// How many overdue invoices it did not remind of; ask `reminderRun` why.
    async fn held(&self) -> i64 {
        self.held
    }

    /// For how many something went wrong.
    async fn failed(&self) -> i64 {
        self.failed
    }

    /// What went wrong, invoice by invoice, 100 of them at most; the others went on.
    async fn problems(&self) -> Result<Vec<ShownProblem>> {
        let problems: Vec<RunProblem> = self.problems.read()?;
        Ok(problems.into_iter().map(ShownProblem).collect())
    }

    /// When it was started.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed: when it was done, or started.
    async fn updated_at(&self) -> Instant {
        self.finished_at.unwrap_or(self.created_at)
    }

    /// When it was done.
    async fn finished_at(&self) -> Option<Instant> {
        self.finished_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// What went wrong for an invoice of a run.
#[derive(Debug, Clone)]
pub struct ShownProblem(RunProblem);

/// What went wrong for an invoice of a run.
#[Object(name = "ReminderRunProblem")]
impl ShownProblem {
    /// The invoice.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        context
            .operation()
            .load::<InvoiceById>(self.0.invoice)
            .await
    }

    /// Its number.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// What is wrong and what to do.
    async fn message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        self.0
            .message
            .in_language(context.language(language.as_ref()))
    }
}
