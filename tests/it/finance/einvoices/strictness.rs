//! The seller's setting `einvoicing`: whether an invoice to a Danish city is issued when it cannot be
//! sent electronically. What it is not: what keeps it from that.

use diesel::prelude::*;
use intercultural_cities::finance::invoices;
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::schema::{invoice_counters, sellers};

use crate::finance::arrange::{ask_issue, draft, member, membership, prices};
use crate::finance::einvoices::door::reachable;
use crate::support::app::{TestApp, day};

fn set(app: &TestApp, einvoicing: &str) {
    app.arrange(|tx| {
        Ok(diesel::update(sellers::table)
            .set(sellers::einvoicing.eq(einvoicing))
            .execute(tx.db)?)
    });
}

crate::both_databases! {
    fn when_possible_an_invoice_is_issued_whatever_is_missing(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "København", day(2026, 3, 15));
        let id = draft(app, membership, 2026).public();
        assert_eq!(ask_issue(&app.finance(), &id, None).done("issueInvoice", "/invoice/number"), "F2026-000001");
    }

    fn where_it_is_required_all_that_is_missing_is_told_and_no_number_is_burnt(app: &TestApp) {
        prices(app);
        set(app, "required");
        let (city, membership) = member(app, "København", day(2026, 3, 15));
        let id = draft(app, membership, 2026);
        let finance = app.finance();
        let refused = ask_issue(&finance, &id.public(), None).refusals("issueInvoice");
        assert_eq!(refused, [
            ("REQUIRED".to_owned(), "invoiceId.buyer.gln".to_owned()),
            ("REQUIRED".to_owned(), "invoiceId.buyer.orderReference".to_owned()),
        ]);
        let mut db = app.db();
        assert_eq!(invoice_counters::table.count().get_result::<i64>(&mut db).unwrap(), 0);
        let stays = invoices::get(&mut db, id).unwrap();
        assert_eq!((stays.number, stays.version), (None, 1));

        reachable(app, city);
        assert_eq!(ask_issue(&finance, &id.public(), None).done("issueInvoice", "/invoice/number"), "F2026-000001");
    }

    fn where_it_is_required_cities_abroad_are_only_warned_of(app: &TestApp) {
        prices(app);
        set(app, "required");
        let lyon = app.city("Lyon", "FR");
        let joined = membership(app, lyon, day(2026, 3, 15), None);
        let id = draft(app, joined, 2026).public();
        assert_eq!(ask_issue(&app.finance(), &id, None).done("issueInvoice", "/invoice/number"), "F2026-000001");
    }

    fn a_setting_that_is_none_is_a_fault_and_no_default(app: &TestApp) {
        prices(app);
        set(app, "sometimes");
        let (_, membership) = member(app, "København", day(2026, 3, 15));
        let id = draft(app, membership, 2026).public();
        assert_eq!(ask_issue(&app.finance(), &id, None).code(), "INTERNAL");
    }
}
