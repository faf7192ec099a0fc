//! Files that tell of the same entries, statements with gaps, tables: what is new in each.

use serde_json::json;

use super::{
    Line, Paid, by_slip, by_text, entries, in_state, notification, send, statement, take_in,
};
use crate::finance::arrange::{copenhagen, paid};
use crate::finance::ledger::books_are_sound;
use crate::support::app::day;

crate::both_databases! {
    fn looking_stores_nothing_and_says_what_would_come(app: &TestApp) {
        copenhagen(app);
        let file = statement("08", 4, &[Line::came("A1", by_slip("F2026-000001", 4_000_000))]);
        let (status, report) = send(&app.finance(), "", "text/xml", file.as_bytes());
        assert_eq!((status, &report["applied"], &report["statements"][0]["new"]), (200, &json!(false), &json!(1)));
        assert_eq!(report["statements"][0]["closingBalance"], "41000.00");
        assert!(entries(app, "id").is_empty());
        let report = take_in(app, &file);
        assert_eq!((&report["format"], &report["account"], &report["currency"]), (&json!("CAMT05308"), &json!("DK1800000000000000"), &json!("DKK")));
        let node = &entries(app, "state statement { bankId sequence format openingBalance { amount } entryCount } payment { amount { amount } receivedOn bankEntries { bankReference } allocations { nodes { invoice { number status } } } } decisions { kind made confidence }")[0];
        assert_eq!(node["state"], "MATCHED");
        assert_eq!(node["statement"], json!({ "bankId": "S-4", "sequence": 4, "format": report["format"], "openingBalance": { "amount": "1000.00" }, "entryCount": 1 }));
        assert_eq!(node["payment"], json!({ "amount": { "amount": "40000.00" }, "receivedOn": "2026-05-04", "bankEntries": [{ "bankReference": "A1" }], "allocations": { "nodes": [{ "invoice": { "number": "F2026-000001", "status": "PAID" } }] } }));
        assert_eq!(node["decisions"], json!([{ "kind": "MATCHED", "made": "AUTOMATIC", "confidence": 100 }]));
        books_are_sound(app);
    }

    fn statements_that_overlap_and_leave_gaps(app: &TestApp) {
        copenhagen(app);
        let first = Line::came("A1", by_text("x", 100));
        let second = Line::came("A2", by_text("x", 100));
        take_in(app, &statement("02", 1, std::slice::from_ref(&first)));
        let report = take_in(app, &statement("02", 2, &[first, second]));
        let told = &report["statements"][0];
        assert_eq!((&told["new"], &told["known"]), (&json!(1), &json!(1)));
        assert_eq!(told["warnings"][0].as_str().unwrap(), "The opening balance 1000.00 is not the closing balance of the statement before, 1001.00: entries may be missing between them.");
        let report = take_in(app, &statement("02", 5, &[]));
        assert_eq!(report["statements"][0]["warnings"][0], "Statements 3 to 4 are missing: the one before this, 5, is 2.");
        assert_eq!(entries(app, "id").len(), 2);
    }

    fn a_batch_told_as_a_whole_is_replaced_by_its_parts(app: &TestApp) {
        copenhagen(app);
        let whole = Line::came("B1", by_text("Samlet", 4_000_100));
        take_in(app, &statement("02", 1, std::slice::from_ref(&whole)));
        let parts = vec![by_slip("F2026-000001", 4_000_000), by_text("andet", 100)];
        take_in(app, &notification("02", &[Line { parts, ..whole.clone() }]));
        let states: Vec<_> = entries(app, "state part amount { amount }");
        assert_eq!(states, [
            json!({ "state": "REPLACED", "part": 0, "amount": { "amount": "40001.00" } }),
            json!({ "state": "MATCHED", "part": 1, "amount": { "amount": "40000.00" } }),
            json!({ "state": "UNMATCHED", "part": 2, "amount": { "amount": "1.00" } }),
        ]);
        // The whole again is known.
        let report = take_in(app, &statement("02", 2, &[whole]));
        assert_eq!(report["statements"][0]["new"], 0);
    }

    fn what_finance_recorded_by_hand_is_not_recorded_again(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        paid(app, city, 4_000_000, day(2026, 5, 3), &[(invoice, 4_000_000)]);
        let name = Paid { minor: 4_000_000, name: "Københavns Kommune", ..by_slip("F2026-000001", 4_000_000) };
        take_in(app, &statement("02", 1, &[Line::came("A1", name)]));
        assert_eq!((in_state(app, "PROPOSED"), in_state(app, "MATCHED")), (1, 0));
        let node = &entries(app, "id version proposals { kind confidence payment { receivedOn } }")[0];
        assert_eq!(node["proposals"][0], json!({ "kind": "RECORDED", "confidence": 85, "payment": { "receivedOn": "2026-05-03" } }));
        let input = json!({ "input": { "entryId": node["id"], "version": node["version"] } });
        let answer = app.finance().tell("mutation ($input: ConfirmMatchInput!) { confirmMatch(input: $input) { entry { state payment { receivedOn } decisions { kind } } userErrors { code field message } } }", input);
        assert_eq!(answer.done("confirmMatch", "/entry/state"), "MATCHED");
        assert_eq!(answer.data("/confirmMatch/entry/decisions/0/kind"), "LINKED");
        books_are_sound(app);
    }

    fn a_table_of_a_danish_bank(app: &TestApp) {
        copenhagen(app);
        let text = "Bogført;Tekst;Beløb;Saldo\r\n04-05-2026;Indbet. F2026-000001;40.000,00;41.000,00\r\n04-05-2026;Kaffe;10,00;41.010,00\r\n04-05-2026;Kaffe;10,00;41.020,00\r\n";
        let finance = app.finance();
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
        let (status, report) = send(&finance, "?apply=true", "text/csv", &latin);
        assert_eq!((status, &report["statements"][0]["new"], &report["format"]), (200, &json!(3), &json!("CSV")), "{report}");
        // The same rows in another file, one more, and the latest first.
        let longer = "Bogført;Tekst;Beløb;Saldo\n05-05-2026;Te;5,00;41.025,00\n04-05-2026;Kaffe;10,00;41.020,00\n04-05-2026;Kaffe;10,00;41.010,00\n04-05-2026;Indbet. F2026-000001;40.000,00;41.000,00\n";
        let (_, report) = send(&finance, "?apply=true", "text/csv", longer.as_bytes());
        assert_eq!((&report["statements"][0]["new"], &report["statements"][0]["known"]), (&json!(1), &json!(3)), "{report}");
        let best = &entries(app, "proposals { confidence }")[0]["proposals"][0];
        assert_eq!(best["confidence"], 95);
        let set = "mutation ($input: SetBankPolicyInput!) { setBankPolicy(input: $input) { policy { automaticFrom version } userErrors { code field message } } }";
        assert_eq!(finance.tell(set, json!({ "input": { "automaticFrom": 49, "version": 0 } })).refusals("setBankPolicy"), [("OUT_OF_RANGE".to_owned(), "automaticFrom".to_owned())]);
        let answer = finance.tell(set, json!({ "input": { "automaticFrom": 90, "version": 0 } }));
        assert_eq!(answer.data("/setBankPolicy/policy"), &json!({ "automaticFrom": 90, "version": 1 }));
        intercultural_cities::server::worker::run_due(&app.app).unwrap();
        assert_eq!(in_state(app, "MATCHED"), 1);
        let answer = finance.tell(set, json!({ "input": { "version": 1 } }));
        assert_eq!(answer.data("/setBankPolicy/policy/automaticFrom"), &json!(null));
        books_are_sound(app);
    }
}
