//! Holds in the schema: the type and what hangs on it. Mutations are in the file of this folder; what it
//! is not: the rules.

pub mod mutations;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use mutations::HoldMutation;

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::finance::holds::{self, HoldKind, ReminderHold};
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, ReminderHoldId};
use crate::kernel::instant::Instant;

/// Loads holds that the viewer may see: finance and the auditors all, a city its own.
#[derive(Debug)]
pub struct ReminderHoldById;

impl Load for ReminderHoldById {
    type Key = ReminderHoldId;
    type Value = Arc<ReminderHold>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[ReminderHoldId],
    ) -> Result<HashMap<ReminderHoldId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeFinance);
        let seen = |hold: &ReminderHold| match &scope {
            Scope::All => true,
            own @ Scope::Own { .. } => own.has_city(hold.city_id),
        };
        Ok(holds::find_many(db, keys)?
            .into_iter()
            .filter(seen)
            .map(|hold| (hold.id, Arc::new(hold)))
            .collect())
    }
}

/// Why an invoice is, or was, not reminded of for a while.
#[Object]
impl ReminderHold {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// What it is.
    async fn kind(&self) -> HoldKind {
        self.kind
    }

    /// The invoice.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        context
            .operation()
            .load::<InvoiceById>(self.invoice_id)
            .await
    }

    /// Why, in words.
    async fn reason(&self) -> &str {
        &self.reason
    }

    /// The first day on which it holds.
    async fn starts_on(&self) -> Date {
        Date(self.from_on)
    }

    /// The last day on which it holds by itself; of a promise the day until which the city will pay. Null
    /// when it holds until somebody ends it.
    async fn until(&self) -> Option<Date> {
        self.until_on.map(Date)
    }

    /// Whether it holds today.
    async fn is_active(&self, context: &Context<'_>) -> bool {
        self.holds_on(context.operation().today())
    }

    /// The day from which it holds no more, because somebody ended it.
    async fn ended_on(&self) -> Option<Date> {
        self.ended_on.map(Date)
    }

    /// What came of it.
    async fn end_note(&self) -> Option<&str> {
        self.end_note.as_deref()
    }

    /// When it was recorded.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}
