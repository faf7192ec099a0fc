//! Imports come one after the other, and each holds the cities it names in the order of their ids. An
//! import touches any number of records in the order of its file: two of them at once, or one and
//! somebody who needs two cities, would wait for each other in a circle. What it is not: the locks of
//! a single record; those are taken by whoever changes it.

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::exchange::columns::{Column, Kind};
use crate::exchange::sheet::{Cell, Row, Sheet};
use crate::kernel::error::Result;
use crate::registry::cities;

/// Any number that no other advisory lock of the service has.
const IMPORTS: i64 = 0x696d_706f;

/// Waits until no other import runs, then holds what this one will change. On SQLite the transaction
/// itself is the right to write.
///
/// # Errors
/// `Unavailable` when another import does not end in time.
pub(super) fn take(tx: &mut Tx<'_>, kind: Kind, sheet: &Sheet) -> Result<()> {
    let Db::Postgres(_) = tx.db else {
        return Ok(());
    };
    // Services may live side by side in schemas of one database; such locks know no schema.
    Sql::new("SELECT pg_advisory_xact_lock((")
        .bind_int(IMPORTS)
        .text("::bigint << 32) + hashtext(current_schema()::text))")
        .execute(tx.db)?;
    let column = match kind {
        Kind::Cities => Column::Name,
        Kind::Memberships | Kind::Coordinators => Column::City,
        // Rows of the other kinds name cities, but leave them as they are.
        Kind::Experts | Kind::People | Kind::Partners | Kind::Invoices | Kind::Payments => {
            return Ok(());
        }
    };
    let name = |row: &Row| match row.cell(column) {
        Cell::Text(name) => Some(name.to_owned()),
        Cell::Absent | Cell::Leave | Cell::Clear => None,
    };
    let names: Vec<String> = sheet.rows.iter().filter_map(name).collect();
    cities::hold_named(tx, &names)
}
