//! The lists that hang on a city: each is filtered as the list of the same name at the top. What it is
//! not: who may see them.

use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::programme::practices;
use serde_json::{Value, json};

use crate::finance::arrange::{paid, prices};
use crate::programme::{enrol, member};
use crate::support::app::{TestApp, day};

/// The lists of a city with what its nodes say of their last change.
const LISTS: [&str; 10] = [
    "activities",
    "expertVisits",
    "invoices",
    "memberships",
    "mentorPairings",
    "packages",
    "payments",
    "practices",
    "studyVisitsHosted",
    "studyVisitsJoined",
];

/// A city with something in every list; all of it written at the clock's noon of 22 November 2026.
fn busy(app: &TestApp) -> String {
    prices(app);
    let oslo = member(app, "Oslo", "NO", (2016, 1, 1));
    let lyon = member(app, "Lyon", "FR", (2016, 1, 1));
    app.arrange(|tx| practices::ensure_reference(tx, &app.app.reference));
    let new = NewFeeInvoice {
        membership: None,
        city: Some(oslo),
        fee_year: 2025,
    };
    let invoice = app.arrange(|tx| {
        let id = invoices::draft_fee(tx, &new)?;
        invoices::issue(tx, id, Some(day(2026, 1, 15)))
    });
    paid(
        app,
        oslo,
        1_000_000,
        day(2026, 2, 1),
        &[(invoice, 1_000_000)],
    );
    enrol(app, oslo, (2026, 1, 1));
    let secretariat = app.secretariat();
    let tell = |field: &str, input_type: &str, id: &str, input: Value| {
        let (object, _) = id.split_once('/').unwrap();
        let document = format!(
            "mutation ($input: {input_type}!) {{ {field}(input: $input) {{ {object} {{ id }} userErrors {{ code field message }} }} }}"
        );
        secretariat
            .tell(&document, json!({ "input": input }))
            .done(field, &format!("/{id}"))
    };
    let expert = json!({ "cityId": oslo.public(), "startsOn": "2027-02-01", "endsOn": "2027-02-02", "theme": "Mediation" });
    tell(
        "scheduleExpertVisit",
        "ScheduleExpertVisitInput",
        "expertVisit/id",
        expert,
    );
    for (host, visitor) in [(oslo, lyon), (lyon, oslo)] {
        let visit = json!({ "hostCityId": host.public(), "theme": "Housing", "startsOn": "2027-03-01", "endsOn": "2027-03-02", "capacity": 3 });
        let visit = tell(
            "scheduleStudyVisit",
            "ScheduleStudyVisitInput",
            "studyVisit/id",
            visit,
        );
        let place = json!({ "visitId": visit, "cityId": visitor.public(), "seats": 1, "delegateName": "Robin Example" });
        tell(
            "joinStudyVisit",
            "JoinStudyVisitInput",
            "studyVisit/id",
            place,
        );
    }
    let pair = json!({ "mentorCityId": oslo.public(), "menteeCityId": lyon.public(), "area": "HOUSING", "mutual": false, "startsOn": "2026-12-01" });
    tell("pairCities", "PairCitiesInput", "mentorPairing/id", pair);
    oslo.public()
}

/// How many rows of each list there are under a filter, told by the rows and by the count.
fn lengths(app: &TestApp, city: &str, filter: &str) -> Vec<(&'static str, usize)> {
    let lists: String = LISTS
        .iter()
        .map(|list| format!("{list}(filter: {filter}) {{ totalCount nodes {{ id }} }} "))
        .collect();
    let document = format!("query ($id: ID!) {{ city(id: $id) {{ {lists} }} }}");
    let answer = app.admin().ask_with(&document, json!({ "id": city }));
    LISTS
        .iter()
        .map(|list| {
            let rows = answer.data(&format!("/city/{list}/nodes"));
            let rows = rows.as_array().unwrap().len();
            assert_eq!(
                answer.data(&format!("/city/{list}/totalCount")),
                rows,
                "{list}"
            );
            (*list, rows)
        })
        .collect()
}

crate::both_databases! {
    fn every_list_of_a_city_is_filtered_by_the_last_change(app: &TestApp) {
        let city = busy(app);
        let all = lengths(app, &city, "{}");
        assert!(all.iter().all(|(_, rows)| *rows > 0), "{all:?}");
        let (now, later) = ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00.000001Z");
        let none: Vec<_> = LISTS.iter().map(|list| (*list, 0)).collect();
        for (filter, expected) in [
            (format!("{{ updatedAt: {{ gte: \"{now}\" }} }}"), &all),
            (format!("{{ updatedAt: {{ lt: \"{later}\" }} }}"), &all),
            (format!("{{ updatedAt: {{ gte: \"{now}\", lt: \"{later}\" }} }}"), &all),
            (format!("{{ updatedAt: {{ lt: \"{now}\" }} }}"), &none),
            (format!("{{ updatedAt: {{ gte: \"{later}\" }} }}"), &none),
        ] {
            assert_eq!(&lengths(app, &city, &filter), expected, "{filter}");
        }
    }

    fn the_other_filters_of_a_list_hold_in_a_city_too(app: &TestApp) {
        let city = busy(app);
        let count = |list: &str, filter: &str| {
            let document = format!("query ($id: ID!) {{ city(id: $id) {{ {list}(filter: {filter}) {{ totalCount nodes {{ id }} }} }} }}");
            let answer = app.admin().ask_with(&document, json!({ "id": city }));
            let rows = answer.data(&format!("/city/{list}/nodes")).as_array().unwrap().len();
            assert_eq!(answer.data(&format!("/city/{list}/totalCount")), rows);
            rows
        };
        for (list, some, none) in [
            ("expertVisits", "{ status: [PLANNED] }", "{ status: [HELD, CANCELLED] }"),
            ("studyVisitsHosted", "{ status: [PLANNED] }", "{ status: [CANCELLED] }"),
            ("studyVisitsJoined", "{ status: [PLANNED] }", "{ status: [HELD] }"),
            ("mentorPairings", "{ status: [PROPOSED] }", "{ status: [ACTIVE] }"),
            ("packages", "{ runningOn: \"2026-06-01\" }", "{ runningOn: \"2025-06-01\" }"),
            ("practices", "{ country: [\"NO\"] }", "{ country: [\"FR\"] }"),
            ("memberships", "{ status: [ACTIVE] }", "{ status: [SUSPENDED] }"),
            ("payments", "{ receivedOn: { gte: \"2026-02-01\" } }", "{ receivedOn: { lt: \"2026-02-01\" } }"),
        ] {
            assert!(count(list, some) > 0, "{list} {some}");
            assert_eq!(count(list, none), 0, "{list} {none}");
        }
    }

    fn accounts_are_filtered_by_the_last_change(app: &TestApp) {
        let admin = app.admin();
        for (filter, expected) in [
            ("{ updatedAt: { gte: \"2026-11-22T12:00:00Z\" } }", 1),
            ("{ updatedAt: { lt: \"2026-11-22T12:00:00Z\" } }", 0),
            ("{ updatedAt: { gte: \"2026-11-22T12:00:00Z\" }, search: \"test\" }", 1),
            ("{ search: \"nobody\" }", 0),
        ] {
            let answer = admin.ask(&format!("{{ users(filter: {filter}) {{ totalCount nodes {{ id }} }} }}"));
            assert_eq!(answer.data("/users/totalCount"), &json!(expected), "{filter}");
            assert_eq!(answer.data("/users/nodes").as_array().unwrap().len(), expected, "{filter}");
        }
    }
}
