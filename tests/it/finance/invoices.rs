//! Invoices through the public door: drafts, lists, balances.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::schema::memberships;
use serde_json::json;

use crate::finance::arrange::{
    ask_draft, ask_issue, copenhagen, draft, issued, member, membership, paid, prices,
};
use crate::support::app::day;

crate::both_databases! {
    fn copenhagen_owes_forty_thousand(app: &TestApp) {
        let (city, _, _) = copenhagen(app);
        let query = "query ($id: ID!) { city(id: $id) { openBalance { amount currency formatted } march: openBalance(asOf: \"2026-03-31\") { amount } april: openBalance(asOf: \"2026-04-30\") { amount } may: openBalance(asOf: \"2026-05-04\") { amount } invoices { totalCount nodes { number kind status issuedOn dueOn total { amount } openAmount { amount } then: openAmount(asOf: \"2026-05-03\") { amount } allocations { nodes { amount { amount } allocatedOn payment { amount { amount } unallocated { amount } } } } lines { description(language: \"da\") formula(language: \"da\") startsOn endsOn net { amount } vatCategory exemptionReason price { validFrom } } } } } }";
        let answer = app.finance().ask_with(query, json!({ "id": city.public() }));
        let found = answer.data("/city");
        assert_eq!(found["openBalance"], json!({ "amount": "40000.00", "currency": "DKK", "formatted": "40.000,00\u{a0}kr." }));
        assert_eq!([&found["march"], &found["april"], &found["may"]].map(|money| money["amount"].as_str().unwrap()), ["0.00", "60000.00", "40000.00"]);
        let invoice = &found["invoices"]["nodes"][0];
        assert_eq!(found["invoices"]["totalCount"], 1);
        assert_eq!(invoice["number"], "F2026-000001");
        assert_eq!([&invoice["kind"], &invoice["status"], &invoice["issuedOn"], &invoice["dueOn"]].map(|text| text.as_str().unwrap()), ["ANNUAL_FEE", "PARTLY_PAID", "2026-04-01", "2026-05-01"]);
        assert_eq!([&invoice["total"], &invoice["openAmount"], &invoice["then"]].map(|money| money["amount"].as_str().unwrap()), ["60000.00", "40000.00", "60000.00"]);
        assert_eq!(invoice["allocations"]["nodes"], json!([{ "amount": { "amount": "20000.00" }, "allocatedOn": "2026-05-04", "payment": { "amount": { "amount": "20000.00" }, "unallocated": { "amount": "0.00" } } }]));
        let line = &invoice["lines"][0];
        assert_eq!((&line["description"], &line["formula"]), (&json!("Kontingent 2026"), &json!("75.000,00 × 292/365 dage")));
        assert_eq!((&line["startsOn"], &line["endsOn"], &line["vatCategory"]), (&json!("2026-03-15"), &json!("2026-12-31"), &json!("E")));
        assert!(line["exemptionReason"].as_str().unwrap().contains("momslovens"));
        assert_eq!(line["price"]["validFrom"], "2010-01-01");
    }

    fn open_items_and_overdue_invoices_follow_the_day(app: &TestApp) {
        let (city, _, _) = copenhagen(app);
        let query = "query ($id: ID!, $asOf: Date) { openItems(cityId: $id, asOf: $asOf) { totalCount nodes { openAmount { amount } dueOn daysOverdue invoice { number } } } overdueInvoices(asOf: $asOf) { totalCount nodes { number city { name } openAmount(asOf: $asOf) { amount } } } }";
        for (as_of, open, late, overdue) in [
            (None, Some("40000.00"), 205, true),
            (Some("2026-11-22"), Some("40000.00"), 205, true),
            (Some("2026-05-03"), Some("60000.00"), 2, true),
            (Some("2026-05-01"), Some("60000.00"), 0, false),
            (Some("2026-03-31"), None, 0, false),
        ] {
            let answer = app.auditor().ask_with(query, json!({ "id": city.public(), "asOf": as_of }));
            let items = answer.data("/openItems");
            assert_eq!(items["totalCount"], i32::from(open.is_some()), "{as_of:?}");
            if let Some(open) = open {
                assert_eq!(items["nodes"][0]["openAmount"]["amount"], open, "{as_of:?}");
                assert_eq!(items["nodes"][0]["daysOverdue"], late, "{as_of:?}");
            }
            let found = answer.data("/overdueInvoices");
            assert_eq!(found["totalCount"], i32::from(overdue), "{as_of:?}");
            if overdue {
                assert_eq!(found["nodes"][0]["city"]["name"], "København");
                assert_eq!(found["nodes"][0]["openAmount"]["amount"], open.unwrap());
            }
        }
    }

    fn a_fee_year_is_invoiced_once(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 3, 15));
        let finance = app.finance();
        ask_draft(&finance, membership, 2026).done("draftFeeInvoice", "/invoice/id");
        assert_eq!(ask_draft(&finance, membership, 2026).refusal("draftFeeInvoice"), "ALREADY_INVOICED");
        assert_eq!(ask_draft(&finance, membership, 2025).refusal("draftFeeInvoice"), "NOT_A_MEMBER");
        let by_city = json!({ "input": { "cityId": city.public(), "feeYear": 2027 } });
        assert_eq!(finance.ask_with(crate::finance::arrange::DRAFT, by_city).done("draftFeeInvoice", "/invoice/total/amount"), "75000.00");
        let nothing = json!({ "input": { "feeYear": 2027 } });
        assert_eq!(finance.ask_with(crate::finance::arrange::DRAFT, nothing).refusal("draftFeeInvoice"), "REQUIRED");
    }

    fn a_waived_fee_is_settled_by_an_invoice_of_nothing(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "Vic", day(2026, 3, 15));
        app.arrange(|tx| Ok(diesel::update(memberships::table.find(membership)).set(memberships::fee_waived.eq(true)).execute(tx.db)?));
        let finance = app.finance();
        let id = ask_draft(&finance, membership, 2026).done("draftFeeInvoice", "/invoice/id");
        let answer = ask_issue(&finance, &id, None);
        assert_eq!(answer.done("issueInvoice", "/invoice/total/amount"), "0.00");
        assert_eq!(answer.text("/issueInvoice/invoice/status"), "PAID");
    }

    fn a_city_that_left_and_came_back_is_invoiced_for_the_later_membership(app: &TestApp) {
        prices(app);
        let city = app.city("Bradford", "GB");
        membership(app, city, day(2020, 1, 1), Some(day(2024, 1, 1)));
        let new = NewFeeInvoice { membership: None, city: Some(city), fee_year: 2024 };
        assert!(app.try_arrange(|tx| invoices::draft_fee(tx, &new)).is_err());
        let new = NewFeeInvoice { fee_year: 2023, ..new };
        let id = app.arrange(|tx| invoices::draft_fee(tx, &new));
        assert_eq!(invoices::get(&mut app.db(), id).unwrap().total_minor, 7_500_000);
    }

    fn a_draft_is_discarded_and_made_again(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "Oslo", day(2026, 3, 15));
        let finance = app.finance();
        let id = ask_draft(&finance, membership, 2026).done("draftFeeInvoice", "/invoice/id");
        let discard = "mutation ($id: ID!, $version: Int!) { discardInvoice(input: { invoiceId: $id, version: $version }) { invoiceId userErrors { code field message } } }";
        assert_eq!(finance.ask_with(discard, json!({ "id": id, "version": 2 })).code(), "STALE");
        assert_eq!(finance.ask_with(discard, json!({ "id": id, "version": 1 })).done("discardInvoice", "/invoiceId"), id);
        assert_eq!(finance.ask_with(discard, json!({ "id": id, "version": 1 })).code(), "NOT_FOUND");
        let again = ask_draft(&finance, membership, 2026).done("draftFeeInvoice", "/invoice/id");
        ask_issue(&finance, &again, None).done("issueInvoice", "/invoice/number");
        assert_eq!(finance.ask_with(discard, json!({ "id": again, "version": app.version(&again) })).refusal("discardInvoice"), "ALREADY_ISSUED");
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn lists_filter_and_order(app: &TestApp) {
        prices(app);
        let (oslo, first) = member(app, "Oslo", day(2026, 3, 15));
        let (_, second) = member(app, "Lyon", day(2025, 1, 1));
        let invoice = issued(app, first, 2026, day(2026, 4, 1));
        issued(app, second, 2026, day(2026, 5, 1));
        draft(app, second, 2025);
        paid(app, oslo, 6_000_000, day(2026, 4, 2), &[(invoice, 6_000_000)]);
        let numbers = |arguments: &str| -> Vec<String> {
            let answer = app.auditor().ask(&format!("{{ invoices{arguments} {{ nodes {{ number }} }} }}"));
            let nodes = answer.data("/invoices/nodes").as_array().unwrap().clone();
            nodes.iter().map(|node| node["number"].as_str().unwrap_or("draft").to_owned()).collect()
        };
        for (arguments, found) in [
            ("", &["draft", "F2026-000002", "F2026-000001"][..]),
            ("(orderBy: [ISSUED_ON_ASC])", &["F2026-000001", "F2026-000002", "draft"]),
            ("(orderBy: [ISSUED_ON_DESC])", &["F2026-000002", "F2026-000001", "draft"]),
            ("(filter: { status: [PAID, DRAFT] }, orderBy: [CREATED_AT_ASC])", &["F2026-000001", "draft"]),
            ("(filter: { feeYear: 2025 })", &["draft"]),
            ("(filter: { issuedOn: { gte: \"2026-04-02\", lt: \"2026-05-02\" } })", &["F2026-000002"]),
            ("(filter: { dueOn: { lt: \"2026-05-02\" } })", &["F2026-000001"]),
            ("(filter: { kind: [PACKAGE] })", &[]),
            (&format!("(filter: {{ cityId: \"{}\" }})", oslo.public()), &["F2026-000001"]),
        ] {
            assert_eq!(numbers(arguments), found, "{arguments}");
        }
    }

    fn statements_do_not_grow_with_rows(app: &TestApp) {
        prices(app);
        let page = |first: usize| {
            format!("{{ invoices(first: {first}) {{ totalCount nodes {{ number city {{ name openBalance {{ amount }} old: openBalance(asOf: \"2026-06-01\") {{ amount }} invoices(first: 5) {{ nodes {{ number }} }} payments(first: 5) {{ nodes {{ unallocated {{ amount }} }} }} }} openAmount(asOf: \"2026-06-01\") {{ amount }} lines {{ price {{ id }} }} allocations(first: 5) {{ nodes {{ amount {{ amount }} payment {{ id city {{ name }} }} }} }} }} }} }}")
        };
        for index in 0..12 {
            let (city, membership) = member(app, &format!("City {index}"), day(2026, 1, 1));
            let invoice = issued(app, membership, 2026, day(2026, 4, 1));
            paid(app, city, 1_000_000, day(2026, 5, 1), &[(invoice, 400_000)]);
            paid(app, city, 1_000_000, day(2026, 7, 1), &[(invoice, 500_000)]);
        }
        let auditor = app.auditor();
        auditor.ask(&page(2)).data("/invoices/nodes/1/number");
        let few = app.statements(|| { auditor.ask(&page(2)).data("/invoices/nodes/1/number"); });
        let many = app.statements(|| { auditor.ask(&page(12)).data("/invoices/nodes/11/number"); });
        assert_eq!(few, many);

        let overdue = |first: usize| format!("{{ overdueInvoices(first: {first}) {{ nodes {{ number city {{ name }} }} }} }}");
        let base = app.statements(|| { auditor.ask("{ __typename viewer: priceList { id } }").data("/__typename"); });
        let with_city = app.statements(|| { auditor.ask(&overdue(12)).data("/overdueInvoices/nodes/11/city/name"); });
        assert_eq!(with_city, base + 1, "one statement for the page and one for its cities");
    }
}
