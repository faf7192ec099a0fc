//! An export of one kind. What it is not: what a record's cells are; that is the file of its kind.

use std::io::Write;

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::exchange::columns::{Column, Kind};
use crate::exchange::exports::{cities, finance, registry};
use crate::exchange::sheet::{SheetWriter, Value, WriteOptions};
use crate::kernel::error::Result;
use crate::registry::coordinators::Sight;

/// The cells of one record.
pub(super) type Cells<'v> = Vec<(Column, Value<'v>)>;

/// What is written, how, and as of when.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    /// What stands in a row.
    pub kind: Kind,
    /// Delimiter and byte order mark.
    pub options: WriteOptions,
    /// The day of whoever asks.
    pub today: NaiveDate,
}

/// Writes all records of a kind as CSV to `out`, some hundred at a time, and gives `out` back. In one
/// snapshot, so that the file belongs together.
///
/// # Errors
/// `Unauthenticated` or `Forbidden`; what the database says; a fault when `out` takes no more.
pub fn run<W: Write>(db: &mut Db, viewer: &Viewer, export: Export, out: W) -> Result<W> {
    let Export {
        kind,
        options,
        today,
    } = export;
    viewer.permit(match kind {
        Kind::Invoices | Kind::Payments => Permission::ExportFinance,
        _ => Permission::ExportRegistry,
    })?;

    let mut sheet = SheetWriter::start(out, kind, options).map_err(anyhow::Error::from)?;
    let mut write =
        |cells: Cells<'_>| -> Result<()> { Ok(sheet.row(&cells).map_err(anyhow::Error::from)?) };
    match kind {
        Kind::Cities => cities::write(db, today, &mut write)?,
        Kind::Memberships => registry::memberships(db, today, &mut write)?,
        Kind::Coordinators => registry::coordinators(db, &everything(today), &mut write)?,
        Kind::Experts => registry::experts(db, &mut write)?,
        Kind::People => registry::people(db, &mut write)?,
        Kind::Partners => registry::partners(db, &mut write)?,
        Kind::Invoices => finance::invoices(db, &mut write)?,
        Kind::Payments => finance::payments(db, &mut write)?,
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
