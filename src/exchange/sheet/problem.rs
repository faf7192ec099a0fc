//! What is wrong with a file, a row or a cell, for people and for programs.
//! Not the rules themselves: each stands where it is checked.

use crate::exchange::columns::Column;
use crate::kernel::phrase::Phrase;

/// One thing wrong with a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file on which the row begins, counted from 1; 0 when the whole file is meant.
    pub line: u64,
    /// The column meant; `None` when the row, the file or a heading we do not know is meant.
    pub column: Option<Column>,
    /// What programs go by.
    pub code: ProblemCode,
    /// What people read.
    pub message: Phrase,
    /// What stood in the file, shortened when it is long; empty when nothing did.
    pub value: String,
}

impl Problem {
    /// A problem with the value as it stood in the file.
    #[must_use]
    pub fn new(
        line: u64,
        column: Option<Column>,
        code: ProblemCode,
        message: Phrase,
        value: &str,
    ) -> Self {
        Self {
            line,
            column,
            code,
            message,
            value: shortened(value),
        }
    }
}

/// The kinds of problem; the names given by [`ProblemCode::as_str`] never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemCode {
    /// This kind is written, never read.
    ExportOnly,
    /// The file has more than [`super::MAX_BYTES`].
    FileTooLarge,
    /// The file has more than [`super::MAX_ROWS`] rows.
    TooManyRows,
    /// There is not even a heading.
    EmptyFile,
    /// The file is a workbook or holds NUL bytes.
    NotText,
    /// The bytes are not valid in the encoding asked for or marked.
    InvalidEncoding,
    /// The byte order mark and the encoding asked for disagree.
    EncodingConflict,
    /// A quotation mark is opened and never closed.
    UnclosedQuote,
    /// Something stands between a quotation mark and the delimiter.
    MalformedQuotes,
    /// A heading is not a column of this kind.
    UnknownColumn,
    /// A column without a heading has values.
    UnnamedColumn,
    /// A column is there twice, possibly in two languages.
    DuplicateColumn,
    /// A required column is not there.
    MissingColumn,
    /// A row has more or fewer cells than the heading.
    RaggedRow,
    /// A required cell is empty.
    Required,
    /// A required cell is to be cleared.
    CannotClear,
    /// Control characters, or characters that turn the writing direction.
    InvalidText,
    /// More characters than allowed.
    TooLong,
    /// Not a number as this file writes them.
    NotANumber,
    /// A whole number is wanted.
    NotAnInteger,
    /// More decimals than allowed.
    TooManyDecimals,
    /// A number or date outside its limits.
    OutOfRange,
    /// Not a date in one of the four forms.
    NotADate,
    /// A date that is not in the calendar.
    NoSuchDate,
    /// Neither yes nor no.
    NotABoolean,
    /// No country has this code or name.
    UnknownCountry,
    /// Not one of the words allowed.
    UnknownChoice,
    /// A list with an empty entry.
    EmptyEntry,
    /// A list with the same entry twice.
    DuplicateEntry,
    /// A rule of the record itself says no; its own refusal code.
    Refused(&'static str),
}

impl ProblemCode {
    /// The stable name, as in reports and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExportOnly => "EXPORT_ONLY",
            Self::FileTooLarge => "FILE_TOO_LARGE",
            Self::TooManyRows => "TOO_MANY_ROWS",
            Self::EmptyFile => "EMPTY_FILE",
            Self::NotText => "NOT_TEXT",
            Self::InvalidEncoding => "INVALID_ENCODING",
            Self::EncodingConflict => "ENCODING_CONFLICT",
            Self::UnclosedQuote => "UNCLOSED_QUOTE",
            Self::MalformedQuotes => "MALFORMED_QUOTES",
            Self::UnknownColumn => "UNKNOWN_COLUMN",
            Self::UnnamedColumn => "UNNAMED_COLUMN",
            Self::DuplicateColumn => "DUPLICATE_COLUMN",
            Self::MissingColumn => "MISSING_COLUMN",
            Self::RaggedRow => "RAGGED_ROW",
            Self::Required => "REQUIRED",
            Self::CannotClear => "CANNOT_CLEAR",
            Self::InvalidText => "INVALID_TEXT",
            Self::TooLong => "TOO_LONG",
            Self::NotANumber => "NOT_A_NUMBER",
            Self::NotAnInteger => "NOT_AN_INTEGER",
            Self::TooManyDecimals => "TOO_MANY_DECIMALS",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::NotADate => "NOT_A_DATE",
            Self::NoSuchDate => "NO_SUCH_DATE",
            Self::NotABoolean => "NOT_A_BOOLEAN",
            Self::UnknownCountry => "UNKNOWN_COUNTRY",
            Self::UnknownChoice => "UNKNOWN_CHOICE",
            Self::EmptyEntry => "EMPTY_ENTRY",
            Self::DuplicateEntry => "DUPLICATE_ENTRY",
            Self::Refused(code) => code,
        }
    }
}

/// A problem that does not yet know where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: ProblemCode,
    pub(super) message: Phrase,
}

impl Fault {
    pub(super) fn new(code: ProblemCode, en: impl Into<String>, da: impl Into<String>) -> Self {
        Self {
            code,
            message: Phrase::new(en.into(), da.into()),
        }
    }
}

/// The longest value a problem repeats, in characters, so that a report stays readable.
const SHOWN: usize = 80;

fn shortened(value: &str) -> String {
    let mut shown: String = value.chars().take(SHOWN).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shortened_by_characters() {
        assert_eq!(shortened("Århus"), "Århus");
        assert_eq!(shortened(&"æ".repeat(80)), "æ".repeat(80));
        assert_eq!(shortened(&"æ".repeat(81)), format!("{}…", "æ".repeat(80)));
    }
}
