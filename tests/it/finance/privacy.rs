//! Who sees money: the own city, finance, secretariat, auditors; nobody else by any path.

use intercultural_cities::kernel::ids::{Id, InvoiceId, PaymentId};
use serde_json::{Value, json};

use crate::finance::arrange::{copenhagen, draft, issued, member, paid};
use crate::support::app::day;

const NODE: &str = "query ($id: ID!) { node(id: $id) { id } }";

crate::both_databases! {
    fn lyon_cannot_see_oslos_money(app: &TestApp) {
        let (_, _, _) = copenhagen(app);
        let (oslo, oslos) = member(app, "Oslo", day(2026, 1, 1));
        let (lyon, lyons) = member(app, "Lyon", day(2026, 1, 1));
        let invoice = issued(app, oslos, 2026, day(2026, 4, 1));
        let payment = paid(app, oslo, 100_000, day(2026, 4, 2), &[(invoice, 100_000)]);
        let own = issued(app, lyons, 2026, day(2026, 4, 1));
        let coordinator = app.coordinator_of(lyon);

        let answer = coordinator.ask("{ invoices { totalCount nodes { id } } payments { totalCount } overdueInvoices { nodes { id } } }");
        assert_eq!(answer.data("/invoices"), &json!({ "totalCount": 1, "nodes": [{ "id": own.public() }] }));
        assert_eq!(answer.data("/overdueInvoices/nodes"), &json!([{ "id": own.public() }]));
        assert_eq!(answer.data("/payments/totalCount"), &json!(0));
        let filtered = "query ($id: ID!) { invoices(filter: { cityId: $id }) { totalCount } payments(filter: { cityId: $id }) { totalCount } }";
        let answer = coordinator.ask_with(filtered, json!({ "id": oslo.public() }));
        assert_eq!(answer.body["data"], json!({ "invoices": { "totalCount": 0 }, "payments": { "totalCount": 0 } }));

        let missing = [InvoiceId::of(uuid::Uuid::from_u128(1)).public(), PaymentId::of(uuid::Uuid::from_u128(1)).public()];
        for (id, none) in [invoice.public(), payment.public()].iter().zip(&missing) {
            let (real, unreal) = (coordinator.ask_with(NODE, json!({ "id": id })), coordinator.ask_with(NODE, json!({ "id": none })));
            assert_eq!((real.data("/node"), &real.body), (&Value::Null, &unreal.body));
        }
        let allocation = app.auditor().ask_with("query ($id: ID!) { node(id: $id) { ... on Payment { allocations { nodes { id } } } } }", json!({ "id": payment.public() }));
        let allocation = allocation.text("/node/allocations/nodes/0/id").to_owned();
        assert_eq!(coordinator.ask_with(NODE, json!({ "id": allocation })).data("/node"), &Value::Null);
        assert_eq!(app.coordinator_of(oslo).ask_with(NODE, json!({ "id": allocation })).data("/node/id"), &json!(allocation));

        let items = "query ($id: ID!) { openItems(cityId: $id) { totalCount } }";
        assert_eq!(coordinator.ask_with(items, json!({ "id": oslo.public() })).code(), "NOT_FOUND");
        assert_eq!(coordinator.ask_with(items, json!({ "id": lyon.public() })).data("/openItems/totalCount"), &json!(1));
    }

    fn a_city_in_view_hides_its_money(app: &TestApp) {
        let (oslo, oslos) = member(app, "Oslo", day(2026, 1, 1));
        let (lyon, _) = member(app, "Lyon", day(2026, 1, 1));
        crate::finance::arrange::prices(app);
        issued(app, oslos, 2026, day(2026, 4, 1));
        app.arrange(|tx| {
            intercultural_cities::db::sql::Sql::new("UPDATE cities SET public_since = ").bind_date(day(2026, 1, 1)).execute(tx.db)?;
            Ok(())
        });
        let query = "query ($id: ID!) { city(id: $id) { name openBalance { amount } invoices { totalCount } payments { totalCount } } }";
        let nothing = json!({ "name": "Oslo", "openBalance": null, "invoices": null, "payments": null });
        for actor in [app.anonymous(), app.coordinator_of(lyon)] {
            assert_eq!(actor.ask_with(query, json!({ "id": oslo.public() })).data("/city"), &nothing);
        }
        for actor in [app.finance(), app.secretariat(), app.auditor(), app.admin(), app.coordinator_of(oslo)] {
            let answer = actor.ask_with(query, json!({ "id": oslo.public() }));
            assert_eq!(answer.text("/city/openBalance/amount"), "75000.00");
        }
        assert_eq!(app.anonymous().ask("{ invoices { totalCount } }").code(), "UNAUTHENTICATED");
        assert_eq!(app.anonymous().ask("{ payments { totalCount } }").code(), "UNAUTHENTICATED");
        assert_eq!(app.anonymous().ask("{ overdueInvoices { totalCount } }").code(), "UNAUTHENTICATED");
    }

    fn a_draft_is_finances_own(app: &TestApp) {
        crate::finance::arrange::prices(app);
        let (oslo, oslos) = member(app, "Oslo", day(2026, 1, 1));
        let draft = draft(app, oslos, 2026);
        let coordinator = app.coordinator_of(oslo);
        assert_eq!(coordinator.ask("{ invoices { totalCount } }").data("/invoices/totalCount"), &json!(0));
        assert_eq!(coordinator.ask_with(NODE, json!({ "id": draft.public() })).data("/node"), &Value::Null);
        assert_eq!(app.auditor().ask_with(NODE, json!({ "id": draft.public() })).data("/node/id"), &json!(draft.public()));
    }
}
