//! Cities as spreadsheets, over REST.

use serde_json::{Value, json};

use crate::support::actor::Actor;

const SHARED: &[u8] = include_bytes!("../../../data/cities.csv");

fn import(actor: &Actor<'_>, query: &str, key: Option<&str>, csv: &[u8]) -> (u16, Value) {
    crate::exchange::import(actor, "cities", query, key, csv)
}

fn cities(app: &crate::support::app::TestApp) -> i64 {
    app.secretariat()
        .ask("{ cities { totalCount } }")
        .data("/cities/totalCount")
        .as_i64()
        .unwrap()
}

crate::both_databases! {
    fn the_shared_file_goes_in_once_and_comes_out_alike(app: &TestApp) {
        let secretariat = app.secretariat();
        let (status, report) = import(&secretariat, "", None, SHARED);
        assert_eq!((status, &report["applied"], &report["counts"]["error"]), (200, &json!(false), &json!(0)), "{report}");
        assert_eq!(report["rows"][0]["id"], Value::Null);
        let expected = report["counts"]["create"].clone();
        assert_eq!(cities(app), 0);

        let (status, report) = import(&secretariat, "?apply=true", Some("first"), SHARED);
        assert_eq!((status, &report["applied"], &report["counts"]["create"]), (200, &json!(true), &expected));
        assert_eq!(json!(cities(app)), expected);

        let (_, repeated) = import(&secretariat, "?apply=true", Some("first"), SHARED);
        assert_eq!(repeated, report);
        let (_, again) = import(&secretariat, "?apply=true", Some("second"), SHARED);
        assert_eq!(again["counts"], json!({ "create": 0, "update": 0, "unchanged": expected, "error": 0 }));

        for query in ["", "?delimiter=semicolon&bom=true"] {
            let csv = secretariat.get(&format!("/api/v1/exports/cities.csv{query}")).body;
            let (status, back) = import(&secretariat, "", None, &csv);
            assert_eq!((status, &back["counts"]["unchanged"], &back["counts"]["error"]), (200, &expected, &json!(0)), "{query}");
        }
    }

    fn one_bad_row_stops_the_whole_file(app: &TestApp) {
        let csv = "by;land;tidszone;indbyggertal;cvr_nr\nÅlborg;DK;Europe/Copenhagen;119.862;\nOdense;Danmark;Europe/Copenhagen;75.00;12345678\n;XX;;;\n";
        let (status, report) = import(&app.secretariat(), "?apply=true", Some("key"), csv.as_bytes());
        assert_eq!((status, &report["applied"]), (422, &json!(false)));
        assert_eq!(report["counts"], json!({ "create": 1, "update": 0, "unchanged": 0, "error": 2 }));
        assert_eq!((&report["rows"][1]["line"], &report["rows"][1]["problems"][0]["column"], &report["rows"][1]["problems"][0]["value"]), (&json!(3), &json!("population"), &json!("75.00")));
        assert_eq!(cities(app), 0);
        // The corrected file may use the same key.
        let (status, report) = import(&app.secretariat(), "?apply=true", Some("key"), "by;land;tidszone\nOdense;Danmark;Europe/Copenhagen\n".as_bytes());
        assert_eq!((status, &report["applied"]), (200, &json!(true)));
    }

    fn a_row_that_fits_two_cities_is_wrong(app: &TestApp) {
        let secretariat = app.secretariat();
        let csv = "name,country,time_zone,geonames_id,cvr\nOslo,NO,Europe/Oslo,1,\nBergen,NO,Europe/Oslo,2,64942212\n";
        assert_eq!(import(&secretariat, "?apply=true", Some("a"), csv.as_bytes()).0, 200);
        let (status, report) = import(&secretariat, "", None, "name,country,geonames_id,cvr\nOslo,NO,1,64942212\n".as_bytes());
        assert_eq!((status, &report["rows"][0]["problems"][0]["code"]), (422, &json!("AMBIGUOUS")));
        let (_, renamed) = import(&secretariat, "", None, "name,country,geonames_id\nBjørgvin,NO,2\n".as_bytes());
        assert_eq!(renamed["counts"]["update"], json!(1));
        // Who has the number of one city and the name of another does not rename the one.
        for (csv, column) in [("name,country,geonames_id\nOslo,NO,2\n", "name"), ("name,country,geonames_id\nBergen,SE,2\n", "country")] {
            let (status, report) = import(&secretariat, "", None, csv.as_bytes());
            let problem = &report["rows"][0]["problems"][0];
            assert_eq!((status, &problem["code"], &problem["column"]), (422, &json!("AMBIGUOUS"), &json!(column)), "{csv}");
        }
        let (_, cleared) = import(&secretariat, "?apply=true", Some("b"), "name,country,cvr\nBergen,NO,-\n".as_bytes());
        assert_eq!(cleared["counts"]["update"], json!(1));
    }

    fn a_name_and_a_country_are_enough_where_every_city_has_the_same_time(app: &TestApp) {
        let secretariat = app.secretariat();
        let (status, report) = import(&secretariat, "?apply=true", Some("a"), "name;country;population\nTest By;DK;75.000\n".as_bytes());
        assert_eq!((status, &report["counts"]["create"]), (200, &json!(1)), "{report}");
        assert_eq!(secretariat.ask("{ cities { nodes { timeZone population } } }").data("/cities/nodes/0"), &json!({ "timeZone": "Europe/Copenhagen", "population": 75000 }));
        let (status, report) = import(&secretariat, "", None, "name,country\nLas Palmas,ES\n".as_bytes());
        let problem = &report["rows"][0]["problems"][0];
        assert_eq!((status, &problem["code"], &problem["column"]), (422, &json!("REQUIRED"), &json!("time_zone")));
    }

    fn only_the_secretariat_imports(app: &TestApp) {
        for (actor, status) in [(app.anonymous(), 401), (app.finance(), 403), (app.auditor(), 403)] {
            assert_eq!(import(&actor, "", None, SHARED).0, status);
        }
        assert_eq!(app.anonymous().get("/api/v1/exports/cities.csv").status, 401);
        assert_eq!(import(&app.secretariat(), "?apply=true", None, SHARED).0, 400);
        assert_eq!(app.secretariat().send("POST", "/api/v1/imports/nonsense", &[("content-type", "text/csv")], b"").status, 404);
        assert_eq!(app.secretariat().send("POST", "/api/v1/imports/cities", &[("content-type", "application/json")], b"{}").status, 415);
    }
}
