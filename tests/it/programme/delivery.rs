//! Delivery and acceptance: who came, what is taken back, who did not come, who sees what. What it is not:
//! the rules of each kind; those are a table beside them.

use intercultural_cities::kernel::ids::{Id, PackageId};
use serde_json::json;

use crate::programme::index::approved;
use crate::programme::{
    accept, activity, add_document, balances, enrol, member, note, of_activity, plan, submit,
};
use crate::support::app::TestApp;

const REVOKE: &str = "mutation ($input: RevokeAcceptanceInput!) { revokeAcceptance(input: $input) { activity { id status acceptedOn acceptances { revokedOn revokeReason } } userErrors { code field message } } }";
const NO_SHOW: &str = "mutation ($input: NoteNoShowInput!) { noteNoShow(input: $input) { activity { id status remark } userErrors { code field message } } }";
const NOTE: &str = "mutation ($input: NoteParticipantsInput!) { noteParticipants(input: $input) { activity { participants { name kind attended } } userErrors { code field message } } }";
const DOCUMENT: &str = "mutation ($input: AddActivityDocumentInput!) { addActivityDocument(input: $input) { activity { documents { kind title fileId } } userErrors { code field message } } }";
const SUBMIT: &str = "mutation ($input: SubmitActivityInput!) { submitActivity(input: $input) { activity { id acceptsOn } userErrors { code field message } } }";
const SEEN: &str = "query ($id: ID!) { node(id: $id) { ... on Activity { kind participants { name } documents { title } } } }";

/// An index that is submitted.
fn submitted(app: &TestApp, package: PackageId) -> String {
    let city = intercultural_cities::programme::packages::get(&mut app.db(), package)
        .unwrap()
        .city_id;
    let index = activity(app, package, "INDEX", 1);
    plan(app, &index, "2026-10-01", "2026-10-05", None).done("planActivity", "/activity/id");
    add_document(app, city, &index, "REPORT");
    approved(app, city, Some(&index), "COMMITMENT_STATEMENT=YES");
    submit(app, &index).done("submitActivity", "/activity/id");
    index
}

crate::both_databases! {
    fn an_acceptance_is_taken_back_and_given_again(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let index = submitted(app, package);
        let revoke = |reason: &str| app.secretariat().tell(REVOKE, of_activity(app, &index, &json!({ "reason": reason })));
        assert_eq!(revoke("Too early.").refusal("revokeAcceptance"), "NOT_IN_STATE");
        for round in 1..=2 {
            accept(app, city, &index).done("acceptActivity", "/activity/id");
            assert_eq!(balances(app, package, "INDEX"), [1, 0, 1, 0, 0]);
            assert_eq!(revoke("").refusal("revokeAcceptance"), "REQUIRED");
            let answer = revoke("The report was another city's.");
            assert_eq!(answer.done("revokeAcceptance", "/activity/status"), "REPORT_DUE");
            assert_eq!(answer.data("/revokeAcceptance/activity/acceptances").as_array().unwrap().len(), round);
            assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
            submit(app, &index).done("submitActivity", "/activity/id");
        }
        accept(app, city, &index).done("acceptActivity", "/activity/id");
        assert_eq!(balances(app, package, "INDEX"), [1, 0, 1, 0, 0]);
    }

    fn one_of_many_acceptances_at_once_counts(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let index = submitted(app, package);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| accept(app, city, &index))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.body["data"]["acceptActivity"]["activity"]["id"].is_string()).count(), 1);
        assert_eq!(balances(app, package, "INDEX"), [1, 0, 1, 0, 0]);
    }

    fn who_did_not_come_loses_the_unit_or_gets_another(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let workshop = activity(app, package, "VISION_WORKSHOP", 1);
        let missed = |id: &str, lost: bool| app.secretariat().tell(NO_SHOW, of_activity(app, id, &json!({ "unitLost": lost, "reason": "Nobody came." })));
        plan(app, &workshop, "2026-11-22", "2026-11-22", None).done("planActivity", "/activity/id");
        assert_eq!(missed(&workshop, false).refusal("noteNoShow"), "NOT_IN_STATE");
        app.set_today(2026, 11, 24);
        assert_eq!(missed(&workshop, false).done("noteNoShow", "/activity/status"), "NO_SHOW");
        assert_eq!(balances(app, package, "VISION_WORKSHOP"), [1, 0, 0, 0, 1]);
        let again = activity(app, package, "VISION_WORKSHOP", 2);
        plan(app, &again, "2026-11-23", "2026-11-23", None).done("planActivity", "/activity/id");
        missed(&again, true).done("noteNoShow", "/activity/id");
        assert_eq!(balances(app, package, "VISION_WORKSHOP"), [1, 0, 0, 1, 0]);
        // A paper is not attended.
        let strategy = activity(app, package, "STRATEGY_ASSISTANCE", 1);
        plan(app, &strategy, "2026-11-01", "2026-11-02", None).done("planActivity", "/activity/id");
        assert_eq!(missed(&strategy, true).refusal("noteNoShow"), "NOT_IN_STATE");
    }

    fn what_shows_a_delivery_is_checked_and_seen_by_the_own_city_only(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let lyon = member(app, "Lyon", "FR", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let index = activity(app, package, "INDEX", 1);
        plan(app, &index, "2026-10-01", "2026-10-05", None).done("planActivity", "/activity/id");
        let people = json!({ "participants": [
            { "name": "Anna Example", "kind": "OFFICIAL", "attended": true },
            { "name": "", "kind": "MEDIA", "attended": true },
            { "name": "Bo Example", "kind": "MEDIA", "organisation": "a\u{0}b", "attended": true },
        ] });
        let answer = app.secretariat().tell(NOTE, of_activity(app, &index, &people));
        assert_eq!(answer.refusals("noteParticipants"), [("REQUIRED".to_owned(), "participants.1.name".to_owned()), ("INVALID_TEXT".to_owned(), "participants.2.organisation".to_owned())]);
        note(app, &index, &[("OFFICIAL", false), ("MEDIA", false)]);
        note(app, &index, &[("OFFICIAL", false)]);

        // A file of another city is none.
        let foreign = app.secretariat().send("PUT", &format!("/api/v1/files?cityId={}", lyon.public()), &[("content-type", "application/pdf"), ("content-disposition", "attachment; filename=\"secret.pdf\"")], b"%PDF-1.7\nsecret");
        let fields = json!({ "fileId": foreign.json()["id"], "kind": "REPORT", "title": "Report" });
        assert_eq!(app.secretariat().tell(DOCUMENT, of_activity(app, &index, &fields)).refusals("addActivityDocument"), [("NOT_FOUND".to_owned(), "fileId".to_owned())]);
        add_document(app, city, &index, "REPORT");

        let seen = app.coordinator_of(city).ask_with(SEEN, json!({ "id": index }));
        assert_eq!(seen.data("/node"), &json!({ "kind": "INDEX", "participants": [{ "name": "OFFICIAL Example" }], "documents": [{ "title": "Report of the example" }] }));
        assert!(app.coordinator_of(lyon).ask_with(SEEN, json!({ "id": index })).data("/node").is_null());
        assert!(app.anonymous().ask_with(SEEN, json!({ "id": index })).data("/node").is_null());

        approved(app, city, Some(&index), "COMMITMENT_STATEMENT=YES");
        for days in [0, 91] {
            assert_eq!(app.secretariat().tell(SUBMIT, of_activity(app, &index, &json!({ "acceptWithinDays": days }))).refusals("submitActivity"), [("OUT_OF_RANGE".to_owned(), "acceptWithinDays".to_owned())]);
        }
        assert_eq!(app.secretariat().tell(SUBMIT, of_activity(app, &index, &json!({ "acceptWithinDays": 30 }))).done("submitActivity", "/activity/acceptsOn"), "2026-12-22");
        accept(app, city, &index).done("acceptActivity", "/activity/id");
        // What is accepted keeps its papers and people.
        assert_eq!(app.secretariat().tell(NOTE, of_activity(app, &index, &json!({ "participants": [] }))).refusal("noteParticipants"), "NOT_IN_STATE");
    }
}
