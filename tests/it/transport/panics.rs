//! A handler that panics: its answer has the form and the headers of every other, and the connection
//! and the service live on. What it is not: panics on a database worker.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};

use actix_web::{HttpResponse, HttpServer, web};
use intercultural_cities::server::gateway::Gateway;
use intercultural_cities::server::run;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::databases::Database;
use crate::support::http::{raw, send};

const OURS: &str = "https://network.example.org";

async fn panics() -> HttpResponse {
    panic!("a secret of ours")
}

/// Serves, within the service's own layers, a path whose handler panics and one whose does not.
fn serve(app: &TestApp) -> (SocketAddr, impl Drop) {
    struct Running(
        actix_web::dev::ServerHandle,
        Option<std::thread::JoinHandle<()>>,
    );
    impl Drop for Running {
        fn drop(&mut self) {
            futures_executor::block_on(self.0.stop(false));
            self.1.take().unwrap().join().unwrap();
        }
    }

    let (sender, receiver) = mpsc::channel();
    let shared = Arc::clone(&app.app);
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let gateway = web::Data::new(Gateway::new(shared).unwrap());
            let server = HttpServer::new(move || {
                run::layered(gateway.clone(), &[OURS.to_owned()])
                    .route("/api/v1/panics/{id}", web::get().to(panics))
                    .route("/lives", web::get().to(HttpResponse::NoContent))
            })
            .workers(1)
            .disable_signals()
            .bind("127.0.0.1:0")
            .unwrap();
            let address = server.addrs()[0];
            let server = server.run();
            sender.send((address, server.handle())).unwrap();
            server.await.unwrap();
        });
    });
    let (address, handle) = receiver.recv().unwrap();
    (address, Running(handle, Some(thread)))
}

#[test]
fn a_panic_is_answered_as_any_other_fault() {
    for database in [Database::Sqlite, Database::Postgres] {
        let Some(app) = TestApp::with(database, &[]) else {
            continue;
        };
        let (address, _running) = serve(&app);
        let url = |path: &str| format!("http://{address}{path}");
        let reply = send("GET", &url("/api/v1/panics/7"), &[("origin", OURS)], b"");
        let body = reply.json();
        assert_eq!(reply.status, 500);
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let id = reply.header("x-request-id").unwrap();
        assert!(!id.is_empty());
        assert_eq!(
            (&body["status"], &body["code"], &body["requestId"]),
            (&json!(500), &json!("INTERNAL"), &json!(id)),
        );
        assert!(!reply.text().contains("secret"), "{body}");

        // Every header that the layers give another answer.
        let lives = send("GET", &url("/lives"), &[("origin", OURS)], b"");
        assert_eq!(lives.status, 204);
        for (name, value) in &lives.headers {
            let own = ["x-request-id", "date", "content-length"].contains(&name.as_str());
            assert!(own || reply.headers.get(name) == Some(value), "{name}");
        }
        assert_eq!(reply.header("access-control-allow-origin"), Some(OURS));
        assert!(
            reply
                .header("access-control-expose-headers")
                .unwrap()
                .contains("x-request-id")
        );
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        let foreign = [("origin", "https://evil.example.org")];
        let reply = send("GET", &url("/api/v1/panics/7"), &foreign, b"");
        assert_eq!(
            (reply.status, reply.header("access-control-allow-origin")),
            (500, None)
        );

        // The connection is good for the next request.
        let both = format!(
            "GET /api/v1/panics/7 HTTP/1.1\r\nhost: {address}\r\n\r\nGET /lives HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
        );
        let answers = String::from_utf8(raw(address, both.as_bytes())).unwrap();
        assert!(
            answers.contains(" 500 ") && answers.contains(" 204 "),
            "{answers}"
        );
    }
}
