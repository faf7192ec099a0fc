//! Tests of the programme, a file for each slice, and what they arrange: members and packages.

mod activities;
mod amendments;
mod annual_figures;
mod assessments;
mod delivery;
mod documents;
mod entitlements;
mod index;
mod journey;
mod packages;
mod plan;
mod policy_profiles;
mod practice_proposals;
mod practices;
mod reference;
mod search;
mod steps;
mod walk;

use intercultural_cities::finance::products;
use intercultural_cities::kernel::ids::{CityId, PackageId};
use intercultural_cities::kernel::money::{Currency, Money};
use intercultural_cities::programme::packages::{Enrolment, enrol as enrol_city};
use intercultural_cities::registry::memberships::{self, AdoptedMembership};
use intercultural_cities::registry::networks;

use intercultural_cities::access::viewer::Viewer;
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::workflows::follow_calendar::follow_calendar;
use serde_json::{Value, json};

use crate::registry::networks::reference as networks_of_the_memo;
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day};

const PLAN: &str = "mutation ($input: PlanActivityInput!) { planActivity(input: $input) { activity { id status startsOn endsOn topic } userErrors { code field message } } }";
const NOTE: &str = "mutation ($input: NoteParticipantsInput!) { noteParticipants(input: $input) { activity { id } userErrors { code field message } } }";
const DOCUMENT: &str = "mutation ($input: AddActivityDocumentInput!) { addActivityDocument(input: $input) { activity { id } userErrors { code field message } } }";
const SUBMIT: &str = "mutation ($input: SubmitActivityInput!) { submitActivity(input: $input) { activity { id status acceptsOn } userErrors { code field message } } }";
const ACCEPT: &str = "mutation ($input: AcceptActivityInput!) { acceptActivity(input: $input) { activity { id status acceptedOn } userErrors { code field message } } }";
const ACCOUNTS: &str = "query ($id: ID!) { node(id: $id) { ... on Package { entitlements { kind agreed granted reserved consumed expired available entries { entry units reason activity { id } } } activities(first: 100) { nodes { id kind number status } } } } }";

/// The input of a deed with an activity, with its version of now.
pub fn of_activity(app: &TestApp, activity: &str, fields: &Value) -> Value {
    let mut input = json!({ "activityId": activity, "version": app.version(activity) });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    json!({ "input": input })
}

#[track_caller]
pub fn plan(app: &TestApp, activity: &str, first: &str, last: &str, topic: Option<&str>) -> Answer {
    let fields = json!({ "startsOn": first, "endsOn": last, "topic": topic });
    app.secretariat()
        .tell(PLAN, of_activity(app, activity, &fields))
}

#[track_caller]
pub fn note(app: &TestApp, activity: &str, kinds: &[(&str, bool)]) {
    let person = |(kind, decides): &(&str, bool)| json!({ "name": format!("{kind} Example"), "kind": kind, "decisionMaker": decides, "attended": true });
    let people: Vec<Value> = kinds.iter().map(person).collect();
    let fields = json!({ "participants": people });
    app.secretariat()
        .tell(NOTE, of_activity(app, activity, &fields))
        .done("noteParticipants", "/activity/id");
}

/// Stores a file of the city and adds it.
#[track_caller]
pub fn add_document(app: &TestApp, city: CityId, activity: &str, kind: &str) {
    let reply = app.secretariat().send(
        "PUT",
        &format!("/api/v1/files?cityId={}", city.public()),
        &[
            ("content-type", "application/pdf"),
            ("content-disposition", "attachment; filename=\"report.pdf\""),
        ],
        b"%PDF-1.7\na report",
    );
    let file = reply.json()["id"].clone();
    let fields = json!({ "fileId": file, "kind": kind, "title": "Report of the example" });
    app.secretariat()
        .tell(DOCUMENT, of_activity(app, activity, &fields))
        .done("addActivityDocument", "/activity/id");
}

#[track_caller]
pub fn submit(app: &TestApp, activity: &str) -> Answer {
    app.secretariat()
        .tell(SUBMIT, of_activity(app, activity, &json!({})))
}

#[track_caller]
pub fn accept(app: &TestApp, city: CityId, activity: &str) -> Answer {
    app.coordinator_of(city)
        .tell(ACCEPT, of_activity(app, activity, &json!({})))
}

/// The activity of a kind and number of a package.
#[track_caller]
pub fn activity(app: &TestApp, package: PackageId, kind: &str, number: i64) -> String {
    let found = accounts(app, package);
    let nodes = found["activities"]["nodes"].as_array().unwrap();
    let one = nodes
        .iter()
        .find(|one| one["kind"] == kind && one["number"] == number);
    one.unwrap_or_else(|| panic!("{kind} {number} in {found}"))["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// What the package has: accounts and activities.
#[track_caller]
pub fn accounts(app: &TestApp, package: PackageId) -> Value {
    let answer = app
        .auditor()
        .ask_with(ACCOUNTS, json!({ "id": package.public() }));
    answer.data("/node").clone()
}

/// The balances of a kind: granted, reserved, consumed, expired, available. All accounts add up, and are
/// what the activities say.
#[track_caller]
pub fn balances(app: &TestApp, package: PackageId, kind: &str) -> [i64; 5] {
    let found = accounts(app, package);
    let mut asked = [0; 5];
    for account in found["entitlements"].as_array().unwrap() {
        let of = |name: &str| account[name].as_i64().unwrap();
        let row = ["granted", "reserved", "consumed", "expired", "available"].map(of);
        let [granted, reserved, consumed, expired, available] = row;
        assert_eq!(
            granted,
            reserved + consumed + expired + available,
            "{account}"
        );
        let told = |kinds: &[&str]| -> i64 {
            let entries = account["entries"].as_array().unwrap().iter();
            let counted = entries.filter(|entry| kinds.contains(&entry["entry"].as_str().unwrap()));
            counted.map(|entry| entry["units"].as_i64().unwrap()).sum()
        };
        assert_eq!(told(&["GRANT", "ADJUST"]), granted, "{account}");
        assert_eq!(
            told(&["RESERVE"]) - told(&["RELEASE", "CONSUME"]),
            reserved,
            "{account}"
        );
        assert_eq!(told(&["CONSUME"]), consumed, "{account}");
        assert_eq!(told(&["EXPIRE"]), expired, "{account}");
        let count = |states: &[&str]| {
            let nodes = found["activities"]["nodes"].as_array().unwrap().iter();
            let counted = nodes.filter(|one| {
                one["kind"] == account["kind"] && states.contains(&one["status"].as_str().unwrap())
            });
            i64::try_from(counted.count()).unwrap()
        };
        assert_eq!(count(&["PLANNED"]), available, "{found}");
        assert_eq!(
            count(&["CONFIRMED", "HELD", "REPORT_DUE", "SUBMITTED"]),
            reserved,
            "{found}"
        );
        assert_eq!(count(&["ACCEPTED"]), consumed, "{found}");
        if account["kind"] == kind {
            asked = row;
        }
    }
    asked
}

/// What the hourly round does today.
pub fn follow(app: &TestApp) -> (usize, usize, usize) {
    let viewer = Viewer::System("test");
    let followed = follow_calendar(&mut app.db(), &viewer, app.now()).unwrap();
    (followed.ended, followed.accepted, followed.lapsed)
}

/// The price list of the reference data.
pub fn with_price_list(app: &TestApp) {
    app.arrange(products::ensure_reference);
}

type Day = (i32, u32, u32);

/// A city that is a member from the day on.
pub fn member(app: &TestApp, name: &str, country: &str, joined_on: Day) -> CityId {
    let city = app.city(name, country);
    let adopted = AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on: day(joined_on.0, joined_on.1, joined_on.2),
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: None,
        agreement_on: None,
        fee_waived: false,
    };
    app.arrange(|tx| {
        networks::ensure_reference(tx, &networks_of_the_memo())?;
        memberships::adopt(tx, &adopted)
    });
    city
}

/// The city's package that covers the annual fee and is paid in four instalments.
pub fn enrol(app: &TestApp, city: CityId, starts_on: Day) -> PackageId {
    let enrolment = Enrolment {
        city,
        starts_on: day(starts_on.0, starts_on.1, starts_on.2),
        covers_annual_fee: true,
        instalments: 4,
        price: Money::new(37_500_000, Currency::DKK),
        grace_months: 0,
        different_hosts: false,
        tailored: None,
    };
    app.arrange(|tx| enrol_city(tx, &enrolment, &app.app.reference.deliverables))
}
