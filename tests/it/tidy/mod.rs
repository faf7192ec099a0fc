//! The order of the house: who may import whom, what a file is called and how long it is. What it is
//! not: the style that clippy and rustfmt hold.

mod exceptions;
mod source;

use std::collections::BTreeSet;

use exceptions::{
    AGAINST, DOORS, MOST_LINES, NAME_TABLES, ROOMS_OF_SLICES, SLICE, TOPICS, WRITERS_FOR_OTHERS,
};
use source::{Source, functions, root, sources_below};

fn sources() -> Vec<Source> {
    sources_below("src")
}

#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// The ladder as `src/lib.rs` tells it: the steps of the core and of the edge, each a set of rooms
/// that do not know each other.
fn ladder() -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let map = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let map = map
        .split("```text")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap()
        .replace("//!", " ");
    let (core, edge) = map.split_once("the core").unwrap();
    let edge = edge
        .strip_suffix("the edge")
        .unwrap_or_else(|| edge.trim_end().trim_end_matches("the edge"));
    let steps = |text: &str| {
        text.split('→')
            .map(|step| {
                step.split(['{', '|', '}'])
                    .map(|room| room.trim().to_owned())
                    .filter(|room| !room.is_empty())
                    .collect()
            })
            .collect()
    };
    (steps(core), steps(edge))
}

#[test]
fn rooms_import_only_rooms_to_their_left() {
    let (core, edge) = ladder();
    let step = |room: &str| {
        core.iter()
            .position(|step: &Vec<String>| step.iter().any(|one| one == room))
    };
    let edge_step = |room: &str| {
        edge.iter()
            .position(|step: &Vec<String>| step.iter().any(|one| one == room))
    };
    let slices = edge
        .iter()
        .position(|step| step.iter().any(|one| one.contains("graphql.rs")))
        .unwrap();
    assert_eq!(
        (step("kernel"), edge_step("config"), core.len() > 8),
        (Some(0), Some(0), true),
        "the map cannot be read: {core:?} {edge:?}"
    );

    let mut problems = Vec::new();
    for source in sources() {
        if matches!(source.path.as_str(), "lib.rs" | "main.rs" | "schema.rs") {
            continue;
        }
        let room = source.room().to_owned();
        let own = if source.is_edge_of_a_slice() {
            Some(slices)
        } else {
            edge_step(&room)
        };
        if own.is_none() && step(&room).is_none() {
            problems.push(format!(
                "{}: the map in src/lib.rs has no room {room}",
                source.path
            ));
            continue;
        }
        for import in source.imports() {
            let allowed = match (own, step(&import), edge_step(&import)) {
                _ if import == room => true,
                // Macros stand at the root of the crate; tables are guarded by a test of their own.
                (_, None, None) => true,
                (Some(_), Some(_), _) => true,
                (Some(own), _, Some(other)) => other < own,
                (None, Some(other), _) => other < step(&room).unwrap(),
                (None, None, Some(_)) => false,
            };
            let excepted = AGAINST
                .iter()
                .any(|(path, to, _)| *path == source.path && *to == import);
            if allowed == excepted {
                problems.push(format!(
                    "{} imports {import}{}",
                    source.path,
                    if allowed {
                        ", which needs no exception"
                    } else {
                        ""
                    }
                ));
            }
        }
    }
    none(&problems);
}

#[test]
fn the_map_has_every_room() {
    let (core, edge) = ladder();
    let mapped: BTreeSet<String> = core.into_iter().chain(edge).flatten().collect();
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for room in lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|line| line.trim_end_matches(';'))
    {
        assert!(
            room == "schema" || mapped.contains(room),
            "{room} stands in no step of the map"
        );
    }
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    let mut problems = Vec::new();
    for folder in ["src", "tests/it", "benches"] {
        let files = sources_below(folder);
        assert!(files.len() > 1, "{folder} has no files");
        for source in files {
            let path = format!("{folder}/{}", source.path);
            if !source.text.starts_with("//! ") {
                problems.push(format!("{path} does not open with what it is"));
            }
            let lines = source.text.lines().count();
            if lines > MOST_LINES && path != "src/schema.rs" {
                problems.push(format!("{path} has {lines} lines"));
            }
        }
    }
    none(&problems);
}

#[test]
fn files_have_names_of_the_trade_or_of_their_part_in_a_slice() {
    let mut problems = Vec::new();
    for source in sources() {
        if [
            "util", "utils", "helper", "helpers", "common", "manager", "service", "misc",
        ]
        .contains(&source.name())
        {
            problems.push(format!("{}: the name says nothing", source.path));
        }
        let parts = source.parts();
        if !ROOMS_OF_SLICES.contains(&source.room()) || parts.len() < 2 {
            continue;
        }
        let slice = format!("{}/{}", source.room(), parts[0]);
        let topics = TOPICS
            .iter()
            .find(|(path, _, _)| *path == slice)
            .map_or(&[][..], |(_, _, topics)| topics);
        // The first name below the slice decides: `graphql/inputs` is a part of `graphql`.
        if !SLICE.contains(&parts[1]) && !topics.contains(&parts[1]) {
            problems.push(format!(
                "{}: {} is no file of a slice",
                source.path, parts[1]
            ));
        }
    }
    for (slice, reason, topics) in TOPICS.iter().copied() {
        assert!(!reason.is_empty());
        for topic in topics {
            let path = root().join("src").join(slice).join(topic);
            if !path.with_extension("rs").exists() {
                problems.push(format!("{slice}/{topic} is allowed but does not exist"));
            }
        }
    }
    none(&problems);
}

#[test]
fn a_mod_file_has_no_logic() {
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| source.name() == "mod") {
        let functions = source
            .code()
            .filter(|line| line.trim_start().starts_with("fn ") || line.contains(" fn "))
            .count();
        let excepted = DOORS.iter().any(|(path, _)| *path == source.path);
        if (functions > 0) != excepted {
            problems.push(format!("{}: {functions} functions", source.path));
        }
    }
    none(&problems);
}

#[test]
fn only_models_and_stores_name_tables() {
    let mut problems = Vec::new();
    for source in sources() {
        let names = source.imports().contains("schema") && source.room() != "schema";
        let in_a_store = source
            .parts()
            .iter()
            .any(|part| matches!(*part, "model" | "store"));
        let excepted = NAME_TABLES.iter().any(|(path, _)| *path == source.path);
        if names && !in_a_store && !excepted {
            problems.push(format!("{} names tables", source.path));
        }
        if excepted && !names {
            problems.push(format!("{} needs no exception", source.path));
        }
    }
    none(&problems);
}

/// What writes to the database, in diesel's words and in SQL.
const WRITES: [&str; 7] = [
    "insert_into(",
    "diesel::update(",
    "diesel::delete(",
    "\"INSERT ",
    "\"UPDATE ",
    "\"DELETE ",
    ".insert_into_table",
];

#[test]
fn who_writes_is_in_a_transaction_and_is_called_by_its_own_slice() {
    let mut problems = Vec::new();
    let mut writers = 0;
    for source in sources() {
        if !source.parts().contains(&"store") || !ROOMS_OF_SLICES.contains(&source.room()) {
            continue;
        }
        for (signature, body) in functions(&source) {
            if !WRITES.iter().any(|write| body.contains(write)) {
                continue;
            }
            writers += 1;
            if !signature.contains("Tx<") {
                problems.push(format!("{}: {signature} writes without a Tx", source.path));
            }
            let name = signature
                .split("fn ")
                .nth(1)
                .unwrap()
                .split(['(', '<'])
                .next()
                .unwrap();
            let for_others = WRITERS_FOR_OTHERS
                .iter()
                .any(|(path, known, _)| *path == source.path && *known == name);
            if for_others {
                continue;
            }
            if signature.starts_with("pub fn") || signature.starts_with("pub(crate)") {
                problems.push(format!(
                    "{}: {signature} can be called from another slice",
                    source.path
                ));
            }
        }
    }
    assert!(writers > 0, "no writer was found");
    none(&problems);
}
