//! The forms in which spreadsheet programs write files: delimiters, marks, encodings, signs.

use serde_json::json;

use crate::exchange::{applied, counts, dry_run, export, import, problems};

crate::both_databases! {
    fn a_file_of_an_older_program_is_read(app: &TestApp) {
        let secretariat = app.secretariat();
        // ISO-8859-1, `;`, decimal comma, points between thousands, CR LF.
        let latin1: Vec<u8> = "by;land;tidszone;indbyggertal;breddegrad;længdegrad\r\nÅlborg;Danmark;Europe/Copenhagen;119.862;57,048;9,9187\r\n"
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).unwrap())
            .collect();
        for query in ["?apply=true&encoding=latin1", "?apply=true"] {
            let (status, report) = import(&secretariat, "cities", query, Some(query), &latin1);
            assert_eq!(status, 200, "{report}");
        }
        let (status, report) = import(&secretariat, "cities", "?encoding=utf-8", None, &latin1);
        assert_eq!((status, problems(&report).first().map(|problem| problem.2.clone())), (422, Some("INVALID_ENCODING".to_owned())));
        let found = secretariat.ask("{ cities { nodes { name population coordinates { latitude longitude } } } }");
        assert_eq!(found.data("/cities/nodes"), &json!([{ "name": "Ålborg", "population": 119_862, "coordinates": { "latitude": 57.048, "longitude": 9.9187 } }]));
        assert!(export(&secretariat, "cities", "?delimiter=semicolon&bom=true").starts_with("\u{feff}id;name;"));
        assert!(export(&secretariat, "cities", "?delimiter=semicolon").contains(";57,048000;9,918700;"));
        assert!(export(&secretariat, "cities", "").contains(",57.048000,9.918700,"));
    }

    fn the_decimal_sign_can_be_said(app: &TestApp) {
        let secretariat = app.secretariat();
        let csv = "name;country;time_zone;latitude;longitude\nOslo;NO;Europe/Oslo;59.9;10.7\n";
        let (status, report) = dry_run(&secretariat, "cities", csv);
        assert_eq!(status, 422);
        assert_eq!(problems(&report)[0].2, "NOT_A_NUMBER");
        let (status, report) = import(&secretariat, "cities", "?decimal=point", None, csv.as_bytes());
        assert_eq!((status, counts(&report)), (200, [1, 0, 0, 0]), "{report}");
    }

    fn what_is_no_sheet_is_said_so(app: &TestApp) {
        let secretariat = app.secretariat();
        for (csv, expected) in [
            ("", (0, "", "EMPTY_FILE")),
            ("PK\u{3}\u{4}\0", (0, "", "NOT_TEXT")),
            ("name,kind,mayor\n", (1, "", "UNKNOWN_COLUMN")),
            ("name\nx\n", (1, "kind", "MISSING_COLUMN")),
            ("name,navn,kind\nx,y,proven_city\n", (1, "name", "DUPLICATE_COLUMN")),
            ("name,kind\nx\n", (2, "", "RAGGED_ROW")),
            ("name,kind\n\"x,proven_city\n", (2, "", "UNCLOSED_QUOTE")),
        ] {
            let (status, report) = dry_run(&secretariat, "partners", csv);
            assert_eq!(status, 422, "{csv:?}");
            let found = problems(&report);
            let found: Vec<_> = found.iter().map(|(line, column, code)| (*line, column.as_str(), code.as_str())).collect();
            assert!(found.contains(&expected), "{csv:?}: {found:?}");
        }
        for query in ["?apply=maybe", "?decimal=dot", "?encoding=ebcdic", "?really=true"] {
            assert_eq!(import(&secretariat, "partners", query, None, b"name,kind\n").0, 400, "{query}");
        }
    }

    fn problems_are_told_in_the_language_of_the_caller(app: &TestApp) {
        let secretariat = app.secretariat();
        let message = |language: &str| {
            let headers = [("content-type", "text/csv"), ("accept-language", language)];
            let reply = secretariat.send("POST", "/api/v1/imports/partners", &headers, b"name,kind\n,proven_city\n");
            reply.json()["rows"][0]["problems"][0]["message"].as_str().unwrap().to_owned()
        };
        assert_eq!((message("en").as_str(), message("da").as_str()), ("A value is required here.", "Her skal der stå en værdi."));
    }

    fn one_file_is_one_line_of_the_log(app: &TestApp) {
        let secretariat = app.secretariat();
        applied(&secretariat, "partners", "first", "name,kind\nSociety,proven_city\n");
        let log = app.admin().ask("{ auditTrail(filter: { action: \"spreadsheet.imported\" }) { totalCount } }");
        assert_eq!(log.data("/auditTrail/totalCount"), &json!(1));
    }
}
