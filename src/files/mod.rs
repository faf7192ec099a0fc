//! Stored files: contents named by their hash in a folder, records in the database, access like
//! that of the object they belong to. What it is not: the making of documents.

mod store;

pub use store::FileStore;
