//! The toolkit of the edge files: how a resolver reaches its operation, batches, pages, payloads
//! and errors. What it is not: anything of one entity.

pub mod arguments;
pub mod batch;
pub mod connection;
pub mod context;
pub mod download;
pub mod errors;
pub mod inputs;
pub mod json_object;
pub mod money;
pub mod operation;
pub mod payload;
pub mod problem;
pub mod rest;
pub mod scalars;
