//! Fee runs through the public door: what is previewed is what is invoiced, once, whatever happens in
//! between. What it is not: what a fee costs; that is tested with the tariff.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use intercultural_cities::db::Db;
use intercultural_cities::finance::fee_runs::{self, FeeRunStep, NewFeeRun};
use intercultural_cities::finance::invoices;
use intercultural_cities::kernel::ids::{CityId, Id, MembershipId};
use intercultural_cities::schema::{memberships, networks, sellers};
use intercultural_cities::server::worker::run_due;
use serde_json::{Value, json};

use crate::finance::arrange::{draft, issued, member, membership, package, prices};
use crate::finance::ledger::books_are_sound;
use crate::support::actor::Actor;
use crate::support::app::{TestApp, day};

const APPLY: &str = "mutation ($input: ApplyFeeRunInput!) { applyFeeRun(input: $input) { feeRun { id state step } userErrors { code field message } } }";
const RUN: &str = "query ($id: ID!) { feeRun(id: $id) { state drafted invoiced skipped failed net { amount } total { amount } rows(first: 100) { totalCount nodes { city { name } outcome reasonCode reason(language: \"da\") total { amount } invoice { number status issuedOn lines { formula(language: \"da\") } } } } } }";
const PREVIEW: &str = "query ($year: Int!) { previewFeeRun(feeYear: $year) { invoices net { amount } total { amount } left { reasonCode outcome memberships } rows(first: 100) { totalCount nodes { city { name } outcome reasonCode reason(language: \"da\") total { amount } lines { description(language: \"da\") formula(language: \"da\") startsOn endsOn net { amount } } } } } }";

pub fn apply(actor: &Actor<'_>, year: i32, on: &str, step: &str) -> String {
    let input = json!({ "feeYear": year, "issuedOn": on, "step": step });
    let answer = actor.tell(APPLY, json!({ "input": input }));
    answer.done("applyFeeRun", "/feeRun/id")
}

fn shown(actor: &Actor<'_>, id: &str) -> Value {
    let answer = actor.ask_with(RUN, json!({ "id": id }));
    answer.data("/feeRun").clone()
}

fn previewed(actor: &Actor<'_>, year: i32) -> Value {
    let answer = actor.ask_with(PREVIEW, json!({ "year": year }));
    answer.data("/previewFeeRun").clone()
}

/// City, outcome or reason, and total of each row, by name.
fn outcomes(of: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut rows: Vec<_> = of["rows"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let word = if row["reasonCode"].is_null() {
                &row["outcome"]
            } else {
                &row["reasonCode"]
            };
            (
                text(&row["city"]["name"]),
                text(word),
                text(&row["total"]["amount"]),
            )
        })
        .collect();
    rows.sort();
    rows
}

fn policy(app: &TestApp, fee_year: &str, first_year: &str) {
    app.arrange(|tx| {
        Ok(diesel::update(sellers::table)
            .set((
                sellers::fee_year.eq(fee_year),
                sellers::first_year.eq(first_year),
            ))
            .execute(tx.db)?)
    });
}

fn change(
    app: &TestApp,
    id: MembershipId,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    number: i32,
) {
    app.arrange(|tx| {
        Ok(diesel::update(memberships::table.find(id))
            .set((
                memberships::starts_on.eq(Some(starts_on)),
                memberships::ends_on.eq(ends_on),
                memberships::number.eq(number),
            ))
            .execute(tx.db)?)
    });
}

/// Invoices of this city cannot be stored.
fn sabotage(app: &TestApp, city: CityId) {
    let hex = city.uuid().simple();
    let mut db = app.db();
    let text = match db {
        Db::Sqlite(_) => format!(
            "CREATE TRIGGER sabotage BEFORE INSERT ON invoices WHEN NEW.city_id = x'{hex}' BEGIN SELECT RAISE(ABORT, 'sabotage'); END"
        ),
        Db::Postgres(_) => format!(
            "CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.city_id = '{hex}' THEN RAISE EXCEPTION 'sabotage'; END IF; RETURN NEW; END $$; CREATE TRIGGER sabotage BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION sabotage()"
        ),
    };
    db.batch_execute(&text).unwrap();
}

fn repair(app: &TestApp) {
    let mut db = app.db();
    let text = match db {
        Db::Sqlite(_) => "DROP TRIGGER sabotage",
        Db::Postgres(_) => "DROP TRIGGER sabotage ON invoices; DROP FUNCTION sabotage()",
    };
    db.batch_execute(text).unwrap();
}

/// Members on odd dates, and everything that a run leaves.
fn network(app: &TestApp) -> Vec<(&'static str, &'static str, &'static str)> {
    prices(app);
    member(app, "Aalborg", day(2020, 1, 1));
    member(app, "Billund", day(2026, 3, 15));
    member(app, "Charleroi", day(2026, 10, 1));
    let (dublin, _) = member(app, "Dublin", day(2026, 1, 1));
    package(app, dublin, day(2026, 1, 1), true, 1);
    let (espoo, _) = member(app, "Espoo", day(2020, 1, 1));
    package(app, espoo, day(2026, 7, 1), true, 1);
    let (_, faro) = member(app, "Faro", day(2020, 1, 1));
    issued(app, faro, 2026, day(2026, 1, 15));
    let (_, graz) = member(app, "Graz", day(2026, 5, 1));
    change(app, graz, day(2026, 5, 1), Some(day(2026, 5, 1)), 1);
    let (_, haifa) = member(app, "Haifa", day(2026, 5, 1));
    app.arrange(|tx| {
        let network: intercultural_cities::kernel::ids::NetworkId = tx.new_id();
        diesel::insert_into(networks::table)
            .values((
                networks::id.eq(network),
                networks::code.eq("haifa"),
                networks::kind.eq("NATIONAL"),
                networks::name_en.eq("National"),
                networks::name_da.eq("National"),
                networks::created_at.eq(tx.now),
                networks::updated_at.eq(tx.now),
            ))
            .execute(tx.db)?;
        diesel::update(memberships::table.find(haifa))
            .set(memberships::network_id.eq(network))
            .execute(tx.db)?;
        Ok(())
    });
    let (_, izmir) = member(app, "Izmir", day(2026, 1, 1));
    app.arrange(|tx| {
        Ok(diesel::update(memberships::table.find(izmir))
            .set(memberships::fee_waived.eq(true))
            .execute(tx.db)?)
    });
    // Gone before the year.
    let (_, jena) = member(app, "Jena", day(2020, 1, 1));
    change(app, jena, day(2020, 1, 1), Some(day(2026, 1, 1)), 1);
    // Left and came back: the days in between are paid for by the first.
    let (krakow, first) = member(app, "Kraków", day(2020, 1, 1));
    change(app, first, day(2020, 1, 1), Some(day(2026, 4, 1)), 2);
    membership(app, krakow, day(2026, 9, 1), None);
    vec![
        ("Aalborg", "INVOICED", "75000.00"),
        ("Billund", "INVOICED", "60000.00"),
        ("Charleroi", "INVOICED", "18904.11"),
        ("Dublin", "COVERED_BY_PACKAGE", ""),
        ("Espoo", "INVOICED", "37191.78"),
        ("Faro", "ALREADY_INVOICED", ""),
        ("Graz", "ZERO_DAYS", ""),
        ("Haifa", "NATIONAL_NETWORK", ""),
        ("Izmir", "INVOICED", "0.00"),
        ("Kraków", "INVOICED", "75000.00"),
        ("Kraków", "PAID_BY_OTHER_MEMBERSHIP", ""),
    ]
}

fn without_amounts(rows: &[(String, String, String)]) -> Vec<(String, String, String)> {
    let bare = |(city, word, total): &(String, String, String)| {
        let total = if word == "INVOICED" {
            total.clone()
        } else {
            String::new()
        };
        (city.clone(), word.clone(), total)
    };
    rows.iter().map(bare).collect()
}

crate::both_databases! {
    fn what_is_previewed_is_invoiced_once(app: &TestApp) {
        let expected: Vec<(String, String, String)> = network(app).into_iter().map(|(city, word, total)| (city.to_owned(), word.to_owned(), total.to_owned())).collect();
        let finance = app.finance();
        let preview = previewed(&finance, 2026);
        assert_eq!(outcomes(&preview), expected);
        assert_eq!((&preview["invoices"], &preview["total"]["amount"], &preview["rows"]["totalCount"]), (&json!(6), &json!("266095.89"), &json!(11)));
        let billund = &preview["rows"]["nodes"][1];
        assert_eq!(billund["lines"], json!([{ "description": "Kontingent 2026", "formula": "75.000,00 × 292/365 dage", "startsOn": "2026-03-15", "endsOn": "2026-12-31", "net": { "amount": "60000.00" } }]));
        assert!(preview["left"].as_array().unwrap().contains(&json!({ "reasonCode": "ZERO_DAYS", "outcome": "SKIPPED", "memberships": 1 })));

        let id = apply(&finance, 2026, "2026-02-01", "ISSUE");
        assert_eq!(shown(&finance, &id)["state"], "QUEUED");
        run_due(&app.app).unwrap();
        let run = shown(&finance, &id);
        assert_eq!((&run["state"], &run["invoiced"], &run["skipped"], &run["failed"], &run["total"]["amount"]), (&json!("DONE"), &json!(6), &json!(5), &json!(0), &json!("266095.89")));
        assert_eq!(without_amounts(&outcomes(&run)), expected);
        let faro = run["rows"]["nodes"].as_array().unwrap().iter().find(|row| row["city"]["name"] == "Faro").unwrap();
        assert_eq!((&faro["reason"], &faro["invoice"]["number"]), (&json!("Kontingentåret er faktureret som F2026-000001."), &json!("F2026-000001")));
        let mut numbers: Vec<String> = run["rows"]["nodes"].as_array().unwrap().iter().filter(|row| row["outcome"] == "INVOICED").map(|row| row["invoice"]["number"].as_str().unwrap().to_owned()).collect();
        numbers.sort();
        assert_eq!(numbers, (2..=7).map(|number| format!("F2026-{number:06}")).collect::<Vec<_>>());

        // A second run finds nothing left.
        let again = apply(&finance, 2026, "2026-02-01", "ISSUE");
        run_due(&app.app).unwrap();
        let again = shown(&finance, &again);
        assert_eq!((&again["state"], &again["invoiced"], &again["skipped"]), (&json!("DONE"), &json!(0), &json!(11)));
        assert_eq!(previewed(&finance, 2026)["invoices"], 0);
        books_are_sound(app);
    }

    fn pages_of_a_preview_are_its_rows(app: &TestApp) {
        let expected: Vec<_> = network(app).into_iter().map(|(city, ..)| city.to_owned()).collect();
        let finance = app.finance();
        let page = "query ($after: String) { previewFeeRun(feeYear: 2026) { rows(first: 4, after: $after) { nodes { city { name } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }";
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let answer = finance.ask_with(page, json!({ "after": after }));
            let rows = answer.data("/previewFeeRun/rows");
            assert_eq!(rows["pageInfo"]["hasPreviousPage"], !found.is_empty());
            found.extend(rows["nodes"].as_array().unwrap().iter().map(|row| row["city"]["name"].as_str().unwrap().to_owned()));
            after = rows["pageInfo"]["endCursor"].clone();
            if rows["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(found, expected);
        let back = "query { previewFeeRun(feeYear: 2026) { rows(last: 2) { nodes { city { name } } pageInfo { hasNextPage hasPreviousPage } } } }";
        let answer = finance.ask(back);
        assert_eq!(answer.data("/previewFeeRun/rows"), &json!({ "nodes": [{ "city": { "name": "Kraków" } }, { "city": { "name": "Kraków" } }], "pageInfo": { "hasNextPage": false, "hasPreviousPage": true } }));
    }

    fn every_policy_comes_through_a_run(app: &TestApp) {
        prices(app);
        let (_, id) = member(app, "Oslo", day(2026, 3, 15));
        let finance = app.finance();
        for (fee_year, first_year, joined, year, expected) in [
            ("calendar", "daily", day(2026, 1, 1), 2026, "75000.00 75.000,00 × 1 år"),
            ("calendar", "daily", day(2026, 12, 31), 2026, "205.48 75.000,00 × 1/365 dage"),
            ("calendar", "daily", day(2028, 3, 15), 2028, "59836.07 75.000,00 × 292/366 dage"),
            ("calendar", "daily", day(2028, 2, 29), 2028, "62909.84 75.000,00 × 307/366 dage"),
            ("calendar", "full", day(2026, 3, 15), 2026, "75000.00 75.000,00 × 1 år"),
            ("calendar", "monthly", day(2026, 3, 15), 2026, "62500.00 75.000,00 × 10/12 måneder"),
            ("calendar", "quarterly", day(2026, 4, 1), 2026, "56250.00 75.000,00 × 3/4 kvartaler"),
            ("calendar", "rollover:10-01", day(2026, 10, 1), 2026, "75000.00 75.000,00 × 1 år, inkl. næste kontingentår"),
            ("calendar", "rollover:10-01", day(2026, 10, 1), 2027, "PAID_BY_ROLLOVER"),
            ("calendar", "rollover:10-01", day(2026, 10, 1), 2028, "75000.00 75.000,00 × 1 år"),
            ("anniversary", "daily", day(2028, 2, 29), 2028, "75000.00 75.000,00 × 1 år"),
            ("anniversary", "daily", day(2028, 2, 29), 2032, "75000.00 75.000,00 × 1 år"),
            ("custom:07-01", "daily", day(2026, 3, 15), 2025, "22191.78 75.000,00 × 108/365 dage"),
            ("custom:07-01", "daily", day(2026, 3, 15), 2026, "75000.00 75.000,00 × 1 år"),
        ] {
            policy(app, fee_year, first_year);
            change(app, id, joined, None, 1);
            let preview = previewed(&finance, year);
            let row = &preview["rows"]["nodes"][0];
            let found = row["reasonCode"].as_str().map_or_else(|| format!("{} {}", row["total"]["amount"].as_str().unwrap(), row["lines"][0]["formula"].as_str().unwrap()), str::to_owned);
            assert_eq!(found, expected, "{fee_year} {first_year} {joined} {year}");
            if fee_year == "anniversary" {
                let first = if year == 2028 { ("2028-02-29", "2029-02-27") } else { ("2032-02-29", "2033-02-27") };
                assert_eq!((row["lines"][0]["startsOn"].as_str().unwrap(), row["lines"][0]["endsOn"].as_str().unwrap()), first);
            }
        }
    }

    fn drafts_are_looked_at_and_then_issued(app: &TestApp) {
        prices(app);
        member(app, "Oslo", day(2020, 1, 1));
        let (_, bergen) = member(app, "Bergen", day(2020, 1, 1));
        let finance = app.finance();
        let drafts = apply(&finance, 2026, "2026-02-01", "DRAFT");
        run_due(&app.app).unwrap();
        let run = shown(&finance, &drafts);
        assert_eq!((&run["drafted"], &run["invoiced"], &run["total"]["amount"]), (&json!(2), &json!(0), &json!("150000.00")));
        let again = apply(&finance, 2026, "2026-02-01", "DRAFT");
        run_due(&app.app).unwrap();
        assert!(outcomes(&shown(&finance, &again)).iter().all(|(_, word, _)| word == "ALREADY_DRAFTED"));

        // What changed since is not issued.
        change(app, bergen, day(2026, 6, 1), None, 1);
        let issue = apply(&finance, 2026, "2026-02-01", "ISSUE");
        run_due(&app.app).unwrap();
        let run = shown(&finance, &issue);
        assert_eq!((&run["invoiced"], &run["failed"]), (&json!(1), &json!(1)));
        assert_eq!(outcomes(&run), [("Bergen".to_owned(), "REFUSED".to_owned(), "0.00".to_owned()), ("Oslo".to_owned(), "INVOICED".to_owned(), "75000.00".to_owned())]);
        books_are_sound(app);
    }

    fn one_city_stops_no_other(app: &TestApp) {
        prices(app);
        let cities: Vec<_> = ["Oslo", "Bergen", "Lyon", "Vic"].into_iter().map(|name| member(app, name, day(2020, 1, 1)).0).collect();
        sabotage(app, cities[1]);
        let finance = app.finance();
        let id = apply(&finance, 2026, "2026-02-01", "ISSUE");
        run_due(&app.app).unwrap();
        let run = shown(&finance, &id);
        assert_eq!((&run["state"], &run["invoiced"], &run["failed"]), (&json!("DONE"), &json!(3), &json!(1)));
        assert!(outcomes(&run).contains(&("Bergen".to_owned(), "FAULT".to_owned(), "0.00".to_owned())));
        repair(app);
        let id = apply(&finance, 2026, "2026-02-01", "ISSUE");
        run_due(&app.app).unwrap();
        let run = shown(&finance, &id);
        assert_eq!((&run["invoiced"], &run["skipped"], &run["rows"]["nodes"].as_array().unwrap().iter().find(|row| row["city"]["name"] == "Bergen").unwrap()["invoice"]["number"]), (&json!(1), &json!(3), &json!("F2026-000004")));
        books_are_sound(app);
    }

    fn a_run_that_is_cut_off_goes_on(app: &TestApp) {
        prices(app);
        for number in 0..7 {
            member(app, &format!("City {number}"), day(2020, 1, 1));
        }
        let new = NewFeeRun { fee_year: 2026, issued_on: day(2026, 2, 1), step: FeeRunStep::Issue };
        let id = app.arrange(|tx| fee_runs::apply(tx, new));
        app.arrange(|tx| fee_runs::work(tx, id, 3));
        let finance = app.finance();
        let run = shown(&finance, &id.public());
        assert_eq!((&run["state"], &run["invoiced"]), (&json!("RUNNING"), &json!(3)));
        run_due(&app.app).unwrap();
        let run = shown(&finance, &id.public());
        assert_eq!((&run["state"], &run["invoiced"], &run["skipped"], &run["rows"]["totalCount"]), (&json!("DONE"), &json!(7), &json!(0), &json!(7)));
        books_are_sound(app);
    }

    fn two_runs_at_once_charge_nothing_twice(app: &TestApp) {
        prices(app);
        for number in 0..60 {
            member(app, &format!("City {number:02}"), day(2020, 1, 1));
        }
        let finance = app.finance();
        let ids = [apply(&finance, 2026, "2026-02-01", "ISSUE"), apply(&finance, 2026, "2026-02-01", "ISSUE")];
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| run_due(&app.app).unwrap());
            }
        });
        let runs = ids.map(|id| shown(&finance, &id));
        let sum = |field: &str| runs.iter().map(|run| run[field].as_i64().unwrap()).sum::<i64>();
        assert_eq!((sum("invoiced"), sum("skipped"), sum("failed")), (60, 60, 0));
        books_are_sound(app);
    }

    fn a_run_is_refused_before_it_begins(app: &TestApp) {
        prices(app);
        let (_, oslo) = member(app, "Oslo", day(2020, 1, 1));
        issued(app, oslo, 2025, day(2026, 6, 1));
        draft(app, oslo, 2026);
        let finance = app.finance();
        for (year, on, field) in [(1999, "2026-06-01", "feeYear"), (2100, "2026-06-01", "feeYear"), (2026, "2026-11-23", "issuedOn"), (2026, "2026-05-31", "issuedOn")] {
            let answer = finance.tell(APPLY, json!({ "input": { "feeYear": year, "issuedOn": on } }));
            assert_eq!(answer.refusals("applyFeeRun"), [("OUT_OF_RANGE".to_owned(), field.to_owned())], "{year} {on}");
        }
        let answer = finance.ask_with(APPLY, json!({ "input": { "feeYear": 2026, "issuedOn": "2026-06-01" } }));
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "IDEMPOTENCY_KEY_REQUIRED");
        assert_eq!(finance.ask("{ feeRuns { nodes { id } } }").data("/feeRuns/nodes"), &json!([]));
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn what_must_be_sent_electronically_and_cannot_is_skipped(app: &TestApp) {
        prices(app);
        member(app, "Odense", day(2020, 1, 1));
        app.arrange(|tx| Ok(diesel::update(sellers::table).set(sellers::einvoicing.eq("required")).execute(tx.db)?));
        let finance = app.finance();
        let preview = previewed(&finance, 2026);
        assert_eq!(outcomes(&preview)[0].1, "NOT_DELIVERABLE");
        let id = apply(&finance, 2026, "2026-02-01", "ISSUE");
        run_due(&app.app).unwrap();
        let run = shown(&finance, &id);
        assert_eq!((&run["skipped"], &run["invoiced"]), (&json!(1), &json!(0)));
        assert!(run["rows"]["nodes"][0]["reason"].as_str().unwrap().contains("GLN"), "{run}");
    }
}
