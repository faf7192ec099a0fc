//! The work list through the public door: what comes on it, since when, who sees it, and how it
//! leaves the list when it is put right.

use chrono::NaiveDate;
use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::finance::payments::{self, NewPayment, Share};
use intercultural_cities::finance::products;
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use intercultural_cities::kernel::money::{Currency, Money};
use intercultural_cities::registry::memberships::{self, AdoptedMembership, Step};
use intercultural_cities::registry::networks;
use serde_json::{Value, json};

use crate::registry::networks::reference;
use crate::scheduling::{expert, member};
use crate::support::app::{TestApp, day};

const LIST: &str = "query ($filter: AttentionFilterInput) { attention(filter: $filter) { totalCount nodes { rule since city { name } object { __typename ... on City { name } ... on Membership { status } ... on Invoice { number } ... on ExpertVisit { theme } } } } }";

pub const SCHEDULE: &str = "mutation ($input: ScheduleExpertVisitInput!) { scheduleExpertVisit(input: $input) { expertVisit { id } userErrors { code field message } } }";

/// A city that was admitted on 1 March 2026 and has not signed the agreement.
fn admitted(app: &TestApp, name: &str) -> (CityId, String) {
    let city = app.city(name, "DK");
    let secretariat = app.secretariat();
    let apply = "mutation ($input: ApplyForMembershipInput!) { applyForMembership(input: $input) { membership { id } userErrors { code field message } } }";
    let input = json!({ "input": { "cityId": city.public() } });
    let membership = secretariat
        .tell(apply, input)
        .done("applyForMembership", "/membership/id");
    let admit = "mutation ($input: AdmitCityInput!) { admitCity(input: $input) { membership { id } userErrors { code field message } } }";
    let input = json!({ "input": { "membershipId": membership, "version": app.version(&membership), "decisionOn": "2026-03-01", "statementOfIntentOn": "2026-02-20" } });
    secretariat
        .tell(admit, input)
        .done("admitCity", "/membership/id");
    (city, membership)
}

/// The member's issued invoice of 2026, due after thirty days.
pub fn invoiced(app: &TestApp, city: CityId, issued_on: NaiveDate) -> InvoiceId {
    app.arrange(products::ensure_reference);
    app.arrange(|tx| {
        let new = NewFeeInvoice {
            city: Some(city),
            membership: None,
            fee_year: 2026,
        };
        let draft = invoices::draft_fee(tx, &new)?;
        invoices::issue(tx, draft, Some(issued_on))
    })
}

fn pay(app: &TestApp, city: CityId, invoice: InvoiceId) {
    let amount = Money::new(7_500_000, Currency::DKK);
    let new = NewPayment {
        city,
        amount,
        received_on: day(2026, 11, 22),
        reference: None,
        payer_name: None,
        note: None,
        allocate_to: vec![Share { invoice, amount }],
        other_cities: false,
    };
    app.arrange(|tx| payments::record(tx, &new));
}

pub fn appoint(app: &TestApp, city: CityId, starts_on: &str) {
    let appoint = "mutation ($input: AppointCoordinatorInput!) { appointCoordinator(input: $input) { coordinator { id } userErrors { code field message } } }";
    let input = json!({ "input": { "cityId": city.public(), "role": "COORDINATOR", "ftePercent": 40, "startsOn": starts_on, "person": { "new": { "name": "Kim Example", "kind": "PRACTITIONER" } } } });
    app.secretariat()
        .tell(appoint, input)
        .done("appointCoordinator", "/coordinator/id");
}

/// A city that an old list says joined, without an agreement.
pub fn joined(city: CityId) -> AdoptedMembership {
    AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on: day(2015, 3, 1),
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: None,
        decision_on: None,
        agreement_on: None,
        fee_waived: false,
    }
}

fn list(app: &TestApp, filter: &Value) -> Value {
    let answer = app
        .secretariat()
        .ask_with(LIST, json!({ "filter": filter }));
    answer.data("/attention/nodes").clone()
}

crate::both_databases! {
    fn the_four_rules_and_how_each_is_put_right(app: &TestApp) {
        let odense = member(app, "Odense");
        assert_eq!(list(app, &json!(null)), json!([
            { "rule": "COORDINATOR_VACANT", "since": "2010-03-02", "city": { "name": "Odense" }, "object": { "__typename": "City", "name": "Odense" } },
        ]));
        appoint(app, odense, "2026-11-22");
        assert_eq!(list(app, &json!(null)), json!([]));

        let (_, membership) = admitted(app, "Aarhus");
        let invoice = invoiced(app, odense, day(2026, 4, 1));
        let secretariat = app.secretariat();
        let input = json!({ "input": { "cityId": odense.public(), "startsOn": "2026-12-07", "endsOn": "2026-12-08", "theme": "Mediation" } });
        let visit = secretariat.tell(SCHEDULE, input).done("scheduleExpertVisit", "/expertVisit/id");

        let agreement = json!({ "rule": "AGREEMENT_MISSING", "since": "2026-03-01", "city": { "name": "Aarhus" }, "object": { "__typename": "Membership", "status": "ADMITTED" } });
        let overdue = json!({ "rule": "INVOICE_OVERDUE", "since": "2026-05-02", "city": { "name": "Odense" }, "object": { "__typename": "Invoice", "number": "F2026-000001" } });
        let unstaffed = json!({ "rule": "VISIT_WITHOUT_EXPERT", "since": "2026-11-22", "city": { "name": "Odense" }, "object": { "__typename": "ExpertVisit", "theme": "Mediation" } });
        assert_eq!(list(app, &json!(null)), json!([agreement, overdue, unstaffed]));
        assert_eq!(list(app, &json!({ "rule": ["INVOICE_OVERDUE"] })), json!([overdue]));
        assert_eq!(list(app, &json!({ "cityId": [odense.public()] })), json!([overdue, unstaffed]));
        assert_eq!(list(app, &json!({ "cityId": [odense.public()], "rule": ["AGREEMENT_MISSING"] })), json!([]));

        let agree = "mutation ($input: RecordAgreementInput!) { recordAgreement(input: $input) { membership { id } userErrors { code field message } } }";
        let input = json!({ "input": { "membershipId": membership, "version": app.version(&membership), "agreementOn": "2026-03-10" } });
        secretariat.tell(agree, input).done("recordAgreement", "/membership/id");
        pay(app, odense, invoice);
        let cancel = "mutation ($input: CancelExpertVisitInput!) { cancelExpertVisit(input: $input) { expertVisit { id } userErrors { code field message } } }";
        let input = json!({ "input": { "visitId": visit, "version": app.version(&visit), "reason": "The city asked for another year." } });
        secretariat.tell(cancel, input).done("cancelExpertVisit", "/expertVisit/id");
        assert_eq!(list(app, &json!(null)), json!([]));
    }

    fn who_became_a_member_without_an_agreement_stays_on_it(app: &TestApp) {
        let joined = AdoptedMembership { joined_on: day(2015, 3, 1), ..joined(app.city("Odense", "DK")) };
        let first = app.arrange(|tx| {
            networks::ensure_reference(tx, &reference())?;
            Ok(memberships::adopt(tx, &joined)?.id())
        });
        let rule = json!({ "rule": ["AGREEMENT_MISSING"] });
        assert_eq!(list(app, &rule)[0]["since"], "2015-03-01");
        let message = || app.secretariat().ask("{ attention(filter: { rule: [AGREEMENT_MISSING] }) { nodes { message } } }").text("/attention/nodes/0/message").to_owned();
        assert!(message().starts_with("A member since 2015-03-01 without"), "{}", message());
        // An old list may know more of it later.
        app.arrange(|tx| memberships::adopt(tx, &AdoptedMembership { decision_on: Some(day(2015, 2, 1)), ..joined }).map(|_| ()));
        assert!(message().starts_with("Admitted on 2015-02-01 without"), "{}", message());
        assert_eq!(list(app, &rule)[0]["since"], "2015-02-01");
        let step = |on| Step { membership: first, version: None, on: Some(on), note: None };
        app.arrange(|tx| memberships::suspend(tx, &step(day(2026, 11, 1))));
        app.arrange(|tx| memberships::resume(tx, &step(day(2026, 11, 10))));
        assert_eq!(list(app, &rule)[0]["since"], "2015-02-01");
        // Nor does a suspension start the sixty days without a coordinator anew.
        assert_eq!(list(app, &json!({ "rule": ["COORDINATOR_VACANT"] }))[0]["since"], "2015-04-30");
        app.arrange(|tx| memberships::agree(tx, &step(day(2026, 11, 12))));
        assert_eq!(list(app, &rule), json!([]));
    }

    fn a_visit_with_an_expert_or_over_is_not_on_it(app: &TestApp) {
        let odense = member(app, "Odense");
        appoint(app, odense, "2026-11-22");
        let found = expert(app, "Robin Example", None);
        let schedule = |starts_on: &str, ends_on: &str, experts: Value| {
            let input = json!({ "input": { "cityId": odense.public(), "startsOn": starts_on, "endsOn": ends_on, "theme": "Mediation", "expertIds": experts } });
            app.secretariat().tell(SCHEDULE, input).done("scheduleExpertVisit", "/expertVisit/id");
        };
        schedule("2026-12-07", "2026-12-08", json!([found.public()]));
        schedule("2026-12-14", "2026-12-14", json!([]));
        assert_eq!(list(app, &json!(null)).as_array().unwrap().len(), 1);
        app.set_today(2026, 12, 14);
        assert_eq!(list(app, &json!(null)).as_array().unwrap().len(), 1);
        app.set_today(2026, 12, 15);
        assert_eq!(list(app, &json!(null)), json!([]));
    }

    fn a_vacancy_counts_from_the_sixtieth_day_after_the_last_one_left(app: &TestApp) {
        let odense = member(app, "Odense");
        appoint(app, odense, "2026-11-22");
        let answer = app.secretariat().ask_with("query ($id: ID!) { city(id: $id) { coordinator { id version } } }", json!({ "id": odense.public() }));
        let end = "mutation ($input: EndAppointmentInput!) { endAppointment(input: $input) { coordinator { id } userErrors { code field message } } }";
        let input = json!({ "input": { "id": answer.text("/city/coordinator/id"), "version": answer.data("/city/coordinator/version"), "endsOn": "2026-12-31" } });
        app.secretariat().tell(end, input).done("endAppointment", "/coordinator/id");
        app.set_today(2027, 3, 1);
        assert_eq!(list(app, &json!(null)), json!([]));
        app.set_today(2027, 3, 2);
        assert_eq!(list(app, &json!(null))[0]["since"], "2027-03-02");
    }

    fn pages_of_any_size_give_the_same_list_in_the_readers_language(app: &TestApp) {
        for name in ["Odense", "Aarhus", "Esbjerg", "Randers", "Kolding"] {
            member(app, name);
        }
        admitted(app, "Horsens");
        let finance = app.finance();
        let query = "query ($first: Int, $after: String, $last: Int, $before: String) { attention(first: $first, after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { city { id } } } }";
        let whole = finance.ask_with(query, json!({ "first": 100 })).data("/attention/nodes").clone();
        assert_eq!(whole.as_array().unwrap().len(), 6);
        for size in 1..=7 {
            let (mut forward, mut after) = (Vec::new(), Value::Null);
            loop {
                let answer = finance.ask_with(query, json!({ "first": size, "after": after }));
                assert_eq!(answer.data("/attention/totalCount"), 6);
                forward.extend(answer.data("/attention/nodes").as_array().unwrap().clone());
                after = answer.data("/attention/pageInfo/endCursor").clone();
                if answer.data("/attention/pageInfo/hasNextPage") == false {
                    break;
                }
            }
            assert_eq!(json!(forward), whole);
            let (mut backward, mut before) = (Vec::new(), Value::Null);
            loop {
                let answer = finance.ask_with(query, json!({ "last": size, "before": before }));
                backward.splice(0..0, answer.data("/attention/nodes").as_array().unwrap().clone());
                before = answer.data("/attention/pageInfo/startCursor").clone();
                if answer.data("/attention/pageInfo/hasPreviousPage") == false {
                    break;
                }
            }
            assert_eq!(json!(backward), whole);
        }
        let other = finance.ask("{ cities(first: 1) { pageInfo { endCursor } } }").text("/cities/pageInfo/endCursor").to_owned();
        assert_eq!(finance.ask_with(query, json!({ "after": other })).code(), "BAD_REQUEST");

        let body = json!({ "query": "{ attention(first: 1) { nodes { message } } }" }).to_string();
        let headers = [("content-type", "application/json"), ("accept-language", "da")];
        let reply = finance.send("POST", "/graphql", &headers, body.as_bytes());
        assert!(reply.text().contains("Byen har ikke haft en koordinator siden 2010-01-01"), "{}", reply.text());
    }

    fn it_is_for_secretariat_finance_and_those_who_see_all(app: &TestApp) {
        let odense = member(app, "Odense");
        let query = "{ attention { totalCount } }";
        assert_eq!(app.anonymous().ask(query).code(), "UNAUTHENTICATED");
        assert_eq!(app.coordinator_of(odense).ask(query).code(), "FORBIDDEN");
        for actor in [app.admin(), app.secretariat(), app.finance(), app.auditor()] {
            assert_eq!(actor.ask(query).data("/attention/totalCount"), 1);
        }
    }

    fn a_longer_list_takes_no_more_statements(app: &TestApp) {
        let secretariat = app.secretariat();
        let query = "{ attention(first: 100) { nodes { rule city { name } object { __typename ... on City { id } } } } }";
        let counts = ["Odense", "Aarhus", "Esbjerg"].map(|name| {
            member(app, name);
            secretariat.ask(query).data("");
            app.statements(|| { secretariat.ask(query).data(""); })
        });
        assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "{counts:?}");
    }
}
