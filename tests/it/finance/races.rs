//! Many at once: numbers without a gap, one effect of one key, one winner of the last open amount.

use std::collections::BTreeSet;

use intercultural_cities::finance::{invoices, payments};
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::registry::cities;
use intercultural_cities::workflows::checks;
use serde_json::json;

use crate::finance::arrange::{
    ALLOCATE, ISSUE, RECORD, copenhagen, draft, issued, member, paid, prices,
};
use crate::finance::credit_notes::credit;
use crate::finance::ledger::books_are_sound;
use crate::finance::refunds::refund;
use crate::finance::write_offs::write_off;
use crate::support::actor::Answer;
use crate::support::app::{TestApp, day};

/// Runs `work` on threads of its own, all begun before any is awaited.
pub fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        let (gate, work) = (&gate, &work);
        let started: Vec<_> = (0..count)
            .map(|index| {
                scope.spawn(move || {
                    gate.wait();
                    work(index)
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// Whoever works on a city does not keep its payments out. SQLite has one writer at a time, so this
/// is about the row locks of PostgreSQL.
#[test]
fn a_payment_is_recorded_while_somebody_works_on_its_city() {
    let Some(app) = TestApp::postgres() else {
        return;
    };
    let (city, _) = member(&app, "Oslo", day(2026, 1, 1));
    let finance = app.finance();
    app.arrange(|tx| {
        cities::lock(tx, city)?;
        let record = json!({ "input": { "cityId": city.public(), "amount": "100", "receivedOn": "2026-05-01" } });
        finance
            .tell(RECORD, record)
            .done("recordPayment", "/payment/id");
        Ok(())
    });
}

crate::both_databases! {
    fn a_hundred_issues_at_once_are_numbered_without_a_gap(app: &TestApp) {
        prices(app);
        let drafts: Vec<String> = (0..100).map(|index| {
            let (_, membership) = member(app, &format!("City {index}"), day(2026, 1, 1));
            draft(app, membership, 2026).public()
        }).collect();
        let finance = app.finance();
        let answers: Vec<Answer> = drafts.chunks(20).flat_map(|part| {
            at_once(part.len(), |index| finance.tell(ISSUE, json!({ "input": { "invoiceId": part[index], "version": 1 } })))
        }).collect();
        let numbers: BTreeSet<String> = answers.iter().map(|answer| answer.done("issueInvoice", "/invoice/number")).collect();
        let expected: BTreeSet<String> = (1..=100).map(|number| format!("F2026-{number:06}")).collect();
        assert_eq!(numbers, expected);
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn forty_credits_at_once_never_take_back_more_than_the_invoice(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        paid(app, city, 4_000_000, day(2026, 6, 1), &[(invoice, 4_000_000)]);
        let (one, other) = (app.finance(), app.finance());
        let spare: Vec<_> = (0..4).map(|_| paid(app, city, 100_000, day(2026, 6, 1), &[]).public()).collect();
        let outcomes = at_once(40, |index| {
            // Some allocate meanwhile: whoever locks money and invoice locks the money first.
            if let Some(payment) = spare.get(index) {
                let input = json!({ "paymentId": payment, "invoiceId": invoice.public(), "amount": "1" });
                one.tell(ALLOCATE, json!({ "input": input })).refusals("allocatePayment");
                return None;
            }
            let actor = if index % 2 == 0 { &one } else { &other };
            loop {
                let answer = credit(actor, invoice, Some("14000"));
                if answer.body["errors"][0]["extensions"]["code"] == "STALE" {
                    continue;
                }
                return Some(answer.refusals("creditInvoice"));
            }
        });
        let credited = outcomes.iter().flatten().filter(|refusals| refusals.is_empty()).count();
        let exceeding = outcomes.iter().flatten().filter(|refusals| refusals.first().is_some_and(|(code, _)| code == "EXCEEDS_INVOICE")).count();
        assert_eq!((credited, exceeding), (4, 32), "{outcomes:?}");
        let left = invoices::get(&mut app.db(), invoice).unwrap();
        assert_eq!((left.credited_minor, left.allocated_minor), (5_600_000, 400_000));
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
        let wrong: Vec<_> = checks::records(&mut app.db()).unwrap().into_iter().filter(|check| !check.ok).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    fn twenty_refunds_at_once_never_pay_back_more_than_is_left(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        let payment = paid(app, city, 100_000, day(2026, 3, 1), &[]);
        let finance = app.finance();
        let outcomes = at_once(20, |index| loop {
            // Some use the money meanwhile.
            let answer = if index < 4 {
                let input = json!({ "paymentId": payment.public(), "invoiceId": invoice.public(), "amount": "150" });
                finance.tell(ALLOCATE, json!({ "input": input }))
            } else {
                refund(&finance, payment, &json!({ "amount": "150" }))
            };
            if answer.body["errors"][0]["extensions"]["code"] != "STALE" {
                let field = if index < 4 { "allocatePayment" } else { "refundPayment" };
                return answer.refusals(field);
            }
        });
        let done = outcomes.iter().filter(|refusals| refusals.is_empty()).count();
        let exceeding = outcomes.iter().filter(|refusals| refusals.first().is_some_and(|(code, _)| code == "EXCEEDS_PAYMENT")).count();
        assert_eq!((done, exceeding), (6, 14), "{outcomes:?}");
        assert_eq!(payments::get(&mut app.db(), payment).unwrap().unallocated_minor(), 10_000);
        books_are_sound(app);
    }

    fn twenty_write_offs_at_once_never_give_up_more_than_is_open(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        let spare: Vec<_> = (0..4).map(|_| paid(app, city, 700_000, day(2026, 6, 1), &[]).public()).collect();
        let finance = app.finance();
        let outcomes = at_once(20, |index| loop {
            let answer = match spare.get(index) {
                Some(payment) => {
                    let input = json!({ "paymentId": payment, "invoiceId": invoice.public(), "amount": "7000" });
                    finance.tell(ALLOCATE, json!({ "input": input }))
                }
                None => write_off(&finance, invoice, &json!({ "amount": "7000" })),
            };
            if answer.body["errors"][0]["extensions"]["code"] != "STALE" {
                let field = if index < 4 { "allocatePayment" } else { "writeOff" };
                return answer.refusals(field);
            }
        });
        let done = outcomes.iter().filter(|refusals| refusals.is_empty()).count();
        let exceeding = outcomes.iter().filter(|refusals| refusals.first().is_some_and(|(code, _)| code == "EXCEEDS_OPEN_AMOUNT")).count();
        assert_eq!((done, exceeding), (5, 15), "{outcomes:?}");
        let left = invoices::get(&mut app.db(), invoice).unwrap();
        assert_eq!(left.open_minor(), 500_000);
        books_are_sound(app);
    }

    fn sixteen_times_the_same_request_is_one_effect(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2026, 1, 1));
        let draft = draft(app, membership, 2026);
        let finance = app.finance();
        let issue = json!({ "input": { "invoiceId": draft.public(), "version": 1 } });
        let issued = at_once(16, |_| finance.ask_keyed(ISSUE, issue.clone(), Some("issue")).done("issueInvoice", "/invoice/number"));
        assert!(issued.iter().all(|number| number == "F2026-000001"), "{issued:?}");

        let record = json!({ "input": { "cityId": city.public(), "amount": "100", "receivedOn": "2026-05-01" } });
        let payments: BTreeSet<String> = at_once(16, |_| finance.ask_keyed(RECORD, record.clone(), Some("record")).done("recordPayment", "/payment/id")).into_iter().collect();
        assert_eq!(payments.len(), 1);

        let payment = payments.into_iter().next().unwrap();
        let allocate = json!({ "input": { "paymentId": payment, "invoiceId": draft.public(), "amount": "60" } });
        let allocations: BTreeSet<String> = at_once(16, |_| finance.ask_keyed(ALLOCATE, allocate.clone(), Some("allocate")).done("allocatePayment", "/allocation/id")).into_iter().collect();
        assert_eq!(allocations.len(), 1);
        assert_eq!(invoices::get(&mut app.db(), draft).unwrap().allocated_minor, 6_000);
    }

    fn the_last_open_amount_has_one_winner(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        let payments: Vec<String> = (0..40).map(|_| paid(app, city, 4_000_000, day(2026, 6, 1), &[]).public()).collect();
        let finance = app.finance();
        let answers = at_once(40, |index| {
            let input = json!({ "paymentId": payments[index], "invoiceId": invoice.public(), "amount": "40000" });
            finance.tell(ALLOCATE, json!({ "input": input })).refusals("allocatePayment")
        });
        assert_eq!(answers.iter().filter(|refusals| refusals.is_empty()).count(), 1);
        assert_eq!(answers.iter().filter(|refusals| refusals == &&[("EXCEEDS_OPEN_AMOUNT".to_owned(), "amount".to_owned())]).count(), 39);
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn the_rest_of_a_payment_has_one_winner(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let drafts: Vec<_> = (2020..2026).map(|year| crate::finance::arrange::issued(app, membership, year, day(2026, 4, 1)).public()).collect();
        let payment = paid(app, city, 7_500_000, day(2026, 6, 1), &[]).public();
        let finance = app.finance();
        let answers = at_once(drafts.len(), |index| {
            let input = json!({ "paymentId": payment, "invoiceId": drafts[index], "amount": "75000" });
            finance.tell(ALLOCATE, json!({ "input": input })).refusals("allocatePayment")
        });
        assert_eq!(answers.iter().filter(|refusals| refusals.is_empty()).count(), 1);
        assert_eq!(answers.iter().filter(|refusals| refusals.first().is_some_and(|(code, _)| code == "EXCEEDS_PAYMENT")).count(), drafts.len() - 1);
    }
}
