//! GraphQL over HTTP, by the specification and the contract in `docs/API.md`. async-graphql is
//! handed a document that was parsed and guarded before. What it is not: REST (`server/routes.rs`).

pub mod answer;
pub mod body;
pub mod caching;
pub mod execute;
pub mod guard;
pub mod http;
pub mod kept_answers;
pub mod keys;
pub mod media;
pub mod params;
pub mod partial;
pub mod variables;
