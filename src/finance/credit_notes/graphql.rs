//! Credit notes in the schema: the type and what hangs on it. Queries and mutations are in the files of
//! this folder; what it is not: the rules.

pub mod lines;
pub mod mutations;
pub mod queries;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use lines::{ShownCreditLine, ShownTax};
pub use mutations::CreditNoteMutation;
pub use queries::{CreditNoteFilterInput, CreditNoteQuery};

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{CurrencyCode, Date};
use crate::db::Db;
use crate::finance::credit_notes::{
    self, CreditNote, CreditNoteLine, CreditNoteStatus, CreditReason, CreditedTax,
};
use crate::finance::deliveries::Delivery;
use crate::finance::deliveries::graphql::DeliveryOfCreditNote;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::invoices::{Invoice, Party};
use crate::kernel::error::Result;
use crate::kernel::ids::{CreditNoteId, Id, InvoiceId};
use crate::kernel::instant::Instant;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(CreditNoteConnection, CreditNoteEdge, CreditNote);

/// Whether the viewer may know of a credit note: finance and the auditors of all, a city of its own
/// once they are issued.
#[must_use]
pub fn visible(note: &CreditNote, viewer: &Viewer) -> bool {
    match viewer.scope(Permission::SeeFinance) {
        Scope::All => true,
        own @ Scope::Own { .. } => {
            own.has_city(note.city_id) && note.status == CreditNoteStatus::Issued
        }
    }
}

/// Loads credit notes that the viewer may see.
#[derive(Debug)]
pub struct CreditNoteById;

impl Load for CreditNoteById {
    type Key = CreditNoteId;
    type Value = Arc<CreditNote>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[CreditNoteId],
    ) -> Result<HashMap<CreditNoteId, Self::Value>> {
        Ok(credit_notes::find_many(db, keys)?
            .into_iter()
            .filter(|note| visible(note, &operation.viewer))
            .map(|note| (note.id, Arc::new(note)))
            .collect())
    }
}

/// Loads the credit notes of invoices that the viewer may see.
#[derive(Debug)]
struct CreditsOfInvoice;

impl Load for CreditsOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<Arc<CreditNote>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        let seen = |notes: Vec<CreditNote>| {
            let notes = notes
                .into_iter()
                .filter(|note| visible(note, &operation.viewer));
            Arc::new(notes.map(Arc::new).collect())
        };
        Ok(credit_notes::of_invoices(db, keys)?
            .into_iter()
            .map(|(invoice, notes)| (invoice, seen(notes)))
            .collect())
    }
}

/// The credit notes of an invoice that the caller may see, as they were made.
///
/// # Errors
/// What the database says.
pub async fn credits_of(context: &Context<'_>, invoice: InvoiceId) -> Result<Vec<Arc<CreditNote>>> {
    let notes = context
        .operation()
        .load::<CreditsOfInvoice>(invoice)
        .await?;
    Ok(notes.map(|notes| notes.to_vec()).unwrap_or_default())
}

/// Loads the lines of credit notes.
#[derive(Debug)]
struct LinesOfCreditNote;

impl Load for LinesOfCreditNote {
    type Key = CreditNoteId;
    type Value = Arc<Vec<CreditNoteLine>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[CreditNoteId],
    ) -> Result<HashMap<CreditNoteId, Self::Value>> {
        Ok(credit_notes::lines_of_many(db, keys)?
            .into_iter()
            .map(|(note, lines)| (note, Arc::new(lines)))
            .collect())
    }
}

/// What takes an invoice back, or a part of it. Its amounts are positive.
#[Object]
impl CreditNote {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The number, such as "K2026-000001"; null for a proposal.
    async fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> CreditNoteStatus {
        self.status
    }

    /// The one invoice that it takes back.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        context
            .operation()
            .load::<InvoiceById>(self.invoice_id)
            .await
    }

    /// Whose invoice it is; null for those who may not know of the city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        context.operation().load::<CityById>(self.city_id).await
    }

    /// Why, as a word.
    async fn reason_code(&self) -> CreditReason {
        self.reason_code
    }

    /// Why, as it is told the city.
    async fn reason(&self) -> &str {
        &self.reason
    }

    /// Its date; null for a proposal.
    async fn issued_on(&self) -> Option<Date> {
        self.issued_on.map(Date)
    }

    /// The currency of all its amounts: the invoice's.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.currency.clone())
    }

    /// What it takes back without tax.
    async fn net(&self) -> Result<Amount> {
        stored(self.net_minor, &self.currency)
    }

    /// The value added tax that it takes back.
    async fn vat(&self) -> Result<Amount> {
        stored(self.vat_minor, &self.currency)
    }

    /// What it takes back with tax.
    async fn total(&self) -> Result<Amount> {
        stored(self.total_minor, &self.currency)
    }

    /// The tax by category and rate.
    async fn taxes(&self) -> Result<Vec<ShownTax>> {
        let taxes: Vec<CreditedTax> = self.taxes.read()?;
        Ok(taxes
            .into_iter()
            .map(|tax| ShownTax::of(tax, &self.currency))
            .collect())
    }

    /// The lines, in their order.
    async fn lines(&self, context: &Context<'_>) -> Result<Vec<ShownCreditLine>> {
        let lines = context
            .operation()
            .load::<LinesOfCreditNote>(self.id)
            .await?;
        Ok(lines
            .iter()
            .flat_map(|lines| lines.iter())
            .map(|line| ShownCreditLine::of(line, &self.currency))
            .collect())
    }

    /// The seller as it stands on the invoice.
    async fn seller(&self) -> Result<Party> {
        self.seller.read()
    }

    /// The city as it stands on the invoice.
    async fn buyer(&self) -> Result<Party> {
        self.buyer.read()
    }

    /// SHA-256 of everything that stands on it, in hexadecimal digits; null for a proposal.
    async fn content_hash(&self) -> Option<&str> {
        self.content_hash.as_deref()
    }

    /// Its way to the buyer; null when it was never sent from here.
    async fn delivery(&self, context: &Context<'_>) -> Result<Option<Arc<Delivery>>> {
        context
            .operation()
            .load::<DeliveryOfCreditNote>(self.id)
            .await
    }

    /// When it was made or proposed.
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
