//! The settings that documents and `docker-compose.yml` name are those that the program knows, and the
//! other way round. What it is not: what they do.

use std::collections::BTreeSet;

use intercultural_cities::config::TEST_VARIABLES;
use serde_json::Value;

use crate::cli::place::Place;

/// The variables that the program itself lists.
fn known() -> BTreeSet<String> {
    let out = Place::sqlite().done(&["doctor", "--settings", "--json"]);
    let settings: Value = serde_json::from_str(&out).unwrap();
    let names = settings.as_array().unwrap().iter();
    names
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}

fn committed(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The words in back quotes of a text that look like a variable.
fn variables(text: &str) -> BTreeSet<String> {
    let words = text.split('`').skip(1).step_by(2);
    words
        .filter(|word| {
            word.len() > 2
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_uppercase() || letter == '_')
        })
        .map(str::to_owned)
        .collect()
}

/// The first column of the table of settings.
fn table_of_settings() -> BTreeSet<String> {
    let text = committed("docs/OPERATIONS.md");
    let (_, section) = text.split_once("\n## Settings\n").unwrap();
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| variables(line.split('|').nth(1).unwrap()))
        .collect()
}

#[test]
fn the_table_of_settings_has_each_and_no_other() {
    let known = known();
    let mut told = table_of_settings();
    assert!(told.len() > 15, "the table cannot be read: {told:?}");
    // The file that holds the others is told of above the table.
    assert!(committed("docs/OPERATIONS.md").contains("`CONFIG`"));
    told.insert("CONFIG".to_owned());
    assert_eq!(told, known);
}

#[test]
fn every_variable_of_the_documents_exists() {
    let mut known = known();
    known.extend(TEST_VARIABLES.map(str::to_owned));
    // What compose itself reads, and the roles of accounts.
    known.extend(["POSTGRES_PASSWORD", "LOAD_EMAIL", "LOAD_PASSWORD"].map(str::to_owned));
    for file in ["README.md", "docs/OPERATIONS.md"] {
        let text = committed(file);
        // The first page shows codes of refusals as well; only what it assigns is a setting there.
        let mut named: BTreeSet<String> = variables(&text)
            .into_iter()
            .filter(|word| word.contains('_') && file != "README.md")
            .collect();
        // Shell examples too.
        for line in text.lines() {
            for word in line.split([' ', '"', '$']) {
                let name = word.split('=').next().unwrap();
                let is_assigned = word.contains('=')
                    && name.contains('_')
                    && name
                        .chars()
                        .all(|letter| letter.is_ascii_uppercase() || letter == '_');
                if is_assigned {
                    named.insert(name.to_owned());
                }
            }
        }
        assert!(file == "README.md" || named.len() > 15, "{file}: {named:?}");
        let unknown: Vec<_> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
}

#[test]
fn the_compose_file_sets_what_the_program_knows() {
    let compose: Value = serde_yaml_ng::from_str(&committed("docker-compose.yml")).unwrap();
    let known = known();
    let api = &compose["services"]["api"];
    let set: BTreeSet<String> = api["environment"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    for needed in [
        "DATABASE_URL",
        "LISTEN",
        "JWT_SIGNING_KEY_FILE",
        "FILES_DIR",
        "OUTBOX_DIR",
    ] {
        assert!(set.contains(needed), "{needed}");
    }
    let unknown: Vec<_> = set.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    // The key is the secret that is mounted, and the command one that the program has.
    let secret = api["secrets"][0].as_str().unwrap();
    assert_eq!(
        api["environment"]["JWT_SIGNING_KEY_FILE"],
        format!("/run/secrets/{secret}")
    );
    assert!(compose["secrets"][secret]["file"].is_string());
    let words: Vec<&str> = api["command"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert_eq!(words, ["serve", "--migrate"]);
    assert_eq!(compose["services"]["db"]["image"], "postgres:15");
    // A stop gives running requests twenty seconds; the container must outlive that.
    let grace = api["stop_grace_period"].as_str().unwrap();
    assert!(grace.strip_suffix('s').unwrap().parse::<u32>().unwrap() > 20);
    assert_eq!(api["read_only"], true);
    // Whatever is written stands in a volume, for the root is read only.
    for folder in ["FILES_DIR", "OUTBOX_DIR"] {
        let path = api["environment"][folder].as_str().unwrap();
        let volumes = api["volumes"].as_array().unwrap();
        assert!(
            volumes
                .iter()
                .any(|volume| volume.as_str().unwrap().ends_with(&format!(":{path}"))),
            "{path}"
        );
    }
}
