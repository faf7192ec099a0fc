//! The number of SQL statements of the documents that matter does not grow with the network: no
//! statement for each parent. What it is not: a measurement of time (`bench/`).

use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::{Value, json};

use crate::finance::arrange::{paid, prices};
use crate::programme::{enrol, member};
use crate::support::actor::Actor;
use crate::support::app::{TestApp, day};

fn document(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("bench/queries")
        .join(format!("{name}.graphql"));
    std::fs::read_to_string(path).unwrap()
}

/// One field of every kind that a city has, for as many cities as a page holds.
const NESTED: &str = "{ cities(first: 50) { nodes { names { name } coordinator { name person { name } } deputy { name } membershipStatus memberships(first: 5) { nodes { status } totalCount } activities(first: 5) { nodes { kind } } packages(first: 5) { nodes { id } } practices(first: 5) { nodes { title } totalCount } successor { name } } } }";

/// Member cities `from..to`, each with an overdue invoice, two payments for it, a package with its
/// activities, and a place on a study visit to the first.
fn grow(app: &TestApp, cities: &mut Vec<CityId>, to: usize) {
    let secretariat = app.secretariat();
    let schedule = "mutation ($input: ScheduleStudyVisitInput!) { scheduleStudyVisit(input: $input) { studyVisit { id } userErrors { code } } }";
    let join = "mutation ($input: JoinStudyVisitInput!) { joinStudyVisit(input: $input) { studyVisit { id } userErrors { code } } }";
    for number in cities.len()..to {
        let city = member(app, &format!("City {number:02}"), "DK", (2016, 1, 1));
        settle(app, city, 2025);
        enrol(app, city, (2026, 1, 1));
        if let Some(host) = cities.first() {
            let visit = json!({ "hostCityId": host.public(), "theme": "Housing", "startsOn": "2027-03-01", "endsOn": "2027-03-02", "capacity": 3 });
            let visit = secretariat
                .tell(schedule, json!({ "input": visit }))
                .done("scheduleStudyVisit", "/studyVisit/id");
            let place = json!({ "visitId": visit, "cityId": city.public(), "seats": 1, "delegateName": "Robin Example" });
            secretariat
                .tell(join, json!({ "input": place }))
                .done("joinStudyVisit", "/studyVisit/id");
        }
        cities.push(city);
    }
}

/// Invoices a fee year, a part of which is paid twice.
fn settle(app: &TestApp, city: CityId, fee_year: i32) {
    let new = NewFeeInvoice {
        membership: None,
        city: Some(city),
        fee_year,
    };
    let invoice = app.arrange(|tx| {
        let id = invoices::draft_fee(tx, &new)?;
        invoices::issue(tx, id, Some(day(2026, 1, 15)))
    });
    for minor in [1_000_000, 2_000_000] {
        paid(app, city, minor, day(2026, 2, 1), &[(invoice, minor)]);
    }
}

/// The statements of each document.
fn statements(app: &TestApp, city: CityId) -> Vec<(&'static str, u64)> {
    let admin = app.admin();
    let detail = json!({ "id": city.public() });
    let mut found: Vec<(&'static str, u64)> = [
        ("q1", document("q1"), json!({})),
        ("q2", document("q2"), detail),
        ("q3", document("q3"), json!({})),
        ("q4", document("q4"), json!({})),
        ("q5", document("q5"), json!({})),
        ("nested", NESTED.to_owned(), json!({})),
    ]
    .into_iter()
    .map(|(name, text, variables)| (name, fewest(app, &admin, &text, |_| variables.clone())))
    .collect();
    let recorded = fewest(app, &admin, &document("q6"), |round| {
        let key = format!("{round}-{}", uuid::Uuid::now_v7());
        json!({ "cityId": city.public(), "receivedOn": "2026-11-20", "idempotencyKey": key })
    });
    found.push(("q6", recorded));
    found
}

/// The roles of the viewer are read again every other second; the fewest statements are those of
/// the document alone.
fn fewest(app: &TestApp, admin: &Actor<'_>, text: &str, variables: impl Fn(usize) -> Value) -> u64 {
    let count = |round| {
        app.statements(|| {
            let answer = admin.ask_with(text, variables(round));
            assert!(answer.body.get("errors").is_none(), "{}", answer.body);
            let refusals = &answer.body["data"]["recordPayment"]["userErrors"];
            assert!(
                refusals.is_null() || refusals == &json!([]),
                "{}",
                answer.body
            );
        })
    };
    (0..3).map(count).min().unwrap()
}

crate::both_databases! {
    fn statements_do_not_grow_with_the_network(app: &TestApp) {
        prices(app);
        let mut cities = Vec::new();
        grow(app, &mut cities, 3);
        let few = statements(app, cities[0]);
        grow(app, &mut cities, 30);
        // The detail page grows with the city's own invoices.
        for year in 2017..2025 {
            settle(app, cities[0], year);
        }
        let many = statements(app, cities[0]);
        assert_eq!(few, many);
        assert_eq!(many, [("q1", 4), ("q2", 9), ("q3", 8), ("q4", 4), ("q5", 3), ("nested", 14), ("q6", 11)]);

        // And the documents have met what grew.
        let admin = app.admin();
        let answer = admin.ask(&document("q3"));
        let nodes = answer.data("/cities/nodes").as_array().unwrap().clone();
        assert_eq!(nodes.len(), 30);
        for node in &nodes[1..] {
            assert_eq!(node["invoices"]["nodes"][0]["allocations"]["nodes"].as_array().unwrap().len(), 2, "{node}");
            assert_eq!(node["studyVisitsJoined"]["nodes"][0]["hostCity"]["name"], "City 00", "{node}");
        }
        assert_eq!(admin.ask(&document("q4")).data("/overdueInvoices/nodes").as_array().unwrap().len(), 38);
        let detail = admin.ask_with(&document("q2"), json!({ "id": cities[0].public() }));
        assert_eq!(detail.data("/city/invoices/nodes").as_array().unwrap().len(), 9);
        assert!(!detail.data("/city/activities/nodes").as_array().unwrap().is_empty());
    }
}
