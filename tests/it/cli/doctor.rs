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

    fn what_was_given_up_is_listed_and_tried_again(place: &Place) {
        place.done(&["migrate"]);
        assert_eq!(place.done(&["jobs", "list"]), "0 waiting, 0 running, 0 given up\n");
        assert_eq!(place.done(&["jobs", "retry"]), "nothing was given up\n");
        let (id, zero) = if place.is_sqlite() { ("x'0194000000007000800000000000abcd'", "0") } else { ("'01940000-0000-7000-8000-00000000abcd'", "'epoch'") };
        place.db().batch_execute(&format!(
            "INSERT INTO jobs (id, kind, payload, aggregate, state, run_after, attempts, last_error, created_at, finished_at) \
             VALUES ({id}, 'mail.send', '{{}}', 'user:1', 'DEAD', {zero}, 20, 'the relay is away', {zero}, {zero})"
        )).unwrap();
        let wrong = checks(place).1.into_iter().find(|(name, ..)| name == "background work").unwrap();
        assert!(!wrong.1 && wrong.2.contains('1'), "{wrong:?}");
        assert!(place.run(&["doctor"]).out.contains("jobs retry"));
        let listed = place.done(&["jobs", "list"]);
        assert_eq!(listed, "DEAD 01940000-0000-7000-8000-00000000abcd mail.send: 20 attempts, due 1970-01-01T00:00:00Z, the relay is away\n0 waiting, 0 running, 1 given up\n");
        assert_eq!(place.done(&["jobs", "retry"]), "1 job will be tried again\n");
        assert!(place.done(&["jobs", "list"]).ends_with("1 waiting, 0 running, 0 given up\n"));
        place.is_sound();
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

    fn a_database_of_a_newer_version_is_refused(place: &Place) {
        place.done(&["migrate"]);
        place.done(&["migrate", "--status"]);
        place.db().batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231235959')").unwrap();
        for command in [
            &["serve"][..],
            &["serve", "--migrate"],
            &["migrate"],
            &["migrate", "--status"],
            &["seed"],
            &["generate", "--cities", "1"],
            &["audit", "verify"],
            &["user", "create", "--email", "anna@example.org", "--name", "Anna", "--role", "ADMIN"],
        ] {
            let said = place.refused(command);
            assert!(
                said.contains("a newer version of this program") && said.contains("29991231235959") && said.contains("run that version or a later one"),
                "{command:?}: {said}"
            );
        }
        let (code, found) = checks(place);
        assert_eq!(code, 1);
        let migrations: Vec<_> = found.iter().filter(|(name, ..)| name == "migrations").collect();
        assert_eq!(migrations.len(), 1, "{found:?}");
        assert!(!migrations[0].1 && migrations[0].2.contains("29991231235959 is not known"), "{found:?}");
        assert!(!migrations[0].2.contains("pending"), "{found:?}");
        let text = place.run(&["doctor"]).out;
        assert!(text.contains("to do: a newer version of this program"), "{text}");

        // With that version's migration gone again the database is as good as before.
        place.db().batch_execute("DELETE FROM __diesel_schema_migrations WHERE version = '29991231235959'").unwrap();
        place.is_sound();
        place.done(&["migrate"]);
    }
}
