//! The record of a delivery, its states, and the job that sends. What it is not: what is sent.

use diesel::prelude::*;

use crate::jobs::Job;
use crate::kernel::ids::{CityId, CreditNoteId, DeliveryId, Id, InvoiceId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::deliveries;

crate::text_enum! {
    /// How far a document is on its way.
    pub enum DeliveryState {
        /// It leaves with the next attempt.
        Queued = "QUEUED",
        /// It was taken; nobody has answered yet.
        Sent = "SENT",
        /// It reached the buyer's system.
        Delivered = "DELIVERED",
        /// The buyer has accepted it.
        Accepted = "ACCEPTED",
        /// It was turned away.
        Rejected = "REJECTED",
    }
}

crate::text_enum! {
    /// In which form a document goes.
    pub enum Channel {
        /// As an electronic document.
        Electronic = "ELECTRONIC",
        /// As pages by mail.
        Mail = "MAIL",
    }
}

crate::text_enum! {
    /// By what a document was sent.
    pub enum DeliveryTransport {
        /// Into a folder that another program empties.
        File = "FILE",
        /// To an access point.
        AccessPoint = "ACCESS_POINT",
        /// By mail.
        Mail = "MAIL",
    }
}

crate::text_enum! {
    /// What the buyer's side answers.
    pub enum DeliveryResponse {
        /// It reached the buyer's system.
        Delivered = "DELIVERED",
        /// The buyer has accepted it.
        Accepted = "ACCEPTED",
        /// It was turned away.
        Rejected = "REJECTED",
    }
}

/// The way of one document.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = deliveries, treat_none_as_default_value = false)]
pub struct Delivery {
    /// The key; what leaves carries it.
    pub id: DeliveryId,
    /// The invoice, unless it is a credit note.
    pub invoice_id: Option<InvoiceId>,
    /// The credit note.
    pub credit_note_id: Option<CreditNoteId>,
    /// Whose document it is.
    pub city_id: CityId,
    /// The document's number.
    pub number: String,
    /// In which form it goes.
    pub channel: Channel,
    /// By what it was sent last.
    pub transport: Option<DeliveryTransport>,
    /// How far it is.
    pub state: DeliveryState,
    /// What the last answer said.
    pub message: Option<String>,
    /// When it was queued last.
    pub queued_at: Instant,
    /// When it was taken last.
    pub sent_at: Option<Instant>,
    /// When the last answer came.
    pub answered_at: Option<Instant>,
    /// When it was queued first.
    pub created_at: Instant,
    /// Who sent it first.
    pub created_by: Option<UserId>,
    /// When its state last changed.
    pub updated_at: Instant,
}

/// An answer about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResponse {
    /// The delivery's id as it was sent along, or the document's number.
    pub document: String,
    /// What is answered.
    pub response: DeliveryResponse,
    /// In the answer's words.
    pub message: Option<String>,
}

/// Sends a document.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DeliverDocument {
    /// Its delivery.
    pub delivery: DeliveryId,
}

impl Job for DeliverDocument {
    const NAME: &'static str = "finance.deliver_document";

    fn aggregate(&self) -> String {
        format!("delivery:{}", self.delivery.uuid())
    }
}
