//! The books: what each deed posts, and that the database keeps them balanced and as they are.

use diesel::connection::SimpleConnection;
use intercultural_cities::db::Db;
use intercultural_cities::finance::invoices;
use intercultural_cities::finance::ledger::{self, Account};
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::workflows::checks;

use crate::finance::arrange::{issued, member, paid, prices};
use crate::finance::credit_notes::credit;
use crate::support::app::{TestApp, day};

/// What `doctor` asks of the records is well, and the kept sums are those of the invoices.
#[track_caller]
pub fn books_are_sound(app: &TestApp) {
    let wrong: Vec<_> = checks::records(&mut app.db())
        .unwrap()
        .into_iter()
        .filter(|check| !check.ok)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
}

/// What every account stands at on a day.
pub fn balances(app: &TestApp, on: &str) -> Vec<(Account, i64)> {
    let on = intercultural_cities::kernel::period::parse_date(on).unwrap();
    ledger::balances_until(&mut app.db(), on)
        .unwrap()
        .into_iter()
        .map(|balance| (balance.account, balance.balance_minor()))
        .filter(|(_, minor)| *minor != 0)
        .collect()
}

fn try_sql(db: &mut Db, statements: &str) -> Result<(), String> {
    let done = match db {
        Db::Sqlite(connection) => connection.batch_execute(statements),
        Db::Postgres(connection) => connection.batch_execute(statements),
    };
    done.map_err(|error| error.to_string())
}

/// A key as this database writes it in a statement.
fn key(db: &Db, digit: char) -> String {
    let hex: String = std::iter::repeat_n(digit, 32).collect();
    match db {
        Db::Sqlite(_) => format!("x'{hex}'"),
        Db::Postgres(_) => format!("'{hex}'"),
    }
}

crate::both_databases! {
    fn every_deed_is_posted_and_the_books_say_what_is_open(app: &TestApp) {
        use Account::{Bank, DeferredRevenue, Receivables, UnappliedCredit};
        prices(app);
        let (city, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        let open = [(Receivables, 7_500_000), (DeferredRevenue, -7_500_000)];
        assert_eq!(balances(app, "2026-01-15"), open);
        assert_eq!(balances(app, "2026-01-14"), []);
        // Money that came before the invoice waits until its date.
        paid(app, city, 8_000_000, day(2026, 1, 10), &[(invoice, 7_000_000)]);
        assert_eq!(balances(app, "2026-01-10"), [(Bank, 8_000_000), (UnappliedCredit, -8_000_000)]);
        assert_eq!(balances(app, "2026-01-31"), [(Receivables, 500_000), (Bank, 8_000_000), (UnappliedCredit, -1_000_000), (DeferredRevenue, -7_500_000)]);
        // The credit takes more than is open: the rest is the payer's again.
        let finance = app.finance();
        credit(&finance, invoice, Some("18904.11")).done("creditInvoice", "/creditNote/number");
        assert_eq!(balances(app, "2026-12-31"), [(Bank, 8_000_000), (UnappliedCredit, -2_390_411), (DeferredRevenue, -5_609_589)]);
        books_are_sound(app);
    }

    fn the_database_keeps_the_books_balanced_and_as_they_are(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "Oslo", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 1, 15));
        let mut db = app.db();
        let (id, other) = (key(&db, 'a'), key(&db, 'b'));
        let stamp = if matches!(db, Db::Sqlite(_)) { "0" } else { "'2026-01-01'" };
        let line = |transaction: &str, position: i32, amount: i64, currency: &str| {
            format!("INSERT INTO ledger_lines VALUES ({transaction}, {position}, 'BANK', '{currency}', '2026-02-01', {amount}, NULL);")
        };
        let header = |total: i64| {
            format!("INSERT INTO ledger_transactions VALUES ({id}, 'PAYMENT_RECEIVED', {id}, NULL, NULL, 'DKK', '2026-02-01', '2026-02-01', {total}, {stamp}, NULL);")
        };
        let refused = [
            (format!("{}{}", line(&id, 1, 5, "DKK"), header(5)), "unbalanced"),
            (format!("{}{}{}", line(&id, 1, 5, "DKK"), line(&id, 2, -4, "DKK"), header(5)), "unbalanced"),
            (format!("{}{}{}", line(&id, 1, 5, "DKK"), line(&id, 2, -5, "EUR"), header(5)), "unbalanced"),
            (format!("{}{}{}", line(&id, 1, 5, "DKK"), line(&id, 2, -5, "DKK"), header(6)), "unbalanced"),
            (header(5), "unbalanced"),
            // Lines without a transaction are refused when they are to be kept.
            (line(&id, 1, 5, "DKK"), "FOREIGN KEY|foreign key"),
        ];
        for (statements, why) in refused {
            let error = try_sql(&mut db, &format!("BEGIN; {statements} COMMIT;")).unwrap_err();
            let _ = try_sql(&mut db, "ROLLBACK;");
            assert!(why.split('|').any(|why| error.contains(why)), "{statements}: {error}");
        }
        try_sql(&mut db, &format!("BEGIN; {}{}{} COMMIT;", line(&id, 1, 5, "DKK"), line(&id, 2, -5, "DKK"), header(5))).unwrap();
        let late = [
            line(&id, 3, 5, "DKK"),
            "UPDATE ledger_lines SET amount_minor = 7 WHERE position = 1;".to_owned(),
            "DELETE FROM ledger_lines;".to_owned(),
            "UPDATE ledger_transactions SET posted_on = '2026-03-01';".to_owned(),
            "DELETE FROM ledger_transactions;".to_owned(),
        ];
        for statement in late {
            let error = try_sql(&mut db, &statement).unwrap_err();
            assert!(error.contains("append only"), "{statement}: {error}");
        }
        if matches!(db, Db::Sqlite(_)) {
            for statement in [header(5), line(&id, 1, 9, "DKK")] {
                let replaced = statement.replace("INSERT INTO", "INSERT OR REPLACE INTO");
                let error = try_sql(&mut db, &replaced).unwrap_err();
                assert!(error.contains("append only"), "{replaced}: {error}");
            }
        }
        // What is posted once is not posted again.
        let subject = match &db {
            Db::Sqlite(_) => format!("x'{}'", invoice.uuid().simple()),
            Db::Postgres(_) => format!("'{}'", invoice.uuid()),
        };
        let again = format!("BEGIN; {}{}INSERT INTO ledger_transactions VALUES ({other}, 'INVOICE_ISSUED', {subject}, NULL, NULL, 'DKK', '2026-02-01', '2026-02-01', 5, {stamp}, NULL); COMMIT;", line(&other, 1, 5, "DKK"), line(&other, 2, -5, "DKK"));
        let error = try_sql(&mut db, &again).unwrap_err();
        let _ = try_sql(&mut db, "ROLLBACK;");
        assert!(error.to_lowercase().contains("unique"), "{error}");
    }
}
