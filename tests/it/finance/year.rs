//! A year of the network's money, with the clock moved, and the books looked at after every step: fee run,
//! the bank's file of 200 entries, a return by the bank, grants of 60 % and 40 %, credits, reminders, a package in seven instalments that is ended,
//! a city that leaves, the end of the year and its closing. What it is not: a test of each of these.

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use intercultural_cities::finance::invoices::{self, NewPackageInvoice};
use intercultural_cities::finance::ledger::{self, Account};
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId, MembershipId, PackageId};
use intercultural_cities::schema::{invoices as rows, memberships, sellers};
use intercultural_cities::server::worker::run_due;
use serde_json::json;

use crate::finance::arrange::{ask_issue, membership, package, paid, prices};
use crate::finance::bank::{
    Line, Paid, by_slip, by_text, confirm_all, notification, statement, take_in,
};
use crate::finance::closing::{close_year, recognise};
use crate::finance::credit_notes::credit;
use crate::finance::fee_refunds::refund;
use crate::finance::fee_runs::apply;
use crate::finance::grants::{awarded, fund, shares_of, totals};
use crate::finance::ledger::{balances, books_are_sound};
use crate::finance::package_billing::terminate;
use crate::finance::reminders;
use crate::finance::write_offs::write_off;
use crate::support::app::{TestApp, day};

/// A city with the invoice of its fee.
struct Billed {
    city: CityId,
    membership: MembershipId,
    invoice: InvoiceId,
    total: i64,
}

/// The books balance, and say of every claim what the invoices say.
#[track_caller]
fn balanced(app: &TestApp) {
    books_are_sound(app);
    let all = ledger::balances_until(&mut app.db(), day(2100, 1, 1)).unwrap();
    let sum: i64 = all.iter().map(ledger::Balance::balance_minor).sum();
    assert_eq!(sum, 0);
    let open: Vec<(i64, i64, i64, i64)> = rows::table
        .filter(rows::status.eq_any(["ISSUED", "SENT", "PARTLY_PAID"]))
        .select((
            rows::total_minor,
            rows::credited_minor,
            rows::allocated_minor,
            rows::written_off_minor,
        ))
        .load(&mut app.db())
        .unwrap();
    let open: i64 = open
        .into_iter()
        .map(|(total, credited, allocated, written_off)| total - credited - allocated - written_off)
        .sum();
    assert_eq!(of(app, Account::Receivables, "2100-01-01"), open);
}

/// What the bank tells of two days in March: 200 entries.
fn paid_by_bank(app: &TestApp, all: &[Billed]) -> Vec<Line<'static>> {
    let number = |one: &Billed| {
        let invoice = invoices::get(&mut app.db(), one.invoice).unwrap();
        invoice.number.unwrap()
    };
    let slip = |one: &Billed, minor| by_slip(&number(one), minor);
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (place, one) in all[..27].iter().enumerate() {
        lines.push(Line::came(format!("Y{place}"), slip(one, one.total)));
    }
    let parts = all[27..30].iter().map(|one| slip(one, one.total)).collect();
    lines.push(Line {
        parts,
        ..Line::came("Y27", Paid::default())
    });
    let twice = by_text(number(&all[3]), all[3].total);
    lines.push(Line::came("Y3 again", twice));
    for (place, one) in all[30..34].iter().enumerate() {
        lines.push(Line::came(format!("Z{place}"), slip(one, one.total / 3)));
    }
    lines.push(Line::came("Z4", slip(&all[34], all[34].total - 1)));
    while lines.len() < 200 {
        let place = lines.len();
        let fee = Line::came(
            format!("G{place}"),
            by_text(format!("Gebyr {place}"), 2_500),
        );
        lines.push(Line {
            debit: true,
            pending: place.is_multiple_of(20),
            ..fee
        });
    }
    lines
        .into_iter()
        .map(|line| Line {
            day: "2026-03-24",
            ..line
        })
        .collect()
}

/// What an account stands at on a day.
fn of(app: &TestApp, account: Account, on: &str) -> i64 {
    let found = balances(app, on);
    let known = found.iter().find(|(known, _)| *known == account);
    known.map_or(0, |(_, minor)| *minor)
}

fn today(app: &TestApp, on: NaiveDate) {
    use chrono::Datelike;
    app.set_today(on.year(), on.month(), on.day());
}

/// Forty cities, half of them members for years, half of them joined on odd days of this one.
fn forty_cities(app: &TestApp) -> Vec<(CityId, MembershipId)> {
    (0_u64..40)
        .map(|number| {
            let city = app.city(&format!("City {number:02}"), "DK");
            let since = if number % 2 == 0 {
                day(2020, 1, 1)
            } else {
                day(2026, 1, 3) + Days::new(number * 9)
            };
            (city, membership(app, city, since, None))
        })
        .collect()
}

fn billed(app: &TestApp, cities: &[(CityId, MembershipId)]) -> Vec<Billed> {
    let found: Vec<(InvoiceId, MembershipId, i64)> = rows::table
        .filter(rows::status.eq("ISSUED"))
        .select((
            rows::id,
            rows::membership_id.assume_not_null(),
            rows::total_minor,
        ))
        .load(&mut app.db())
        .unwrap();
    cities
        .iter()
        .map(|(city, membership)| {
            let (invoice, _, total) = found.iter().find(|(_, of, _)| of == membership).unwrap();
            Billed {
                city: *city,
                membership: *membership,
                invoice: *invoice,
                total: *total,
            }
        })
        .collect()
}

/// Issues the next instalment of a package.
fn instalment(app: &TestApp, package: PackageId, on: NaiveDate) -> i64 {
    today(app, on);
    let new = NewPackageInvoice {
        package,
        instalment: None,
    };
    let id = app.arrange(|tx| invoices::draft_package(tx, &new));
    ask_issue(&app.finance(), &id.public(), None).done("issueInvoice", "/invoice/number");
    invoices::get(&mut app.db(), id).unwrap().net_minor
}

crate::both_databases! {
    fn a_year_from_the_fee_run_to_its_closing(app: &TestApp) {
        app.set_today(2026, 12, 29);
        prices(app);
        app.arrange(|tx| Ok(diesel::update(sellers::table).set(sellers::last_year.eq("daily")).execute(tx.db)?));
        let cities = forty_cities(app);
        app.set_today(2026, 3, 2);
        apply(&app.finance(), 2026, "2026-03-02", "ISSUE");
        run_due(&app.app).unwrap();
        let all = billed(app, &cities);
        let fees: i64 = all.iter().map(|one| one.total).sum();
        assert_eq!(all[0].total, 7_500_000);
        assert_eq!(of(app, Account::Receivables, "2026-03-02"), fees);
        balanced(app);
        // Applied again, there is nothing left to invoice.
        apply(&app.finance(), 2026, "2026-03-02", "ISSUE");
        run_due(&app.app).unwrap();
        assert_eq!(of(app, Account::Receivables, "2026-03-02"), fees);

        // The bank's file of 200 entries: thirty pay, three of them in one sum, one twice, one an øre less;
        // four pay a part, six nothing; the rest is none of ours.
        app.set_today(2026, 3, 25);
        take_in(app, &statement("08", 1, &paid_by_bank(app, &all)));
        balanced(app);
        assert_eq!(confirm_all(app), 1);
        assert!(all[..30].iter().all(|one| invoices::get(&mut app.db(), one.invoice).unwrap().open_minor() == 0));
        balanced(app);
        write_off(&app.finance(), all[34].invoice, &json!({ "kind": "SMALL_DIFFERENCE" })).done("writeOff", "/writeOff/id");
        // The bank takes one payment back, and tells all of it again.
        let back = Line { debit: true, reversal: true, day: "2026-03-25", ..paid_by_bank(app, &all)[7].clone() };
        take_in(app, &statement("08", 2, &[back]));
        assert_eq!(confirm_all(app), 1);
        let again = take_in(app, &notification("02", &paid_by_bank(app, &all)));
        assert_eq!(again["statements"][0]["new"], 0);
        balanced(app);
        assert_eq!(invoices::get(&mut app.db(), all[7].invoice).unwrap().open_minor(), all[7].total);

        // Two funders pay 60 % and 40 % of a fee that is invoiced: the claim is theirs, and nothing else moves.
        let funded = &all[36];
        let (sixty, forty) = (awarded(app, funded.city, "Fonden", &json!({})), awarded(app, funded.city, "Unionen", &json!({ "share": "40" })));
        let answer = fund(&app.finance(), funded.invoice, &[(&sixty, None), (&forty, None)]);
        assert_eq!(totals(&answer).1, ["45000.00", "30000.00"]);
        balanced(app);
        for (share, minor) in shares_of(&answer).into_iter().zip([4_500_000, 3_000_000]) {
            paid(app, funded.city, minor, day(2026, 3, 25), &[(share, minor)]);
        }
        balanced(app);
        apply(&app.finance(), 2026, "2026-03-25", "ISSUE");
        run_due(&app.app).unwrap();
        balanced(app);
        assert_eq!(rows::table.filter(rows::total_minor.eq(0)).count().get_result::<i64>(&mut app.db()).unwrap(), 0);

        // A package in seven instalments, of which four fall before it is ended.
        let subscriber = all[0].city;
        let bought = package(app, subscriber, day(2026, 4, 15), false, 7);
        let mut invoiced = 0;
        for on in [day(2026, 4, 15), day(2026, 7, 15), day(2026, 10, 15)] {
            invoiced += instalment(app, bought, on);
        }
        assert_eq!(invoiced, 3 * 5_357_143);
        balanced(app);

        // Whoever has not paid by the end of October is reminded: the level that is due, once.
        let sent = reminders::run(app, day(2026, 10, 30));
        assert!(sent[0].as_i64().unwrap() >= 10, "{sent}");
        assert_eq!(reminders::run(app, day(2026, 10, 30))[0], 0);
        balanced(app);

        // Part of a fee is taken back, and a city leaves at the end of September.
        credit(&app.finance(), all[1].invoice, Some("1000")).done("creditInvoice", "/creditNote/number");
        let leaver = &all[2];
        app.arrange(|tx| Ok(diesel::update(memberships::table.find(leaver.membership)).set((memberships::ends_on.eq(Some(day(2026, 10, 1))), memberships::number.eq(2))).execute(tx.db)?));
        assert_eq!(refund(&app.finance(), leaver.invoice).done("refundFee", "/creditNote/total/amount"), "18904.11");
        balanced(app);
        app.set_today(2026, 11, 30);
        terminate(&app.secretariat(), bought, 1, "2026-11-29").done("terminatePackage", "/package/status");
        balanced(app);

        // The year is earned to the øre: every fee, less what was taken back.
        app.set_today(2027, 1, 12);
        recognise(&app.finance(), "2026-12-31");
        balanced(app);
        assert_eq!(of(app, Account::FeeRevenue, "2026-12-31"), -(fees - 100_000 - 1_890_411));
        let answer = app.finance().ask("{ revenue(year: 2026) { account amount { amount } } }");
        let minor: i64 = answer.data("/revenue").as_array().unwrap().iter()
            .filter(|month| month["account"] == "FEE_REVENUE")
            .map(|month| month["amount"]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap())
            .sum();
        assert_eq!(minor, fees - 100_000 - 1_890_411);
        let earned = of(app, Account::PackageRevenue, "2026-12-31");
        assert_eq!(earned + of(app, Account::DeferredRevenue, "2026-12-31"), -invoiced);
        assert_eq!(close_year(&app.finance(), 2026).done("closeYear", "/bookLocks/hardThrough"), "2026-12-31");
        balanced(app);
        for account in [Account::FeeRevenue, Account::PackageRevenue, Account::BankCharges, Account::BadDebts, Account::LateCharges] {
            assert_eq!(of(app, account, "2026-12-31"), 0, "{account}");
        }
        // What is paid late counts to the new year, and the closed one stays as it is.
        let before = balances(app, "2026-12-31");
        paid(app, all[39].city, all[39].total, day(2026, 12, 30), &[(all[39].invoice, all[39].total)]);
        assert_eq!(balances(app, "2026-12-31"), before);
        balanced(app);
    }
}
