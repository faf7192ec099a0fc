//! Tests of spreadsheets in and out, a file for each kind, and what they share: sending a file,
//! fetching one, reading a report.

mod cities;
mod coordinators;
mod demonstration;
mod experts;
mod forms;
mod invoices;
mod long;
mod memberships;
mod opening_items;
mod partners;
mod payments;
mod people;
mod roles;
mod turns;

use intercultural_cities::kernel::ids::CityId;
use intercultural_cities::registry::memberships::{
    self as registry_memberships, AdoptedMembership,
};
use intercultural_cities::workflows::reference;
use serde_json::Value;

use crate::support::actor::Actor;
use crate::support::app::{TestApp, day};

/// Sends a file; without a key only a dry run is answered.
#[track_caller]
pub fn import(
    actor: &Actor<'_>,
    kind: &str,
    query: &str,
    key: Option<&str>,
    csv: &[u8],
) -> (u16, Value) {
    let mut headers = vec![("content-type", "text/csv")];
    if let Some(key) = key {
        headers.push(("idempotency-key", key));
    }
    let path = format!("/api/v1/imports/{kind}{query}");
    let reply = actor.send("POST", &path, &headers, csv);
    (reply.status, reply.json())
}

/// Sends a file to be looked at only.
#[track_caller]
pub fn dry_run(actor: &Actor<'_>, kind: &str, csv: &str) -> (u16, Value) {
    import(actor, kind, "", None, csv.as_bytes())
}

/// Sends a file to be written, with the key.
#[track_caller]
pub fn apply(actor: &Actor<'_>, kind: &str, key: &str, csv: &str) -> (u16, Value) {
    import(actor, kind, "?apply=true", Some(key), csv.as_bytes())
}

/// Sends a file that must be written.
#[track_caller]
pub fn applied(actor: &Actor<'_>, kind: &str, key: &str, csv: &str) -> Value {
    let (status, report) = apply(actor, kind, key, csv);
    assert_eq!(
        (status, &report["applied"]),
        (200, &true.into()),
        "{report}"
    );
    report
}

/// Fetches a file.
#[track_caller]
pub fn export(actor: &Actor<'_>, kind: &str, query: &str) -> String {
    let reply = actor.get(&format!("/api/v1/exports/{kind}.csv{query}"));
    assert_eq!(reply.status, 200);
    reply.text().to_owned()
}

/// Rows to create, to update, unchanged, wrong.
pub fn counts(report: &Value) -> [u64; 4] {
    ["create", "update", "unchanged", "error"].map(|count| {
        report["counts"][count]
            .as_u64()
            .unwrap_or_else(|| panic!("no {count} in {report}"))
    })
}

/// Every problem: line, column, code.
pub fn problems(report: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for row in report["rows"].as_array().unwrap() {
        for problem in row["problems"].as_array().unwrap() {
            let line = row["line"].as_u64().unwrap();
            assert!(!text(&problem["message"]).is_empty(), "{problem}");
            found.push((line, text(&problem["column"]), text(&problem["code"])));
        }
    }
    found
}

/// Demands the problems of a file that is not written, and that nothing of it was.
#[track_caller]
pub fn refused(actor: &Actor<'_>, kind: &str, csv: &str, expected: &[(u64, &str, &str)]) {
    let before = export(actor, kind, "");
    let (status, report) = apply(actor, kind, "refused", csv);
    assert_eq!(
        (status, &report["applied"]),
        (422, &false.into()),
        "{report}"
    );
    let found = problems(&report);
    let found: Vec<(u64, &str, &str)> = found
        .iter()
        .map(|(line, column, code)| (*line, column.as_str(), code.as_str()))
        .collect();
    assert_eq!(found, expected, "{report}");
    assert_eq!(export(actor, kind, ""), before);
}

/// A file of so many new records goes in once, however often it is sent, and comes out so that
/// taking it back changes nothing.
#[track_caller]
pub fn goes_in_once_and_comes_out_alike(app: &TestApp, kind: &str, csv: &str, rows: u64) {
    let actor = app.secretariat();
    let empty = export(&actor, kind, "");
    let (status, report) = dry_run(&actor, kind, csv);
    assert_eq!(status, 200, "{report}");
    assert_eq!(
        (&report["applied"], counts(&report)),
        (&false.into(), [rows, 0, 0, 0]),
        "{report}"
    );
    for (index, row) in report["rows"].as_array().unwrap().iter().enumerate() {
        assert_eq!(
            (&row["line"], &row["action"]),
            (&(index + 2).into(), &"create".into())
        );
        assert_eq!(row["id"], Value::Null, "what was taken back has no id");
    }
    assert_eq!(export(&actor, kind, ""), empty, "a dry run writes nothing");

    let report = applied(&actor, kind, "first", csv);
    assert_eq!(counts(&report), [rows, 0, 0, 0]);
    assert!(report["rows"][0]["id"].is_string());
    let written = export(&actor, kind, "");
    assert_eq!(written.lines().count(), usize::try_from(rows).unwrap() + 1);

    assert_eq!(
        apply(&actor, kind, "first", csv),
        (200, report),
        "a repetition is answered alike"
    );
    let report = applied(&actor, kind, "second", csv);
    assert_eq!(counts(&report), [0, 0, rows, 0], "{report}");
    assert_eq!(export(&actor, kind, ""), written, "never a duplicate");
    comes_back_unchanged(app, kind);
}

/// Every form of the export of a kind, taken back, changes nothing.
#[track_caller]
pub fn comes_back_unchanged(app: &TestApp, kind: &str) {
    let actor = app.secretariat();
    let written = export(&actor, kind, "");
    let rows = u64::try_from(written.lines().count()).unwrap() - 1;
    assert!(rows > 0, "there are {kind}");
    for (index, form) in [
        "",
        "?bom=true",
        "?delimiter=semicolon",
        "?delimiter=semicolon&bom=true",
    ]
    .into_iter()
    .enumerate()
    {
        let csv = export(&actor, kind, form);
        let report = applied(&actor, kind, &format!("round-trip-{index}"), &csv);
        assert_eq!(counts(&report), [0, 0, rows, 0], "{form} {report}");
    }
    assert_eq!(export(&actor, kind, ""), written);
}

/// A city that is a member since 2010-01-01.
pub fn member(app: &TestApp, name: &str, country: &str) -> CityId {
    reference_of(app);
    let city = app.city(name, country);
    let period = AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on: day(2010, 1, 1),
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: None,
        agreement_on: None,
        fee_waived: false,
    };
    app.arrange(|tx| registry_memberships::adopt(tx, &period));
    city
}

/// Loads networks, prices and practices.
pub fn reference_of(app: &TestApp) {
    let texts = app.app.reference.clone();
    app.arrange(|tx| reference::ensure(tx, &texts));
}
