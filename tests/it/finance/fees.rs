//! What a fee costs, asked through the public door: quotes, the price list, the numbers that must
//! come out.

use serde_json::{Value, json};

use crate::finance::arrange::{ask_draft, member, prices};
use crate::support::app::{TestApp, day};

const QUOTE: &str = "query ($joinsOn: Date!, $withPackage: Boolean!, $covers: Boolean) { feeQuote(joinsOn: $joinsOn, withPackage: $withPackage, coversAnnualFee: $covers, language: \"da\") { startsOn endsOn lines { product feeYear formula amount { amount currency formatted } } feeYears { feeYear total { amount } } total { amount } vat { amount } totalWithVat { amount } } }";
const SET: &str = "mutation ($input: SetPriceInput!) { setPrice(input: $input) { price { product amount { amount } validFrom vatCategory vatRate exemptionReason } userErrors { code field message } } }";

fn quote(app: &TestApp, joins_on: &str, with_package: bool, covers: Option<bool>) -> Value {
    let variables = json!({ "joinsOn": joins_on, "withPackage": with_package, "covers": covers });
    app.anonymous()
        .ask_with(QUOTE, variables)
        .data("/feeQuote")
        .clone()
}

crate::both_databases! {
    fn anyone_can_ask_what_joining_costs(app: &TestApp) {
        prices(app);
        let found = quote(app, "2026-03-15", false, None);
        assert_eq!(found["lines"][0], json!({
            "product": "ANNUAL_FEE", "feeYear": "2026", "formula": "75.000,00 × 292/365 dage",
            "amount": { "amount": "60000.00", "currency": "DKK", "formatted": "60.000,00\u{a0}kr." }
        }));
        assert_eq!(found["total"]["amount"], "135000.00");
        assert_eq!(found["feeYears"], json!([
            { "feeYear": "2026", "total": { "amount": "60000.00" } },
            { "feeYear": "2027", "total": { "amount": "75000.00" } }
        ]));
        assert_eq!((&found["vat"]["amount"], &found["totalWithVat"]["amount"]), (&json!("0.00"), &json!("135000.00")));
        assert_eq!((&found["startsOn"], &found["endsOn"]), (&json!("2026-03-15"), &json!("2027-12-31")));

        let covered = quote(app, "2026-03-15", true, Some(true));
        assert_eq!((&covered["total"]["amount"], &covered["endsOn"]), (&json!("375000.00"), &json!("2028-03-14")));
        assert_eq!(covered["lines"].as_array().unwrap().len(), 1);
        assert_eq!(quote(app, "2026-03-15", true, Some(false))["total"]["amount"], "585000.00");
    }

    fn a_package_must_say_what_it_does_to_the_fee(app: &TestApp) {
        prices(app);
        for (with_package, covers) in [(true, None), (false, Some(true))] {
            let variables = json!({ "joinsOn": "2026-03-15", "withPackage": with_package, "covers": covers });
            let answer = app.anonymous().ask_with(QUOTE, variables);
            assert_eq!(answer.code(), "BAD_REQUEST");
        }
        let late = json!({ "joinsOn": "2009-06-01", "withPackage": false });
        assert_eq!(app.anonymous().ask_with(QUOTE, late).code(), "BAD_REQUEST");
    }

    fn every_fee_comes_out_as_the_memo_and_the_calendar_say(app: &TestApp) {
        prices(app);
        app.set_today(2028, 12, 31);
        let finance = app.finance();
        for (name, joined, year, amount) in [
            ("A", day(2026, 1, 1), 2026, "75000.00"),
            ("B", day(2026, 3, 15), 2026, "60000.00"),
            ("C", day(2026, 12, 31), 2026, "205.48"),
            ("D", day(2028, 3, 15), 2028, "59836.07"),
            ("E", day(2028, 2, 29), 2028, "62909.84"),
            ("F", day(2026, 3, 15), 2027, "75000.00"),
        ] {
            let (_, membership) = member(app, name, joined);
            let answer = ask_draft(&finance, membership, year);
            assert_eq!(answer.done("draftFeeInvoice", "/invoice/total/amount"), amount, "{joined} {year}");
        }
    }

    fn the_price_list_is_public_and_dated(app: &TestApp) {
        prices(app);
        prices(app);
        let list = "query ($asOf: Date) { priceList(asOf: $asOf) { product amount { amount } validFrom vatCategory exemptionReason } }";
        let amounts = |as_of: Option<&str>| -> Vec<(String, String)> {
            let answer = app.anonymous().ask_with(list, json!({ "asOf": as_of }));
            let found = answer.data("/priceList").as_array().unwrap().clone();
            found.iter().map(|price| (price["product"].as_str().unwrap().to_owned(), price["amount"]["amount"].as_str().unwrap().to_owned())).collect()
        };
        let pair = |product: &str, amount: &str| (product.to_owned(), amount.to_owned());
        let memo = vec![pair("ANNUAL_FEE", "75000.00"), pair("PACKAGE", "375000.00")];
        assert_eq!(amounts(None), memo);
        assert_eq!(amounts(Some("2009-12-31")), []);

        let input = json!({ "product": "ANNUAL_FEE", "amount": "80000", "validFrom": "2027-01-01" });
        let answer = app.finance().ask_with(SET, json!({ "input": input }));
        assert_eq!(answer.done("setPrice", "/price/amount/amount"), "80000.00");
        assert_eq!(answer.text("/setPrice/price/vatCategory"), "E");
        assert_eq!(app.finance().ask_with(SET, json!({ "input": input })).refusal("setPrice"), "PERIOD_OVERLAPS");
        assert_eq!(amounts(None), memo);
        assert_eq!(amounts(Some("2027-01-01")), [pair("ANNUAL_FEE", "80000.00"), pair("PACKAGE", "375000.00")]);
    }

    fn prices_that_cannot_be_are_refused(app: &TestApp) {
        prices(app);
        let finance = app.finance();
        let set = |input: Value| finance.ask_with(SET, json!({ "input": input })).refusals("setPrice");
        let one = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
        let day = "2027-01-01";
        assert_eq!(set(json!({ "product": "PACKAGE", "amount": "-1", "validFrom": day })), one("OUT_OF_RANGE", "amount"));
        assert_eq!(set(json!({ "product": "PACKAGE", "amount": "1.005", "validFrom": day })), one("OUT_OF_RANGE", "amount"));
        assert_eq!(set(json!({ "product": "PACKAGE", "amount": "1", "currency": "EUR", "validFrom": day })), one("REQUIRED", "vatCategory"));
        assert_eq!(set(json!({ "product": "PACKAGE", "amount": "1", "validFrom": day, "vatCategory": "S" })), one("OUT_OF_RANGE", "vatRate"));
        assert_eq!(set(json!({ "product": "PACKAGE", "amount": "1", "validFrom": day, "vatCategory": "O" })), one("REQUIRED", "exemptionReason"));
        for actor in [app.secretariat(), app.auditor()] {
            let input = json!({ "input": { "product": "PACKAGE", "amount": "1", "validFrom": day } });
            assert_eq!(actor.ask_with(SET, input).code(), "FORBIDDEN");
        }
    }

    fn tax_is_what_the_price_list_says(app: &TestApp) {
        prices(app);
        let finance = app.finance();
        for (product, amount) in [("ANNUAL_FEE", "75000"), ("PACKAGE", "375000")] {
            let input = json!({ "product": product, "amount": amount, "validFrom": "2026-01-01", "vatCategory": "S", "vatRate": "25" });
            finance.ask_with(SET, json!({ "input": input })).done("setPrice", "/price/vatRate");
        }
        let found = quote(app, "2026-01-01", true, Some(true));
        assert_eq!((&found["vat"]["amount"], &found["totalWithVat"]["amount"]), (&json!("93750.00"), &json!("468750.00")));
        let (_, membership) = member(app, "Malmö", day(2026, 1, 1));
        assert_eq!(ask_draft(&finance, membership, 2026).done("draftFeeInvoice", "/invoice/total/amount"), "93750.00");
    }
}
