//! `GET /api/v1/reminders/{id}/document.pdf`. What it is not: the mail.

use actix_web::{HttpResponse, web};

use crate::api::download;
use crate::api::operation::Operation;
use crate::api::rest::{Fault, Rest};
use crate::db::workers::Lane;
use crate::finance::documents::Wanted;
use crate::finance::reminders;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, ReminderId};
use crate::kernel::language::Language;

/// Hands the pages of a reminder out.
#[utoipa::path(
    get,
    path = "/api/v1/reminders/{id}/document.pdf",
    tag = "invoices",
    params(
        ("id" = String, Path, description = "The reminder's id."),
        ("language" = Option<String>, Query, description = "da or en; by default the language of the buyer's country."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/pdf", description = "The reminder as it was sent, as PDF/A, as an attachment, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 400, description = "The language is none of the two."),
        (status = 404, description = "There is no such reminder, or the caller may not know of it."),
    ),
    security(("bearer" = []))
)]
pub async fn fetch(rest: Rest, id: web::Path<String>, wanted: web::Query<Wanted>) -> HttpResponse {
    let outcome = hand_out(&rest, id.into_inner(), &wanted).await;
    rest.answer(outcome)
}

async fn hand_out(rest: &Rest, id: String, wanted: &Wanted) -> Result<HttpResponse, Fault> {
    let language = download::language_asked(wanted.language.as_deref())?;
    let (name, content) = rest
        .run(Lane::Reading, move |operation| {
            read(operation, &id, language)
        })
        .await?;
    let media = "application/pdf";
    Ok(download::hand_out(rest.request(), &name, media, content))
}

fn read(operation: &Operation, id: &str, language: Option<Language>) -> Result<(String, Vec<u8>)> {
    let missing = || Error::NotFound {
        kind: ReminderId::KIND,
        id: id.to_owned(),
    };
    let known = ReminderId::parse(id).map_err(|_| missing())?;
    operation.read(|db| {
        let reminder = reminders::find_many(db, &[known])?
            .into_iter()
            .find(|reminder| reminders::graphql::visible(reminder, &operation.viewer))
            .ok_or_else(missing)?;
        let sent = reminders::as_sent(db, &reminder, language)?;
        Ok((sent.name, sent.content))
    })
}
