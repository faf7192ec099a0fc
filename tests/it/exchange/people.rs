//! People as spreadsheets, over REST.

use intercultural_cities::kernel::ids::{Id, PersonId};
use serde_json::json;

use crate::exchange::{
    applied, counts, dry_run, export, goes_in_once_and_comes_out_alike, problems, refused,
};

const FILE: &str = "navn;e_mail;telefon;type;organisation;by;land;sprog\n\
    Åse Holm;Aase@example.org;;politiker;;Oslo;NO;nb\n\
    =1+1;;;media;-2+3;Oslo;NO;\n\
    'quoted;quoted@example.org;;partner;\"a;b \"\"c\"\"\";;;\n";

crate::both_databases! {
    fn people_go_in_once_and_come_out_alike(app: &TestApp) {
        app.city("Oslo", "NO");
        goes_in_once_and_comes_out_alike(app, "people", FILE, 3);
        let secretariat = app.secretariat();
        let written = export(&secretariat, "people", "");
        // What a spreadsheet program would run is text there, and itself again here.
        assert!(written.contains(",'=1+1,") && written.contains(",'-2+3,"), "{written}");
        let found = secretariat.ask("{ people(filter: { search: \"1+1\" }) { nodes { name organisation } } }");
        assert_eq!(found.data("/people/nodes"), &json!([{ "name": "=1+1", "organisation": "-2+3" }]));
    }

    fn without_an_address_the_name_must_tell(app: &TestApp) {
        app.city("Oslo", "NO");
        let secretariat = app.secretariat();
        applied(&secretariat, "people", "first", "name,email,kind,city,country\nAnna,a@example.org,media,Oslo,NO\nAnna,b@example.org,media,Oslo,NO\nBo,,media,Oslo,NO\n");
        let one = "name,phone,kind,city,country\nBo,+47 21 80 21 80,academic,Oslo,NO\n";
        assert_eq!(counts(&dry_run(&secretariat, "people", one).1), [0, 1, 0, 0]);
        let (status, report) = dry_run(&secretariat, "people", "name,kind,city,country\nAnna,media,Oslo,NO\n");
        assert_eq!((status, problems(&report)), (422, vec![(2, "name".to_owned(), "AMBIGUOUS".to_owned())]));
        let (_, report) = dry_run(&secretariat, "people", "name,email,kind\nAnna,B@example.org,media\n");
        assert_eq!(counts(&report), [0, 1, 0, 0], "the address is found in any case and written as given: {report}");
    }

    fn each_wrong_cell_is_named(app: &TestApp) {
        app.city("Oslo", "NO");
        let secretariat = app.secretariat();
        applied(&secretariat, "people", "first", FILE);
        let (unknown, city) = (PersonId::of(uuid::Uuid::from_u128(7)).public(), app.city("Lyon", "FR").public());
        let csv = format!("id,name,email,phone,kind,city,country,language\n\
            ,Anna,nonsense,12,media,,,!\n\
            ,Anna,a@example.org,,tourist,Oslo,Utopia,\n\
            ,Anna,a@example.org,,media,Bergen,NO,\n\
            {unknown},Anna,a@example.org,,media,,,\n\
            {city},Anna,a@example.org,,media,,,\n\
            ,-,a@example.org,,media,,,\n\
            ,Bo\u{202e},a@example.org,,media,,,\n\
            ,Bo,a@example.org,,media,Oslo,,\n\
            ,Bo,a@example.org,,media,,NO,\n");
        refused(&secretariat, "people", &csv, &[
            (2, "email", "INVALID_TEXT"),
            (2, "phone", "INVALID_TEXT"),
            (2, "language", "INVALID_TEXT"),
            (3, "kind", "UNKNOWN_CHOICE"),
            (3, "country", "UNKNOWN_COUNTRY"),
            (4, "city", "NOT_FOUND"),
            (5, "id", "NOT_FOUND"),
            (6, "id", "NOT_FOUND"),
            (7, "name", "CANNOT_CLEAR"),
            (8, "name", "INVALID_TEXT"),
            (9, "country", "REQUIRED"),
            (10, "city", "REQUIRED"),
        ]);
    }
}
