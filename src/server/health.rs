//! Whether the process lives, whether it can serve, what it counts. What it is not: checks of the
//! data; `doctor` does those.

use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::db::migrate;
use crate::db::workers::Lane;
use crate::server::gateway::Gateway;
use crate::server::metrics;

/// How long the database may take to answer a probe; who asks has a time limit too.
const PROBE_TIME: Duration = Duration::from_millis(1_500);

/// How the service is.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `alive`, `ready` or `not ready`.
    status: &'static str,
    /// Why it is not ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

impl Health {
    const fn of(status: &'static str) -> Self {
        Self { status, why: None }
    }
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "service", responses(
    (status = 200, body = Health, description = "The process lives."),
))]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Health::of("alive"))
}

/// The database answers, its migrations are applied, and the service is not stopping.
#[utoipa::path(get, path = "/readyz", tag = "service", responses(
    (status = 200, body = Health, description = "Requests can be sent here."),
    (status = 503, body = Health, description = "Send no requests here now; `why` tells the reason."),
))]
pub async fn readyz(gateway: web::Data<Gateway>) -> HttpResponse {
    let app = &gateway.app;
    if app.is_stopping() {
        return not_ready("stopping");
    }
    let check = app.run(Lane::Reading, |slot| {
        let mut db = slot.take()?;
        slot.read_alive(&mut db, |db| db.read(|_| Ok(())))?;
        let pending = migrate::pending(&mut db)?;
        slot.give_back(db);
        Ok::<_, crate::kernel::error::Error>(pending.len())
    });
    let Ok(checked) = tokio::time::timeout(PROBE_TIME, check).await else {
        return not_ready("the database does not answer");
    };
    match checked {
        Ok(Ok(0)) => HttpResponse::Ok().json(Health::of("ready")),
        Ok(Ok(_)) => not_ready("migrations are pending"),
        Ok(Err(_)) | Err(_) => not_ready("the database does not answer"),
    }
}

/// The counters, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "service", responses(
    (status = 200, body = String, content_type = "text/plain", description = "The counters as Prometheus text 0.0.4, or as OpenMetrics 1.0 for who asks for `application/openmetrics-text`."),
))]
pub async fn metrics(request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    let text = gateway.metrics.text(
        gateway.app.workers.waiting(),
        gateway.app.connector.statements.load(Ordering::Relaxed),
    );
    let Ok(text) = text else {
        return HttpResponse::InternalServerError().finish();
    };
    let asked = request.headers().get_all(ACCEPT);
    let is_open = |accept: &HeaderValue| {
        accept
            .to_str()
            .is_ok_and(|types| types.contains("application/openmetrics-text"))
    };
    let (media_type, text) = if asked.into_iter().any(is_open) {
        (
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            text,
        )
    } else {
        (
            "text/plain; version=0.0.4; charset=utf-8",
            metrics::as_prometheus(&text),
        )
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .body(text)
}

fn not_ready(why: &'static str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, "1"))
        .json(Health {
            status: "not ready",
            why: Some(why),
        })
}
