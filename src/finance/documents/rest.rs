//! `GET /api/v1/invoices/{id}/document.pdf` and the same of credit notes. What it is not: the sending.

use actix_web::{HttpResponse, web};

use crate::api::download;
use crate::api::operation::Operation;
use crate::api::rest::{Fault, Rest};
use crate::db::workers::Lane;
use crate::finance::documents::{self, Original};
use crate::finance::{credit_notes, invoices};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CreditNoteId, Id, InvoiceId};
use crate::kernel::language::Language;

/// What may be asked of a document.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// `da` or `en`.
    pub language: Option<String>,
}

/// Hands the pages of an invoice out.
#[utoipa::path(
    get,
    path = "/api/v1/invoices/{id}/document.pdf",
    tag = "invoices",
    params(
        ("id" = String, Path, description = "The invoice's id."),
        ("language" = Option<String>, Query, description = "da or en; by default the language of the buyer's country."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/pdf", description = "The invoice as PDF/A, as an attachment named by its number, with a strong ETag; a draft says on each page that it is one."),
        (status = 304, description = "The caller has it already."),
        (status = 400, description = "The language is none of the two."),
        (status = 404, description = "There is no such invoice, or the caller may not know of it."),
    ),
    security(("bearer" = []))
)]
pub async fn of_invoice(
    rest: Rest,
    id: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> HttpResponse {
    let outcome = fetch(&rest, &wanted, id.into_inner(), read_invoice).await;
    rest.answer(outcome)
}

/// Hands the pages of a credit note out.
#[utoipa::path(
    get,
    path = "/api/v1/credit-notes/{id}/document.pdf",
    tag = "invoices",
    params(
        ("id" = String, Path, description = "The credit note's id."),
        ("language" = Option<String>, Query, description = "da or en; by default the language of the buyer's country."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/pdf", description = "The credit note as PDF/A, as an attachment named by its number, with a strong ETag; a proposal says on each page that it is a draft."),
        (status = 304, description = "The caller has it already."),
        (status = 400, description = "The language is none of the two."),
        (status = 404, description = "There is no such credit note, or the caller may not know of it."),
    ),
    security(("bearer" = []))
)]
pub async fn of_credit_note(
    rest: Rest,
    id: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> HttpResponse {
    let outcome = fetch(&rest, &wanted, id.into_inner(), read_credit_note).await;
    rest.answer(outcome)
}

type Read = fn(&Operation, &str, Option<Language>) -> Result<Original>;

async fn fetch(
    rest: &Rest,
    wanted: &Wanted,
    id: String,
    read: Read,
) -> Result<HttpResponse, Fault> {
    let language = download::language_asked(wanted.language.as_deref())?;
    let original = rest
        .run(Lane::Reading, move |operation| {
            read(operation, &id, language)
        })
        .await?;
    let name = format!("{}.pdf", original.name);
    let media = "application/pdf";
    Ok(download::hand_out(
        rest.request(),
        &name,
        media,
        original.content,
    ))
}

fn read_invoice(operation: &Operation, id: &str, language: Option<Language>) -> Result<Original> {
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
        documents::of_invoice(db, &invoice, language)
    })
}

fn read_credit_note(
    operation: &Operation,
    id: &str,
    language: Option<Language>,
) -> Result<Original> {
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
        documents::of_credit_note(db, &note, language)
    })
}
