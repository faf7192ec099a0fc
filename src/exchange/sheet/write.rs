//! Records to CSV: heading, guard against formulas, delimiter, byte order mark.
//! Not which records are exported nor who may see them.

use std::borrow::Cow;
use std::io;

use chrono::NaiveDate;
use csv::{Terminator, WriterBuilder};

use super::dialect::Delimiter;
use super::guard;
use super::number;
use crate::exchange::columns::{Column, Kind};

/// How a file is written. Numbers have the decimal sign that goes with the delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteOptions {
    /// What stands between two cells.
    pub delimiter: Delimiter,
    /// Whether the file begins with a byte order mark.
    pub byte_order_mark: ByteOrderMark,
}

/// Whether a file begins with the UTF-8 byte order mark, without which spreadsheet programs on
/// Windows take it for another encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ByteOrderMark {
    /// Plain UTF-8.
    #[default]
    Without,
    /// The three bytes EF BB BF first.
    With,
}

/// One value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'v> {
    /// The record has none.
    Empty,
    /// A text; guarded when a spreadsheet program might run it. White space alone is written as none.
    Text(Cow<'v, str>),
    /// Texts with `|` between.
    List(&'v [String]),
    /// A whole number.
    Integer(i64),
    /// A number in units of `10^-scale`, written with exactly `scale` decimals.
    Decimal {
        /// How many units.
        units: i64,
        /// How many decimals.
        scale: usize,
    },
    /// A day, written `YYYY-MM-DD`.
    Date(NaiveDate),
    /// `true` or `false`.
    Boolean(bool),
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The kind has no such column.
    #[error("a sheet of {} has no column {}", kind.as_str(), column.as_str())]
    NotAColumn {
        /// The kind of sheet.
        kind: Kind,
        /// The column given.
        column: Column,
    },
    /// A row gives two values for one column.
    #[error("two values for the column {}", column.as_str())]
    ColumnTwice {
        /// The column given twice.
        column: Column,
    },
    /// An entry of a list cannot be told from the entries beside it.
    #[error("an entry of the list in {} is blank or has a | in it", column.as_str())]
    Entry {
        /// The column of the list.
        column: Column,
    },
    /// The rows could not be written out.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The file could not be written out.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The workbook takes no more.
    #[error(transparent)]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}

/// Writes the rows of one kind, one after the other, so that an export never lies in memory whole.
#[expect(
    missing_debug_implementations,
    reason = "a csv writer shows nothing of its own"
)]
pub struct SheetWriter<W: io::Write> {
    kind: Kind,
    delimiter: Delimiter,
    csv: csv::Writer<W>,
}

impl<W: io::Write> SheetWriter<W> {
    /// Begins a file: byte order mark and the canonical headings of all columns.
    ///
    /// # Errors
    /// Whatever `out` fails with.
    pub fn start(mut out: W, kind: Kind, options: WriteOptions) -> Result<Self, WriteError> {
        if options.byte_order_mark == ByteOrderMark::With {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut csv = WriterBuilder::new()
            .delimiter(options.delimiter.byte())
            .terminator(Terminator::CRLF)
            .from_writer(out);
        csv.write_record(kind.columns().iter().map(|spec| spec.column.as_str()))?;
        Ok(Self {
            kind,
            delimiter: options.delimiter,
            csv,
        })
    }

    /// Writes one record. Columns that are not given are empty; their order does not matter.
    ///
    /// # Errors
    /// A column the kind does not have, a column given twice, a list entry with `|` in it, or
    /// whatever the output fails with. Nothing of a faulty row is written.
    pub fn row(&mut self, values: &[(Column, Value<'_>)]) -> Result<(), WriteError> {
        let columns = self.kind.columns();
        let mut cells = vec![Cow::Borrowed(""); columns.len()];
        let mut given = Vec::with_capacity(values.len());
        for (column, value) in values {
            let column = *column;
            if given.contains(&column) {
                return Err(WriteError::ColumnTwice { column });
            }
            given.push(column);
            let mut slots = columns.iter().zip(cells.iter_mut());
            let Some((_, slot)) = slots.find(|(spec, _)| spec.column == column) else {
                return Err(WriteError::NotAColumn {
                    kind: self.kind,
                    column,
                });
            };
            *slot = written(value, self.delimiter).ok_or(WriteError::Entry { column })?;
        }
        self.csv
            .write_record(cells.iter().map(|cell| cell.as_bytes()))?;
        Ok(())
    }

    /// Ends the file and gives back where it was written to.
    ///
    /// # Errors
    /// Whatever the output fails with when the last rows are flushed.
    pub fn finish(self) -> Result<W, WriteError> {
        Ok(self
            .csv
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)?)
    }
}

/// The cell of a value; `None` for a list that would not be read back the same.
fn written<'v>(value: &'v Value<'_>, delimiter: Delimiter) -> Option<Cow<'v, str>> {
    let cell = match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) if text.trim().is_empty() => Cow::Borrowed(""),
        Value::Text(text) => guard::guarded(text),
        Value::List(entries) => {
            let unclear = |entry: &String| entry.trim().is_empty() || entry.contains('|');
            if entries.iter().any(unclear) {
                return None;
            }
            Cow::Owned(guard::guarded(&entries.join("|")).into_owned())
        }
        // Numbers, dates and words are ours: no guard, so that `-5.3` stays a number.
        Value::Integer(number) => Cow::Owned(number.to_string()),
        Value::Decimal { units, scale } => {
            Cow::Owned(number::written(*units, *scale, delimiter.decimal_sign()))
        }
        Value::Date(day) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
        Value::Boolean(true) => Cow::Borrowed("true"),
        Value::Boolean(false) => Cow::Borrowed("false"),
    };
    Some(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::Text(Cow::Borrowed(text))
    }

    fn file(options: WriteOptions) -> String {
        let mut writer = SheetWriter::start(Vec::new(), Kind::Payments, options).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        writer
            .row(&[
                (Column::Reference, text("=1+1; \"x\", y")),
                (Column::City, text("Århus")),
                (Column::ReceivedOn, Value::Date(day)),
                (
                    Column::Amount,
                    Value::Decimal {
                        units: -530,
                        scale: 2,
                    },
                ),
                (Column::Allocated, Value::Integer(-7)),
                (Column::Unallocated, Value::Empty),
                (Column::Country, text("  ")),
            ])
            .unwrap();
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn texts_are_guarded_and_numbers_are_not() {
        assert_eq!(
            file(WriteOptions::default()),
            "id,city,country,received_on,currency,amount,allocated,unallocated,reference\r\n\
             ,Århus,,2026-03-05,,-5.30,-7,,\"'=1+1; \"\"x\"\", y\"\r\n"
        );
    }

    #[test]
    fn the_semicolon_brings_a_decimal_comma_and_the_mark_comes_first() {
        let options = WriteOptions {
            delimiter: Delimiter::Semicolon,
            byte_order_mark: ByteOrderMark::With,
        };
        assert_eq!(
            file(options),
            "\u{feff}id;city;country;received_on;currency;amount;allocated;unallocated;reference\r\n\
             ;Århus;;2026-03-05;;-5,30;-7;;\"'=1+1; \"\"x\"\", y\"\r\n"
        );
    }

    #[test]
    fn rows_that_would_not_come_back_are_refused() {
        let mut writer =
            SheetWriter::start(Vec::new(), Kind::Experts, WriteOptions::default()).unwrap();
        let entries = ["da|en".to_owned()];
        assert!(matches!(
            writer.row(&[(Column::Languages, Value::List(&entries))]),
            Err(WriteError::Entry {
                column: Column::Languages
            })
        ));
        assert!(matches!(
            writer.row(&[(Column::Total, Value::Integer(1))]),
            Err(WriteError::NotAColumn {
                column: Column::Total,
                ..
            })
        ));
        assert!(matches!(
            writer.row(&[(Column::Name, text("a")), (Column::Name, text("b"))]),
            Err(WriteError::ColumnTwice {
                column: Column::Name
            })
        ));
        let written = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(written.lines().count(), 1);
    }
}
