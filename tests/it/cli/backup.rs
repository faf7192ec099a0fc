//! `backup` under load and `restore` into another place, and what neither does. What it is not:
//! PostgreSQL, which brings its own tools.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::cli::load::under_load;
use crate::cli::place::Place;
use crate::cli::service::Client;

/// The names of all towns.
fn towns(client: &Client) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut after = json!(null);
    loop {
        let page = client.ask(
            "query ($after: String) { cities(first: 100, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }",
            &json!({ "after": after }),
            None,
        );
        for city in page.data("/cities/nodes").as_array().unwrap() {
            names.insert(city["name"].as_str().unwrap().to_owned());
        }
        if page.data("/cities/pageInfo/hasNextPage") == &json!(false) {
            return names;
        }
        after = page.data("/cities/pageInfo/endCursor").clone();
    }
}

#[test]
fn a_backup_under_load_restores_to_a_sound_database_with_all_that_was_acknowledged() {
    let place = Place::sqlite();
    let email = place.account("SECRETARIAT");
    let service = place.serve(&[]);
    let client = service.sign_in(&email);
    let load = under_load(&client, || {
        let said = place.done(&["backup", "copy.db"]);
        assert!(said.starts_with("backed up to copy.db"), "{said}");
    });
    assert!(load.all.len() > load.before.len());
    let all = towns(&client);
    assert_eq!(all.len(), load.all.len());
    assert!(service.stop().success());

    let elsewhere = Place::sqlite();
    std::fs::copy(place.path("copy.db"), elsewhere.path("copy.db")).unwrap();
    std::fs::copy(
        place.path("jwt-signing-key.pem"),
        elsewhere.path("jwt-signing-key.pem"),
    )
    .unwrap();
    elsewhere.done(&["restore", "copy.db"]);
    let left: Vec<_> = std::fs::read_dir(elsewhere.path(""))
        .unwrap()
        .map(|one| one.unwrap().file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("restoring")),
        "{left:?}"
    );
    elsewhere.is_sound();
    elsewhere.done(&["audit", "verify"]);
    let service = elsewhere.serve(&[]);
    let restored = towns(&service.sign_in(&email));
    for name in &load.before {
        assert!(
            restored.contains(name),
            "{name} was acknowledged before the backup"
        );
    }
    assert!(restored.is_subset(&all));
    // The numbers of the towns were written one after the other; the copy is of one moment.
    elsewhere.is_sound();
}

#[test]
fn a_backup_overwrites_nothing_and_a_restore_only_when_told() {
    let place = Place::sqlite();
    place.done(&["migrate"]);
    place.done(&["backup", "copy.db"]);
    let copy = std::fs::read(place.path("copy.db")).unwrap();
    assert!(
        place
            .refused(&["backup", "copy.db"])
            .contains("exists already")
    );
    assert!(!place.refused(&["backup", "missing/copy.db"]).is_empty());
    assert_eq!(std::fs::read(place.path("copy.db")).unwrap(), copy);

    place.account("ADMIN");
    let said = place.refused(&["restore", "copy.db"]);
    assert!(
        said.contains("exists") && said.contains("--force"),
        "{said}"
    );
    // Still the one with the account.
    let again = [
        "user",
        "create",
        "--email",
        "admin@example.org",
        "--name",
        "A",
        "--role",
        "ADMIN",
    ];
    place.refused(&again);
    place.done(&["restore", "copy.db", "--force"]);
    place.done(&again);
    // Only read, never used up.
    assert_eq!(std::fs::read(place.path("copy.db")).unwrap(), copy);
    place.is_sound();
}

#[test]
fn what_is_no_backup_is_refused_and_leaves_everything_as_it_was() {
    let place = Place::sqlite();
    place.account("ADMIN");
    place.done(&["backup", "copy.db"]);
    let good = std::fs::read(place.path("copy.db")).unwrap();
    let mut torn = good.clone();
    let middle = torn.len() / 2;
    torn[middle..].fill(0xA5);
    let mut cut = good.clone();
    cut.truncate(good.len() - 4096);
    let foreign = {
        let path = place.path("foreign.db");
        let url = format!("sqlite://{}", path.display());
        let connector = intercultural_cities::db::Connector::new(&url, None).unwrap();
        let mut db = connector
            .open(intercultural_cities::db::connect::Use::Administration)
            .unwrap();
        db.batch_execute(
            "CREATE TABLE t (a); INSERT INTO t VALUES (1); PRAGMA journal_mode = DELETE;",
        )
        .unwrap();
        drop(db);
        std::fs::read(path).unwrap()
    };
    for (name, bytes) in [
        ("empty", &b""[..]),
        ("text", b"this is no database\n"),
        ("noise", &[0x5A; 10_000]),
        ("torn", &torn),
        ("cut", &cut),
        ("foreign", &foreign),
    ] {
        place.write("bad.db", bytes);
        let said = place.refused(&["restore", "bad.db", "--force"]);
        assert!(said.contains("the backup cannot be used"), "{name}: {said}");
        assert!(!place.path("network.db.restoring").exists(), "{name}");
    }
    assert!(
        place
            .refused(&["restore", "missing.db", "--force"])
            .contains("missing.db")
    );
    // The database that stood there is untouched.
    place.refused(&[
        "user",
        "create",
        "--email",
        "admin@example.org",
        "--name",
        "A",
        "--role",
        "ADMIN",
    ]);
    place.is_sound();
}

/// Runs `backup copy.db` where no file may grow beyond a few pages: as on a full disk the write fails,
/// or, where the signal of it is not ignored, the program is killed in the middle of it.
fn backup_without_room(place: &Place, before: &str) -> std::process::Output {
    let program = env!("CARGO_BIN_EXE_intercultural-cities");
    let line = format!("{before} ulimit -f 128; exec \"{program}\" backup copy.db");
    std::process::Command::new("sh")
        .args(["-c", &line])
        .current_dir(place.path(""))
        .env("DATABASE_URL", &place.url)
        .output()
        .unwrap()
}

#[test]
fn a_backup_that_fails_half_way_leaves_nothing_that_looks_like_one() {
    let place = Place::sqlite();
    place.account("ADMIN");
    // The file has more than the 128 blocks that may be written.
    assert!(std::fs::metadata(place.path("network.db")).unwrap().len() > 2 * 128 * 1024);

    let full = backup_without_room(&place, "trap '' XFSZ;");
    let said = String::from_utf8(full.stderr).unwrap();
    assert_eq!(full.status.code(), Some(1), "{said}");
    assert!(said.contains("the backup cannot be written"), "{said}");
    assert!(!place.path("copy.db").exists());
    assert!(!place.path("copy.db.partial").exists());

    let killed = backup_without_room(&place, "");
    assert_eq!(killed.status.code(), None, "{killed:?}");
    assert!(!place.path("copy.db").exists());

    // What a killed backup left behind is no obstacle to the next one and goes with it.
    place.write("copy.db.partial", &[0x5A; 10_000]);
    place.done(&["backup", "copy.db"]);
    assert!(!place.path("copy.db.partial").exists());
    let elsewhere = Place::sqlite();
    std::fs::copy(place.path("copy.db"), elsewhere.path("copy.db")).unwrap();
    elsewhere.done(&["restore", "copy.db"]);
    elsewhere.is_sound();
}

#[test]
fn a_backup_waits_for_no_other_of_the_same_name() {
    let place = Place::sqlite();
    place.done(&["migrate"]);
    place.write("copy.db.partial", b"");
    let other = std::fs::File::open(place.path("copy.db.partial")).unwrap();
    other.lock().unwrap();
    let said = place.refused(&["backup", "copy.db"]);
    assert!(said.contains("another backup"), "{said}");
    assert!(place.path("copy.db.partial").exists());
    drop(other);
    place.done(&["backup", "copy.db"]);
}

#[test]
fn a_backup_of_a_newer_version_is_refused() {
    let place = Place::sqlite();
    place.account("ADMIN");
    place.done(&["backup", "copy.db"]);
    {
        let url = format!("sqlite://{}", place.path("copy.db").display());
        let connector = intercultural_cities::db::Connector::new(&url, None).unwrap();
        let mut db = connector
            .open(intercultural_cities::db::connect::Use::Administration)
            .unwrap();
        db.batch_execute(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231235959'); PRAGMA journal_mode = DELETE;",
        )
        .unwrap();
    }
    let before = std::fs::read(place.path("network.db")).unwrap();
    let said = place.refused(&["restore", "copy.db", "--force"]);
    assert!(
        said.contains("a newer version of this program") && said.contains("29991231235959"),
        "{said}"
    );
    assert!(std::fs::read(place.path("network.db")).unwrap() == before);
    assert!(!place.path("network.db.restoring").exists());

    let elsewhere = Place::sqlite();
    std::fs::copy(place.path("copy.db"), elsewhere.path("copy.db")).unwrap();
    elsewhere.refused(&["restore", "copy.db"]);
    assert!(!elsewhere.path("network.db").exists());
}

#[test]
fn postgresql_is_told_how() {
    let Some(place) = Place::postgres() else {
        return;
    };
    place.done(&["migrate"]);
    let said = place.refused(&["backup", "network.dump"]);
    assert!(
        said.contains("pg_dump")
            && said.contains("network.dump")
            && said.contains("docs/OPERATIONS.md"),
        "{said}"
    );
    place.write("network.dump", b"");
    let said = place.refused(&["restore", "network.dump", "--force"]);
    assert!(
        said.contains("pg_restore") && said.contains("network.dump"),
        "{said}"
    );
}
