//! The form of requests and answers: methods, media types, parameters, statuses, the order of
//! fields. What it is not: what a document may hold (`attacks.rs`).

use serde_json::json;

use crate::support::app::TestApp;
use crate::support::http::{raw, send};
use crate::transport::{JSON, NEW, ask, code, get_path, post};

#[test]
fn the_media_type_is_the_callers_choice() {
    let app = TestApp::sqlite();
    for (accept, status, media) in [
        (None, 200, "application/json; charset=utf-8"),
        (Some("*/*"), 200, "application/json; charset=utf-8"),
        (
            Some("application/json"),
            200,
            "application/json; charset=utf-8",
        ),
        (
            Some("application/graphql-response+json"),
            200,
            "application/graphql-response+json; charset=utf-8",
        ),
        (
            Some("text/html, */*;q=0.1"),
            200,
            "application/json; charset=utf-8",
        ),
        (Some("text/html"), 406, "application/json; charset=utf-8"),
        (
            Some("application/json;q=0"),
            406,
            "application/json; charset=utf-8",
        ),
    ] {
        let headers: Vec<(&str, &str)> = accept
            .map(|accept| ("accept", accept))
            .into_iter()
            .collect();
        let reply = ask(&app, &headers, "{ __typename }");
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (status, Some(media)),
            "{accept:?}"
        );
    }
    let two = [
        ("accept", "text/html"),
        ("accept", "application/graphql-response+json"),
    ];
    assert_eq!(
        ask(&app, &two, "{ __typename }").header("content-type"),
        Some("application/graphql-response+json; charset=utf-8")
    );
}

#[test]
fn a_faulty_document_is_400_under_the_new_type_and_200_under_the_old() {
    let app = TestApp::sqlite();
    for body in [
        json!({ "query": "{" }),
        json!({ "query": "{ nothingOfTheKind }" }),
        json!({ "query": "query ($first: Int!) { cities(first: $first) { totalCount } }" }),
        json!({ "query": "query ($first: Int!) { cities(first: $first) { totalCount } }", "variables": { "first": "many" } }),
        json!({ "query": "query A { __typename } query B { __typename }" }),
        json!({ "query": "{ __typename }", "operationName": "B" }),
        json!({ "query": "subscription { nothing }" }),
    ] {
        let new = post(&app, &[NEW], &body.to_string());
        assert_eq!(new.status, 400, "{body} {}", new.text());
        assert_eq!(
            new.header("content-type"),
            Some("application/graphql-response+json; charset=utf-8")
        );
        assert!(new.json().get("data").is_none(), "{body}");
        assert_eq!(code(&new), "BAD_REQUEST", "{body}");
        let old = post(&app, &[], &body.to_string());
        assert_eq!(
            (old.status, old.json()["errors"].is_array()),
            (200, true),
            "{body}"
        );
        assert!(old.json().get("data").is_none(), "{body}");
    }
    // An error while the operation runs is no fault of the request.
    let failed = ask(&app, &[NEW], "{ node(id: \"x\") { id } }");
    assert_eq!(
        (failed.status, failed.json()["data"].clone()),
        (200, json!({ "node": null }))
    );
}

#[test]
fn a_request_of_another_form_is_refused() {
    let app = TestApp::sqlite();
    for (body, part) in [
        ("", "no body"),
        ("{", "not JSON"),
        ("nonsense", "not JSON"),
        ("null", "JSON object"),
        ("[{\"query\":\"{ __typename }\"}]", "Batches"),
        ("[]", "Batches"),
        ("{}", "missing"),
        ("{\"query\":null}", "must be a text"),
        (
            "{\"query\":\"{ __typename }\",\"quarry\":1}",
            "no parameter",
        ),
        (
            "{\"query\":\"{ __typename }\",\"variables\":\"{}\"}",
            "variables",
        ),
        (
            "{\"query\":\"{ __typename }\",\"extensions\":1}",
            "extensions",
        ),
        (
            "{\"query\":\"{ __typename }\",\"operationName\":{}}",
            "operationName",
        ),
    ] {
        for headers in [&[][..], &[NEW]] {
            let reply = post(&app, headers, body);
            assert_eq!(
                (reply.status, code(&reply).as_str()),
                (400, "BAD_REQUEST"),
                "{body}"
            );
            assert!(reply.text().contains(part), "{body}: {}", reply.text());
        }
    }
    let deep = format!(
        "{{\"query\":\"{{ __typename }}\",\"variables\":{{\"a\":{}{}}}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert_eq!(post(&app, &[], &deep).status, 400);
    let invalid = send(
        "POST",
        &app.url("/graphql"),
        &[JSON],
        b"{\"query\":\"{ __typename \xff}\"}",
    );
    assert_eq!(invalid.status, 400);
}

#[test]
fn only_json_is_read() {
    let app = TestApp::sqlite();
    let mutation = json!({ "query": "mutation { registerCity(input: { name: \"Oslo\", country: \"NO\", timeZone: \"Europe/Oslo\" }) { city { id } } }" }).to_string();
    for (content_type, expected) in [
        (Some("text/plain"), 415),
        (Some("text/plain;application/json"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("multipart/form-data; boundary=x"), 415),
        (Some("application/graphql"), 415),
        (Some("application/json; charset=latin1"), 415),
        (None, 415),
        (Some("application/json; charset=\"UTF-8\""), 200),
        (Some("APPLICATION/JSON"), 200),
    ] {
        let headers: Vec<(&str, &str)> = content_type
            .map(|value| ("content-type", value))
            .into_iter()
            .collect();
        let reply = send("POST", &app.url("/graphql"), &headers, mutation.as_bytes());
        assert_eq!(reply.status, expected, "{content_type:?}");
    }
}

#[test]
fn get_asks_and_never_does() {
    let app = TestApp::sqlite();
    let asked = app.anonymous().get(&get_path("{ __typename }"));
    assert_eq!(
        (asked.status, asked.json()["data"].clone()),
        (200, json!({ "__typename": "Query" }))
    );
    for path in [
        get_path(
            "mutation { registerCity(input: { name: \"Oslo\", country: \"NO\", timeZone: \"Europe/Oslo\" }) { city { id } } }",
        ),
        format!(
            "{}&operationName=B",
            get_path("query A { __typename } mutation B { __typename }")
        ),
    ] {
        for actor in [app.anonymous(), app.secretariat()] {
            let done = actor.get(&path);
            assert_eq!(
                (done.status, done.header("allow")),
                (405, Some("POST")),
                "{path}"
            );
            assert_eq!(code(&done), "BAD_REQUEST");
        }
    }
    assert_eq!(
        app.secretariat()
            .ask("{ cities { totalCount } }")
            .data("/cities/totalCount"),
        &json!(0)
    );
    for path in [
        "/graphql",
        "/graphql?query=",
        "/graphql?query=%7B__typename%7D&variables=%5B",
        "/graphql?query=%7B__typename%7D&query=%7B__typename%7D",
    ] {
        assert_eq!(app.anonymous().get(path).status, 400, "{path}");
    }
}

#[test]
fn every_path_says_which_methods_it_takes() {
    let app = TestApp::sqlite();
    for (method, path, status, allow) in [
        ("PUT", "/graphql", 405, Some("GET, POST")),
        ("DELETE", "/graphql", 405, Some("GET, POST")),
        ("X7", "/graphql", 405, Some("GET, POST")),
        ("POST", "/schema.graphql", 405, Some("GET, HEAD")),
        ("POST", "/healthz", 405, Some("GET, HEAD")),
        ("DELETE", "/readyz", 405, Some("GET, HEAD")),
        ("POST", "/metrics", 405, Some("GET, HEAD")),
        ("POST", "/graphiql", 405, Some("GET, HEAD")),
        ("POST", "/graphiql/index.html", 405, Some("GET, HEAD")),
        ("GET", "/nothing", 404, None),
        ("GET", "/graphiql/nothing", 404, None),
        ("GET", "/graphiql/..%2f..%2fCargo.toml", 404, None),
    ] {
        let reply = app.anonymous().send(method, path, &[], b"");
        assert_eq!(
            (reply.status, reply.header("allow")),
            (status, allow),
            "{method} {path}"
        );
        if path != "/graphql" {
            assert_eq!(
                reply.header("content-type"),
                Some("application/problem+json"),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn a_head_is_a_get_without_its_body() {
    let app = TestApp::sqlite();
    for path in [
        "/healthz",
        "/readyz",
        "/schema.graphql",
        "/.well-known/jwks.json",
        "/graphql?query=%7B__typename%7D",
        "/nothing",
    ] {
        let get = app.anonymous().get(path);
        let head = app.anonymous().send("HEAD", path, &[], b"");
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "content-length", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    let refused = app.anonymous().send("HEAD", "/api/v1/session", &[], b"");
    assert_eq!(refused.status, 405);
}

#[test]
fn every_answer_carries_its_id_and_the_headers_of_caution() {
    let app = TestApp::sqlite();
    let mut seen = std::collections::HashSet::new();
    for (method, path, headers) in [
        ("GET", "/graphql?query=%7B__typename%7D", vec![]),
        ("GET", "/graphql", vec![]),
        ("PUT", "/graphql", vec![]),
        ("POST", "/graphql", vec![("content-type", "text/plain")]),
        ("GET", "/graphiql", vec![]),
        ("GET", "/healthz", vec![]),
        ("GET", "/nothing", vec![]),
        ("GET", "/nothing", vec![("authorization", "Bearer x")]),
        (
            "OPTIONS",
            "/graphql",
            vec![
                ("origin", "https://elsewhere.example.org"),
                ("access-control-request-method", "POST"),
            ],
        ),
    ] {
        let reply = app.anonymous().send(method, path, &headers, b"");
        assert!(
            seen.insert(
                reply
                    .header("x-request-id")
                    .unwrap_or_else(|| panic!("{method} {path}"))
                    .to_owned()
            )
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{method} {path}");
        }
        assert!(
            reply
                .header("content-security-policy")
                .is_some_and(|policy| policy.contains("frame-ancestors 'none'")),
            "{method} {path}"
        );
        assert!(reply.header("server").is_none());
    }
}

#[test]
fn bytes_that_are_no_http_are_refused_and_the_service_goes_on() {
    let app = TestApp::sqlite();
    let long = format!(
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-long: {}\r\n\r\n",
        "x".repeat(300_000)
    );
    let many = format!(
        "GET /healthz HTTP/1.1\r\nhost: a\r\n{}\r\n",
        "x-many: 1\r\n".repeat(500)
    );
    let cases: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        long.as_bytes(),
        many.as_bytes(),
    ];
    for bytes in cases {
        let answer = String::from_utf8_lossy(&raw(app.address, bytes)).into_owned();
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    assert_eq!(app.anonymous().get("/healthz").status, 200);
}

#[test]
fn a_failing_field_is_null_and_its_siblings_are_answered() {
    let app = TestApp::sqlite();
    for keyword in ["query", "query A"] {
        let query = format!(
            "{keyword} {{ a: __typename node(id: \"x\") {{ id }} cities {{ totalCount }} other: node(id: \"y\") {{ id }} }}"
        );
        let body = ask(&app, &[NEW], &query).json();
        assert_eq!(
            body["data"],
            json!({ "a": "Query", "node": null, "cities": { "totalCount": 0 }, "other": null }),
            "{body}"
        );
        let mut paths: Vec<String> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["path"].to_string())
            .collect();
        paths.sort();
        assert_eq!(paths, ["[\"node\"]", "[\"other\"]"]);
        assert!(
            body["errors"]
                .as_array()
                .unwrap()
                .iter()
                .all(|error| error["extensions"]["code"] == "BAD_REQUEST")
        );
    }
}

crate::both_databases! {
    fn fields_answer_in_the_order_of_the_query(app: &TestApp) {
        for name in ["Oslo", "Lyon", "Bergen"] {
            app.city(name, "NO");
        }
        let secretariat = app.secretariat();
        let reply = secretariat.post("/graphql", &json!({ "query": "{ z: __typename cities(first: 2) { totalCount nodes { country name version a: name __typename } pageInfo { hasPreviousPage hasNextPage } } b: __typename node(id: \"Q2l0eTowMTliMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDE\") { id } }" }));
        let answer = reply.text();
        let expected = "\"data\":{\"z\":\"Query\",\"cities\":{\"totalCount\":3,\"nodes\":[{\"country\":\"NO\",\"name\":\"Bergen\",\"version\":1,\"a\":\"Bergen\",\"__typename\":\"City\"},{\"country\":\"NO\",\"name\":\"Lyon\",\"version\":1,\"a\":\"Lyon\",\"__typename\":\"City\"}],\"pageInfo\":{\"hasPreviousPage\":false,\"hasNextPage\":true}},\"b\":\"Query\",\"node\":null}";
        assert!(answer.contains(expected), "{answer}");
    }
}
