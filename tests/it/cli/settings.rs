//! Settings from the outside: which origin wins, what is refused, what is shown. What it is not: what
//! a setting does.

use serde_json::Value;

use crate::cli::place::{Place, run};

/// Value and origin of a setting as `doctor --settings --json` shows them.
#[track_caller]
fn shown(
    place: &Place,
    name: &str,
    file: bool,
    environment: &[(&str, &str)],
    flags: &[&str],
) -> (String, String) {
    let mut arguments = vec!["doctor", "--settings", "--json"];
    arguments.extend(flags);
    let mut command = place.command(&arguments);
    command.env_remove("LOG");
    if file {
        command.env("CONFIG", "settings.toml");
    }
    command.envs(environment.iter().copied());
    let done = run(command, "");
    assert_eq!(done.code, 0, "{done:?}");
    let settings: Value = serde_json::from_str(&done.out).unwrap();
    let found: Vec<&Value> = settings
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["name"] == name)
        .collect();
    assert_eq!(found.len(), 1, "{name}: {settings}");
    let text = |field: &str| found[0][field].as_str().unwrap().to_owned();
    (text("value"), text("origin"))
}

#[test]
fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
    let place = Place::sqlite();
    place.write(
        "settings.toml",
        b"log = \"debug\"\nqueue_limit = 7\ncors_origins = [\"https://a.example.org\", \"https://b.example.org\"]\njwt_issuer = \"file\"\n",
    );
    let log = |file: bool, environment: &[(&str, &str)], flags: &[&str]| {
        shown(&place, "LOG", file, environment, flags)
    };
    let of = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    assert_eq!(log(false, &[], &[]), of("info", "default"));
    assert_eq!(log(true, &[], &[]), of("debug", "file"));
    assert_eq!(
        log(true, &[("LOG", "warn")], &[]),
        of("warn", "environment")
    );
    assert_eq!(
        log(true, &[("LOG", "warn")], &["--log", "error"]),
        of("error", "flag")
    );
    assert_eq!(
        log(false, &[("LOG", "warn")], &[]),
        of("warn", "environment")
    );
    assert_eq!(
        shown(&place, "QUEUE_LIMIT", true, &[], &[]),
        of("7", "file")
    );
    assert_eq!(
        shown(&place, "CORS_ORIGINS", true, &[], &[]),
        of("https://a.example.org,https://b.example.org", "file")
    );
    // The file by flag too.
    assert_eq!(
        log(false, &[], &["--config", "settings.toml"]),
        of("debug", "file")
    );
    assert_eq!(
        log(false, &[], &["--config=settings.toml"]),
        of("debug", "file")
    );
}

#[test]
fn a_setting_that_cannot_be_read_is_usage_and_named() {
    let place = Place::sqlite();
    for (name, value, said) in [
        ("QUEUE_LIMIT", "many", "many"),
        ("RATE_LIMIT_ANONYMOUS", "-1", "-1"),
        ("INTROSPECTION", "sometimes", "public"),
        ("LISTEN", "8080", "127.0.0.1:8080"),
        ("LISTEN", "127.0.0.1:80800", "80800"),
        ("LOG", "a=b=c", "LOG"),
        ("DATABASE_URL", "mysql://db/network", "postgres://"),
        ("DATABASE_URL", "var/network.db", "sqlite://"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("SQLITE_MAX_PAGES", "much", "much"),
        ("CORS_ORIGINS", "www.example.org", "\"www.example.org\""),
        (
            "CORS_ORIGINS",
            "https://www.example.org/app",
            "without a path",
        ),
        ("CORS_ORIGINS", "https://a.example.org,*", "\"*\""),
        ("CONFIG", "missing.toml", "missing.toml"),
    ] {
        let mut command = place.command(&["serve"]);
        command.env(name, value);
        let done = run(command, "");
        assert_eq!(done.code, 2, "{name}={value}: {done:?}");
        let named = name == "CONFIG" || done.err.contains(name);
        assert!(named && done.err.contains(said), "{name}={value}: {done:?}");
    }
    for (text, said) in [
        ("queue_limit = \"many\"", "QUEUE_LIMIT"),
        ("queue_limits = 7", "queue_limits"),
        ("queue_limit = 7.5", "queue_limit"),
        ("queue_limit", "settings.toml"),
        ("[serve]\nlog = \"info\"", "serve"),
    ] {
        place.write("settings.toml", text.as_bytes());
        let done = place.run(&["serve", "--config", "settings.toml"]);
        assert_eq!(done.code, 2, "{text}: {done:?}");
        assert!(done.err.contains(said), "{text}: {done:?}");
    }
    assert!(!place.path("network.db").exists());
}

#[test]
fn secrets_are_masked_wherever_they_come_from() {
    let place = Place::sqlite();
    place.write("settings.toml", b"demo_password = \"s3cret-of-file\"\n");
    for form in [&[][..], &["--json"]] {
        let mut arguments = vec![
            "doctor",
            "--settings",
            "--smtp-url",
            "smtps://me:s3cret@mail.example.org",
        ];
        arguments.extend(form);
        let mut command = place.command(&arguments);
        command.env("CONFIG", "settings.toml").env(
            "DATABASE_URL",
            "postgres://network:s3cret@db.example.org/network",
        );
        let done = run(command, "");
        assert_eq!(done.code, 0, "{done:?}");
        assert!(!done.out.contains("s3cret"), "{}", done.out);
        for kept in [
            "postgres://network:***@db.example.org/network",
            "smtps://me:***@mail.example.org",
        ] {
            assert!(done.out.contains(kept), "{}", done.out);
        }
    }
    // Neither help nor a refused flag shows them.
    let mut command = place.command(&["serve", "--help"]);
    command
        .env("SMTP_URL", "smtps://me:s3cret@mail.example.org")
        .env("DEMO_PASSWORD", "s3cret");
    assert!(!run(command, "").out.contains("s3cret"));
}

#[test]
fn a_database_that_refuses_says_so_without_the_password() {
    let place = Place::sqlite();
    let url = "postgres://network:s3cret@127.0.0.1:1/network";
    for command in ["migrate", "doctor", "seed"] {
        let done = place.run(&["--database-url", url, command]);
        assert_eq!(done.code, 1, "{done:?}");
        let said = done.out + &done.err;
        assert!(said.contains("cannot be reached"), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
}
