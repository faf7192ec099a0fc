//! From the application to the end: who may do what, instalments, the report, the work list. What it is
//! not: invoices.

use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::{Value, json};

use crate::finance::arrange::{draft, member, prices};
use crate::finance::grants::{
    APPLY, AWARD, REGISTER, SUBMIT, ask_award, awarded, fund, funder, submitted,
};
use crate::support::actor::{Actor, Answer};
use crate::support::app::day;

const RECORD: &str = "mutation ($input: RecordGrantInstalmentInput!) { recordGrantInstalment(input: $input) { grant { instalments { status receivedOn } } userErrors { code field } } }";
const REPORT: &str = "mutation ($input: ReportGrantInput!) { reportGrant(input: $input) { grant { status reportedOn } userErrors { code field } } }";
const CLOSE: &str = "mutation ($input: CloseGrantInput!) { closeGrant(input: $input) { grant { status endedOn } userErrors { code field } } }";
const REJECT: &str = "mutation ($input: RejectGrantInput!) { rejectGrant(input: $input) { grant { status reason } userErrors { code field } } }";

fn record(actor: &Actor<'_>, grant: &str, instalment: &str, step: &str) -> Answer {
    let input =
        json!({ "instalmentId": instalment, "version": actor.app().version(grant), "step": step });
    actor.tell(RECORD, json!({ "input": input }))
}

fn named(actor: &Actor<'_>, mutation: &str, grant: &str) -> Answer {
    let input = json!({ "grantId": grant, "version": actor.app().version(grant) });
    actor.tell(mutation, json!({ "input": input }))
}

fn apply(actor: &Actor<'_>, city: CityId, funder: &str) -> Answer {
    let input = json!({ "cityId": city.public(), "funderId": funder, "title": "Nye naboer", "asked": "45000" });
    actor.tell(APPLY, json!({ "input": input }))
}

crate::both_databases! {
    fn a_city_that_is_no_member_yet_applies_for_itself_and_sees_its_own(app: &TestApp) {
        prices(app);
        let (own, other) = (app.city("Aarhus", "DK"), app.city("Oslo", "NO"));
        let fond = funder(app, "Fonden");
        let coordinator = app.coordinator_of(own);
        let id = apply(&coordinator, own, &fond).done("applyForGrant", "/grant/id");
        assert_eq!(apply(&coordinator, other, &fond).code(), "FORBIDDEN");
        submitted(app, other, &fond);
        named(&coordinator, SUBMIT, &id).done("submitGrantApplication", "/grant/status");
        assert_eq!(named(&coordinator, SUBMIT, &id).refusal("submitGrantApplication"), "NOT_IN_STATE");
        assert_eq!(ask_award(&coordinator, &id, &json!({})).code(), "FORBIDDEN");
        assert_eq!(coordinator.tell(REGISTER, json!({ "input": { "name": "Min fond", "country": "DK" } })).code(), "FORBIDDEN");
        let seen = coordinator.ask("query { grants { totalCount nodes { city { name } funder { name } status award { promised { amount } } } } funders { name } }");
        assert_eq!(seen.data("/grants"), &json!({ "totalCount": 1, "nodes": [{ "city": { "name": "Aarhus" }, "funder": { "name": "Fonden" }, "status": "SUBMITTED", "award": null }] }));
        for (actor, count) in [(app.finance(), 2), (app.auditor(), 2), (app.secretariat(), 2), (app.coordinator_of(other), 1)] {
            assert_eq!(actor.ask("query { grants { totalCount } }").data("/grants/totalCount"), &json!(count));
        }
        assert_eq!(app.anonymous().ask("query { grants { totalCount } }").code(), "UNAUTHENTICATED");
        assert_eq!(app.coordinator_of(other).ask_with("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).body["data"]["node"], Value::Null);
        assert_eq!(app.auditor().tell(AWARD, json!({ "input": { "grantId": id, "version": 2, "decidedOn": "2026-01-10", "promised": "1", "eligibleFrom": "2026-01-01", "eligibleUntil": "2027-01-01", "products": [], "coversVat": false, "noOtherFunds": false, "paidTo": "CITY", "reportDueOn": "2027-01-01" } })).code(), "FORBIDDEN");
    }

    fn every_problem_of_an_award_is_named(app: &TestApp) {
        prices(app);
        let city = app.city("Aarhus", "DK");
        let grant = submitted(app, city, &funder(app, "Fonden"));
        let finance = app.finance();
        for (fields, code, field) in [
            (json!({ "promised": "0" }), "OUT_OF_RANGE", "promised"),
            (json!({ "share": "100.01" }), "OUT_OF_RANGE", "share"),
            (json!({ "eligibleUntil": "2026-01-01" }), "OUT_OF_RANGE", "eligibleUntil"),
            (json!({ "products": ["REMINDER_FEE"] }), "OUT_OF_RANGE", "products"),
            (json!({ "decidedOn": "2026-11-23" }), "OUT_OF_RANGE", "decidedOn"),
            (json!({ "currency": "EUR" }), "CURRENCY_MISMATCH", "converted"),
            (json!({ "converted": { "amount": "1", "rateOn": "2026-01-01" } }), "CURRENCY_MISMATCH", "converted"),
            (json!({ "instalments": [{ "dueOn": "2026-03-01", "amount": "99999.99" }] }), "OUT_OF_RANGE", "instalments"),
        ] {
            assert_eq!(ask_award(&finance, &grant, &fields).refusals("awardGrant"), [(code.to_owned(), field.to_owned())], "{fields}");
        }
        assert_eq!(ask_award(&finance, &grant, &json!({ "version": 9 })).code(), "STALE");
        ask_award(&finance, &grant, &json!({})).done("awardGrant", "/grant/id");
        assert_eq!(ask_award(&finance, &grant, &json!({})).refusals("awardGrant"), [("NOT_IN_STATE".to_owned(), "grantId".to_owned())]);
        let rejected = submitted(app, city, &funder(app, "Ministeriet"));
        let input = json!({ "grantId": rejected, "version": 2, "reason": "For mange ansøgere" });
        assert_eq!(finance.tell(REJECT, json!({ "input": input })).done("rejectGrant", "/grant/status"), "REJECTED");
    }

    fn an_instalment_is_withheld_while_the_report_is_late(app: &TestApp) {
        prices(app);
        let city = app.city("Aarhus", "DK");
        let fields = json!({ "reportDueOn": "2026-10-01", "instalments": [{ "dueOn": "2026-02-01", "amount": "60000" }, { "dueOn": "2026-11-01", "amount": "40000" }] });
        let grant = awarded(app, city, "Fonden", &fields);
        let finance = app.finance();
        let of_grant = finance.ask_with("query ($id: ID!) { node(id: $id) { ... on FundingGrant { instalments { id amount { amount } } } } }", json!({ "id": grant }));
        let part = |place: usize| of_grant.text(&format!("/node/instalments/{place}/id")).to_owned();
        let list = || {
            let answer = finance.ask("query { attention(filter: { rule: [GRANT_INSTALMENT_LATE, GRANT_MONEY_UNUSED, GRANT_REPORT_DUE] }) { totalCount nodes { rule since object { ... on FundingGrant { title } } message } } }");
            let rules: Vec<(String, String)> = answer.data("/attention/nodes").as_array().unwrap().iter().map(|one| (one["rule"].as_str().unwrap().to_owned(), one["since"].as_str().unwrap().to_owned())).collect();
            assert_eq!(answer.data("/attention/totalCount"), &json!(rules.len()));
            rules
        };
        let entry = |rule: &str, since: &str| (rule.to_owned(), since.to_owned());
        assert_eq!(list(), [entry("GRANT_INSTALMENT_LATE", "2026-02-02"), entry("GRANT_REPORT_DUE", "2026-09-01"), entry("GRANT_MONEY_UNUSED", "2026-11-02")]);
        record(&finance, &grant, &part(0), "RECEIVE").done("recordGrantInstalment", "/grant/instalments/0/receivedOn");
        assert_eq!(record(&finance, &grant, &part(1), "WITHHOLD").done("recordGrantInstalment", "/grant/instalments/1/status"), "WITHHELD");
        assert_eq!(record(&finance, &grant, &part(1), "RELEASE").refusal("recordGrantInstalment"), "NOT_IN_STATE");
        assert_eq!(list(), [entry("GRANT_REPORT_DUE", "2026-09-01"), entry("GRANT_MONEY_UNUSED", "2026-11-02")]);
        let coordinator = app.coordinator_of(city);
        assert_eq!(named(&coordinator, REPORT, &grant).done("reportGrant", "/grant/reportedOn"), "2026-11-22");
        assert_eq!(list(), []);
        assert_eq!(named(&finance, CLOSE, &grant).refusals("closeGrant"), [("NOT_IN_STATE".to_owned(), "grantId".to_owned())]);
        record(&finance, &grant, &part(1), "RELEASE").done("recordGrantInstalment", "/grant/instalments/1/status");
        record(&finance, &grant, &part(1), "RECEIVE").done("recordGrantInstalment", "/grant/instalments/1/status");
        assert_eq!(named(&finance, CLOSE, &grant).done("closeGrant", "/grant/status"), "CLOSED");
    }

    fn what_is_reported_pays_for_nothing_more(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Aarhus", day(2020, 1, 1));
        let grant = awarded(app, city, "Fonden", &json!({}));
        let finance = app.finance();
        named(&finance, REPORT, &grant).done("reportGrant", "/grant/status");
        let invoice = draft(app, membership, 2026);
        assert_eq!(fund(&finance, invoice, &[(&grant, None)]).refusals("fundInvoice"), [("NOT_IN_STATE".to_owned(), "shares.0.grantId".to_owned())]);
        let (oslo, _) = member(app, "Oslo", day(2020, 1, 1));
        let foreign = awarded(app, oslo, "Ministeriet", &json!({}));
        assert_eq!(fund(&finance, invoice, &[(&foreign, None)]).refusals("fundInvoice"), [("AMBIGUOUS".to_owned(), "shares.0.grantId".to_owned())]);
        assert_eq!(fund(&finance, invoice, &[]).refusals("fundInvoice"), [("AMBIGUOUS".to_owned(), "shares".to_owned())]);
    }

    fn a_funder_is_revised_and_its_name_is_its_own(app: &TestApp) {
        let finance = app.finance();
        let id = funder(app, "Fonden");
        assert_eq!(finance.tell(REGISTER, json!({ "input": { "name": "fonden", "country": "DK" } })).refusal("registerFunder"), "NAME_TAKEN");
        let revise = "mutation ($input: ReviseFunderInput!) { reviseFunder(input: $input) { funder { name town version } userErrors { code field } } }";
        let input = |version: i32| json!({ "input": { "funderId": id, "version": version, "name": "Fonden for Byer", "country": "DK", "town": "Aarhus" } });
        assert_eq!(finance.tell(revise, input(1)).done("reviseFunder", "/funder/town"), "Aarhus");
        assert_eq!(finance.tell(revise, input(1)).code(), "STALE");
    }
}
