//! Listening, serving and stopping. What it is not: settings or routes.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App as ActixApp, HttpServer, web};
use anyhow::Context;
use futures_util::future::{Either, select};

use crate::app::App;
use crate::server::gateway::Gateway;
use crate::server::{access_log, admission, panics, routes};

/// How long running requests may take to finish after a stop was asked for.
const GRACE: Duration = Duration::from_secs(20);

/// How long the service still accepts connections after it said that it is not ready, so that who
/// sends requests here can learn it before they are refused.
const NOTICE: Duration = Duration::from_secs(1);

/// A server that listens.
pub struct Listening {
    /// The address with the port that was chosen.
    pub address: SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
    /// The shared state, for the work beside requests.
    pub gateway: Arc<Gateway>,
    server: actix_web::dev::Server,
}

/// Binds the address and starts to answer once [`Listening::serve`] is polled.
///
/// # Errors
/// The address is in use or no address.
pub fn listen(app: Arc<App>) -> anyhow::Result<Listening> {
    let gateway = web::Data::new(Gateway::new(app)?);
    let config = gateway.app.config.clone();
    let shared = gateway.clone();
    let origins = origins(&config.cors_origins)?;
    let server =
        HttpServer::new(move || layered(shared.clone(), &origins).configure(routes::configure))
            .workers(
                std::thread::available_parallelism()
                    .map_or(2, std::num::NonZeroUsize::get)
                    .min(8),
            )
            .client_request_timeout(Duration::from_secs(10))
            .keep_alive(Duration::from_secs(75))
            .shutdown_timeout(GRACE.as_secs())
            .disable_signals()
            .bind(&config.listen)
            .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = *server.addrs().first().context("no address to listen on")?;
    gateway.app.listens(address);
    let server = server.run();
    Ok(Listening {
        address,
        handle: server.handle(),
        gateway: gateway.into_inner(),
        server,
    })
}

/// The service without its paths: everything that is around each request. A panic is caught inside,
/// so that its answer passes the layers as every other does.
pub fn layered(
    gateway: web::Data<Gateway>,
    origins: &[String],
) -> ActixApp<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    ActixApp::new()
        .app_data(gateway)
        .wrap(from_fn(read_head))
        .wrap(from_fn(panics::caught))
        .wrap(from_fn(admission::admit))
        .wrap(cors(origins))
        .wrap(from_fn(access_log::around))
}

/// HEAD is GET without the body (RFC 9110, section 9.3.2): it is answered as that, and the server
/// leaves the body out.
async fn read_head(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

impl std::fmt::Debug for Listening {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Listening")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Listening {
    /// Answers requests until the server is stopped.
    ///
    /// # Errors
    /// The system ends the server.
    pub async fn serve(self) -> anyhow::Result<()> {
        // The server itself would wait for connections that lie idle.
        let idle = pin!(self.gateway.stopped.notified());
        match select(self.server, idle).await {
            Either::Left((ended, _)) => Ok(ended?),
            Either::Right(_) => Ok(()),
        }
    }
}

/// Not ready at once, soon no new connections, then at most `GRACE` for what runs. Connections
/// that lie idle hold nothing up.
pub async fn stop(gateway: &Gateway, handle: &ServerHandle) {
    gateway.app.stop();
    tokio::time::sleep(NOTICE).await;
    // Closes what listens at once, so that new connections are refused and do not wait in vain; the
    // answer of it comes when every connection has ended, which is not waited for.
    drop(actix_web::rt::spawn(handle.stop(true)));
    let until = tokio::time::Instant::now() + GRACE;
    let mut idle_looks = 0;
    // A request that was accepted a moment ago may not be counted yet, and the last bytes of an
    // answer leave shortly after its body is done: one look is not enough.
    while idle_looks < 5 && tokio::time::Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
        idle_looks = if gateway.in_flight.is_idle() {
            idle_looks + 1
        } else {
            0
        };
    }
    gateway.stopped.notify_one();
}

/// The origins of `CORS_ORIGINS`: blanks around them and empty ones do not matter.
///
/// # Errors
/// One that no browser would ever send: without scheme or host, or with a path. `*` is none.
pub fn origins(settings: &[String]) -> anyhow::Result<Vec<String>> {
    settings
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .map(|text| {
            let url = url::Url::parse(text).ok();
            // What a browser sends is exactly the origin of the address.
            let fits = url.is_some_and(|url| {
                url.has_host() && url.origin().ascii_serialization() == text
            });
            anyhow::ensure!(
                fits,
                "CORS_ORIGINS: {text:?} is no origin such as https://www.example.org, with scheme and host and without a path"
            );
            Ok(text.to_owned())
        })
        .collect()
}

fn cors(origins: &[String]) -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::default();
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    cors.allowed_methods(["GET", "POST", "PUT", "DELETE"])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers(["etag", "idempotent-replayed", "retry-after", "x-request-id"])
        .max_age(600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_what_browsers_send() {
        let read = |text: &str| origins(&[text.to_owned()]);
        for text in ["", "  "] {
            assert!(read(text).unwrap().is_empty(), "{text:?}");
        }
        for text in [
            "https://a.example",
            "http://localhost:5173",
            " https://a.example ",
        ] {
            assert_eq!(read(text).unwrap(), [text.trim()], "{text:?}");
        }
        for text in [
            "*",
            "a.example",
            "https://a.example/",
            "https://a.example/x",
            "https://A.example",
            "https://a.example:443",
            "mailto:a@example.org",
            "null",
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains("CORS_ORIGINS"), "{text:?}: {refused}");
        }
    }
}
