//! Makes the pages of an invoice or a credit note of what is recorded. What it is not: who may have
//! them.

use crate::db::Db;
use crate::finance::credit_notes::CreditNote;
use crate::finance::documents::invoice::{language_of, letter};
use crate::finance::documents::letter::Letter;
use crate::finance::documents::{pages, pdf};
use crate::finance::einvoices::{self, Facts};
use crate::finance::invoices::Invoice;
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;

/// The pages of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its number; a draft has the word instead.
    pub name: String,
    /// PDF.
    pub content: Vec<u8>,
}

/// The pages of an invoice, in its buyer's language unless another is asked for.
///
/// # Errors
/// What the database says; a fault of ours for stored amounts that are none.
pub fn of_invoice(db: &mut Db, invoice: &Invoice, language: Option<Language>) -> Result<Original> {
    let facts = einvoices::facts_of_many(db, std::slice::from_ref(invoice))?
        .remove(&invoice.id)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{:?} says nothing", invoice.id)))?;
    original(&facts, language, invoice.created_at.utc().date_naive())
}

/// As [`of_invoice`], of a credit note.
///
/// # Errors
/// As [`of_invoice`].
pub fn of_credit_note(
    db: &mut Db,
    note: &CreditNote,
    language: Option<Language>,
) -> Result<Original> {
    let facts = einvoices::facts_of_credit_note(db, note)?;
    original(&facts, language, note.created_at.utc().date_naive())
}

fn original(
    facts: &Facts,
    language: Option<Language>,
    drafted_on: chrono::NaiveDate,
) -> Result<Original> {
    let language = language.unwrap_or_else(|| language_of(facts));
    let letter = letter(facts, language, drafted_on)?;
    let number = facts
        .numbered
        .as_ref()
        .map(|numbered| numbered.number.clone());
    Ok(Original {
        name: number.unwrap_or_else(|| "draft".to_owned()),
        content: write(&letter)?,
    })
}

/// The bytes of a letter as PDF/A.
///
/// # Errors
/// A fault of ours: the pages cannot be written.
pub fn write(letter: &Letter) -> Result<Vec<u8>> {
    let paper = pages::set(letter)?;
    pdf::write(&paper, letter)
}
