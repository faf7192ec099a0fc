//! The queries of credit notes and their lines. What it is not: pages of lists (`lists`).

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::credit_notes::model::{CreditNote, CreditNoteLine};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CreditNoteId, Id, InvoiceId};
use crate::on_backend;
use crate::schema::{credit_note_lines, credit_notes};

/// The SQL type of a credit note's row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<credit_notes::table as Table>::AllColumns>;
type LineType = diesel::dsl::SqlTypeOf<<credit_note_lines::table as Table>::AllColumns>;

/// The credit note.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: CreditNoteId) -> Result<CreditNote> {
    credit_notes::table
        .find(id)
        .first(db)
        .optional()?
        .ok_or_else(|| Error::NotFound {
            kind: CreditNoteId::KIND,
            id: id.public(),
        })
}

/// The credit notes of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[CreditNoteId]) -> Result<Vec<CreditNote>> {
    Ok(
        Sql::new("SELECT credit_notes.* FROM credit_notes WHERE credit_notes.id")
            .in_uids(keys(ids))
            .load::<RowType, CreditNote>(db)?,
    )
}

/// The credit notes of these invoices, proposals among them, as they were made.
///
/// # Errors
/// What the database says.
pub fn of_invoices(
    db: &mut Db,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<CreditNote>>> {
    let found = Sql::new("SELECT credit_notes.* FROM credit_notes WHERE credit_notes.invoice_id")
        .in_uids(keys(invoices))
        .text(" ORDER BY credit_notes.invoice_id, credit_notes.id")
        .load::<RowType, CreditNote>(db)?;
    let mut notes: HashMap<InvoiceId, Vec<CreditNote>> = HashMap::new();
    for note in found {
        notes.entry(note.invoice_id).or_default().push(note);
    }
    Ok(notes)
}

/// The lines of these credit notes, in their order.
///
/// # Errors
/// What the database says.
pub fn lines_of_many(
    db: &mut Db,
    ids: &[CreditNoteId],
) -> Result<HashMap<CreditNoteId, Vec<CreditNoteLine>>> {
    let found = Sql::new(
        "SELECT credit_note_lines.* FROM credit_note_lines WHERE credit_note_lines.credit_note_id",
    )
    .in_uids(keys(ids))
    .text(" ORDER BY credit_note_lines.credit_note_id, credit_note_lines.position")
    .load::<LineType, CreditNoteLine>(db)?;
    let mut lines: HashMap<CreditNoteId, Vec<CreditNoteLine>> = HashMap::new();
    for line in found {
        lines.entry(line.credit_note_id).or_default().push(line);
    }
    Ok(lines)
}

/// Locks the credit note's row until the transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: CreditNoteId) -> Result<CreditNote> {
    tx.lock_row("SELECT 1 FROM credit_notes WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// Stores a proposal with its lines.
pub(super) fn insert(tx: &mut Tx<'_>, note: &CreditNote, lines: &[CreditNoteLine]) -> Result<()> {
    diesel::insert_into(credit_notes::table)
        .values(note)
        .execute(tx.db)?;
    for part in lines.chunks(500) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(credit_note_lines::table).values(part).execute(connection))?;
    }
    Ok(())
}

/// Stores the credit note as it now is.
pub(super) fn update(tx: &mut Tx<'_>, note: &CreditNote) -> Result<()> {
    let rows = diesel::update(credit_notes::table.find(note.id))
        .set(note)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Removes a proposal.
pub(super) fn remove(tx: &mut Tx<'_>, id: CreditNoteId) -> Result<()> {
    diesel::delete(credit_note_lines::table.filter(credit_note_lines::credit_note_id.eq(id)))
        .execute(tx.db)?;
    ensure_one(diesel::delete(credit_notes::table.find(id)).execute(tx.db)?)
}

fn keys<I: Id>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
