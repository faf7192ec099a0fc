//! Write-offs in the schema. What it is not: the rules.

pub mod mutations;
pub mod queries;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use mutations::WriteOffMutation;
pub use queries::WriteOffQuery;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::write_offs::{self, WriteOff, WriteOffKind, WriteOffStatus};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, InvoiceId, WriteOffId};
use crate::kernel::instant::Instant;

crate::connection!(WriteOffConnection, WriteOffEdge, WriteOff);

/// Whether the viewer may know of a write-off: finance and the auditors of all, a city of its own once
/// they count.
fn visible(write_off: &WriteOff, viewer: &Viewer) -> bool {
    match viewer.scope(Permission::SeeFinance) {
        Scope::All => true,
        own @ Scope::Own { .. } => {
            own.has_city(write_off.city_id) && write_off.status == WriteOffStatus::WrittenOff
        }
    }
}

/// Loads write-offs that the viewer may see.
#[derive(Debug)]
pub struct WriteOffById;

impl Load for WriteOffById {
    type Key = WriteOffId;
    type Value = Arc<WriteOff>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[WriteOffId],
    ) -> Result<HashMap<WriteOffId, Self::Value>> {
        Ok(write_offs::find_many(db, keys)?
            .into_iter()
            .filter(|write_off| visible(write_off, &operation.viewer))
            .map(|write_off| (write_off.id, Arc::new(write_off)))
            .collect())
    }
}

/// Loads the write-offs of invoices that the viewer may see.
#[derive(Debug)]
struct WriteOffsOfInvoice;

impl Load for WriteOffsOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<Arc<WriteOff>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        let seen = |write_offs: Vec<WriteOff>| {
            let write_offs = write_offs
                .into_iter()
                .filter(|write_off| visible(write_off, &operation.viewer));
            Arc::new(write_offs.map(Arc::new).collect())
        };
        Ok(write_offs::of_invoices(db, keys)?
            .into_iter()
            .map(|(invoice, write_offs)| (invoice, seen(write_offs)))
            .collect())
    }
}

/// The write-offs of an invoice that the caller may see, as they were made.
///
/// # Errors
/// What the database says.
pub async fn write_offs_of(
    context: &Context<'_>,
    invoice: InvoiceId,
) -> Result<Vec<Arc<WriteOff>>> {
    let write_offs = context
        .operation()
        .load::<WriteOffsOfInvoice>(invoice)
        .await?;
    Ok(write_offs
        .map(|write_offs| write_offs.to_vec())
        .unwrap_or_default())
}

/// What is given up of an invoice, or taken back of that.
#[Object]
impl WriteOff {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// Where it stands.
    async fn status(&self) -> WriteOffStatus {
        self.status
    }

    /// Why, as a word.
    async fn kind(&self) -> WriteOffKind {
        self.kind
    }

    /// How much; below zero where a write-off is taken back.
    async fn amount(&self) -> Result<Amount> {
        stored(self.amount_minor, &self.currency)
    }

    /// Why; null for those who do not see the finances of all cities.
    async fn reason(&self, context: &Context<'_>) -> Option<&str> {
        let all = context.operation().viewer.may(Permission::SeeFinance);
        Some(self.reason.as_str()).filter(|_| all)
    }

    /// The day from which it counts; null while it waits for a second person.
    async fn written_on(&self) -> Option<Date> {
        self.written_on.map(Date)
    }

    /// The write-off that this one takes back; null for every other.
    async fn reverses(&self, context: &Context<'_>) -> Result<Option<Arc<WriteOff>>> {
        match self.reverses_id {
            Some(id) => context.operation().load::<WriteOffById>(id).await,
            None => Ok(None),
        }
    }

    /// The invoice; null when the caller may not see it.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        context
            .operation()
            .load::<InvoiceById>(self.invoice_id)
            .await
    }

    /// When it was made.
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
