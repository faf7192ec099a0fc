//! Full-text search over practices, documents and reference texts, in Danish and English: stems, accents and
//! the spellings of æøå, soft hyphens, typing errors, excerpts with what was found. The index is in memory; each
//! question first reads what has changed since (`search_feed`), so every instance answers alike on both
//! databases.
//!
//! Invariants: what is found is loaded as the object that it is, by the rules of that object; what a viewer may
//! not see changes neither what they find nor its order. What it is not: the lists' filters, which find parts
//! of names.

mod analysis;
mod content;
pub mod graphql;
mod index;
mod question;
mod words;

pub use content::{Audience, Subject, SubjectKind};
pub use index::SearchIndex;
pub use question::{Found, Part};
