//! Interest on what is paid late, through the public door: the oracles, and how it is charged.

use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use serde_json::{Value, json};

use crate::finance::arrange::{issued, member, paid, prices};
use crate::finance::ledger::books_are_sound;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

const CHARGE: &str = "mutation ($input: ChargeLateInterestInput!) { chargeLateInterest(input: $input) { invoice { id number kind total { amount } dueOn seller { vatNumber cvr } lines { product startsOn endsOn formula(language: \"en\") exemptionReason } latePayment { overdueInvoice { number } } preflight { code } } userErrors { code field message } } }";

/// An invoice of 75.000,00 that is due 30 days after its date.
fn invoice(app: &TestApp, on: (i32, u32, u32)) -> (CityId, InvoiceId) {
    app.set_today(on.0, on.1, on.2);
    prices(app);
    let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
    let id = issued(app, membership, on.0, day(on.0, on.1, on.2));
    (city, id)
}

fn interest(actor: &Actor<'_>, id: InvoiceId, arguments: &str) -> Value {
    let question = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on Invoice {{ dueOn latePayment {{ interest{arguments} {{ amount {{ amount }} days dayCount formula(language: \"da\") segments {{ startsOn endsOn days rate principal {{ amount }} }} }} }} }} }} }}"
    );
    let answer = actor.ask_with(&question, json!({ "id": id.public() }));
    answer.data("/node/latePayment/interest").clone()
}

fn charge(app: &TestApp, id: InvoiceId, until: &str) -> Answer {
    let id = id.public();
    let input = json!({ "invoiceId": id, "version": app.version(&id), "until": until });
    app.finance().tell(CHARGE, json!({ "input": input }))
}

crate::both_databases! {
    fn the_first_oracle_comes_out_and_is_charged_once(app: &TestApp) {
        let (city, id) = invoice(app, (2023, 5, 2));
        app.set_today(2023, 8, 10);
        paid(app, city, 7_500_000, day(2023, 8, 1), &[(id, 7_500_000)]);
        let finance = app.finance();
        let found = interest(&finance, id, "");
        assert_eq!((&found["amount"]["amount"], &found["days"], &found["dayCount"]), (&json!("1329.66"), &json!(61), &json!("ACTUAL")));
        assert_eq!(found["formula"], "75.000,00 × 9,90 % × 29/365 + 75.000,00 × 11,25 % × 32/365 (ACT/365)");
        assert_eq!(found["segments"], json!([
            { "startsOn": "2023-06-02", "endsOn": "2023-06-30", "days": 29, "rate": "9.90", "principal": { "amount": "75000.00" } },
            { "startsOn": "2023-07-01", "endsOn": "2023-08-01", "days": 32, "rate": "11.25", "principal": { "amount": "75000.00" } },
        ]));

        let answer = charge(app, id, "2023-06-30");
        let first = answer.done("chargeLateInterest", "/invoice/id");
        let invoice = answer.data("/chargeLateInterest/invoice");
        assert_eq!((&invoice["number"], &invoice["kind"], &invoice["total"]["amount"], &invoice["dueOn"]), (&json!("R2023-000001"), &json!("LATE_CHARGES"), &json!("589.93"), &json!("2023-09-09")));
        // Outside the scope of tax, so the seller's number for it stays away.
        assert_eq!(invoice["seller"], json!({ "vatNumber": null, "cvr": "12345674" }));
        assert_eq!((&invoice["lines"][0]["product"], &invoice["lines"][0]["startsOn"], &invoice["lines"][0]["endsOn"]), (&json!("LATE_INTEREST"), &json!("2023-06-02"), &json!("2023-06-30")));
        assert_eq!(invoice["latePayment"]["overdueInvoice"]["number"], "F2023-000001");
        // Many charges come to the same as one.
        let answer = charge(app, id, "2023-08-10");
        assert_eq!(answer.done("chargeLateInterest", "/invoice/total/amount"), "739.73");
        assert!(answer.text("/chargeLateInterest/invoice/lines/0/formula").ends_with("charged before: 589.93"));
        assert_eq!(charge(app, id, "2023-08-10").refusal("chargeLateInterest"), "NOT_IN_STATE");
        assert_eq!(charge(app, id, "2023-08-11").refusals("chargeLateInterest"), [("OUT_OF_RANGE".to_owned(), "until".to_owned())]);
        // No interest on interest.
        app.set_today(2023, 12, 31);
        assert_eq!(charge(app, InvoiceId::parse(&first).unwrap(), "2023-12-31").refusal("chargeLateInterest"), "NOT_IN_STATE");
        let base = json!({ "input": { "invoiceId": id.public(), "version": 1 } });
        assert_eq!(app.finance().tell(CHARGE, base.clone()).code(), "STALE");
        assert_eq!(app.finance().ask_with(CHARGE, base.clone()).code(), "IDEMPOTENCY_KEY_REQUIRED");
        assert_eq!(app.coordinator_of(city).tell(CHARGE, base).code(), "FORBIDDEN");
        books_are_sound(app);
    }

    fn the_second_oracle_comes_out_by_both_counts_over_29_february(app: &TestApp) {
        let (_, id) = invoice(app, (2024, 1, 1));
        let finance = app.finance();
        let actual = interest(&finance, id, "(until: \"2024-03-01\")");
        assert_eq!((&actual["amount"]["amount"], &actual["days"]), (&json!("724.32"), &json!(30)));
        let thirty = interest(&finance, id, "(until: \"2024-03-01\", dayCount: THIRTY)");
        assert_eq!((&thirty["amount"]["amount"], &thirty["days"]), (&json!("758.85"), &json!(31)));
        assert_eq!(thirty["formula"], "75.000,00 × 11,75 % × 31/360 (30E/360)");
        // The new year brings a new rate, and a day that is in time no interest.
        let over = interest(&finance, id, "(until: \"2025-01-02\")");
        let rates: Vec<_> = over["segments"].as_array().unwrap().iter().map(|one| (one["rate"].as_str().unwrap(), one["days"].as_i64().unwrap())).collect();
        assert_eq!(rates, [("11.75", 151), ("11.50", 184), ("10.75", 2)]);
        assert_eq!(interest(&finance, id, "(until: \"2024-01-31\")")["amount"]["amount"], "0.00");
        let unknown = finance.ask_with("query ($id: ID!) { node(id: $id) { ... on Invoice { latePayment { interest(until: \"2099-12-31\") { days } } } } }", json!({ "id": id.public() }));
        assert!(unknown.body["errors"][0]["message"].as_str().unwrap().contains("half-year from"), "{}", unknown.body);
    }
}
