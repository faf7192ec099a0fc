//! What the guard costs a request: scan, parse and measure, then price, on documents that clients
//! send. Not a test: it asserts nothing about time.

use async_graphql_value::Variables;
use divan::{Bencher, black_box};
use intercultural_cities::server::transport::guard::{
    Checked, Limits, Refused, SchemaMap, check_document, cost,
};

const LIMITS: Limits = Limits::new(10_000);

const SDL: &str = r"
    interface Node { id: ID! }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type Money { amount: String! currency: String! formatted(locale: String): String! }
    type Coordinator implements Node { id: ID! name: String! fte: Int! startsOn: String! }
    type Line { text: String! amount: Money! }
    type Invoice implements Node { id: ID! number: String dueOn: String! total: Money! openAmount: Money! lines: [Line!]! }
    type InvoiceConnection { nodes: [Invoice!]! pageInfo: PageInfo! totalCount: Int! }
    type City implements Node {
        id: ID! name(language: String): String! country: String! population: Int
        coordinator: Coordinator deputy: Coordinator
        invoices(first: Int = 20, after: String): InvoiceConnection!
    }
    type CityEdge { cursor: String! node: City! }
    type CityConnection { nodes: [City!]! edges: [CityEdge!]! pageInfo: PageInfo! totalCount: Int! }
    type Query { node(id: ID!): Node cities(first: Int = 20, after: String): CityConnection! }
";

/// The page that the users look at most: cities with who is responsible and what is owed.
const OVERVIEW: &str = r#"
    query Overview($first: Int = 50, $after: String) {
        cities(first: $first, after: $after) {
            totalCount
            pageInfo { hasNextPage endCursor }
            edges { cursor node { ...CityCard coordinator { ...Person } deputy { ...Person } } }
        }
    }
    fragment CityCard on City {
        id name(language: "da") country population
        invoices(first: 5) { nodes { ...InvoiceRow } }
    }
    fragment InvoiceRow on Invoice {
        id number dueOn
        total { ...Amount }
        openAmount { ...Amount }
    }
    fragment Amount on Money { amount currency formatted }
    fragment Person on Coordinator { id name fte startsOn }
"#;

const INTROSPECTION: &str = include_str!("../src/server/transport/guard/introspection.graphql");

fn main() {
    divan::main();
}

fn checked(source: &str) -> Result<Checked, Refused> {
    check_document(black_box(source), None, &LIMITS)
}

#[divan::bench]
fn check_overview(bencher: Bencher) {
    bencher.bench(|| checked(OVERVIEW));
}

#[divan::bench]
fn check_introspection(bencher: Bencher) {
    bencher.bench(|| checked(INTROSPECTION));
}

/// The dearest refusal before parsing: the brackets come last.
#[divan::bench]
fn refuse_brackets(bencher: Bencher) {
    let source = format!("{}{}", " ".repeat(16 * 1024 - 151), "{".repeat(151));
    bencher.bench(|| checked(&source));
}

/// The dearest document that must be parsed before it is refused.
#[divan::bench]
fn refuse_exponential_fragments(bencher: Bencher) {
    let links = (0..140)
        .map(|i| format!("fragment f{i} on T {{ ...f{n} ...f{n} }} ", n = i + 1))
        .collect::<Vec<_>>()
        .concat();
    let source = format!("{{ ...f0 }} {links} fragment f140 on T {{ a }}");
    bencher.bench(|| checked(&source));
}

#[divan::bench]
fn price_overview(bencher: Bencher) {
    let map = SchemaMap::from_sdl(SDL).unwrap_or_else(|error| panic!("{error}"));
    let checked = checked(OVERVIEW).unwrap_or_else(|refused| panic!("{refused}"));
    let variables = Variables::default();
    bencher.bench(|| cost(black_box(&checked.document), None, &variables, &map));
}
