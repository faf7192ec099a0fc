//! Random texts and random documents: the guard answers each of them, within its bounds. What it
//! answers to given documents is in `attacks.rs` and `prices.rs`.

use async_graphql_parser::parse_query;
use async_graphql_value::Variables;
use proptest::prelude::*;

use super::cost::priced;
use super::prices::SDL;
use super::scan::scan;
use super::{Limits, SchemaMap, check_document};

/// Pieces in which strings, comments and brackets hide each other.
fn soup(most: usize) -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "\"",
        "\"\"\"",
        "\"\"\"",
        "\\",
        "#",
        "\n",
        "\r",
        " ",
        ":",
        "@",
        "...",
        "a",
        "b",
        "query ",
        "fragment F on T ",
        "1",
        "\u{feff}",
        "å",
        "\\u00e5",
        "\\\"\"\"",
    ]);
    prop::collection::vec(pieces, 0..most).prop_map(|pieces| pieces.concat())
}

/// Documents that often parse, with soup where the grammar allows text.
fn text_in_document() -> impl Strategy<Value = String> {
    (soup(2), soup(4), soup(6), soup(2)).prop_map(|(string, block, comment, bare)| {
        format!("{{ a(b: [\"{string}\" \"\"\"{block}\"\"\" {bare}]) #{comment}\n c {{ d }} }}")
    })
}

/// Selection sets that parse, from the given heads, with spreads of the fragments F0 to F3.
fn selections(
    heads: &'static [&'static str],
    leaves: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => prop::sample::select(leaves).prop_map(|leaf| format!("{leaf} ")),
        1 => (0..4usize).prop_map(|i| format!("...F{i} ")),
    ];
    leaf.prop_recursive(8, 60, 5, move |inner| {
        (
            prop::sample::select(heads),
            prop::collection::vec(inner, 1..5),
        )
            .prop_map(|(head, items)| format!("{head} {{ {} }} ", items.concat()))
    })
}

/// A document of five selection sets. A fragment spreads only later ones, unless `cyclic`.
fn document(sets: &[String], ons: [&str; 4], cyclic: bool) -> String {
    let mut text = Vec::new();
    for (i, set) in sets.iter().enumerate() {
        let Some(on) = i.checked_sub(1).and_then(|fragment| ons.get(fragment)) else {
            text.push(format!("query($n: Int) {{ {set} }} "));
            continue;
        };
        let mut set = set.clone();
        for earlier in 0..i {
            let later = if i < ons.len() {
                format!("...F{i} ")
            } else {
                "id ".to_owned()
            };
            if !cyclic {
                set = set.replace(&format!("...F{earlier} "), &later);
            }
        }
        text.push(format!("fragment F{} on {on} {{ {set} }} ", i - 1));
    }
    text.concat()
}

/// Selection sets that the parser saw, by its own printed tree.
fn sets_parsed(source: &str) -> Option<u64> {
    let document = parse_query(source).ok()?;
    let tree = serde_json::to_string(&document).ok()?;
    u64::try_from(tree.matches("\"items\":[{").count()).ok()
}

proptest! {
    #[test]
    fn the_scan_sees_every_bracket_of_the_parser(
        source in prop_oneof![8 => text_in_document(), 1 => soup(60), 1 => any::<String>()],
    ) {
        let limits = Limits::new(1);
        if let (Ok(counts), Some(sets)) = (scan(&source, &limits), sets_parsed(&source)) {
            prop_assert!(sets <= counts.brackets);
        }
        if let Err(refused) = check_document(&source, None, &limits) {
            prop_assert!(refused.to_string().chars().count() < 400);
        }
    }

    #[test]
    fn any_document_is_measured_within_its_bounds(
        sets in prop::collection::vec(
            selections(
                &["a", "x: b", "... on T", "...", "__type", "fields", "interfaces"],
                &["a", "x: a", "y: a(first: 3)", "__typename", "b(ids: [\"{\", $v])"],
            ),
            5,
        ),
        cyclic in prop::bool::weighted(0.2),
    ) {
        let limits = Limits::new(1);
        let source = document(&sets, ["T", "U", "T", "U"], cyclic);
        if let Ok(checked) = check_document(&source, None, &limits) {
            let figures = checked.figures;
            let size = u64::try_from(source.len()).unwrap_or(u64::MAX);
            prop_assert!(figures.fields <= limits.expanded_fields);
            prop_assert!(figures.depth <= limits.depth);
            prop_assert!(figures.visits <= size + figures.fields + figures.fragments);
        }
    }

    #[test]
    fn any_checked_document_has_a_price(
        sets in prop::collection::vec(
            selections(
                &[
                    "cities(first: $n)", "cities", "nodes", "edges", "node", "nodes(ids: [1, 2])",
                    "... on City", "... on Node", "...", "invoices(last: 3)", "coordinator", "city",
                    "lines", "payer", "feeTotals", "pageInfo", "a: viewer",
                ],
                &["id", "name", "totalCount", "__typename", "openBalance", "unknown"],
            ),
            5,
        ),
        n in prop_oneof![
            any::<i64>().prop_map(|n| n.to_string()),
            any::<f64>().prop_map(|n| format!("{n:e}")),
        ],
    ) {
        let source = document(&sets, ["City", "Node", "CityConnection", "Payer"], false);
        let variables = serde_json::from_str(&format!("{{\"n\": {n}}}"));
        let variables = variables.map(Variables::from_json).unwrap_or_default();
        let map = SchemaMap::from_sdl(SDL).expect("the SDL is sound");
        if let Ok(checked) = check_document(&source, None, &Limits::new(1)) {
            let (_, visits) = priced(&checked.document, None, &variables, &map)
                .expect("a checked document has a price");
            let figures = checked.figures;
            prop_assert!(visits <= figures.fields + figures.fragments);
        }
    }
}
