//! Partner organisations as spreadsheets, over REST.

use crate::exchange::{applied, counts, export, goes_in_once_and_comes_out_alike, refused};

const FILE: &str = "navn;type;land;hjemmeside;e_mail\n\
    @Institute of Examples;expert team;Frankrig;https://example.org/;institute@example.org\n\
    Byernes kreds;proven_city;;;\n";

crate::both_databases! {
    fn partners_go_in_once_and_come_out_alike(app: &TestApp) {
        goes_in_once_and_comes_out_alike(app, "partners", FILE, 2);
        let written = export(&app.secretariat(), "partners", "");
        assert!(written.contains("'@Institute of Examples,expert_team,FR,https://example.org/,institute@example.org"), "{written}");
    }

    fn a_row_changes_its_partner(app: &TestApp) {
        let secretariat = app.secretariat();
        applied(&secretariat, "partners", "first", FILE);
        let report = applied(&secretariat, "partners", "second", "name,kind,country,website\nbyernes KREDS,think_tank_or_other,DK,https://example.org/kreds\n@Institute of Examples,expert_team,-,\n");
        assert_eq!(counts(&report), [0, 2, 0, 0]);
        let written = export(&secretariat, "partners", "");
        assert!(written.contains("byernes KREDS,think_tank_or_other,DK,https://example.org/kreds,\r\n"), "{written}");
        assert!(written.contains("'@Institute of Examples,expert_team,,https://example.org/,institute@example.org"), "{written}");
    }

    fn each_wrong_cell_is_named(app: &TestApp) {
        let csv = "name,kind,country,website,email\nSociety,club,Utopia,,\nSociety,proven_city,,javascript:alert(1),nobody\n,proven_city,,,\n";
        refused(&app.secretariat(), "partners", csv, &[
            (2, "kind", "UNKNOWN_CHOICE"),
            (2, "country", "UNKNOWN_COUNTRY"),
            (3, "website", "INVALID_TEXT"),
            (3, "email", "INVALID_TEXT"),
            (4, "name", "REQUIRED"),
        ]);
    }
}
