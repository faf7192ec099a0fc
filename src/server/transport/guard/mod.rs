//! The guard: what a GraphQL document must satisfy before the executor sees it, and what it costs.
//! It reads the document and the SDL only. It knows no HTTP, no viewer and no database, and it
//! does not validate against the schema: that is the executor's work.
//!
//! The order is fixed, because each step makes the next one safe:
//!
//! 1. `scan` counts bytes, brackets and directives without parsing, so that the recursive parser
//!    is only handed documents it can hold on its stack.
//! 2. The document is parsed, once.
//! 3. `shape` measures the document as if its fragments were written out: cycles, fields, depth, aliases,
//!    introspection. After it, everything that follows fragments is bounded.
//! 4. `cost` prices the operation that will run, with its variables.

mod cost;
mod document;
mod field_kind;
mod introspection;
mod limits;
mod refused;
mod scan;
mod schema_map;
mod shape;

pub use cost::cost;
pub use document::{Checked, OperationKind, check_document};
pub use limits::Limits;
pub use refused::Refused;
pub use schema_map::{SchemaMap, SchemaMapError};
pub use shape::Figures;

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod random;
