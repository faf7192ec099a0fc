//! Contracts that are changed: another price, other instalments, milestones. What it is not: their end
//! before time (`package_billing`).

use intercultural_cities::kernel::ids::{Id, PackageId};
use serde_json::{Value, json};

use crate::finance::arrange::{ask_issue, member, package, prices};
use crate::finance::ledger::books_are_sound;
use crate::finance::package_billing::terminate;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

const AMEND: &str = "mutation ($input: AmendPackageInput!) { amendPackage(input: $input) { package { id version price { amount } instalments } userErrors { code field message } } }";
const REACH: &str = "mutation ($input: ReachMilestoneInput!) { reachMilestone(input: $input) { package { id version } userErrors { code field message } } }";
const DRAFT: &str = "mutation ($input: DraftPackageInvoiceInput!) { draftPackageInvoice(input: $input) { invoice { id instalment total { amount } lines { description(language: \"da\") } } userErrors { code field message } } }";
const PLAN: &str = "query ($id: ID!) { packageBilling(packageId: $id) { invoiced { amount } instalments { number title fallsOn state net { amount } } } packagesToBill(until: \"2026-11-22\") { package { id } } }";

fn amend(actor: &Actor<'_>, id: PackageId, version: i32, fields: &Value) -> Answer {
    let mut input = json!({ "packageId": id.public(), "version": version });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    actor.tell(AMEND, json!({ "input": input }))
}

fn reach(actor: &Actor<'_>, id: PackageId, version: i32, position: i32, on: &str) -> Answer {
    let input = json!({ "packageId": id.public(), "version": version, "position": position, "reachedOn": on });
    actor.tell(REACH, json!({ "input": input }))
}

fn draft(actor: &Actor<'_>, id: PackageId, instalment: Option<i32>) -> Answer {
    let input = json!({ "packageId": id.public(), "instalment": instalment });
    actor.tell(DRAFT, json!({ "input": input }))
}

/// The plan: title or day, amount, state.
fn plan(app: &TestApp, id: PackageId) -> Vec<(String, String, String)> {
    let answer = app.finance().ask_with(PLAN, json!({ "id": id.public() }));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parts = answer
        .data("/packageBilling/instalments")
        .as_array()
        .unwrap()
        .clone();
    parts
        .iter()
        .map(|part| {
            let said = part["title"].as_str().or(part["fallsOn"].as_str()).unwrap();
            (
                said.to_owned(),
                text(&part["net"]["amount"]),
                text(&part["state"]),
            )
        })
        .collect()
}

fn rows(expected: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    expected
        .iter()
        .map(|(said, amount, state)| {
            (
                (*said).to_owned(),
                (*amount).to_owned(),
                (*state).to_owned(),
            )
        })
        .collect()
}

crate::both_databases! {
    fn milestones_are_invoiced_once_they_are_reached(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Lyon", day(2026, 1, 1));
        let id = package(app, city, day(2026, 3, 15), true, 4);
        let (finance, secretariat) = (app.finance(), app.secretariat());
        let first = draft(&finance, id, None).done("draftPackageInvoice", "/invoice/id");
        ask_issue(&finance, &first, Some("2026-03-15")).done("issueInvoice", "/invoice/number");
        let milestones = json!({ "milestones": [{ "title": "SWOT-rapport", "amount": "200000" }, { "title": "Strategi", "amount": "81250" }] });
        assert_eq!(amend(&secretariat, id, 1, &milestones).done("amendPackage", "/package/price/amount"), "375000.00");
        assert_eq!(plan(app, id), rows(&[("2026-03-15", "93750.00", "INVOICED"), ("SWOT-rapport", "200000.00", "AWAITED"), ("Strategi", "81250.00", "AWAITED")]));
        let nothing = finance.ask_with(PLAN, json!({ "id": id.public() }));
        assert_eq!(nothing.data("/packagesToBill"), &json!([]));
        assert_eq!(draft(&finance, id, Some(3)).refusals("draftPackageInvoice"), [("NOT_IN_STATE".to_owned(), "instalment".to_owned())]);
        assert_eq!(draft(&finance, id, Some(4)).refusals("draftPackageInvoice"), [("OUT_OF_RANGE".to_owned(), "instalment".to_owned())]);

        for (position, on, code) in [(2, "2026-11-23", "OUT_OF_RANGE"), (2, "2026-03-14", "OUT_OF_RANGE"), (1, "2026-11-01", "NOT_IN_STATE"), (9, "2026-11-01", "NOT_IN_STATE")] {
            assert_eq!(reach(&secretariat, id, 2, position, on).refusal("reachMilestone"), code, "{position} {on}");
        }
        assert_eq!(reach(&finance, id, 2, 3, "2026-11-01").code(), "FORBIDDEN");
        assert_eq!(reach(&secretariat, id, 1, 3, "2026-11-01").code(), "STALE");
        // The second milestone is reached first: it is what is invoiced next.
        reach(&secretariat, id, 2, 3, "2026-11-01").done("reachMilestone", "/package/id");
        let answer = draft(&finance, id, None);
        assert_eq!(answer.done("draftPackageInvoice", "/invoice/total/amount"), "81250.00");
        assert_eq!((answer.data("/draftPackageInvoice/invoice/instalment"), answer.text("/draftPackageInvoice/invoice/lines/0/description")), (&json!(3), "Pakke på 24 måneder: Strategi"));
        ask_issue(&finance, answer.text("/draftPackageInvoice/invoice/id"), None).done("issueInvoice", "/invoice/number");
        books_are_sound(app);
        assert_eq!(plan(app, id)[1].2, "AWAITED");
        // What is not reached when the package ends is never due.
        terminate(&secretariat, id, 3, "2026-11-21").done("terminatePackage", "/package/status");
        assert_eq!(plan(app, id)[1].2, "LAPSED");
        assert_eq!(amend(&secretariat, id, 4, &json!({ "price": "400000" })).refusal("amendPackage"), "NOT_IN_STATE");
    }

    fn a_price_is_changed_and_what_is_invoiced_stays(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Lyon", day(2026, 1, 1));
        let id = package(app, city, day(2026, 3, 15), true, 4);
        let (finance, secretariat) = (app.finance(), app.secretariat());
        let first = draft(&finance, id, None).done("draftPackageInvoice", "/invoice/id");
        ask_issue(&finance, &first, Some("2026-03-15")).done("issueInvoice", "/invoice/number");
        for (fields, field) in [
            (json!({ "price": "93749.99" }), "price"),
            (json!({ "price": "0" }), "price"),
            (json!({ "price": "x1" }), ""),
            (json!({ "instalments": 24 }), "instalments"),
            (json!({ "instalments": 2, "milestones": [] }), "instalments"),
            (json!({ "milestones": [{ "title": "SWOT", "amount": "1" }] }), "milestones"),
        ] {
            let answer = amend(&secretariat, id, 1, &fields);
            if field.is_empty() {
                assert_eq!(answer.code(), "BAD_REQUEST", "{fields}");
            } else {
                assert_eq!(answer.refusals("amendPackage"), [("OUT_OF_RANGE".to_owned(), field.to_owned())], "{fields}");
            }
        }
        assert_eq!(amend(&finance, id, 1, &json!({ "price": "300000" })).code(), "FORBIDDEN");
        amend(&secretariat, id, 1, &json!({ "price": "300000" })).done("amendPackage", "/package/id");
        assert_eq!(plan(app, id), rows(&[("2026-03-15", "93750.00", "INVOICED"), ("2026-09-15", "68750.00", "OPEN"), ("2027-03-15", "68750.00", "OPEN"), ("2027-09-15", "68750.00", "OPEN")]));
        // Two instalments instead of three, over what is left of the time.
        amend(&secretariat, id, 2, &json!({ "instalments": 2 })).done("amendPackage", "/package/id");
        assert_eq!(plan(app, id), rows(&[("2026-03-15", "93750.00", "INVOICED"), ("2026-11-22", "103125.00", "OPEN"), ("2027-07-22", "103125.00", "OPEN")]));
        let sum = 93_750 + 2 * 103_125;
        assert_eq!(sum, 300_000);
        draft(&finance, id, None).done("draftPackageInvoice", "/invoice/id");
        books_are_sound(app);
    }
}
