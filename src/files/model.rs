//! The record of a stored file. What it is not: its content.

use diesel::prelude::*;

use crate::kernel::ids::{CityId, FileId, ObjectId, UserId};
use crate::kernel::instant::Instant;
use crate::schema::files;

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
pub struct StoredFile {
    /// The id.
    pub id: FileId,
    /// SHA-256 of the content in lower-case hexadecimal digits, its name in the folder.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// The type that the content was found to have.
    pub media_type: String,
    /// The name it is offered under.
    pub name: String,
    /// The GraphQL type of the object it belongs to; `Network` for files of nobody else.
    pub owner_kind: String,
    /// The object it belongs to.
    pub owner_id: Option<ObjectId>,
    /// The city whose people may read it.
    pub city_id: Option<CityId>,
    /// Who stored it.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub created_at: Instant,
}

/// A content that is in the folder and gets its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// SHA-256 of the content.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// What the content is.
    pub media_type: &'static str,
    /// The name it is offered under.
    pub name: String,
    /// The city it belongs to; none for files of the network.
    pub city: Option<CityId>,
}
