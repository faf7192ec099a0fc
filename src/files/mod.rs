//! Stored files: contents named by their hash in a folder, records in the database, access like
//! that of the city they belong to. What it is not: the making of documents.
//!
//! Invariants: a content never changes; a record never changes. The media type is what the content
//! is, not what its sender says. A file of a city is seen by the city and by those who see all
//! files; a file of the network by the latter only.

mod content;
mod model;
pub mod rest;
pub mod rules;
mod store;

pub use content::FileStore;
pub use model::{NewFile, StoredFile};
pub use store::{find, keep};
