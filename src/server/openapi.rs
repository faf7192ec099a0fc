//! The description of the REST paths as OpenAPI 3.1, made from the handlers. What it is not: the
//! GraphQL schema, which is at `/schema.graphql`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::api::rest;
use crate::finance::{bank, documents, einvoices, reminders, statements};
use crate::programme::{self, assessments};
use crate::server::health;
use crate::server::transport::caching;
use crate::{exchange, files, identity};

/// Everything that has a REST path. A new handler is added here and in its slice's `configure`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "intercultural-cities",
        description = "What GraphQL is bad at: credentials, files, imports and exports. Everything else is at /graphql. Errors are application/problem+json (RFC 9457) with the codes of the GraphQL answers.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        identity::sessions::rest::sign_in,
        identity::sessions::rest::refresh,
        identity::sessions::rest::sign_out,
        identity::sessions::rest::sign_out_everywhere,
        identity::users::rest::change_password,
        identity::invitations::rest::request_reset,
        identity::invitations::rest::reset_password,
        identity::invitations::rest::accept_invitation,
        identity::invitations::rest::page_of_reset,
        identity::invitations::rest::page_of_invitation,
        identity::rest::jwks,
        files::rest::store,
        files::rest::fetch,
        einvoices::rest::fetch,
        einvoices::rest::fetch_credit_note,
        documents::rest::of_invoice,
        documents::rest::of_credit_note,
        statements::rest::of_city,
        reminders::rest::fetch,
        assessments::rest::radar,
        assessments::rest::bars,
        programme::documents::rest::edition,
        bank::rest::import,
        exchange::rest::import,
        exchange::rest::export,
        exchange::rest::export_workbook,
        health::healthz,
        health::readyz,
        health::metrics,
        openapi,
    ),
    components(schemas(Problem)),
    modifiers(&Bearer, &Problems),
    tags(
        (name = "session", description = "Signing in and out"),
        (name = "account", description = "Passwords"),
        (name = "files", description = "Stored files"),
        (name = "invoices", description = "Invoices and credit notes as electronic and as readable documents"),
        (name = "assessments", description = "The index in pictures"),
        (name = "documents", description = "What the network writes about cities"),
        (name = "bank", description = "The bank's statements"),
        (name = "spreadsheets", description = "Imports and exports"),
        (name = "service", description = "The service itself"),
    )
)]
struct Document;

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Always `about:blank`: `code` tells more.
    #[schema(example = "about:blank")]
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong and what to do, in the caller's language.
    detail: String,
    /// What is wrong, as a word to program against.
    code: String,
    /// Correlates the answer with log lines.
    request_id: String,
    /// Every problem of the input, when it was refused.
    #[schema(required = false)]
    errors: Option<Vec<InputProblem>>,
    /// The version that stands now, when the object changed in the meantime.
    #[schema(required = false)]
    current_version: Option<i32>,
}

/// One problem of an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputProblem {
    /// What is wrong, as a word to program against.
    code: String,
    /// The field.
    field: String,
    /// What is wrong and what to do, in the caller's language.
    message: String,
}

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The accessToken of POST /api/v1/session."))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Says once for all paths below `/api/v1` that errors are problems, and which can come from any.
struct Problems;

/// What the admission and the database can answer on any path.
const ANYWHERE: [(&str, &str); 3] = [
    (
        "429",
        "Too many requests or attempts; Retry-After tells how long to wait.",
    ),
    (
        "500",
        "A fault of the service; requestId finds it in the log.",
    ),
    (
        "503",
        "The service cannot do it now; Retry-After tells when to try again.",
    ),
];

impl Modify for Problems {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let paths = document.paths.paths.iter_mut();
        for (_, item) in paths.filter(|(path, _)| path.starts_with("/api/v1/")) {
            let operations = [
                &mut item.get,
                &mut item.put,
                &mut item.post,
                &mut item.delete,
                &mut item.patch,
            ];
            for operation in operations.into_iter().flatten() {
                let signed_in = operation.security.is_some();
                let unauthenticated = ("401", "The access token is missing, wrong or expired.");
                let common = ANYWHERE
                    .into_iter()
                    .chain(signed_in.then_some(unauthenticated));
                for (status, description) in common {
                    operation
                        .responses
                        .responses
                        .entry(status.to_owned())
                        .or_insert_with(|| RefOr::T(Response::new(description)));
                }
                for (status, response) in &mut operation.responses.responses {
                    if let RefOr::T(response) = response
                        && status.as_str() >= "400"
                        && response.content.is_empty()
                    {
                        let problem =
                            RefOr::T(Content::new(Some(Ref::from_schema_name("Problem"))));
                        response
                            .content
                            .insert("application/problem+json".to_owned(), problem);
                    }
                }
            }
        }
    }
}

/// The description as it is committed as `openapi.json`.
///
/// # Errors
/// It cannot be written as JSON, a fault of ours.
pub fn published() -> anyhow::Result<String> {
    let mut text = Document::openapi().to_pretty_json()?;
    text.push('\n');
    Ok(text)
}

/// Adds the path of the description.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/openapi.json")
            .route(web::get().to(openapi))
            .default_service(rest::only("GET, HEAD")),
    );
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "service", responses(
    (status = 200, body = Object, description = "The REST paths as OpenAPI 3.1."),
))]
async fn openapi(request: HttpRequest) -> HttpResponse {
    match published() {
        Ok(text) => caching::document(
            &request,
            "application/json",
            caching::ONE_MINUTE,
            text.into_bytes(),
        ),
        Err(error) => {
            tracing::error!(fault = format!("{error:#}"), "openapi.json");
            HttpResponse::InternalServerError().finish()
        }
    }
}
