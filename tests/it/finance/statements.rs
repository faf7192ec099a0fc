//! The account of a city through the public door: what moved it, that it adds up with what is open, its
//! pages, and who sees it.

use diesel::prelude::*;
use intercultural_cities::finance::payments::{self, NewAllocation};
use intercultural_cities::finance::{invoices, statements};
use intercultural_cities::kernel::ids::{CityId, Id};
use intercultural_cities::kernel::money::Currency;
use intercultural_cities::schema::payments as rows;
use serde_json::json;

use crate::finance::arrange::{copenhagen, issued, member, paid, prices};
use crate::finance::credit_notes::credit;
use crate::finance::reversals::reverse;
use crate::finance::write_offs::write_off;
use crate::support::app::{TestApp, day};

const ASK: &str = "query ($id: ID!, $from: Date, $through: Date) { accountStatement(cityId: $id, from: $from, through: $through) { currency from through openingBalance { amount } closingBalance { amount } entries { kind countsFrom number text(language: \"da\") amount { amount } balance { amount } } } }";

/// What is open on a city's invoices less what is unused of its payments, now.
fn owed(app: &TestApp, city: CityId) -> i64 {
    let mut db = app.db();
    let open = invoices::open_of_cities(&mut db, &[city], "DKK", None).unwrap();
    let unused: Vec<(i64, i64, i64)> = rows::table
        .filter(rows::city_id.eq(city))
        .select((
            rows::amount_minor,
            rows::allocated_minor,
            rows::returned_minor,
        ))
        .load(&mut db)
        .unwrap();
    let unused: i64 = unused
        .into_iter()
        .map(|(amount, used, back)| amount - used - back)
        .sum();
    open.get(&city).copied().unwrap_or_default() - unused
}

/// The account through today says what is owed today.
#[track_caller]
fn adds_up(app: &TestApp, city: CityId) {
    let through = app.now().date_in(chrono_tz::Europe::Copenhagen);
    let moved = statements::movements_until(&mut app.db(), city, Currency::DKK, through).unwrap();
    let found = statements::statement(moved, Currency::DKK, (day(2020, 1, 1), through)).unwrap();
    assert_eq!(found.closing_minor, owed(app, city));
}

crate::both_databases! {
    fn an_account_shows_all_that_moved_it(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Århus", day(2026, 1, 1));
        let (other, others) = member(app, "Oslo", day(2026, 1, 1));
        let first = issued(app, membership, 2026, day(2026, 1, 15));
        let second = issued(app, membership, 2027, day(2026, 2, 1));
        let foreign = issued(app, others, 2026, day(2026, 2, 2));
        adds_up(app, city);
        let early = paid(app, city, 7_500_000, day(2026, 2, 10), &[(first, 7_500_000)]);
        paid(app, city, 8_000_000, day(2026, 3, 1), &[(second, 7_500_000)]);
        adds_up(app, city);
        // A part of another city's payment settles an invoice of this one, and the other way round.
        let theirs = paid(app, other, 1_000_000, day(2026, 4, 1), &[]);
        assert_eq!(reverse(&app.finance(), early, "2026-03-20").refusals("reversePayment").len(), 0);
        adds_up(app, city);
        for (payment, invoice, amount) in [(theirs, first, "5000"), (payments_of(app, city), foreign, "1000")] {
            let new = NewAllocation { payment, invoice, amount: amount.to_owned(), other_city: true };
            app.arrange(|tx| payments::allocate(tx, &new));
            adds_up(app, city);
            adds_up(app, other);
        }
        let finance = app.finance();
        write_off(&finance, first, &json!({ "amount": "100", "kind": "SMALL_DIFFERENCE" })).done("writeOff", "/writeOff/id");
        adds_up(app, city);
        credit(&finance, second, None).done("creditInvoice", "/creditNote/id");
        adds_up(app, city);

        let answer = app.coordinator_of(city).ask_with(ASK, json!({ "id": city.public(), "from": "2026-02-01", "through": "2026-03-31" }));
        let account = answer.data("/accountStatement");
        assert_eq!((&account["openingBalance"]["amount"], &account["closingBalance"]["amount"]), (&json!("75000.00"), &json!("71000.00")));
        let shown: Vec<_> = account["entries"].as_array().unwrap().iter().map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            (text("countsFrom"), text("text"), one["amount"]["amount"].as_str().unwrap().to_owned(), one["balance"]["amount"].as_str().unwrap().to_owned())
        }).collect();
        let line = |day: &str, text: &str, amount: &str, balance: &str| (day.to_owned(), text.to_owned(), amount.to_owned(), balance.to_owned());
        assert_eq!(shown, [
            line("2026-02-01", "Faktura F2026-000002", "75000.00", "150000.00"),
            line("2026-02-10", "Indbetaling", "-75000.00", "75000.00"),
            line("2026-03-01", "Indbetaling", "-80000.00", "-5000.00"),
            // It counts from the day the money came.
            line("2026-03-01", "Brugt for en anden by F2026-000003", "1000.00", "-4000.00"),
            line("2026-03-20", "Indbetaling ført tilbage", "75000.00", "71000.00"),
        ]);
    }

    fn an_account_is_seen_by_its_city_and_written_as_pages(app: &TestApp) {
        let (city, _, _) = copenhagen(app);
        let (other, _) = member(app, "Oslo", day(2026, 1, 1));
        let answer = app.finance().ask_with(ASK, json!({ "id": city.public() }));
        assert_eq!((answer.text("/accountStatement/from"), answer.text("/accountStatement/closingBalance/amount")), ("2026-01-01", "40000.00"));
        for viewer in [app.coordinator_of(other), app.anonymous()] {
            let answer = viewer.ask_with(ASK, json!({ "id": city.public() }));
            assert_eq!(answer.data("/accountStatement"), &json!(null));
            let status = viewer.get(&format!("/api/v1/cities/{}/statement.pdf", city.public())).status;
            assert!([401, 404].contains(&status), "{status}");
        }
        let answer = app.finance().ask_with(ASK, json!({ "id": city.public(), "from": "2026-03-01", "through": "2026-02-01" }));
        assert_eq!(answer.code(), "BAD_REQUEST");
        for (query, status) in [("", 200), ("?language=en&from=2026-01-01", 200), ("?language=sv", 400), ("?from=2026-02-30", 400), ("?from=2026-03-01&through=2026-02-01", 400)] {
            let reply = app.coordinator_of(city).get(&format!("/api/v1/cities/{}/statement.pdf{query}", city.public()));
            assert_eq!(reply.status, status, "{query}");
            if status == 200 {
                assert!(reply.body.starts_with(b"%PDF-"));
            }
        }
    }
}

/// The payment of a city that has something left.
fn payments_of(app: &TestApp, city: CityId) -> intercultural_cities::kernel::ids::PaymentId {
    rows::table
        .filter(rows::city_id.eq(city))
        .filter(rows::amount_minor.eq(8_000_000))
        .select(rows::id)
        .first(&mut app.db())
        .unwrap()
}
