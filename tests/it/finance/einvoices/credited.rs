//! Electronic credit notes through the public door: whole and partial ones of all taxes, proposals, and
//! who may have them. What it is not: what may be credited.

use intercultural_cities::kernel::ids::{CreditNoteId, Id, InvoiceId};
use serde_json::{Value, json};

use crate::finance::arrange::{issued, member, prices};
use crate::finance::credit_notes::credit;
use crate::finance::einvoices::door::{SET_PRICE, reachable};
use crate::finance::einvoices::judged::judge;
use crate::support::actor::Actor;
use crate::support::app::day;

fn path(note: &str) -> String {
    format!("/api/v1/credit-notes/{note}/einvoice.xml")
}

crate::both_databases! {
    fn several_credits_of_one_invoice_are_documents_to_the_last_oere(app: &TestApp) {
        prices(app);
        let finance = app.finance();
        let taxed = json!({ "product": "ANNUAL_FEE", "amount": "0.67", "validFrom": "2026-01-01", "vatCategory": "S", "vatRate": "25" });
        assert_eq!(finance.ask_with(SET_PRICE, json!({ "input": taxed })).refusals("setPrice"), []);
        let (city, membership) = member(app, "Ærø", day(2020, 1, 1));
        reachable(app, city);
        let invoice = issued(app, membership, 2026, day(2026, 4, 1));
        // 25 % of 0,67 is 0,17; of 0,02 it is 0,01 each time, and what is left for the last is 0,06.
        for (place, amount) in [Some("0.02"), Some("0.02"), Some("0.21"), Some("0.21"), None].into_iter().enumerate() {
            let id = credit(&finance, invoice, amount).done("creditInvoice", "/creditNote/id");
            let reply = app.coordinator_of(city).get(&path(&id));
            assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/xml")), "{}", reply.text());
            let text = reply.text();
            assert!(text.contains("<cbc:ID>F2026-000001</cbc:ID>") && text.contains("The city left on 30 September."), "{text}");
            judge(&format!("door-credit-{place}"), &reply.body);
        }
    }

    fn proposals_and_what_is_missing_are_told_and_others_learn_nothing(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Odense", day(2020, 1, 1));
        let invoice = issued(app, membership, 2026, day(2026, 4, 1));
        let id = credit(&app.finance(), invoice, None).done("creditInvoice", "/creditNote/id");
        let body = app.finance().get(&path(&id)).json();
        let fields: Vec<_> = body["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
        assert_eq!((&body["status"], fields), (&json!(422), vec![json!("buyer.gln"), json!("buyer.orderReference")]));

        let lyon = app.city("Lyon", "FR");
        let missing = CreditNoteId::of(uuid::Uuid::nil()).public();
        let refused = |reader: &Actor<'_>, path: String, id: &str| -> Value {
            let mut body = reader.get(&path).json();
            assert_eq!(body["status"], 404, "{body}");
            body.as_object_mut().unwrap().remove("requestId");
            Value::String(body.to_string().replace(id, "ID"))
        };
        for reader in [&app.coordinator_of(lyon), &app.anonymous()] {
            for file in ["einvoice.xml", "document.pdf"] {
                let of = |id: &str| format!("/api/v1/credit-notes/{id}/{file}");
                assert_eq!(refused(reader, of(&id), &id), refused(reader, of(&missing), &missing));
                let of = |id: &str| format!("/api/v1/invoices/{id}/{file}");
                let nothing = InvoiceId::of(uuid::Uuid::nil()).public();
                assert_eq!(refused(reader, of(&invoice.public()), &invoice.public()), refused(reader, of(&nothing), &nothing));
            }
        }
        assert_eq!(app.coordinator_of(city).get(&format!("/api/v1/credit-notes/{id}/document.pdf")).status, 200);
    }
}
