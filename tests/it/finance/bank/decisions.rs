//! What finance decides about entries, and undoing it: everything is as it was, and the history stays.

use intercultural_cities::finance::invoices;
use intercultural_cities::kernel::ids::{Id, InvoiceId};
use serde_json::{Value, json};

use super::{Line, Paid, by_slip, by_text, entries, statement, take_in};
use crate::finance::arrange::{copenhagen, issued, member};
use crate::finance::ledger::{balances, books_are_sound};
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day};

const MATCH: &str = "mutation ($input: MatchEntryInput!) { matchEntry(input: $input) { entry { id version state payment { id unallocated { amount } city { name } allocations { nodes { amount { amount } invoice { number } } } } } userErrors { code field message } } }";
const IGNORE: &str = "mutation ($input: IgnoreEntryInput!) { ignoreEntry(input: $input) { entry { state version } userErrors { code field message } } }";
const UNDO: &str = "mutation ($input: UndoMatchInput!) { undoMatch(input: $input) { entry { state payment { id } decisions { kind made reason } } userErrors { code field message } } }";
const CONFIRM: &str = "mutation ($input: ConfirmMatchInput!) { confirmMatch(input: $input) { entry { state payment { id reversal { reversedOn } } } userErrors { code field message } } }";

fn decide(app: &TestApp, mutation: &str, entry: &Value, fields: &Value) -> Answer {
    let id = &entry["id"];
    let version = entries(app, "id version")
        .into_iter()
        .find(|one| &one["id"] == id)
        .unwrap()["version"]
        .clone();
    let mut input = json!({ "entryId": id, "version": version });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    app.finance().tell(mutation, json!({ "input": input }))
}

/// Where an invoice stands, what is open on it, and since when nothing is.
fn stands(app: &TestApp, id: InvoiceId) -> (String, i64, Option<chrono::NaiveDate>) {
    let invoice = invoices::get(&mut app.db(), id).unwrap();
    (
        invoice.status.to_string(),
        invoice.open_minor(),
        invoice.settled_on,
    )
}

crate::both_databases! {
    fn a_match_is_undone_exactly(app: &TestApp) {
        let (_, invoice, _) = copenhagen(app);
        let before = (stands(app, invoice), balances(app, "2026-11-22"));
        take_in(app, &statement("02", 1, &[Line::came("A1", by_slip("F2026-000001", 4_500_000))]));
        // More than is open is proposed, not done: the confidence is 95.
        let entry = entries(app, "id state").remove(0);
        assert_eq!(entry["state"], "PROPOSED");
        assert_eq!(decide(app, CONFIRM, &entry, &json!({})).done("confirmMatch", "/entry/state"), "MATCHED");
        assert_eq!(stands(app, invoice).1, 0);
        books_are_sound(app);

        let answer = decide(app, UNDO, &entry, &json!({ "reason": "Another city" }));
        assert_eq!(answer.done("undoMatch", "/entry/state"), "UNMATCHED");
        assert_eq!(answer.data("/undoMatch/entry/payment"), &Value::Null);
        assert_eq!((stands(app, invoice), balances(app, "2026-11-22")), before);
        books_are_sound(app);
        assert_eq!(decide(app, UNDO, &entry, &json!({ "reason": "x" })).refusal("undoMatch"), "NOT_IN_STATE");
        intercultural_cities::server::worker::run_due(&app.app).unwrap();
        // It is proposed again, and can be matched again.
        assert_eq!(entries(app, "state")[0]["state"], "PROPOSED");
        assert_eq!(decide(app, CONFIRM, &entry, &json!({})).done("confirmMatch", "/entry/state"), "MATCHED");
        let kinds: Vec<_> = entries(app, "decisions { kind made }")[0]["decisions"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
        assert_eq!(kinds, ["MATCHED", "UNDONE", "MATCHED"]);
        books_are_sound(app);
    }

    fn finance_says_what_an_entry_is(app: &TestApp) {
        let (_, invoice, _) = copenhagen(app);
        let (oslo, membership) = member(app, "Oslo", day(2026, 1, 1));
        let second = issued(app, membership, 2026, day(2026, 4, 2));
        take_in(app, &statement("02", 1, &[Line::came("A1", by_text("for to byer", 11_600_000)), Line::came("A2", by_text("renter", 77))]));
        let entry = entries(app, "id amount { amount }").into_iter().find(|one| one["amount"]["amount"] == "116000.00").unwrap();
        let share = |id: InvoiceId, amount: &str| json!({ "invoiceId": id.public(), "amount": amount });
        assert_eq!(decide(app, MATCH, &entry, &json!({})).refusals("matchEntry"), [("REQUIRED".to_owned(), "cityId".to_owned())]);
        assert_eq!(decide(app, MATCH, &entry, &json!({ "allocateTo": [share(invoice, "40000.01")] })).refusal("matchEntry"), "EXCEEDS_OPEN_AMOUNT");
        assert_eq!(decide(app, MATCH, &entry, &json!({ "allocateTo": [share(invoice, "1.005")] })).refusals("matchEntry"), [("OUT_OF_RANGE".to_owned(), "allocateTo.0.amount".to_owned())]);
        let both = json!({ "cityId": oslo.public(), "allocateTo": [share(invoice, "40000"), share(second, "75000")], "note": "One sum for two" });
        let answer = decide(app, MATCH, &entry, &both);
        assert_eq!(answer.done("matchEntry", "/entry/state"), "MATCHED");
        let payment = answer.data("/matchEntry/entry/payment");
        assert_eq!((&payment["city"]["name"], &payment["unallocated"]["amount"]), (&json!("Oslo"), &json!("1000.00")));
        assert_eq!((stands(app, invoice).1, stands(app, second).1), (0, 0));
        // Decided is decided; a stale version is told.
        assert_eq!(decide(app, IGNORE, &entry, &json!({ "reason": "x" })).refusal("ignoreEntry"), "NOT_IN_STATE");
        let stale = app.finance().tell(IGNORE, json!({ "input": { "entryId": entry["id"], "version": 1, "reason": "x" } }));
        assert_eq!(stale.code(), "STALE");

        let interest = entries(app, "id amount { amount }").into_iter().find(|one| one["amount"]["amount"] == "0.77").unwrap();
        assert_eq!(decide(app, IGNORE, &interest, &json!({ "reason": " " })).refusal("ignoreEntry"), "REQUIRED");
        assert_eq!(decide(app, IGNORE, &interest, &json!({ "reason": "Interest of the bank" })).done("ignoreEntry", "/entry/state"), "IGNORED");
        assert_eq!(decide(app, UNDO, &interest, &json!({ "reason": "Not so" })).done("undoMatch", "/entry/state"), "UNMATCHED");
        books_are_sound(app);
    }

    fn what_the_bank_takes_back_is_owed_again_and_that_can_be_undone(app: &TestApp) {
        let (_, invoice, _) = copenhagen(app);
        let came = Line::came("A1", Paid { account: "1234", ..by_slip("F2026-000001", 4_000_000) });
        take_in(app, &statement("02", 1, std::slice::from_ref(&came)));
        assert_eq!(stands(app, invoice).1, 0);
        let back = Line { debit: true, reversal: true, day: "2026-05-20", ..came };
        take_in(app, &statement("02", 2, &[back]));
        let debit = entries(app, "id direction reversal state proposals { kind confidence payment { id } }").into_iter().find(|one| one["direction"] == "DEBIT").unwrap();
        assert_eq!((&debit["state"], &debit["proposals"][0]["kind"], &debit["proposals"][0]["confidence"]), (&json!("PROPOSED"), &json!("RETURN"), &json!(95)));
        let answer = decide(app, CONFIRM, &debit, &json!({}));
        assert_eq!(answer.done("confirmMatch", "/entry/state"), "MATCHED");
        assert_eq!(answer.data("/confirmMatch/entry/payment/reversal/reversedOn"), "2026-05-20");
        assert_eq!(stands(app, invoice).1, 4_000_000);
        books_are_sound(app);
        // The credit cannot be undone while the bank has the money back.
        let credit = entries(app, "id direction").into_iter().find(|one| one["direction"] == "CREDIT").unwrap();
        assert_eq!(decide(app, UNDO, &credit, &json!({ "reason": "x" })).refusal("undoMatch"), "NOT_IN_STATE");

        assert_eq!(decide(app, UNDO, &debit, &json!({ "reason": "Another payment came back" })).done("undoMatch", "/entry/state"), "UNMATCHED");
        assert_eq!(stands(app, invoice).1, 0);
        books_are_sound(app);
        let states = entries(app, "direction state payment { reversal { reason } }");
        let credit = states.iter().find(|one| one["direction"] == "CREDIT").unwrap();
        assert_eq!((&credit["state"], &credit["payment"]["reversal"]), (&json!("MATCHED"), &Value::Null));
        // Money that went, with no payment of ours to take back, is ignored.
        assert_eq!(decide(app, MATCH, &debit, &json!({})).refusals("matchEntry"), [("REQUIRED".to_owned(), "paymentId".to_owned())]);
    }

    fn of_two_who_confirm_at_once_one_does(app: &TestApp) {
        let (_, invoice, _) = copenhagen(app);
        take_in(app, &statement("02", 1, &[Line::came("A1", by_text("F2026-000001", 4_000_000))]));
        let entry = entries(app, "id version").remove(0);
        let input = json!({ "input": { "entryId": entry["id"], "version": entry["version"] } });
        let done: Vec<bool> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..8).map(|_| scope.spawn(|| {
                let answer = app.finance().tell(CONFIRM, input.clone());
                answer.body.pointer("/data/confirmMatch/entry/state").is_some_and(Value::is_string)
            })).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(done.iter().filter(|done| **done).count(), 1);
        assert_eq!(stands(app, invoice).1, 0);
        books_are_sound(app);
    }
}
