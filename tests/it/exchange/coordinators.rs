//! Coordinators and deputies as spreadsheets, over REST.

use intercultural_cities::kernel::ids::{AppointmentId, Id};
use serde_json::json;

use crate::exchange::{
    applied, comes_back_unchanged, counts, dry_run, export, goes_in_once_and_comes_out_alike,
    member, refused,
};

const FILE: &str = "\u{feff}by;land;navn;e-mail;telefon;rolle;årsværk_procent;startdato;slutdato\n\
    Oslo;Norge;Åse Holm;aase@example.org;+47 21 80 21 80;koordinator;50;01.02.2020;31.12.2022\n\
    Oslo;NO;Bo Berg;bo@example.org;;;40;01-01-2023;\n\
    Oslo;NO;Åse Holm;aase@example.org;;Stedfortræder;10;01-01-2023;\n\
    Lyon;FR;Bo Berg;bo@example.org;;coordinator;60;2023-01-01;\n";

const APPOINT: &str = "mutation ($input: AppointCoordinatorInput!) { appointCoordinator(input: $input) { coordinator { id } userErrors { code field message } } }";
const END: &str = "mutation ($input: EndAppointmentInput!) { endAppointment(input: $input) { coordinator { id startsOn endsOn } userErrors { code field message } } }";

crate::both_databases! {
    fn appointments_go_in_once_and_come_out_alike(app: &TestApp) {
        member(app, "Oslo", "NO");
        member(app, "Lyon", "FR");
        goes_in_once_and_comes_out_alike(app, "coordinators", FILE, 4);
        let people = app.secretariat().ask("{ people { totalCount } }");
        assert_eq!(people.data("/people/totalCount"), &json!(2), "each person is registered once");
        assert!(export(&app.secretariat(), "coordinators", "").contains(",'+47 21 80 21 80,"), "a phone number is no formula");
    }

    fn a_row_changes_its_appointment(app: &TestApp) {
        member(app, "Oslo", "NO");
        member(app, "Lyon", "FR");
        let secretariat = app.secretariat();
        applied(&secretariat, "coordinators", "first", FILE);
        // By person, city, role and first day; the empty cells leave, the dash clears.
        let change = "city,country,name,email,phone,role,fte_percent,starts_on,ends_on\n\
            Oslo,NO,Åse Holm,aase@example.org,-,deputy,15,2023-01-01,2026-12-31\n";
        let (_, report) = dry_run(&secretariat, "coordinators", change);
        assert_eq!(counts(&report), [0, 1, 0, 0], "{report}");
        applied(&secretariat, "coordinators", "second", change);
        let written = export(&secretariat, "coordinators", "");
        assert!(written.contains(",Åse Holm,aase@example.org,,deputy,15,2023-01-01,2026-12-31"), "{written}");
        assert_eq!(written.lines().count(), 5);
    }

    fn each_wrong_cell_is_named(app: &TestApp) {
        member(app, "Oslo", "NO");
        member(app, "Lyon", "FR");
        app.city("Bergen", "NO");
        let secretariat = app.secretariat();
        applied(&secretariat, "coordinators", "first", FILE);
        let unknown = AppointmentId::of(uuid::Uuid::from_u128(7)).public();
        let csv = format!("id,city,country,name,email,phone,role,fte_percent,starts_on,ends_on\n\
            ,Atlantis,NO,Anna,anna@example.org,,,50,2024-01-01,\n\
            ,Bergen,NO,Anna,anna@example.org,,,50,2024-01-01,\n\
            ,Oslo,NO,Anna,anna@example.org,,,50,2024-01-01,\n\
            ,Oslo,NO,Anna,nonsense,call me,deputy,101,2024-02-30,\n\
            ,Oslo,NO,Anna,nonsense,call me,deputy,50,2021-01-01,2021-02-01\n\
            ,Oslo,NO,Anna,anna@example.org,,deputy,50,2021-01-01,2020-12-31\n\
            ,Oslo,NO,Bo Berg,bo@example.org,,deputy,61,2022-12-31,2022-12-31\n\
            {unknown},Oslo,NO,Anna,anna@example.org,,deputy,50,2021-01-01,2021-12-31\n\
            x,Oslo,NO,Anna,,,friend,half,2021-01-01,\n\
            ,Oslo,NO,Anna,,,deputy,-,2021-01-01,\n");
        refused(&secretariat, "coordinators", &csv, &[
            (2, "city", "NOT_FOUND"),
            (3, "starts_on", "NOT_A_MEMBER"),
            (4, "starts_on", "COORDINATOR_EXISTS"),
            (5, "fte_percent", "OUT_OF_RANGE"),
            (5, "starts_on", "NO_SUCH_DATE"),
            (6, "email", "INVALID_TEXT"),
            (6, "phone", "INVALID_TEXT"),
            (7, "ends_on", "OUT_OF_RANGE"),
            (9, "id", "NOT_FOUND"),
            (10, "role", "UNKNOWN_CHOICE"),
            (10, "fte_percent", "NOT_A_NUMBER"),
            (10, "id", "NOT_FOUND"),
            (11, "email", "REQUIRED"),
            (11, "fte_percent", "CANNOT_CLEAR"),
        ]);
        // Bo holds 40 and 60 hundredths, and has no time left.
        let more = "city,country,name,email,role,fte_percent,starts_on\nLyon,FR,Bo Berg,bo@example.org,deputy,1,2024-01-01\n";
        refused(&secretariat, "coordinators", more, &[(2, "fte_percent", "FTE_EXCEEDED")]);
    }

    fn who_never_began_or_has_no_address_disturbs_no_round_trip(app: &TestApp) {
        let city = member(app, "Oslo", "NO").public();
        let secretariat = app.secretariat();
        let appoint = |name: &str, starts_on: &str| {
            let input = json!({ "cityId": city, "person": { "new": { "name": name, "kind": "OFFICIAL" } }, "ftePercent": 50, "startsOn": starts_on });
            secretariat.ask_with(APPOINT, json!({ "input": input })).done("appointCoordinator", "/coordinator/id")
        };
        let called_off = appoint("Anna", "2027-01-01");
        let input = json!({ "id": called_off, "version": 1, "endsOn": "2026-12-31" });
        secretariat.ask_with(END, json!({ "input": input })).done("endAppointment", "/coordinator/id");
        appoint("Bo", "2026-01-01");
        let written = export(&secretariat, "coordinators", "");
        assert!(!written.contains("Anna") && written.contains("Bo"), "{written}");
        comes_back_unchanged(app, "coordinators");
    }
}
