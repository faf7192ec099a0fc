//! `GET /api/v1/documents/{id}/editions/{number}`: the file of an edition. What it is not: the files of the
//! network, which only those who see all files may read.

use actix_web::{HttpResponse, web};

use crate::api::rest::{Fault, Rest};
use crate::db::workers::Lane;
use crate::files;
use crate::kernel::error::Error;
use crate::kernel::ids::{DocumentId, Id};
use crate::programme::documents::{self, rules};

/// Hands the file of an edition out.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}/editions/{number}",
    tag = "documents",
    params(
        ("id" = String, Path, description = "The document's id."),
        ("number" = i32, Path, description = "Which edition, from 1."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "The content, as an attachment, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 404, description = "There is no such edition, or the caller may not know of it."),
    ),
    security((), ("bearer" = []))
)]
pub async fn edition(rest: Rest, path: web::Path<(String, i32)>) -> HttpResponse {
    let (id, number) = path.into_inner();
    let outcome = hand_out(&rest, id, number).await;
    rest.answer(outcome)
}

async fn hand_out(rest: &Rest, id: String, number: i32) -> Result<HttpResponse, Fault> {
    let missing = Error::NotFound {
        kind: DocumentId::KIND,
        id: id.clone(),
    };
    let Ok(id) = DocumentId::parse(&id) else {
        return Err(missing.into());
    };
    let file = rest
        .run(Lane::Reading, move |operation| {
            operation.read(|db| {
                let found = documents::find_many(db, &[id])?.into_iter().next();
                let seen = found.filter(|document| {
                    let reader = rules::reader(document, &operation.viewer);
                    rules::sees_edition(document, reader, number)
                });
                if seen.is_none() {
                    return Ok(None);
                }
                let editions = documents::editions_of(db, &[id])?.remove(&id);
                let mut editions = editions.unwrap_or_default().into_iter();
                match editions.find(|edition| edition.number == number) {
                    Some(edition) => files::find(db, edition.file_id),
                    None => Ok(None),
                }
            })
        })
        .await?;
    match file {
        Some(file) => files::rest::hand_out(rest, file).await,
        None => Err(missing.into()),
    }
}
