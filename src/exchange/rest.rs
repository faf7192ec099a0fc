//! `POST /api/v1/imports/{kind}` and `GET /api/v1/exports/{kind}.csv`. What it is not: the command
//! line's import; both call the same functions.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, HeaderValue,
};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use futures_util::stream::Stream;
use serde::Deserialize;

use crate::api::rest::{self, Fault, Rest};
use crate::db::workers::Lane;
use crate::exchange::columns::Kind;
use crate::exchange::exports::{self, Export, Format};
use crate::exchange::imports::{self, Mode, Report, ReportBody};
use crate::exchange::outflow;
use crate::exchange::sheet::{
    self, ByteOrderMark, DecimalSign, Delimiter, Encoding, MAX_BYTES, ReadOptions, WriteOptions,
};
use crate::identity::idempotency::Outcome;
use crate::identity::turns::PATIENCE;
use crate::kernel::error::Error;
use crate::kernel::phrase::Phrase;
use crate::server::openapi::Problem;

/// How long a large file may take; the command line has no such limit.
const TIME: Duration = Duration::from_mins(1);

/// The query of an import.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Write it, if no row is wrong; a dry run otherwise.
    #[serde(default)]
    apply: bool,
    /// `comma` or `point`, if the delimiter does not tell.
    decimal: Option<String>,
    /// `utf-8` or `latin1`, if the bytes do not tell.
    encoding: Option<String>,
    /// Of opening items only: what is open on all rows together. Another sum, and nothing is written.
    #[serde(rename = "controlTotal")]
    control_total: Option<String>,
}

/// The query of an export.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `comma` (the default) or `semicolon`, as a Danish spreadsheet program expects.
    delimiter: Option<String>,
    /// Begin with a byte order mark, by which some spreadsheet programs know UTF-8.
    #[serde(default)]
    bom: bool,
    /// The first day of a journal.
    from: Option<NaiveDate>,
    /// The last day of a journal.
    through: Option<NaiveDate>,
}

/// Takes a spreadsheet over: a dry run, or with `apply` all of it or nothing.
#[utoipa::path(
    post,
    path = "/api/v1/imports/{kind}",
    tag = "spreadsheets",
    params(
        ("kind" = String, Path, description = "`cities`, `memberships`, `coordinators`, `experts`, `people`, `partners` or `opening-items`."),
        ImportQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 visible ASCII characters; needed with `apply`. The same file again under the same key is answered as the first time."),
    ),
    request_body(content = String, content_type = "text/csv", description = "A heading and at most 100,000 rows, at most 10 MiB; docs/API.md has the columns."),
    responses(
        (status = 200, body = ReportBody, description = "No row is wrong: what was done, or would be. `Idempotent-Replayed: true` marks the answer to a repetition."),
        (status = 400, description = "A query that is not known, or `apply` without an idempotency key."),
        (status = 403, description = "The caller may not import."),
        (status = 404, description = "No such kind can be imported."),
        (status = 409, description = "The first request with this idempotency key still runs."),
        (status = 413, description = "More than 10 MiB."),
        (status = 415, description = "The body is not text/csv."),
        (status = 422, description = "The report: a row is wrong, and nothing was written. Or, as a problem, the idempotency key belongs to another request.", content((ReportBody = "application/json"), (Problem = "application/problem+json"))),
    ),
    security(("bearer" = []))
)]
pub async fn import(
    rest: Rest,
    kind: web::Path<String>,
    query: web::Query<ImportQuery>,
    mut payload: web::Payload,
) -> HttpResponse {
    let outcome = import_file(&rest, &kind, query.into_inner(), &mut payload).await;
    rest.answer(outcome.map(|Outcome { value, replayed }| {
        let status = if value.is_sound() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let mut response = rest::json(status, &value.body(rest.language));
        if replayed {
            response.headers_mut().insert(
                HeaderName::from_static("idempotent-replayed"),
                HeaderValue::from_static("true"),
            );
        }
        response
    }))
}

async fn import_file(
    rest: &Rest,
    kind: &str,
    query: ImportQuery,
    payload: &mut web::Payload,
) -> Result<Outcome<Report>, Fault> {
    let kind = Kind::from_name(kind)
        .filter(|kind| kind.is_importable())
        .ok_or_else(|| not_a_kind(kind))?;
    let options = read_options(&query)?;
    if query.control_total.is_some() && kind != Kind::OpeningItems {
        return Err(bad(
            "Only opening items have a control total.",
            "Kun åbningsposter har en kontrolsum.",
        )
        .into());
    }
    let permission = kind.import_permission();
    // Who may not import does not get as far as having a large file read and judged.
    rest.run(Lane::Reading, move |operation| {
        operation.viewer.permit(permission)
    })
    .await?;
    rest.expect_media_type("text/csv")?;
    let bytes = rest
        .bytes(payload, u64::try_from(MAX_BYTES).unwrap_or(u64::MAX))
        .await?;
    let mode = if query.apply {
        Mode::Apply
    } else {
        Mode::DryRun
    };
    if mode == Mode::Apply && rest.idempotency_key()?.is_none() {
        return Err(Error::IdempotencyKeyRequired.into());
    }
    let read = web::block(move || {
        (
            sheet::read(&bytes, kind, &options),
            crate::kernel::hash::sha256_hex(&bytes),
        )
    })
    .await
    .map_err(|_| Error::Unavailable("the file could not be read now".to_owned()))?;
    let control = query.control_total;
    let (sheet, digest) = match read {
        (Ok(sheet), digest) => (sheet, digest),
        (Err(problems), _) => return Ok(first(Report::unreadable(problems))),
    };
    rest.run_within(TIME, Lane::Writing, move |operation| {
        operation.write(|tx| match &operation.idempotency_key {
            Some(key) if mode == Mode::Apply => {
                imports::once(tx, key, kind, &digest, &sheet, control.as_deref())
            }
            _ => imports::run(tx, kind, &sheet, mode, control.as_deref()).map(first),
        })
    })
    .await
}

/// An answer that was not given before.
fn first(report: Report) -> Outcome<Report> {
    Outcome {
        value: report,
        replayed: false,
    }
}

/// Writes a spreadsheet.
#[utoipa::path(
    get,
    path = "/api/v1/exports/{kind}.csv",
    tag = "spreadsheets",
    params(
        ("kind" = String, Path, description = "`cities`, `memberships`, `coordinators`, `experts`, `people`, `partners`, `invoices`, `payments` or `journal`."),
        ExportQuery,
    ),
    responses(
        (status = 200, body = String, content_type = "text/csv", description = "All records, with the columns that an import reads; docs/API.md has them. A journal ends with the control totals of each currency."),
        (status = 400, description = "A query that is not known."),
        (status = 403, description = "The caller may not export this."),
        (status = 404, description = "No such kind can be exported."),
    ),
    security(("bearer" = []))
)]
pub async fn export(
    rest: Rest,
    kind: web::Path<String>,
    query: web::Query<ExportQuery>,
) -> HttpResponse {
    let format = csv_options(&query).map(Format::Csv);
    let name = format!("{kind}.csv");
    answer(
        &rest,
        &kind,
        &query,
        format,
        (name, "text/csv; charset=utf-8"),
    )
    .await
}

/// Writes a workbook.
#[utoipa::path(
    get,
    path = "/api/v1/exports/{kind}.xlsx",
    tag = "spreadsheets",
    params(
        ("kind" = String, Path, description = "As for CSV."),
        ("from" = Option<String>, Query, description = "The first day of a journal."),
        ("through" = Option<String>, Query, description = "The last day of a journal."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "The same rows as in the CSV file, as a workbook; the same rows give the same bytes."),
        (status = 400, description = "A query that is not known."),
        (status = 403, description = "The caller may not export this."),
        (status = 404, description = "No such kind can be exported."),
    ),
    security(("bearer" = []))
)]
pub async fn export_workbook(
    rest: Rest,
    kind: web::Path<String>,
    query: web::Query<ExportQuery>,
) -> HttpResponse {
    let format = if query.delimiter.is_some() || query.bom {
        Err(bad(
            "A workbook has no delimiter and no byte order mark.",
            "En projektmappe har hverken skilletegn eller byte order mark.",
        ))
    } else {
        Ok(Format::Xlsx)
    };
    let name = format!("{kind}.xlsx");
    answer(&rest, &kind, &query, format, (name, WORKBOOK)).await
}

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn answer(
    rest: &Rest,
    kind: &str,
    query: &ExportQuery,
    format: Result<Format, Error>,
    (name, media): (String, &'static str),
) -> HttpResponse {
    let outcome = match format {
        Ok(format) => export_file(rest, kind, query, format).await,
        Err(error) => Err(error.into()),
    };
    rest.answer(outcome.map(|body| {
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, media))
            .insert_header((
                CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ))
            .insert_header((CACHE_CONTROL, "no-store"))
            .streaming(body)
    }))
}

fn csv_options(query: &ExportQuery) -> Result<WriteOptions, Error> {
    let delimiter = match query.delimiter.as_deref() {
        None | Some("comma" | ",") => Delimiter::Comma,
        Some("semicolon" | ";") => Delimiter::Semicolon,
        Some(_) => {
            return Err(bad(
                "delimiter is comma or semicolon.",
                "delimiter er comma eller semicolon.",
            ));
        }
    };
    let byte_order_mark = if query.bom {
        ByteOrderMark::With
    } else {
        ByteOrderMark::Without
    };
    Ok(WriteOptions {
        delimiter,
        byte_order_mark,
    })
}

async fn export_file(
    rest: &Rest,
    kind: &str,
    query: &ExportQuery,
    format: Format,
) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>, Fault> {
    let kind = Kind::from_name(kind)
        .filter(|kind| kind.is_exportable())
        .ok_or_else(|| not_a_kind(kind))?;
    let days = (query.from, query.through);
    if kind != Kind::Journal && days != (None, None) {
        return Err(bad(
            "Only a journal has a first and a last day.",
            "Kun en journal har en første og en sidste dag.",
        )
        .into());
    }
    let places = Arc::clone(&rest.app().exports);
    let place = tokio::time::timeout(PATIENCE, places.acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        return Err(Error::Unavailable("another export is being read".to_owned()).into());
    };
    let (out, mut pieces) = outflow::pieces(TIME);
    let asked = rest.clone();
    let work = actix_web::rt::spawn(async move {
        let written = asked.run_within(TIME, Lane::Reading, move |operation| {
            let export = Export {
                kind,
                format,
                today: operation.today(),
                days,
            };
            let _place = place;
            operation.read(|db| {
                let mut out = exports::run(db, &operation.viewer, export, out)?;
                Ok(out.flush().map_err(anyhow::Error::from)?)
            })
        });
        written.await
    });
    // Until the first piece is there, what goes wrong is answered as such.
    let Some(first) = pieces.recv().await else {
        let failed = work.await.map_err(|_| unfinished())?;
        return Err(failed.err().unwrap_or_else(|| unfinished().into()));
    };
    let request_id = rest.request_id.clone();
    let whole = Box::pin(async move {
        let written = work.await;
        if let Ok(Ok(())) = written {
            return true;
        }
        tracing::error!(request_id, outcome = ?written, "an export broke off");
        false
    });
    Ok(outflow::body(first, pieces, whole))
}

/// An export always has a heading: without a piece something went wrong.
fn unfinished() -> Error {
    Error::Internal(anyhow::anyhow!("an export without a beginning"))
}

fn read_options(query: &ImportQuery) -> Result<ReadOptions, Error> {
    let decimal = match query.decimal.as_deref() {
        None => None,
        Some("comma") => Some(DecimalSign::Comma),
        Some("point") => Some(DecimalSign::Point),
        Some(_) => {
            return Err(bad(
                "decimal is comma or point.",
                "decimal er comma eller point.",
            ));
        }
    };
    let encoding = match query.encoding.as_deref() {
        None => None,
        Some("utf-8") => Some(Encoding::Utf8),
        Some("latin1") => Some(Encoding::Latin1),
        Some(_) => {
            return Err(bad(
                "encoding is utf-8 or latin1.",
                "encoding er utf-8 eller latin1.",
            ));
        }
    };
    Ok(ReadOptions { decimal, encoding })
}

fn not_a_kind(kind: &str) -> Error {
    Error::NotFound {
        kind: "spreadsheet",
        id: kind
            .chars()
            .filter(char::is_ascii_graphic)
            .take(40)
            .collect(),
    }
}

fn bad(en: &str, da: &str) -> Error {
    Error::BadRequest(Phrase::new(en, da))
}
