//! Bytes to rows: the order in which a file is looked at, and its limits.
//! Not the single steps, which have their own files, nor the values of cells.

use std::sync::Arc;

use csv::StringRecord;

use super::dialect::{self, DecimalSign};
use super::encoding::{self, Encoding};
use super::header::Layout;
use super::lines::Lines;
use super::problem::{Problem, ProblemCode};
use super::quotes;
use super::row::Row;
use crate::exchange::columns::Kind;
use crate::kernel::phrase::Phrase;

/// The largest file, in bytes: 10 MiB.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// The most rows below the heading.
pub const MAX_ROWS: usize = 100_000;

/// What the sender of a file may say about it; what is not said is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The decimal sign; else a comma when the delimiter is `;` and a point when it is not.
    pub decimal: Option<DecimalSign>,
    /// The encoding; else by the byte order mark, UTF-8 when the bytes are valid, Latin-1.
    pub encoding: Option<Encoding>,
}

/// The rows of a file whose form is sound; their values are still to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// In the order of the file. Rows without any value are left out: they ask for nothing.
    pub rows: Vec<Row>,
}

/// Reads a file of one kind.
///
/// # Errors
/// Everything that is wrong with the form of the file, in the order of the lines as far as
/// each step goes: size, encoding, quoting, heading, length of rows.
pub fn read(bytes: &[u8], kind: Kind, options: &ReadOptions) -> Result<Sheet, Vec<Problem>> {
    admit(bytes, kind).map_err(|problem| vec![problem])?;
    let text = encoding::decode(bytes, options.encoding).map_err(|problem| vec![problem])?;
    let delimiter = dialect::delimiter_of(&text, kind);
    let mut problems = quotes::faults(&text, delimiter);
    if problems
        .iter()
        .any(|fault| fault.code == ProblemCode::UnclosedQuote)
    {
        // From the open mark on everything is one cell; more complaints would only mislead.
        return Err(problems);
    }
    let decimal = options.decimal.unwrap_or(delimiter.decimal_sign());
    let mut records = dialect::records(&text, delimiter);
    let mut lines = Lines::new(text.as_bytes());
    let mut layout: Option<Arc<Layout>> = None;
    let mut rows = Vec::new();
    for record in records.records() {
        let record = record.map_err(|fault| vec![unreadable(&fault)])?;
        let line = lines.line_of_record(offset_of(&record));
        let Some(layout) = &layout else {
            let (found, faults) = Layout::of(&record, line, kind, decimal);
            problems.extend(faults);
            layout = Some(Arc::new(found));
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            problems.push(too_many_rows(line));
            break;
        }
        problems.extend(shape_faults(&record, line, layout));
        rows.push(Row::new(line, Arc::clone(layout), record));
    }
    if layout.is_none() {
        problems.push(Problem::new(
            0,
            None,
            ProblemCode::EmptyFile,
            Phrase::new(
                "The file is empty; not even a heading is there.".to_owned(),
                "Filen er tom; der er ikke engang en overskrift.".to_owned(),
            ),
            "",
        ));
    }
    if problems.is_empty() {
        Ok(Sheet { rows })
    } else {
        Err(problems)
    }
}

fn admit(bytes: &[u8], kind: Kind) -> Result<(), Problem> {
    let name = kind.as_str();
    let (code, message) = if !kind.is_importable() {
        (
            ProblemCode::ExportOnly,
            Phrase::new(
                format!("{name} can be exported, not imported."),
                format!("{name} kan eksporteres, ikke importeres."),
            ),
        )
    } else if bytes.len() > MAX_BYTES {
        (
            ProblemCode::FileTooLarge,
            Phrase::new(
                "The file is larger than 10 MiB.".to_owned(),
                "Filen er større end 10 MiB.".to_owned(),
            ),
        )
    } else {
        return Ok(());
    };
    Err(Problem::new(0, None, code, message, ""))
}

fn shape_faults(record: &StringRecord, line: u64, layout: &Layout) -> Vec<Problem> {
    let (found, wanted) = (record.len(), layout.width);
    if found != wanted {
        return vec![Problem::new(
            line,
            None,
            ProblemCode::RaggedRow,
            Phrase::new(
                format!("The row has {found} cells and the heading {wanted}."),
                format!("Rækken har {found} celler og overskriften {wanted}."),
            ),
            "",
        )];
    }
    let stray = |place: &usize| record.get(*place).filter(|cell| !cell.trim().is_empty());
    layout
        .unnamed
        .iter()
        .filter_map(stray)
        .map(|cell| {
            Problem::new(
                line,
                None,
                ProblemCode::UnnamedColumn,
                Phrase::new(
                    "There is a value in a column without a heading.".to_owned(),
                    "Der står en værdi i en kolonne uden overskrift.".to_owned(),
                ),
                cell,
            )
        })
        .collect()
}

fn too_many_rows(line: u64) -> Problem {
    Problem::new(
        line,
        None,
        ProblemCode::TooManyRows,
        Phrase::new(
            format!("The file has more than {MAX_ROWS} rows."),
            format!("Filen har mere end {MAX_ROWS} rækker."),
        ),
        "",
    )
}

/// The CSV reader can fail on input and output only, and both are memory here; should it fail all
/// the same, the import is refused with its words.
fn unreadable(fault: &csv::Error) -> Problem {
    Problem::new(
        0,
        None,
        ProblemCode::NotText,
        Phrase::new(
            "The file cannot be read as CSV.".to_owned(),
            "Filen kan ikke læses som CSV.".to_owned(),
        ),
        &fault.to_string(),
    )
}

fn offset_of(record: &StringRecord) -> usize {
    let offset = record.position().map_or(0, csv::Position::byte);
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::columns::Column;
    use crate::exchange::sheet::Cell;

    /// Code and line of a problem.
    type Told = (ProblemCode, u64);

    fn told(bytes: &[u8]) -> Vec<Told> {
        let problems = read(bytes, Kind::Cities, &ReadOptions::default()).unwrap_err();
        problems
            .iter()
            .map(|problem| (problem.code, problem.line))
            .collect()
    }

    #[test]
    fn rows_know_their_line_and_their_cells() {
        let text = "\r\nby;land;cvr\r\n\r\n\"År\r\nhus\";DK;-\r\n;;\r\n '-x ;;'-\r\n'=1; ;";
        let sheet = read(text.as_bytes(), Kind::Cities, &ReadOptions::default()).unwrap();
        let lines: Vec<u64> = sheet.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [4, 7, 8]);
        let cells =
            |column| -> Vec<Cell<'_>> { sheet.rows.iter().map(|row| row.cell(column)).collect() };
        assert_eq!(
            cells(Column::Name),
            [
                Cell::Text("År\r\nhus"),
                Cell::Text(" '-x "),
                Cell::Text("=1")
            ]
        );
        assert_eq!(
            cells(Column::Country),
            [Cell::Text("DK"), Cell::Leave, Cell::Leave]
        );
        assert_eq!(
            cells(Column::Cvr),
            [Cell::Clear, Cell::Text("-"), Cell::Leave]
        );
        assert_eq!(cells(Column::Gln), [Cell::Absent; 3]);
    }

    #[test]
    fn lines_are_right_with_every_line_end() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["name,country", "a,DK", "", "b,DK", "c,DK"].join(end);
            let sheet = read(text.as_bytes(), Kind::Cities, &ReadOptions::default()).unwrap();
            let lines: Vec<u64> = sheet.rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 4, 5], "{end:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_form_is_told() {
        let table: &[(&[u8], &[Told])] = &[
            (b"", &[(ProblemCode::EmptyFile, 0)]),
            (b"\xEF\xBB\xBF\r\n", &[(ProblemCode::EmptyFile, 0)]),
            (b"name,country\na\0,DK\n", &[(ProblemCode::NotText, 2)]),
            (
                b"name,country,mayor\na,DK\nb,DK,x,y\n",
                &[
                    (ProblemCode::UnknownColumn, 1),
                    (ProblemCode::RaggedRow, 2),
                    (ProblemCode::RaggedRow, 3),
                ],
            ),
            (
                b"name,country,\na,DK,\nb,DK,x\n",
                &[(ProblemCode::UnnamedColumn, 3)],
            ),
            (
                b"name,country\n\"a,DK\nb,DK\n",
                &[(ProblemCode::UnclosedQuote, 2)],
            ),
            (
                b"name,land,country\n\"a\"x,DK,DK\n",
                &[
                    (ProblemCode::MalformedQuotes, 2),
                    (ProblemCode::DuplicateColumn, 1),
                ],
            ),
        ];
        for (bytes, expected) in table {
            assert_eq!(
                told(bytes),
                *expected,
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn the_encoding_asked_for_is_kept_to() {
        let bytes = b"name,country\n\xC5rhus,DK\n";
        assert!(read(bytes, Kind::Cities, &ReadOptions::default()).is_ok());
        let options = ReadOptions {
            encoding: Some(Encoding::Utf8),
            ..ReadOptions::default()
        };
        let problems = read(bytes, Kind::Cities, &options).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code, ProblemCode::InvalidEncoding);
        assert_eq!(problems[0].line, 2);
    }

    #[test]
    fn the_limits_hold_to_the_row_and_the_byte() {
        let mut text = "name,country\n".to_owned() + &"a,DK\n".repeat(MAX_ROWS);
        let sheet = read(text.as_bytes(), Kind::Cities, &ReadOptions::default()).unwrap();
        assert_eq!(sheet.rows.len(), MAX_ROWS);
        text.push_str("a,DK\n");
        assert_eq!(told(text.as_bytes()), [(ProblemCode::TooManyRows, 100_002)]);

        let mut large = b"name,country\na,".to_vec();
        large.resize(MAX_BYTES, b'x');
        assert!(read(&large, Kind::Cities, &ReadOptions::default()).is_ok());
        large.push(b'x');
        assert_eq!(told(&large), [(ProblemCode::FileTooLarge, 0)]);
    }

    #[test]
    fn exports_of_invoices_and_payments_are_not_read() {
        for kind in [Kind::Invoices, Kind::Payments] {
            let problems = read(b"id\n1\n", kind, &ReadOptions::default()).unwrap_err();
            assert_eq!(problems[0].code, ProblemCode::ExportOnly);
        }
    }
}
