//! An export of one kind. What it is not: what a record's cells are; that is the file of its kind.

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

/// Writes all records of a kind as CSV.
///
/// # Errors
/// `Unauthenticated` or `Forbidden`; what the database says.
pub fn run(
    db: &mut Db,
    viewer: &Viewer,
    kind: Kind,
    today: NaiveDate,
    options: WriteOptions,
) -> Result<Vec<u8>> {
    viewer.permit(match kind {
        Kind::Invoices | Kind::Payments => Permission::ExportFinance,
        _ => Permission::ExportRegistry,
    })?;

    let mut sheet = SheetWriter::start(Vec::new(), kind, options).map_err(anyhow::Error::from)?;
    let mut write =
        |cells: Cells<'_>| -> Result<()> { Ok(sheet.row(&cells).map_err(anyhow::Error::from)?) };
    match kind {
        Kind::Cities => cities::write(db, &mut write)?,
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
