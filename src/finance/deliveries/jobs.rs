//! How a document is sent. What it is not: the states; those are in `rules`.

use crate::access::viewer::Viewer;
use crate::app::{App, Run};
use crate::db::Db;
use crate::finance::deliveries::courier::{Carried, Parcel};
use crate::finance::deliveries::model::{
    Channel, DeliverDocument, Delivery, DeliveryState, DeliveryTransport,
};
use crate::finance::deliveries::{actions, store};
use crate::finance::documents::{self, Original};
use crate::finance::einvoices::{self, DocumentKind, Facts};
use crate::finance::{credit_notes, invoices};
use crate::kernel::email::Email;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, JobId};
use crate::kernel::language::Language;
use crate::notifications::{Attachment, Message, send_with};

const VIEWER: Viewer = Viewer::System("finance.deliver_document");

impl Run for DeliverDocument {
    /// A second attempt, also after the process ended between sending and noting it, sends the same
    /// document under the same id.
    fn run(self, app: &App, _: JobId, db: &mut Db) -> anyhow::Result<()> {
        let delivery = store::get(db, self.delivery)?;
        if delivery.state != DeliveryState::Queued {
            return Ok(());
        }
        let (facts, pages) = document(db, &delivery)?;
        let carried = match delivery.channel {
            Channel::Electronic => {
                let (number, xml) = einvoices::written(&facts)?;
                app.courier.carry(Parcel {
                    id: delivery.id,
                    number: &number,
                    xml: &xml,
                    pdf: &pages.content,
                })?
            }
            Channel::Mail => mail(app, db, &delivery, &facts, pages)?,
        };
        db.write(&VIEWER, app.now(), |tx| match carried {
            Carried::Taken(by) => actions::taken(tx, delivery.id, by),
            Carried::TurnedAway(why) => actions::turned_away(tx, delivery.id, why),
        })?;
        Ok(())
    }
}

/// What the document says, and its pages.
fn document(db: &mut Db, delivery: &Delivery) -> Result<(Facts, Original)> {
    let nothing = || Error::Internal(anyhow::anyhow!("{:?} has no document", delivery.id));
    match (delivery.invoice_id, delivery.credit_note_id) {
        (Some(id), _) => {
            let invoice = invoices::get(db, id)?;
            let pages = documents::of_invoice(db, &invoice, None)?;
            let facts = einvoices::facts_of_many(db, &[invoice])?.remove(&id);
            Ok((facts.ok_or_else(nothing)?, pages))
        }
        (None, Some(id)) => {
            let note = credit_notes::get(db, id)?;
            let pages = documents::of_credit_note(db, &note, None)?;
            Ok((einvoices::facts_of_credit_note(db, &note)?, pages))
        }
        (None, None) => Err(nothing()),
    }
}

/// Mails the pages. The id of the mail is that of the delivery, the same each time.
fn mail(
    app: &App,
    db: &mut Db,
    delivery: &Delivery,
    facts: &Facts,
    pages: Original,
) -> anyhow::Result<Carried> {
    let address = actions::mail_of_delivery(db, delivery)?;
    let Some(address) = address else {
        return Ok(Carried::TurnedAway(
            "The buyer has no e-mail address for invoices any more.".to_owned(),
        ));
    };
    let message = Message {
        name: facts.buyer.name.clone(),
        recipient: Email::parse(&address)?,
        subject: subject(facts, &delivery.number),
        text: text(facts, &delivery.number),
    };
    let attachment = Attachment {
        name: format!("{}.pdf", pages.name),
        content_type: "application/pdf",
        content: pages.content,
    };
    let job = JobId::of(delivery.id.uuid());
    send_with(&app.mailer, &message, &[attachment], job, app.now())?;
    Ok(Carried::Taken(DeliveryTransport::Mail))
}

fn subject(facts: &Facts, number: &str) -> String {
    let seller = &facts.seller.name;
    match (facts.kind, documents::language_of(facts)) {
        (DocumentKind::Invoice, Language::Da) => format!("Faktura {number} fra {seller}"),
        (DocumentKind::Invoice, Language::En) => format!("Invoice {number} from {seller}"),
        (DocumentKind::CreditNote, Language::Da) => format!("Kreditnota {number} fra {seller}"),
        (DocumentKind::CreditNote, Language::En) => format!("Credit note {number} from {seller}"),
    }
}

fn text(facts: &Facts, number: &str) -> String {
    let (buyer, seller) = (&facts.buyer.name, &facts.seller.name);
    match (facts.kind, documents::language_of(facts)) {
        (DocumentKind::Invoice, Language::Da) => {
            format!("Til {buyer}\n\nVedhæftet er faktura {number}.\n\nVenlig hilsen\n{seller}\n")
        }
        (DocumentKind::Invoice, Language::En) => {
            format!(
                "To {buyer}\n\nPlease find invoice {number} attached.\n\nKind regards\n{seller}\n"
            )
        }
        (DocumentKind::CreditNote, Language::Da) => {
            format!("Til {buyer}\n\nVedhæftet er kreditnota {number}.\n\nVenlig hilsen\n{seller}\n")
        }
        (DocumentKind::CreditNote, Language::En) => {
            format!(
                "To {buyer}\n\nPlease find credit note {number} attached.\n\nKind regards\n{seller}\n"
            )
        }
    }
}
