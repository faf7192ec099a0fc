//! GraphiQL, served from the binary without any other site. What it is not: its source, which is
//! in `assets/graphiql/build`.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::server::routes;
use crate::server::transport::caching;

/// Only this origin, no inline scripts, no frames.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

macro_rules! asset {
    ($name:literal, $content_type:literal) => {
        (
            $name,
            $content_type,
            include_bytes!(concat!("../../assets/graphiql/", $name)).as_slice(),
        )
    };
}

const ASSETS: &[(&str, &str, &[u8])] = &[
    asset!("index.html", "text/html; charset=utf-8"),
    asset!("graphiql.js", "text/javascript; charset=utf-8"),
    asset!("graphiql.css", "text/css; charset=utf-8"),
    asset!("mark-1.png", "image/png"),
    asset!("mark-2.png", "image/png"),
    asset!("mark-3.png", "image/png"),
    asset!("icon.svg", "image/svg+xml"),
    asset!("examples.json", "application/json; charset=utf-8"),
];

/// `GET /graphiql`: the page.
pub async fn page(request: HttpRequest) -> HttpResponse {
    asset(&request, "index.html")
}

/// `GET /graphiql/{file}`: what the page loads.
pub async fn file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    asset(&request, &name)
}

fn asset(request: &HttpRequest, name: &str) -> HttpResponse {
    let Some((_, content_type, bytes)) = ASSETS.iter().find(|(known, _, _)| *known == name) else {
        return routes::nothing_here(request);
    };
    let mut response = caching::document(
        request,
        content_type,
        "public, max-age=3600",
        bytes.to_vec(),
    );
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
