//! The description of the REST paths as OpenAPI 3.1, made from the handlers. What it is not: the
//! GraphQL schema, which is at `/schema.graphql`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::api::rest;
use crate::server::transport::caching;
use crate::{files, identity};

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
        identity::rest::jwks,
        files::rest::store,
        files::rest::fetch,
    ),
    components(schemas(Problem)),
    modifiers(&Bearer),
    tags(
        (name = "session", description = "Signing in and out"),
        (name = "account", description = "Passwords"),
        (name = "files", description = "Stored files"),
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
            .default_service(rest::only("GET")),
    );
}

/// `GET /openapi.json`: the description.
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
