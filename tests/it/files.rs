//! Files through the public door.

use intercultural_cities::kernel::ids::Id;
use serde_json::Value;

use crate::support::actor::Actor;
use crate::support::http::{Reply, raw};

const PDF: &[u8] = b"%PDF-1.7\nthe statement of intent";

fn put(actor: &Actor<'_>, query: &str, content: &[u8]) -> Reply {
    actor.send(
        "PUT",
        &format!("/api/v1/files?{query}"),
        &[("content-type", "application/octet-stream")],
        content,
    )
}

fn stored(reply: &Reply) -> Value {
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

fn code(reply: &Reply) -> (u16, String) {
    (
        reply.status,
        reply.json()["code"].as_str().unwrap().to_owned(),
    )
}

crate::both_databases! {
    fn a_file_comes_back_as_it_was_stored(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        let coordinator = app.coordinator_of(city);
        let reply = coordinator.send(
            "PUT",
            &format!("/api/v1/files?cityId={}", city.public()),
            &[("content-type", "application/pdf"), ("content-disposition", "attachment; filename*=UTF-8''Hensigtserkl%C3%A6ring.pdf")],
            PDF,
        );
        let file = stored(&reply);
        assert_eq!((&file["name"], &file["mediaType"], &file["size"]), (&"Hensigtserklæring.pdf".into(), &"application/pdf".into(), &PDF.len().into()));
        let path = reply.header("location").unwrap();

        for reader in [&coordinator, &app.secretariat(), &app.finance(), &app.auditor()] {
            let reply = reader.get(path);
            assert_eq!((reply.status, &reply.body[..]), (200, PDF));
            assert_eq!(reply.header("content-type"), Some("application/pdf"));
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
            let disposition = reply.header("content-disposition").unwrap();
            assert!(disposition.starts_with("attachment;") && disposition.contains("filename*=UTF-8''Hensigtserkl%C3%A6ring.pdf"), "{disposition}");
        }
        let tag = format!("\"{}\"", file["sha256"].as_str().unwrap());
        assert_eq!(coordinator.get(path).header("etag"), Some(tag.as_str()));
        let again = coordinator.send("GET", path, &[("if-none-match", &tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0));

        let trail = app.auditor().ask("{ auditTrail(filter: { action: \"file.stored\" }) { nodes { objectId city { name } } } }");
        assert_eq!(trail.data("/auditTrail/nodes"), &serde_json::json!([{ "objectId": file["id"], "city": { "name": "Oslo" } }]));
    }

    fn a_foreign_file_is_answered_like_a_missing_one(app: &TestApp) {
        let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let secretariat = app.secretariat();
        let of_oslo = stored(&put(&secretariat, &format!("name=a.pdf&cityId={}", oslo.public()), PDF));
        let of_network = stored(&put(&secretariat, "name=b.pdf", PDF));
        let missing = intercultural_cities::kernel::ids::FileId::of(uuid::Uuid::nil()).public();
        let stranger = app.coordinator_of(lyon);
        let body = |reader: &Actor<'_>, id: &str| {
            let mut body = reader.get(&format!("/api/v1/files/{id}")).json();
            assert_eq!(body["status"], 404, "{body}");
            body.as_object_mut().unwrap().remove("requestId");
            body.to_string().replace(id, "ID")
        };
        for reader in [&stranger, &app.anonymous()] {
            for file in [&of_oslo, &of_network] {
                assert_eq!(body(reader, file["id"].as_str().unwrap()), body(reader, &missing));
            }
            body(reader, "nonsense");
            body(reader, &oslo.public());
        }
    }

    fn only_those_who_may_store_for_the_city(app: &TestApp) {
        let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let of = |city: intercultural_cities::kernel::ids::CityId| format!("name=a.pdf&cityId={}", city.public());
        let nowhere = intercultural_cities::kernel::ids::CityId::of(uuid::Uuid::nil());
        assert_eq!(code(&put(&app.anonymous(), &of(oslo), PDF)), (401, "UNAUTHENTICATED".to_owned()));
        assert_eq!(code(&put(&app.anonymous(), "name=a.pdf", PDF)), (401, "UNAUTHENTICATED".to_owned()));
        assert_eq!(code(&put(&app.coordinator_of(lyon), &of(oslo), PDF)), (404, "NOT_FOUND".to_owned()));
        assert_eq!(code(&put(&app.secretariat(), &of(nowhere), PDF)), (404, "NOT_FOUND".to_owned()));
        assert_eq!(code(&put(&app.coordinator_of(lyon), "name=a.pdf", PDF)), (403, "FORBIDDEN".to_owned()));
        assert_eq!(code(&put(&app.auditor(), &of(oslo), PDF)), (403, "FORBIDDEN".to_owned()));
        assert!(!app.app.config.files_dir().exists());
    }

    fn wrong_types_names_and_sizes_are_refused(app: &TestApp) {
        let secretariat = app.secretariat();
        for content in [&b"MZ\x90\x00\x03"[..], b"<html><script>alert(1)</script>", b"\x00\x01"] {
            assert_eq!(code(&put(&secretariat, "name=letter.pdf", content)), (415, "BAD_REQUEST".to_owned()));
        }
        let declared = |declared: &str, content: &[u8]| secretariat.send("PUT", "/api/v1/files?name=a.pdf", &[("content-type", declared)], content).status;
        assert_eq!(declared("application/pdf", b"no pdf"), 415);
        assert_eq!(declared("text/plain", PDF), 415);
        assert_eq!(declared("Application/PDF; version=1.7", PDF), 201);
        assert_eq!(declared("application/x-www-form-urlencoded", PDF), 201);
        assert_eq!(code(&put(&secretariat, "", PDF)), (422, "REQUIRED".to_owned()));
        assert_eq!(code(&put(&secretariat, "name=.profile", PDF)), (422, "INVALID_TEXT".to_owned()));
        assert_eq!(code(&put(&secretariat, "name=a.pdf&public=true", PDF)).0, 400);
        assert_eq!(code(&put(&secretariat, "name=a.pdf&cityId=nonsense", PDF)).0, 400);
        let mut large = PDF.to_vec();
        large.resize(25 * 1024 * 1024, b' ');
        assert_eq!(put(&secretariat, "name=a.pdf", &large).status, 201);
        // More is refused by its announced length, before a byte of it travels.
        let token = app.token(secretariat.user(), secretariat.session());
        let head = format!("PUT /api/v1/files?name=a.pdf HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n", large.len() + 1);
        let answer = String::from_utf8(raw(app.address, head.as_bytes())).unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"TOO_COMPLEX\""), "{answer}");
    }

    fn a_key_stores_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let keyed = |name: &str| secretariat.send("PUT", &format!("/api/v1/files?name={name}"), &[("idempotency-key", "one")], PDF);
        let first = stored(&keyed("a.pdf"));
        let again = keyed("a.pdf");
        assert_eq!((stored(&again), again.header("idempotent-replayed")), (first, Some("true")));
        assert_eq!(code(&keyed("b.pdf")), (422, "IDEMPOTENCY_MISMATCH".to_owned()));
    }
}
