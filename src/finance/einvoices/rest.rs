//! `GET /api/v1/invoices/{id}/einvoice.xml` and the same of credit notes. What it is not: the sending of
//! it.

use actix_web::{HttpResponse, web};

use crate::api::download;
use crate::api::operation::Operation;
use crate::api::rest::{Fault, Rest};
use crate::db::workers::Lane;
use crate::finance::einvoices::{self, Facts};
use crate::finance::{credit_notes, invoices};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CreditNoteId, Id, InvoiceId};

/// Hands the electronic invoice out.
#[utoipa::path(
    get,
    path = "/api/v1/invoices/{id}/einvoice.xml",
    tag = "invoices",
    params(
        ("id" = String, Path, description = "The invoice's id."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/xml", description = "The invoice as UBL 2.1 of Peppol BIS Billing 3.0, as an attachment named by its number, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 404, description = "There is no such invoice, or the caller may not know of it."),
        (status = 422, description = "It cannot be an electronic invoice; errors names all that is missing."),
    ),
    security(("bearer" = []))
)]
pub async fn fetch(rest: Rest, id: web::Path<String>) -> HttpResponse {
    let outcome = hand_out(&rest, id.into_inner(), invoice).await;
    rest.answer(outcome)
}

/// Hands the electronic credit note out.
#[utoipa::path(
    get,
    path = "/api/v1/credit-notes/{id}/einvoice.xml",
    tag = "invoices",
    params(
        ("id" = String, Path, description = "The credit note's id."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/xml", description = "The credit note as UBL 2.1 of Peppol BIS Billing 3.0, as an attachment named by its number, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 404, description = "There is no such credit note, or the caller may not know of it."),
        (status = 422, description = "It cannot be an electronic document; errors names all that is missing."),
    ),
    security(("bearer" = []))
)]
pub async fn fetch_credit_note(rest: Rest, id: web::Path<String>) -> HttpResponse {
    let outcome = hand_out(&rest, id.into_inner(), credit_note).await;
    rest.answer(outcome)
}

type Said = fn(&Operation, &str) -> Result<Facts>;

async fn hand_out(rest: &Rest, id: String, said: Said) -> Result<HttpResponse, Fault> {
    let (number, content) = rest
        .run(Lane::Reading, move |operation| {
            einvoices::written(&said(operation, &id)?)
        })
        .await?;
    let name = format!("{number}.xml");
    let media = "application/xml";
    Ok(download::hand_out(rest.request(), &name, media, content))
}

/// What an invoice says that the caller may see.
fn invoice(operation: &Operation, id: &str) -> Result<Facts> {
    let missing = || Error::NotFound {
        kind: InvoiceId::KIND,
        id: id.to_owned(),
    };
    let known = InvoiceId::parse(id).map_err(|_| missing())?;
    operation.read(|db| {
        let invoice = invoices::find(db, known)?
            .filter(|invoice| invoices::graphql::visible(invoice, &operation.viewer))
            // The document of an opening item is with the system that issued it.
            .filter(|invoice| invoice.kind != invoices::InvoiceKind::OpeningItem)
            .ok_or_else(missing)?;
        einvoices::facts_of_many(db, &[invoice])?
            .remove(&known)
            .ok_or_else(missing)
    })
}

/// What a credit note says that the caller may see.
fn credit_note(operation: &Operation, id: &str) -> Result<Facts> {
    let missing = || Error::NotFound {
        kind: CreditNoteId::KIND,
        id: id.to_owned(),
    };
    let known = CreditNoteId::parse(id).map_err(|_| missing())?;
    operation.read(|db| {
        let note = credit_notes::find_many(db, &[known])?
            .into_iter()
            .find(|note| credit_notes::graphql::visible(note, &operation.viewer))
            .ok_or_else(missing)?;
        einvoices::facts_of_credit_note(db, &note)
    })
}
