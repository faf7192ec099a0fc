//! Reminders: which goes when, what it costs, what holds it back; each once, whoever sends.

use chrono::NaiveDate;
use diesel::prelude::*;
use intercultural_cities::finance::ledger::Account;
use intercultural_cities::finance::legal::LegalData;
use intercultural_cities::finance::reminders::{self, Outcome};
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use intercultural_cities::schema::{cities, reminders as rows};
use intercultural_cities::server::worker::run_due;
use serde_json::{Value, json};

use crate::finance::arrange::{issued, member, paid, prices};
use crate::finance::credit_notes::credit;
use crate::finance::ledger::{balances, books_are_sound};
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

const APPLY: &str = "mutation ($input: ApplyReminderRunInput!) { applyReminderRun(input: $input) { reminderRun { id status } userErrors { code field message } } }";
const RUN: &str = "query ($id: ID!) { node(id: $id) { ... on ReminderRun { status sent held failed problems { number message } } } }";
const LOOK: &str = "query ($on: Date!) { reminderRun(on: $on) { totalCount nodes { invoice { number } level heldBecause notBefore reason openAmount { amount } daysLate fee { amount } compensation { amount } interest { amount } } } }";
const REVISE: &str = "mutation ($input: ReviseReminderPolicyInput!) { reviseReminderPolicy(input: $input) { reminderPolicy { version fee { amount } } userErrors { code field message } } }";
const WAIVE: &str = "mutation ($input: WaiveLateChargesInput!) { waiveLateCharges(input: $input) { creditNote { number total { amount } invoice { status } } userErrors { code field message } } }";
const SENT: &str = "query ($id: ID!) { node(id: $id) { ... on Invoice { dueOn openAmount { amount } latePayment { inTimeUntil holds { kind isActive endedOn endNote } charges { number kind total { amount } status lines { product net { amount } vatCategory formula(language: \"da\") } } } reminders { level isCollectionNotice sentOn payBy openAmount { amount } recipient lateCharges { number } } } } }";

/// An invoice of 75.000,00 of 1 March 2024, due on Easter Sunday, 31 March: 2 April is in time.
fn overdue(app: &TestApp) -> (CityId, InvoiceId) {
    app.set_today(2024, 3, 1);
    prices(app);
    let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
    let invoice = issued(app, membership, 2024, day(2024, 3, 1));
    (city, invoice)
}

fn today(app: &TestApp, on: NaiveDate) {
    use chrono::Datelike;
    app.set_today(on.year(), on.month(), on.day());
}

/// Sends what is due on a day: the numbers of the run.
#[track_caller]
pub fn run(app: &TestApp, on: NaiveDate) -> Value {
    today(app, on);
    let finance = app.finance();
    let id = finance
        .tell(APPLY, json!({ "input": { "on": on } }))
        .done("applyReminderRun", "/reminderRun/id");
    run_due(&app.app).unwrap();
    let found = finance.ask_with(RUN, json!({ "id": id }));
    assert_eq!(found.text("/node/status"), "FINISHED");
    let run = found.data("/node");
    json!([run["sent"], run["held"], run["failed"]])
}

fn look(app: &TestApp, on: &str) -> Vec<Value> {
    let answer = app.finance().ask_with(LOOK, json!({ "on": on }));
    answer
        .data("/reminderRun/nodes")
        .as_array()
        .unwrap()
        .clone()
}

fn held(app: &TestApp, on: &str) -> Value {
    look(app, on)[0]["heldBecause"].clone()
}

/// Charges whatever the law allows, with some fields of the policy set otherwise.
#[track_caller]
pub fn charging(app: &TestApp, otherwise: &Value) -> Answer {
    let finance = app.finance();
    let version = finance
        .ask("{ reminderPolicy { version } }")
        .data("/reminderPolicy/version")
        .clone();
    let mut input = json!({
        "version": version, "reminders": true, "firstAfter": 3, "secondAfter": 13, "thirdAfter": 23, "collectionAfter": 33,
        "fee": "100", "compensation": true, "interest": true, "dayCount": "ACTUAL", "tolerance": "1",
    });
    for (name, value) in otherwise.as_object().unwrap() {
        input[name] = value.clone();
    }
    finance.ask_with(REVISE, json!({ "input": input }))
}

fn seen(actor: &Actor<'_>, invoice: InvoiceId) -> Value {
    let answer = actor.ask_with(SENT, json!({ "id": invoice.public() }));
    answer.data("/node").clone()
}

fn ask(app: &TestApp, field: &str, input: Value) -> Answer {
    let title = format!("{}{}", field[..1].to_uppercase(), &field[1..]);
    let document = format!(
        "mutation ($input: {title}Input!) {{ {field}(input: $input) {{ hold {{ id isActive }} userErrors {{ code field message }} }} }}"
    );
    app.finance().tell(&document, json!({ "input": input }))
}

/// The pages of a reminder as somebody gets them.
fn pages(actor: &Actor<'_>, id: &str, query: &str) -> (u16, Vec<u8>) {
    let reply = actor.get(&format!("/api/v1/reminders/{id}/document.pdf{query}"));
    (reply.status, reply.body)
}

crate::both_databases! {
    fn a_reminder_has_pages_that_stay_as_they_were_sent(app: &TestApp) {
        let (city, invoice) = overdue(app);
        let (other, _) = member(app, "Lyon", day(2020, 1, 1));
        assert_eq!(charging(app, &json!({})).refusals("reviseReminderPolicy"), []);
        assert_eq!(run(app, day(2024, 4, 5)), json!([1, 0, 0]));
        let answer = app.finance().ask_with("query ($id: ID!) { node(id: $id) { ... on Invoice { reminders { id } } } }", json!({ "id": invoice.public() }));
        let id = answer.text("/node/reminders/0/id").to_owned();
        let (status, first) = pages(&app.coordinator_of(city), &id, "");
        assert_eq!(status, 200);
        assert!(first.starts_with(b"%PDF-"));
        // What is paid later, for the claim and for the charges, changes nothing of it.
        let charges = seen(&app.finance(), invoice)["latePayment"]["charges"][0]["number"].as_str().unwrap().to_owned();
        assert!(charges.starts_with("R2024-"), "{charges}");
        paid(app, city, 7_500_000, day(2024, 4, 5), &[(invoice, 7_500_000)]);
        assert!(pages(&app.finance(), &id, "").1 == first);
        assert!(pages(&app.finance(), &id, "?language=en").1 != first);
        for (actor, query, expected) in [(app.coordinator_of(other), "", 404), (app.finance(), "?language=sv", 400), (app.anonymous(), "", 401)] {
            let status = pages(&actor, &id, query).0;
            assert!(status == expected || (expected == 401 && status == 404), "{query} {status}");
        }
    }

    fn reminders_go_level_by_level_and_none_twice(app: &TestApp) {
        let (city, invoice) = overdue(app);
        app.arrange(|tx| {
            diesel::update(cities::table.find(city)).set(cities::invoice_email.eq(Some("faktura@example.org"))).execute(tx.db)?;
            Ok(())
        });
        assert_eq!(held(app, "2024-04-02"), "NOT_LATE");
        assert_eq!(held(app, "2024-04-04"), "NOT_YET");
        let one = &look(app, "2024-04-05")[0];
        assert_eq!((&one["level"], &one["heldBecause"], &one["daysLate"], &one["fee"]["amount"]), (&json!(1), &Value::Null, &json!(3), &json!("0.00")));
        // However late: no level is skipped.
        assert_eq!(look(app, "2025-04-05")[0]["level"], 1);

        assert_eq!(run(app, day(2024, 4, 4)), json!([0, 1, 0]));
        assert_eq!(run(app, day(2024, 4, 5)), json!([1, 0, 0]));
        assert_eq!(run(app, day(2024, 4, 5)), json!([0, 1, 0]));
        assert_eq!(held(app, "2024-04-05"), "TOO_SOON");
        assert_eq!(run(app, day(2024, 4, 14)), json!([0, 1, 0]));
        let nine_days = &look(app, "2024-04-14")[0];
        assert_eq!((&nine_days["heldBecause"], &nine_days["notBefore"]), (&json!("TOO_SOON"), &json!("2024-04-15")));
        for (on, level) in [(day(2024, 4, 15), 2), (day(2024, 4, 25), 3), (day(2024, 5, 5), 4)] {
            assert_eq!(run(app, on), json!([1, 0, 0]), "{level}");
        }
        assert_eq!(run(app, day(2024, 12, 31)), json!([0, 1, 0]));
        assert_eq!(held(app, "2024-12-31"), "ALL_SENT");

        let found = seen(&app.coordinator_of(city), invoice);
        let levels: Vec<_> = found["reminders"].as_array().unwrap().iter().map(|one| (one["level"].clone(), one["sentOn"].clone(), one["isCollectionNotice"].clone(), one["recipient"].clone())).collect();
        let expected = [(1, "2024-04-05", false), (2, "2024-04-15", false), (3, "2024-04-25", false), (4, "2024-05-05", true)];
        assert_eq!(levels, expected.map(|(level, on, notice)| (json!(level), json!(on), json!(notice), json!("faktura@example.org"))));
        // The claim is as it was.
        assert_eq!((&found["dueOn"], &found["latePayment"]["inTimeUntil"], &found["openAmount"]["amount"]), (&json!("2024-03-31"), &json!("2024-04-02"), &json!("75000.00")));
        assert_eq!(found["latePayment"]["charges"], json!([]));

        let mails: Vec<String> = std::fs::read_dir(app.folder.path().join("outbox")).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
        assert_eq!(mails.len(), 4);
        assert!(mails.iter().all(|mail| mail.contains("faktura@example.org")));
        assert_eq!(mails.iter().filter(|mail| mail.contains("Inkassovarsel")).count(), 1);
        // Each carries its pages.
        let files = ["-1.pdf", "-2.pdf", "-3.pdf", "-4.pdf"];
        assert!(files.iter().all(|file| mails.iter().filter(|mail| mail.contains("application/pdf") && mail.contains(file)).count() == 1));
        let listed = app.auditor().ask_with("query ($city: ID!) { reminders(filter: { cityId: $city, level: [2, 4] }, orderBy: [SENT_ON_ASC]) { totalCount nodes { level } } reminderRuns { totalCount } }", json!({ "city": city.public() }));
        assert_eq!(listed.body["data"], json!({ "reminders": { "totalCount": 2, "nodes": [{ "level": 2 }, { "level": 4 }] }, "reminderRuns": { "totalCount": 8 } }));
        books_are_sound(app);
    }

    fn what_lateness_costs_is_invoiced_beside_the_claim(app: &TestApp) {
        let (city, invoice) = overdue(app);
        charging(app, &json!({})).done("reviseReminderPolicy", "/reminderPolicy/fee/amount");
        let one = look(app, "2024-04-05")[0].clone();
        // 75.000,00 × 11,75 % × 3/365.
        assert_eq!((&one["fee"]["amount"], &one["compensation"]["amount"], &one["interest"]["amount"]), (&json!("100.00"), &json!("310.00"), &json!("72.43")));
        assert_eq!(run(app, day(2024, 4, 5)), json!([1, 0, 0]));
        let finance = app.finance();
        let found = seen(&finance, invoice);
        let charge = &found["latePayment"]["charges"][0];
        assert_eq!((&charge["number"], &charge["kind"], &charge["total"]["amount"], &charge["status"]), (&json!("R2024-000001"), &json!("LATE_CHARGES"), &json!("482.43"), &json!("ISSUED")));
        let products: Vec<_> = charge["lines"].as_array().unwrap().iter().map(|line| line["product"].as_str().unwrap()).collect();
        assert_eq!(products, ["REMINDER_FEE", "COMPENSATION", "LATE_INTEREST"]);
        assert_eq!((&charge["lines"][2]["vatCategory"], &charge["lines"][2]["formula"]), (&json!("O"), &json!("75.000,00 × 11,75 % × 3/365 (ACT/365)")));
        assert_eq!(found["openAmount"]["amount"], "75000.00");
        assert!(balances(app, "2024-04-05").contains(&(Account::LateCharges, -48_243)));

        // A part is paid the day before the next run: the rest is what is reminded of.
        paid(app, city, 7_000_000, day(2024, 4, 5), &[(invoice, 7_000_000)]);
        assert_eq!(run(app, day(2024, 4, 15)), json!([1, 0, 0]));
        let found = seen(&finance, invoice);
        let second = &found["latePayment"]["charges"][1];
        // The whole is 75.000,00 × 11,75 % × 3/365 + 5.000,00 × 11,75 % × 10/365, less 72,43.
        assert_eq!((&second["total"]["amount"], &second["lines"][1]["net"]["amount"]), (&json!("116.10"), &json!("16.10")));
        assert_eq!((&found["reminders"][1]["openAmount"]["amount"], &found["reminders"][1]["lateCharges"]["number"]), (&json!("5000.00"), &json!("R2024-000002")));

        // The claim is credited after the second reminder: nothing is reminded of, and the charges stay
        // until they are waived or paid.
        credit(&finance, invoice, None).done("creditInvoice", "/creditNote/number");
        assert_eq!(run(app, day(2024, 4, 25)), json!([0, 0, 0]));
        let later = look(app, "2024-07-25");
        assert!(later.iter().all(|one| one["heldBecause"] == "LATE_CHARGES"), "{later:?}");
        let charges = reminders::charges_of_invoices(&mut app.db(), &[invoice]).unwrap().remove(&invoice).unwrap();
        let finance = app.finance();
        for charge in &charges {
            let id = charge.invoice_id.public();
            let waived = finance.tell(WAIVE, json!({ "input": { "invoiceId": id, "version": app.version(&id), "reason": "The claim was wrong" } }));
            assert_eq!(waived.done("waiveLateCharges", "/creditNote/invoice/status"), "CREDITED");
        }
        let input = json!({ "invoiceId": invoice.public(), "version": app.version(&invoice.public()), "reason": "x" });
        assert_eq!(finance.tell(WAIVE, json!({ "input": input })).refusal("waiveLateCharges"), "NOT_IN_STATE");
        assert!(!balances(app, "2024-04-25").iter().any(|(account, _)| *account == Account::LateCharges));
        books_are_sound(app);
    }

    fn fees_end_with_the_third_and_the_principal_can_be_paid_alone(app: &TestApp) {
        let (city, invoice) = overdue(app);
        charging(app, &json!({ "interest": false, "compensation": false })).done("reviseReminderPolicy", "/reminderPolicy/fee/amount");
        for on in [day(2024, 4, 5), day(2024, 4, 15), day(2024, 4, 25), day(2024, 5, 5)] {
            run(app, on);
        }
        let found = seen(&app.finance(), invoice);
        let fees: Vec<_> = found["latePayment"]["charges"].as_array().unwrap().iter().map(|charge| charge["total"]["amount"].as_str().unwrap()).collect();
        assert_eq!(fees, ["100.00", "100.00", "100.00"]);
        assert_eq!((&found["reminders"][3]["level"], &found["reminders"][3]["lateCharges"]), (&json!(4), &Value::Null));

        paid(app, city, 7_500_000, day(2024, 5, 5), &[(invoice, 7_500_000)]);
        let due: Vec<_> = look(app, "2024-12-31").iter().map(|one| (one["invoice"]["number"].clone(), one["heldBecause"].clone())).collect();
        assert_eq!(due.len(), 3);
        assert!(due.iter().all(|(number, because)| number.as_str().unwrap().starts_with("R2024") && because == "LATE_CHARGES"), "{due:?}");
        let charge = reminders::charges_of_invoices(&mut app.db(), &[invoice]).unwrap().remove(&invoice).unwrap().remove(0).invoice_id;
        paid(app, city, 10_000, day(2024, 5, 5), &[(charge, 10_000)]);
        assert_eq!(seen(&app.finance(), invoice)["latePayment"]["charges"][0]["status"], "PAID");
        books_are_sound(app);
    }

    fn what_is_paid_in_time_by_its_own_day_is_not_reminded_of(app: &TestApp) {
        let (city, invoice) = overdue(app);
        today(app, day(2024, 4, 10));
        assert_eq!(look(app, "2024-04-10")[0]["level"], 1);
        // Recorded late, but the money came on the last day.
        paid(app, city, 7_499_900, day(2024, 4, 2), &[(invoice, 7_499_900)]);
        assert_eq!(held(app, "2024-04-10"), "WITHIN_TOLERANCE");
        assert_eq!(run(app, day(2024, 4, 10)), json!([0, 1, 0]));
        paid(app, city, 100, day(2024, 4, 2), &[(invoice, 100)]);
        assert!(look(app, "2024-04-10").is_empty());
        assert_eq!(run(app, day(2024, 4, 10)), json!([0, 0, 0]));
        let question = "query ($id: ID!) { node(id: $id) { ... on Invoice { latePayment { interest(until: \"2024-12-31\") { amount { amount } days } } } } }";
        let answer = app.finance().ask_with(question, json!({ "id": invoice.public() }));
        assert_eq!(answer.data("/node/latePayment/interest"), &json!({ "amount": { "amount": "0.00" }, "days": 0 }));
    }

    fn disputes_promises_and_pauses_hold_reminders_back(app: &TestApp) {
        let (city, invoice) = overdue(app);
        run(app, day(2024, 4, 5));
        today(app, day(2024, 4, 10));
        let id = invoice.public();
        let about = |fields: Value| {
            let mut input = json!({ "invoiceId": id, "reason": "The city asked" });
            for (name, value) in fields.as_object().unwrap() {
                input[name] = value.clone();
            }
            input
        };
        let dispute = ask(app, "disputeInvoice", about(json!({}))).done("disputeInvoice", "/hold/id");
        assert_eq!(ask(app, "disputeInvoice", about(json!({}))).refusal("disputeInvoice"), "NOT_IN_STATE");
        assert_eq!(run(app, day(2024, 4, 20)), json!([0, 1, 0]));
        assert_eq!(held(app, "2024-04-20"), "DISPUTED");
        assert_eq!(ask(app, "resumeReminders", json!({ "holdId": dispute, "version": 1, "note": "x" })).refusal("resumeReminders"), "NOT_IN_STATE");
        assert_eq!(ask(app, "resolveDispute", json!({ "holdId": dispute, "version": 2, "note": "x" })).code(), "STALE");
        ask(app, "resolveDispute", json!({ "holdId": dispute, "version": 1, "note": "The city was wrong" })).done("resolveDispute", "/hold/id");
        assert_eq!(ask(app, "resolveDispute", json!({ "holdId": dispute, "version": 2, "note": "x" })).refusal("resolveDispute"), "NOT_IN_STATE");
        // Lost: it goes on at the level that was next.
        assert_eq!(run(app, day(2024, 4, 20)), json!([1, 0, 0]));

        assert_eq!(ask(app, "promisePayment", about(json!({ "payBy": "2024-04-19" }))).refusals("promisePayment"), [("OUT_OF_RANGE".to_owned(), "payBy".to_owned())]);
        ask(app, "promisePayment", about(json!({ "payBy": "2024-05-10" }))).done("promisePayment", "/hold/id");
        assert_eq!(look(app, "2024-05-10")[0]["heldBecause"], "PROMISED");
        assert_eq!(look(app, "2024-05-11")[0]["level"], 3);
        let pause = ask(app, "pauseReminders", about(json!({ "until": "2024-06-30" }))).done("pauseReminders", "/hold/id");
        assert_eq!(look(app, "2024-05-11")[0], {
            let mut one = look(app, "2024-05-11")[0].clone();
            one["heldBecause"] = json!("PAUSED");
            one["notBefore"] = json!("2024-07-01");
            one
        });
        today(app, day(2024, 5, 11));
        ask(app, "resumeReminders", json!({ "holdId": pause, "version": 1, "note": "Agreed" })).done("resumeReminders", "/hold/id");
        assert_eq!(run(app, day(2024, 5, 11)), json!([1, 0, 0]));
        let holds = seen(&app.coordinator_of(city), invoice)["latePayment"]["holds"].clone();
        let kinds: Vec<_> = holds.as_array().unwrap().iter().map(|hold| (hold["kind"].as_str().unwrap(), hold["isActive"].as_bool().unwrap())).collect();
        assert_eq!(kinds, [("DISPUTE", false), ("PROMISE", false), ("PAUSE", false)]);
        assert_eq!(holds[0]["endNote"], "The city was wrong");
        paid(app, city, 7_500_000, day(2024, 5, 11), &[(invoice, 7_500_000)]);
        assert_eq!(ask(app, "disputeInvoice", about(json!({}))).refusal("disputeInvoice"), "NOT_IN_STATE");
        assert_eq!(ask(app, "pauseReminders", json!({ "invoiceId": city.public(), "reason": "x" })).refusals("pauseReminders"), [("NOT_FOUND".to_owned(), "invoiceId".to_owned())]);
        books_are_sound(app);
    }

    fn forty_at_once_send_one_reminder(app: &TestApp) {
        let (_, invoice) = overdue(app);
        charging(app, &json!({})).done("reviseReminderPolicy", "/reminderPolicy/fee/amount");
        today(app, day(2024, 4, 5));
        let legal = LegalData::compiled_in().unwrap();
        let gate = std::sync::Barrier::new(40);
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..40).map(|_| scope.spawn(|| {
                gate.wait();
                app.try_arrange(|tx| reminders::remind(tx, invoice, day(2024, 4, 5), &legal, None))
            })).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let sent = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Sent(_)))).count();
        let held = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Held(_)))).count();
        assert_eq!((sent, held), (1, 39), "{outcomes:?}");
        let found = seen(&app.finance(), invoice);
        assert_eq!((found["reminders"].as_array().unwrap().len(), found["latePayment"]["charges"].as_array().unwrap().len()), (1, 1));
        books_are_sound(app);
    }

    fn a_rate_that_is_not_known_fails_loudly_and_stops_nobody_else(app: &TestApp) {
        app.set_today(2098, 1, 5);
        prices(app);
        let (_, first) = member(app, "Oslo", day(2020, 1, 1));
        issued(app, first, 2098, day(2098, 1, 5));
        charging(app, &json!({})).done("reviseReminderPolicy", "/reminderPolicy/fee/amount");
        let one = look(app, "2098-03-05")[0].clone();
        assert_eq!(one["heldBecause"], "LEGAL_DATA_MISSING");
        assert!(one["reason"].as_str().unwrap().contains("2098-01-01"), "{one}");
        assert_eq!(run(app, day(2098, 3, 5)), json!([0, 0, 1]));
        let problem = app.finance().ask("{ reminderRuns(first: 1) { nodes { problems { number message(language: \"da\") } } } }");
        assert_eq!(problem.text("/reminderRuns/nodes/0/problems/0/number"), "F2098-000001");
        assert!(problem.text("/reminderRuns/nodes/0/problems/0/message").contains("halvåret fra 2098-01-01"));
        // Nothing of it is left: without interest it goes.
        charging(app, &json!({ "interest": false })).done("reviseReminderPolicy", "/reminderPolicy/fee/amount");
        assert_eq!(run(app, day(2098, 3, 5)), json!([1, 0, 0]));
        assert!(balances(app, "2098-03-05").contains(&(Account::LateCharges, -41_000)));
        books_are_sound(app);
    }

    fn the_policy_keeps_within_the_law_and_the_database_its_order(app: &TestApp) {
        let (_, invoice) = overdue(app);
        let refused = charging(app, &json!({ "fee": "100.01", "secondAfter": 3 }));
        assert_eq!(refused.refusals("reviseReminderPolicy"), [("OUT_OF_RANGE".to_owned(), "secondAfter".to_owned()), ("OUT_OF_RANGE".to_owned(), "fee".to_owned())]);
        assert_eq!(charging(app, &json!({ "version": 9 })).code(), "STALE");
        charging(app, &json!({ "reminders": false })).done("reviseReminderPolicy", "/reminderPolicy/fee/amount");
        assert_eq!(held(app, "2024-06-01"), "REMINDERS_OFF");
        charging(app, &json!({})).done("reviseReminderPolicy", "/reminderPolicy/fee/amount");
        let ahead = app.finance().tell(APPLY, json!({ "input": { "on": "2024-03-02" } }));
        assert_eq!(ahead.refusals("applyReminderRun"), [("OUT_OF_RANGE".to_owned(), "on".to_owned())]);
        let set = "mutation { setPrice(input: { product: REMINDER_FEE, amount: \"100\", validFrom: \"2024-01-01\", vatCategory: O, exemptionReason: \"x\" }) { userErrors { code field message } } }";
        assert_eq!(app.finance().ask(set).refusals("setPrice"), [("OUT_OF_RANGE".to_owned(), "product".to_owned())]);

        run(app, day(2024, 4, 5));
        let mut db = app.db();
        let reminder = reminders::of_invoices(&mut db, &[invoice]).unwrap().remove(&invoice).unwrap().remove(0);
        let skipping = reminders::Reminder { id: app.arrange(|tx| Ok(tx.new_id())), level: 3, ..reminder.clone() };
        assert!(diesel::insert_into(rows::table).values(&skipping).execute(&mut db).is_err());
        let again = reminders::Reminder { id: skipping.id, level: 1, ..reminder.clone() };
        assert!(diesel::insert_into(rows::table).values(&again).execute(&mut db).is_err());
        assert!(diesel::update(rows::table.find(reminder.id)).set(rows::level.eq(2)).execute(&mut db).is_err());
        assert!(diesel::delete(rows::table.find(reminder.id)).execute(&mut db).is_err());
        for actor in [app.secretariat(), app.auditor()] {
            assert_eq!(actor.tell(APPLY, json!({ "input": { "on": "2024-04-05" } })).code(), "FORBIDDEN");
        }
    }
}
