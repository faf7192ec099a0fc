//! Money paid back through the public door: what is left, four eyes, refusals.

use diesel::prelude::*;
use intercultural_cities::finance::payments;
use intercultural_cities::kernel::ids::{Id, PaymentId};
use intercultural_cities::schema::refunds;
use serde_json::{Value, json};

use crate::finance::arrange::{ALLOCATE, limit, member, paid, prices};
use crate::finance::ledger::books_are_sound;
use crate::finance::reversals::REVERSE;
use crate::support::actor::{Actor, Answer};
use crate::support::app::day;

const REFUND: &str = "mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { refund { id status version amount { amount } account paidOn payment { unallocated { amount } returned { amount } reversal { reason } refunds { status } } } userErrors { code field message } } }";
const APPROVE: &str = "mutation ($input: ApproveRefundInput!) { approveRefund(input: $input) { refund { status paidOn } userErrors { code field message } } }";
const DISCARD: &str = "mutation ($input: DiscardRefundInput!) { discardRefund(input: $input) { refundId userErrors { code field message } } }";

pub fn refund(actor: &Actor<'_>, payment: PaymentId, fields: &Value) -> Answer {
    let mut input = json!({ "paymentId": payment.public(), "version": actor.app().version(&payment.public()), "account": "1234 0123456789", "reason": "Paid twice" });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    actor.tell(REFUND, json!({ "input": input }))
}

crate::both_databases! {
    fn what_is_left_is_paid_back(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Oslo", day(2026, 1, 1));
        let payment = paid(app, city, 100_000, day(2026, 3, 1), &[]);
        let finance = app.finance();
        let answer = refund(&finance, payment, &json!({ "amount": "400", "paidOn": "2026-03-02" }));
        assert_eq!(answer.done("refundPayment", "/refund/status"), "PAID");
        let shown = answer.data("/refundPayment/refund");
        assert_eq!((&shown["amount"]["amount"], &shown["account"], &shown["paidOn"]), (&json!("400.00"), &json!("1234 0123456789"), &json!("2026-03-02")));
        assert_eq!(shown["payment"], json!({ "unallocated": { "amount": "600.00" }, "returned": { "amount": "400.00" }, "reversal": null, "refunds": [{ "status": "PAID" }] }));
        books_are_sound(app);

        // The bank cannot take back what is paid back, and no more goes than is left.
        let version = app.version(&payment.public());
        let reversal = json!({ "input": { "paymentId": payment.public(), "version": version, "on": "2026-03-03", "reason": "x" } });
        assert_eq!(finance.tell(REVERSE, reversal).refusal("reversePayment"), "NOT_IN_STATE");
        assert_eq!(refund(&finance, payment, &json!({ "amount": "600.01" })).refusals("refundPayment"), [("EXCEEDS_PAYMENT".to_owned(), "amount".to_owned())]);
        assert_eq!(refund(&finance, payment, &json!({})).done("refundPayment", "/refund/amount/amount"), "600.00");
        assert_eq!(refund(&finance, payment, &json!({})).refusal("refundPayment"), "EXCEEDS_PAYMENT");
        assert_eq!(payments::get(&mut app.db(), payment).unwrap().unallocated_minor(), 0);
        books_are_sound(app);
    }

    fn above_the_limit_somebody_else_approves(app: &TestApp) {
        prices(app);
        limit(app, 50_000);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let invoice = crate::finance::arrange::issued(app, membership, 2026, day(2026, 1, 15));
        let payment = paid(app, city, 100_000, day(2026, 3, 1), &[]);
        let (finance, other) = (app.finance(), app.finance());
        assert_eq!(refund(&finance, payment, &json!({ "amount": "500" })).done("refundPayment", "/refund/status"), "PAID");
        let answer = refund(&finance, payment, &json!({ "amount": "0.01" }));
        assert_eq!(answer.done("refundPayment", "/refund/status"), "PROPOSED");
        assert_eq!(answer.text("/refundPayment/refund/payment/unallocated/amount"), "500.00");
        let id = answer.text("/refundPayment/refund/id").to_owned();
        let input = |version: i32| json!({ "input": { "refundId": id, "version": version } });
        assert_eq!(finance.tell(APPROVE, input(1)).refusals("approveRefund"), [("SECOND_PERSON_NEEDED".to_owned(), "refundId".to_owned())]);
        assert_eq!(other.tell(APPROVE, input(7)).code(), "STALE");
        // Proposals are finance's own.
        let shown = "query ($id: ID!) { node(id: $id) { ... on Refund { status } } }";
        assert_eq!(app.coordinator_of(city).ask_with(shown, json!({ "id": id })).data("/node"), &Value::Null);

        // What is used meanwhile is not there to be paid back.
        let all = json!({ "input": { "paymentId": payment.public(), "invoiceId": invoice.public(), "amount": "500" } });
        let allocated = finance.tell("mutation ($input: AllocatePaymentInput!) { allocatePayment(input: $input) { allocation { id } userErrors { code field message } } }", all).done("allocatePayment", "/allocation/id");
        assert_eq!(other.tell(APPROVE, input(1)).refusals("approveRefund"), [("EXCEEDS_PAYMENT".to_owned(), "refundId".to_owned())]);
        let release = json!({ "input": { "allocationId": allocated, "reason": "x" } });
        finance.tell("mutation ($input: ReleaseAllocationInput!) { releaseAllocation(input: $input) { allocation { id } userErrors { code field message } } }", release).done("releaseAllocation", "/allocation/id");
        assert_eq!(other.tell(APPROVE, input(1)).done("approveRefund", "/refund/paidOn"), "2026-11-22");
        assert_eq!(other.tell(APPROVE, input(2)).refusal("approveRefund"), "NOT_IN_STATE");
        assert_eq!(other.tell(DISCARD, input(2)).refusal("discardRefund"), "NOT_IN_STATE");
        assert_eq!(app.coordinator_of(city).ask_with(shown, json!({ "id": id })).text("/node/status"), "PAID");
        books_are_sound(app);

        let answer = refund(&finance, payment, &json!({}));
        let id = answer.done("refundPayment", "/refund/id");
        let discard = json!({ "input": { "refundId": id, "version": 1 } });
        assert_eq!(finance.tell(DISCARD, discard).done("discardRefund", "/refundId"), id);
        books_are_sound(app);
    }

    fn refunds_are_listed_for_those_who_may_see_them(app: &TestApp) {
        prices(app);
        limit(app, 50_000);
        let (city, _) = member(app, "Oslo", day(2026, 1, 1));
        let (other, _) = member(app, "Vic", day(2026, 1, 1));
        let finance = app.finance();
        for (payer, amount) in [(city, "100"), (city, "600"), (other, "200")] {
            let payment = paid(app, payer, 100_000, day(2026, 3, 1), &[]);
            refund(&finance, payment, &json!({ "amount": amount })).done("refundPayment", "/refund/id");
        }
        let query = "query ($city: ID!) { newest: refunds { totalCount nodes { amount { amount } } } oldest: refunds(orderBy: [CREATED_AT_ASC], first: 1) { pageInfo { hasNextPage } nodes { amount { amount } } } waiting: refunds(filter: { status: [PROPOSED] }) { nodes { amount { amount } } } city: refunds(filter: { cityId: $city, updatedAt: { gte: \"2026-11-22T00:00:00Z\", lt: \"2026-11-23T00:00:00Z\" } }) { totalCount } }";
        let amounts = |list: &[&str]| json!(list.iter().map(|amount| json!({ "amount": { "amount": amount } })).collect::<Vec<_>>());
        let all = app.auditor().ask_with(query, json!({ "city": city.public() })).body["data"].clone();
        assert_eq!(all, json!({
            "newest": { "totalCount": 3, "nodes": amounts(&["200.00", "600.00", "100.00"]) },
            "oldest": { "pageInfo": { "hasNextPage": true }, "nodes": amounts(&["100.00"]) },
            "waiting": { "nodes": amounts(&["600.00"]) },
            "city": { "totalCount": 2 },
        }));
        // A city sees its own, once they are paid; the others see none.
        let own = app.coordinator_of(city).ask_with(query, json!({ "city": other.public() })).body["data"].clone();
        assert_eq!((&own["newest"], &own["waiting"]["nodes"], &own["city"]["totalCount"]), (&json!({ "totalCount": 1, "nodes": amounts(&["100.00"]) }), &json!([]), &json!(0)));
        let others = app.coordinator_of(other).ask("{ refunds { nodes { amount { amount } } } }");
        assert_eq!(others.data("/refunds/nodes"), &amounts(&["200.00"]));
    }

    fn what_cannot_be_paid_back_is_refused(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Oslo", day(2026, 1, 1));
        let payment = paid(app, city, 100_000, day(2026, 3, 1), &[]);
        let finance = app.finance();
        for (fields, code, field) in [
            (json!({ "amount": "0" }), "OUT_OF_RANGE", "amount"),
            (json!({ "amount": "0.001" }), "OUT_OF_RANGE", "amount"),
            (json!({ "paidOn": "2026-02-28" }), "OUT_OF_RANGE", "paidOn"),
            (json!({ "paidOn": "2026-11-23" }), "OUT_OF_RANGE", "paidOn"),
            (json!({ "reason": "" }), "REQUIRED", "reason"),
            (json!({ "account": " " }), "REQUIRED", "account"),
        ] {
            assert_eq!(refund(&finance, payment, &fields).refusals("refundPayment"), [(code.to_owned(), field.to_owned())], "{fields}");
        }
        assert_eq!(refund(&finance, payment, &json!({ "version": 9 })).code(), "STALE");
        for actor in [app.secretariat(), app.auditor(), app.coordinator_of(city)] {
            assert_eq!(refund(&actor, payment, &json!({})).code(), "FORBIDDEN");
        }
        assert_eq!(payments::get(&mut app.db(), payment).unwrap().returned_minor, 0);
        refund(&finance, payment, &json!({})).done("refundPayment", "/refund/id");
        let again = json!({ "input": { "paymentId": payment.public(), "invoiceId": payment.public(), "amount": "1" } });
        assert_eq!(finance.tell(ALLOCATE, again).refusals("allocatePayment").len(), 1);
        let changed = app.try_arrange(|tx| Ok(diesel::update(refunds::table).set(refunds::account.eq("9")).execute(tx.db)?));
        assert!(changed.is_err());
        let removed = app.try_arrange(|tx| Ok(diesel::delete(refunds::table).execute(tx.db)?));
        assert!(removed.is_err());
    }
}
