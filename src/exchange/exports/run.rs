//! An export of one kind. What it is not: what a record's cells are; that is the file of its kind.

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::exchange::columns::{Column, Kind};
use crate::exchange::exports::cities;
use crate::exchange::sheet::{SheetWriter, Value, WriteOptions};
use crate::kernel::error::{Error, Result};

/// The cells of one record.
pub(super) type Cells<'v> = Vec<(Column, Value<'v>)>;

/// Writes all records of a kind as CSV.
///
/// # Errors
/// `Unauthenticated` or `Forbidden`; what the database says.
pub fn run(db: &mut Db, viewer: &Viewer, kind: Kind, options: WriteOptions) -> Result<Vec<u8>> {
    viewer.permit(match kind {
        Kind::Invoices | Kind::Payments => Permission::ExportFinance,
        _ => Permission::ExportRegistry,
    })?;

    let mut sheet = SheetWriter::start(Vec::new(), kind, options).map_err(anyhow::Error::from)?;
    let mut write =
        |cells: Cells<'_>| -> Result<()> { Ok(sheet.row(&cells).map_err(anyhow::Error::from)?) };
    match kind {
        Kind::Cities => cities::write(db, &mut write)?,
        _ => {
            return Err(Error::Internal(anyhow::anyhow!(
                "{} cannot be exported",
                kind.as_str()
            )));
        }
    }
    Ok(sheet.finish().map_err(anyhow::Error::from)?)
}
