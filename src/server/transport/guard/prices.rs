//! Tests of the cost: prices of documents on a small schema of the trade, and the work it takes to
//! find them. Not the limits on shape.

use async_graphql_parser::parse_query;
use async_graphql_value::Variables;

use super::cost::priced;
use super::refused::Refused;
use super::{SchemaMap, cost};

/// A part of the trade, also for `random.rs`.
pub(super) const SDL: &str = r"
    interface Node { id: ID! }
    type PageInfo { hasNextPage: Boolean! }
    type Money { amount: String! }
    type Person implements Node { id: ID! name: String! }
    type Coordinator implements Node { id: ID! name: String! person: Person! city: City! }
    type Invoice implements Node { id: ID! number: String total: Money! city: City! lines: [Line!]! }
    type Line { text: String! amount: Money! }
    type InvoiceEdge { cursor: String! node: Invoice! }
    type InvoiceConnection { nodes: [Invoice!]! edges: [InvoiceEdge!]! pageInfo: PageInfo! totalCount: Int! }
    type City implements Node {
        id: ID! name(language: String): String! coordinator: Coordinator openBalance(asOf: String): Money!
        invoices(first: Int, last: Int, after: String): InvoiceConnection!
    }
    type CityEdge { cursor: String! node: City! }
    type CityConnection { nodes: [City!]! edges: [CityEdge!]! pageInfo: PageInfo! totalCount: Int! }
    type FeeTotals { year: Int! total: Money! }
    type UserError { code: String! message: String! }
    type AdmitCityPayload { city: City userErrors: [UserError!]! }
    union Payer = City | Person
    type Query {
        node(id: ID!): Node
        nodes(ids: [ID!]!): [Node]!
        payer: Payer
        viewer: Person
        cities(first: Int, last: Int, after: String): CityConnection!
        feeTotals: [FeeTotals!]!
    }
    type Mutation { admitCity(input: String): AdmitCityPayload! }
    type Subscription { cityAdmitted: City! }
";

fn map() -> SchemaMap {
    SchemaMap::from_sdl(SDL).expect("the SDL is sound")
}

fn price(source: &str, variables: &str) -> u64 {
    let document = parse_query(source).expect(source);
    let variables = Variables::from_json(serde_json::from_str(variables).expect(variables));
    cost(&document, None, &variables, &map()).expect(source)
}

#[test]
fn every_kind_of_field_has_its_price() {
    let cases = [
        (
            "{ __typename __schema { types { name } } __type(name: \"City\") { name } }",
            0,
        ),
        ("{ viewer { id name } }", 1),
        ("{ node(id: 1) { id } }", 1),
        ("{ cities { nodes { id } } }", 20),
        (
            "{ cities(first: 5) { nodes { id coordinator { name person { name } } } } }",
            5 * (1 + 2),
        ),
        ("{ cities(first: 5) { edges { cursor node { id } } } }", 5),
        ("{ cities(first: 5) { edges { cursor } } }", 5),
        (
            "{ cities(first: 5) { edges { node { id } } nodes { id } } }",
            5 * 2,
        ),
        (
            "{ cities(first: 5) { a: nodes { id } b: nodes { id } } }",
            5 * 2,
        ),
        ("{ cities(first: 5) { totalCount } }", 5 + 10),
        (
            "{ cities(last: 5) { pageInfo { hasNextPage } totalCount nodes { id } } }",
            5 + 10,
        ),
        (
            "{ cities(first: 5) { nodes { openBalance { amount } } } }",
            5 * (1 + 10 + 1),
        ),
        (
            "{ cities(first: 5) { nodes { invoices(first: 3) { nodes { total { amount } } } } } }",
            5 * (1 + 3 * 2),
        ),
        (
            "{ cities(first: 5) { edges { node { invoices { edges { node { lines { text } } } } } } } }",
            5 * (1 + 20 * 21),
        ),
        ("{ feeTotals { total { amount } } }", 10 + 20 * 2),
        ("{ nodes(ids: [1, 2, 3]) { id } }", 3),
        ("{ nodes(ids: 1) { id } }", 1),
        (
            "mutation { admitCity { city { id } userErrors { code } } }",
            10 + 1 + 1,
        ),
        (
            "mutation { a: admitCity { city { id } } b: admitCity { city { id } } }",
            22,
        ),
        ("subscription { cityAdmitted { name } }", 1),
        (
            "{ a: viewer { id } b: viewer { id } viewer { id } viewer { id } }",
            4,
        ),
        (
            "{ viewer @skip(if: true) { id } ... @include(if: false) { viewer { id } } }",
            2,
        ),
        ("{ nothing { of { the } } }", 1),
    ];
    for (source, expected) in cases {
        assert_eq!(price(source, "{}"), expected, "{source}");
    }
}

#[test]
fn sizes_come_from_literals_variables_and_defaults() {
    let query = "query($n: Int, $d: Int = 7, $ids: [ID!]) { ";
    let cases = [
        ("cities(first: $n) { nodes { id } } }", r#"{"n": 3}"#, 3),
        ("cities(first: $n) { nodes { id } } }", "{}", 20),
        ("cities(first: $n) { nodes { id } } }", r#"{"n": null}"#, 20),
        ("cities(first: $n) { nodes { id } } }", r#"{"n": "3"}"#, 20),
        ("cities(first: $d) { nodes { id } } }", "{}", 7),
        ("cities(first: $d) { nodes { id } } }", r#"{"d": 2}"#, 2),
        ("cities(first: null) { nodes { id } } }", "{}", 20),
        ("cities(first: 2, last: 9) { nodes { id } } }", "{}", 9),
        ("cities(first: 0) { nodes { id } } }", "{}", 1),
        ("cities(first: -5) { nodes { viewer } } }", "{}", 2),
        ("cities(first: 2.5) { nodes { id } } }", "{}", 20),
        (
            "cities(first: $n) { nodes { id } } }",
            r#"{"n": -1e300}"#,
            1,
        ),
        (
            "cities(first: $n) { nodes { id } } }",
            r#"{"n": 1e300}"#,
            u64::MAX,
        ),
        (
            "cities(first: 18446744073709551615) { nodes { coordinator { id } } } }",
            "{}",
            u64::MAX,
        ),
        ("nodes(ids: $ids) { id } }", r#"{"ids": [1, 2, 3, 4]}"#, 4),
        ("nodes(ids: [1, $n]) { id } }", "{}", 2),
        ("nodes(ids: $ids) { id } }", "{}", 20),
        ("nodes(ids: []) { id } }", "{}", 1),
    ];
    for (selection, variables, expected) in cases {
        let source = format!("{query}{selection}");
        assert_eq!(price(&source, variables), expected, "{source} {variables}");
    }
}

#[test]
fn of_several_types_the_dearest_counts() {
    let cases = [
        (
            "{ node(id: 1) { ... on City { coordinator { id } openBalance { amount } } ... on Person { name } } }",
            1 + 12,
        ),
        (
            "{ node(id: 1) { ... on City { coordinator { id } } ...C ... on Coordinator { person { id } } } } \
          fragment C on City { coordinator { id } }",
            1 + 2,
        ),
        (
            "{ node(id: 1) { ... on Node { ... on City { coordinator { id } } } ... on City { openBalance { amount } } } }",
            1 + 12,
        ),
        (
            "{ payer { ... on Person { name } ... on Node { ... on City { coordinator { id } } } } }",
            1 + 1,
        ),
        (
            "{ nodes(ids: [1, 2]) { ... on City { invoices(first: 3) { nodes { id } } } ... on Person { id } } }",
            2 * (1 + 3),
        ),
        (
            "{ cities(first: 2) { ...P } } fragment P on CityConnection { ...Q totalCount } \
          fragment Q on CityConnection { nodes { ...N } } fragment N on Node { ... on City { coordinator { id } } }",
            2 * 2 + 10,
        ),
        (
            "{ viewer { ...N } } fragment N on Node { id ... on City { coordinator { id } } }",
            2,
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(price(source, "{}"), expected, "{source}");
    }
}

#[test]
fn the_work_is_linear_and_the_sum_saturates() {
    let links = (0..60)
        .map(|i| {
            format!(
                "fragment f{i} on City {{ coordinator {{ city {{ ...f{n} ...f{n} }} }} }} ",
                n = i + 1
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let source =
        format!("{{ cities {{ nodes {{ ...f0 }} }} }} {links} fragment f60 on City {{ name }}");
    let document = parse_query(&source).expect("it parses");
    let (cost, visits) = priced(&document, None, &Variables::default(), &map()).expect("a price");
    assert_eq!(cost, u64::MAX);
    assert_eq!(visits, 2 + 1 + 60 * 4 + 1);
}

#[test]
fn a_document_that_was_not_checked_is_refused_not_followed() {
    let cases = [
        (
            "{ ...A } fragment A on Query { ...A }",
            Refused::FragmentCycle("A".into()),
        ),
        ("{ ...A }", Refused::UnknownFragment("A".into())),
        (
            "query A { viewer { id } } query B { viewer { id } }",
            Refused::OperationNameRequired,
        ),
    ];
    for (source, expected) in cases {
        let document = parse_query(source).expect(source);
        assert_eq!(
            cost(&document, None, &Variables::default(), &map()),
            Err(expected)
        );
    }
    let chain = (0..400)
        .map(|i| format!("fragment f{i} on Query {{ ...f{} }} ", i + 1))
        .collect::<Vec<_>>()
        .concat();
    let document = parse_query(format!(
        "{{ ...f0 }} {chain} fragment f400 on Query {{ viewer }}"
    ));
    let refused = cost(
        &document.expect("it parses"),
        None,
        &Variables::default(),
        &map(),
    );
    assert!(
        matches!(refused, Err(Refused::TooComplex { limit: 300, .. })),
        "{refused:?}"
    );
}
