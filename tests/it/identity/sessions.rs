//! Signing in, going on and signing out.

use chrono::TimeDelta;
use diesel::prelude::*;
use intercultural_cities::access::viewer::Role;
use intercultural_cities::schema::{audit_entries, refresh_tokens, sessions};
use serde_json::json;

use super::{PASSWORD, account, call, refresh, sign_in, signed_in, tokens, viewer};
use crate::support::app::{TestApp, at};
use crate::support::http::Reply;

const EMAIL: &str = "anna@example.org";

/// What a caller can tell answers apart by; the request's own id is not that.
fn face(reply: &Reply) -> (u16, serde_json::Value, Option<String>) {
    let mut body = reply.json();
    body["requestId"] = json!(null);
    let challenge = reply.header("www-authenticate").map(str::to_owned);
    (reply.status, body, challenge)
}

fn later(app: &TestApp, seconds: i64) {
    app.set_now(app.now().utc() + TimeDelta::seconds(seconds));
}

crate::both_databases! {
    fn signs_in_and_is_known(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let reply = sign_in(app, "Anna@Example.org", PASSWORD);
        let body = reply.json();
        assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
        assert_eq!((&body["tokenType"], &body["expiresIn"], &body["refreshExpiresIn"]), (&json!("Bearer"), &json!(600), &json!(30 * 86_400)));
        let (access, _) = tokens(&reply);
        assert_eq!(viewer(app, &access), Ok("Anna Holm".to_owned()));
    }

    fn unknown_wrong_and_disabled_are_one_answer(app: &TestApp) {
        account(app, EMAIL, Role::Admin);
        let gone = account(app, "gone@example.org", Role::Finance);
        app.arrange(|tx| intercultural_cities::identity::users::disable(tx, gone, None));
        let wrong = face(&sign_in(app, EMAIL, "wrong horse battery"));
        assert_eq!((wrong.0, wrong.1["code"].as_str()), (401, Some("UNAUTHENTICATED")));
        assert_eq!(face(&sign_in(app, "nobody@example.org", PASSWORD)), wrong);
        assert_eq!(face(&sign_in(app, "gone@example.org", PASSWORD)), wrong);
        assert_eq!(face(&sign_in(app, "no address", PASSWORD)), wrong);
        assert_eq!(sign_in(app, EMAIL, &"x".repeat(1025)).status, 400);
        assert_eq!(sign_in(app, "nobody@example.org", &"x".repeat(1025)).status, 400);
    }

    fn ten_failures_block_the_right_password_too(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        for email in [EMAIL, "nobody@example.org"] {
            for attempt in 1..=10 {
                assert_eq!(sign_in(app, email, "wrong horse battery").status, 401, "{email} {attempt}");
            }
            let blocked = sign_in(app, email, PASSWORD);
            assert_eq!((blocked.status, blocked.json()["code"].as_str()), (429, Some("RATE_LIMITED")));
            assert_eq!(blocked.header("retry-after"), Some("900"), "{email}");
        }
        later(app, 15 * 60);
        assert_eq!(sign_in(app, EMAIL, PASSWORD).status, 200);
    }

    fn attempts_side_by_side_count_together(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let refused = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..16).map(|_| scope.spawn(|| sign_in(app, EMAIL, "wrong horse battery").status)).collect();
            calls.into_iter().map(|call| call.join().unwrap()).filter(|status| *status == 401).count()
        });
        assert_eq!(refused, 10);
        assert_eq!(sign_in(app, EMAIL, PASSWORD).status, 429);
    }

    fn a_refresh_token_is_exchanged_once(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let (_, first) = signed_in(app, EMAIL, PASSWORD);
        later(app, 60);
        let (access, second) = tokens(&refresh(app, &first));
        // The answer was lost: within ten seconds another one is given and the first is void.
        later(app, 10);
        let (_, third) = tokens(&refresh(app, &first));
        assert_ne!(second, third);
        later(app, 60);
        let (_, fourth) = tokens(&refresh(app, &third));
        assert_eq!(viewer(app, &access), Ok("Anna Holm".to_owned()));
        // Somebody kept the first: the family ends.
        let reuse = refresh(app, &first);
        assert_eq!((reuse.status, reuse.json()["code"].as_str()), (401, Some("UNAUTHENTICATED")));
        assert_eq!(refresh(app, &fourth).status, 401);
        assert_eq!(viewer(app, &access), Err(401));
        let noted: i64 = audit_entries::table.filter(audit_entries::action.eq("session.reuse_detected")).count().get_result(&mut app.db()).unwrap();
        assert_eq!(noted, 1);
    }

    fn a_void_token_is_refused_and_ends_the_family_when_it_turns_up_late(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let (_, first) = signed_in(app, EMAIL, PASSWORD);
        let (_, second) = tokens(&refresh(app, &first));
        let (_, third) = tokens(&refresh(app, &first));
        assert_eq!(refresh(app, &second).status, 401);
        let (_, fourth) = tokens(&refresh(app, &third));
        later(app, 60);
        assert_eq!(refresh(app, &second).status, 401);
        assert_eq!(refresh(app, &fourth).status, 401);
    }

    fn sixteen_refreshes_leave_one_living_token(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let (_, token) = signed_in(app, EMAIL, PASSWORD);
        let given: Vec<String> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..16).map(|_| scope.spawn(|| tokens(&refresh(app, &token)).1)).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        assert_eq!(given.len(), 16);
        let living: i64 = refresh_tokens::table.filter(refresh_tokens::used_at.is_null()).filter(refresh_tokens::voided_at.is_null()).count().get_result(&mut app.db()).unwrap();
        assert_eq!(living, 1);
        // Who holds another one has crossed with the rest, and ends nothing by trying it.
        let tried: Vec<u16> = given.iter().map(|token| refresh(app, token).status).collect();
        assert_eq!(tried.iter().filter(|status| **status == 200).count(), 1, "{tried:?}");
        let ended: i64 = sessions::table.filter(sessions::revoked_at.is_not_null()).count().get_result(&mut app.db()).unwrap();
        assert_eq!(ended, 0);
    }

    fn refresh_tokens_end(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let (_, token) = signed_in(app, EMAIL, PASSWORD);
        later(app, 30 * 86_400);
        assert_eq!(refresh(app, &token).status, 401);
        for token in ["", "nonsense", &"A".repeat(43)] {
            assert_eq!(refresh(app, token).status, 401, "{token}");
        }
        app.set_now(at(2026, 11, 22));
    }

    fn signing_out_holds_at_once(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let (one, one_refresh) = signed_in(app, EMAIL, PASSWORD);
        let (two, _) = signed_in(app, EMAIL, PASSWORD);
        let (three, three_refresh) = signed_in(app, EMAIL, PASSWORD);
        for token in [&one, &two, &three] {
            assert!(viewer(app, token).is_ok());
        }
        assert_eq!(call(app, "DELETE", "/api/v1/session", Some(&one), &json!(null)).status, 204);
        assert_eq!((viewer(app, &one), viewer(app, &two).is_ok()), (Err(401), true));
        assert_eq!(refresh(app, &one_refresh).status, 401);
        assert_eq!(call(app, "DELETE", "/api/v1/sessions", Some(&two), &json!(null)).status, 204);
        assert_eq!((viewer(app, &two), viewer(app, &three)), (Err(401), Err(401)));
        assert_eq!(refresh(app, &three_refresh).status, 401);
        assert_eq!(call(app, "DELETE", "/api/v1/session", None, &json!(null)).status, 401);
    }

    fn the_form_of_requests_is_checked(app: &TestApp) {
        let post = |body: &[u8], kind: &str| crate::support::http::send("POST", &app.url("/api/v1/session"), &[("content-type", kind)], body);
        let cases = [
            (post(b"{", "application/json"), 400, "BAD_REQUEST"),
            (post(br#"{"email":"a","password":"b","role":"ADMIN"}"#, "application/json"), 400, "BAD_REQUEST"),
            (post(br#"{"email":"a"}"#, "application/json; charset=utf-8"), 400, "BAD_REQUEST"),
            (post(br#"{"email":"a","password":"b"}"#, "text/plain"), 415, "BAD_REQUEST"),
            (post(&vec![b' '; 9000], "application/json"), 413, "TOO_COMPLEX"),
            (call(app, "PUT", "/api/v1/session", None, &json!({})), 405, "BAD_REQUEST"),
            (call(app, "GET", "/api/v1/nothing", None, &json!(null)), 404, "NOT_FOUND"),
        ];
        for (index, (reply, status, code)) in cases.iter().enumerate() {
            let body = reply.json();
            assert_eq!((reply.status, body["code"].as_str(), body["status"].as_u64()), (*status, Some(*code), Some(u64::from(*status))), "{index} {body}");
            assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{index}");
        }
        assert_eq!(cases[5].0.header("allow"), Some("POST, DELETE"));
    }
}
