//! Electronic invoices through the public door: the pre-flight of drafts and issued invoices, and
//! the document. What it is not: every rule; those are in `refused`.

use diesel::prelude::*;
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use intercultural_cities::schema::cities;
use serde_json::{Value, json};

use crate::finance::arrange::{draft, issued, member, package, prices};
use crate::finance::einvoices::judged::judge;
use crate::support::actor::Actor;
use crate::support::app::{TestApp, day};

const PREFLIGHT: &str =
    "query ($id: ID!) { node(id: $id) { ... on Invoice { preflight { code field message } } } }";
const DRAFT_PACKAGE: &str = "mutation ($input: DraftPackageInvoiceInput!) { draftPackageInvoice(input: $input) { invoice { id } userErrors { code } } }";
pub(super) const SET_PRICE: &str = "mutation ($input: SetPriceInput!) { setPrice(input: $input) { userErrors { code field message } } }";

/// Records what electronic invoices need of a city.
pub(in crate::finance) fn reachable(app: &TestApp, city: CityId) {
    app.arrange(|tx| {
        Ok(diesel::update(cities::table.find(city))
            .set((
                cities::gln.eq(Some("5790000000005")),
                cities::order_reference.eq(Some("PO-2026-17")),
                cities::invoice_street.eq(Some("Eksempelpladsen 2, <port> & \"3\"")),
                cities::invoice_town.eq(Some("Ærøskøbing")),
            ))
            .execute(tx.db)?)
    });
}

fn problems(actor: &Actor<'_>, invoice: InvoiceId) -> Value {
    let answer = actor.ask_with(PREFLIGHT, json!({ "id": invoice.public() }));
    answer.data("/node/preflight").clone()
}

fn path(invoice: &str) -> String {
    format!("/api/v1/invoices/{invoice}/einvoice.xml")
}

crate::both_databases! {
    fn the_preflight_names_what_is_missing_until_it_is_recorded(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Copenhagen", day(2026, 3, 15));
        let id = draft(app, membership, 2026);
        let finance = app.finance();
        assert_eq!(problems(&finance, id), json!([
            { "code": "REQUIRED", "field": ["buyer", "gln"], "message": "Copenhagen needs a GLN, or at least a CVR number: electronic invoices are sent there." },
            { "code": "REQUIRED", "field": ["buyer", "orderReference"], "message": "Copenhagen needs an order reference: electronic invoices without one are turned away." },
        ]));
        let reply = finance.get(&path(&id.public()));
        let body = reply.json();
        assert_eq!((reply.status, reply.header("content-type")), (422, Some("application/problem+json")));
        let fields: Vec<_> = body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!((&body["code"], fields), (&json!("NOT_IN_STATE"), vec!["number", "buyer.gln", "buyer.orderReference"]));
        reachable(app, city);
        assert_eq!(problems(&finance, id), json!([]));
        assert_eq!(finance.get(&path(&id.public())).json()["errors"].as_array().unwrap().len(), 1);
    }

    fn an_issued_invoice_is_handed_out_as_it_was_frozen(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Copenhagen", day(2026, 3, 15));
        reachable(app, city);
        let id = issued(app, membership, 2026, day(2026, 4, 1));
        let coordinator = app.coordinator_of(city);
        let reply = app.finance().get(&path(&id.public()));
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/xml")));
        let disposition = reply.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"F2026-000001.xml\""), "{disposition}");
        let tag = reply.header("etag").unwrap();
        assert!(tag.starts_with('"') && tag.len() == 66, "{tag}");
        judge("door-fee", &reply.body);
        for reader in [&coordinator, &app.auditor(), &app.secretariat()] {
            assert_eq!(reader.get(&path(&id.public())).body, reply.body);
            assert_eq!(problems(reader, id), json!([]));
        }
        let again = app.finance().send("GET", &path(&id.public()), &[("if-none-match", tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0));

        // What the city is called afterwards, and what it pays, changes nothing on it.
        app.arrange(|tx| Ok(diesel::update(cities::table.find(city)).set((cities::gln.eq(None::<String>), cities::invoice_name.eq(Some("Another")))).execute(tx.db)?));
        crate::finance::arrange::paid(app, city, 2_000_000, day(2026, 5, 4), &[(id, 2_000_000)]);
        assert_eq!(app.finance().get(&path(&id.public())).body, reply.body);
        assert_eq!(problems(&app.finance(), id), json!([]));
    }

    fn an_invoice_that_cannot_be_one_is_refused_with_all_problems(app: &TestApp) {
        prices(app);
        let (_, membership) = member(app, "Copenhagen", day(2026, 3, 15));
        let id = issued(app, membership, 2026, day(2026, 4, 1));
        let reply = app.finance().send("GET", &path(&id.public()), &[("accept-language", "da")], b"");
        let body = reply.json();
        assert_eq!((reply.status, &body["errors"][1]["field"]), (422, &json!("buyer.orderReference")));
        assert_eq!(body["errors"][1]["message"], "Copenhagen mangler en ordrereference: elektroniske fakturaer uden afvises.");
        assert_eq!(problems(&app.finance(), id).as_array().unwrap().len(), 2);
    }

    fn who_may_not_see_it_is_told_that_it_is_missing(app: &TestApp) {
        prices(app);
        let (city, membership) = member(app, "Copenhagen", day(2026, 3, 15));
        reachable(app, city);
        let sent = issued(app, membership, 2026, day(2026, 4, 1)).public();
        let lyon = app.city("Lyon", "FR");
        let missing = InvoiceId::of(uuid::Uuid::nil()).public();
        let body = |reader: &Actor<'_>, id: &str| {
            let mut body = reader.get(&path(id)).json();
            assert_eq!(body["status"], 404, "{body}");
            body.as_object_mut().unwrap().remove("requestId");
            body.to_string().replace(id, "ID")
        };
        for reader in [&app.coordinator_of(lyon), &app.anonymous()] {
            assert_eq!(body(reader, &sent), body(reader, &missing));
            body(reader, "nonsense");
            body(reader, &city.public());
        }
        let (other, membership) = member(app, "Odense", day(2026, 3, 15));
        let unsent = draft(app, membership, 2026).public();
        body(&app.coordinator_of(other), &unsent);
    }

    fn taxed_packages_hold_the_rules_too(app: &TestApp) {
        prices(app);
        let finance = app.finance();
        let taxed = json!({ "product": "PACKAGE", "amount": "375000.00", "validFrom": "2026-01-01", "vatCategory": "S", "vatRate": "25" });
        let set = finance.ask_with(SET_PRICE, json!({ "input": taxed }));
        assert_eq!(set.refusals("setPrice"), []);
        let (city, _) = member(app, "Ærø", day(2026, 1, 1));
        reachable(app, city);
        let package = package(app, city, day(2026, 5, 1), false, 7);
        for instalment in 1..=2 {
            let input = json!({ "packageId": package.public(), "instalment": instalment });
            let id = finance.ask_with(DRAFT_PACKAGE, json!({ "input": input })).done("draftPackageInvoice", "/invoice/id");
            let invoice = InvoiceId::parse(&id).unwrap();
            app.arrange(|tx| intercultural_cities::finance::invoices::issue(tx, invoice, Some(day(2026, 6, 1))));
            let reply = finance.get(&path(&id));
            assert_eq!(reply.status, 200, "{}", reply.text());
            let text = reply.text();
            assert!(text.contains("<cbc:Percent>25.00</cbc:Percent>") && text.contains(&format!("rate {instalment} af 7")), "{text}");
            judge(&format!("door-package-{instalment}"), &reply.body);
        }
    }

    fn the_preflight_of_a_list_costs_the_same_for_any_length(app: &TestApp) {
        prices(app);
        let ask = |app: &TestApp| {
            let finance = app.finance();
            let query = "{ invoices(first: 50) { nodes { preflight { code } } } }";
            app.statements(|| { finance.ask(query).data("/invoices/nodes"); })
        };
        let add = |name: &str| {
            let (_, membership) = member(app, name, day(2026, 3, 15));
            draft(app, membership, 2026);
            let (_, membership) = member(app, &format!("{name} By"), day(2025, 3, 15));
            issued(app, membership, 2025, day(2026, 4, 1));
        };
        add("Odense");
        let few = ask(app);
        for name in ["Aarhus", "Køge", "Ribe"] {
            add(name);
        }
        assert_eq!(ask(app), few);
    }
}
