//! Credit notes through the public door: what they take back, what they give back, refusals, four
//! eyes, and that what is issued stays.

use diesel::prelude::*;
use intercultural_cities::finance::{credit_notes, invoices, payments};
use intercultural_cities::kernel::ids::{CreditNoteId, Id, InvoiceId, PaymentId};
use intercultural_cities::schema::{
    allocations, credit_note_lines, credit_notes as notes, invoice_counters, invoice_lines,
    invoices as rows, payments as payment_rows,
};
use serde_json::{Value, json};

use crate::finance::arrange::{
    ALLOCATE, ask_draft, copenhagen, draft, issued, limit, member, paid, prices,
};
use crate::finance::ledger::books_are_sound;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

pub const CREDIT: &str = "mutation ($input: CreditInvoiceInput!) { creditInvoice(input: $input) { creditNote { id number status version issuedOn net { amount } vat { amount } total { amount } contentHash buyer { name } lines { net { amount } invoiceLineId } taxes { vatCategory vat { amount } } invoice { status openAmount { amount } creditedAmount { amount } } } userErrors { code field message } } }";
const APPROVE: &str = "mutation ($input: ApproveCreditNoteInput!) { approveCreditNote(input: $input) { creditNote { id number status invoice { status } } userErrors { code field message } } }";
const DISCARD: &str = "mutation ($input: DiscardCreditNoteInput!) { discardCreditNote(input: $input) { creditNoteId userErrors { code field message } } }";

/// The first line of an invoice.
fn line_of(app: &TestApp, invoice: InvoiceId) -> String {
    let lines = invoices::lines_of_many(&mut app.db(), &[invoice]).unwrap();
    lines[&invoice][0].id.public()
}

/// Credits so much of the first line, or all that is left.
pub fn credit(actor: &Actor<'_>, invoice: InvoiceId, amount: Option<&str>) -> Answer {
    let app = actor.app();
    let lines = amount.map(|amount| json!([{ "lineId": line_of(app, invoice), "amount": amount }]));
    let input = json!({ "invoiceId": invoice.public(), "version": app.version(&invoice.public()), "lines": lines, "reasonCode": "WITHDRAWAL", "reason": "The city left on 30 September." });
    actor.tell(CREDIT, json!({ "input": input }))
}

/// A proposal or its approval, by the version that it has now.
fn note_input(app: &TestApp, id: &str) -> Value {
    json!({ "input": { "creditNoteId": id, "version": app.version(id) } })
}

crate::both_databases! {
    fn the_refund_after_30_september_is_to_the_oere(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        let finance = app.finance();
        let answer = credit(&finance, invoice, Some("18904.11"));
        assert_eq!(answer.done("creditInvoice", "/creditNote/number"), "K2026-000001");
        let note = answer.data("/creditInvoice/creditNote");
        assert_eq!((&note["status"], &note["issuedOn"], &note["buyer"]["name"]), (&json!("ISSUED"), &json!("2026-11-22"), &json!("Oslo")));
        assert_eq!((&note["net"]["amount"], &note["vat"]["amount"], &note["total"]["amount"]), (&json!("18904.11"), &json!("0.00"), &json!("18904.11")));
        assert_eq!(note["invoice"], json!({ "status": "ISSUED", "openAmount": { "amount": "56095.89" }, "creditedAmount": { "amount": "18904.11" } }));
        assert_eq!(ask_draft(&finance, membership, 2026).refusal("draftFeeInvoice"), "ALREADY_INVOICED");

        let balance = "query ($id: ID!) { city(id: $id) { now: openBalance { amount } then: openBalance(asOf: \"2026-11-21\") { amount } invoices { nodes { now: openAmount { amount } then: openAmount(asOf: \"2026-11-21\") { amount } lines { creditedAmount { amount } } credits { number reasonCode reason } } } } openItems(cityId: $id) { nodes { openAmount { amount } } } overdueInvoices { totalCount } feeTotals { status total { amount } credited { amount } open { amount } } }";
        let answer = finance.ask_with(balance, json!({ "id": city.public() }));
        assert_eq!((answer.text("/city/now/amount"), answer.text("/city/then/amount")), ("56095.89", "75000.00"));
        assert_eq!(answer.data("/city/invoices/nodes/0"), &json!({
            "now": { "amount": "56095.89" }, "then": { "amount": "75000.00" }, "lines": [{ "creditedAmount": { "amount": "18904.11" } }],
            "credits": [{ "number": "K2026-000001", "reasonCode": "WITHDRAWAL", "reason": "The city left on 30 September." }],
        }));
        assert_eq!(answer.text("/openItems/nodes/0/openAmount/amount"), "56095.89");
        assert_eq!(answer.data("/feeTotals"), &json!([{ "status": "ISSUED", "total": { "amount": "75000.00" }, "credited": { "amount": "18904.11" }, "open": { "amount": "56095.89" } }]));

        // The rest is exactly the rest, and the year can be invoiced again.
        let answer = credit(&finance, invoice, None);
        assert_eq!(answer.done("creditInvoice", "/creditNote/number"), "K2026-000002");
        assert_eq!(answer.text("/creditInvoice/creditNote/total/amount"), "56095.89");
        assert_eq!(answer.text("/creditInvoice/creditNote/invoice/status"), "CREDITED");
        let answer = finance.ask_with(balance, json!({ "id": city.public() }));
        assert_eq!((answer.text("/city/now/amount"), answer.data("/overdueInvoices/totalCount")), ("0.00", &json!(0)));
        assert_eq!(answer.data("/openItems/nodes"), &json!([]));
        assert_eq!(credit(&finance, invoice, None).refusals("creditInvoice"), [("NOT_IN_STATE".to_owned(), "invoiceId".to_owned())]);
        ask_draft(&finance, membership, 2026).done("draftFeeInvoice", "/invoice/id");
        assert_eq!(ask_draft(&finance, membership, 2026).refusal("draftFeeInvoice"), "ALREADY_INVOICED");
        books_are_sound(app);
    }

    fn money_above_the_new_total_is_the_payers_again(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let (invoice, next) = (issued(app, membership, 2025, day(2026, 1, 15)), issued(app, membership, 2026, day(2026, 1, 15)));
        let first = paid(app, city, 5_000_000, day(2026, 2, 1), &[(invoice, 5_000_000)]);
        let second = paid(app, city, 2_500_000, day(2026, 3, 1), &[(invoice, 2_500_000)]);
        let finance = app.finance();
        let answer = credit(&finance, invoice, Some("30000"));
        assert_eq!(answer.done("creditInvoice", "/creditNote/invoice/status"), "PAID");
        let left = |id: PaymentId| payments::get(&mut app.db(), id).unwrap().unallocated_minor();
        assert_eq!((left(first), left(second)), (500_000, 2_500_000));
        // Settled on the day of the money, not again by the credit.
        assert_eq!(invoices::get(&mut app.db(), invoice).unwrap().settled_on, Some(day(2026, 3, 1)));
        let shown = "query ($id: ID!) { node(id: $id) { ... on Invoice { openAmount { amount } then: openAmount(asOf: \"2026-02-15\") { amount } allocations { nodes { amount { amount } allocatedOn creditNote { number } } } } } }";
        let answer = finance.ask_with(shown, json!({ "id": invoice.public() }));
        assert_eq!((answer.text("/node/openAmount/amount"), answer.text("/node/then/amount")), ("0.00", "25000.00"));
        let nodes = answer.data("/node/allocations/nodes").as_array().unwrap();
        assert_eq!(nodes.len(), 4);
        assert_eq!(nodes[2], json!({ "amount": { "amount": "-25000.00" }, "allocatedOn": "2026-11-22", "creditNote": { "number": "K2026-000001" } }));
        assert_eq!(nodes[3]["amount"]["amount"], "-5000.00");

        let again = json!({ "input": { "paymentId": second.public(), "invoiceId": next.public(), "amount": "25000" } });
        assert_eq!(finance.tell(ALLOCATE, again).done("allocatePayment", "/allocation/invoice/openAmount/amount"), "50000.00");
        let closed = json!({ "input": { "paymentId": first.public(), "invoiceId": invoice.public(), "amount": "0.01" } });
        assert_eq!(finance.tell(ALLOCATE, closed).refusal("allocatePayment"), "EXCEEDS_OPEN_AMOUNT");
        let answer = credit(&finance, invoice, None);
        assert_eq!(answer.done("creditInvoice", "/creditNote/invoice/status"), "CREDITED");
        assert_eq!((left(first), left(second)), (5_000_000, 0));
        let late = json!({ "input": { "paymentId": first.public(), "invoiceId": invoice.public(), "amount": "1" } });
        assert_eq!(finance.tell(ALLOCATE, late).refusal("allocatePayment"), "EXCEEDS_OPEN_AMOUNT");
        books_are_sound(app);
    }

    fn a_credit_can_settle_what_is_left(app: &TestApp) {
        let (_, invoice, _) = copenhagen(app);
        let answer = credit(&app.finance(), invoice, Some("40000"));
        assert_eq!(answer.done("creditInvoice", "/creditNote/invoice/status"), "PAID");
        let settled = invoices::get(&mut app.db(), invoice).unwrap();
        assert_eq!((settled.settled_on, settled.allocated_minor), (Some(day(2026, 11, 22)), 2_000_000));
        books_are_sound(app);
    }

    fn tax_is_taken_back_at_the_rate_of_the_invoice(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "Oslo", day(2020, 1, 1));
        let finance = app.finance();
        let set = "mutation ($input: SetPriceInput!) { setPrice(input: $input) { price { id } userErrors { code field message } } }";
        finance.ask_with(set, json!({ "input": { "product": "ANNUAL_FEE", "amount": "75000.01", "validFrom": "2026-01-01", "vatCategory": "S", "vatRate": "25" } })).done("setPrice", "/price/id");
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        let parts = |answer: &Answer| {
            let note = answer.data("/creditInvoice/creditNote");
            (note["net"]["amount"].as_str().unwrap().to_owned(), note["vat"]["amount"].as_str().unwrap().to_owned(), note["total"]["amount"].as_str().unwrap().to_owned())
        };
        let owned = |one: &str, two: &str, three: &str| (one.to_owned(), two.to_owned(), three.to_owned());
        assert_eq!(parts(&credit(&finance, invoice, Some("18904.11"))), owned("18904.11", "4726.03", "23630.14"));
        let answer = credit(&finance, invoice, None);
        assert_eq!(parts(&answer), owned("56095.90", "14023.97", "70119.87"));
        assert_eq!(answer.data("/creditInvoice/creditNote/taxes"), &json!([{ "vatCategory": "S", "vat": { "amount": "14023.97" } }]));
        let credited = invoices::get(&mut app.db(), invoice).unwrap();
        assert_eq!((credited.credited_minor, credited.total_minor), (9_375_001, 9_375_001));
        books_are_sound(app);
    }

    fn what_cannot_be_credited_is_refused_and_leaves_nothing(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        let (_, membership) = member(app, "Lyon", day(2026, 1, 1));
        let unissued = draft(app, membership, 2026);
        let finance = app.finance();
        let line = line_of(app, invoice);
        let of_draft = line_of(app, unissued);
        let ask = |lines: Value, reason: &str| {
            let input = json!({ "invoiceId": invoice.public(), "version": app.version(&invoice.public()), "lines": lines, "reasonCode": "GOODWILL", "reason": reason });
            finance.tell(CREDIT, json!({ "input": input })).refusals("creditInvoice")
        };
        let one = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
        let of = |line: &str, amount: &str| json!([{ "lineId": line, "amount": amount }]);
        assert_eq!(ask(of(&line, "0.00"), "x"), one("OUT_OF_RANGE", "lines.0.amount"));
        assert_eq!(ask(of(&line, "-1"), "x"), one("OUT_OF_RANGE", "lines.0.amount"));
        assert_eq!(ask(of(&line, "60000.01"), "x"), one("EXCEEDS_INVOICE", "lines.0.amount"));
        assert_eq!(ask(of(&of_draft, "1"), "x"), one("NOT_FOUND", "lines.0.lineId"));
        assert_eq!(ask(of(&city.public(), "1"), "x"), one("NOT_FOUND", "lines.0.lineId"));
        assert_eq!(ask(json!([]), "x"), one("REQUIRED", "lines"));
        assert_eq!(ask(of(&line, "1"), " "), one("REQUIRED", "reason"));
        assert_eq!(ask(of(&line, "0"), " "), [one("REQUIRED", "reason"), one("OUT_OF_RANGE", "lines.0.amount")].concat());
        assert_eq!(credit(&finance, unissued, None).refusal("creditInvoice"), "NOT_IN_STATE");

        let base = json!({ "invoiceId": invoice.public(), "version": 1, "reasonCode": "OTHER", "reason": "x" });
        assert_eq!(finance.tell(CREDIT, json!({ "input": base })).code(), "STALE");
        assert_eq!(finance.ask_with(CREDIT, json!({ "input": base })).code(), "IDEMPOTENCY_KEY_REQUIRED");
        assert_eq!(finance.ask("{ creditNotes { totalCount } }").data("/creditNotes/totalCount"), 0);
        let counters = invoice_counters::table.filter(invoice_counters::series.eq("K")).count().get_result::<i64>(&mut app.db());
        assert_eq!(counters.unwrap(), 0);

        // A credit note is no invoice.
        let note = credit(&finance, invoice, Some("1")).done("creditInvoice", "/creditNote/id");
        let input = json!({ "invoiceId": note, "version": 2, "reasonCode": "OTHER", "reason": "x" });
        assert_eq!(finance.tell(CREDIT, json!({ "input": input })).refusals("creditInvoice"), one("NOT_FOUND", "invoiceId"));
        for actor in [app.secretariat(), app.auditor(), app.coordinator_of(city)] {
            assert_eq!(credit(&actor, invoice, None).code(), "FORBIDDEN");
        }
        books_are_sound(app);
    }

    fn a_large_credit_takes_two_people(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        limit(app, 1_000_000);
        let (one, other) = (app.finance(), app.finance());
        // Splitting does not help.
        credit(&one, invoice, Some("6000")).done("creditInvoice", "/creditNote/number");
        let answer = credit(&one, invoice, Some("4000.01"));
        let small = answer.done("creditInvoice", "/creditNote/id");
        assert_eq!(answer.data("/creditInvoice/creditNote/status"), "PROPOSED");
        let answer = credit(&one, invoice, None);
        let all = answer.done("creditInvoice", "/creditNote/id");
        let note = answer.data("/creditInvoice/creditNote");
        assert_eq!((&note["number"], &note["issuedOn"], &note["contentHash"], &note["total"]["amount"]), (&Value::Null, &Value::Null, &Value::Null, &json!("54000.00")));
        assert_eq!(note["invoice"]["creditedAmount"]["amount"], "6000.00");

        // A proposal is finance's own.
        let seen = "query ($id: ID!) { node(id: $id) { id } creditNotes { totalCount } invoices { nodes { credits { status } } } }";
        let answer = app.coordinator_of(city).ask_with(seen, json!({ "id": all }));
        assert_eq!(answer.body["data"], json!({ "node": null, "creditNotes": { "totalCount": 1 }, "invoices": { "nodes": [{ "credits": [{ "status": "ISSUED" }] }] } }));
        assert_eq!(app.auditor().ask("{ creditNotes(filter: { status: [PROPOSED] }) { totalCount } }").data("/creditNotes/totalCount"), 2);

        assert_eq!(one.ask_with(APPROVE, note_input(app, &all)).refusals("approveCreditNote"), [("SECOND_PERSON_NEEDED".to_owned(), "creditNoteId".to_owned())]);
        let mut stale = note_input(app, &all);
        stale["input"]["version"] = json!(7);
        assert_eq!(other.ask_with(APPROVE, stale).code(), "STALE");
        let answer = other.ask_with(APPROVE, note_input(app, &all));
        assert_eq!(answer.done("approveCreditNote", "/creditNote/number"), "K2026-000002");
        assert_eq!(answer.text("/approveCreditNote/creditNote/invoice/status"), "CREDITED");
        assert_eq!(other.ask_with(APPROVE, note_input(app, &all)).refusal("approveCreditNote"), "ALREADY_ISSUED");
        assert_eq!(one.ask_with(DISCARD, note_input(app, &all)).refusal("discardCreditNote"), "ALREADY_ISSUED");

        // Nothing is left for the other proposal.
        assert_eq!(other.ask_with(APPROVE, note_input(app, &small)).refusal("approveCreditNote"), "EXCEEDS_INVOICE");
        assert_eq!(one.ask_with(DISCARD, note_input(app, &small)).done("discardCreditNote", "/creditNoteId"), small);
        assert_eq!(one.ask_with(DISCARD, note_input(app, &small)).code(), "NOT_FOUND");
        let trail = app.auditor().ask("{ auditTrail(first: 20) { nodes { action } } }");
        let actions: Vec<_> = trail.data("/auditTrail/nodes").as_array().unwrap().iter().map(|node| node["action"].as_str().unwrap()).filter(|action| action.starts_with("creditNote") || *action == "payment.released").collect();
        assert_eq!(actions, ["creditNote.discarded", "creditNote.issued", "payment.released", "creditNote.proposed", "creditNote.proposed", "creditNote.issued"]);
        books_are_sound(app);
    }

    fn lists_can_be_narrowed(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        let (_, membership) = member(app, "Lyon", day(2026, 1, 1));
        let other = issued(app, membership, 2026, day(2026, 4, 1));
        let finance = app.finance();
        let first = credit(&finance, invoice, Some("1")).done("creditInvoice", "/creditNote/id");
        credit(&finance, other, Some("2")).done("creditInvoice", "/creditNote/id");
        let query = "query ($city: ID!, $invoice: ID!) { all: creditNotes(orderBy: [ISSUED_ON_ASC, CREATED_AT_ASC]) { nodes { number } } city: creditNotes(filter: { cityId: $city }) { nodes { id } } invoice: creditNotes(filter: { invoiceId: $invoice }) { totalCount } before: creditNotes(filter: { issuedOn: { lt: \"2026-11-22\" } }) { totalCount } changed: creditNotes(filter: { updatedAt: { gte: \"2026-01-01T00:00:00Z\" } }, orderBy: [UPDATED_AT_DESC]) { totalCount } }";
        let answer = finance.ask_with(query, json!({ "city": city.public(), "invoice": other.public() }));
        assert_eq!(answer.data("/all/nodes"), &json!([{ "number": "K2026-000001" }, { "number": "K2026-000002" }]));
        assert_eq!(answer.data("/city/nodes"), &json!([{ "id": first }]));
        assert_eq!((answer.data("/invoice/totalCount"), answer.data("/before/totalCount"), answer.data("/changed/totalCount")), (&json!(1), &json!(0), &json!(2)));
        let own = app.coordinator_of(city).ask("{ creditNotes { nodes { id } } }");
        assert_eq!(own.data("/creditNotes/nodes"), &json!([{ "id": first }]));
    }

    fn the_database_itself_keeps_what_is_credited(app: &TestApp) {
        let (_, invoice, payment) = copenhagen(app);
        let finance = app.finance();
        let id = CreditNoteId::parse(&credit(&finance, invoice, Some("45000")).done("creditInvoice", "/creditNote/id")).unwrap();
        let mut db = app.db();
        let note = credit_notes::get(&mut db, id).unwrap();
        let lines = credit_notes::lines_of_many(&mut db, &[id]).unwrap().remove(&id).unwrap();
        let number = invoices::get(&mut db, invoice).unwrap().number;
        assert_eq!(note.content_hash.clone().unwrap(), credit_notes::content_hash(&note, number.as_deref(), &lines));
        let mut forged = lines;
        forged[0].net_minor -= 1;
        assert_ne!(note.content_hash.clone().unwrap(), credit_notes::content_hash(&note, number.as_deref(), &forged));

        let target = notes::table.find(id);
        assert!(diesel::update(target).set(notes::reason.eq("another")).execute(&mut db).is_err());
        assert!(diesel::update(target).set(notes::status.eq("PROPOSED")).execute(&mut db).is_err());
        assert!(diesel::delete(target).execute(&mut db).is_err());
        let of_note = credit_note_lines::table.filter(credit_note_lines::credit_note_id.eq(id));
        assert!(diesel::update(of_note).set(credit_note_lines::net_minor.eq(1_i64)).execute(&mut db).is_err());
        assert!(diesel::delete(of_note).execute(&mut db).is_err());
        // Neither below nor above what it is: of the invoice, of its line, of the money.
        let row = rows::table.find(invoice);
        for credited in [4_400_000_i64, 4_500_001, 6_000_001] {
            assert!(diesel::update(row).set(rows::credited_minor.eq(credited)).execute(&mut db).is_err(), "{credited}");
        }
        assert!(diesel::update(row).set(rows::allocated_minor.eq(0_i64)).execute(&mut db).is_err());
        let line = invoice_lines::table.filter(invoice_lines::invoice_id.eq(invoice));
        for credited in [4_499_999_i64, 6_000_001] {
            assert!(diesel::update(line).set(invoice_lines::credited_minor.eq(credited)).execute(&mut db).is_err(), "{credited}");
        }
        assert!(diesel::update(line).set((invoice_lines::credited_minor.eq(4_500_001_i64), invoice_lines::net_minor.eq(9_000_000_i64))).execute(&mut db).is_err());
        assert!(diesel::update(payment_rows::table.find(payment)).set(payment_rows::allocated_minor.eq(0_i64)).execute(&mut db).is_err());
        let entry = allocations::table.filter(allocations::credit_note_id.eq(Some(id)));
        assert!(diesel::delete(entry).execute(&mut db).is_err());
        let given_back: Vec<i64> = entry.select(allocations::amount_minor).load(&mut db).unwrap();
        assert_eq!(given_back, [-500_000]);
        books_are_sound(app);
    }
}
