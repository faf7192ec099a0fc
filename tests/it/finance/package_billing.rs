//! How the billing of packages stands, and what becomes of it when one is ended before its time.

use intercultural_cities::finance::invoices::{self, NewPackageInvoice};
use intercultural_cities::kernel::ids::{Id, PackageId};
use serde_json::{Value, json};

use crate::finance::arrange::{ask_issue, member, package, prices};
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

const BILLING: &str = "query ($id: ID!) { packageBilling(packageId: $id) { invoiced { amount } used { amount } instalments { number fallsOn state net { amount } invoice { number } } } packagesToBill(until: \"2026-11-22\") { package { id } } }";
const TERMINATE: &str = "mutation ($input: TerminatePackageInput!) { terminatePackage(input: $input) { package { id status version } userErrors { code field message } } }";

fn shown(actor: &Actor<'_>, id: PackageId) -> Value {
    let answer = actor.ask_with(BILLING, json!({ "id": id.public() }));
    answer.body["data"].clone()
}

fn states(of: &Value) -> Vec<&str> {
    let instalments = of["packageBilling"]["instalments"].as_array().unwrap();
    instalments
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect()
}

pub fn terminate(actor: &Actor<'_>, id: PackageId, version: i32, on: &str) -> Answer {
    actor.tell(
        TERMINATE,
        json!({ "input": { "packageId": id.public(), "version": version, "endsOn": on } }),
    )
}

fn drafted(app: &TestApp, package: PackageId) -> String {
    let new = NewPackageInvoice {
        package,
        instalment: None,
    };
    app.arrange(|tx| invoices::draft_package(tx, &new)).public()
}

crate::both_databases! {
    fn what_falls_after_the_end_is_not_billed(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Lyon", day(2026, 1, 1));
        let id = package(app, city, day(2026, 3, 15), true, 7);
        let (finance, secretariat) = (app.finance(), app.secretariat());
        let first = drafted(app, id);
        ask_issue(&finance, &first, Some("2026-03-15")).done("issueInvoice", "/invoice/number");
        drafted(app, id);
        let third = drafted(app, id);
        let before = shown(&finance, id);
        assert_eq!(states(&before), ["INVOICED", "DRAFTED", "DRAFTED", "OPEN", "OPEN", "OPEN", "OPEN"]);
        assert_eq!(before["packageBilling"]["instalments"][2]["fallsOn"], "2026-09-15");
        assert_eq!(before["packageBilling"]["instalments"][6]["net"]["amount"], "53571.42");
        assert_eq!(before["packagesToBill"], json!([{ "package": { "id": id.public() } }]));

        for (on, code) in [("2026-03-13", "OUT_OF_RANGE"), ("2026-11-22", "OUT_OF_RANGE")] {
            assert_eq!(terminate(&secretariat, id, 1, on).refusal("terminatePackage"), code, "{on}");
        }
        let stale = terminate(&secretariat, id, 2, "2026-08-31");
        assert_eq!(stale.body["errors"][0]["extensions"]["code"], "STALE");
        assert_eq!(terminate(&secretariat, id, 1, "2026-08-31").done("terminatePackage", "/package/status"), "TERMINATED");
        assert_eq!(terminate(&secretariat, id, 2, "2026-08-30").refusal("terminatePackage"), "NOT_IN_STATE");

        let after = shown(&finance, id);
        assert_eq!(states(&after), ["INVOICED", "DRAFTED", "LAPSED", "LAPSED", "LAPSED", "LAPSED", "LAPSED"]);
        // 170 of 731 days were used.
        assert_eq!((&after["packageBilling"]["invoiced"]["amount"], &after["packageBilling"]["used"]["amount"]), (&json!("53571.43"), &json!("87209.30")));
        assert_eq!(ask_issue(&finance, &third, None).refusals("issueInvoice"), [("NOT_IN_STATE".to_owned(), "invoiceId".to_owned())]);
        let draft = "mutation ($input: DraftPackageInvoiceInput!) { draftPackageInvoice(input: $input) { invoice { id } userErrors { code field message } } }";
        let fourth = json!({ "input": { "packageId": id.public(), "instalment": 4 } });
        assert_eq!(finance.ask_with(draft, fourth).refusals("draftPackageInvoice"), [("NOT_IN_STATE".to_owned(), "packageId".to_owned())]);

        // From then on the fee is due again.
        let preview = "{ previewFeeRun(feeYear: 2026) { rows { nodes { lines { startsOn endsOn formula(language: \"da\") } } } } }";
        let lines = finance.ask(preview).data("/previewFeeRun/rows/nodes/0/lines").clone();
        assert_eq!(lines, json!([
            { "startsOn": "2026-01-01", "endsOn": "2026-03-14", "formula": "75.000,00 × 73/365 dage" },
            { "startsOn": "2026-09-01", "endsOn": "2026-12-31", "formula": "75.000,00 × 122/365 dage" },
        ]));
    }
}
