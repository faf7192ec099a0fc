//! Grants through the public door: what funders promise, which invoices they pay of, and what is left when
//! they withdraw. What it is not: the rules on cases worked out by hand; those stand beside the rules.

mod ends;
mod shares;
mod steps;

use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::app::TestApp;

pub const REGISTER: &str = "mutation ($input: RegisterFunderInput!) { registerFunder(input: $input) { funder { id name gln } userErrors { code field } } }";
pub const APPLY: &str = "mutation ($input: ApplyForGrantInput!) { applyForGrant(input: $input) { grant { id status asked { amount } } userErrors { code field } } }";
pub const SUBMIT: &str = "mutation ($input: SubmitGrantApplicationInput!) { submitGrantApplication(input: $input) { grant { id status submittedOn } userErrors { code field } } }";
pub const AWARD: &str = "mutation ($input: AwardGrantInput!) { awardGrant(input: $input) { grant { id status award { promised { amount currency } usable { amount currency } left { amount } share rateOn } instalments { id dueOn amount { amount } status } } userErrors { code field message } } }";
pub const FUND: &str = "mutation ($input: FundInvoiceInput!) { fundInvoice(input: $input) { invoice { id status total { amount } lines { net { amount } formula(language: \"da\") } fundings { net { amount } shareInvoice { id number status total { amount } } } } userErrors { code field message } } }";
pub const WITHDRAW: &str = "mutation ($input: WithdrawFundingInput!) { withdrawFunding(input: $input) { grant { status award { left { amount } } } userErrors { code field } } }";
pub const CLAW_BACK: &str = "mutation ($input: ClawBackGrantInput!) { clawBackGrant(input: $input) { grant { status endedOn reason award { used { amount } } } userErrors { code field } } }";

/// A funder in Denmark that can be invoiced electronically.
pub fn funder(app: &TestApp, name: &str) -> String {
    let input = json!({ "name": name, "country": "DK", "street": "Fondsvej 1", "postalCode": "1000", "town": "København", "gln": "5798000001008", "orderReference": "FOND", "email": "fond@example.org" });
    app.finance()
        .tell(REGISTER, json!({ "input": input }))
        .done("registerFunder", "/funder/id")
}

/// An application that the funder has.
pub fn submitted(app: &TestApp, city: CityId, funder: &str) -> String {
    let finance = app.finance();
    let input = json!({ "cityId": city.public(), "funderId": funder, "title": "Nye naboer", "asked": "100000" });
    let id = finance
        .tell(APPLY, json!({ "input": input }))
        .done("applyForGrant", "/grant/id");
    let input = json!({ "grantId": id, "version": 1 });
    finance
        .tell(SUBMIT, json!({ "input": input }))
        .done("submitGrantApplication", "/grant/id")
}

/// Awards 60 % of the fees of 2026, at most 100.000,00, changed by these fields.
pub fn ask_award(actor: &Actor<'_>, grant: &str, fields: &Value) -> Answer {
    let mut input = json!({
        "grantId": grant, "version": actor.app().version(grant), "decidedOn": "2026-01-10", "promised": "100000",
        "eligibleFrom": "2026-01-01", "eligibleUntil": "2027-01-01", "share": "60", "products": ["ANNUAL_FEE"],
        "coversVat": false, "noOtherFunds": false, "paidTo": "OWN_INVOICE", "reportDueOn": "2027-03-01",
    });
    for (name, value) in fields.as_object().unwrap() {
        input[name] = value.clone();
    }
    actor.tell(AWARD, json!({ "input": input }))
}

/// A grant of a city that was awarded by somebody else than who asks next.
pub fn awarded(app: &TestApp, city: CityId, name: &str, fields: &Value) -> String {
    let grant = submitted(app, city, &funder(app, name));
    ask_award(&app.finance(), &grant, fields).done("awardGrant", "/grant/id")
}

/// Funds an invoice by grants, each with an amount or its share.
pub fn fund(actor: &Actor<'_>, invoice: InvoiceId, shares: &[(&str, Option<&str>)]) -> Answer {
    let shares: Vec<Value> = shares
        .iter()
        .map(|(grant, amount)| json!({ "grantId": grant, "amount": amount }))
        .collect();
    let version = actor.app().version(&invoice.public());
    let input = json!({ "invoiceId": invoice.public(), "version": version, "shares": shares });
    actor.tell(FUND, json!({ "input": input }))
}

/// The totals of the city's invoice and of the funders', as they were funded.
pub fn totals(answer: &Answer) -> (String, Vec<String>) {
    assert_eq!(answer.refusals("fundInvoice"), []);
    let shares = answer.data("/fundInvoice/invoice/fundings");
    let total = |share: &Value| {
        let share = &share["shareInvoice"]["total"]["amount"];
        share.as_str().unwrap().to_owned()
    };
    let shares = shares.as_array().unwrap().iter().map(total).collect();
    let city = answer.text("/fundInvoice/invoice/total/amount").to_owned();
    (city, shares)
}

/// The invoices of the funders, as they were funded.
pub fn shares_of(answer: &Answer) -> Vec<InvoiceId> {
    let shares = answer.data("/fundInvoice/invoice/fundings");
    let id = |share: &Value| share["shareInvoice"]["id"].as_str().map(InvoiceId::parse);
    let ids = shares.as_array().unwrap().iter().filter_map(id);
    ids.map(std::result::Result::unwrap).collect()
}

/// The invoice of the funder that was funded last.
pub fn share_of(answer: &Answer) -> InvoiceId {
    shares_of(answer).pop().unwrap()
}

/// Withdraws what a grant pays of an invoice.
pub fn withdraw(actor: &Actor<'_>, invoice: InvoiceId, grant: &str, bearer: &str) -> Answer {
    let input = json!({ "invoiceId": invoice.public(), "grantId": grant, "version": actor.app().version(grant), "bearer": bearer, "reason": "Fonden trækker sig" });
    actor.tell(WITHDRAW, json!({ "input": input }))
}
