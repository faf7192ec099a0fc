//! Every path of the service, in one place. What it is not: the handlers.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::api::rest::only;
use crate::exchange;
use crate::server::access_log::RequestId;
use crate::server::gateway::Gateway;
use crate::server::transport::answer::RequestError;
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
        .route("/schema.graphql", web::get().to(schema))
        .route("/graphiql", web::get().to(graphiql::page))
        .route("/graphiql/{file}", web::get().to(graphiql::file))
        .service(
            web::resource("/api/v1/imports/{kind}")
                .route(web::post().to(exchange::rest::import))
                .default_service(only("POST")),
        )
        .service(
            web::resource("/api/v1/exports/{kind}.csv")
                .route(web::get().to(exchange::rest::export))
                .default_service(only("GET")),
        )
        .route("/healthz", web::get().to(health::healthz))
        .route("/readyz", web::get().to(health::readyz))
        .route("/metrics", web::get().to(health::metrics))
        .default_service(web::to(not_found));
}

/// `GET /schema.graphql`: the published schema.
async fn schema(gateway: web::Data<Gateway>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Content-Type", "text/plain; charset=utf-8"))
        .insert_header(("Cache-Control", "public, max-age=60"))
        .body(gateway.sdl.clone())
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
    let error = RequestError::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is nothing at this path; docs/API.md lists the paths.",
    );
    crate::api::problem::of_request_error(&error, &RequestId::of(&request))
}
