//! Deliveries in the schema: a part of the document that is sent. Mutations are in this folder; what it
//! is not: an object that is asked for by itself.

pub mod mutations;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Object;

pub use mutations::DeliveryMutation;

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::deliveries::{self, Channel, Delivery, DeliveryState, DeliveryTransport};
use crate::kernel::error::Result;
use crate::kernel::ids::{CreditNoteId, DeliveryId, Id, InvoiceId};
use crate::kernel::instant::Instant;

/// Loads deliveries that the viewer may see.
#[derive(Debug)]
pub struct DeliveryById;

impl Load for DeliveryById {
    type Key = DeliveryId;
    type Value = Arc<Delivery>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[DeliveryId],
    ) -> Result<HashMap<DeliveryId, Self::Value>> {
        let scope = operation.viewer.scope(Permission::SeeFinance);
        Ok(deliveries::find_many(db, keys)?
            .into_iter()
            .filter(|delivery| scope.has_city(delivery.city_id))
            .map(|delivery| (delivery.id, Arc::new(delivery)))
            .collect())
    }
}

/// Loads the deliveries of invoices. Whoever has an invoice may see it.
#[derive(Debug)]
pub struct DeliveryOfInvoice;

impl Load for DeliveryOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Delivery>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        let found = deliveries::of_invoices(db, keys)?.into_iter();
        Ok(found
            .map(|(id, delivery)| (id, Arc::new(delivery)))
            .collect())
    }
}

/// Loads the deliveries of credit notes. Whoever has a credit note may see it.
#[derive(Debug)]
pub struct DeliveryOfCreditNote;

impl Load for DeliveryOfCreditNote {
    type Key = CreditNoteId;
    type Value = Arc<Delivery>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[CreditNoteId],
    ) -> Result<HashMap<CreditNoteId, Self::Value>> {
        let found = deliveries::of_credit_notes(db, keys)?.into_iter();
        Ok(found
            .map(|(id, delivery)| (id, Arc::new(delivery)))
            .collect())
    }
}

/// The way of a document to its buyer.
#[Object]
impl Delivery {
    /// The id that the document carries on its way, the same however often it is sent.
    async fn document_id(&self) -> String {
        self.id.uuid().to_string()
    }

    /// How far it is.
    async fn state(&self) -> DeliveryState {
        self.state
    }

    /// In which form it goes.
    async fn channel(&self) -> Channel {
        self.channel
    }

    /// By what it was sent last; null before.
    async fn transport(&self) -> Option<DeliveryTransport> {
        self.transport
    }

    /// What the last answer said.
    async fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// When it was queued last.
    async fn queued_at(&self) -> Instant {
        self.queued_at
    }

    /// When it was taken last; null before.
    async fn sent_at(&self) -> Option<Instant> {
        self.sent_at
    }

    /// When the last answer came.
    async fn answered_at(&self) -> Option<Instant> {
        self.answered_at
    }
}
