//! Funders that withdraw: drafts put together again, issued shares credited, the city or the network bears
//! them. What it is not: the division.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, InvoiceStatus};
use intercultural_cities::kernel::ids::{Id, InvoiceId};
use intercultural_cities::schema::{funding_awards, fundings};
use serde_json::{Value, json};

use crate::finance::arrange::{ask_issue, draft, limit, member, paid, prices};
use crate::finance::grants::{
    CLAW_BACK, ask_award, awarded, fund, funder, share_of, submitted, withdraw,
};
use crate::finance::ledger::books_are_sound;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

const OF_CITY: &str = "query ($id: ID!) { city(id: $id) { openBalance { amount } invoices(orderBy: [CREATED_AT_ASC]) { nodes { id kind status total { amount } openAmount { amount } grant { id } lines { description(language: \"da\") } } } } }";

fn claw_back(actor: &Actor<'_>, grant: &str, bearer: &str) -> Answer {
    let input = json!({ "grantId": grant, "version": actor.app().version(grant), "bearer": bearer, "reason": "Revision" });
    actor.tell(CLAW_BACK, json!({ "input": input }))
}

/// Both invoices issued, and the funder's paid.
fn issued_and_paid(app: &TestApp, fields: &Value) -> (String, String, InvoiceId, InvoiceId) {
    prices(app);
    let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
    let grant = awarded(app, city, "Fonden", fields);
    let finance = app.finance();
    let invoice = draft(app, membership, 2026);
    let share = share_of(&fund(&finance, invoice, &[(&grant, None)]));
    for id in [invoice, share] {
        ask_issue(&finance, &id.public(), None).done("issueInvoice", "/invoice/number");
    }
    let minor = invoices::get(&mut app.db(), share).unwrap().total_minor;
    paid(app, city, minor, day(2026, 11, 20), &[(share, minor)]);
    (city.public(), grant, invoice, share)
}

crate::both_databases! {
    fn what_was_paid_is_clawed_back_and_the_city_owes_it(app: &TestApp) {
        let (city, grant, _, share) = issued_and_paid(app, &json!({}));
        let finance = app.finance();
        let answer = claw_back(&finance, &grant, "CITY");
        assert_eq!(answer.done("clawBackGrant", "/grant/status"), "CLAWED_BACK");
        assert_eq!(answer.data("/clawBackGrant/grant"), &json!({ "status": "CLAWED_BACK", "endedOn": "2026-11-22", "reason": "Revision", "award": { "used": { "amount": "0.00" } } }));
        assert_eq!(invoices::get(&mut app.db(), share).unwrap().status, InvoiceStatus::Credited);
        books_are_sound(app);
        let answer = finance.ask_with(OF_CITY, json!({ "id": city }));
        let recalled = answer.data("/city/invoices/nodes/2");
        assert_eq!((&recalled["kind"], &recalled["status"], &recalled["total"]["amount"], &recalled["grant"]), (&json!("RECALLED_FUNDING"), &json!("DRAFT"), &json!("45000.00"), &Value::Null));
        assert_eq!(recalled["lines"][0]["description"], "Kontingent 2026, betales ikke længere af Fonden");
        ask_issue(&finance, recalled["id"].as_str().unwrap(), None).done("issueInvoice", "/invoice/number");
        let answer = finance.ask_with(OF_CITY, json!({ "id": city }));
        assert_eq!(answer.text("/city/openBalance/amount"), "75000.00");
        books_are_sound(app);
        assert_eq!(claw_back(&finance, &grant, "CITY").refusal("clawBackGrant"), "NOT_IN_STATE");
    }

    fn the_network_bears_what_it_chooses_to(app: &TestApp) {
        let (city, grant, invoice, share) = issued_and_paid(app, &json!({}));
        let finance = app.finance();
        assert_eq!(withdraw(&finance, invoice, &grant, "NETWORK").done("withdrawFunding", "/grant/award/left/amount"), "100000.00");
        assert_eq!(invoices::get(&mut app.db(), share).unwrap().status, InvoiceStatus::Credited);
        let answer = finance.ask_with(OF_CITY, json!({ "id": city }));
        assert_eq!(answer.text("/city/openBalance/amount"), "30000.00");
        assert_eq!(answer.data("/city/invoices/nodes").as_array().unwrap().len(), 2);
        books_are_sound(app);
        // The entry stays, and the one below zero beside it: nothing is left to withdraw.
        assert_eq!(withdraw(&finance, invoice, &grant, "CITY").refusals("withdrawFunding"), [("NOT_FOUND".to_owned(), "invoiceId".to_owned())]);
        let sums: Vec<i64> = fundings::table.order(fundings::id).select(fundings::amount_minor).load(&mut app.db()).unwrap();
        assert_eq!(sums, [4_500_000, -4_500_000]);
    }

    fn one_issued_and_one_draft_are_put_right_too(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden", &json!({}));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        // The city's is issued, the funder's is not.
        fund(&finance, invoice, &[(&grant, None)]).done("fundInvoice", "/invoice/id");
        ask_issue(&finance, &invoice.public(), None).done("issueInvoice", "/invoice/number");
        withdraw(&finance, invoice, &grant, "CITY").done("withdrawFunding", "/grant/status");
        let answer = finance.ask_with(OF_CITY, json!({ "id": city.public() }));
        let kinds: Vec<_> = answer.data("/city/invoices/nodes").as_array().unwrap().iter().map(|one| (one["kind"].clone(), one["total"]["amount"].clone())).collect();
        assert_eq!(kinds, [(json!("ANNUAL_FEE"), json!("30000.00")), (json!("RECALLED_FUNDING"), json!("45000.00"))]);
        books_are_sound(app);
        // The other way round: the draft is the whole fee again.
        let next = draft(app, membership, 2025);
        let early = awarded(app, city, "Ministeriet", &json!({ "eligibleFrom": "2025-01-01", "eligibleUntil": "2026-01-01" }));
        let share = share_of(&fund(&finance, next, &[(&early, None)]));
        ask_issue(&finance, &share.public(), None).done("issueInvoice", "/invoice/number");
        withdraw(&finance, next, &early, "CITY").done("withdrawFunding", "/grant/status");
        assert_eq!(ask_issue(&finance, &next.public(), None).done("issueInvoice", "/invoice/total/amount"), "75000.00");
        assert_eq!(invoices::get(&mut app.db(), share).unwrap().status, InvoiceStatus::Credited);
        books_are_sound(app);
    }

    fn a_note_is_taken_off_a_draft_and_countered_on_what_is_issued(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden", &json!({ "paidTo": "CITY_INVOICE" }));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        fund(&finance, invoice, &[(&grant, None)]).done("fundInvoice", "/invoice/id");
        withdraw(&finance, invoice, &grant, "CITY").done("withdrawFunding", "/grant/status");
        fund(&finance, invoice, &[(&grant, Some("1000"))]).done("fundInvoice", "/invoice/id");
        ask_issue(&finance, &invoice.public(), None).done("issueInvoice", "/invoice/total/amount");
        assert_eq!(withdraw(&finance, invoice, &grant, "CITY").done("withdrawFunding", "/grant/award/left/amount"), "100000.00");
        let line = finance.ask_with("query ($id: ID!) { node(id: $id) { ... on Invoice { lines { formula(language: \"da\") } fundings { net { amount } takesBack } } } }", json!({ "id": invoice.public() }));
        assert_eq!(line.text("/node/lines/0/formula"), "75.000,00 × 1 år; heraf betaler Fonden 1.000,00");
        let nets: Vec<_> = line.data("/node/fundings").as_array().unwrap().iter().map(|one| one["net"]["amount"].clone()).collect();
        assert_eq!(nets, [json!("1000.00"), json!("-1000.00")]);
        books_are_sound(app);
    }

    fn above_the_limit_nobody_moves_what_is_issued_alone(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let (one, other) = (app.finance(), app.finance());
        let grant = submitted(app, city, &funder(app, "Fonden"));
        ask_award(&one, &grant, &json!({})).done("awardGrant", "/grant/id");
        limit(app, 1_000_000);
        let invoice = crate::finance::arrange::issued(app, membership, 2026, day(2026, 1, 15));
        assert_eq!(fund(&one, invoice, &[(&grant, None)]).refusal("fundInvoice"), "SECOND_PERSON_NEEDED");
        let share = share_of(&fund(&other, invoice, &[(&grant, None)]));
        assert_eq!(claw_back(&one, &grant, "CITY").refusal("clawBackGrant"), "SECOND_PERSON_NEEDED");
        assert_eq!(invoices::get(&mut app.db(), share).unwrap().status, InvoiceStatus::Issued);
        claw_back(&other, &grant, "CITY").done("clawBackGrant", "/grant/status");
        books_are_sound(app);
    }

    fn the_database_holds_the_sums_and_the_entries(app: &TestApp) {
        let (_, _, _, _) = issued_and_paid(app, &json!({}));
        let too_much = app.try_arrange(|tx| Ok(diesel::update(funding_awards::table).set(funding_awards::used_minor.eq(10_000_001)).execute(tx.db)?));
        assert!(too_much.is_err());
        let softer = app.try_arrange(|tx| Ok(diesel::update(funding_awards::table).set(funding_awards::share_hundredths.eq(10_000)).execute(tx.db)?));
        assert!(softer.is_err());
        let changed = app.try_arrange(|tx| Ok(diesel::update(fundings::table).set(fundings::amount_minor.eq(1)).execute(tx.db)?));
        assert!(changed.is_err());
        let gone = app.try_arrange(|tx| Ok(diesel::delete(fundings::table).execute(tx.db)?));
        assert!(gone.is_err());
    }
}
