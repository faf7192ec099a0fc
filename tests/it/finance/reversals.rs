//! Money taken off invoices again through the public door: payments reversed, uses undone.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, InvoiceStatus};
use intercultural_cities::finance::payments;
use intercultural_cities::kernel::ids::{Id, InvoiceId, PaymentId};
use intercultural_cities::schema::{allocations, invoices as rows};
use serde_json::json;

use crate::finance::arrange::{ALLOCATE, copenhagen, issued, member, paid, prices};
use crate::finance::ledger::books_are_sound;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

pub const REVERSE: &str = "mutation ($input: ReversePaymentInput!) { reversePayment(input: $input) { payment { version unallocated { amount } returned { amount } reversal { reversedOn reason } allocations { nodes { amount { amount } allocatedOn reversal { reversedOn } invoice { status openAmount { amount } } } } } userErrors { code field message } } }";
const RELEASE: &str = "mutation ($input: ReleaseAllocationInput!) { releaseAllocation(input: $input) { allocation { amount { amount } allocatedOn reason releasedAllocation { id } payment { unallocated { amount } } invoice { status openAmount { amount } } } userErrors { code field message } } }";

pub fn reverse(actor: &Actor<'_>, payment: PaymentId, on: &str) -> Answer {
    let version = payments::get(&mut actor.app().db(), payment)
        .unwrap()
        .version;
    let input = json!({ "paymentId": payment.public(), "version": version, "on": on, "reason": "Returned by the bank" });
    actor.tell(REVERSE, json!({ "input": input }))
}

fn release(actor: &Actor<'_>, allocation: &str) -> Answer {
    let input = json!({ "allocationId": allocation, "reason": "Meant for another invoice" });
    actor.tell(RELEASE, json!({ "input": input }))
}

/// The ids of a payment's allocations, the earliest first.
fn uses(app: &TestApp, payment: PaymentId) -> Vec<String> {
    let answer = app.finance().ask_with(
        "query ($id: ID!) { node(id: $id) { ... on Payment { allocations { nodes { id } } } } }",
        json!({ "id": payment.public() }),
    );
    let nodes = answer.data("/node/allocations/nodes").as_array().unwrap();
    nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Where an invoice stands, what is open on it, and whether it is settled.
pub fn stands(app: &TestApp, id: InvoiceId) -> (InvoiceStatus, i64, bool) {
    let invoice = invoices::get(&mut app.db(), id).unwrap();
    (
        invoice.status,
        invoice.open_minor(),
        invoice.settled_on.is_some(),
    )
}

crate::both_databases! {
    fn what_a_reversed_payment_settled_is_owed_again(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let (first, second) = (issued(app, membership, 2026, day(2026, 1, 15)), issued(app, membership, 2027, day(2026, 4, 1)));
        app.arrange(|tx| invoices::mark_sent(tx, first));
        let kept = paid(app, city, 1_000_000, day(2026, 2, 1), &[(second, 1_000_000)]);
        let payment = paid(app, city, 15_000_000, day(2026, 3, 1), &[(first, 7_500_000), (second, 6_500_000)]);
        assert_eq!((stands(app, first), stands(app, second)), ((InvoiceStatus::Paid, 0, true), (InvoiceStatus::Paid, 0, true)));

        let answer = reverse(&app.finance(), payment, "2026-03-10");
        assert_eq!(answer.done("reversePayment", "/payment/unallocated/amount"), "0.00");
        let shown = answer.data("/reversePayment/payment");
        assert_eq!((&shown["returned"]["amount"], &shown["reversal"]), (&json!("150000.00"), &json!({ "reversedOn": "2026-03-10", "reason": "Returned by the bank" })));
        let nodes = shown["allocations"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 4);
        // The second invoice is younger than the reversal: what was never settled in between is not open twice.
        assert_eq!((&nodes[2]["allocatedOn"], &nodes[3]["allocatedOn"]), (&json!("2026-03-10"), &json!("2026-04-01")));
        assert_eq!(nodes[2]["reversal"]["reversedOn"], "2026-03-10");
        assert_eq!((stands(app, first), stands(app, second)), ((InvoiceStatus::Sent, 7_500_000, false), (InvoiceStatus::PartlyPaid, 6_500_000, false)));
        assert_eq!(payments::get(&mut app.db(), kept).unwrap().allocated_minor, 1_000_000);
        books_are_sound(app);

        // Open items of each day, and nothing goes twice.
        let then = "query ($id: ID!) { node(id: $id) { ... on Invoice { before: openAmount(asOf: \"2026-02-28\") { amount } paid: openAmount(asOf: \"2026-03-09\") { amount } after: openAmount(asOf: \"2026-03-10\") { amount } } } }";
        let answer = app.finance().ask_with(then, json!({ "id": first.public() }));
        assert_eq!(answer.data("/node"), &json!({ "before": { "amount": "75000.00" }, "paid": { "amount": "0.00" }, "after": { "amount": "75000.00" } }));
        assert_eq!(reverse(&app.finance(), payment, "2026-03-10").refusals("reversePayment"), [("NOT_IN_STATE".to_owned(), "paymentId".to_owned())]);
        let again = json!({ "input": { "paymentId": payment.public(), "invoiceId": first.public(), "amount": "0.01" } });
        assert_eq!(app.finance().tell(ALLOCATE, again).refusal("allocatePayment"), "EXCEEDS_PAYMENT");

        // Other money counts from the day on which this was taken off.
        let other = paid(app, city, 7_500_000, day(2026, 3, 5), &[(first, 7_500_000)]);
        assert_eq!(invoices::get(&mut app.db(), first).unwrap().settled_on, Some(day(2026, 3, 10)));
        reverse(&app.finance(), other, "2026-03-06").done("reversePayment", "/payment/unallocated/amount");
        assert_eq!(stands(app, first), (InvoiceStatus::Sent, 7_500_000, false));
        books_are_sound(app);
    }

    fn a_use_is_undone_as_if_it_had_never_been(app: &TestApp) {
        let (city, invoice, payment) = copenhagen(app);
        let used = uses(app, payment);
        let answer = release(&app.finance(), &used[0]);
        assert_eq!(answer.done("releaseAllocation", "/allocation/amount/amount"), "-20000.00");
        assert_eq!(answer.data("/releaseAllocation/allocation"), &json!({
            "amount": { "amount": "-20000.00" }, "allocatedOn": "2026-05-04", "reason": "Meant for another invoice", "releasedAllocation": { "id": used[0] },
            "payment": { "unallocated": { "amount": "20000.00" } }, "invoice": { "status": "ISSUED", "openAmount": { "amount": "60000.00" } },
        }));
        let all = uses(app, payment);
        for id in &all {
            assert_eq!(release(&app.finance(), id).refusals("releaseAllocation"), [("NOT_IN_STATE".to_owned(), "allocationId".to_owned())]);
        }
        books_are_sound(app);

        // It can be used again, from the day it came.
        let again = json!({ "input": { "paymentId": payment.public(), "invoiceId": invoice.public(), "amount": "20000" } });
        assert_eq!(app.finance().tell(ALLOCATE, again).done("allocatePayment", "/allocation/invoice/status"), "PARTLY_PAID");
        let then = "query ($id: ID!) { city(id: $id) { openBalance(asOf: \"2026-05-04\") { amount } } }";
        assert_eq!(app.finance().ask_with(then, json!({ "id": city.public() })).text("/city/openBalance/amount"), "40000.00");
        books_are_sound(app);
    }

    fn only_what_is_left_of_a_use_is_undone(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        let payment = paid(app, city, 7_500_000, day(2026, 2, 1), &[(invoice, 7_500_000)]);
        crate::finance::credit_notes::credit(&app.finance(), invoice, Some("30000")).done("creditInvoice", "/creditNote/number");
        let used = uses(app, payment);
        let answer = release(&app.finance(), &used[0]);
        assert_eq!(answer.done("releaseAllocation", "/allocation/amount/amount"), "-45000.00");
        assert_eq!(stands(app, invoice), (InvoiceStatus::Issued, 4_500_000, false));
        assert_eq!(payments::get(&mut app.db(), payment).unwrap().unallocated_minor(), 7_500_000);
        books_are_sound(app);
    }

    fn what_cannot_be_taken_back_is_refused_and_leaves_nothing(app: &TestApp) {
        let (_, invoice, payment) = copenhagen(app);
        let finance = app.finance();
        let one = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
        for on in ["2026-05-03", "2026-11-23"] {
            assert_eq!(reverse(&finance, payment, on).refusals("reversePayment"), one("OUT_OF_RANGE", "on"));
        }
        let input = |version: i32, reason: &str| json!({ "input": { "paymentId": payment.public(), "version": version, "on": "2026-05-05", "reason": reason } });
        assert_eq!(finance.tell(REVERSE, input(2, " ")).refusals("reversePayment"), one("REQUIRED", "reason"));
        assert_eq!(finance.tell(REVERSE, input(9, "x")).code(), "STALE");
        let empty = json!({ "input": { "allocationId": uses(app, payment)[0], "reason": "" } });
        assert_eq!(finance.tell(RELEASE, empty.clone()).refusals("releaseAllocation"), one("REQUIRED", "reason"));
        for actor in [app.secretariat(), app.auditor()] {
            assert_eq!(actor.tell(REVERSE, input(1, "x")).code(), "FORBIDDEN");
            assert_eq!(actor.tell(RELEASE, empty.clone()).code(), "FORBIDDEN");
        }
        assert_eq!(stands(app, invoice), (InvoiceStatus::PartlyPaid, 4_000_000, false));
        let unknown = payments::get(&mut app.db(), PaymentId::of(uuid::Uuid::from_u128(1)));
        assert!(unknown.is_err());
        books_are_sound(app);
    }

    fn the_database_lets_no_money_vanish_from_an_invoice(app: &TestApp) {
        let (_, invoice, _) = copenhagen(app);
        let taken = app.try_arrange(|tx| {
            Ok(diesel::update(rows::table.find(invoice)).set(rows::allocated_minor.eq(1_999_999)).execute(tx.db)?)
        });
        assert!(taken.is_err());
        let unfounded = app.try_arrange(|tx| {
            Ok(diesel::update(allocations::table.filter(allocations::invoice_id.eq(invoice))).set(allocations::amount_minor.eq(1)).execute(tx.db)?)
        });
        assert!(unfounded.is_err());
        books_are_sound(app);
    }
}
