//! A full disk: writes say so and reads go on. What it is not: PostgreSQL, whose disk no test fills.

use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::databases::Database;

const REGISTER: &str = "mutation ($name: String!) { registerCity(input: { name: $name, country: \"NO\", timeZone: \"Europe/Oslo\" }) { city { id } userErrors { code } } }";

#[test]
fn a_full_disk_refuses_writes_and_answers_reads() {
    // SQLite takes what the file already has where that is more: it is full but for its free space.
    let app = TestApp::with(Database::Sqlite, &["--sqlite-max-pages", "1"]).unwrap();
    app.db()
        .batch_execute(
            "CREATE TABLE room (filler BLOB); INSERT INTO room VALUES (zeroblob(400000));",
        )
        .unwrap();
    let secretariat = app.secretariat();
    let mut written = 0;
    let full = loop {
        let answer = secretariat.ask_with(REGISTER, json!({ "name": format!("City {written}") }));
        if answer.status != 200 {
            break answer;
        }
        assert!(answer.refusals("registerCity").is_empty());
        written += 1;
        assert!(written < 5_000, "the disk is never full");
    };
    assert_eq!((full.status, full.code()), (503, "UNAVAILABLE"));
    assert!(full.reply.header("retry-after").is_some());
    assert!(!full.body.to_string().contains("disk"), "{}", full.body);
    for _ in 0..3 {
        assert_eq!(
            secretariat
                .ask_with(REGISTER, json!({ "name": "One more" }))
                .status,
            503
        );
        assert_eq!(
            secretariat
                .ask("{ cities { totalCount } }")
                .data("/cities/totalCount"),
            &json!(written)
        );
        assert_eq!(app.anonymous().get("/readyz").status, 200);
    }

    // Somebody makes room.
    app.db().batch_execute("DROP TABLE room").unwrap();
    let answer = secretariat.ask_with(REGISTER, json!({ "name": "One more" }));
    assert_eq!(answer.status, 200, "{}", answer.body);
}
