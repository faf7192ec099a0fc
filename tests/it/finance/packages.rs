//! Packages and annual fees beside each other: instalments, and that no day is paid for twice.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, NewPackageInvoice};
use intercultural_cities::kernel::ids::{Id, PackageId};
use intercultural_cities::schema::{memberships, packages};
use serde_json::json;

use crate::finance::arrange::{ask_draft, ask_issue, draft, issued, member, package, prices};
use crate::support::actor::{Actor, Answer};
use crate::support::app::day;

const DRAFT_PACKAGE: &str = "mutation ($input: DraftPackageInvoiceInput!) { draftPackageInvoice(input: $input) { invoice { id instalment feeYear total { amount } package { id } lines { description(language: \"da\") startsOn endsOn } } userErrors { code field message } } }";

fn ask(actor: &Actor<'_>, package: PackageId, instalment: Option<i32>) -> Answer {
    let input = json!({ "packageId": package.public(), "instalment": instalment });
    actor.ask_with(DRAFT_PACKAGE, json!({ "input": input }))
}

crate::both_databases! {
    fn a_package_is_invoiced_by_instalments(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Lyon", day(2026, 3, 15));
        let package = package(app, city, day(2026, 3, 15), false, 7);
        let finance = app.finance();
        let mut amounts = Vec::new();
        for number in 1..=7 {
            let answer = ask(&finance, package, None);
            amounts.push(answer.done("draftPackageInvoice", "/invoice/total/amount"));
            assert_eq!(answer.data("/draftPackageInvoice/invoice/instalment"), &json!(number));
        }
        assert_eq!(amounts.iter().filter(|amount| *amount == "53571.43").count(), 6);
        assert_eq!(amounts[6], "53571.42");
        assert_eq!(ask(&finance, package, None).refusal("draftPackageInvoice"), "ALREADY_INVOICED");
        assert_eq!(ask(&finance, package, Some(3)).refusal("draftPackageInvoice"), "ALREADY_INVOICED");
        assert_eq!(ask(&finance, package, Some(8)).refusal("draftPackageInvoice"), "OUT_OF_RANGE");
        let missing = PackageId::of(uuid::Uuid::from_u128(5));
        assert_eq!(ask(&finance, missing, None).refusal("draftPackageInvoice"), "NOT_FOUND");
    }

    fn a_package_is_not_invoiced_after_the_membership(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Lyon", day(2026, 1, 1));
        let package = package(app, city, day(2026, 1, 1), false, 24);
        let finance = app.finance();
        let drafted = ask(&finance, package, Some(7)).done("draftPackageInvoice", "/invoice/id");
        let leave = |on| app.arrange(|tx| Ok(diesel::update(memberships::table.find(membership)).set(memberships::ends_on.eq(Some(on))).execute(tx.db)?));
        leave(day(2026, 7, 1));
        ask(&finance, package, Some(6)).done("draftPackageInvoice", "/invoice/id");
        assert_eq!(ask(&finance, package, Some(8)).refusals("draftPackageInvoice"), [("NOT_A_MEMBER".to_owned(), "packageId".to_owned())]);
        assert_eq!(ask_issue(&finance, &drafted, None).refusals("issueInvoice"), [("NOT_A_MEMBER".to_owned(), "invoiceId".to_owned())]);
    }

    fn a_package_paid_at_once_is_one_invoice(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Lyon", day(2026, 3, 15));
        let package = package(app, city, day(2026, 3, 15), true, 1);
        let answer = ask(&app.finance(), package, None);
        assert_eq!(answer.done("draftPackageInvoice", "/invoice/total/amount"), "375000.00");
        let line = &answer.data("/draftPackageInvoice/invoice/lines")[0];
        assert_eq!(line, &json!({ "description": "Pakke på 24 måneder", "startsOn": "2026-03-15", "endsOn": "2028-03-14" }));
    }

    fn a_package_that_covers_the_fee_takes_its_days_out(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Lyon", day(2026, 3, 15));
        let covering = package(app, city, day(2026, 7, 1), true, 1);
        let finance = app.finance();
        let answer = ask_draft(&finance, membership, 2026);
        assert_eq!(answer.done("draftFeeInvoice", "/invoice/total/amount"), "22191.78");
        assert_eq!(answer.text("/draftFeeInvoice/invoice/lines/0/endsOn"), "2026-06-30");
        assert_eq!(ask_draft(&finance, membership, 2027).refusal("draftFeeInvoice"), "ALREADY_INVOICED");
        // The fee up to the package stands beside it.
        ask(&finance, covering, None).done("draftPackageInvoice", "/invoice/id");
    }

    fn a_package_beside_the_fee_changes_nothing(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Lyon", day(2026, 3, 15));
        let beside = package(app, city, day(2026, 7, 1), false, 1);
        let finance = app.finance();
        assert_eq!(ask_draft(&finance, membership, 2026).done("draftFeeInvoice", "/invoice/total/amount"), "60000.00");
        ask(&finance, beside, None).done("draftPackageInvoice", "/invoice/id");
    }

    fn a_covering_package_is_not_invoiced_over_a_fee(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Lyon", day(2026, 3, 15));
        let invoice = issued(app, membership, 2026, day(2026, 4, 1));
        let covering = package(app, city, day(2026, 7, 1), true, 2);
        assert_eq!(ask(&app.finance(), covering, None).refusals("draftPackageInvoice"), [("ALREADY_INVOICED".to_owned(), "packageId".to_owned())]);
        assert_eq!(invoices::get(&mut app.db(), invoice).unwrap().total_minor, 6_000_000);
    }

    fn what_became_a_double_charge_is_not_issued(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Lyon", day(2026, 3, 15));
        let finance = app.finance();
        let fee = draft(app, membership, 2026);
        let covering = package(app, city, day(2026, 7, 1), true, 2);
        assert_eq!(ask_issue(&finance, &fee.public(), None).refusal("issueInvoice"), "ALREADY_INVOICED");

        // The other way round: the contract is changed after the draft of its first instalment.
        app.arrange(|tx| Ok(diesel::update(packages::table.find(covering)).set(packages::covers_annual_fee.eq(false)).execute(tx.db)?));
        let new = NewPackageInvoice { package: covering, instalment: Some(1) };
        let instalment = app.arrange(|tx| invoices::draft_package(tx, &new));
        ask_issue(&finance, &fee.public(), None).done("issueInvoice", "/invoice/number");
        app.arrange(|tx| Ok(diesel::update(packages::table.find(covering)).set(packages::covers_annual_fee.eq(true)).execute(tx.db)?));
        assert_eq!(ask_issue(&finance, &instalment.public(), None).refusal("issueInvoice"), "ALREADY_INVOICED");
    }
}
