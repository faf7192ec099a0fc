//! Every mutation that needs a key, each with inputs that are done and one that is refused. What it is not: a
//! test; `needed_keys` sends them.

use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::finance::legal::LegalData;
use intercultural_cities::finance::payments::{self, NewAllocation};
use intercultural_cities::finance::reminders::{self, NewInterestCharge};
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use intercultural_cities::schema::sellers;
use serde_json::{Value, json};

use crate::finance::arrange::{self as finance, membership, paid, prices};
use crate::finance::grants;
use crate::scheduling::{expert, member};
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

/// Issuing, crediting, recording, allocating, scheduling, joining and pairing: the list of the contract, as far
/// as there are such mutations.
pub(super) const NEED_A_KEY: &[&str] = &[
    "allocatePayment",
    "applyFeeRun",
    "applyForGrant",
    "applyReminderRun",
    "chargeLateInterest",
    "clawBackGrant",
    "creditInvoice",
    "fundInvoice",
    "issueInvoice",
    "joinStudyVisit",
    "pairCities",
    "recordPayment",
    "refundFee",
    "refundPayment",
    "releaseAllocation",
    "reversePayment",
    "scheduleExpertVisit",
    "scheduleStudyVisit",
    "upgradeToPackage",
    "waiveLateCharges",
    "withdrawFunding",
    "writeOff",
];

/// A mutation with an input that is done, another that is done as well, and one that is refused.
pub(super) struct Case {
    pub(super) field: &'static str,
    pub(super) object: &'static str,
    pub(super) input: Value,
    pub(super) other: Value,
    pub(super) refused: Value,
}

impl Case {
    pub(super) fn document(&self, selection: &str) -> String {
        let (field, object) = (self.field, self.object);
        let title = format!("{}{}", field[..1].to_uppercase(), &field[1..]);
        format!(
            "mutation ($input: {title}Input!) {{ {field}(input: $input) {{ {object} {{ {selection} }} userErrors {{ code }} }} }}"
        )
    }

    pub(super) fn send(
        &self,
        actor: &Actor<'_>,
        selection: &str,
        input: &Value,
        key: Option<&str>,
    ) -> Answer {
        actor.ask_keyed(&self.document(selection), json!({ "input": input }), key)
    }

    #[track_caller]
    pub(super) fn id(&self, answer: &Answer) -> String {
        answer.done(self.field, &format!("/{}/id", self.object))
    }
}

/// An input with another value of one field.
pub(super) fn with(input: &Value, field: &str, value: Value) -> Value {
    let mut input = input.clone();
    input[field] = value;
    input
}

fn draft(app: &TestApp, city: CityId, fee_year: i32) -> String {
    let new = NewFeeInvoice {
        membership: None,
        city: Some(city),
        fee_year,
    };
    app.arrange(|tx| invoices::draft_fee(tx, &new)).public()
}

/// An invoice that is late, and one that charges for it.
fn late(app: &TestApp) -> (InvoiceId, InvoiceId) {
    let city = member(app, "Aarhus");
    let new = NewFeeInvoice {
        membership: None,
        city: Some(city),
        fee_year: 2025,
    };
    app.arrange(|tx| {
        let id = invoices::draft_fee(tx, &new)?;
        let invoice = invoices::issue(tx, id, Some(day(2025, 3, 1)))?;
        let charge = NewInterestCharge {
            invoice,
            version: 2,
            until: day(2025, 6, 30),
        };
        let legal = LegalData::compiled_in().unwrap();
        Ok((invoice, reminders::charge_interest(tx, &charge, &legal)?))
    })
}

/// A case for each mutation, in a network where all of them can be done.
#[expect(
    clippy::too_many_lines,
    reason = "a table of one case for each mutation"
)]
pub(super) fn cases(app: &TestApp) -> Vec<Case> {
    prices(app);
    let (host, guest) = (member(app, "Copenhagen"), member(app, "Oslo"));
    let anna = expert(app, "Anna Holm", None);
    let [left, also_left] = ["Vic", "Lyon"].map(|name| {
        let city = app.city(name, "FR");
        let membership = membership(app, city, day(2020, 1, 1), Some(day(2026, 7, 1)));
        finance::issued(app, membership, 2026, day(2026, 1, 15)).public()
    });
    app.arrange(|tx| {
        Ok(diesel::update(sellers::table)
            .set(sellers::last_year.eq("daily"))
            .execute(tx.db)?)
    });
    let payment = paid(app, guest, 1_000_000, day(2026, 6, 1), &[]).public();
    let admin = app.admin();
    let issued = draft(app, guest, 2025);
    let of_host = draft(app, host, 2025);
    let issue = "mutation ($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { id } userErrors { code } } }";
    for id in [&issued, &of_host] {
        let input = json!({ "input": { "invoiceId": id, "version": 1 } });
        admin.tell(issue, input).done("issueInvoice", "/invoice/id");
    }
    let (late, charges) = late(app);
    let unused = paid(app, guest, 1_000_000, day(2026, 6, 4), &[]).public();
    let hopeless = draft(app, host, 2024);
    admin
        .tell(
            issue,
            json!({ "input": { "invoiceId": hopeless, "version": 1 } }),
        )
        .done("issueInvoice", "/invoice/id");
    let returned = paid(app, guest, 1_000_000, day(2026, 6, 2), &[]).public();
    let misused = NewAllocation {
        payment: paid(app, guest, 1_000_000, day(2026, 6, 3), &[]),
        invoice: InvoiceId::parse(&issued).unwrap(),
        amount: "70".to_owned(),
        other_city: false,
    };
    let misused = app.arrange(|tx| payments::allocate(tx, &misused)).public();
    let visit = json!({ "hostCityId": host.public(), "theme": "Welcome centres", "startsOn": "2027-03-01", "endsOn": "2027-03-03", "capacity": 5 });
    let schedule = "mutation ($input: ScheduleStudyVisitInput!) { scheduleStudyVisit(input: $input) { studyVisit { id } userErrors { code } } }";
    let scheduled = admin
        .tell(schedule, json!({ "input": visit }))
        .done("scheduleStudyVisit", "/studyVisit/id");

    let eligible = json!({ "eligibleFrom": "2021-01-01", "promised": "1000000" });
    let grant = grants::awarded(app, host, "A fund", &eligible);
    let withdrawn = grants::awarded(app, host, "A fourth fund", &eligible);
    let to_fund = draft(app, host, 2023);
    let funded = InvoiceId::parse(&draft(app, host, 2022)).unwrap();
    grants::fund(&app.finance(), funded, &[(&withdrawn, None)]).done("fundInvoice", "/invoice/id");
    let clawed = grants::awarded(app, host, "Another fund", &eligible);
    let third = grants::funder(app, "A third fund");

    let case =
        |field, object, input: Value, (name, value): (&str, Value), refused: (&str, Value)| {
            let other = with(&input, name, value);
            let refused = with(&input, refused.0, refused.1);
            Case {
                field,
                object,
                input,
                other,
                refused,
            }
        };
    vec![
        case(
            "issueInvoice",
            "invoice",
            json!({ "invoiceId": draft(app, guest, 2026), "version": 1 }),
            ("issuedOn", json!("2026-11-20")),
            ("issuedOn", json!("2026-11-30")),
        ),
        case(
            "creditInvoice",
            "creditNote",
            json!({ "invoiceId": of_host, "version": 2, "reasonCode": "GOODWILL", "reason": "A favour" }),
            ("reason", json!("Another favour")),
            ("reason", json!("")),
        ),
        case(
            "applyFeeRun",
            "feeRun",
            json!({ "feeYear": 2024, "issuedOn": "2026-11-22" }),
            ("feeYear", json!(2023)),
            ("feeYear", json!(1999)),
        ),
        case(
            "refundFee",
            "creditNote",
            json!({ "invoiceId": left, "version": 2 }),
            ("invoiceId", json!(also_left)),
            ("invoiceId", json!(issued)),
        ),
        case(
            "upgradeToPackage",
            "package",
            json!({ "cityId": host.public(), "startsOn": "2027-06-01", "instalments": 7 }),
            ("instalments", json!(6)),
            ("instalments", json!(25)),
        ),
        case(
            "recordPayment",
            "payment",
            json!({ "cityId": guest.public(), "amount": "100", "receivedOn": "2026-05-01" }),
            ("amount", json!("100.01")),
            ("amount", json!("0")),
        ),
        case(
            "allocatePayment",
            "allocation",
            json!({ "paymentId": payment, "invoiceId": issued, "amount": "60" }),
            ("amount", json!("61")),
            ("amount", json!("99999999")),
        ),
        case(
            "applyReminderRun",
            "reminderRun",
            json!({ "on": "2026-11-20" }),
            ("on", json!("2026-11-19")),
            ("on", json!("2026-12-24")),
        ),
        case(
            "chargeLateInterest",
            "invoice",
            json!({ "invoiceId": late.public(), "version": 2, "until": "2025-12-31" }),
            ("until", json!("2025-12-30")),
            ("until", json!("2026-12-24")),
        ),
        case(
            "waiveLateCharges",
            "creditNote",
            json!({ "invoiceId": charges.public(), "version": 2, "reason": "A favour" }),
            ("reason", json!("Another favour")),
            ("reason", json!("")),
        ),
        case(
            "reversePayment",
            "payment",
            json!({ "paymentId": returned, "version": 1, "on": "2026-06-05", "reason": "Returned" }),
            ("reason", json!("Recorded twice")),
            ("reason", json!("")),
        ),
        case(
            "refundPayment",
            "refund",
            json!({ "paymentId": unused, "version": 1, "amount": "10", "account": "1234 0123456789", "reason": "Paid twice" }),
            ("amount", json!("11")),
            ("amount", json!("10000.01")),
        ),
        case(
            "writeOff",
            "writeOff",
            json!({ "invoiceId": hopeless, "version": 2, "amount": "10", "kind": "BAD_DEBT", "reason": "Nobody answers" }),
            ("amount", json!("11")),
            ("amount", json!("99999999")),
        ),
        case(
            "releaseAllocation",
            "allocation",
            json!({ "allocationId": misused, "reason": "Another invoice" }),
            ("reason", json!("Another city")),
            ("reason", json!("")),
        ),
        case(
            "applyForGrant",
            "grant",
            json!({ "cityId": host.public(), "funderId": third, "title": "New neighbours", "asked": "100" }),
            ("asked", json!("101")),
            ("asked", json!("0")),
        ),
        case(
            "fundInvoice",
            "invoice",
            json!({ "invoiceId": to_fund, "version": 1, "shares": [{ "grantId": grant, "amount": "100" }] }),
            ("shares", json!([{ "grantId": grant, "amount": "101" }])),
            ("shares", json!([])),
        ),
        case(
            "withdrawFunding",
            "grant",
            json!({ "invoiceId": funded.public(), "grantId": withdrawn, "version": app.version(&withdrawn), "bearer": "CITY", "reason": "Withdrawn" }),
            ("reason", json!("Withdrawn again")),
            ("reason", json!("")),
        ),
        case(
            "clawBackGrant",
            "grant",
            json!({ "grantId": clawed, "version": app.version(&clawed), "bearer": "CITY", "reason": "Audited" }),
            ("reason", json!("Audited again")),
            ("reason", json!("")),
        ),
        case(
            "scheduleStudyVisit",
            "studyVisit",
            visit,
            ("capacity", json!(6)),
            ("endsOn", json!("2027-02-28")),
        ),
        case(
            "joinStudyVisit",
            "studyVisit",
            json!({ "visitId": scheduled, "cityId": guest.public(), "seats": 1, "delegateName": "Robin Example" }),
            ("seats", json!(2)),
            ("seats", json!(6)),
        ),
        case(
            "scheduleExpertVisit",
            "expertVisit",
            json!({ "cityId": guest.public(), "theme": "Housing", "startsOn": "2027-03-01", "endsOn": "2027-03-03", "expertIds": [anna.public()] }),
            ("theme", json!("Schools")),
            ("endsOn", json!("2027-02-28")),
        ),
        case(
            "pairCities",
            "mentorPairing",
            json!({ "mentorCityId": host.public(), "menteeCityId": guest.public(), "area": "HOUSING", "mutual": false, "startsOn": "2026-12-01" }),
            ("area", json!("POLICE")),
            ("menteeCityId", json!(host.public())),
        ),
    ]
}
