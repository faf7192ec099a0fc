//! The number of SQL statements of the documents that matter does not grow with the network: no
//! statement for each parent. What it is not: a measurement of time (`bench/`).

use crate::support::app::TestApp;

fn document(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("bench/queries")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

/// One field of every kind that a city has, for as many cities as a page holds.
const NESTED: &str = "{ cities(first: 50) { nodes { names { name } coordinator { name person { name } } deputy { name } membershipStatus memberships(first: 5) { nodes { status } totalCount } activities(first: 5) { nodes { kind } } packages(first: 5) { nodes { id } } practices(first: 5) { nodes { title } totalCount } successor { name } } } }";

/// The statements of each document in a network of so many cities.
fn statements(app: &TestApp) -> Vec<(&'static str, u64)> {
    let admin = app.admin();
    [
        ("q1.graphql", document("q1.graphql")),
        ("nested", NESTED.to_owned()),
    ]
    .map(|(name, text)| {
        let count = || {
            app.statements(|| {
                let answer = admin.ask(&text);
                assert!(
                    answer.body.get("errors").is_none(),
                    "{name}: {}",
                    answer.body
                );
            })
        };
        // The roles of the viewer are read again every other second; the fewest statements are
        // those of the document alone.
        (name, (0..3).map(|_| count()).min().unwrap())
    })
    .to_vec()
}

crate::both_databases! {
    fn statements_do_not_grow_with_the_network(app: &TestApp) {
        for number in 0..5 {
            app.city(&format!("City {number:02}"), "DK");
        }
        let few = statements(app);
        for number in 5..50 {
            app.city(&format!("City {number:02}"), "DK");
        }
        let many = statements(app);
        assert_eq!(few, many);
        for (name, count) in many {
            assert!((1..=20).contains(&count), "{name}: {count} statements");
        }
        let answer = app.admin().ask("{ cities(first: 50) { nodes { id } } }").body;
        assert_eq!(answer["data"]["cities"]["nodes"].as_array().unwrap().len(), 50);
    }
}
