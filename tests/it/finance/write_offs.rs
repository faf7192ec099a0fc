//! Claims given up through the public door: small differences, bad debts, four eyes, taking back.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, InvoiceStatus};
use intercultural_cities::kernel::ids::{Id, InvoiceId};
use intercultural_cities::schema::{invoices as rows, write_offs};
use serde_json::{Value, json};

use crate::finance::arrange::{ALLOCATE, copenhagen, issued, limit, member, paid, prices};
use crate::finance::credit_notes::credit;
use crate::finance::ledger::books_are_sound;
use crate::finance::reversals::stands;
use crate::support::actor::{Actor, Answer};
use crate::support::app::day;

const WRITE_OFF: &str = "mutation ($input: WriteOffInput!) { writeOff(input: $input) { writeOff { id status version kind amount { amount } writtenOn invoice { status openAmount { amount } writtenOffAmount { amount } writeOffs { status } } } userErrors { code field message } } }";
const APPROVE: &str = "mutation ($input: ApproveWriteOffInput!) { approveWriteOff(input: $input) { writeOff { status } userErrors { code field message } } }";
const DISCARD: &str = "mutation ($input: DiscardWriteOffInput!) { discardWriteOff(input: $input) { writeOffId userErrors { code field message } } }";
const REVERSE: &str = "mutation ($input: ReverseWriteOffInput!) { reverseWriteOff(input: $input) { writeOff { amount { amount } reverses { id } invoice { status openAmount { amount } } } userErrors { code field message } } }";

pub fn write_off(actor: &Actor<'_>, invoice: InvoiceId, fields: &Value) -> Answer {
    let mut input = json!({ "invoiceId": invoice.public(), "version": actor.app().version(&invoice.public()), "kind": "BAD_DEBT", "reason": "Nobody answers" });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    actor.tell(WRITE_OFF, json!({ "input": input }))
}

fn take_back(actor: &Actor<'_>, id: &str) -> Answer {
    let input =
        json!({ "writeOffId": id, "version": actor.app().version(id), "reason": "The money came" });
    actor.tell(REVERSE, json!({ "input": input }))
}

crate::both_databases! {
    fn one_oere_less_is_paid_with_a_small_difference(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        paid(app, city, 7_499_999, day(2026, 2, 1), &[(invoice, 7_499_999)]);
        let answer = write_off(&app.finance(), invoice, &json!({ "kind": "SMALL_DIFFERENCE" }));
        assert_eq!(answer.done("writeOff", "/writeOff/amount/amount"), "0.01");
        assert_eq!(answer.data("/writeOff/writeOff/invoice"), &json!({ "status": "PAID", "openAmount": { "amount": "0.00" }, "writtenOffAmount": { "amount": "0.01" }, "writeOffs": [{ "status": "WRITTEN_OFF" }] }));
        assert_eq!(invoices::get(&mut app.db(), invoice).unwrap().settled_on, Some(day(2026, 11, 22)));
        assert_eq!(write_off(&app.finance(), invoice, &json!({})).refusals("writeOff"), [("NOT_IN_STATE".to_owned(), "invoiceId".to_owned())]);
        books_are_sound(app);
    }

    fn a_bad_debt_is_given_up_and_stands_again(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        app.arrange(|tx| invoices::mark_sent(tx, invoice));
        let finance = app.finance();
        let answer = write_off(&finance, invoice, &json!({ "amount": "25000" }));
        assert_eq!(answer.done("writeOff", "/writeOff/invoice/status"), "SENT");
        let answer = write_off(&finance, invoice, &json!({}));
        assert_eq!(answer.done("writeOff", "/writeOff/invoice/status"), "WRITTEN_OFF");
        let id = answer.text("/writeOff/writeOff/id").to_owned();
        let lists = "query ($id: ID!) { city(id: $id) { now: openBalance { amount } then: openBalance(asOf: \"2026-11-21\") { amount } } openItems(cityId: $id) { totalCount } before: openItems(cityId: $id, asOf: \"2026-11-21\") { nodes { openAmount { amount } } } overdueInvoices { totalCount } }";
        let answer = finance.ask_with(lists, json!({ "id": city.public() }));
        assert_eq!((answer.text("/city/now/amount"), answer.text("/city/then/amount")), ("0.00", "75000.00"));
        assert_eq!((answer.data("/openItems/totalCount"), answer.data("/before/nodes")), (&json!(0), &json!([{ "openAmount": { "amount": "75000.00" } }])));
        assert_eq!(answer.data("/overdueInvoices/totalCount"), &json!(0));
        books_are_sound(app);
        let payment = paid(app, city, 5_000_000, day(2026, 11, 1), &[]);
        let use_it = json!({ "input": { "paymentId": payment.public(), "invoiceId": invoice.public(), "amount": "50000" } });
        assert_eq!(finance.tell(ALLOCATE, use_it.clone()).refusal("allocatePayment"), "EXCEEDS_OPEN_AMOUNT");

        let answer = take_back(&finance, &id);
        assert_eq!(answer.done("reverseWriteOff", "/writeOff/amount/amount"), "-50000.00");
        assert_eq!(answer.data("/reverseWriteOff/writeOff/invoice"), &json!({ "status": "SENT", "openAmount": { "amount": "50000.00" } }));
        assert_eq!(take_back(&finance, &id).refusal("reverseWriteOff"), "NOT_IN_STATE");
        books_are_sound(app);
        assert_eq!(finance.tell(ALLOCATE, use_it).done("allocatePayment", "/allocation/invoice/status"), "PAID");
        let answer = finance.ask_with(lists, json!({ "id": city.public() }));
        assert_eq!((answer.text("/city/now/amount"), answer.text("/city/then/amount")), ("0.00", "75000.00"));
        books_are_sound(app);
    }

    fn write_offs_are_listed_for_those_who_may_see_them(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        limit(app, 1_000_000);
        let finance = app.finance();
        for (amount, kind) in [("10", "BANK_FEE"), ("1", "SMALL_DIFFERENCE"), ("20000", "BAD_DEBT")] {
            write_off(&finance, invoice, &json!({ "amount": amount, "kind": kind })).done("writeOff", "/writeOff/id");
        }
        let query = "query ($city: ID!) { newest: writeOffs { totalCount nodes { kind } } oldest: writeOffs(orderBy: [CREATED_AT_ASC], first: 1) { nodes { kind } } waiting: writeOffs(filter: { status: [PROPOSED] }) { nodes { kind } } debts: writeOffs(filter: { kind: [BANK_FEE, BAD_DEBT], cityId: $city, updatedAt: { gte: \"2026-11-22T00:00:00Z\", lt: \"2026-11-23T00:00:00Z\" } }) { totalCount } }";
        let kinds = |list: &[&str]| json!(list.iter().map(|kind| json!({ "kind": kind })).collect::<Vec<_>>());
        let all = app.auditor().ask_with(query, json!({ "city": city.public() })).body["data"].clone();
        assert_eq!(all, json!({
            "newest": { "totalCount": 3, "nodes": kinds(&["BAD_DEBT", "SMALL_DIFFERENCE", "BANK_FEE"]) },
            "oldest": { "nodes": kinds(&["BANK_FEE"]) },
            "waiting": { "nodes": kinds(&["BAD_DEBT"]) },
            "debts": { "totalCount": 2 },
        }));
        let own = app.coordinator_of(city).ask_with(query, json!({ "city": city.public() })).body["data"].clone();
        assert_eq!((&own["newest"], &own["debts"]["totalCount"]), (&json!({ "totalCount": 2, "nodes": kinds(&["SMALL_DIFFERENCE", "BANK_FEE"]) }), &json!(1)));
        let (other, _) = member(app, "Vic", day(2026, 1, 1));
        assert_eq!(app.coordinator_of(other).ask("{ writeOffs { totalCount } }").data("/writeOffs/totalCount"), 0);
    }

    fn above_the_limit_somebody_else_approves(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        limit(app, 1_000_000);
        let (finance, other) = (app.finance(), app.finance());
        assert_eq!(write_off(&finance, invoice, &json!({ "amount": "10000" })).done("writeOff", "/writeOff/status"), "WRITTEN_OFF");
        let answer = write_off(&finance, invoice, &json!({ "amount": "30000" }));
        assert_eq!(answer.done("writeOff", "/writeOff/status"), "PROPOSED");
        assert_eq!(stands(app, invoice), (InvoiceStatus::PartlyPaid, 3_000_000, false));
        let id = answer.text("/writeOff/writeOff/id").to_owned();
        let input = json!({ "input": { "writeOffId": id, "version": 1 } });
        assert_eq!(finance.tell(APPROVE, input.clone()).refusals("approveWriteOff"), [("SECOND_PERSON_NEEDED".to_owned(), "writeOffId".to_owned())]);
        paid(app, city, 1, day(2026, 6, 1), &[(invoice, 1)]);
        assert_eq!(other.tell(APPROVE, input.clone()).refusals("approveWriteOff"), [("EXCEEDS_OPEN_AMOUNT".to_owned(), "writeOffId".to_owned())]);
        assert_eq!(finance.tell(DISCARD, input).done("discardWriteOff", "/writeOffId"), id);
        let id = write_off(&finance, invoice, &json!({})).done("writeOff", "/writeOff/id");
        let input = json!({ "input": { "writeOffId": id, "version": 1 } });
        assert_eq!(other.tell(APPROVE, input).done("approveWriteOff", "/writeOff/status"), "WRITTEN_OFF");
        assert_eq!(stands(app, invoice), (InvoiceStatus::WrittenOff, 0, true));
        books_are_sound(app);
        take_back(&finance, &id).done("reverseWriteOff", "/writeOff/amount/amount");
        assert_eq!(stands(app, invoice), (InvoiceStatus::PartlyPaid, 2_999_999, false));
        books_are_sound(app);
    }

    fn a_credit_takes_no_more_than_is_not_given_up(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        paid(app, city, 5_000_000, day(2026, 2, 1), &[(invoice, 5_000_000)]);
        let finance = app.finance();
        let id = write_off(&finance, invoice, &json!({})).done("writeOff", "/writeOff/id");
        assert_eq!(credit(&finance, invoice, None).refusals("creditInvoice"), [("NOT_IN_STATE".to_owned(), "invoiceId".to_owned())]);
        assert_eq!(credit(&finance, invoice, Some("50000")).done("creditInvoice", "/creditNote/invoice/status"), "WRITTEN_OFF");
        books_are_sound(app);
        take_back(&finance, &id).done("reverseWriteOff", "/writeOff/amount/amount");
        assert_eq!(credit(&finance, invoice, None).done("creditInvoice", "/creditNote/invoice/status"), "CREDITED");
        books_are_sound(app);
    }

    fn what_cannot_be_given_up_is_refused(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        let finance = app.finance();
        for (fields, code, field) in [
            (json!({ "amount": "0" }), "OUT_OF_RANGE", "amount"),
            (json!({ "amount": "-1" }), "OUT_OF_RANGE", "amount"),
            (json!({ "amount": "40000.01" }), "EXCEEDS_OPEN_AMOUNT", "amount"),
            (json!({ "reason": "" }), "REQUIRED", "reason"),
        ] {
            assert_eq!(write_off(&finance, invoice, &fields).refusals("writeOff"), [(code.to_owned(), field.to_owned())], "{fields}");
        }
        assert_eq!(write_off(&finance, invoice, &json!({ "version": 9 })).code(), "STALE");
        for actor in [app.secretariat(), app.auditor(), app.coordinator_of(city)] {
            assert_eq!(write_off(&actor, invoice, &json!({})).code(), "FORBIDDEN");
        }
        let unfounded = app.try_arrange(|tx| Ok(diesel::update(rows::table.find(invoice)).set(rows::written_off_minor.eq(1)).execute(tx.db)?));
        assert!(unfounded.is_err());
        write_off(&finance, invoice, &json!({})).done("writeOff", "/writeOff/id");
        let changed = app.try_arrange(|tx| Ok(diesel::update(write_offs::table).set(write_offs::reason.eq("x")).execute(tx.db)?));
        assert!(changed.is_err());
        assert_eq!(stands(app, invoice), (InvoiceStatus::WrittenOff, 0, true));
        books_are_sound(app);
    }
}
