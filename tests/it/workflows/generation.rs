//! The synthetic network: every check passes, its records are as the rules would have them, and the
//! service goes on from them.

use intercultural_cities::workflows::checks;
use intercultural_cities::workflows::generation::{Size, generate};
use serde_json::{Value, json};

use crate::support::app::TestApp;

fn network(app: &TestApp, cities: u32, invoices_per_city: u32, seed: u64) -> Vec<u32> {
    let size = Size {
        cities,
        invoices_per_city,
        seed,
    };
    let mut told = Vec::new();
    generate(
        &mut app.db(),
        &app.app.reference,
        app.now(),
        size,
        |stored| told.push(stored),
    )
    .unwrap();
    told
}

fn wrong(app: &TestApp) -> Vec<String> {
    checks::records(&mut app.db())
        .unwrap()
        .into_iter()
        .filter(|check| !check.ok)
        .map(|check| format!("{}: {}", check.name, check.found.join("; ")))
        .collect()
}

fn total(app: &TestApp, list: &str) -> Value {
    let answer = app.finance().ask(&format!("{{ {list} {{ totalCount }} }}"));
    answer.data(&format!("/{list}/totalCount")).clone()
}

crate::both_databases! {
    fn a_network_of_any_size_passes_every_check(app: &TestApp) {
        assert_eq!(network(app, 21, 20, 1), [8, 21]);
        assert_eq!(wrong(app), [] as [String; 0]);
        for (list, rows) in [
            ("cities", 21), ("coordinators", 21), ("experts", 21), ("packages", 21),
            ("expertVisits", 21), ("studyVisits", 21), ("mentorPairings", 10),
            // 20 fees a city; the draft of a package for every fourth.
            ("invoices", 21 * 20 + 5),
            // Two, three or four unpaid a city, but for every fourth, which pays all.
            ("overdueInvoices", 5 * (2 + 3 + 4)),
        ] {
            assert_eq!(total(app, list), rows, "{list}");
        }
        let answer = app.finance().ask("{ overdueInvoices(first: 100) { nodes { openAmount { amount } } } cities(first: 100) { nodes { name } } }");
        let names = answer.data("/cities/nodes").as_array().unwrap();
        assert!(names.windows(2).all(|pair| pair[0]["name"] != pair[1]["name"]));
        let halves = answer.data("/overdueInvoices/nodes").as_array().unwrap();
        assert_eq!(halves.iter().filter(|row| row["openAmount"]["amount"] == "37500.00").count(), 10);
    }

    fn a_city_has_what_the_benchmark_asks_for(app: &TestApp) {
        network(app, 16, 20, 1);
        let answer = app.finance().ask("{ cities(last: 8) { nodes { coordinator { name } activities { totalCount } invoices(last: 20) { nodes { number allocations { totalCount } } } studyVisitsJoined { totalCount } studyVisitsHosted { totalCount } expertVisits { totalCount } } } }");
        for city in answer.data("/cities/nodes").as_array().unwrap() {
            assert!(city["coordinator"]["name"].as_str().unwrap().starts_with("Generated coordinator"));
            assert!(city["activities"]["totalCount"].as_i64().unwrap() >= 9);
            assert_eq!(city["studyVisitsJoined"]["totalCount"], 3);
            assert_eq!(city["studyVisitsHosted"]["totalCount"], 1);
            assert_eq!(city["expertVisits"]["totalCount"], 1);
            let invoices = city["invoices"]["nodes"].as_array().unwrap();
            let in_parts = invoices.iter().filter(|invoice| invoice["allocations"]["totalCount"] == 2).count();
            assert!((5..=7).contains(&in_parts), "{city}");
        }
    }

    fn the_service_goes_on_from_it(app: &TestApp) {
        network(app, 11, 3, 1);
        let finance = app.finance();
        let last = finance.ask("{ invoices(first: 1, orderBy: [ISSUED_ON_DESC], filter: { status: [PAID] }) { nodes { number } } }");
        assert_eq!(last.text("/invoices/nodes/0/number").len(), "F2026-000011".len());
        let draft = finance.ask("{ invoices(first: 1, filter: { status: [DRAFT] }) { nodes { id } } }");
        let issue = "mutation ($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { number lines { net { amount } } } userErrors { code field message } } }";
        let draft = draft.text("/invoices/nodes/0/id");
        let answer = finance.tell(issue, json!({ "input": { "invoiceId": draft, "version": app.version(draft) } }));
        assert_eq!(answer.data("/issueInvoice/userErrors"), &json!([]));
        assert_eq!(answer.text("/issueInvoice/invoice/number"), "F2026-000012");
        assert_eq!(wrong(app), [] as [String; 0]);
    }

    fn small_networks_and_histories_work_too(app: &TestApp) {
        network(app, 1, 0, 9);
        assert_eq!(total(app, "cities"), 1);
        assert_eq!(total(app, "invoices"), 0);
        assert_eq!(wrong(app), [] as [String; 0]);
    }

    fn what_is_issued_stays_frozen_afterwards(app: &TestApp) {
        network(app, 9, 2, 1);
        let mut db = app.db();
        for statement in ["UPDATE invoice_lines SET net_minor = 1", "DELETE FROM invoice_lines"] {
            assert!(intercultural_cities::db::sql::Sql::new(statement).execute(&mut db).is_err(), "{statement}");
        }
    }
}
