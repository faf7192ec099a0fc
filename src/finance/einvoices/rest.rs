//! `GET /api/v1/invoices/{id}/einvoice.xml`. What it is not: the sending of it.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};

use crate::api::download;
use crate::api::operation::Operation;
use crate::api::rest::{Fault, Rest};
use crate::db::workers::Lane;
use crate::finance::einvoices;
use crate::finance::invoices;
use crate::finance::invoices::graphql::visible;
use crate::kernel::error::{Error, Result};
use crate::kernel::hash::sha256_hex;
use crate::kernel::ids::{Id, InvoiceId};

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
    let outcome = fetch_document(&rest, id.into_inner()).await;
    rest.answer(outcome)
}

async fn fetch_document(rest: &Rest, id: String) -> Result<HttpResponse, Fault> {
    let (number, content) = rest
        .run(Lane::Reading, move |operation| read(operation, &id))
        .await?;
    let tag = format!("\"{}\"", sha256_hex(&content));
    if download::has_already(rest.request(), &tag) {
        return Ok(download::not_modified(&tag));
    }
    Ok(download::attachment(&format!("{number}.xml"), &tag)
        .insert_header((CONTENT_TYPE, "application/xml"))
        .body(content))
}

/// The number and the document of an invoice that the caller may see.
fn read(operation: &Operation, id: &str) -> Result<(String, Vec<u8>)> {
    let missing = || Error::NotFound {
        kind: InvoiceId::KIND,
        id: id.to_owned(),
    };
    let known = InvoiceId::parse(id).map_err(|_| missing())?;
    let facts = operation.read(|db| {
        let invoice = invoices::find(db, known)?
            .filter(|invoice| visible(invoice, &operation.viewer))
            .ok_or_else(missing)?;
        einvoices::facts_of_many(db, &[invoice])?
            .remove(&known)
            .ok_or_else(missing)
    })?;
    let document = einvoices::document(&facts).map_err(Error::Refused)?;
    let content = einvoices::write(&document).map_err(|unwritable| {
        Error::Internal(anyhow::Error::from(unwritable).context(document.number.clone()))
    })?;
    Ok((document.number, content))
}
