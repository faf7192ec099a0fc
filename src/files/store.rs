//! The table of stored files. What it is not: their contents (`content.rs`).

use diesel::prelude::*;

use crate::db::{Db, Tx};
use crate::files::model::{NewFile, StoredFile};
use crate::kernel::error::Result;
use crate::kernel::ids::{FileId, Id, ObjectId};
use crate::schema::files;

/// The file, if there is one. Whether the viewer may see it is asked of
/// [`rules::visible`](crate::files::rules::visible).
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: FileId) -> Result<Option<StoredFile>> {
    Ok(files::table.find(id).first(db).optional()?)
}

/// Gives a kept content its record. Who may do that is decided in `workflows/store_file.rs`.
///
/// # Errors
/// What the database says.
pub fn keep(tx: &mut Tx<'_>, new: NewFile) -> Result<StoredFile> {
    let file = StoredFile {
        id: tx.new_id(),
        sha256: new.sha256,
        size: new.size,
        media_type: new.media_type.to_owned(),
        name: new.name,
        owner_kind: if new.city.is_some() {
            "City"
        } else {
            "Network"
        }
        .to_owned(),
        owner_id: new.city.map(|city| ObjectId::of(city.uuid())),
        city_id: new.city,
        uploaded_by: tx.viewer.user_id(),
        created_at: tx.now,
    };
    diesel::insert_into(files::table)
        .values(&file)
        .execute(tx.db)?;
    Ok(file)
}
