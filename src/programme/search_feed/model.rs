//! A change of something that can be found. What it is not: its words.

use uuid::Uuid;

crate::text_enum! {
    /// What can be found and changes.
    pub enum Kind {
        /// A good practice.
        Practice = "PRACTICE",
        /// A document of a city.
        Document = "DOCUMENT",
    }
}

/// The last change of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub kind: Kind,
    /// Which one.
    pub subject: Uuid,
    /// The number of the change.
    pub number: i64,
}
