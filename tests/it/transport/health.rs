//! What watches the process asks these. What it is not: an outage of the database (`outage.rs`).

use intercultural_cities::db::migrate;
use serde_json::json;

use crate::support::app::TestApp;

crate::both_databases! {
    fn ready_with_its_tables_only(app: &TestApp) {
        let ready = app.anonymous().get("/readyz");
        assert_eq!((ready.status, ready.json()), (200, json!({ "status": "ready" })));
        migrate::revert_all(&mut app.db()).unwrap();
        let not_ready = app.anonymous().get("/readyz");
        assert_eq!((not_ready.status, not_ready.json()["why"].clone()), (503, json!("migrations are pending")));
        assert_eq!(not_ready.header("retry-after"), Some("1"));
        assert_eq!(app.anonymous().get("/healthz").status, 200);
    }
}

#[test]
fn metrics_count_by_route_and_not_by_what_clients_invent() {
    let app = TestApp::sqlite();
    for number in 0..20 {
        app.anonymous().send(
            &format!("X{number}"),
            &format!("/unknown/{number}"),
            &[],
            b"",
        );
    }
    app.anonymous().ask("{ __typename }");
    let metrics = app.anonymous().get("/metrics");
    assert_eq!(
        metrics.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let text = metrics.text();
    assert!(
        text.contains("http_requests_total{route=\"/graphql\",method=\"POST\",status=\"200\"} 1"),
        "{text}"
    );
    assert!(
        text.contains("http_requests_total{route=\"unknown\",method=\"other\",status=\"404\"} 20"),
        "{text}"
    );
    assert!(!text.contains("X7") && !text.contains("/unknown"), "{text}");
    assert!(
        text.contains("\n# TYPE http_requests_total counter\n"),
        "{text}"
    );
    let open = [(
        "accept",
        "application/openmetrics-text;version=1.0.0,text/plain;q=0.5",
    )];
    let open = app.anonymous().send("GET", "/metrics", &open, b"");
    assert_eq!(
        open.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert!(open.text().ends_with("# EOF\n"), "{}", open.text());
}
