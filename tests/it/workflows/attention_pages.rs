//! The pages of the work list: entries of all rules on one day, in pages of any size from both ends.
//! What it is not: what comes on the list (`attention`).

use chrono::NaiveDate;
use intercultural_cities::kernel::ids::{Id, InvoiceId};
use intercultural_cities::registry::memberships::{self, AdoptedMembership};
use intercultural_cities::registry::networks;
use serde_json::{Value, json};

use crate::registry::networks::reference;
use crate::support::app::{TestApp, day};
use crate::workflows::attention::{SCHEDULE, appoint, invoiced, joined};

const PAGE: &str = "query ($filter: AttentionFilterInput, $first: Int, $after: String, $last: Int, $before: String) { attention(filter: $filter, first: $first, after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { rule since city { name } message object { __typename ... on City { id } ... on Membership { id } ... on Invoice { id } ... on ExpertVisit { id } } } } }";

fn due_on(app: &TestApp, invoice: InvoiceId) -> NaiveDate {
    let answer = app.finance().ask_with(
        "query ($id: ID!) { node(id: $id) { ... on Invoice { dueOn } } }",
        json!({ "id": invoice.public() }),
    );
    answer.text("/node/dueOn").parse().unwrap()
}

/// Entries of all four rules around the Copenhagen day 15 March 2026: of each rule two on that day, and
/// some on the days before and after.
fn crowd(app: &TestApp) {
    let joins = |name: &str, on, agreement_on| {
        let adopted = AdoptedMembership {
            joined_on: on,
            agreement_on,
            ..joined(app.city(name, "DK"))
        };
        app.arrange(|tx| memberships::adopt(tx, &adopted).map(|_| ()));
        adopted.city
    };
    app.arrange(|tx| networks::ensure_reference(tx, &reference()));
    app.set_today(2026, 1, 2);
    for (name, on) in [
        ("Aarhus", 13),
        ("Esbjerg", 14),
        ("Kolding", 14),
        ("Randers", 15),
    ] {
        // Vacant since January, on the list sixty days later.
        joins(name, day(2026, 1, on), Some(day(2026, 1, 1)));
    }
    for (name, on) in [("Horsens", 14), ("Viborg", 15), ("Vejle", 15)] {
        let city = joins(name, day(2026, 3, on), None);
        appoint(app, city, &format!("2026-03-{on}"));
    }
    let odense = joins("Odense", day(2026, 1, 1), Some(day(2026, 1, 1)));
    appoint(app, odense, "2026-01-01");
    for (name, due) in [("Ribe", 13), ("Skive", 14), ("Thisted", 14), ("Struer", 15)] {
        let city = joins(name, day(2026, 1, 1), Some(day(2026, 1, 1)));
        appoint(app, city, "2026-01-01");
        app.set_today(2026, 2, due - 2);
        let invoice = invoiced(app, city, day(2026, 2, due - 2));
        assert_eq!(due_on(app, invoice), day(2026, 3, due), "{name}");
    }
    for moment in [
        "2026-03-14T22:30:00Z",
        "2026-03-14T23:00:00Z",
        "2026-03-14T23:30:00Z",
        "2026-03-15T12:00:00Z",
        "2026-03-15T12:00:00Z",
        "2026-03-15T22:59:59Z",
        "2026-03-15T23:00:00Z",
    ] {
        app.set_now(moment.parse().unwrap());
        let input = json!({ "input": { "cityId": odense.public(), "startsOn": "2026-12-07", "endsOn": "2026-12-08", "theme": "Mediation" } });
        app.secretariat()
            .tell(SCHEDULE, input)
            .done("scheduleExpertVisit", "/expertVisit/id");
    }
    app.set_today(2026, 11, 22);
}

fn cities_named(app: &TestApp, names: &[&str]) -> Vec<String> {
    let answer = app
        .admin()
        .ask("{ cities(first: 100) { nodes { id name } } }");
    let cities = answer.data("/cities/nodes").as_array().unwrap();
    let wanted = |city: &&Value| names.contains(&city["name"].as_str().unwrap());
    let id = |city: &Value| city["id"].as_str().unwrap().to_owned();
    cities.iter().filter(wanted).map(id).collect()
}

/// Walks the list in pages of a size from one end to the other.
fn walk(app: &TestApp, filter: &Value, size: usize, backward: bool) -> Vec<Value> {
    let finance = app.finance();
    let (count, cursor, more, edge) = if backward {
        ("last", "before", "hasPreviousPage", "startCursor")
    } else {
        ("first", "after", "hasNextPage", "endCursor")
    };
    let mut walked: Vec<Value> = Vec::new();
    let mut place = Value::Null;
    loop {
        let answer = finance.ask_with(
            PAGE,
            json!({ "filter": filter, count: size, cursor: place }),
        );
        let rows = answer.data("/attention/nodes").as_array().unwrap().clone();
        assert!(rows.len() <= size, "{}", answer.body);
        let at = if backward { 0 } else { walked.len() };
        walked.splice(at..at, rows);
        place = answer.data(&format!("/attention/pageInfo/{edge}")).clone();
        if answer.data(&format!("/attention/pageInfo/{more}")) == false {
            assert_eq!(answer.data("/attention/totalCount"), walked.len());
            return walked;
        }
    }
}

crate::both_databases! {
    fn rules_that_begin_on_one_day_are_merged_in_one_order(app: &TestApp) {
        crowd(app);
        let whole = walk(app, &json!(null), 100, false);
        let mut seen: Vec<_> = whole.iter().map(|item| (item["since"].as_str().unwrap(), item["rule"].as_str().unwrap(), item["city"]["name"].as_str().unwrap())).collect();
        let visit = |on| (on, "VISIT_WITHOUT_EXPERT", "Odense");
        let expected = [
            ("2026-03-14", "AGREEMENT_MISSING", "Horsens"),
            ("2026-03-14", "COORDINATOR_VACANT", "Aarhus"),
            ("2026-03-14", "INVOICE_OVERDUE", "Ribe"),
            visit("2026-03-14"),
            ("2026-03-15", "AGREEMENT_MISSING", "Vejle"),
            ("2026-03-15", "AGREEMENT_MISSING", "Viborg"),
            ("2026-03-15", "COORDINATOR_VACANT", "Esbjerg"),
            ("2026-03-15", "COORDINATOR_VACANT", "Kolding"),
            ("2026-03-15", "INVOICE_OVERDUE", "Skive"),
            ("2026-03-15", "INVOICE_OVERDUE", "Thisted"),
            visit("2026-03-15"), visit("2026-03-15"), visit("2026-03-15"), visit("2026-03-15"), visit("2026-03-15"),
            ("2026-03-16", "COORDINATOR_VACANT", "Randers"),
            ("2026-03-16", "INVOICE_OVERDUE", "Struer"),
            visit("2026-03-16"),
        ];
        // Those of one rule and day stand in the order of their ids.
        let by_rule = |items: &[(&str, &str, &str)]| items.iter().map(|(since, rule, _)| format!("{since} {rule}")).collect::<Vec<_>>();
        assert_eq!(by_rule(&seen), by_rule(&expected));
        seen.sort_unstable();
        assert_eq!(seen, expected);
        for size in [1, 2, 3, 5, 7, 17, 18, 19] {
            for backward in [false, true] {
                assert_eq!(walk(app, &json!(null), size, backward), whole, "{size} {backward}");
            }
        }
        for (filter, kept) in [
            (json!({ "rule": ["VISIT_WITHOUT_EXPERT", "AGREEMENT_MISSING"] }), Box::new(|item: &Value| item["rule"] == "VISIT_WITHOUT_EXPERT" || item["rule"] == "AGREEMENT_MISSING") as Box<dyn Fn(&Value) -> bool>),
            (json!({ "cityId": cities_named(app, &["Odense", "Vejle", "Skive", "Esbjerg"]) }), Box::new(|item: &Value| ["Odense", "Vejle", "Skive", "Esbjerg"].contains(&item["city"]["name"].as_str().unwrap()))),
        ] {
            let expected: Vec<Value> = whole.iter().filter(|item| kept(item)).cloned().collect();
            for size in [1, 4, 100] {
                for backward in [false, true] {
                    assert_eq!(walk(app, &filter, size, backward), expected, "{filter} {size} {backward}");
                }
            }
        }
        // Between two places, from both ends.
        let cursor = |last: usize| app.finance().ask_with(PAGE, json!({ "first": last })).text("/attention/pageInfo/endCursor").to_owned();
        let between = json!({ "after": cursor(3), "before": cursor(14) });
        let part = |extra: Value| {
            let mut variables = between.clone();
            variables.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            app.finance().ask_with(PAGE, variables).data("/attention/nodes").as_array().unwrap().clone()
        };
        assert_eq!(part(json!({ "first": 50 })), whole[3..13]);
        assert_eq!(part(json!({ "first": 4 })), whole[3..7]);
        assert_eq!(part(json!({ "last": 4 })), whole[9..13]);
    }

    fn a_page_takes_at_most_one_statement_for_each_rule(app: &TestApp) {
        crowd(app);
        let finance = app.finance();
        let ask = |document: &str| (0..3).map(|_| app.statements(|| { finance.ask(document).data("/attention/nodes"); })).min().unwrap();
        let all = ask("{ attention(first: 3) { nodes { rule } } }");
        let one = ask("{ attention(first: 3, filter: { rule: [INVOICE_OVERDUE] }) { nodes { rule } } }");
        let counted = ask("{ attention(first: 3) { nodes { rule } totalCount } }");
        assert_eq!((all - one, counted - all), (13, 14));
    }
}
