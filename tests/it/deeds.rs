//! Mutations that are done, with what it takes to send them again and the object they made: for tests
//! of who may repeat them and who sees what came of them. What it is not: tests.

use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::finance::products;
use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::{Value, json};

use crate::scheduling::member;
use crate::support::actor::Actor;
use crate::support::app::{TestApp, day};

/// A mutation that was done under a key.
pub struct Done {
    pub field: &'static str,
    pub document: String,
    pub variables: Value,
    pub key: String,
    pub id: String,
}

/// Does a mutation under a key; the answer is its object.
#[track_caller]
pub fn perform(actor: &Actor<'_>, field: &'static str, object: &str, input: &Value) -> Done {
    let title = format!("{}{}", field[..1].to_uppercase(), &field[1..]);
    let document = format!(
        "mutation ($input: {title}Input!) {{ {field}(input: $input) {{ {object} {{ id }} userErrors {{ code field message }} }} }}"
    );
    let (variables, key) = (json!({ "input": input }), format!("key-{field}"));
    let answer = actor.ask_keyed(&document, variables.clone(), Some(&key));
    let id = answer.done(field, &format!("/{object}/id"));
    Done {
        field,
        document,
        variables,
        key,
        id,
    }
}

/// An invoice that is late, of a city that is a member.
fn late(app: &TestApp, city: &str) -> String {
    let new = NewFeeInvoice {
        membership: None,
        city: Some(CityId::parse(city).unwrap()),
        fee_year: 2025,
    };
    app.arrange(|tx| {
        let id = invoices::draft_fee(tx, &new)?;
        invoices::issue(tx, id, Some(day(2025, 3, 1)))
    })
    .public()
}

/// What is done about an invoice that is late.
fn lateness(app: &TestApp, actor: &Actor<'_>, city: &str) -> [Done; 4] {
    let late = late(app, city);
    let charge = perform(
        actor,
        "chargeLateInterest",
        "invoice",
        &json!({ "invoiceId": late, "version": 2, "until": "2025-12-31" }),
    );
    let waive = perform(
        actor,
        "waiveLateCharges",
        "creditNote",
        &json!({ "invoiceId": charge.id, "version": 2, "reason": "A favour" }),
    );
    let run = perform(
        actor,
        "applyReminderRun",
        "reminderRun",
        &json!({ "on": "2026-11-20" }),
    );
    let pause = perform(
        actor,
        "pauseReminders",
        "hold",
        &json!({ "invoiceId": late, "reason": "Agreed by phone" }),
    );
    [charge, waive, run, pause]
}

/// Everything that needs a key, done by one user, and one that may have a key.
pub fn everything(app: &TestApp, actor: &Actor<'_>) -> Vec<Done> {
    app.arrange(products::ensure_reference);
    let (odense, aarhus) = (
        member(app, "Odense").public(),
        member(app, "Aarhus").public(),
    );
    let visit = json!({ "startsOn": "2026-12-07", "endsOn": "2026-12-08", "theme": "Mediation" });
    let with = |fields: Value| {
        let mut all = visit.clone();
        for (name, value) in fields.as_object().unwrap() {
            all[name] = value.clone();
        }
        all
    };
    let draft = perform(
        actor,
        "draftFeeInvoice",
        "invoice",
        &json!({ "cityId": odense, "feeYear": 2026 }),
    );
    let issue = perform(
        actor,
        "issueInvoice",
        "invoice",
        &json!({ "invoiceId": draft.id, "version": 1 }),
    );
    let record = perform(
        actor,
        "recordPayment",
        "payment",
        &json!({ "cityId": odense, "amount": "100.00", "receivedOn": "2026-11-20", "payerName": "Kim Example" }),
    );
    let allocate = perform(
        actor,
        "allocatePayment",
        "allocation",
        &json!({ "paymentId": record.id, "invoiceId": issue.id, "amount": "60.00" }),
    );
    let credit = perform(
        actor,
        "creditInvoice",
        "creditNote",
        &json!({ "invoiceId": issue.id, "version": 3, "reasonCode": "GOODWILL", "reason": "Nothing was delivered" }),
    );
    let [charge, waive, run, pause] = lateness(app, actor, &odense);
    let expert = perform(
        actor,
        "scheduleExpertVisit",
        "expertVisit",
        &with(json!({ "cityId": odense })),
    );
    let study = perform(
        actor,
        "scheduleStudyVisit",
        "studyVisit",
        &with(json!({ "hostCityId": odense, "capacity": 3 })),
    );
    let join = perform(
        actor,
        "joinStudyVisit",
        "studyVisit",
        &json!({ "visitId": study.id, "cityId": aarhus, "delegateName": "Robin Example" }),
    );
    let pair = perform(
        actor,
        "pairCities",
        "mentorPairing",
        &json!({ "mentorCityId": odense, "menteeCityId": aarhus, "area": "HOUSING", "mutual": false, "startsOn": "2026-12-01" }),
    );
    let person = perform(
        actor,
        "registerPerson",
        "person",
        &json!({ "name": "Kim Example", "kind": "PRACTITIONER" }),
    );
    vec![
        draft, issue, record, allocate, credit, charge, waive, run, pause, expert, study, join,
        pair, person,
    ]
}
