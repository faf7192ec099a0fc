//! How often whom: the rates by address, network and user, and whose word about the address is
//! taken. What it is not: the limit of sign-in attempts.

use crate::support::app::TestApp;
use crate::support::databases::Database;
use crate::support::http::Reply;
use crate::transport::{ask, code};

fn limited(flags: &[&str]) -> TestApp {
    TestApp::with(Database::Sqlite, flags).unwrap()
}

fn from(app: &TestApp, forwarded: &str) -> Reply {
    ask(app, &[("x-forwarded-for", forwarded)], "{ __typename }")
}

#[test]
fn the_fourth_of_three_waits() {
    let app = limited(&["--rate-limit-anonymous", "3"]);
    for _ in 0..3 {
        assert_eq!(ask(&app, &[], "{ __typename }").status, 200);
    }
    let reply = ask(&app, &[], "{ __typename }");
    assert_eq!((reply.status, code(&reply).as_str()), (429, "RATE_LIMITED"));
    let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=21).contains(&seconds), "{seconds}");
    // Before parsing, on every path, for bad tokens too; but not for who watches the process.
    assert_eq!(crate::transport::post(&app, &[], "{").status, 429);
    assert_eq!(
        app.anonymous().get("/nothing").header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(app.anonymous().get("/nothing").status, 429);
    assert_eq!(
        ask(&app, &[("authorization", "Bearer x")], "{ __typename }").status,
        429
    );
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(app.anonymous().get(path).status, 200, "{path}");
    }
    // A header that nobody trusted wrote changes nothing.
    assert_eq!(from(&app, "192.0.2.1").status, 429);
    // Who is signed in has a rate of their own.
    assert_eq!(app.secretariat().ask("{ __typename }").status, 200);
}

#[test]
fn guessing_tokens_is_counted() {
    let app = limited(&["--rate-limit-anonymous", "3"]);
    for _ in 0..3 {
        assert_eq!(
            ask(&app, &[("authorization", "Bearer x")], "{ __typename }").status,
            401
        );
    }
    assert_eq!(
        ask(&app, &[("authorization", "Bearer x")], "{ __typename }").status,
        429
    );
}

#[test]
fn users_are_counted_apart() {
    let app = limited(&["--rate-limit-viewer", "2"]);
    let (first, second) = (app.secretariat(), app.finance());
    for expected in [200, 200, 429, 429] {
        assert_eq!(first.ask("{ __typename }").status, expected);
    }
    assert_eq!(second.ask("{ __typename }").status, 200);
    assert_eq!(app.anonymous().ask("{ __typename }").status, 200);
}

#[test]
fn a_trusted_proxy_tells_the_address() {
    let app = limited(&[
        "--rate-limit-anonymous",
        "1",
        "--trusted-proxies",
        "127.0.0.1,10.0.0.0/8",
    ]);
    for (forwarded, expected) in [
        ("192.0.2.1", 200),
        ("192.0.2.1", 429),
        ("192.0.2.2", 200),
        // What stands left of the last untrusted address may be invented.
        ("198.51.100.7, 192.0.2.2", 429),
        ("192.0.2.3, 10.0.0.1", 200),
        ("192.0.2.3, 10.9.9.9, 10.0.0.1", 429),
        ("192.0.2.4:4711", 200),
        ("192.0.2.4", 429),
        ("::ffff:192.0.2.4", 429),
        ("2001:db8:1:2::1", 200),
        ("[2001:db8:1:2:3::9]:80", 429),
        ("2001:db8:1:3::1", 200),
        // Nonsense from the proxy: the proxy itself is the caller.
        ("unknown", 200),
        ("", 429),
    ] {
        assert_eq!(from(&app, forwarded).status, expected, "{forwarded:?}");
    }
}
