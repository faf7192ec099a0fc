//! An export of one kind. What it is not: what a record's cells are; that is the file of its kind.

use std::io::Write;

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::exchange::columns::{Column, Kind};
use crate::exchange::exports::{cities, finance, journal, registry};
use crate::exchange::sheet::{SheetWriter, Value, WriteError, WriteOptions, XlsxWriter};
use crate::kernel::error::{Error, Result};
use crate::registry::coordinators::Sight;

/// The cells of one record.
pub(super) type Cells<'v> = Vec<(Column, Value<'v>)>;

/// What is written, how, and as of when.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    /// What stands in a row.
    pub kind: Kind,
    /// The form of the file.
    pub format: Format,
    /// The day of whoever asks.
    pub today: NaiveDate,
    /// The first and the last day of a journal; all of it when nothing is said.
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
}

/// The form of a file.
#[derive(Debug, Clone, Copy)]
pub enum Format {
    /// Text, with delimiter and byte order mark.
    Csv(WriteOptions),
    /// A workbook of spreadsheet programs.
    Xlsx,
}

/// A file that is being written.
enum Writer<W: Write> {
    Csv(Box<SheetWriter<W>>),
    Xlsx(Box<XlsxWriter>, W),
}

impl<W: Write> Writer<W> {
    fn start(out: W, kind: Kind, format: Format) -> std::result::Result<Self, WriteError> {
        Ok(match format {
            Format::Csv(options) => Self::Csv(Box::new(SheetWriter::start(out, kind, options)?)),
            Format::Xlsx => Self::Xlsx(Box::new(XlsxWriter::start(kind)?), out),
        })
    }

    fn row(&mut self, cells: &[(Column, Value<'_>)]) -> std::result::Result<(), WriteError> {
        match self {
            Self::Csv(sheet) => sheet.row(cells),
            Self::Xlsx(sheet, _) => sheet.row(cells),
        }
    }

    fn finish(self) -> std::result::Result<W, WriteError> {
        match self {
            Self::Csv(sheet) => sheet.finish(),
            Self::Xlsx(sheet, mut out) => {
                out.write_all(&sheet.finish()?)?;
                Ok(out)
            }
        }
    }
}

/// Writes all records of a kind to `out`, some hundred at a time, and gives `out` back. In one
/// snapshot, so that the file belongs together.
///
/// # Errors
/// `Unauthenticated` or `Forbidden`; what the database says; a fault when `out` takes no more.
pub fn run<W: Write>(db: &mut Db, viewer: &Viewer, export: Export, out: W) -> Result<W> {
    let Export {
        kind,
        format,
        today,
        days,
    } = export;
    viewer.permit(match kind {
        Kind::Invoices | Kind::Payments | Kind::Journal => Permission::ExportFinance,
        _ => Permission::ExportRegistry,
    })?;

    let mut sheet = Writer::start(out, kind, format).map_err(anyhow::Error::from)?;
    let mut write =
        |cells: Cells<'_>| -> Result<()> { Ok(sheet.row(&cells).map_err(anyhow::Error::from)?) };
    match kind {
        Kind::Cities => cities::write(db, today, &mut write)?,
        Kind::Memberships => registry::memberships(db, today, &mut write)?,
        Kind::Coordinators => registry::coordinators(db, &everything(today), &mut write)?,
        Kind::Experts => registry::experts(db, &mut write)?,
        Kind::People => registry::people(db, &mut write)?,
        Kind::Partners => registry::partners(db, &mut write)?,
        Kind::OpeningItems => {
            return Err(Error::Internal(anyhow::anyhow!(
                "opening items are read only"
            )));
        }
        Kind::Invoices => finance::invoices(db, &mut write)?,
        Kind::Payments => finance::payments(db, &mut write)?,
        Kind::Journal => journal::write(db, days, &mut write)?,
    }
    Ok(sheet.finish().map_err(anyhow::Error::from)?)
}

/// Who exports the registry sees its people and their contacts.
fn everything(today: NaiveDate) -> Sight {
    Sight {
        people: Scope::All,
        contacts: Scope::All,
        today,
    }
}
