//! Reading the sources of the house: rooms, names, imports, functions. What it is not: a parser of
//! Rust; it knows the form that rustfmt gives a file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::tidy::exceptions::DESCRIBES_PROBLEMS;

pub(super) struct Source {
    /// Below `src/`, with slashes.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    pub(super) fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    pub(super) fn name(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap();
        name.strip_suffix(".rs").unwrap()
    }

    /// Below the room, without the suffix: `cities/graphql/inputs`.
    pub(super) fn parts(&self) -> Vec<&str> {
        let path = self.path.strip_suffix(".rs").unwrap();
        path.split('/').skip(1).collect()
    }

    /// An edge file of a slice, or part of one that grew: a folder, or its inputs beside it.
    pub(super) fn is_edge_of_a_slice(&self) -> bool {
        self.parts()
            .iter()
            .any(|part| matches!(*part, "inputs" | "rest" | "jobs") || part.ends_with("graphql"))
            && !matches!(self.room(), "server" | "api" | "cli")
    }

    /// The code without comments.
    pub(super) fn code(&self) -> impl Iterator<Item = &str> {
        self.text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
    }

    /// What stands after `crate::`, one name for each import.
    pub(super) fn imports(&self) -> BTreeSet<String> {
        let code: Vec<&str> = self.code().collect();
        let code = code.join("\n");
        let mut names = BTreeSet::new();
        let code = code.replace(DESCRIBES_PROBLEMS, "");
        for rest in code.split("crate::").skip(1) {
            if let Some(list) = rest.strip_prefix('{') {
                names.extend(heads(list));
            } else {
                names.insert(word(rest));
            }
        }
        names
    }
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|one| one.is_alphanumeric() || *one == '_')
        .collect()
}

/// The first names of a braced list: `a::b, c::{d, e}}` has `a` and `c`.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut found, mut start) = (0, Vec::new(), true);
    for (index, one) in list.char_indices() {
        match one {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            _ if start && !one.is_whitespace() => {
                found.push(word(&list[index..]));
                start = false;
            }
            _ => {}
        }
    }
    found
}

pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(super) fn sources_below(folder: &str) -> Vec<Source> {
    fn walk(folder: &Path, base: &Path, found: &mut Vec<Source>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, base, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(base)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.push(Source {
                    path: name,
                    text: std::fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    let base = root().join(folder);
    let mut found = Vec::new();
    walk(&base, &base, &mut found);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(found.len() > 1, "{folder} has no files");
    found
}

/// The functions at the outermost level of a file: signature and body.
pub(super) fn functions(source: &Source) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in source.code() {
        let begins = [
            "fn ",
            "pub fn ",
            "pub(super) fn ",
            "pub(crate) fn ",
            "pub(in ",
        ]
        .iter()
        .any(|start| line.starts_with(start));
        if begins {
            found.push((String::new(), String::new()));
            inside = true;
        }
        if inside && let Some((signature, body)) = found.last_mut() {
            if body.is_empty() && !signature.ends_with('{') {
                signature.push_str(line.trim());
            } else {
                body.push_str(line);
                body.push('\n');
            }
        }
        if line == "}" {
            inside = false;
        }
    }
    found
}

#[test]
fn the_readers_of_this_file_read_right() {
    let source = Source {
        path: "registry/cities/store.rs".to_owned(),
        text: "//! x\nuse crate::{a::b, c::{d, e}, f};\nuse crate::db::Db;\n// crate::g\nfn one(\n    tx: &mut Tx<'_>,\n) {\n    insert_into(x);\n}\npub fn two() {\n}\n".to_owned(),
    };
    assert_eq!(
        source.imports().into_iter().collect::<Vec<_>>(),
        ["a", "c", "db", "f"]
    );
    assert_eq!(
        (source.room(), source.name(), source.parts()),
        ("registry", "store", vec!["cities", "store"])
    );
    let functions = functions(&source);
    assert_eq!(functions.len(), 2);
    assert_eq!(functions[0].0, "fn one(tx: &mut Tx<'_>,) {");
    assert!(functions[0].1.contains("insert_into(x)"));
}
