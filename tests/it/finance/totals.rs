//! The kept sums are those of the invoices.

use intercultural_cities::finance::invoices;
use serde_json::json;

use crate::finance::arrange::{copenhagen, draft, issued, member, package, paid};
use crate::support::app::day;

crate::both_databases! {
    fn totals_are_those_of_the_invoices(app: &TestApp) {
        let (city, invoice, _) = copenhagen(app);
        let (oslo, membership) = member(app, "Oslo", day(2025, 1, 1));
        let first = issued(app, membership, 2025, day(2026, 4, 1));
        issued(app, membership, 2026, day(2026, 4, 1));
        draft(app, membership, 2027);
        paid(app, oslo, 7_500_000, day(2026, 4, 5), &[(first, 7_500_000)]);
        package(app, city, day(2026, 3, 15), false, 1);
        let totals = "{ feeTotals { year status currency count total { amount } open { amount } } byIssue: feeTotals(by: ISSUE_YEAR, year: 2026) { year status count } }";
        let answer = app.auditor().ask(totals);
        let row = |year: i32, status: &str, total: &str, open: &str| json!({ "year": year, "status": status, "currency": "DKK", "count": 1, "total": { "amount": total }, "open": { "amount": open } });
        assert_eq!(answer.data("/feeTotals"), &json!([
            row(2025, "PAID", "75000.00", "0.00"),
            row(2026, "ISSUED", "75000.00", "75000.00"),
            row(2026, "PARTLY_PAID", "60000.00", "40000.00"),
            row(2027, "DRAFT", "75000.00", "0.00"),
        ]));
        assert_eq!(answer.data("/byIssue").as_array().unwrap().len(), 3);
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());

        let before = answer.data("/feeTotals").clone();
        app.arrange(invoices::rebuild);
        assert_eq!(app.auditor().ask(totals).data("/feeTotals"), &before);
        paid(app, city, 4_000_000, day(2026, 6, 1), &[(invoice, 4_000_000)]);
        assert!(invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn sums_that_were_changed_are_found(app: &TestApp) {
        copenhagen(app);
        app.arrange(|tx| {
            intercultural_cities::db::sql::Sql::new("UPDATE invoice_totals SET open_minor = open_minor + 1").execute(tx.db)?;
            Ok(())
        });
        assert!(!invoices::differences(&mut app.db()).unwrap().is_empty());
    }

    fn totals_are_for_those_who_see_all(app: &TestApp) {
        let (city, _, _) = copenhagen(app);
        assert_eq!(app.coordinator_of(city).ask("{ feeTotals { count } }").code(), "FORBIDDEN");
        assert_eq!(app.anonymous().ask("{ feeTotals { count } }").code(), "UNAUTHENTICATED");
    }
}
