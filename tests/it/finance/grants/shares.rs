//! Invoices divided among a city and its funders. What it is not: what happens when funders withdraw.

use intercultural_cities::finance::invoices::{self, InvoiceStatus};
use intercultural_cities::kernel::ids::Id;
use serde_json::json;

use crate::finance::arrange::{ask_draft, ask_issue, draft, issued, member, paid, prices};
use crate::finance::grants::{ask_award, awarded, fund, funder, share_of, submitted, totals};
use crate::finance::ledger::books_are_sound;
use crate::support::app::day;

const FEE_RUN: &str = "query { previewFeeRun(feeYear: 2026) { rows(first: 10) { nodes { city { name } outcome reasonCode total { amount } } } } }";

crate::both_databases! {
    fn sixty_and_forty_are_two_invoices_that_are_the_fee(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden for Byer", &json!({}));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        let answer = fund(&finance, invoice, &[(&grant, None)]);
        assert_eq!(totals(&answer), ("30000.00".to_owned(), vec!["45000.00".to_owned()]));
        assert_eq!(answer.text("/fundInvoice/invoice/lines/0/formula"), "75.000,00 × 1 år; fratrukket 45.000,00, som Fonden for Byer betaler");
        let share = share_of(&answer);
        for (id, total) in [(invoice, "30000.00"), (share, "45000.00")] {
            assert_eq!(ask_issue(&finance, &id.public(), None).done("issueInvoice", "/invoice/total/amount"), total);
        }
        books_are_sound(app);
        let said = "query ($id: ID!) { node(id: $id) { ... on Invoice { buyer { name gln orderReference } city { name } grant { title award { left { amount } } } lines { description(language: \"da\") formula(language: \"da\") } } } }";
        let answer = finance.ask_with(said, json!({ "id": share.public() }));
        assert_eq!(answer.data("/node"), &json!({
            "buyer": { "name": "Fonden for Byer", "gln": "5798000001008", "orderReference": "FOND" },
            "city": { "name": "Aarhus" },
            "grant": { "title": "Nye naboer", "award": { "left": { "amount": "55000.00" } } },
            "lines": [{ "description": "Kontingent 2026 for Aarhus: Nye naboer", "formula": "45.000,00 af 75.000,00 (75.000,00 × 1 år)" }],
        }));
        // The city owes its own share only, and its account knows nothing of the funder's invoice.
        let owed = "query ($id: ID!) { city(id: $id) { openBalance { amount } } accountStatement(cityId: $id) { closingBalance { amount } entries { kind } } }";
        let answer = finance.ask_with(owed, json!({ "id": city.public() }));
        assert_eq!(answer.text("/city/openBalance/amount"), "30000.00");
        assert_eq!(answer.text("/accountStatement/closingBalance/amount"), "30000.00");

        paid(app, city, 4_500_000, day(2026, 11, 20), &[(share, 4_500_000)]);
        let answer = finance.ask_with(owed, json!({ "id": city.public() }));
        assert_eq!(answer.text("/accountStatement/closingBalance/amount"), "30000.00");
        assert_eq!(invoices::get(&mut app.db(), share).unwrap().status, InvoiceStatus::Paid);
        books_are_sound(app);
    }

    fn two_funders_pay_all_of_it_but_never_more(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let sixty = awarded(app, city, "Fonden for Byer", &json!({}));
        let fifty = awarded(app, city, "Ministeriet", &json!({ "share": "50" }));
        let forty = awarded(app, city, "Unionen", &json!({ "share": "40" }));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        assert_eq!(fund(&finance, invoice, &[(&sixty, None), (&fifty, None)]).refusals("fundInvoice"), [("EXCEEDS_INVOICE".to_owned(), "shares".to_owned())]);
        assert_eq!(fund(&finance, invoice, &[(&sixty, Some("45000")), (&fifty, Some("30000.01"))]).refusals("fundInvoice"), [("OUT_OF_RANGE".to_owned(), "shares.1.amount".to_owned())]);
        let answer = fund(&finance, invoice, &[(&sixty, None), (&forty, None)]);
        assert_eq!(totals(&answer), ("0.00".to_owned(), vec!["45000.00".to_owned(), "30000.00".to_owned()]));
        assert_eq!(fund(&finance, invoice, &[(&fifty, None)]).refusals("fundInvoice"), [("EXCEEDS_INVOICE".to_owned(), "shares".to_owned())]);
        assert_eq!(fund(&finance, invoice, &[(&forty, None)]).refusals("fundInvoice"), [("ALREADY_INVOICED".to_owned(), "shares.0.grantId".to_owned())]);
        assert_eq!(ask_issue(&finance, &invoice.public(), None).done("issueInvoice", "/invoice/status"), "PAID");
        ask_issue(&finance, &share_of(&answer).public(), None).done("issueInvoice", "/invoice/number");
        books_are_sound(app);
    }

    fn an_award_pays_by_its_terms(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        let refused = |code: &str, field: &str| vec![(code.to_owned(), format!("shares.0.{field}"))];
        for (name, fields, expected) in [
            // Less than its share.
            ("A", json!({ "promised": "10000" }), Ok("10000.00")),
            // 184 of the 365 days are eligible.
            ("B", json!({ "eligibleFrom": "2026-07-01" }), Ok("22684.93")),
            // The rate was fixed with the award; the invoice is in kroner.
            ("C", json!({ "promised": "1000", "currency": "EUR", "converted": { "amount": "7460.12", "rateOn": "2026-01-09" } }), Ok("7460.12")),
            ("D", json!({ "share": "33.33" }), Ok("24997.50")),
            ("E", json!({ "products": ["PACKAGE"] }), Err(refused("OUT_OF_RANGE", "invoiceId"))),
            ("F", json!({ "eligibleFrom": "2027-01-01", "eligibleUntil": "2028-01-01", "reportDueOn": "2028-03-01" }), Err(refused("OUT_OF_RANGE", "invoiceId"))),
            ("G", json!({ "paidTo": "CITY" }), Err(refused("NOT_IN_STATE", "grantId"))),
        ] {
            let grant = awarded(app, city, &format!("Fond {name}"), &fields);
            let answer = fund(&finance, invoice, &[(&grant, None)]);
            match expected {
                Ok(total) => {
                    assert_eq!(totals(&answer).1, [total], "{name}");
                    crate::finance::grants::withdraw(&finance, invoice, &grant, "CITY").done("withdrawFunding", "/grant/status");
                }
                Err(refusals) => assert_eq!(answer.refusals("fundInvoice"), refusals, "{name}"),
            }
        }
        // Every withdrawal put the draft together again as it was.
        let answer = ask_issue(&finance, &invoice.public(), None);
        assert_eq!(answer.done("issueInvoice", "/invoice/total/amount"), "75000.00");
        let line = finance.ask_with("query ($id: ID!) { node(id: $id) { ... on Invoice { lines { formula(language: \"da\") } } } }", json!({ "id": invoice.public() }));
        assert_eq!(line.text("/node/lines/0/formula"), "75.000,00 × 1 år");
        books_are_sound(app);
    }

    fn a_jealous_funder_is_alone_on_a_line(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let alone = awarded(app, city, "Fonden", &json!({ "noOtherFunds": true, "share": "10" }));
        let other = awarded(app, city, "Ministeriet", &json!({ "share": "10" }));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        let jealous = [("NOT_IN_STATE".to_owned(), "grantId".to_owned())];
        assert_eq!(fund(&finance, invoice, &[(&alone, None), (&other, None)]).refusals("fundInvoice"), jealous);
        fund(&finance, invoice, &[(&other, None)]).done("fundInvoice", "/invoice/id");
        assert_eq!(fund(&finance, invoice, &[(&alone, None)]).refusals("fundInvoice"), jealous);
    }

    fn an_issued_invoice_is_credited_for_the_share_and_the_funder_invoiced_at_once(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden for Byer", &json!({}));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        paid(app, city, 7_500_000, day(2026, 2, 1), &[(invoice, 7_500_000)]);
        let finance = app.finance();
        let answer = fund(&finance, invoice, &[(&grant, None)]);
        assert_eq!(totals(&answer), ("75000.00".to_owned(), vec!["45000.00".to_owned()]));
        let share = invoices::get(&mut app.db(), share_of(&answer)).unwrap();
        assert_eq!((share.status, share.issued_on), (InvoiceStatus::Issued, Some(day(2026, 11, 22))));
        let whole = invoices::get(&mut app.db(), invoice).unwrap();
        assert_eq!((whole.status, whole.credited_minor, whole.allocated_minor), (InvoiceStatus::Paid, 4_500_000, 3_000_000));
        books_are_sound(app);
        // What the city paid of the share is unused now: finance uses it elsewhere or pays it back.
        let unused = finance.ask_with("query ($id: ID!) { city(id: $id) { payments { nodes { unallocated { amount } } } } }", json!({ "id": city.public() }));
        assert_eq!(unused.text("/city/payments/nodes/0/unallocated/amount"), "45000.00");
    }

    fn a_funder_on_the_citys_invoice_is_named_there(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden", &json!({ "paidTo": "CITY_INVOICE" }));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        let answer = fund(&finance, invoice, &[(&grant, None)]);
        assert_eq!(answer.done("fundInvoice", "/invoice/total/amount"), "75000.00");
        assert_eq!(answer.text("/fundInvoice/invoice/lines/0/formula"), "75.000,00 × 1 år; heraf betaler Fonden 45.000,00");
        assert_eq!(answer.data("/fundInvoice/invoice/fundings"), &json!([{ "net": { "amount": "45000.00" }, "shareInvoice": null }]));
        let other = awarded(app, city, "Ministeriet", &json!({ "paidTo": "CITY_INVOICE", "share": "50" }));
        assert_eq!(fund(&finance, invoice, &[(&other, None)]).refusals("fundInvoice"), [("EXCEEDS_INVOICE".to_owned(), "shares".to_owned())]);
        fund(&finance, invoice, &[(&other, Some("30000"))]).done("fundInvoice", "/invoice/id");
        ask_issue(&finance, &invoice.public(), None).done("issueInvoice", "/invoice/number");
        books_are_sound(app);
    }

    fn a_package_is_funded_instalment_by_instalment(app: &TestApp) {
        prices(app);
        let (city, _) = member(app, "Aarhus", day(2025, 1, 1));
        let package = crate::finance::arrange::package(app, city, day(2026, 1, 1), false, 7);
        let grant = awarded(app, city, "Fonden", &json!({ "products": ["PACKAGE"], "eligibleUntil": "2028-01-01", "promised": "1000000", "reportDueOn": "2028-03-01" }));
        let finance = app.finance();
        let mut sums = (0, 0);
        for instalment in 1..=7 {
            let input = json!({ "packageId": package.public(), "instalment": instalment });
            let answer = finance.tell("mutation ($input: DraftPackageInvoiceInput!) { draftPackageInvoice(input: $input) { invoice { id } userErrors { code } } }", json!({ "input": input }));
            let id = answer.done("draftPackageInvoice", "/invoice/id");
            let invoice = intercultural_cities::kernel::ids::InvoiceId::parse(&id).unwrap();
            let share = share_of(&fund(&finance, invoice, &[(&grant, None)]));
            ask_issue(&finance, &id, None).done("issueInvoice", "/invoice/number");
            ask_issue(&finance, &share.public(), None).done("issueInvoice", "/invoice/number");
            let total = |id| invoices::get(&mut app.db(), id).unwrap().total_minor;
            sums = (sums.0 + total(invoice), sums.1 + total(share));
        }
        assert_eq!(sums.0 + sums.1, 37_500_000);
        assert_eq!(sums.1, 22_500_000 + 1, "each instalment is rounded by itself");
        books_are_sound(app);
    }

    fn drafts_that_are_shared_are_not_discarded_and_nothing_is_charged_twice(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden", &json!({}));
        let finance = app.finance();
        let invoice = draft(app, membership, 2026);
        let share = share_of(&fund(&finance, invoice, &[(&grant, None)]));
        let discard = "mutation ($input: DiscardInvoiceInput!) { discardInvoice(input: $input) { invoiceId userErrors { code field } } }";
        for id in [invoice, share] {
            let input = json!({ "invoiceId": id.public(), "version": app.version(&id.public()) });
            assert_eq!(finance.tell(discard, json!({ "input": input })).refusal("discardInvoice"), "NOT_IN_STATE");
        }
        assert_eq!(ask_draft(&finance, membership, 2026).refusal("draftFeeInvoice"), "ALREADY_INVOICED");
        ask_issue(&finance, &invoice.public(), None).done("issueInvoice", "/invoice/number");
        ask_issue(&finance, &share.public(), None).done("issueInvoice", "/invoice/number");
        // The city's part is credited and drafted anew: it is its share again, not the whole fee.
        crate::finance::credit_notes::credit(&finance, invoice, None).done("creditInvoice", "/creditNote/id");
        let answer = ask_draft(&finance, membership, 2026);
        assert_eq!(answer.done("draftFeeInvoice", "/invoice/total/amount"), "30000.00");
        books_are_sound(app);
    }

    fn a_fee_run_leaves_what_a_grant_is_to_pay_a_part_of(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let (_, _) = member(app, "Oslo", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden", &json!({}));
        let finance = app.finance();
        let answer = finance.ask(FEE_RUN);
        assert_eq!(answer.data("/previewFeeRun/rows/nodes"), &json!([
            { "city": { "name": "Aarhus" }, "outcome": "SKIPPED", "reasonCode": "AWAITS_FUNDING", "total": null },
            { "city": { "name": "Oslo" }, "outcome": "INVOICED", "reasonCode": null, "total": { "amount": "75000.00" } },
        ]));
        let invoice = draft(app, membership, 2026);
        let share = share_of(&fund(&finance, invoice, &[(&grant, None)]));
        let answer = finance.ask(FEE_RUN);
        assert_eq!(answer.data("/previewFeeRun/rows/nodes/0"), &json!({ "city": { "name": "Aarhus" }, "outcome": "INVOICED", "reasonCode": null, "total": { "amount": "30000.00" } }));
        assert_eq!(invoices::get(&mut app.db(), share).unwrap().status, InvoiceStatus::Draft);
    }

    fn an_award_is_not_exceeded_by_twenty_at_once(app: &TestApp) {
        prices(app);
        let city = app.city("Aarhus", "DK");
        let grant = submitted(app, city, &funder(app, "Fonden"));
        ask_award(&app.finance(), &grant, &json!({ "promised": "100000", "eligibleFrom": "2020-01-01", "eligibleUntil": "2040-01-01", "share": "20", "reportDueOn": "2040-03-01" })).done("awardGrant", "/grant/id");
        let membership = crate::finance::arrange::membership(app, city, day(2020, 1, 1), None);
        // 20 % of 75.000,00 are 15.000,00: the promise is enough for six of them and two thirds of one.
        let drafts: Vec<_> = (0..20).map(|place| draft(app, membership, 2020 + place)).collect();
        let finance = app.finance();
        let outcomes = crate::finance::races::at_once(20, |place| {
            loop {
                let answer = fund(&finance, drafts[place], &[(&grant, None)]);
                if answer.body["errors"].is_array() {
                    continue;
                }
                return answer.refusals("fundInvoice");
            }
        });
        assert_eq!(outcomes.iter().filter(|refusals| refusals.is_empty()).count(), 7);
        let answer = finance.ask_with("query ($id: ID!) { node(id: $id) { ... on FundingGrant { award { used { amount } left { amount } } fundings { amount { amount } } } } }", json!({ "id": grant }));
        assert_eq!(answer.data("/node/award"), &json!({ "used": { "amount": "100000.00" }, "left": { "amount": "0.00" } }));
        assert_eq!(answer.data("/node/fundings").as_array().unwrap().len(), 7);
        books_are_sound(app);
    }
}
