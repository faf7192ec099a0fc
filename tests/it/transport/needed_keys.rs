//! Every mutation that needs an idempotency key, one by one: refused without, done once with, and
//! free again after a refusal. What it is not: the form of keys (`keys.rs`).

use std::collections::BTreeSet;

use diesel::prelude::*;
use intercultural_cities::db::sql::Sql;
use intercultural_cities::finance::invoices::{self, NewFeeInvoice};
use intercultural_cities::finance::legal::LegalData;
use intercultural_cities::finance::payments::{self, NewAllocation};
use intercultural_cities::finance::reminders::{self, NewInterestCharge};
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use intercultural_cities::schema::sellers;
use serde_json::{Value, json};

use crate::finance::arrange::{self as finance, membership, paid, prices};
use crate::samples::Schema;
use crate::scheduling::{expert, member};
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

/// Issuing, crediting, recording, allocating, scheduling, joining and pairing: the list of the contract, as far
/// as there are such mutations.
const NEED_A_KEY: &[&str] = &[
    "allocatePayment",
    "applyFeeRun",
    "applyReminderRun",
    "chargeLateInterest",
    "creditInvoice",
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
    "writeOff",
];

/// A mutation with an input that is done, another that is done as well, and one that is refused.
struct Case {
    field: &'static str,
    object: &'static str,
    input: Value,
    other: Value,
    refused: Value,
}

impl Case {
    fn document(&self, selection: &str) -> String {
        let (field, object) = (self.field, self.object);
        let title = format!("{}{}", field[..1].to_uppercase(), &field[1..]);
        format!(
            "mutation ($input: {title}Input!) {{ {field}(input: $input) {{ {object} {{ {selection} }} userErrors {{ code }} }} }}"
        )
    }

    fn send(&self, actor: &Actor<'_>, selection: &str, input: &Value, key: Option<&str>) -> Answer {
        actor.ask_keyed(&self.document(selection), json!({ "input": input }), key)
    }

    #[track_caller]
    fn id(&self, answer: &Answer) -> String {
        answer.done(self.field, &format!("/{}/id", self.object))
    }
}

/// An input with another value of one field.
fn with(input: &Value, field: &str, value: Value) -> Value {
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
fn cases(app: &TestApp) -> Vec<Case> {
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

/// The lines of the audit log: each deed writes one.
fn deeds(app: &TestApp) -> i64 {
    Sql::new("SELECT count(*) FROM audit_entries")
        .number(&mut app.db())
        .unwrap()
}

crate::both_databases! {
    fn they_are_those_of_the_contract_and_no_others(app: &TestApp) {
        let cases = cases(app);
        let fields: BTreeSet<&str> = cases.iter().map(|case| case.field).collect();
        assert_eq!(fields, NEED_A_KEY.iter().copied().collect::<BTreeSet<_>>());
        let admin = app.admin();
        let before = deeds(app);
        for case in &cases {
            assert_eq!(case.send(&admin, "id", &case.input, None).code(), "IDEMPOTENCY_KEY_REQUIRED", "{}", case.field);
        }
        assert_eq!(deeds(app), before);
        let anywhere = app.city("Bergen", "NO").public();
        for sample in Schema::published().samples("Mutation", &anywhere) {
            let answer = admin.ask_with(&sample.document, sample.variables);
            let code = answer.body["errors"][0]["extensions"]["code"].as_str();
            if !NEED_A_KEY.contains(&sample.field.as_str()) {
                assert_ne!(code, Some("IDEMPOTENCY_KEY_REQUIRED"), "{}", sample.field);
            }
        }
    }

    fn their_descriptions_say_so_and_no_others(app: &TestApp) {
        let answer = app.anonymous().ask("{ __type(name: \"Mutation\") { fields { name description } } }");
        let fields = answer.data("/__type/fields").as_array().unwrap();
        let text = |field: &Value, name: &str| field[name].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let said: BTreeSet<String> = fields
            .iter()
            .filter(|field| text(field, "description").contains("Needs an idempotency key."))
            .map(|field| text(field, "name"))
            .collect();
        assert_eq!(said, NEED_A_KEY.iter().map(|field| (*field).to_owned()).collect());
    }

    fn the_same_key_is_the_same_effect(app: &TestApp) {
        let admin = app.admin();
        for (index, case) in cases(app).iter().enumerate() {
            let field = case.field;
            let key = format!("key-{index}");
            let first = case.send(&admin, "id", &case.input, Some(&key));
            let id = case.id(&first);
            assert_eq!(first.reply.header("idempotent-replayed"), None, "{field}");
            let after = deeds(app);

            let replayed = |answer: &Answer| assert_eq!(answer.reply.header("idempotent-replayed"), Some("true"), "{field}: {}", answer.body);
            let again = case.send(&admin, "id", &case.input, Some(&key));
            replayed(&again);
            assert_eq!(again.reply.text(), first.reply.text(), "{field}");
            let elsewhere = case.send(&admin, "__typename again: id", &case.input, Some(&key));
            replayed(&elsewhere);
            assert_eq!(elsewhere.text(&format!("/{field}/{}/again", case.object)), id);
            // In the input instead of the header, and in both.
            let inside = with(&case.input, "idempotencyKey", json!(key));
            for header in [None, Some(key.as_str())] {
                let answer = case.send(&admin, "id", &inside, header);
                replayed(&answer);
                assert_eq!(case.id(&answer), id);
            }
            let differing = case.send(&admin, "id", &inside, Some("another"));
            assert_eq!(differing.code(), "BAD_REQUEST", "{field}");

            let other = case.send(&admin, "id", &case.other, Some(&key));
            assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH", "{field}");
            let register = "mutation { registerCity(input: { name: \"Bergen\", country: \"NO\", timeZone: \"Europe/Oslo\" }) { city { id } } }";
            assert_eq!(admin.ask_keyed(register, json!({}), Some(&key)).code(), "IDEMPOTENCY_MISMATCH", "{field}");
            assert_eq!(deeds(app), after, "{field}");
        }
    }

    fn sixteen_at_once_are_one_effect_and_one_answer(app: &TestApp) {
        let admin = app.admin();
        for (index, case) in cases(app).iter().enumerate() {
            let key = format!("key-{index}");
            let before = deeds(app);
            let gate = std::sync::Barrier::new(16);
            let answers: Vec<Answer> = std::thread::scope(|scope| {
                let running: Vec<_> = (0..16).map(|_| scope.spawn(|| {
                    gate.wait();
                    case.send(&admin, "id", &case.input, Some(&key))
                })).collect();
                running.into_iter().map(|one| one.join().unwrap()).collect()
            });
            let texts: BTreeSet<&str> = answers.iter().map(|answer| answer.reply.text()).collect();
            assert_eq!(texts.len(), 1, "{}: {texts:?}", case.field);
            case.id(&answers[0]);
            let first = answers.iter().filter(|answer| answer.reply.header("idempotent-replayed").is_none()).count();
            assert_eq!(first, 1, "{}", case.field);
            let written = deeds(app) - before;
            assert!((1..=2).contains(&written), "{}: {written} lines", case.field);
        }
    }

    fn a_refusal_leaves_the_key_free_for_the_corrected_input(app: &TestApp) {
        let admin = app.admin();
        for (index, case) in cases(app).iter().enumerate() {
            let key = format!("key-{index}");
            let before = deeds(app);
            for _ in 0..2 {
                let answer = case.send(&admin, "id", &case.refused, Some(&key));
                let errors = answer.data(&format!("/{}/userErrors", case.field)).as_array().unwrap();
                assert!(!errors.is_empty(), "{}: {}", case.field, answer.body);
            }
            assert_eq!(deeds(app), before, "{}", case.field);
            let corrected = case.send(&admin, "id", &case.input, Some(&key));
            case.id(&corrected);
            assert_eq!(corrected.reply.header("idempotent-replayed"), None, "{}", case.field);
        }
    }

    fn an_applied_import_is_done_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let import = |query: &str, csv: &str, key: Option<&str>| {
            let mut headers = vec![("content-type", "text/csv")];
            headers.extend(key.map(|key| ("idempotency-key", key)));
            secretariat.send("POST", &format!("/api/v1/imports/{query}"), &headers, csv.as_bytes())
        };
        let (oslo, bergen) = ("name,country,time_zone\nOslo,NO,Europe/Oslo\n", "name,country,time_zone\nBergen,NO,Europe/Oslo\n");
        let unkeyed = import("cities?apply=true", oslo, None);
        assert_eq!((unkeyed.status, &unkeyed.json()["code"]), (400, &json!("IDEMPOTENCY_KEY_REQUIRED")));
        let gate = std::sync::Barrier::new(8);
        let replies: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..8).map(|_| scope.spawn(|| {
                gate.wait();
                import("cities?apply=true", oslo, Some("key-1"))
            })).collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        for reply in &replies {
            assert_eq!((reply.status, &reply.json()["counts"]["create"]), (200, &json!(1)), "{}", reply.text());
        }
        for (query, csv) in [("cities?apply=true", bergen), ("people?apply=true", "name,kind\nAnna Holm,official\n")] {
            let other = import(query, csv, Some("key-1"));
            assert_eq!((other.status, &other.json()["code"]), (422, &json!("IDEMPOTENCY_MISMATCH")), "{query}");
        }
        // A dry run has nothing to protect.
        assert_eq!(import("cities", bergen, None).status, 200);
        assert_eq!(secretariat.ask("{ cities { totalCount } }").data("/cities/totalCount"), &json!(1));
    }
}
