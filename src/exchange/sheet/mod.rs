//! Spreadsheets in and out: bytes to rows of checked cells, and values to CSV.
//! Not which records the rows become (that is the import of each kind), and no reading of XLSX.
//!
//! `encoding` finds the text in the bytes, `dialect` the delimiter and decimal sign, `quotes` what is
//! broken in the quoting, `header` the columns, `read` puts them together. A `row` is asked for its
//! cells; `cell` turns them into values with the help of `number`, `date` and `country`. `write` is
//! the way out and `guard` the one thing both ways must agree on. Nothing here knows a database.

mod cell;
mod country;
mod date;
mod dialect;
mod encoding;
mod guard;
mod header;
mod lines;
mod number;
mod problem;
mod quotes;
mod read;
mod row;
mod write;
mod xlsx;

#[cfg(test)]
mod round_trip;

pub use cell::Field;
pub use date::BUSINESS_YEARS;
pub use dialect::{DecimalSign, Delimiter};
pub use encoding::Encoding;
pub use problem::{Problem, ProblemCode};
pub use read::{MAX_BYTES, MAX_ROWS, ReadOptions, Sheet, read};
pub use row::{Cell, Row};
pub use write::{ByteOrderMark, SheetWriter, Value, WriteError, WriteOptions};
pub use xlsx::XlsxWriter;
