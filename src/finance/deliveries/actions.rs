//! What is done with deliveries: a document is queued, was taken, or was answered. What it is not: the
//! sending itself; a job does that outside of any transaction.
//!
//! Rows are locked in the order of everybody: the invoice, the credit note, the delivery, the sums.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::{Db, Tx};
use crate::finance::credit_notes::{self, CreditNoteStatus};
use crate::finance::deliveries::model::{
    Channel, DeliverDocument, Delivery, DeliveryResponse, DeliveryState, DeliveryTransport,
    NewResponse,
};
use crate::finance::deliveries::{rules, store};
use crate::finance::einvoices::{self, Facts};
use crate::finance::grants;
use crate::finance::invoices::{self, Invoice, InvoiceKind, InvoiceStatus};
use crate::identity::audit;
use crate::jobs;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, CreditNoteId, DeliveryId, FundingGrantId, Id, InvoiceId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::cities;

/// The longest message that is kept of an answer, in characters.
const LONGEST_MESSAGE: usize = 1000;

/// Queues an issued invoice for its buyer; again, under the same id, when it was sent before.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a draft, for what is on its way or accepted, with every problem that
/// keeps it from being an electronic document, and for a buyer who cannot be reached.
pub fn send_invoice(tx: &mut Tx<'_>, id: InvoiceId, version: i32) -> Result<InvoiceId> {
    tx.viewer.permit(Permission::Invoice)?;

    let invoice = invoices::lock(tx, id)?;
    expect_version(Some(version), invoice.version)?;
    let known = store::of_invoices(tx.db, &[id])?.remove(&id);
    let facts = einvoices::facts_of_many(tx.db, std::slice::from_ref(&invoice))?
        .remove(&id)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{id:?} says nothing")))?;
    if invoice.status == InvoiceStatus::Draft {
        return Err(not_issued("invoiceId"));
    }
    if invoice.kind == InvoiceKind::OpeningItem {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "invoiceId",
            "The invoice was issued and sent by the former system.",
            "Fakturaen er udstedt og sendt af det tidligere system.",
        )));
    }
    let document = Document {
        invoice: Some(id),
        credit_note: None,
        city: invoice.city_id,
        grant: invoice.grant_id,
        field: "invoiceId",
    };
    queue(tx, &document, known, &facts)?;
    Ok(id)
}

/// As [`send_invoice`], with a credit note.
///
/// # Errors
/// As [`send_invoice`]; refused for a proposal.
pub fn send_credit_note(tx: &mut Tx<'_>, id: CreditNoteId, version: i32) -> Result<CreditNoteId> {
    tx.viewer.permit(Permission::Invoice)?;

    let note = credit_notes::get(tx.db, id)?;
    // The row of the invoice stands before that of its credit note.
    let grant = invoices::lock(tx, note.invoice_id)?.grant_id;
    let note = credit_notes::get(tx.db, id)?;
    expect_version(Some(version), note.version)?;
    let known = store::of_credit_notes(tx.db, &[id])?.remove(&id);
    if note.status != CreditNoteStatus::Issued {
        return Err(not_issued("creditNoteId"));
    }
    let facts = einvoices::facts_of_credit_note(tx.db, &note)?;
    let document = Document {
        invoice: None,
        credit_note: Some(id),
        city: note.city_id,
        grant,
        field: "creditNoteId",
    };
    queue(tx, &document, known, &facts)?;
    Ok(id)
}

/// What is sent.
struct Document {
    invoice: Option<InvoiceId>,
    credit_note: Option<CreditNoteId>,
    city: CityId,
    /// The grant whose funder gets it in the city's stead.
    grant: Option<FundingGrantId>,
    /// The input's field that names it.
    field: &'static str,
}

fn queue(
    tx: &mut Tx<'_>,
    document: &Document,
    known: Option<Delivery>,
    facts: &Facts,
) -> Result<()> {
    let field = document.field;
    let refused = |refusal: Refusal| Error::refused(refusal.under(field));
    let known = match known {
        Some(delivery) => Some(store::lock(tx, delivery.id)?),
        None => None,
    };
    if let Some(delivery) = &known {
        rules::check_again(delivery.state).map_err(refused)?;
    }
    let mail = mail_of(tx.db, document.city, document.grant)?;
    let channel = rules::channel(&facts.buyer, mail.as_deref()).map_err(refused)?;
    if channel == Channel::Electronic {
        einvoices::written(facts).map_err(|error| error.under(field))?;
    }
    let number = facts.numbered.as_ref().map(|numbered| &numbered.number);
    let number = number.ok_or_else(|| not_issued(field))?.clone();
    let (delivery, is_new) = match known {
        None => (new_delivery(tx, document, channel, number), true),
        Some(delivery) => (
            Delivery {
                channel,
                state: DeliveryState::Queued,
                message: None,
                queued_at: tx.now,
                updated_at: tx.now,
                ..delivery
            },
            false,
        ),
    };

    if is_new {
        store::insert(tx, &delivery)?;
    } else {
        store::update(tx, &delivery)?;
    }
    note(tx, "delivery.queued", &delivery)?;
    let delivery = delivery.id;
    jobs::enqueue(tx, &DeliverDocument { delivery })?;
    Ok(())
}

fn new_delivery(
    tx: &mut Tx<'_>,
    document: &Document,
    channel: Channel,
    number: String,
) -> Delivery {
    Delivery {
        id: tx.new_id(),
        invoice_id: document.invoice,
        credit_note_id: document.credit_note,
        city_id: document.city,
        number,
        channel,
        transport: None,
        state: DeliveryState::Queued,
        message: None,
        queued_at: tx.now,
        sent_at: None,
        answered_at: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
    }
}

/// The address that a city's invoices are mailed to, as it is now, or those of the funder of a grant.
fn mail_of(db: &mut Db, city: CityId, grant: Option<FundingGrantId>) -> Result<Option<String>> {
    if let Some(grant) = grant {
        return Ok(grants::payer(db, grant)?.email);
    }
    let found = cities::find_many(db, &[city])?.into_iter().next();
    Ok(found.and_then(|city| city.invoice_email))
}

/// As [`mail_of`], of what a delivery carries.
pub(super) fn mail_of_delivery(db: &mut Db, delivery: &Delivery) -> Result<Option<String>> {
    let invoice = match (delivery.invoice_id, delivery.credit_note_id) {
        (Some(invoice), _) => Some(invoice),
        (None, Some(note)) => Some(credit_notes::get(db, note)?.invoice_id),
        (None, None) => None,
    };
    let grant = match invoice {
        Some(invoice) => invoices::get(db, invoice)?.grant_id,
        None => None,
    };
    mail_of(db, delivery.city_id, grant)
}

/// Notes that a document was taken. When an answer was faster, it stays.
///
/// # Errors
/// What the database says.
pub(super) fn taken(tx: &mut Tx<'_>, id: DeliveryId, by: DeliveryTransport) -> Result<()> {
    tx.viewer.permit(Permission::Invoice)?;

    let invoice = locked_invoice(tx, id)?;
    let delivery = store::lock(tx, id)?;
    let state = match delivery.state {
        DeliveryState::Queued => DeliveryState::Sent,
        other => other,
    };
    let delivery = Delivery {
        state,
        transport: Some(by),
        sent_at: Some(tx.now),
        updated_at: tx.now,
        ..delivery
    };
    store::update(tx, &delivery)?;
    note(tx, "delivery.sent", &delivery)?;
    mark_sent(tx, invoice.as_ref())
}

/// Notes that whoever carries documents turned one away for good.
///
/// # Errors
/// What the database says.
pub(super) fn turned_away(tx: &mut Tx<'_>, id: DeliveryId, why: String) -> Result<()> {
    tx.viewer.permit(Permission::Invoice)?;

    let delivery = store::lock(tx, id)?;
    if delivery.state != DeliveryState::Queued {
        return Ok(());
    }
    let delivery = Delivery {
        state: DeliveryState::Rejected,
        message: Some(why.chars().take(LONGEST_MESSAGE).collect()),
        answered_at: Some(tx.now),
        updated_at: tx.now,
        ..delivery
    };
    store::update(tx, &delivery)?;
    note(tx, "delivery.rejected", &delivery)
}

/// Records what the buyer's side answered. An answer that was recorded before changes nothing.
///
/// # Errors
/// Refused for a document that was never sent, and for an answer that contradicts an earlier one.
pub fn record_response(tx: &mut Tx<'_>, new: &NewResponse) -> Result<DeliveryId> {
    tx.viewer.permit(Permission::Invoice)?;

    let id = find(tx.db, &new.document)?;
    let invoice = locked_invoice(tx, id)?;
    let delivery = store::lock(tx, id)?;
    let Some(state) = rules::answered(delivery.state, new.response).map_err(Error::refused)? else {
        return Ok(id);
    };
    let message = new.message.as_deref().map(str::trim);
    let message = message.filter(|message| !message.is_empty());
    let delivery = Delivery {
        state,
        message: message.map(|message| message.chars().take(LONGEST_MESSAGE).collect()),
        answered_at: Some(tx.now),
        updated_at: tx.now,
        ..delivery
    };
    store::update(tx, &delivery)?;
    let deed = match new.response {
        DeliveryResponse::Delivered => "delivery.delivered",
        DeliveryResponse::Accepted => "delivery.accepted",
        DeliveryResponse::Rejected => "delivery.rejected",
    };
    note(tx, deed, &delivery)?;
    // Who answers has got it, also when we were cut off before we could note that it left.
    mark_sent(tx, invoice.as_ref())?;
    Ok(id)
}

/// The delivery by its id as it is sent along, or by the document's number.
fn find(db: &mut Db, document: &str) -> Result<DeliveryId> {
    let document = text::line("documentId", document).map_err(Error::refused)?;
    let found = match document.parse() {
        Ok(uuid) => store::find_many(db, &[DeliveryId::of(uuid)])?
            .into_iter()
            .next(),
        Err(_) => store::find_by_number(db, &document)?,
    };
    found.map(|delivery| delivery.id).ok_or_else(|| {
        Error::refused(Refusal::new(
            RefusalCode::NotFound,
            "documentId",
            "No document was sent under this id or number.",
            "Der er ikke sendt noget dokument under dette id eller nummer.",
        ))
    })
}

/// The invoice of a delivery, its row locked before that of the delivery; none for a credit note.
fn locked_invoice(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Option<Invoice>> {
    match store::get(tx.db, id)?.invoice_id {
        Some(invoice) => invoices::lock(tx, invoice).map(Some),
        None => Ok(None),
    }
}

/// An issued invoice becomes a sent one; one that is paid by now stays so.
fn mark_sent(tx: &mut Tx<'_>, invoice: Option<&Invoice>) -> Result<()> {
    match invoice {
        Some(invoice) if invoice.status == InvoiceStatus::Issued => {
            invoices::mark_sent(tx, invoice.id)
        }
        _ => Ok(()),
    }
}

fn note(tx: &mut Tx<'_>, deed: &'static str, delivery: &Delivery) -> Result<()> {
    let details = json!({
        "number": delivery.number,
        "state": delivery.state,
        "message": delivery.message,
    });
    audit::record(tx, deed, delivery.id, Some(delivery.city_id), details)
}

fn not_issued(field: &'static str) -> Error {
    Error::refused(Refusal::new(
        RefusalCode::NotInState,
        field,
        "It is not issued yet: only what has a number is sent.",
        "Den er ikke udstedt endnu: kun det, der har et nummer, sendes.",
    ))
}
