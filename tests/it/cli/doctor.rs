//! `doctor`: what it says of a sound database, of one that was tampered with, and of none. What it is
//! not: the checks one by one; those are tested with the rooms they look at.

use diesel::connection::SimpleConnection;
use serde_json::Value;

use crate::cli::place::Place;

fn checks(place: &Place) -> (i32, Vec<(String, bool, String)>) {
    let done = place.run(&["doctor", "--json"]);
    let checks: Value = serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{done:?}"));
    let of = |check: &Value| {
        (
            check["name"].as_str().unwrap().to_owned(),
            check["ok"].as_bool().unwrap(),
            check["found"].to_string(),
        )
    };
    (
        done.code,
        checks.as_array().unwrap().iter().map(of).collect(),
    )
}

crate::program_on_both_databases! {
    fn names_what_is_wrong_with_the_records(place: &Place) {
        place.done(&["migrate"]);
        place.is_sound();
        let text = place.run(&["doctor"]).out;
        for name in ["signing key", "durability", "migrations", "foreign keys", "invoice numbers", "background work"] {
            assert!(text.lines().any(|line| line.starts_with("ok") && line.contains(name)) || (name == "durability" && !place.is_sqlite()), "{name}: {text}");
        }
        // A number that was given out and whose invoice is gone.
        place.db().batch_execute("INSERT INTO invoice_counters (series, year, last_number) VALUES ('F', 2026, 3)").unwrap();
        let (code, found) = checks(place);
        assert_eq!(code, 1);
        let wrong: Vec<_> = found.iter().filter(|(name, ok, _)| !ok && name != "durability").collect();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].0, "invoice numbers");
        let text = place.run(&["doctor"]);
        assert!(text.out.lines().any(|line| line.starts_with("WRONG") && line.contains("invoice numbers")), "{text:?}");
        assert!(text.err.contains("checks failed"), "{text:?}");
    }

    fn says_that_migrations_are_pending(place: &Place) {
        if place.is_sqlite() {
            place.write("network.db", b"");
        }
        let (code, found) = checks(place);
        assert_eq!(code, 1);
        let migrations: Vec<_> = found.iter().filter(|(name, ..)| name == "migrations").collect();
        assert_eq!(migrations.len(), 1, "{found:?}");
        assert!(!migrations[0].1 && migrations[0].2.contains("is pending"), "{found:?}");
    }
}
