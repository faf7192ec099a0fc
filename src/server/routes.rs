//! Every path of the service, in one place. What it is not: the handlers.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Resource, web};

use crate::api::rest::only;
use crate::config::Introspection;
use crate::exchange;
use crate::files;
use crate::finance::{bank, documents, einvoices, reminders, statements};
use crate::programme::{self, assessments};
use crate::server::access_log::RequestId;
use crate::server::gateway::Gateway;
use crate::server::transport::answer::RequestError;
use crate::server::transport::caching;
use crate::server::transport::http::graphql;
use crate::server::{graphiql, health, openapi};

/// Adds all paths.
pub fn configure(config: &mut web::ServiceConfig) {
    crate::identity::rest::configure(config);
    openapi::configure(config);
    config
        .service(
            web::resource("/graphql")
                .route(web::get().to(graphql))
                .route(web::post().to(graphql))
                .default_service(web::to(method_not_allowed)),
        )
        .service(readable("/schema.graphql").route(web::get().to(schema)))
        .service(readable("/graphiql").route(web::get().to(graphiql::page)))
        .service(readable("/graphiql/{file}").route(web::get().to(graphiql::file)))
        .service(
            web::resource("/api/v1/imports/{kind}")
                .route(web::post().to(exchange::rest::import))
                .default_service(only("POST")),
        )
        .service(
            web::resource("/api/v1/exports/{kind}.csv")
                .route(web::get().to(exchange::rest::export))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/exports/{kind}.xlsx")
                .route(web::get().to(exchange::rest::export_workbook))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/bank/statements")
                .route(web::post().to(bank::rest::import))
                .default_service(only("POST")),
        )
        .service(
            web::resource("/api/v1/files")
                .route(web::put().to(files::rest::store))
                .default_service(only("PUT")),
        )
        .service(
            web::resource("/api/v1/files/{id}")
                .route(web::get().to(files::rest::fetch))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/invoices/{id}/einvoice.xml")
                .route(web::get().to(einvoices::rest::fetch))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/invoices/{id}/document.pdf")
                .route(web::get().to(documents::rest::of_invoice))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/reminders/{id}/document.pdf")
                .route(web::get().to(reminders::rest::fetch))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/assessments/{id}/radar.svg")
                .route(web::get().to(assessments::rest::radar))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/assessments/{id}/bars.svg")
                .route(web::get().to(assessments::rest::bars))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/documents/{id}/editions/{number}")
                .route(web::get().to(programme::documents::rest::edition))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/cities/{id}/statement.pdf")
                .route(web::get().to(statements::rest::of_city))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/credit-notes/{id}/einvoice.xml")
                .route(web::get().to(einvoices::rest::fetch_credit_note))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/api/v1/credit-notes/{id}/document.pdf")
                .route(web::get().to(documents::rest::of_credit_note))
                .default_service(only("GET, HEAD")),
        )
        .service(readable("/healthz").route(web::get().to(health::healthz)))
        .service(readable("/readyz").route(web::get().to(health::readyz)))
        .service(readable("/metrics").route(web::get().to(health::metrics)))
        .default_service(web::to(not_found));
}

/// A path that is only read.
fn readable(path: &str) -> Resource {
    web::resource(path).default_service(only("GET, HEAD"))
}

/// `GET /schema.graphql`: the published schema.
async fn schema(request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    // Who may not ask the schema about itself may not read it here either.
    match gateway.app.config.introspection {
        Introspection::Public => {}
        Introspection::SignedIn if caching::is_signed_in(&request) => {}
        Introspection::SignedIn | Introspection::Off => return nothing_here(&request),
    }
    let text = gateway.contract.sdl.clone().into_bytes();
    caching::document(
        &request,
        "text/plain; charset=utf-8",
        caching::ONE_MINUTE,
        text,
    )
}

async fn method_not_allowed() -> HttpResponse {
    let error = RequestError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "BAD_REQUEST",
        "GraphQL is sent by POST, or by GET for queries.",
    );
    let mut response = error.answer(crate::server::transport::media::Media::Json);
    response.headers_mut().insert(
        actix_web::http::header::ALLOW,
        actix_web::http::header::HeaderValue::from_static("GET, POST"),
    );
    response
}

async fn not_found(request: HttpRequest) -> HttpResponse {
    nothing_here(&request)
}

/// The answer where nothing is.
pub(super) fn nothing_here(request: &HttpRequest) -> HttpResponse {
    let error = RequestError::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is nothing at this path; docs/API.md lists the paths.",
    );
    crate::api::problem::of_request_error(&error, &RequestId::of(request))
}
