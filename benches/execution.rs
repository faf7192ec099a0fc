//! What the reading operations of `bench/queries` cost from the parsed document to the answer's
//! value, on SQLite, without HTTP. Not a test: it asserts nothing about time.

#[path = "network/mod.rs"]
mod network;

use std::sync::Arc;

use async_graphql::{Request, Variables};
use divan::Bencher;
use intercultural_cities::access::viewer::{Scope, Viewer};
use intercultural_cities::api::arguments::InputTypes;
use intercultural_cities::api::operation::Operation;
use intercultural_cities::kernel::ids::Id;
use intercultural_cities::kernel::language::Language;
use intercultural_cities::kernel::page::Page;
use intercultural_cities::registry::cities::{self, CityFilter};
use intercultural_cities::server::graphql;
use network::NETWORK;

const OPERATIONS: [(&str, &str); 5] = [
    ("q1", include_str!("../bench/queries/q1.graphql")),
    ("q2", include_str!("../bench/queries/q2.graphql")),
    ("q3", include_str!("../bench/queries/q3.graphql")),
    ("q4", include_str!("../bench/queries/q4.graphql")),
    ("q5", include_str!("../bench/queries/q5.graphql")),
];

fn main() {
    divan::main();
}

#[divan::bench(args = OPERATIONS.map(|(name, _)| name))]
fn execute(bencher: Bencher, name: &str) {
    let text = OPERATIONS
        .iter()
        .find_map(|(known, text)| (*known == name).then_some(*text))
        .unwrap_or_else(|| panic!("no operation {name}"));
    let schema = graphql::build();
    let inputs = InputTypes::from_sdl(&graphql::sdl(&schema)).unwrap_or_else(|e| panic!("{e}"));
    let inputs = Arc::new(inputs);
    let document = async_graphql_parser::parse_query(text).unwrap_or_else(|e| panic!("{e}"));
    let (today, filter) = (
        NETWORK.app.now().date_in(chrono_tz::UTC),
        CityFilter::default(),
    );
    let page = Page::first(1);
    let listed = cities::list(&mut NETWORK.open(), &Scope::All, today, &filter, &[], &page);
    let listed = listed.unwrap_or_else(|error| panic!("{error}"));
    let city = listed.rows.first().map(|city| city.id.public());
    let variables = Variables::from_json(serde_json::json!({ "id": city }));
    bencher
        .with_inputs(|| {
            let operation = Operation::new(
                NETWORK.open(),
                Viewer::System("benchmark"),
                NETWORK.app.now(),
                Language::En,
                None,
                String::new(),
            );
            let mut request = Request::new(String::new())
                .variables(variables.clone())
                .data(Arc::new(operation))
                .data(Arc::clone(&inputs))
                .data(Arc::clone(&NETWORK.app));
            request.set_parsed_query(document.clone());
            request
        })
        .bench_values(|request| {
            let response = futures_executor::block_on(schema.execute(request));
            assert!(response.errors.is_empty(), "{:?}", response.errors);
            response
        });
}
