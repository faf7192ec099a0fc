//! Experts as spreadsheets, over REST.

use intercultural_cities::kernel::ids::{ExpertId, Id};
use serde_json::json;

use crate::exchange::{applied, counts, export, goes_in_once_and_comes_out_alike, refused};

const FILE: &str = "navn;e_mail;telefon;type;sprog;områder;organisation;hjemby;hjemland;ledig_fra;ledig_til\n\
    Åse Holm;aase@example.org;;council_of_europe;da|EN-gb;;;;;;\n\
    Bo Berg;bo@example.org;+45 33 66 33 66;think tank;en;police|HOUSING;@work;Oslo;Norge;01-01-2026;31.12.2026\n";

crate::both_databases! {
    fn experts_go_in_once_and_come_out_alike(app: &TestApp) {
        app.city("Oslo", "NO");
        goes_in_once_and_comes_out_alike(app, "experts", FILE, 2);
        let written = export(&app.secretariat(), "experts", "");
        assert!(written.contains("Bo Berg,bo@example.org,'+45 33 66 33 66,think_tank,en,HOUSING|POLICE,'@work,Oslo,NO,2026-01-01,2026-12-31"), "{written}");
        let known = app.secretariat().ask("{ experts(filter: { search: \"bo\" }) { nodes { organisation languages availableUntil homeCity { name } } } }");
        assert_eq!(known.data("/experts/nodes/0"), &json!({ "organisation": "@work", "languages": ["en"], "availableUntil": "2026-12-31", "homeCity": { "name": "Oslo" } }));
    }

    fn an_id_names_the_record_whatever_the_address(app: &TestApp) {
        app.city("Oslo", "NO");
        let secretariat = app.secretariat();
        let report = applied(&secretariat, "experts", "first", FILE);
        let id = report["rows"][1]["id"].as_str().unwrap();
        let csv = format!("id,name,email,kind,languages,home_city,available_until\n{id},Bo Berg Holm,,think_tank,en|fr,-,-\n");
        let report = applied(&secretariat, "experts", "second", &csv);
        assert_eq!(counts(&report), [0, 1, 0, 0]);
        let written = export(&secretariat, "experts", "");
        assert!(written.contains("Bo Berg Holm,bo@example.org,'+45 33 66 33 66,think_tank,en|fr,HOUSING|POLICE,'@work,,,2026-01-01,"), "{written}");
        assert_eq!(written.lines().count(), 3);
    }

    fn each_wrong_cell_is_named(app: &TestApp) {
        app.city("Oslo", "NO");
        let unknown = ExpertId::of(uuid::Uuid::from_u128(7)).public();
        let csv = format!("id,name,email,kind,languages,policy_areas,home_city,home_country,available_from,available_until\n\
            ,Anna,anna@example.org,wizard,da||en,,,,,\n\
            ,Anna,anna@example.org,city_peer,da|!,,,,2026-02-01,2026-01-31\n\
            ,Anna,anna@example.org,city_peer,da,gardening,Oslo,,,\n\
            ,Anna,anna@example.org,city_peer,da,police|police,Atlantis,NO,,1999-01-01\n\
            ,,@example.org,city_peer,da,,,,,\n\
            {unknown},Anna,anna@example.org,city_peer,da,,,,,\n");
        refused(&app.secretariat(), "experts", &csv, &[
            (2, "kind", "UNKNOWN_CHOICE"),
            (2, "languages", "EMPTY_ENTRY"),
            (3, "languages", "INVALID_TEXT"),
            (3, "available_until", "OUT_OF_RANGE"),
            (4, "policy_areas", "NOT_FOUND"),
            (4, "home_country", "REQUIRED"),
            (5, "policy_areas", "DUPLICATE_ENTRY"),
            (5, "home_city", "NOT_FOUND"),
            (5, "available_until", "OUT_OF_RANGE"),
            (6, "name", "REQUIRED"),
            (7, "id", "NOT_FOUND"),
        ]);
    }
}
