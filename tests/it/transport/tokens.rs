//! Who tries to sign in and fails is refused, never treated as the public. What it is not: signing
//! in (`identity`).

use diesel::prelude::*;
use intercultural_cities::kernel::ids::{Id, SessionId, UserId};
use intercultural_cities::schema::sessions;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::http::send;
use crate::transport::{NEW, ask, code};

#[test]
fn a_bad_token_is_401_everywhere() {
    let app = TestApp::sqlite();
    let actor = app.secretariat();
    let good = app.token(actor.user(), actor.session());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let reversed: String = signature.chars().rev().collect();
    for authorization in [
        "Bearer x".to_owned(),
        "Bearer ".to_owned(),
        "Bearer".to_owned(),
        String::new(),
        "Basic dTpw".to_owned(),
        format!("Token {good}"),
        good.clone(),
        format!("Bearer {head}.{reversed}"),
        format!("Bearer {head}."),
        format!("Bearer {good} {good}"),
    ] {
        for accept in [&[][..], &[NEW]] {
            let mut headers = vec![("authorization", authorization.as_str())];
            headers.extend_from_slice(accept);
            let reply = ask(&app, &headers, "{ __typename }");
            assert_eq!(
                (reply.status, code(&reply).as_str()),
                (401, "UNAUTHENTICATED"),
                "{authorization}"
            );
            assert_eq!(
                reply.header("www-authenticate"),
                Some("Bearer error=\"invalid_token\"")
            );
            let media = if accept.is_empty() {
                "application/json; charset=utf-8"
            } else {
                "application/graphql-response+json; charset=utf-8"
            };
            assert_eq!(reply.header("content-type"), Some(media));
        }
        let reply = send(
            "GET",
            &app.url("/nothing"),
            &[("authorization", &authorization)],
            b"",
        );
        assert_eq!(
            (reply.status, reply.json()["code"].clone()),
            (401, json!("UNAUTHENTICATED")),
            "{authorization}"
        );
        assert_eq!(
            send(
                "GET",
                &app.url("/healthz"),
                &[("authorization", &authorization)],
                b""
            )
            .status,
            200
        );
    }
    let twice = [
        ("authorization", &*format!("Bearer {good}")),
        ("authorization", &*format!("Bearer {good}")),
    ];
    assert_eq!(ask(&app, &twice, "{ __typename }").status, 401);
    let lower = [("authorization", &*format!("bearer {good}"))];
    assert_eq!(ask(&app, &lower, "{ __typename }").status, 200);
}

crate::both_databases! {
    fn an_ended_session_passes_nowhere(app: &TestApp) {
        let actor = app.secretariat();
        app.arrange(|tx| {
            let row = diesel::update(sessions::table.filter(sessions::id.eq(actor.session())));
            Ok(row.set(sessions::revoked_at.eq(Some(tx.now))).execute(tx.db)?)
        });
        for path in ["/schema.graphql", "/openapi.json", "/graphiql", "/.well-known/jwks.json", "/nothing", "/api/v1/nothing"] {
            assert_eq!(actor.get(path).status, 401, "{path}");
        }
        let dear = format!("{{ {} }}", (0..20).map(|number| format!("a{number}: cities(first: 100) {{ nodes {{ country coordinator {{ name }} }} }}")).collect::<String>());
        for document in ["{", "{ nothing }", "query ($id: ID!) { city(id: $id) { id } }", "{ __schema { queryType { name } } }", &dear] {
            let answer = actor.ask(document);
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{document}");
        }
    }

    fn a_token_ends_with_its_time_and_its_session(app: &TestApp) {
        let actor = app.secretariat();
        let token = format!("Bearer {}", app.token(actor.user(), actor.session()));
        let headers = [("authorization", token.as_str())];
        assert_eq!(ask(app, &headers, "{ __typename }").status, 200);
        let now = app.now().utc();
        app.set_now(now + chrono::TimeDelta::minutes(11));
        assert_eq!(ask(app, &headers, "{ __typename }").status, 401, "expired");
        app.set_now(now);

        let ended = app.secretariat();
        let token = format!("Bearer {}", app.token(ended.user(), ended.session()));
        let headers = [("authorization", token.as_str())];
        app.arrange(|tx| {
            diesel::update(sessions::table.find(ended.session())).set(sessions::revoked_at.eq(Some(tx.now))).execute(tx.db)?;
            Ok(())
        });
        let reply = ask(app, &headers, "{ __typename }");
        assert_eq!((reply.status, code(&reply).as_str()), (401, "UNAUTHENTICATED"), "revoked");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));

        let nobody = app.token(UserId::of(uuid::Uuid::from_u128(1)), SessionId::of(uuid::Uuid::from_u128(2)));
        let token = format!("Bearer {nobody}");
        assert_eq!(ask(app, &[("authorization", token.as_str())], "{ __typename }").status, 401, "unknown session");
    }

    fn a_session_that_is_revoked_ends_within_five_seconds(app: &TestApp) {
        let actor = app.secretariat();
        assert_eq!(actor.ask("{ __typename }").status, 200);
        app.arrange(|tx| {
            diesel::update(sessions::table.find(actor.session())).set(sessions::revoked_at.eq(Some(tx.now))).execute(tx.db)?;
            Ok(())
        });
        let began = std::time::Instant::now();
        while actor.ask("{ __typename }").status != 401 {
            assert!(began.elapsed().as_secs() < 5);
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}

#[test]
fn who_may_introspect_is_a_setting() {
    let document = "{ __schema { queryType { name } } }";
    for (setting, anonymous, signed_in) in [
        ("public", true, true),
        ("signed-in", false, true),
        ("off", false, false),
    ] {
        let app = TestApp::with(
            crate::support::databases::Database::Sqlite,
            &["--introspection", setting],
        )
        .unwrap();
        for (actor, allowed) in [(app.anonymous(), anonymous), (app.secretariat(), signed_in)] {
            for document in [
                document,
                "{ a: __type(name: \"City\") { name } }",
                "{ ...F } fragment F on Query { __schema { queryType { name } } }",
            ] {
                let answer = actor.ask(document);
                if allowed {
                    assert!(
                        answer.body.get("errors").is_none(),
                        "{setting} {document} {}",
                        answer.body
                    );
                } else {
                    assert_eq!(answer.code(), "FORBIDDEN", "{setting} {document}");
                }
            }
            assert_eq!(actor.ask("{ __typename }").status, 200);
            assert_eq!(
                actor.get("/schema.graphql").status,
                if allowed { 200 } else { 404 },
                "{setting}"
            );
        }
    }
}
