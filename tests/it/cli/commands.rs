//! Commands as they are typed: exit codes, what is printed, and the way from an empty folder to a
//! signed-in administrator. What it is not: commands beside a running service (`one_process.rs`).

use serde_json::json;

use crate::cli::place::{PASSWORD, Place, bare_command, run};

const COMMANDS: [&str; 14] = [
    "generate", "serve", "migrate", "seed", "import", "export", "audit", "backup", "restore",
    "doctor", "jobs", "user", "schema", "openapi",
];

fn committed(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn help_lists_every_command_and_each_has_its_own() {
    let place = Place::sqlite();
    let help = place.done(&["--help"]);
    for command in COMMANDS {
        assert!(
            help.lines()
                .any(|line| line.trim_start().starts_with(&format!("{command} "))),
            "{command}: {help}"
        );
        let own = place.done(&[command, "--help"]);
        assert!(own.contains("Usage: intercultural-cities"), "{own}");
    }
    assert!(
        place
            .done(&["--version"])
            .contains(env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn what_cannot_be_read_is_usage() {
    let place = Place::sqlite();
    for (arguments, said) in [
        (&["--nonsense"][..], "--nonsense"),
        (&["serve", "--nonsense"], "--nonsense"),
        (&["nonsense"], "nonsense"),
        (&[], "Usage"),
        (&["import", "cities"], "<FILE>"),
        (&["backup"], "<FILE>"),
        (
            &["import", "cities", "a.csv", "--decimal", "dot"],
            "--decimal",
        ),
        (
            &["user", "create", "--email", "a@example.org", "--name", "A"],
            "--role",
        ),
        (
            &[
                "user",
                "create",
                "--email",
                "a@example.org",
                "--name",
                "A",
                "--role",
                "KING",
            ],
            "KING",
        ),
    ] {
        let done = place.run(arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {done:?}");
        assert!(done.err.contains(said), "{arguments:?}: {done:?}");
        assert_eq!(done.out, "", "{arguments:?}");
    }
    assert!(!place.path("network.db").exists());
}

#[test]
fn schema_and_openapi_are_the_committed_files() {
    for (command, file) in [("schema", "schema.graphql"), ("openapi", "openapi.json")] {
        // From any folder, without settings and without a database.
        let folder = tempfile::tempdir().unwrap();
        let mut program = bare_command();
        program.arg(command).current_dir(folder.path());
        let done = run(program, "");
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        assert!(done.out == committed(file), "{command} differs from {file}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_mistyped_database_is_an_error_and_makes_no_file() {
    let place = Place::sqlite();
    for arguments in [
        &["backup", "copy.db"][..],
        &["export", "cities", "cities.csv"],
        &["audit", "verify"],
        &["migrate", "--status"],
        &["doctor"],
    ] {
        let done = place.run(arguments);
        assert_eq!(done.code, 1, "{arguments:?}: {done:?}");
        let said = done.out + &done.err;
        assert!(
            said.contains("there is no database"),
            "{arguments:?}: {said}"
        );
    }
    for name in ["network.db", "copy.db", "cities.csv", "jwt-signing-key.pem"] {
        assert!(!place.path(name).exists(), "{name}");
    }
    let elsewhere = format!("sqlite://{}", place.path("nowhere/network.db").display());
    for command in ["migrate", "seed", "serve", "doctor"] {
        let done = place.run(&["--database-url", &elsewhere, command]);
        assert_eq!(done.code, 1, "{command}: {done:?}");
        let said = done.out + &done.err;
        assert!(
            said.contains("nowhere") && said.contains("DATABASE_URL"),
            "{command}: {said}"
        );
    }
    assert!(!place.path("nowhere").exists());
}

crate::program_on_both_databases! {
    fn migrations_are_told_applied_and_then_none_pending(place: &Place) {
        if !place.is_sqlite() {
            let said = place.refused(&["migrate", "--status"]);
            assert!(said.contains("migrations are pending"), "{said}");
        }
        let applied = place.done(&["migrate"]);
        let names: Vec<&str> = applied.lines().filter(|line| line.starts_with("applied ")).collect();
        assert!(names.len() > 3, "{applied}");
        assert!(applied.ends_with("the database is up to date\n"), "{applied}");
        assert_eq!(place.done(&["migrate"]), "no migrations were pending\n");
        assert_eq!(place.done(&["migrate", "--status"]), "no migrations are pending\n");
        place.done(&["seed"]);
        place.done(&["seed"]);
        place.is_sound();
    }

    fn the_first_administrator_is_made_and_signs_in(place: &Place) {
        if !place.is_sqlite() {
            // Nothing is changed on PostgreSQL unasked.
            let arguments = ["user", "create", "--email", "admin@example.org", "--name", "A", "--role", "ADMIN"];
            let said = place.refused(&arguments);
            assert!(said.contains("migrations are pending") && said.contains("migrate"), "{said}");
            place.done(&["migrate"]);
        }
        let admin = place.account("ADMIN");
        let again = ["user", "create", "--email", "ADMIN@example.org", "--name", "Another", "--role", "admin"];
        let said = place.refused(&again);
        assert!(!said.contains("UNIQUE") && !said.contains("constraint"), "{said}");
        let short = ["user", "create", "--email", "b@example.org", "--name", "B", "--role", "AUDITOR", "--password-stdin"];
        let done = run(place.command(&short), "short\n");
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.err.contains("12"), "{done:?}");

        let invited = place.done(&["user", "create", "--email", "c@example.org", "--name", "C", "--role", "AUDITOR"]);
        let token = invited.lines().find_map(|line| line.strip_prefix("invitation ")).unwrap();

        let service = place.serve(&[]);
        let client = service.sign_in(&admin);
        let viewer = client.ask("{ viewer { email grants { role } } }", &json!({}), None);
        assert_eq!(viewer.data("/viewer/grants/0/role"), "ADMIN");
        let headers = [("content-type", "application/json")];
        let body = json!({ "password": PASSWORD }).to_string();
        let path = service.url(&format!("/api/v1/invitations/{token}"));
        let reply = crate::support::http::send("POST", &path, &headers, body.as_bytes());
        assert!((200..300).contains(&reply.status), "{}", reply.text());
        service.sign_in("c@example.org");
        assert!(service.stop().success());
        place.is_sound();
    }

    fn accounts_that_need_more_say_so(place: &Place) {
        place.done(&["migrate"]);
        let create = |more: &[&str]| {
            let mut arguments = vec!["user", "create", "--email", "a@example.org", "--name", "A", "--role"];
            arguments.extend(more);
            place.refused(&arguments)
        };
        assert!(create(&["COORDINATOR"]).contains("--city"));
        assert!(create(&["EXPERT"]).contains("--expert"));
        assert!(create(&["COORDINATOR", "--city", "Atlantis", "--country", "DK"]).contains("no city Atlantis in DK"));
        let wrong = ["user", "create", "--email", "nobody", "--name", "A", "--role", "ADMIN"];
        let said = place.refused(&wrong);
        assert!(said.lines().count() == 1 && said.contains("mail"), "{said}");
    }

    fn a_clock_of_its_own_and_known_passwords_stay_on_this_machine(place: &Place) {
        let demo: &[&str] = &["--demo"];
        let clock: &[&str] = &["--clock", "2026-11-22T12:00:00Z"];
        for flags in [demo, clock] {
            for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
                let said = place.refused(&[&["serve", "--migrate", "--listen", address][..], flags].concat());
                assert!(said.contains(flags[0]) && said.contains("loopback") && said.contains(address), "{address}: {said}");
            }
        }
        // Refused before anything was looked at.
        if place.is_sqlite() {
            assert!(!place.path("network.db").exists());
        } else {
            assert!(place.refused(&["migrate", "--status"]).contains("migrations are pending"));
        }
        let service = place.serve(clock);
        let answer = service.anonymous().ask("{ __typename }", &json!({}), None);
        assert_eq!(answer.status, 200);
    }

    fn serve_needs_the_migrations_on_postgresql_only(place: &Place) {
        if place.is_sqlite() {
            place.serve(&[]).kill();
            assert_eq!(place.done(&["migrate", "--status"]), "no migrations are pending\n");
            return;
        }
        let said = place.refused(&["serve"]);
        assert!(said.contains("migrations are pending") && said.contains("--migrate"), "{said}");
        // The harness serves with --migrate.
        place.serve(&[]).kill();
        place.done(&["migrate", "--status"]);
        let mut keyless = place.command(&["serve"]);
        keyless.env_remove("JWT_SIGNING_KEY_FILE");
        let done = run(keyless, "");
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.err.contains("JWT_SIGNING_KEY_FILE"), "{done:?}");
    }
}
