//! The process that answers: GraphQL, REST, health, metrics, background work, graceful stop. What
//! it is not: anything of one entity; the slices bring their fields and handlers.

pub mod access_log;
pub mod admission;
pub mod authorisation;
pub mod contract;
pub mod gateway;
pub mod graphiql;
pub mod graphql;
pub mod health;
mod housekeeping;
pub mod in_flight;
pub mod metrics;
pub mod node;
pub mod openapi;
mod panics;
pub mod rate_limit;
pub mod rates;
pub mod routes;
pub mod run;
pub mod sealer;
pub mod transport;
pub mod viewer;
pub mod worker;
