//! Amendments that a second person approves: units, a later end, a pause. What it is not: another price
//! (`finance/amendments`).

use intercultural_cities::kernel::ids::{Id, PackageId};
use intercultural_cities::programme::packages;
use serde_json::{Value, json};

use crate::programme::{
    accounts, activity, balances, enrol, member, of_activity, plan, with_price_list,
};
use crate::support::actor::Answer;
use crate::support::app::TestApp;

const PROPOSE: &str = "mutation ($input: ProposeAmendmentInput!) { proposeAmendment(input: $input) { amendment { id version kind status take { kind units } give { kind units } pauseFrom pauseUntil months } userErrors { code field message } } }";
const APPROVE: &str = "mutation ($input: ApproveAmendmentInput!) { approveAmendment(input: $input) { amendment { id status } userErrors { code field message } } }";
const DISCARD: &str = "mutation ($input: DiscardAmendmentInput!) { discardAmendment(input: $input) { amendment { id status } userErrors { code field message } } }";
const ENROL: &str = "mutation ($input: EnrolInPackageInput!) { enrolInPackage(input: $input) { package { id approval price { amount } deliverables { kind units } } userErrors { code field message } } }";
const BILLING: &str =
    "query ($id: ID!) { packageBilling(packageId: $id) { instalments { fallsOn state } } }";
const UNPLAN: &str = "mutation ($input: UnplanActivityInput!) { unplanActivity(input: $input) { activity { id status } userErrors { code field message } } }";

fn propose(app: &TestApp, package: PackageId, change: &Value) -> Answer {
    let mut input = json!({ "packageId": package.public(), "version": app.version(&package.public()), "reason": "Letter of the city" });
    for (name, value) in change.as_object().unwrap() {
        input[name] = value.clone();
    }
    app.secretariat().tell(PROPOSE, json!({ "input": input }))
}

fn approve(app: &TestApp, amendment: &str) -> Answer {
    let input = json!({ "amendmentId": amendment, "version": app.version(amendment) });
    app.admin().tell(APPROVE, json!({ "input": input }))
}

#[track_caller]
fn amended(app: &TestApp, package: PackageId, change: &Value) {
    let id = propose(app, package, change).done("proposeAmendment", "/amendment/id");
    assert_eq!(
        approve(app, &id).done("approveAmendment", "/amendment/status"),
        "APPROVED"
    );
}

fn ends(app: &TestApp, package: PackageId) -> (String, String) {
    let found = packages::get(&mut app.db(), package).unwrap();
    (found.ends_on.to_string(), found.expires_on.to_string())
}

fn instalments(app: &TestApp, package: PackageId) -> Vec<String> {
    let answer = app
        .finance()
        .ask_with(BILLING, json!({ "id": package.public() }));
    let listed = answer
        .data("/packageBilling/instalments")
        .as_array()
        .unwrap()
        .clone();
    listed
        .iter()
        .map(|one| one["fallsOn"].as_str().unwrap().to_owned())
        .collect()
}

crate::both_databases! {
    fn units_are_exchanged_given_and_taken(app: &TestApp) {
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let units = |kind: &str, units: i32| json!({ "kind": kind, "units": units });
        for (change, field) in [
            (json!({}), "take"),
            (json!({ "take": units("STUDY_VISIT", 0) }), "take.units"),
            (json!({ "take": units("STUDY_VISIT", 1), "give": units("STUDY_VISIT", 1) }), "give.kind"),
            (json!({ "take": units("STUDY_VISIT", 1), "extendByMonths": 1 }), ""),
            (json!({ "extendByMonths": 25 }), "months"),
            (json!({ "pause": { "startsOn": "2026-12-02", "endsOn": "2026-12-01" } }), "pause"),
        ] {
            assert_eq!(propose(app, package, &change).refusals("proposeAmendment")[0].1, field, "{change}");
        }
        // What is reserved is not there to be taken, nor is what was taken before.
        let index = activity(app, package, "INDEX", 1);
        plan(app, &index, "2026-12-01", "2026-12-02", None).done("planActivity", "/activity/id");
        let id = propose(app, package, &json!({ "take": units("INDEX", 1) })).done("proposeAmendment", "/amendment/id");
        assert_eq!(approve(app, &id).refusal("approveAmendment"), "CAPACITY_FULL");
        assert_eq!(balances(app, package, "INDEX"), [1, 1, 0, 0, 0]);
        let input = json!({ "amendmentId": id, "version": 1 });
        assert_eq!(app.secretariat().tell(DISCARD, json!({ "input": input })).done("discardAmendment", "/amendment/status"), "DISCARDED");
        assert_eq!(approve(app, &id).refusal("approveAmendment"), "NOT_IN_STATE");

        amended(app, package, &json!({ "take": units("STUDY_VISIT", 2), "give": units("POLICY_ANALYSIS", 3) }));
        assert_eq!(balances(app, package, "STUDY_VISIT"), [0, 0, 0, 0, 0]);
        assert_eq!(balances(app, package, "POLICY_ANALYSIS"), [5, 0, 0, 0, 5]);
        amended(app, package, &json!({ "give": units("STUDY_VISIT", 1) }));
        assert_eq!(balances(app, package, "STUDY_VISIT"), [1, 0, 0, 0, 1]);
        let agreed: i64 = accounts(app, package)["entitlements"].as_array().unwrap().iter().map(|row| row["agreed"].as_i64().unwrap()).sum();
        assert_eq!(agreed, 9);
    }

    fn a_package_is_extended_and_its_payments_stay(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        let before = instalments(app, package);
        amended(app, package, &json!({ "extendByMonths": 3 }));
        assert_eq!(ends(app, package), ("2028-06-15".to_owned(), "2028-06-15".to_owned()));
        assert_eq!(instalments(app, package), before);
        let strategy = activity(app, package, "STRATEGY_ASSISTANCE", 1);
        plan(app, &strategy, "2028-06-10", "2028-06-14", None).done("planActivity", "/activity/id");
        // Another package of the city is in the way of a later end.
        enrol(app, city, (2028, 6, 15));
        let id = propose(app, package, &json!({ "extendByMonths": 1 })).done("proposeAmendment", "/amendment/id");
        assert_eq!(approve(app, &id).refusal("approveAmendment"), "PERIOD_OVERLAPS");
    }

    fn in_a_pause_nothing_is_planned_and_payments_stand_still(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let package = enrol(app, city, (2026, 3, 15));
        assert_eq!(instalments(app, package), ["2026-03-15", "2026-09-15", "2027-03-15", "2027-09-15"]);
        let index = activity(app, package, "INDEX", 1);
        plan(app, &index, "2027-02-27", "2027-03-01", None).done("planActivity", "/activity/id");
        let pause = json!({ "pause": { "startsOn": "2027-03-01", "endsOn": "2027-03-31" } });
        let id = propose(app, package, &pause).done("proposeAmendment", "/amendment/id");
        assert_eq!(approve(app, &id).refusals("approveAmendment"), [("PERIOD_OVERLAPS".to_owned(), "pause".to_owned())]);
        app.secretariat().tell(UNPLAN, of_activity(app, &index, &json!({}))).done("unplanActivity", "/activity/id");
        approve(app, &id).done("approveAmendment", "/amendment/id");
        assert_eq!(ends(app, package), ("2028-04-15".to_owned(), "2028-04-15".to_owned()));
        assert_eq!(instalments(app, package), ["2026-03-15", "2026-09-15", "2027-04-15", "2027-10-16"]);
        assert_eq!(plan(app, &index, "2027-03-31", "2027-04-02", None).refusals("planActivity"), [("PERIOD_OVERLAPS".to_owned(), "startsOn".to_owned())]);
        plan(app, &index, "2027-04-01", "2027-04-02", None).done("planActivity", "/activity/id");
        assert_eq!(propose(app, package, &pause).refusal("proposeAmendment"), "PERIOD_OVERLAPS");
    }

    fn a_tailored_package_has_its_own_list_price_and_approval(app: &TestApp) {
        with_price_list(app);
        let city = member(app, "Oslo", "NO", (2026, 3, 15));
        let enrol = |fields: Value| {
            let mut input = json!({ "cityId": city.public(), "startsOn": "2026-12-01", "coversAnnualFee": false, "instalments": 1 });
            for (name, value) in fields.as_object().unwrap() {
                input[name] = value.clone();
            }
            app.secretariat().tell(ENROL, json!({ "input": input }))
        };
        let list = json!([{ "kind": "INDEX", "units": 1 }, { "kind": "STUDY_VISIT", "units": 3 }]);
        assert_eq!(enrol(json!({ "deliverables": list, "approval": "Board, 1 November 2026" })).refusals("enrolInPackage"), [("REQUIRED".to_owned(), "price".to_owned())]);
        assert_eq!(enrol(json!({ "deliverables": list, "price": "200000" })).refusals("enrolInPackage"), [("REQUIRED".to_owned(), "approval".to_owned())]);
        let twice = json!([{ "kind": "INDEX", "units": 0 }, { "kind": "INDEX", "units": 1 }]);
        assert_eq!(enrol(json!({ "deliverables": twice, "price": "1", "approval": "x", "graceMonths": 7 })).refusals("enrolInPackage").into_iter().map(|(_, field)| field).collect::<Vec<_>>(), ["graceMonths", "deliverables.0.units", "deliverables.1.kind"]);
        let answer = enrol(json!({ "deliverables": list, "price": "200000", "approval": "Board, 1 November 2026" }));
        let package = PackageId::parse(&answer.done("enrolInPackage", "/package/id")).unwrap();
        assert_eq!(answer.data("/enrolInPackage/package/deliverables"), &list);
        assert_eq!(answer.text("/enrolInPackage/package/approval"), "Board, 1 November 2026");
        assert_eq!(balances(app, package, "STUDY_VISIT"), [3, 0, 0, 0, 3]);
    }
}
