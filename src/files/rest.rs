//! `PUT /api/v1/files` and `GET /api/v1/files/{id}`. What it is not: a place where contents are
//! shown; they are handed out as attachments.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, ContentDisposition, HeaderName, HeaderValue, LOCATION,
};
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::api::download;
use crate::api::inputs;
use crate::api::rest::{self, Fault, Rest};
use crate::db::workers::Lane;
use crate::files::{self, NewFile, StoredFile, rules};
use crate::identity::idempotency::{self, Outcome};
use crate::kernel::error::Error;
use crate::kernel::hash::sha256_hex;
use crate::kernel::ids::{CityId, FileId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;
use crate::workflows::store_file;

/// The query of a file to store.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct StoreQuery {
    /// The city the file belongs to; without one it is the network's.
    city_id: Option<String>,
    /// The file's name, if it is not in the Content-Disposition header.
    name: Option<String>,
}

/// A stored file.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileBody {
    /// The id.
    id: String,
    /// The name it is offered under.
    name: String,
    /// What its content is.
    media_type: String,
    /// Bytes.
    size: i64,
    /// SHA-256 of the content in hexadecimal digits.
    sha256: String,
    /// When it was stored, RFC 3339.
    #[schema(value_type = String)]
    created_at: Instant,
}

impl FileBody {
    fn of(file: &StoredFile) -> Self {
        Self {
            id: file.id.public(),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.size,
            sha256: file.sha256.clone(),
            created_at: file.created_at,
        }
    }
}

/// Stores a file.
#[utoipa::path(
    put,
    path = "/api/v1/files",
    tag = "files",
    params(
        StoreQuery,
        ("Content-Disposition" = Option<String>, Header, description = "`attachment; filename=…`: the file's name, if it is not in the query."),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 visible ASCII characters; the same content again under the same key is stored once."),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The content itself, at most 25 MiB: PDF, PNG, JPEG, Word, Excel, PowerPoint, OpenDocument, CSV, text."),
    responses(
        (status = 201, body = FileBody, description = "It is stored; Location names it."),
        (status = 404, description = "There is no such city."),
        (status = 409, description = "The first request with this idempotency key still runs."),
        (status = 413, description = "More than 25 MiB."),
        (status = 415, description = "The content is none of the allowed types."),
        (status = 422, description = "The name is missing or unfit."),
    ),
    security(("bearer" = []))
)]
pub async fn store(rest: Rest, mut payload: web::Payload) -> HttpResponse {
    let outcome = store_content(&rest, &mut payload).await;
    rest.answer(outcome.map(|Outcome { value, replayed }| {
        let location = format!("/api/v1/files/{}", value.id);
        let mut response = rest::json(StatusCode::CREATED, &value);
        let headers = response.headers_mut();
        if let Ok(location) = location.parse() {
            headers.insert(LOCATION, location);
        }
        if replayed {
            let name = HeaderName::from_static("idempotent-replayed");
            headers.insert(name, HeaderValue::from_static("true"));
        }
        response
    }))
}

async fn store_content(
    rest: &Rest,
    payload: &mut web::Payload,
) -> Result<Outcome<FileBody>, Fault> {
    let query = web::Query::<StoreQuery>::from_query(rest.request().query_string())
        .map_err(|_| {
            bad(
                "The query takes cityId and name.",
                "Forespørgslen kan have cityId og name.",
            )
        })?
        .into_inner();
    let city: Option<CityId> = query
        .city_id
        .as_deref()
        .map(|id| inputs::query_id(&id.into()))
        .transpose()?;
    // Who may not store is told so before the content travels.
    rest.run(Lane::Reading, move |operation| {
        operation.read(|db| store_file::permit(db, &operation.viewer, city, operation.today()))
    })
    .await?;
    let name = query.name.or_else(|| given_name(rest)).unwrap_or_default();
    let name = rules::file_name(&name).map_err(Error::from)?;

    let content = rest.bytes(payload, rules::LARGEST).await?.freeze();
    let Some(media_type) = rules::media_type(&content, &name) else {
        return Err(unfit(rest));
    };
    if let Some(declared) = contradicted(rest, media_type) {
        return Err(misdeclared(rest, &declared, media_type));
    }
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let app = rest.app().clone();
    let sha256 = web::block(move || app.files.keep(&content))
        .await
        .map_err(|_| Error::Unavailable("no thread was free to store a file".to_owned()))?
        .map_err(|error| Error::Unavailable(format!("the file could not be stored: {error}")))?;
    let new = NewFile {
        sha256,
        size,
        media_type,
        name,
        city,
    };
    rest.run(Lane::Writing, move |operation| {
        let digest = digest(&new);
        operation.write(|tx| match &operation.idempotency_key {
            None => Ok(Outcome {
                value: FileBody::of(&store_file::store_file(tx, new)?),
                replayed: false,
            }),
            Some(key) => idempotency::once(tx, key, "PUT /api/v1/files", &digest, |tx| {
                Ok(FileBody::of(&store_file::store_file(tx, new)?))
            }),
        })
    })
    .await
}

/// Hands a file out.
#[utoipa::path(
    get,
    path = "/api/v1/files/{id}",
    tag = "files",
    params(
        ("id" = String, Path, description = "The file's id."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "The content, as an attachment, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 404, description = "There is no such file, or the caller may not know of it."),
    ),
    security(("bearer" = []))
)]
pub async fn fetch(rest: Rest, id: web::Path<String>) -> HttpResponse {
    let outcome = fetch_content(&rest, id.into_inner()).await;
    rest.answer(outcome)
}

async fn fetch_content(rest: &Rest, id: String) -> Result<HttpResponse, Fault> {
    let missing = Error::NotFound {
        kind: FileId::KIND,
        id: id.clone(),
    };
    let Ok(id) = FileId::parse(&id) else {
        return Err(missing.into());
    };
    let file = rest
        .run(Lane::Reading, move |operation| {
            let file = operation.read(|db| files::find(db, id))?;
            Ok(file.filter(|file| rules::visible(file, &operation.viewer)))
        })
        .await?;
    match file {
        Some(file) => hand_out(rest, file).await,
        None => Err(missing.into()),
    }
}

/// Hands the content of a file out that the caller may read.
///
/// # Errors
/// A fault when the content is gone or was changed.
pub async fn hand_out(rest: &Rest, file: StoredFile) -> Result<HttpResponse, Fault> {
    let tag = format!("\"{}\"", file.sha256);
    if download::has_already(rest.request(), &tag) {
        return Ok(download::not_modified(&tag));
    }
    let (app, hash) = (rest.app().clone(), file.sha256.clone());
    let content = web::block(move || app.files.read(&hash))
        .await
        .map_err(|_| Error::Unavailable("no thread was free to read a file".to_owned()))?
        .map_err(|error| {
            Error::Internal(anyhow::anyhow!(
                "the content {} of {:?}: {error}",
                file.sha256,
                file.id
            ))
        })?;
    Ok(download::attachment(&file.name, &tag)
        .insert_header((CONTENT_TYPE, file.media_type))
        .body(content))
}

/// The name in the Content-Disposition header (RFC 6266): `filename*` before `filename`.
fn given_name(rest: &Rest) -> Option<String> {
    let header = rest.request().headers().get(CONTENT_DISPOSITION)?;
    let disposition = ContentDisposition::from_raw(header).ok()?;
    match disposition.get_filename_ext() {
        Some(extended) => String::from_utf8(extended.value.clone()).ok(),
        None => disposition.get_filename().map(str::to_owned),
    }
}

fn digest(new: &NewFile) -> String {
    let city = new.city.map(Id::public).unwrap_or_default();
    sha256_hex(format!("{}\n{city}\n{}", new.sha256, new.name).as_bytes())
}

/// The type that the request declares, where it is another one than the content has. What programs
/// send when they were told nothing declares nothing.
fn contradicted(rest: &Rest, media_type: &str) -> Option<String> {
    const UNTOLD: [&str; 2] = [
        "application/octet-stream",
        "application/x-www-form-urlencoded",
    ];

    let declared = rest.content_type()?;
    (declared != media_type && !UNTOLD.contains(&declared.as_str())).then_some(declared)
}

fn misdeclared(rest: &Rest, declared: &str, media_type: &str) -> Fault {
    let message = Phrase::new(
        format!(
            "The request says {declared}, and the content is {media_type}; say that, or send the right file."
        ),
        format!(
            "Forespørgslen siger {declared}, og indholdet er {media_type}; skriv det, eller send den rigtige fil."
        ),
    );
    rest.refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", &message)
        .into()
}

fn unfit(rest: &Rest) -> Fault {
    let message = Phrase::new(
        format!(
            "The content is none of the types that are stored here: {}.",
            rules::ALLOWED
        ),
        format!(
            "Indholdet er ingen af de typer, der kan gemmes her: {}.",
            rules::ALLOWED
        ),
    );
    rest.refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", &message)
        .into()
}

fn bad(en: &str, da: &str) -> Error {
    Error::BadRequest(Phrase::new(en, da))
}
