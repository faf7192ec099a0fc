//! Open invoices of an older system, taken over with their numbers, over REST.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::InvoiceStatus;
use intercultural_cities::kernel::ids::{Id, InvoiceId};
use intercultural_cities::schema::{invoices, ledger_lines};
use serde_json::json;

use crate::exchange::{applied, apply, counts, import, problems};
use crate::finance::arrange::{issued, limit, member, paid, prices};
use crate::finance::credit_notes::credit;
use crate::finance::ledger::books_are_sound;
use crate::support::app::{TestApp, day};

const FILE: &str = "city;country;number;issued_on;due_on;currency;total;open_amount\n\
    Aarhus;DK;2019-117;15.01.2019;14.02.2019;DKK;75.000,00;25.000,50\n\
    Oslo;Norge;2020-3;15.01.2020;14.02.2020;;;10.000,00\n";

fn count(app: &TestApp) -> i64 {
    invoices::table.count().get_result(&mut app.db()).unwrap()
}

crate::both_databases! {
    fn what_was_open_is_open_here_under_its_number(app: &TestApp) {
        prices(app);
        let (aarhus, membership) = member(app, "Aarhus", day(2020, 1, 1));
        app.city("Oslo", "NO");
        let finance = app.finance();
        // A look changes nothing, and tells the total to compare with.
        let (status, report) = import(&finance, "opening-items", "", None, FILE.as_bytes());
        assert_eq!((status, counts(&report), &report["openTotal"], count(app)), (200, [2, 0, 0, 0], &json!("35000.50"), 0));

        let (status, report) = import(&finance, "opening-items", "?apply=true&controlTotal=35000.50", Some("old"), FILE.as_bytes());
        assert_eq!((status, &report["applied"], &report["openTotal"]), (200, &json!(true), &json!("35000.50")));
        books_are_sound(app);
        let list = finance.ask_with("query ($id: ID!) { city(id: $id) { openBalance { amount } invoices { nodes { id number kind status issuedOn dueOn total { amount } openAmount { amount } buyer { name } lines { description(language: \"da\") formula(language: \"da\") } } } } }", json!({ "id": aarhus.public() }));
        let item = list.data("/city/invoices/nodes/0").clone();
        let id = item["id"].as_str().unwrap().to_owned();
        assert_eq!(item, json!({
            "id": id, "number": "2019-117", "kind": "OPENING_ITEM", "status": "SENT", "issuedOn": "2026-11-22", "dueOn": "2019-02-14",
            "total": { "amount": "25000.50" }, "openAmount": { "amount": "25000.50" }, "buyer": { "name": "Aarhus" },
            "lines": [{ "description": "Faktura 2019-117 af 2019-01-15 fra det tidligere system", "formula": "rest af 75.000,00" }],
        }));
        assert_eq!(list.text("/city/openBalance/amount"), "25000.50");
        let opening: Vec<i64> = ledger_lines::table.filter(ledger_lines::account.eq("OPENING_BALANCE")).select(ledger_lines::amount_minor).order(ledger_lines::amount_minor).load(&mut app.db()).unwrap();
        assert_eq!(opening, [-2_500_050, -1_000_000]);
        let series: Vec<(Option<String>, Option<i64>)> = invoices::table.select((invoices::series, invoices::sequence)).load(&mut app.db()).unwrap();
        assert_eq!(series, [(Some("OLD".to_owned()), None), (Some("OLD".to_owned()), None)]);
        // Our own numbers begin where they always do.
        let own = issued(app, membership, 2026, day(2026, 11, 22));
        let number: Option<String> = invoices::table.find(own).select(invoices::number).first(&mut app.db()).unwrap();
        assert_eq!(number.as_deref(), Some("F2026-000001"));
        // The same again changes nothing, under another key too.
        assert_eq!(counts(&applied(&finance, "opening-items", "again", FILE)), [0, 0, 2, 0]);
        books_are_sound(app);
    }

    fn an_opening_item_is_paid_and_credited_but_never_sent(app: &TestApp) {
        prices(app);
        limit(app, 100_000_000);
        let (city, _) = member(app, "Aarhus", day(2020, 1, 1));
        app.city("Oslo", "NO");
        let finance = app.finance();
        let report = applied(&finance, "opening-items", "old", FILE);
        let id = InvoiceId::parse(report["rows"][0]["id"].as_str().unwrap()).unwrap();
        let other = InvoiceId::parse(report["rows"][1]["id"].as_str().unwrap()).unwrap();
        let input = json!({ "invoiceId": id.public(), "version": 2 });
        let sent = finance.tell("mutation ($input: SendInvoiceInput!) { sendInvoice(input: $input) { invoice { id } userErrors { code field } } }", json!({ "input": input }));
        assert_eq!(sent.refusals("sendInvoice"), [("NOT_IN_STATE".to_owned(), "invoiceId".to_owned())]);
        for document in ["document.pdf", "einvoice.xml"] {
            assert_eq!(finance.get(&format!("/api/v1/invoices/{}/{document}", id.public())).status, 404);
        }
        paid(app, city, 2_500_050, day(2026, 11, 22), &[(id, 2_500_050)]);
        let status: InvoiceStatus = invoices::table.find(id).select(invoices::status).first(&mut app.db()).unwrap();
        assert_eq!(status, InvoiceStatus::Paid);
        assert_eq!(credit(&finance, other, None).done("creditInvoice", "/creditNote/invoice/status"), "CREDITED");
        books_are_sound(app);
        let lines: Vec<i64> = ledger_lines::table.filter(ledger_lines::account.eq("OPENING_BALANCE")).select(ledger_lines::amount_minor).load(&mut app.db()).unwrap();
        let left: i64 = lines.iter().sum();
        assert_eq!(left, -2_500_050, "what was credited was never owed");
    }

    fn nothing_is_taken_over_of_a_file_with_anything_wrong(app: &TestApp) {
        prices(app);
        member(app, "Aarhus", day(2020, 1, 1));
        app.city("Oslo", "NO");
        let finance = app.finance();
        let (status, report) = import(&finance, "opening-items", "?apply=true&controlTotal=35000.51", Some("old"), FILE.as_bytes());
        assert_eq!((status, problems(&report), count(app)), (422, vec![(0, "open_amount".to_owned(), "CONTROL_TOTAL".to_owned())], 0));
        assert_eq!(import(&finance, "opening-items", "?controlTotal=nonsense", None, FILE.as_bytes()).0, 422);
        assert_eq!(import(&app.secretariat(), "cities", "?controlTotal=1", None, b"name,country\n").0, 400);
        let rows = "city,country,number,issued_on,due_on,open_amount\n\
            Aarhus,DK,2019-117,2019-01-15,2019-02-14,100.00\n\
            Aarhus,DK,2019-117,2019-01-15,2019-02-14,200.00\n\
            Nowhere,DK,2019-118,2019-01-15,2019-02-14,100.00\n\
            Aarhus,DK,F2026-000001,2019-01-15,2019-02-14,100.00\n\
            Aarhus,DK,2019-119,2019-01-15,2019-01-14,100.00\n\
            Aarhus,DK,2019-120,2019-01-15,2019-02-14,0\n\
            Aarhus,DK,2019-121,2019-01-15,,-1\n";
        let (status, report) = apply(&finance, "opening-items", "wrong", rows);
        let expected = [(3, "number", "ALREADY_ISSUED"), (4, "city", "NOT_FOUND"), (5, "number", "OUT_OF_RANGE"), (6, "due_on", "OUT_OF_RANGE"), (7, "open_amount", "OUT_OF_RANGE"), (8, "due_on", "REQUIRED"), (8, "open_amount", "OUT_OF_RANGE")];
        let expected: Vec<(u64, String, String)> = expected.iter().map(|(line, column, code)| (*line, (*column).to_owned(), (*code).to_owned())).collect();
        assert_eq!((status, problems(&report), count(app)), (422, expected, 0));
        books_are_sound(app);
    }
}
