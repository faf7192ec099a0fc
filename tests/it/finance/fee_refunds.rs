//! What is given back of fees by days: to a city that leaves, and to one that moves to a package; and
//! that these days can be charged again.

use chrono::NaiveDate;
use diesel::prelude::*;
use intercultural_cities::finance::invoices;
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId, MembershipId};
use intercultural_cities::schema::{credit_notes, memberships, packages, sellers};
use serde_json::json;

use crate::finance::arrange::{draft, issued, limit, member, membership, paid, prices};
use crate::finance::ledger::books_are_sound;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

const DUE: &str = "{ feeRefundsDue { city { name } invoice { id number } leftOn net { amount } parts { startsOn endsOn credit { amount } retained { amount } formula(language: \"da\") } } }";
const REFUND: &str = "mutation ($input: RefundFeeInput!) { refundFee(input: $input) { creditNote { id number status reasonCode total { amount } invoice { status openAmount { amount } } } userErrors { code field message } } }";
const UPGRADE: &str = "mutation ($input: UpgradeToPackageInput!) { upgradeToPackage(input: $input) { package { id startsOn coversAnnualFee } userErrors { code field message } } }";

fn setting(app: &TestApp, last_year: &str) {
    app.arrange(|tx| {
        Ok(diesel::update(sellers::table)
            .set(sellers::last_year.eq(last_year))
            .execute(tx.db)?)
    });
}

fn leaves(app: &TestApp, id: MembershipId, on: NaiveDate) {
    app.arrange(|tx| {
        Ok(diesel::update(memberships::table.find(id))
            .set((memberships::ends_on.eq(Some(on)), memberships::number.eq(2)))
            .execute(tx.db)?)
    });
}

pub fn refund(actor: &Actor<'_>, invoice: InvoiceId) -> Answer {
    let version = actor.app().version(&invoice.public());
    actor.tell(
        REFUND,
        json!({ "input": { "invoiceId": invoice.public(), "version": version } }),
    )
}

fn upgrade(actor: &Actor<'_>, city: CityId, on: &str) -> Answer {
    actor.tell(
        UPGRADE,
        json!({ "input": { "cityId": city.public(), "startsOn": on, "instalments": 7 } }),
    )
}

crate::both_databases! {
    fn a_city_that_leaves_gets_its_days_back_once(app: &TestApp) {
        prices(app);
        let (city, first) = member(app, "Oslo", day(2020, 1, 1));
        let (_, stays) = member(app, "Bergen", day(2020, 1, 1));
        let invoice = issued(app, first, 2026, day(2026, 1, 15));
        issued(app, stays, 2026, day(2026, 1, 15));
        paid(app, city, 7_500_000, day(2026, 2, 1), &[(invoice, 7_500_000)]);
        leaves(app, first, day(2026, 10, 1));
        let finance = app.finance();
        assert_eq!(finance.ask(DUE).data("/feeRefundsDue"), &json!([]));
        assert_eq!(refund(&finance, invoice).refusal("refundFee"), "NOT_IN_STATE");

        setting(app, "daily");
        assert_eq!(finance.ask(DUE).data("/feeRefundsDue"), &json!([{
            "city": { "name": "Oslo" }, "invoice": { "id": invoice.public(), "number": "F2026-000001" }, "leftOn": "2026-10-01", "net": { "amount": "18904.11" },
            "parts": [{ "startsOn": "2026-10-01", "endsOn": "2026-12-31", "credit": { "amount": "18904.11" }, "retained": { "amount": "56095.89" }, "formula": "75.000,00 × 92/365 dage" }],
        }]));
        let answer = refund(&finance, invoice);
        assert_eq!(answer.done("refundFee", "/creditNote/total/amount"), "18904.11");
        assert_eq!(answer.data("/refundFee/creditNote/reasonCode"), "WITHDRAWAL");
        assert_eq!(answer.data("/refundFee/creditNote/invoice"), &json!({ "status": "PAID", "openAmount": { "amount": "0.00" } }));
        assert_eq!(finance.ask(DUE).data("/feeRefundsDue"), &json!([]));
        assert_eq!(refund(&finance, invoice).refusal("refundFee"), "NOT_IN_STATE");

        // It comes back: the days that were given back are charged, and no others.
        let second = membership(app, city, day(2026, 11, 1), None);
        let again = draft(app, second, 2026);
        let lines = invoices::lines_of_many(&mut app.db(), &[again]).unwrap();
        let line = &lines[&again][0];
        assert_eq!((line.period_from, line.net_minor, line.formula_da.as_str()), (Some(day(2026, 11, 1)), 1_253_425, "75.000,00 × 61/365 dage"));
        books_are_sound(app);
    }

    fn a_proposed_refund_is_not_proposed_twice(app: &TestApp) {
        prices(app);
        setting(app, "daily");
        limit(app, 1_000_000);
        let (_, first) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, first, 2026, day(2026, 1, 15));
        leaves(app, first, day(2026, 10, 1));
        let finance = app.finance();
        let answer = refund(&finance, invoice);
        assert_eq!(answer.done("refundFee", "/creditNote/status"), "PROPOSED");
        assert_eq!(refund(&finance, invoice).refusal("refundFee"), "NOT_IN_STATE");
        let note = answer.text("/refundFee/creditNote/id").to_owned();
        let discard = "mutation ($input: DiscardCreditNoteInput!) { discardCreditNote(input: $input) { creditNoteId userErrors { code } } }";
        finance.tell(discard, json!({ "input": { "creditNoteId": note, "version": app.version(&note) } })).done("discardCreditNote", "/creditNoteId");
        assert_eq!(refund(&finance, invoice).done("refundFee", "/creditNote/status"), "PROPOSED");
        books_are_sound(app);
    }

    fn a_city_moves_to_a_package_in_mid_year(app: &TestApp) {
        prices(app);
        let city = crate::programme::member(app, "Lyon", "FR", (2020, 1, 1));
        let finance = app.finance();
        let new = invoices::NewFeeInvoice { membership: None, city: Some(city), fee_year: 2026 };
        let invoice = app.arrange(|tx| { let id = invoices::draft_fee(tx, &new)?; invoices::issue(tx, id, Some(day(2026, 1, 15))) });
        let admin = app.secretariat();
        assert_eq!(upgrade(&finance, city, "2026-07-01").body["errors"][0]["extensions"]["code"], "FORBIDDEN");
        let missing = CityId::of(uuid::Uuid::from_u128(5));
        assert_eq!(upgrade(&admin, missing, "2026-07-01").refusal("upgradeToPackage"), "NOT_FOUND");

        let answer = upgrade(&admin, city, "2026-07-01");
        assert_eq!(answer.done("upgradeToPackage", "/package/startsOn"), "2026-07-01");
        // 184 of 365 days.
        let credits = "query ($id: ID!) { node(id: $id) { ... on Invoice { openAmount { amount } credits { number reasonCode total { amount } } } } }";
        assert_eq!(finance.ask_with(credits, json!({ "id": invoice.public() })).data("/node"), &json!({ "openAmount": { "amount": "37191.78" }, "credits": [{ "number": "K2026-000001", "reasonCode": "UPGRADE", "total": { "amount": "37808.22" } }] }));
        // The package pays from then on, and no second one on its days.
        assert_eq!(upgrade(&admin, city, "2028-06-30").refusal("upgradeToPackage"), "PERIOD_OVERLAPS");
        assert_eq!(upgrade(&admin, city, "2028-07-01").done("upgradeToPackage", "/package/startsOn"), "2028-07-01");
        books_are_sound(app);
    }

    fn a_move_that_is_refused_gives_nothing_back(app: &TestApp) {
        prices(app);
        let city = crate::programme::member(app, "Lyon", "FR", (2020, 1, 1));
        let new = |year| invoices::NewFeeInvoice { membership: None, city: Some(city), fee_year: year };
        app.arrange(|tx| { let id = invoices::draft_fee(tx, &new(2026))?; invoices::issue(tx, id, Some(day(2026, 1, 15))) });
        let drafted = app.arrange(|tx| invoices::draft_fee(tx, &new(2027)));
        let admin = app.admin();
        assert_eq!(upgrade(&admin, city, "2026-07-01").refusals("upgradeToPackage"), [("ALREADY_INVOICED".to_owned(), "coversAnnualFee".to_owned())]);
        app.arrange(|tx| invoices::discard(tx, drafted, 1));
        limit(app, 0);
        assert_eq!(upgrade(&admin, city, "2026-07-01").refusal("upgradeToPackage"), "SECOND_PERSON_NEEDED");
        let mut db = app.db();
        let stored: (i64, i64) = (credit_notes::table.count().get_result(&mut db).unwrap(), packages::table.count().get_result(&mut db).unwrap());
        assert_eq!(stored, (0, 0));
        books_are_sound(app);
    }
}
