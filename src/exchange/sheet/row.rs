//! One row of a sheet and what stands in its cells.
//! Not what the cells mean as dates or numbers (that is `cell`).

use std::sync::Arc;

use csv::StringRecord;

use super::guard;
use super::header::Layout;
use super::problem::{Problem, ProblemCode};
use crate::exchange::columns::{Column, ColumnSpec, Kind};
use crate::kernel::phrase::Phrase;

/// One row: one record to be made or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which the row begins, counted from 1 with the heading.
    pub line: u64,
    layout: Arc<Layout>,
    cells: StringRecord,
}

/// What a cell asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'r> {
    /// The file does not have the column: leave the record as it is.
    Absent,
    /// The cell is empty or white space: leave the record as it is.
    Leave,
    /// The cell is `-`: take the value away.
    Clear,
    /// The text of the cell, without the guard against formulas; neither trimmed nor checked.
    Text(&'r str),
}

impl Row {
    pub(super) fn new(line: u64, layout: Arc<Layout>, cells: StringRecord) -> Self {
        Self {
            line,
            layout,
            cells,
        }
    }

    /// What a cell asks for; a column that this kind does not have is absent.
    #[must_use]
    pub fn cell(&self, column: Column) -> Cell<'_> {
        match self.written(column) {
            None => Cell::Absent,
            Some(written) => match written.trim() {
                "" => Cell::Leave,
                "-" => Cell::Clear,
                _ => Cell::Text(guard::removed(written)),
            },
        }
    }

    /// The kind of sheet the row is from.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.layout.kind
    }

    /// A problem with this row's cell, showing what stands in it; for rules outside this module.
    #[must_use]
    pub fn problem(&self, column: Column, code: ProblemCode, message: Phrase) -> Problem {
        let value = match self.cell(column) {
            Cell::Text(text) => text.trim(),
            Cell::Clear => "-",
            Cell::Absent | Cell::Leave => "",
        };
        Problem::new(self.line, Some(column), code, message, value)
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn spec(&self, column: Column) -> Option<&'static ColumnSpec> {
        self.layout.kind.spec(column)
    }

    fn written(&self, column: Column) -> Option<&str> {
        self.layout
            .place(column)
            .and_then(|place| self.cells.get(place))
    }
}
