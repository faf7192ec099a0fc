//! Revenue over time and the closing of the books, through the public door.

use intercultural_cities::finance::invoices;
use intercultural_cities::finance::ledger::Account;
use intercultural_cities::kernel::ids::{Id, InvoiceId};
use intercultural_cities::server::worker::run_due;
use serde_json::{Value, json};

use crate::finance::arrange::{RECORD, draft, issued, member, paid, prices};
use crate::finance::credit_notes::credit;
use crate::finance::ledger::{balances, books_are_sound};
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};

pub const RECOGNISE: &str = "mutation ($through: Date!) { recogniseRevenue(input: { through: $through }) { run { id state } userErrors { code field message } } }";
const LOCK: &str = "mutation ($input: LockBooksInput!) { lockBooks(input: $input) { bookLocks { softThrough hardThrough version } userErrors { code field } } }";
const UNLOCK: &str = "mutation ($version: Int!) { unlockBooks(input: { version: $version }) { bookLocks { softThrough hardThrough version } userErrors { code field } } }";
const CLOSE: &str = "mutation ($input: CloseYearInput!) { closeYear(input: $input) { bookLocks { hardThrough version } userErrors { code field message } } }";

/// Recognises the revenue through a day, and waits for it.
#[track_caller]
pub fn recognise(finance: &Actor<'_>, through: &str) -> Value {
    let answer = finance.tell(RECOGNISE, json!({ "through": through }));
    answer.done("recogniseRevenue", "/run/id");
    run_due(&finance.app().app).unwrap();
    finance
        .ask("{ revenueRuns { through state postings } }")
        .data("/revenueRuns/0")
        .clone()
}

fn version(finance: &Actor<'_>) -> Value {
    finance
        .ask("{ bookLocks { version } }")
        .data("/bookLocks/version")
        .clone()
}

pub fn close_year(finance: &Actor<'_>, year: i32) -> Answer {
    let version = version(finance);
    finance.tell(
        CLOSE,
        json!({ "input": { "year": year, "version": version } }),
    )
}

pub fn lock(finance: &Actor<'_>, through: &str, kind: &str) -> Answer {
    let version = version(finance);
    finance.tell(
        LOCK,
        json!({ "input": { "through": through, "kind": kind, "version": version } }),
    )
}

/// What an account stands at on a day.
fn balance(app: &TestApp, account: Account, on: &str) -> i64 {
    let found = balances(app, on);
    let of_account = found.iter().find(|(known, _)| *known == account);
    of_account.map_or(0, |(_, minor)| *minor)
}

crate::both_databases! {
    fn a_year_is_earned_month_by_month_and_to_the_oere(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "Oslo", day(2026, 3, 15));
        // Issued in May: the months before are caught up with then, and never backwards.
        issued(app, membership, 2026, day(2026, 5, 20));
        let finance = app.finance();
        assert_eq!(recognise(&finance, "2026-04-30"), json!({ "through": "2026-04-30", "state": "DONE", "postings": 0 }));
        assert_eq!(recognise(&finance, "2026-06-30"), json!({ "through": "2026-06-30", "state": "DONE", "postings": 2 }));
        assert_eq!(balance(app, Account::FeeRevenue, "2026-04-30"), 0);
        // 60.000,00 over 17/31 + 9 months: 2 17/31 months by the end of May.
        assert_eq!(balance(app, Account::FeeRevenue, "2026-05-31"), -1_601_351);
        assert_eq!(balance(app, Account::FeeRevenue, "2026-06-30"), -2_229_730);
        // Asked again, nothing is posted twice; three months at once are posted month by month.
        assert_eq!(recognise(&finance, "2026-06-30")["postings"], 0);
        assert_eq!(recognise(&finance, "2026-10-31")["postings"], 4);
        app.set_today(2027, 1, 4);
        assert_eq!(recognise(&finance, "2026-12-31")["postings"], 2);
        assert_eq!(balance(app, Account::FeeRevenue, "2026-12-31"), -6_000_000);
        assert_eq!(balance(app, Account::DeferredRevenue, "2026-12-31"), 0);
        assert_eq!(recognise(&finance, "2026-12-31")["postings"], 0);
        let answer = finance.ask("{ revenue(year: 2026) { month account amount { amount } } deferredRevenue { month } }");
        assert_eq!(answer.data("/revenue/0"), &json!({ "month": "2026-05-31", "account": "FEE_REVENUE", "amount": { "amount": "16013.51" } }));
        assert_eq!(answer.data("/revenue").as_array().unwrap().len(), 8);
        assert_eq!(answer.data("/deferredRevenue"), &json!([]));
        books_are_sound(app);
    }

    fn a_credit_takes_back_what_was_earned_too_much(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        let finance = app.finance();
        recognise(&finance, "2026-09-30");
        assert_eq!(balance(app, Account::FeeRevenue, "2026-09-30"), -5_625_000);
        // The city left on 30 September: 56.095,89 are retained, 154,11 were earned too much.
        credit(&finance, invoice, Some("18904.11")).done("creditInvoice", "/creditNote/number");
        assert_eq!(balance(app, Account::FeeRevenue, "2026-12-31"), -5_609_589);
        assert_eq!(balance(app, Account::DeferredRevenue, "2026-12-31"), 0);
        assert_eq!(recognise(&finance, "2026-10-31")["postings"], 0);
        books_are_sound(app);
        // A part that is credited early is earned no more.
        let (_, membership) = member(app, "Lyon", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 11, 1));
        credit(&finance, invoice, Some("15000")).done("creditInvoice", "/creditNote/number");
        let answer = finance.ask("{ deferredRevenue { month amount { amount } } }");
        assert_eq!(answer.data("/deferredRevenue"), &json!([
            { "month": "2026-11-30", "amount": { "amount": "55000.00" } },
            { "month": "2026-12-31", "amount": { "amount": "5000.00" } },
        ]));
        books_are_sound(app);
    }

    fn closed_days_take_nothing_more(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2025, day(2026, 1, 15));
        let finance = app.finance();
        recognise(&finance, "2026-10-31");
        let answer = lock(&finance, "2026-10-31", "SOFT");
        assert_eq!(answer.done("lockBooks", "/bookLocks/softThrough"), "2026-10-31");
        // A payment of closed days keeps its day and counts to the first open one.
        paid(app, city, 1_000_000, day(2026, 10, 20), &[(invoice, 1_000_000)]);
        assert_eq!((balance(app, Account::Bank, "2026-10-31"), balance(app, Account::Bank, "2026-11-01")), (0, 1_000_000));
        let answer = finance.ask("{ ledgerTransactions(filter: { kind: [PAYMENT_RECEIVED] }) { totalCount nodes { postedOn documentedOn total { amount } lines { account debit { amount } credit { amount } invoice { number } } } } }");
        assert_eq!(answer.data("/ledgerTransactions"), &json!({ "totalCount": 1, "nodes": [{ "postedOn": "2026-11-01", "documentedOn": "2026-10-20", "total": { "amount": "10000.00" }, "lines": [
            { "account": "BANK", "debit": { "amount": "10000.00" }, "credit": { "amount": "0.00" }, "invoice": null },
            { "account": "RECEIVABLES", "debit": { "amount": "0.00" }, "credit": { "amount": "10000.00" }, "invoice": { "number": "F2026-000001" } },
        ] }] }));
        // An invoice is not dated into closed days.
        let late = draft(app, membership, 2026);
        let issue = |on: &str| {
            let input = json!({ "invoiceId": late.public(), "issuedOn": on, "version": 1 });
            finance.tell(crate::finance::arrange::ISSUE, json!({ "input": input }))
        };
        assert_eq!(issue("2026-10-31").refusals("issueInvoice"), [("OUT_OF_RANGE".to_owned(), "issuedOn".to_owned())]);
        let answer = finance.tell(UNLOCK, json!({ "version": version(&finance) }));
        assert_eq!(answer.data("/unlockBooks/bookLocks/version"), &json!(3));
        issue("2026-10-31").done("issueInvoice", "/invoice/number");

        // For good is for good.
        lock(&finance, "2026-09-30", "HARD").done("lockBooks", "/bookLocks/hardThrough");
        for (through, kind) in [("2026-09-30", "SOFT"), ("2026-08-31", "HARD"), ("2026-11-30", "SOFT"), ("2026-10-30", "HARD")] {
            lock(&finance, through, kind).refusal("lockBooks");
        }
        assert_eq!(finance.tell(UNLOCK, json!({ "version": version(&finance) })).refusal("unlockBooks"), "NOT_IN_STATE");
        // What the closed months had still to earn is caught up with in the first open one.
        let answer = recognise(&finance, "2026-10-31");
        assert_eq!(answer["state"], "DONE");
        books_are_sound(app);
    }

    fn a_year_is_closed_when_it_is_earned(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        paid(app, city, 7_500_000, day(2026, 2, 1), &[(invoice, 7_500_000)]);
        let finance = app.finance();
        assert_eq!(close_year(&finance, 2026).refusal("closeYear"), "OUT_OF_RANGE");
        app.set_today(2027, 1, 15);
        assert_eq!(close_year(&finance, 2026).refusal("closeYear"), "NOT_IN_STATE");
        recognise(&finance, "2026-12-31");
        let answer = close_year(&finance, 2026);
        assert_eq!(answer.done("closeYear", "/bookLocks/hardThrough"), "2026-12-31");
        assert_eq!(balances(app, "2026-12-31"), [(Account::Bank, 7_500_000), (Account::RetainedEarnings, -7_500_000)]);
        assert_eq!(close_year(&finance, 2026).refusal("closeYear"), "NOT_IN_STATE");
        // The year's revenue is still told as it was earned.
        let answer = finance.ask("{ revenue(year: 2026) { amount { amount } } trialBalance(asOf: \"2026-12-31\") { number name(language: \"da\") class balance { amount } } }");
        assert_eq!(answer.data("/revenue").as_array().unwrap().len(), 12);
        assert_eq!(answer.data("/trialBalance/2"), &json!({ "number": 5800, "name": "Bank", "class": "ASSET", "balance": { "amount": "75000.00" } }));
        // A credit in the new year counts to the new year.
        credit(&finance, invoice, Some("100")).done("creditInvoice", "/creditNote/number");
        assert_eq!(balances(app, "2026-12-31"), [(Account::Bank, 7_500_000), (Account::RetainedEarnings, -7_500_000)]);
        assert_eq!(balance(app, Account::FeeRevenue, "2027-12-31"), 10_000);
        books_are_sound(app);
    }

    fn the_books_are_for_those_who_see_all_invoices(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        issued(app, membership, 2026, day(2026, 1, 15));
        let query = "{ trialBalance(asOf: \"2026-12-31\") { account } }";
        assert_eq!(app.coordinator_of(city).ask(query).code(), "FORBIDDEN");
        assert_eq!(app.anonymous().ask(query).code(), "UNAUTHENTICATED");
        assert_eq!(app.secretariat().tell(RECOGNISE, json!({ "through": "2026-10-31" })).code(), "FORBIDDEN");
        app.auditor().ask(query).data("/trialBalance/0");
    }

    fn the_journal_leaves_with_control_totals_and_is_the_same_again(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Åbenrå & Omegn", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        paid(app, city, 7_500_000, day(2026, 2, 1), &[(invoice, 7_500_000)]);
        let finance = app.finance();
        let file = finance.get("/api/v1/exports/journal.csv?from=2026-01-01&through=2026-01-31&delimiter=semicolon");
        let text = String::from_utf8(file.body.clone()).unwrap();
        let rows: Vec<&str> = text.lines().map(|line| line.split_once(';').unwrap().1).collect();
        assert_eq!(rows, [
            "posted_on;documented_on;kind;number;city;country;account;account_name;currency;debit;credit;invoice",
            "2026-01-15;2026-01-15;invoice_issued;F2026-000001;Åbenrå & Omegn;DK;5600;Receivables;DKK;75000,00;0,00;F2026-000001",
            "2026-01-15;2026-01-15;invoice_issued;F2026-000001;Åbenrå & Omegn;DK;6520;Deferred revenue;DKK;0,00;75000,00;F2026-000001",
            ";;control_total;2 lines;;;;;DKK;75000,00;75000,00;",
        ]);
        let workbook = finance.get("/api/v1/exports/journal.xlsx");
        let again = finance.get("/api/v1/exports/journal.xlsx");
        assert_eq!(workbook.body, again.body);
        let mut sheets: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(workbook.body)).unwrap();
        let range = calamine::Reader::worksheet_range(&mut sheets, "journal").unwrap();
        assert_eq!(range.height(), 1 + 4 + 1);
        let cell = |row: usize, column: usize| range.get((row, column)).unwrap().to_string();
        assert_eq!((cell(5, 3), cell(5, 4), cell(5, 10), cell(5, 11)), ("control_total".to_owned(), "4 lines".to_owned(), "150000".to_owned(), "150000".to_owned()));
        assert_eq!(cell(1, 5), "Åbenrå & Omegn");
        for (path, status) in [("cities.csv?from=2026-01-01", 400), ("journal.xlsx?bom=true", 400), ("journal.csv?from=soon", 400), ("nothing.xlsx", 404)] {
            assert_eq!(finance.get(&format!("/api/v1/exports/{path}")).status, status, "{path}");
        }
        assert_eq!(app.coordinator_of(city).get("/api/v1/exports/journal.xlsx").status, 403);
        assert_eq!(app.anonymous().get("/api/v1/exports/journal.csv").status, 401);
    }

    fn claims_age_and_are_expected_when_they_are_due(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let early = issued(app, membership, 2025, day(2026, 6, 1));
        issued(app, membership, 2026, day(2026, 11, 1));
        paid(app, city, 2_500_000, day(2026, 10, 1), &[(early, 2_500_000)]);
        let finance = app.finance();
        let answer = finance.ask("{ now: receivablesAging { age invoices open { amount } } then: receivablesAging(asOf: \"2026-09-29\") { age invoices open { amount } } cashForecast { month amount { amount } } }");
        let claims = |age: &str, open: &str| json!({ "age": age, "invoices": 1, "open": { "amount": open } });
        assert_eq!(answer.data("/now"), &json!([claims("NOT_DUE", "75000.00"), claims("LATER", "50000.00")]));
        assert_eq!(answer.data("/then"), &json!([claims("THIRD_MONTH", "75000.00")]));
        assert_eq!(answer.data("/cashForecast"), &json!([
            { "month": "2026-11-30", "amount": { "amount": "50000.00" } },
            { "month": "2026-12-31", "amount": { "amount": "75000.00" } },
        ]));
        paid(app, city, 5_000_000, day(2026, 11, 1), &[(early, 5_000_000)]);
        let answer = finance.ask("{ receivablesAging { age } }");
        assert_eq!(answer.data("/receivablesAging"), &json!([{ "age": "NOT_DUE" }]));
        books_are_sound(app);
    }

    fn closing_waits_for_what_is_being_posted(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice: InvoiceId = issued(app, membership, 2026, day(2026, 1, 15));
        // Twenty payments of a day in October race with the closing of October: each counts to October
        // or to November, or is refused and can be sent again.
        let input = json!({ "cityId": city.public(), "amount": "1.00", "receivedOn": "2026-10-20", "allocateTo": [{ "invoiceId": invoice.public(), "amount": "1.00" }] });
        let recorded: i64 = std::thread::scope(|scope| {
            let pay = || {
                let answer = app.finance().tell(RECORD, json!({ "input": input }));
                match answer.refusals("recordPayment").as_slice() {
                    [] => 1,
                    [(code, field)] => {
                        assert_eq!((code.as_str(), field.as_str()), ("NOT_IN_STATE", ""));
                        0
                    }
                    other => panic!("{other:?}"),
                }
            };
            let payers: Vec<_> = (0..20).map(|_| scope.spawn(pay)).collect();
            scope.spawn(|| lock(&app.finance(), "2026-10-31", "HARD").done("lockBooks", "/bookLocks/hardThrough"));
            payers.into_iter().map(|payer| payer.join().unwrap()).sum()
        });
        assert_eq!(balance(app, Account::Bank, "2026-12-31"), recorded * 100);
        assert_eq!(invoices::get(&mut app.db(), invoice).unwrap().allocated_minor, recorded * 100);
        books_are_sound(app);
    }
}
