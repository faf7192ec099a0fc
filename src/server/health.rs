//! Whether the process lives, whether it can serve, what it counts. What it is not: checks of the
//! data; `doctor` does those.

use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, web};

use crate::db::migrate;
use crate::db::workers::Lane;
use crate::server::gateway::Gateway;

/// How long the database may take to answer a probe; who asks has a time limit too.
const PROBE_TIME: Duration = Duration::from_millis(1_500);

/// `GET /healthz`: the process answers.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "alive" }))
}

/// `GET /readyz`: the database answers, its migrations are applied, and the service is not
/// stopping.
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
        Ok(Ok(0)) => HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })),
        Ok(Ok(_)) => not_ready("migrations are pending"),
        Ok(Err(_)) | Err(_) => not_ready("the database does not answer"),
    }
}

/// `GET /metrics`: the counters.
pub async fn metrics(gateway: web::Data<Gateway>) -> HttpResponse {
    match gateway.metrics.text(
        gateway.app.workers.waiting(),
        gateway.app.connector.statements.load(Ordering::Relaxed),
    ) {
        Ok(text) => HttpResponse::Ok()
            .insert_header((
                CONTENT_TYPE,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ))
            .body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn not_ready(why: &str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, "1"))
        .json(serde_json::json!({ "status": "not ready", "why": why }))
}
