//! The way of an issued invoice or credit note to its buyer, and what the buyer's side answers. What it
//! is not: the document (`einvoices`, `documents`), or the network that carries it.
//!
//! A document is queued with the deed and leaves by a job: as an electronic document to an access point,
//! or into a folder that another program empties, or as pages by mail to buyers that take no electronic
//! one. QUEUED becomes SENT when it was taken, then DELIVERED, and ACCEPTED or REJECTED by answers; without
//! one it stays SENT.
//!
//! Invariants: a document has one delivery with one id, under which it is sent however often, so that
//! whoever gets it twice can tell; an answer counts once, in whatever order answers come, and an
//! acceptance and a rejection exclude each other; a rejected invoice is still issued and owed, and is
//! taken back by a credit note, not by the rejection.

mod actions;
mod courier;
pub mod graphql;
pub mod jobs;
mod lists;
mod model;
pub mod rules;
mod store;

pub use actions::{record_response, send_credit_note, send_invoice};
pub use courier::{Courier, WrongDeliverySetting};
pub use lists::{Rejected, count_rejected, rejected, undelivered};
pub use model::{
    Channel, DeliverDocument, Delivery, DeliveryResponse, DeliveryState, DeliveryTransport,
    NewResponse,
};
pub use store::{find_many, get, of_credit_notes, of_invoices};
