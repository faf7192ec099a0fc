//! What browsers ask for: other origins, and GraphiQL. What it is not: a browser.

use crate::support::app::TestApp;
use crate::support::databases::Database;
use crate::transport::{ask, get_path};

const OURS: &str = "https://network.example.org";

fn preflight(
    app: &TestApp,
    origin: &str,
    method: &str,
    headers: &str,
) -> crate::support::http::Reply {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", headers),
    ];
    app.anonymous().send("OPTIONS", "/graphql", &headers, b"")
}

#[test]
fn listed_origins_may_call() {
    let app = TestApp::with(
        Database::Sqlite,
        &[
            "--cors-origins",
            &format!("{OURS},https://other.example.org"),
        ],
    )
    .unwrap();
    let reply = preflight(
        &app,
        OURS,
        "POST",
        "authorization, content-type, idempotency-key, if-match",
    );
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), Some(OURS));
    assert_eq!(reply.header("access-control-max-age"), Some("600"));
    let allowed = reply
        .header("access-control-allow-headers")
        .unwrap()
        .to_ascii_lowercase();
    for name in [
        "authorization",
        "content-type",
        "idempotency-key",
        "if-match",
    ] {
        assert!(allowed.contains(name), "{allowed}");
    }
    assert_eq!(
        preflight(&app, OURS, "POST", "x-other").header("access-control-allow-origin"),
        None
    );
    assert_eq!(
        preflight(&app, "https://evil.example.org", "POST", "content-type")
            .header("access-control-allow-origin"),
        None
    );

    // The answers themselves, errors too.
    for reply in [
        ask(&app, &[("origin", OURS)], "{ __typename }"),
        ask(
            &app,
            &[("origin", OURS), ("authorization", "Bearer x")],
            "{ __typename }",
        ),
        app.anonymous()
            .send("GET", "/nothing", &[("origin", OURS)], b""),
    ] {
        assert_eq!(reply.header("access-control-allow-origin"), Some(OURS));
        let exposed = reply.header("access-control-expose-headers").unwrap();
        for name in ["etag", "idempotent-replayed", "retry-after", "x-request-id"] {
            assert!(exposed.contains(name), "{exposed}");
        }
        assert_eq!(reply.header("access-control-allow-credentials"), None);
    }
    assert_eq!(
        ask(
            &app,
            &[("origin", "https://evil.example.org")],
            "{ __typename }"
        )
        .header("access-control-allow-origin"),
        None
    );
}

#[test]
fn no_other_origin_by_default() {
    let app = TestApp::sqlite();
    let reply = preflight(&app, OURS, "POST", "content-type");
    assert_eq!(reply.header("access-control-allow-origin"), None);
    assert_eq!(
        ask(&app, &[("origin", OURS)], "{ __typename }").header("access-control-allow-origin"),
        None
    );
    // GraphiQL's own requests carry an Origin too.
    let own = format!("http://{}", app.address);
    assert_eq!(ask(&app, &[("origin", &own)], "{ __typename }").status, 200);
    assert_eq!(
        app.anonymous()
            .send("GET", &get_path("{ __typename }"), &[("origin", &own)], b"")
            .status,
        200
    );
}

#[test]
fn graphiql_needs_no_other_site() {
    let app = TestApp::sqlite();
    let page = app.anonymous().get("/graphiql");
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    let html = page.text().to_owned();
    for part in ["http://", "https://", "<script>", "onload="] {
        assert!(!html.contains(part), "{part} in {html}");
    }
    let mut loaded = 0;
    for attribute in ["src=\"", "href=\""] {
        for piece in html.split(attribute).skip(1) {
            let path = piece.split('"').next().unwrap();
            let path = if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("/graphiql/{}", path.trim_start_matches("graphiql/"))
            };
            let asset = app.anonymous().get(&path);
            assert_eq!(asset.status, 200, "{path}");
            let policy = asset.header("content-security-policy").unwrap();
            assert!(
                policy.starts_with("default-src 'self'") && policy.contains("object-src 'none'"),
                "{policy}"
            );
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"),
                "{policy}"
            );
            loaded += 1;
        }
    }
    assert!(loaded >= 3, "{html}");
    for (name, media) in [
        ("graphiql.js", "text/javascript; charset=utf-8"),
        ("graphiql.css", "text/css; charset=utf-8"),
        ("examples.json", "application/json; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("mark-1.png", "image/png"),
    ] {
        let asset = app.anonymous().get(&format!("/graphiql/{name}"));
        assert_eq!(
            (asset.status, asset.header("content-type")),
            (200, Some(media)),
            "{name}"
        );
        assert!(!asset.body.is_empty());
    }
}
