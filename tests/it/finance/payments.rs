//! Payments through the public door: recording, allocating, refusals, replays.

use intercultural_cities::finance::invoices;
use intercultural_cities::kernel::ids::{Id, InvoiceId, PaymentId};
use serde_json::{Value, json};

use crate::finance::arrange::{
    ALLOCATE, ISSUE, RECORD, copenhagen, draft, issued, member, paid, prices,
};
use crate::support::app::day;

fn allocation(payment: PaymentId, invoice: InvoiceId, amount: &str) -> Value {
    json!({ "input": { "paymentId": payment.public(), "invoiceId": invoice.public(), "amount": amount } })
}

crate::both_databases! {
    fn all_problems_of_all_shares_come_at_once(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let (_, other) = member(app, "Lyon", day(2026, 1, 1));
        let (own, foreign) = (issued(app, membership, 2026, day(2026, 4, 1)), issued(app, other, 2026, day(2026, 4, 1)));
        let missing = InvoiceId::of(uuid::Uuid::from_u128(5));
        let share = |invoice: InvoiceId, amount: &str| json!({ "invoiceId": invoice.public(), "amount": amount });
        let input = json!({ "cityId": city.public(), "amount": "80000", "receivedOn": "2026-05-01", "allocateTo": [share(foreign, "10"), share(own, "75000.01"), share(missing, "10")] });
        let answer = app.finance().tell(RECORD, json!({ "input": input }));
        let refusal = |code: &str, field: &str| (code.to_owned(), field.to_owned());
        assert_eq!(answer.refusals("recordPayment"), [
            refusal("OUT_OF_RANGE", "allocateTo.0.invoiceId"),
            refusal("EXCEEDS_OPEN_AMOUNT", "allocateTo.1.amount"),
            refusal("NOT_FOUND", "allocateTo.2.invoiceId"),
        ]);
        assert_eq!(app.finance().ask("{ payments { totalCount } }").data("/payments/totalCount"), 0);
    }

    fn a_payment_is_recorded_and_used_at_once(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let first = issued(app, membership, 2026, day(2026, 4, 1));
        let second = issued(app, membership, 2027, day(2026, 4, 1));
        let input = json!({ "cityId": city.public(), "amount": "160000.00", "receivedOn": "2026-04-20", "reference": " F2026-000001 ", "payerName": "Kommunen",
            "allocateTo": [{ "invoiceId": second.public(), "amount": "75000" }, { "invoiceId": first.public(), "amount": "75000" }] });
        let answer = app.finance().tell(RECORD, json!({ "input": input }));
        assert_eq!(answer.done("recordPayment", "/payment/unallocated/amount"), "10000.00");
        let nodes = answer.data("/recordPayment/payment/allocations/nodes").as_array().unwrap();
        assert_eq!(nodes.len(), 2);
        assert!(nodes.iter().all(|node| node["invoice"]["status"] == "PAID" && node["invoice"]["openAmount"]["amount"] == "0.00"));
        assert_eq!(invoices::get(&mut app.db(), first).unwrap().settled_on, Some(day(2026, 4, 20)));
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn what_was_recorded_is_answered_as_it_is_read_later(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let (first, second) = (issued(app, membership, 2026, day(2026, 4, 1)), issued(app, membership, 2027, day(2026, 4, 1)));
        let share = |invoice: InvoiceId| json!({ "invoiceId": invoice.public(), "amount": "10.5" });
        let fields = "id version createdAt updatedAt receivedOn reference payerName note amount { amount currency } allocated { amount } unallocated { amount } city { name }";
        let record = format!("mutation ($input: RecordPaymentInput!) {{ recordPayment(input: $input) {{ payment {{ {fields} }} userErrors {{ code }} }} }}");
        let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Payment {{ {fields} }} }} }}");
        let finance = app.finance();
        for allocate_to in [json!([]), json!([share(second), share(first)])] {
            let input = json!({ "cityId": city.public(), "amount": "100", "receivedOn": "2026-05-01", "reference": " Æble  ", "payerName": "", "note": "a\nb", "allocateTo": allocate_to });
            let answer = finance.tell(&record, json!({ "input": input }));
            let recorded = answer.data("/recordPayment/payment");
            let read = finance.ask_with(&query, json!({ "id": recorded["id"] }));
            assert_eq!(recorded, read.data("/node"));
        }
    }

    fn what_cannot_be_recorded_is_refused_and_leaves_nothing(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        let finance = app.finance();
        let record = |fields: Value| {
            let mut input = json!({ "cityId": city.public(), "amount": "100", "receivedOn": "2026-05-01" });
            for (name, value) in fields.as_object().unwrap() {
                input[name] = value.clone();
            }
            finance.tell(RECORD, json!({ "input": input })).refusals("recordPayment")
        };
        let one = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
        let to = |invoice: &str, amount: &str| json!({ "allocateTo": [{ "invoiceId": invoice, "amount": amount }] });
        assert_eq!(record(json!({ "amount": "0" })), one("OUT_OF_RANGE", "amount"));
        assert_eq!(record(json!({ "amount": "-5" })), one("OUT_OF_RANGE", "amount"));
        assert_eq!(record(json!({ "amount": "0.001" })), one("OUT_OF_RANGE", "amount"));
        assert_eq!(record(json!({ "receivedOn": "2026-11-23" })), one("OUT_OF_RANGE", "receivedOn"));
        assert_eq!(record(json!({ "reference": "a\u{202e}b" })), one("INVALID_TEXT", "reference"));
        assert_eq!(record(json!({ "cityId": invoice.public() })), one("NOT_FOUND", "cityId"));
        assert_eq!(record(to(&invoice.public(), "100.01")), one("EXCEEDS_PAYMENT", "allocateTo.0.amount"));
        assert_eq!(record(to(&InvoiceId::of(uuid::Uuid::from_u128(1)).public(), "1")), one("NOT_FOUND", "allocateTo.0.invoiceId"));
        let mut twice = to(&invoice.public(), "1");
        twice["allocateTo"] = json!([twice["allocateTo"][0], twice["allocateTo"][0]]);
        assert_eq!(record(twice), one("OUT_OF_RANGE", "allocateTo.1.invoiceId"));
        let mut euro = to(&invoice.public(), "1");
        euro["currency"] = json!("EUR");
        assert_eq!(record(euro), one("CURRENCY_MISMATCH", "allocateTo.0.invoiceId"));
        let answer = app.auditor().ask("{ payments { totalCount nodes { amount { amount } } } }");
        assert_eq!(answer.data("/payments/totalCount"), &json!(1));
    }

    fn no_more_is_allocated_than_is_left_or_open(app: &TestApp) {
        let (city, invoice, spent) = copenhagen(app);
        let payment = paid(app, city, 5_000_000, day(2026, 6, 1), &[]);
        let finance = app.finance();
        let ask = |payment, amount: &str| finance.tell(ALLOCATE, allocation(payment, invoice, amount));
        assert_eq!(ask(spent, "0.01").refusal("allocatePayment"), "EXCEEDS_PAYMENT");
        assert_eq!(ask(payment, "50000.01").refusals("allocatePayment").iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["EXCEEDS_PAYMENT", "EXCEEDS_OPEN_AMOUNT"]);
        assert_eq!(ask(payment, "40000.01").refusal("allocatePayment"), "EXCEEDS_OPEN_AMOUNT");
        let answer = ask(payment, "39999.99");
        assert_eq!(answer.done("allocatePayment", "/allocation/invoice/openAmount/amount"), "0.01");
        assert_eq!(answer.text("/allocatePayment/allocation/invoice/status"), "PARTLY_PAID");
        let answer = ask(payment, "0.01");
        assert_eq!(answer.done("allocatePayment", "/allocation/invoice/status"), "PAID");
        assert_eq!(answer.text("/allocatePayment/allocation/payment/unallocated/amount"), "10000.00");
        assert_eq!(ask(payment, "0.01").refusal("allocatePayment"), "EXCEEDS_OPEN_AMOUNT");
        assert_eq!(ask(PaymentId::of(uuid::Uuid::from_u128(1)), "1").code(), "NOT_FOUND");
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn money_settles_issued_invoices_of_its_own_city(app: &TestApp) {
        let (_, copenhagens, _) = copenhagen(app);
        let (oslo, membership) = member(app, "Oslo", day(2026, 1, 1));
        let unissued = draft(app, membership, 2026);
        let payment = paid(app, oslo, 100_000, day(2026, 6, 1), &[]);
        let finance = app.finance();
        assert_eq!(finance.tell(ALLOCATE, allocation(payment, unissued, "1")).refusal("allocatePayment"), "NOT_IN_STATE");
        assert_eq!(finance.tell(ALLOCATE, allocation(payment, copenhagens, "1")).refusal("allocatePayment"), "OUT_OF_RANGE");
        let mut stated = allocation(payment, copenhagens, "1");
        stated["input"]["otherCity"] = json!(true);
        assert_eq!(finance.tell(ALLOCATE, stated).done("allocatePayment", "/allocation/amount/amount"), "1.00");

        // Oslo sees what became of its money, but not Copenhagen's invoice.
        let query = "query ($id: ID!) { node(id: $id) { ... on Payment { allocations { nodes { amount { amount } invoice { number } } } } } }";
        let answer = app.coordinator_of(oslo).ask_with(query, json!({ "id": payment.public() }));
        assert_eq!(answer.data("/node/allocations/nodes"), &json!([{ "amount": { "amount": "1.00" }, "invoice": null }]));
    }

    fn a_repeated_request_has_one_effect(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let draft = draft(app, membership, 2026);
        let finance = app.finance();
        let issue = json!({ "input": { "invoiceId": draft.public(), "version": 1 } });
        let number = |answer: crate::support::actor::Answer| answer.done("issueInvoice", "/invoice/number");
        assert_eq!(number(finance.ask_keyed(ISSUE, issue.clone(), Some("issue-1"))), "F2026-000001");
        let again = finance.ask_keyed(ISSUE, issue, Some("issue-1"));
        assert_eq!(again.reply.header("idempotent-replayed"), Some("true"));
        assert_eq!(number(again), "F2026-000001");

        let input = json!({ "cityId": city.public(), "amount": "100", "receivedOn": "2026-05-01" });
        let payment = finance.ask_keyed(RECORD, json!({ "input": input }), Some("pay-1")).done("recordPayment", "/payment/id");
        assert_eq!(finance.ask_keyed(RECORD, json!({ "input": input }), Some("pay-1")).done("recordPayment", "/payment/id"), payment);
        let other = json!({ "cityId": city.public(), "amount": "101", "receivedOn": "2026-05-01" });
        assert_eq!(finance.ask_keyed(RECORD, json!({ "input": other }), Some("pay-1")).code(), "IDEMPOTENCY_MISMATCH");
        // Two like payments on one day are two payments.
        let second = finance.ask_keyed(RECORD, json!({ "input": input }), Some("pay-2")).done("recordPayment", "/payment/id");
        assert_ne!(second, payment);
    }

    fn only_finance_records_payments(app: &TestApp) {
        let (city, invoice, payment) = copenhagen(app);
        let input = json!({ "input": { "cityId": city.public(), "amount": "1", "receivedOn": "2026-05-01" } });
        for actor in [app.secretariat(), app.auditor(), app.coordinator_of(city)] {
            assert_eq!(actor.tell(RECORD, input.clone()).code(), "FORBIDDEN");
            assert_eq!(actor.tell(ALLOCATE, allocation(payment, invoice, "1")).code(), "FORBIDDEN");
        }
        assert_eq!(app.anonymous().tell(RECORD, input).code(), "UNAUTHENTICATED");
    }
}
