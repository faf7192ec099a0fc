//! Issuing: numbers, dates, and that what is issued stays.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use intercultural_cities::db::Db;
use intercultural_cities::finance::invoices::{self, content_hash, lines_of_many};
use intercultural_cities::kernel::ids::{Id, InvoiceId, UserId};
use intercultural_cities::schema::{
    invoice_counters, invoice_lines, invoices as rows, payments as payments_rows,
    prices as prices_rows,
};
use serde_json::json;

use crate::finance::arrange::{
    ISSUE, ask_draft, ask_issue, copenhagen, draft, issued, member, prices,
};
use crate::support::app::day;

crate::both_databases! {
    fn a_draft_is_issued_once(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "København", day(2026, 3, 15));
        let finance = app.finance();
        let answer = ask_draft(&finance, membership, 2026);
        let id = answer.done("draftFeeInvoice", "/invoice/id");
        assert_eq!(answer.data("/draftFeeInvoice/invoice/number"), &json!(null));
        let answer = ask_issue(&finance, &id, Some("2026-04-01"));
        assert_eq!(answer.done("issueInvoice", "/invoice/number"), "F2026-000001");
        let invoice = answer.data("/issueInvoice/invoice");
        assert_eq!((&invoice["issuedOn"], &invoice["dueOn"], &invoice["status"]), (&json!("2026-04-01"), &json!("2026-05-01"), &json!("ISSUED")));
        assert_eq!(invoice["buyer"], json!({ "name": "København", "country": "DK" }));
        assert_eq!(invoice["seller"], json!({ "name": "Intercultural Cities", "vatNumber": "DK12345674" }));
        assert_eq!(ask_issue(&finance, &id, None).refusal("issueInvoice"), "ALREADY_ISSUED");
        let stale = finance.tell(ISSUE, json!({ "input": { "invoiceId": id, "version": 1 } }));
        assert_eq!((stale.code(), &stale.body["errors"][0]["extensions"]["currentVersion"]), ("STALE", &json!(2)));
        let unkeyed = finance.ask_with(ISSUE, json!({ "input": { "invoiceId": id, "version": 2 } }));
        assert_eq!(unkeyed.code(), "IDEMPOTENCY_KEY_REQUIRED");
    }

    fn the_hash_is_that_of_the_content(app: &TestApp) {
        let (_, id, _) = copenhagen(app);
        let mut db = app.db();
        let invoice = invoices::get(&mut db, id).unwrap();
        let lines = lines_of_many(&mut db, &[id]).unwrap().remove(&id).unwrap();
        let parties = invoices::parties_of_many(&mut db, &[id]).unwrap().remove(&id).unwrap();
        assert_eq!(invoice.content_hash.clone().unwrap(), content_hash(&invoice, &parties, &lines));
        let mut forged = lines;
        forged[0].net_minor -= 1;
        assert_ne!(invoice.content_hash.clone().unwrap(), content_hash(&invoice, &parties, &forged));
    }

    fn dates_follow_numbers(app: &TestApp) {
        prices(app);
        let finance = app.finance();
        let ids: Vec<String> = ["A", "B", "C", "D"].iter().map(|name| {
            let (_, membership) = member(app, name, day(2025, 1, 1));
            draft(app, membership, 2025).public()
        }).collect();
        assert_eq!(ask_issue(&finance, &ids[0], Some("2026-05-02")).done("issueInvoice", "/invoice/number"), "F2026-000001");
        assert_eq!(ask_issue(&finance, &ids[1], Some("2026-05-01")).refusals("issueInvoice"), [("OUT_OF_RANGE".to_owned(), "issuedOn".to_owned())]);
        assert_eq!(ask_issue(&finance, &ids[1], Some("2026-11-23")).refusal("issueInvoice"), "OUT_OF_RANGE");
        assert_eq!(ask_issue(&finance, &ids[1], Some("2026-05-02")).done("issueInvoice", "/invoice/number"), "F2026-000002");
        assert_eq!(ask_issue(&finance, &ids[2], Some("2025-12-31")).done("issueInvoice", "/invoice/number"), "F2025-000001");

        // 23:30 UTC on 31 December is the first of January in Copenhagen.
        app.set_now("2026-12-31T23:30:00Z".parse().unwrap());
        let answer = ask_issue(&app.finance(), &ids[3], None);
        assert_eq!(answer.done("issueInvoice", "/invoice/number"), "F2027-000001");
        assert_eq!(answer.text("/issueInvoice/invoice/issuedOn"), "2027-01-01");
    }

    fn numbers_grow_past_a_million(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "København", day(2026, 3, 15));
        app.arrange(|tx| Ok(diesel::insert_into(invoice_counters::table)
            .values((invoice_counters::series.eq("F"), invoice_counters::year.eq(2026), invoice_counters::last_number.eq(999_999_i64)))
            .execute(tx.db)?));
        let id = issued(app, membership, 2026, day(2026, 11, 1));
        assert_eq!(invoices::get(&mut app.db(), id).unwrap().number.unwrap(), "F2026-1000000");
    }

    fn a_refused_issue_burns_no_number(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "København", day(2026, 3, 15));
        let id = draft(app, membership, 2026);
        let failed: intercultural_cities::kernel::error::Result<()> = app.try_arrange(|tx| {
            invoices::issue(tx, id, None)?;
            Err(anyhow::anyhow!("the power went").into())
        });
        assert!(failed.is_err());
        app.arrange(|tx| invoices::issue(tx, id, None));
        assert_eq!(invoices::get(&mut app.db(), id).unwrap().number.unwrap(), "F2026-000001");
    }

    fn the_database_itself_keeps_what_is_issued(app: &TestApp) {
        let (_, id, _) = copenhagen(app);
        let mut db = app.db();
        let target = rows::table.find(id);
        assert!(diesel::update(target).set(rows::total_minor.eq(9_000_000_i64)).execute(&mut db).is_err());
        assert!(diesel::update(target).set(rows::number.eq(Some("F2026-000009"))).execute(&mut db).is_err());
        assert!(diesel::update(target).set(rows::status.eq("DRAFT")).execute(&mut db).is_err());
        assert!(diesel::delete(target).execute(&mut db).is_err());
        assert!(diesel::update(target).set(rows::created_by.eq(Some(UserId::of(uuid::Uuid::from_u128(5))))).execute(&mut db).is_err());
        assert!(diesel::update(target).set(rows::allocated_minor.eq(0_i64)).execute(&mut db).is_err());
        // A line of a draft is not slipped onto it.
        let (_, other) = member(app, "Lyon", day(2026, 1, 1));
        let of_draft = draft(app, other, 2026);
        let slipped = diesel::update(invoice_lines::table.filter(invoice_lines::invoice_id.eq(of_draft)))
            .set((invoice_lines::invoice_id.eq(id), invoice_lines::position.eq(9)))
            .execute(&mut db);
        assert!(slipped.is_err());
        assert!(diesel::update(prices_rows::table).set(prices_rows::amount_minor.eq(1_i64)).execute(&mut db).is_err());
        assert!(diesel::delete(prices_rows::table.filter(prices_rows::product.eq("PACKAGE"))).execute(&mut db).is_err());
        let payment = payments_rows::table.filter(payments_rows::amount_minor.eq(2_000_000_i64));
        assert!(diesel::update(payment).set(payments_rows::reference.eq(Some("another"))).execute(&mut db).is_err());
        assert!(diesel::update(payment).set(payments_rows::payer_name.eq(Some("another"))).execute(&mut db).is_err());
        assert!(diesel::update(payment).set(payments_rows::note.eq(Some("another"))).execute(&mut db).is_err());
        assert!(diesel::update(payment).set(payments_rows::allocated_minor.eq(0_i64)).execute(&mut db).is_err());
        assert!(diesel::delete(payment).execute(&mut db).is_err());
        let lines = invoice_lines::table.filter(invoice_lines::invoice_id.eq(id));
        assert!(diesel::update(lines).set(invoice_lines::net_minor.eq(1_i64)).execute(&mut db).is_err());
        assert!(diesel::delete(lines).execute(&mut db).is_err());
        // SQLite removes a row that is replaced without asking the trigger against deletion.
        if let Db::Sqlite(connection) = &mut db {
            for table in ["invoices", "prices", "invoice_parties", "payments", "allocations", "invoice_lines"] {
                let replaced = connection.batch_execute(&format!("PRAGMA recursive_triggers = OFF; INSERT OR REPLACE INTO {table} SELECT * FROM {table}"));
                let refused = replaced.expect_err(table).to_string();
                assert!(refused.contains("append only") || refused.contains("issued"), "{table}: {refused}");
            }
        }
        assert_eq!(invoices::get(&mut db, id).unwrap().total_minor, 6_000_000);
    }

    fn who_may_not_invoice_is_told_the_same_for_any_id(app: &TestApp) {
        let (city, id, _) = copenhagen(app);
        let missing = InvoiceId::of(uuid::Uuid::from_u128(5)).public();
        for actor in [app.secretariat(), app.auditor(), app.coordinator_of(city)] {
            let real = ask_issue(&actor, &id.public(), None);
            let none = ask_issue(&actor, &missing, None);
            assert_eq!((real.code(), &real.body["errors"][0]["message"]), ("FORBIDDEN", &none.body["errors"][0]["message"]));
        }
        assert_eq!(ask_issue(&app.anonymous(), &missing, None).code(), "UNAUTHENTICATED");
        assert_eq!(ask_issue(&app.finance(), &missing, None).code(), "NOT_FOUND");
    }
}
