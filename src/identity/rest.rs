//! The REST paths of accounts, and the public keys with which others verify access tokens. What it
//! is not: the handlers of a slice.

use actix_web::{HttpResponse, web};

use crate::api::rest::{self, Rest};
use crate::identity::{invitations, sessions, users};

/// Adds the paths of this room.
pub fn configure(config: &mut web::ServiceConfig) {
    sessions::rest::configure(config);
    users::rest::configure(config);
    invitations::rest::configure(config);
    config.service(
        web::resource("/.well-known/jwks.json")
            .route(web::get().to(jwks))
            .default_service(rest::only("GET, HEAD")),
    );
}

/// The public keys that verify access tokens (RFC 7517, RFC 8037), the one that signs first.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "session", responses(
    (status = 200, description = "A JWK set", body = Object),
))]
pub async fn jwks(rest: Rest) -> HttpResponse {
    let keys = rest.app().keys.jwks().to_string().into_bytes();
    rest.document("application/json", "public, max-age=300", keys)
}
