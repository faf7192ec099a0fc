//! Partners through the public door.

use intercultural_cities::kernel::adoption::{Adopted, Given};
use intercultural_cities::registry::partners::{self, PartnerKind, PartnerRow};
use serde_json::json;

const REGISTER: &str = "mutation ($input: RegisterPartnerInput!) { registerPartner(input: $input) { partner { id name kind website } userErrors { code field message } } }";

crate::both_databases! {
    fn registers_a_partner_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let input = json!({ "input": { "name": "Institut for Eksempler", "kind": "THINK_TANK_OR_OTHER", "country": "DK", "website": "https://example.org/" } });
        let answer = secretariat.ask_with(REGISTER, input.clone());
        let id = answer.done("registerPartner", "/partner/id");
        assert_eq!(secretariat.ask_with(REGISTER, input.clone()).refusal("registerPartner"), "NAME_TAKEN");
        let wrong = json!({ "input": { "name": "", "kind": "EXPERT_TEAM" } });
        assert_eq!(secretariat.ask_with(REGISTER, wrong).refusal("registerPartner"), "REQUIRED");

        let city = app.city("Oslo", "NO");
        let node = "query ($id: ID!) { node(id: $id) { ... on Partner { name } } }";
        assert_eq!(app.coordinator_of(city).ask_with(node, json!({ "id": id })).data("/node/name"), "Institut for Eksempler");
        assert_eq!(app.anonymous().ask_with(node, json!({ "id": id })).data("/node"), &json!(null));
        assert_eq!(app.anonymous().ask("{ partners { totalCount } }").code(), "UNAUTHENTICATED");
        assert_eq!(app.coordinator_of(city).ask_with(REGISTER, input).code(), "FORBIDDEN");
    }

    fn finds_partners_by_kind_country_and_name(app: &TestApp) {
        for (name, kind, country) in [("Ås Team", PartnerKind::ExpertTeam, "NO"), ("Lyon", PartnerKind::ProvenCity, "FR"), ("Tank", PartnerKind::ThinkTankOrOther, "NO")] {
            let row = PartnerRow { id: None, name: name.to_owned(), kind, country: Given::Set(country.to_owned()), website: Given::Leave, email: Given::Leave };
            app.arrange(|tx| partners::adopt(tx, &row));
        }
        let secretariat = app.secretariat();
        for (filter, expected) in [
            ("{ kind: [PROVEN_CITY] }", json!([{ "name": "Lyon" }])),
            ("{ country: [\"NO\"] }", json!([{ "name": "Ås Team" }, { "name": "Tank" }])),
            ("{ search: \"aas\" }", json!([{ "name": "Ås Team" }])),
        ] {
            let answer = secretariat.ask(&format!("{{ partners(filter: {filter}) {{ nodes {{ name }} }} }}"));
            assert_eq!(answer.data("/partners/nodes"), &expected, "{filter}");
        }
    }

    fn a_row_is_taken_over_once(app: &TestApp) {
        let row = PartnerRow {
            id: None,
            name: "Institut for Eksempler".to_owned(),
            kind: PartnerKind::ThinkTankOrOther,
            country: Given::Leave,
            website: Given::Leave,
            email: Given::Set("office@example.org".to_owned()),
        };
        let created = app.arrange(|tx| partners::adopt(tx, &row));
        assert!(matches!(created, Adopted::Created(_)));
        assert_eq!(app.arrange(|tx| partners::adopt(tx, &row)), Adopted::Unchanged(created.id()));
        let cleared = PartnerRow { email: Given::Clear, ..row };
        assert_eq!(app.arrange(|tx| partners::adopt(tx, &cleared)), Adopted::Updated(created.id()));
        assert_eq!(partners::get(&mut app.db(), created.id()).unwrap().email, None);
    }
}
