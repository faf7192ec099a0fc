//! What is to be expected of a package, and what of it is on the work list. What it is not: the reckoning;
//! that is tested beside it.

use intercultural_cities::kernel::ids::{Id, PackageId};
use serde_json::{Value, json};

use crate::programme::{activity, enrol, member, note, of_activity, plan};
use crate::support::app::TestApp;

const PLAN: &str = "query ($id: ID!) { node(id: $id) { ... on Package { plan { endsOn lateByDays steps { activity { kind number } startsOn endsOn expected blockedBy { kind } critical late } } } } }";
const NETWORK: &str = "{ packages(filter: { runningOn: \"2026-11-22\" }) { nodes { city { name } plan { endsOn lateByDays } } } }";
const LIST: &str = "{ attention(filter: { rule: [ACTIVITY_OVERDUE, UNITS_EXPIRING, AMENDMENT_WAITING] }) { totalCount nodes { rule since message object { __typename ... on Activity { kind } ... on Package { id } ... on PackageAmendment { kind } } } } }";
const PROPOSE: &str = "mutation ($input: ProposeAmendmentInput!) { proposeAmendment(input: $input) { amendment { id } userErrors { code field message } } }";
const NO_SHOW: &str = "mutation ($input: NoteNoShowInput!) { noteNoShow(input: $input) { activity { id } userErrors { code field message } } }";

fn forecast(app: &TestApp, package: PackageId) -> Value {
    let answer = app
        .secretariat()
        .ask_with(PLAN, json!({ "id": package.public() }));
    answer.data("/node/plan").clone()
}

fn waiting(app: &TestApp) -> Vec<(String, String)> {
    let answer = app.secretariat().ask(LIST);
    let nodes = answer.data("/attention/nodes").as_array().unwrap().clone();
    assert_eq!(answer.data("/attention/totalCount"), &json!(nodes.len()));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    nodes
        .iter()
        .map(|one| (text(&one["rule"]), text(&one["since"])))
        .collect()
}

crate::both_databases! {
    fn a_package_says_what_waits_for_what_and_when_it_ends(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let lyon = member(app, "Lyon", "FR", (2025, 1, 1));
        let package = enrol(app, city, (2026, 3, 15));
        enrol(app, lyon, (2025, 1, 1));
        let index = activity(app, package, "INDEX", 1);
        plan(app, &index, "2026-12-01", "2027-01-31", None).done("planActivity", "/activity/id");
        let found = forecast(app, package);
        assert_eq!((&found["endsOn"], &found["lateByDays"]), (&json!("2027-06-14"), &json!(-274)));
        let step = |kind: &str| found["steps"].as_array().unwrap().iter().find(|one| one["activity"]["kind"] == kind).unwrap().clone();
        assert_eq!(step("INDEX"), json!({ "activity": { "kind": "INDEX", "number": 1 }, "startsOn": "2026-12-01", "endsOn": "2027-01-31", "expected": false, "blockedBy": [], "critical": true, "late": false }));
        assert_eq!((&step("EXPERT_VISIT")["startsOn"], &step("EXPERT_VISIT")["blockedBy"]), (&json!("2027-02-01"), &json!([{ "kind": "INDEX" }])));
        assert_eq!(step("STUDY_VISIT")["critical"], false);

        // The network's: each running package with its forecast, in a bounded number of statements.
        let secretariat = app.secretariat();
        let network = secretariat.ask(NETWORK);
        let late: Vec<(Value, bool)> = network.data("/packages/nodes").as_array().unwrap().iter().map(|one| (one["city"]["name"].clone(), one["plan"]["lateByDays"].as_i64().unwrap() > 0)).collect();
        assert_eq!(late, [(json!("Lyon"), true), (json!("Oslo"), false)]);
        assert!(app.coordinator_of(lyon).ask_with(PLAN, json!({ "id": package.public() })).data("/node").is_null());
    }

    fn what_is_late_or_waits_is_on_the_work_list(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        assert!(waiting(app).is_empty());
        let workshop = activity(app, package, "VISION_WORKSHOP", 1);
        plan(app, &workshop, "2026-11-08", "2026-11-08", None).done("planActivity", "/activity/id");
        assert!(waiting(app).is_empty());
        app.set_today(2026, 11, 23);
        assert_eq!(waiting(app), [("ACTIVITY_OVERDUE".to_owned(), "2026-11-23".to_owned())]);
        note(app, &workshop, &[("OFFICIAL", false)]);
        let input = of_activity(app, &workshop, &json!({ "unitLost": true, "reason": "No council." }));
        app.secretariat().tell(NO_SHOW, input).done("noteNoShow", "/activity/id");
        let proposal = json!({ "packageId": package.public(), "version": app.version(&package.public()), "extendByMonths": 1, "reason": "Elections" });
        app.secretariat().tell(PROPOSE, json!({ "input": proposal })).done("proposeAmendment", "/amendment/id");
        assert_eq!(waiting(app), [("AMENDMENT_WAITING".to_owned(), "2026-11-23".to_owned())]);
        app.set_today(2027, 12, 15);
        assert_eq!(waiting(app).len(), 1);
        app.set_today(2027, 12, 16);
        assert_eq!(waiting(app), [("AMENDMENT_WAITING".to_owned(), "2026-11-23".to_owned()), ("UNITS_EXPIRING".to_owned(), "2027-12-16".to_owned())]);
        let answer = app.secretariat().ask(LIST);
        assert!(answer.text("/attention/nodes/1/message").starts_with("8 units of the package are lost on 2028-03-15"), "{}", answer.body);
    }
}
