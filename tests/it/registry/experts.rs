//! Experts through the public door.

use intercultural_cities::kernel::adoption::{Adopted, Given};
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::kernel::policy_area::PolicyArea;
use intercultural_cities::registry::experts::{self, ExpertKind, ExpertRow};
use intercultural_cities::registry::people::PersonRow;
use serde_json::json;

use crate::registry::people::person;
use crate::support::app::day;

const REGISTER: &str = "mutation ($input: RegisterExpertInput!) { registerExpert(input: $input) { expert { id name languages policyAreas availableFrom availableUntil homeCity { name } person { name } } userErrors { code field message } } }";

fn row(name: &str) -> ExpertRow {
    ExpertRow {
        id: None,
        person: PersonRow {
            email: Given::Set(format!("{}@example.org", name.to_lowercase())),
            ..PersonRow::named(name)
        },
        kind: ExpertKind::PolicyConsultant,
        languages: vec!["da".to_owned(), "en".to_owned()],
        policy_areas: Given::Set(vec![PolicyArea::Housing]),
        organisation: Given::Leave,
        home_city: Given::Leave,
        available_from: Given::Leave,
        last_available: Given::Set(day(2026, 12, 31)),
    }
}

crate::both_databases! {
    fn registers_an_expert_once(app: &TestApp) {
        let oslo = app.city("Oslo", "NO");
        let anna = person(app, "Anna", None);
        let secretariat = app.secretariat();
        let input = json!({ "input": {
            "person": { "id": anna.public() }, "kind": "CITY_PEER", "languages": ["NB", "en"], "policyAreas": ["POLICE", "HOUSING"],
            "homeCityId": oslo.public(), "availableFrom": "2026-01-01", "availableUntil": "2026-12-31"
        } });
        let answer = secretariat.ask_with(REGISTER, input.clone());
        let id = answer.done("registerExpert", "/expert/id");
        let mut expert = answer.data("/registerExpert/expert").clone();
        expert.as_object_mut().unwrap().remove("id");
        assert_eq!(
            expert,
            json!({ "name": "Anna", "languages": ["nb", "en"], "policyAreas": ["HOUSING", "POLICE"], "availableFrom": "2026-01-01", "availableUntil": "2026-12-31", "homeCity": { "name": "Oslo" }, "person": { "name": "Anna" } })
        );
        assert_eq!(secretariat.ask_with(REGISTER, input.clone()).refusals("registerExpert"), [("IDENTIFIER_TAKEN".to_owned(), "person".to_owned())]);

        let node = "query ($id: ID!) { node(id: $id) { ... on Expert { name } } }";
        assert_eq!(app.finance().ask_with(node, json!({ "id": id })).data("/node/name"), "Anna");
        for actor in [app.anonymous(), app.coordinator_of(oslo)] {
            assert_eq!(actor.ask_with(node, json!({ "id": id })).data("/node"), &json!(null));
        }
        assert_eq!(app.coordinator_of(oslo).ask("{ experts { totalCount } }").code(), "FORBIDDEN");
        assert_eq!(app.anonymous().ask("{ experts { totalCount } }").code(), "UNAUTHENTICATED");
        assert_eq!(app.coordinator_of(oslo).ask_with(REGISTER, input).code(), "FORBIDDEN");
    }

    fn all_problems_come_at_once(app: &TestApp) {
        let input = json!({ "input": { "person": { "new": { "name": "", "kind": "ACADEMIC" } }, "kind": "THINK_TANK", "languages": [], "homeCityId": "nonsense" } });
        let expected = [("REQUIRED", "person.new.name"), ("NOT_FOUND", "homeCityId"), ("REQUIRED", "languages")];
        assert_eq!(app.secretariat().ask_with(REGISTER, input).refusals("registerExpert"), expected.map(|(code, field)| (code.to_owned(), field.to_owned())));
    }

    fn finds_experts_by_language_area_and_day(app: &TestApp) {
        app.arrange(|tx| experts::adopt(tx, &row("Anna")));
        let french = ExpertRow { languages: vec!["fr".to_owned()], policy_areas: Given::Set(vec![PolicyArea::Police]), last_available: Given::Leave, ..row("Bernard") };
        app.arrange(|tx| experts::adopt(tx, &french));
        let secretariat = app.secretariat();
        for (filter, expected) in [
            ("{}", json!([{ "name": "Anna" }, { "name": "Bernard" }])),
            ("{ language: [\"fr\", \"de\"] }", json!([{ "name": "Bernard" }])),
            ("{ policyArea: [HOUSING] }", json!([{ "name": "Anna" }])),
            ("{ availableOn: \"2027-01-01\" }", json!([{ "name": "Bernard" }])),
            ("{ availableOn: \"2026-12-31\", search: \"ann\" }", json!([{ "name": "Anna" }])),
            ("{ kind: [CITY_PEER] }", json!([])),
        ] {
            let answer = secretariat.ask(&format!("{{ experts(filter: {filter}) {{ nodes {{ name }} }} }}"));
            assert_eq!(answer.data("/experts/nodes"), &expected, "{filter}");
        }
        let page = secretariat.ask("{ experts(last: 1) { totalCount nodes { name } pageInfo { hasPreviousPage } } }");
        assert_eq!(page.data("/experts"), &json!({ "totalCount": 2, "nodes": [{ "name": "Bernard" }], "pageInfo": { "hasPreviousPage": true } }));
    }

    fn a_row_is_taken_over_once(app: &TestApp) {
        let created = app.arrange(|tx| experts::adopt(tx, &row("Anna")));
        assert!(matches!(created, Adopted::Created(_)));
        assert_eq!(app.arrange(|tx| experts::adopt(tx, &row("Anna"))), Adopted::Unchanged(created.id()));
        let changed = ExpertRow { languages: vec!["da".to_owned()], policy_areas: Given::Clear, last_available: Given::Leave, ..row("Anna") };
        assert_eq!(app.arrange(|tx| experts::adopt(tx, &changed)), Adopted::Updated(created.id()));
        let expert = experts::get(&mut app.db(), created.id()).unwrap();
        assert_eq!(expert.record.languages().unwrap(), ["da"]);
        assert_eq!(expert.record.policy_areas().unwrap(), []);
        assert_eq!(expert.record.available_until, Some(day(2027, 1, 1)));
    }
}
