//! Networks and rounds: reference data, loaded and read.

use diesel::prelude::*;
use intercultural_cities::kernel::phrase::Phrase;
use intercultural_cities::registry::networks::{
    self, NetworkKind, ReferenceNetwork, ReferenceRound,
};
use intercultural_cities::schema::audit_entries;
use serde_json::json;

/// The international network with its two rounds, and one national network.
pub fn reference() -> Vec<ReferenceNetwork> {
    let round =
        |number, en: &str, da: &str, first_year, last_year, expected_cities| ReferenceRound {
            number,
            name: Phrase::new(en, da),
            first_year,
            last_year,
            expected_cities,
        };
    vec![
        ReferenceNetwork {
            code: "norway".to_owned(),
            kind: NetworkKind::National,
            country: Some("NO".to_owned()),
            name: Phrase::new("Norwegian network", "Det norske netværk"),
            local_name: None,
            abbreviation: Some("ICN".to_owned()),
            rounds: Vec::new(),
        },
        ReferenceNetwork {
            code: "intercultural-cities".to_owned(),
            kind: NetworkKind::International,
            country: None,
            name: Phrase::new("Intercultural Cities", "Intercultural Cities"),
            local_name: None,
            abbreviation: None,
            rounds: vec![
                round(1, "First round", "Første runde", 2008, None, Some(11)),
                round(
                    2,
                    "Second generation",
                    "Anden generation",
                    2010,
                    Some(2012),
                    None,
                ),
            ],
        },
    ]
}

crate::both_databases! {
    fn networks_and_rounds_are_read_by_everybody(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let answer = app.anonymous().ask(
            "{ networks { code kind country abbreviation name(language: \"da\") rounds { number name startsOn endsOn expectedCities network { code } } } }",
        );
        let round = |number: i32, name: &str, starts: &str, ends: Option<&str>, cities: Option<i32>| json!({
            "number": number, "name": name, "startsOn": starts, "endsOn": ends, "expectedCities": cities, "network": { "code": "intercultural-cities" }
        });
        assert_eq!(answer.data("/networks"), &json!([
            { "code": "intercultural-cities", "kind": "INTERNATIONAL", "country": null, "abbreviation": null, "name": "Intercultural Cities", "rounds": [
                round(1, "First round", "2008-01-01", None, Some(11)),
                round(2, "Second generation", "2010-01-01", Some("2012-12-31"), None),
            ] },
            { "code": "norway", "kind": "NATIONAL", "country": "NO", "abbreviation": "ICN", "name": "Det norske netværk", "rounds": [] },
        ]));
        let national = app.anonymous().ask("{ networks(kind: NATIONAL) { id } }");
        let id = national.text("/networks/0/id");
        let node = app.anonymous().ask_with("query ($id: ID!) { node(id: $id) { id ... on Network { code } } }", json!({ "id": id }));
        assert_eq!(node.data("/node/code"), "norway");
    }

    fn loading_again_writes_only_what_changed(app: &TestApp) {
        let load = |reference: &[ReferenceNetwork]| app.arrange(|tx| networks::ensure_reference(tx, reference));
        assert_eq!(load(&reference()), 4);
        let before = networks::all(&mut app.db()).unwrap();
        app.set_today(2026, 11, 23);
        assert_eq!(load(&reference()), 0);
        assert_eq!(networks::all(&mut app.db()).unwrap(), before);

        let mut changed = reference();
        changed[0].name.en = "Network of Norway".to_owned();
        changed[1].rounds[0].last_year = Some(2009);
        assert_eq!(load(&changed), 2);
        let after = networks::all(&mut app.db()).unwrap();
        let norway = after.iter().find(|network| network.code == "norway").unwrap();
        assert_eq!((norway.name_en.as_str(), norway.updated_at), ("Network of Norway", app.now()));
        assert!(norway.created_at < norway.updated_at);
        let lines: i64 = audit_entries::table
            .filter(audit_entries::action.eq("network.loaded"))
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(lines, 4);
    }

    fn rounds_of_many_networks_are_one_statement(app: &TestApp) {
        app.arrange(|tx| networks::ensure_reference(tx, &reference()));
        let ask = |query: &str| app.statements(|| { app.anonymous().ask(query).data("/networks"); });
        let one = ask("{ networks(kind: NATIONAL) { rounds { number network { code } } } }");
        let all = ask("{ networks { rounds { number network { code } } } }");
        assert!(all <= one + 1, "{one} {all}");
    }
}
