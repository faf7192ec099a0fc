//! What a document of the house consists of, whatever it is: an invoice, a credit note, a reminder, a
//! statement of account. What it is not: where on the page anything stands.

use chrono::NaiveDate;

use crate::kernel::language::Language;

/// A document for a buyer, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The language of all its words.
    pub language: Language,
    /// What it is, with its number: `Faktura F2026-000001`.
    pub title: String,
    /// Across each page, behind the text: that it is a draft.
    pub watermark: Option<&'static str>,
    /// Its date, in the document's own data.
    pub dated: NaiveDate,
    /// Who sends it, in bold at the top.
    pub sender: String,
    /// Address and numbers of the sender.
    pub sender_lines: Vec<String>,
    /// Name and address of the receiver, in the window of an envelope.
    pub receiver: Vec<String>,
    /// What identifies it: names and values.
    pub facts: Vec<(String, String)>,
    /// Paragraphs before the table.
    pub opening: Vec<String>,
    /// What it is about.
    pub table: Table,
    /// The tax, by category.
    pub taxes: Option<Table>,
    /// The sums.
    pub totals: Vec<Total>,
    /// How it is paid.
    pub payment: Option<Payment>,
    /// Paragraphs after everything.
    pub closing: Vec<String>,
    /// The line at the foot of each page.
    pub footer: String,
}

/// A table with a head that stands again on each further page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Its width, in shares of the table's.
    pub share: u16,
    /// Where its cells stand.
    pub side: Side,
}

/// Where a text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Amounts.
    Right,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// What stands small below it.
    pub notes: Vec<String>,
}

impl Cell {
    /// A cell without notes.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            notes: Vec::new(),
        }
    }
}

/// A sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Total {
    /// On the way to the last.
    Part(String, String),
    /// What it comes to.
    Whole(String, String),
}

/// How it is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What the box is called.
    pub heading: String,
    /// Names and values, in two columns.
    pub columns: [Vec<(String, String)>; 2],
    /// What the payer should mind.
    pub note: Option<String>,
}
