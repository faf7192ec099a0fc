//! The queries of documents. What it is not: who may see them (`rules`).

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DocumentId, Id};
use crate::programme::documents::model::{Document, DocumentEdition, DocumentRemark};
use crate::schema::{document_editions, document_remarks, documents};

pub(super) type RowType = diesel::dsl::SqlTypeOf<<documents::table as Table>::AllColumns>;
type EditionType = diesel::dsl::SqlTypeOf<<document_editions::table as Table>::AllColumns>;
type RemarkType = diesel::dsl::SqlTypeOf<<document_remarks::table as Table>::AllColumns>;

/// The documents of these keys, seen or not.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[DocumentId]) -> Result<Vec<Document>> {
    Ok(
        Sql::new("SELECT documents.* FROM documents WHERE documents.id")
            .in_uids(ids.iter().map(|id| id.uuid()).collect())
            .load::<RowType, Document>(db)?,
    )
}

/// The editions of these documents, the first first.
///
/// # Errors
/// What the database says.
pub fn editions_of(
    db: &mut Db,
    ids: &[DocumentId],
) -> Result<HashMap<DocumentId, Vec<DocumentEdition>>> {
    let rows = Sql::new(
        "SELECT document_editions.* FROM document_editions WHERE document_editions.document_id",
    )
    .in_uids(ids.iter().map(|id| id.uuid()).collect())
    .text(" ORDER BY document_editions.document_id, document_editions.number")
    .load::<EditionType, DocumentEdition>(db)?;
    let mut editions: HashMap<DocumentId, Vec<DocumentEdition>> = HashMap::new();
    for row in rows {
        editions.entry(row.document_id).or_default().push(row);
    }
    Ok(editions)
}

/// What was remarked on these documents, the first first.
///
/// # Errors
/// What the database says.
pub fn remarks_of(
    db: &mut Db,
    ids: &[DocumentId],
) -> Result<HashMap<DocumentId, Vec<DocumentRemark>>> {
    let rows = Sql::new(
        "SELECT document_remarks.* FROM document_remarks WHERE document_remarks.document_id",
    )
    .in_uids(ids.iter().map(|id| id.uuid()).collect())
    .text(" ORDER BY document_remarks.document_id, document_remarks.number")
    .load::<RemarkType, DocumentRemark>(db)?;
    let mut remarks: HashMap<DocumentId, Vec<DocumentRemark>> = HashMap::new();
    for row in rows {
        remarks.entry(row.document_id).or_default().push(row);
    }
    Ok(remarks)
}

/// Locks a document until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: DocumentId) -> Result<Document> {
    tx.lock_row("SELECT 1 FROM documents WHERE id = ", id.uuid())?;
    let found = documents::table.find(id).first(tx.db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: DocumentId::KIND,
        id: id.public(),
    })
}

/// Stores a new document.
pub(super) fn insert(tx: &mut Tx<'_>, document: &Document) -> Result<()> {
    diesel::insert_into(documents::table)
        .values(document)
        .execute(tx.db)?;
    Ok(())
}

/// Stores a changed document.
pub(super) fn update(tx: &mut Tx<'_>, document: &Document) -> Result<()> {
    let changed = diesel::update(documents::table.find(document.id))
        .set(document)
        .execute(tx.db)?;
    ensure_one(changed)
}

/// Stores an edition.
pub(super) fn insert_edition(tx: &mut Tx<'_>, edition: &DocumentEdition) -> Result<()> {
    diesel::insert_into(document_editions::table)
        .values(edition)
        .execute(tx.db)?;
    Ok(())
}

/// Stores a remark.
pub(super) fn insert_remark(tx: &mut Tx<'_>, remark: &DocumentRemark) -> Result<()> {
    diesel::insert_into(document_remarks::table)
        .values(remark)
        .execute(tx.db)?;
    Ok(())
}
