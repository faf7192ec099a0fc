//! Documents about a city on their way to everybody, through the public door.

use diesel::prelude::*;
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::schema::document_editions;
use serde_json::{Value, json};

use crate::programme::{activity, enrol, member, with_price_list};
use crate::support::actor::{Actor, Answer};
use crate::support::app::TestApp;

const DRAFT: &str = "mutation ($input: DraftDocumentInput!) { draftDocument(input: $input) { document { id version status } userErrors { code field message } } }";
const READ: &str = "query ($id: ID!) { node(id: $id) { ... on Document { title status factCheckUntil editions { number note path } remarks { edition words saidBy } publishedOn } } }";
const FIRST: &str = "Oslo has 40 hosts.\nThe schools work together.\n";
const SECOND: &str = "Oslo has 60 welcome hosts.\nThe schools work together.\n";

/// A file of the network with this text.
pub fn text_file(actor: &Actor<'_>, text: &str) -> String {
    let headers = [("content-type", "application/octet-stream")];
    let reply = actor.send(
        "PUT",
        "/api/v1/files?name=report.txt",
        &headers,
        text.as_bytes(),
    );
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["id"].as_str().unwrap().to_owned()
}

pub fn deed(actor: &Actor<'_>, name: &str, fields: &Value) -> Answer {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation ($input: {kind}!) {{ {name}(input: $input) {{ document {{ id status version }} userErrors {{ code field message }} }} }}"
    );
    actor.tell(&query, json!({ "input": fields }))
}

/// A document about the city with this text, seen by those who write only.
pub fn drafted(app: &TestApp, city: CityId, title: &str, language: &str, text: &str) -> String {
    let secretariat = app.secretariat();
    let file = text_file(&secretariat, text);
    let input = json!({ "cityId": city.public(), "kind": "SWOT_REPORT", "title": title, "language": language, "fileId": file });
    secretariat
        .tell(DRAFT, json!({ "input": input }))
        .text("/draftDocument/document/id")
        .to_owned()
}

/// Takes a draft through the city's check to everybody.
pub fn publish(app: &TestApp, city: CityId, document: &str) {
    let (secretariat, coordinator) = (app.secretariat(), app.coordinator_of(city));
    let step = |actor: &Actor<'_>, name: &str, version: i32, more: &Value| {
        let mut input = json!({ "documentId": document, "version": version });
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        deed(actor, name, &input).done(name, "/document/id");
    };
    step(&secretariat, "openFactCheck", 1, &json!({}));
    step(
        &coordinator,
        "confirmFacts",
        2,
        &json!({ "mayBePublished": true }),
    );
    step(&secretariat, "finaliseDocument", 3, &json!({}));
    step(&secretariat, "publishDocument", 4, &json!({}));
}

#[track_caller]
fn numbers(actor: &Actor<'_>, id: &str) -> Vec<i64> {
    let answer = actor.ask_with(READ, json!({ "id": id }));
    let node = answer.data("/node");
    if node.is_null() {
        return Vec::new();
    }
    let editions = node["editions"].as_array().unwrap();
    editions
        .iter()
        .map(|one| one["number"].as_i64().unwrap())
        .collect()
}

crate::both_databases! {
    fn a_report_goes_to_the_city_and_then_to_everybody(app: &TestApp) {
        let (oslo, lyon) = (app.city("Oslo", "NO"), app.city("Lyon", "FR"));
        let (secretariat, coordinator) = (app.secretariat(), app.coordinator_of(oslo));
        let (stranger, anybody) = (app.coordinator_of(lyon), app.anonymous());
        let id = drafted(app, oslo, "SWOT of Oslo", "en", FIRST);
        let path = |number: i32| format!("/api/v1/documents/{id}/editions/{number}");
        let list = "{ documents { totalCount nodes { status } } }";

        // A draft is seen by nobody but those who write.
        for reader in [&coordinator, &stranger, &anybody, &app.finance()] {
            assert_eq!(numbers(reader, &id), [0; 0]);
            assert_eq!(reader.get(&path(1)).status, 404);
            assert_eq!(reader.ask(list).data("/documents/totalCount"), 0);
        }
        assert_eq!(secretariat.get(&path(1)).text(), FIRST);
        assert_eq!(deed(&coordinator, "remarkOnDocument", &json!({ "documentId": id, "remark": "?" })).code(), "NOT_FOUND");

        let input = |version: i32| json!({ "documentId": id, "version": version });
        assert_eq!(deed(&secretariat, "finaliseDocument", &input(1)).refusals("finaliseDocument"), [("NOT_IN_STATE".to_owned(), "documentId".to_owned())]);
        deed(&secretariat, "openFactCheck", &input(1)).done("openFactCheck", "/document/id");
        assert_eq!(coordinator.ask_with(READ, json!({ "id": id })).data("/node/factCheckUntil"), "2026-12-06");
        assert_eq!(coordinator.get(&path(1)).text(), FIRST);
        assert_eq!((numbers(&stranger, &id), numbers(&anybody, &id)), (vec![], vec![]));
        assert_eq!(stranger.get(&path(1)).status, 404);
        assert_eq!(deed(&secretariat, "finaliseDocument", &input(2)).refusal("finaliseDocument"), "NOT_IN_STATE");
        assert_eq!(deed(&stranger, "confirmFacts", &json!({ "documentId": id, "version": 2, "mayBePublished": true })).code(), "NOT_FOUND");
        assert_eq!(deed(&secretariat, "confirmFacts", &json!({ "documentId": id, "version": 2, "mayBePublished": true })).code(), "FORBIDDEN");
        deed(&coordinator, "remarkOnDocument", &json!({ "documentId": id, "remark": "They are 60 by now." })).done("remarkOnDocument", "/document/id");

        // A new edition during the check is the city's to see, and compared with the one before.
        let file = text_file(&secretariat, SECOND);
        deed(&secretariat, "reviseDocument", &json!({ "documentId": id, "version": 3, "fileId": file, "note": "60 hosts" })).done("reviseDocument", "/document/id");
        assert_eq!(numbers(&coordinator, &id), [1, 2]);
        let compare = "query ($id: ID!) { node(id: $id) { ... on Document { differences(from: 1, to: 2) { fate text } } } }";
        let passages = coordinator.ask_with(compare, json!({ "id": id })).data("/node/differences").clone();
        assert_eq!(passages, json!([
            { "fate": "KEPT", "text": "Oslo has " }, { "fate": "REMOVED", "text": "40" }, { "fate": "ADDED", "text": "60 welcome" },
            { "fate": "KEPT", "text": " hosts.\nThe schools work together.\n" },
        ]));
        deed(&coordinator, "confirmFacts", &json!({ "documentId": id, "version": 4, "mayBePublished": false })).done("confirmFacts", "/document/id");
        deed(&secretariat, "finaliseDocument", &input(5)).done("finaliseDocument", "/document/id");
        assert_eq!(deed(&secretariat, "publishDocument", &input(6)).refusals("publishDocument"), [("CONSENT_MISSING".to_owned(), "documentId".to_owned())]);
        deed(&coordinator, "confirmFacts", &json!({ "documentId": id, "version": 6, "mayBePublished": true })).done("confirmFacts", "/document/id");
        deed(&secretariat, "publishDocument", &input(7)).done("publishDocument", "/document/id");

        // Everybody reads the edition that is published, and nothing of what led to it.
        let seen = anybody.ask_with(READ, json!({ "id": id })).data("/node").clone();
        assert_eq!(seen, json!({ "title": "SWOT of Oslo", "status": "PUBLISHED", "factCheckUntil": null, "remarks": null, "publishedOn": "2026-11-22", "editions": [{ "number": 2, "note": "60 hosts", "path": path(2) }] }));
        assert_eq!((anybody.get(&path(2)).text(), anybody.get(&path(1)).status), (SECOND, 404));
        assert_eq!(anybody.ask_with(compare, json!({ "id": id })).code(), "BAD_REQUEST");

        // The next edition is a draft, and the published one stays.
        let file = text_file(&secretariat, "A third.");
        deed(&secretariat, "reviseDocument", &json!({ "documentId": id, "version": 8, "fileId": file })).done("reviseDocument", "/document/id");
        assert_eq!((numbers(&anybody, &id), numbers(&coordinator, &id), numbers(&secretariat, &id)), (vec![2], vec![1, 2], vec![1, 2, 3]));
        assert_eq!(anybody.ask(list).data("/documents/nodes"), &json!([{ "status": "PUBLISHED" }]));
        assert_eq!(coordinator.get(&path(3)).status, 404);
        let changed = diesel::update(document_editions::table).set(document_editions::number.eq(9)).execute(&mut app.db());
        assert!(changed.unwrap_err().to_string().contains("append only"));
        deed(&secretariat, "withdrawDocument", &json!({ "documentId": id, "version": 9, "reason": "A mistake" })).done("withdrawDocument", "/document/id");
        assert_eq!((numbers(&anybody, &id), numbers(&coordinator, &id)), (vec![], vec![]));
    }

    fn silence_makes_it_final_and_an_activity_waits_for_it(app: &TestApp) {
        with_price_list(app);
        let oslo = member(app, "Oslo", "NO", (2026, 1, 1));
        let package = enrol(app, oslo, (2026, 2, 1));
        let report = activity(app, package, "POLICY_ANALYSIS", 1);
        let secretariat = app.secretariat();
        let file = text_file(&secretariat, FIRST);
        let draft = |kind: &str, file: &str| {
            let input = json!({ "cityId": oslo.public(), "activityId": report, "kind": kind, "title": "Housing", "language": "en", "fileId": file });
            secretariat.tell(DRAFT, json!({ "input": input }))
        };
        assert_eq!(draft("SWOT_REPORT", &file).refusals("draftDocument"), [("NOT_FOUND".to_owned(), "activityId".to_owned())]);
        // A file that the city can read already is no place for a draft.
        let headers = [("content-type", "application/octet-stream")];
        let own = secretariat.send("PUT", &format!("/api/v1/files?name=a.txt&cityId={}", oslo.public()), &headers, b"x").json();
        assert_eq!(draft("POLICY_ANALYSIS", own["id"].as_str().unwrap()).refusals("draftDocument"), [("NOT_IN_STATE".to_owned(), "fileId".to_owned())]);
        let id = draft("POLICY_ANALYSIS", &file).text("/draftDocument/document/id").to_owned();

        let lacks = |app: &TestApp| {
            let query = "query ($id: ID!) { node(id: $id) { ... on Activity { missing { code } } } }";
            app.secretariat().ask_with(query, json!({ "id": report })).data("/node/missing").to_string()
        };
        assert!(lacks(app).contains("FINAL_DOCUMENT"), "{}", lacks(app));
        let input = |version: i32| json!({ "documentId": id, "version": version });
        let until = json!({ "documentId": id, "version": 1, "until": "2026-11-22" });
        assert_eq!(deed(&secretariat, "openFactCheck", &until).refusals("openFactCheck"), [("OUT_OF_RANGE".to_owned(), "until".to_owned())]);
        deed(&secretariat, "openFactCheck", &json!({ "documentId": id, "version": 1, "until": "2026-11-30" })).done("openFactCheck", "/document/id");
        app.set_today(2026, 11, 30);
        assert_eq!(deed(&app.secretariat(), "finaliseDocument", &input(2)).refusal("finaliseDocument"), "NOT_IN_STATE");
        app.set_today(2026, 12, 1);
        let list = "{ attention(filter: { rule: [FACT_CHECK_OVER] }) { totalCount nodes { rule since message object { ... on Document { title } } } } }";
        let waits = app.secretariat().ask(list).data("/attention").clone();
        assert_eq!((&waits["totalCount"], &waits["nodes"][0]["since"], &waits["nodes"][0]["object"]["title"]), (&json!(1), &json!("2026-12-01"), &json!("Housing")));
        deed(&app.secretariat(), "finaliseDocument", &input(2)).done("finaliseDocument", "/document/id");
        assert!(!lacks(app).contains("FINAL_DOCUMENT"));
        assert_eq!(app.secretariat().ask(list).data("/attention/totalCount"), 0);
        assert_eq!(deed(&app.secretariat(), "publishDocument", &input(3)).refusal("publishDocument"), "CONSENT_MISSING");
    }
}
