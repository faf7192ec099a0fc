//! Imports come one after the other, and each holds the cities that it touches, by whatever its rows
//! mean them, in the order of their ids. An import touches any number of records in the order of its
//! file: two of them at once, or one and somebody who needs two cities, would wait for each other in a
//! circle. What it is not: the locks of a single record; those are taken by whoever changes it.

use std::collections::BTreeSet;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::exchange::columns::{Column, Kind};
use crate::exchange::imports::cities::mark;
use crate::exchange::imports::fields::{id, required_line};
use crate::exchange::sheet::{Cell, Sheet};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AppointmentId, CityId};
use crate::registry::cities::{self, Marks};
use crate::registry::coordinators;

/// Any number that no other advisory lock of the service has.
const IMPORTS: i64 = 0x696d_706f;

/// How often an import looks for its cities anew because others rename them meanwhile.
const TRIES: u32 = 5;

/// What the rows of a file touch cities by.
#[derive(Debug, Default)]
struct Touched {
    /// What the cities that rows name are known by.
    marks: Marks,
    /// Appointments that rows name: one may be taken from the city where it is.
    appointments: Vec<AppointmentId>,
}

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
    hold(tx, &touched(kind, sheet))
}

fn touched(kind: Kind, sheet: &Sheet) -> Touched {
    let mut touched = Touched::default();
    // What is wrong with a row is told when it is taken over.
    let problems = &mut Vec::new();
    for row in &sheet.rows {
        match kind {
            Kind::Cities => mark(row, &mut touched.marks),
            Kind::Memberships | Kind::Coordinators | Kind::OpeningItems => {
                if let Cell::Text(_) = row.cell(Column::City) {
                    let name = required_line(row, Column::City, problems);
                    touched.marks.names.push(name);
                }
                if kind == Kind::Coordinators {
                    touched
                        .appointments
                        .extend(id::<AppointmentId>(row, Column::Id, problems));
                }
            }
            // Rows of the other kinds name cities, but leave them as they are.
            Kind::Experts
            | Kind::People
            | Kind::Partners
            | Kind::Invoices
            | Kind::Payments
            | Kind::Journal => {}
        }
    }
    touched
}

/// Locks the cities in the order of their ids. While a lock was awaited a mark may have passed to
/// another city, whose lock might come out of order now: then all are let go and looked for anew.
fn hold(tx: &mut Tx<'_>, touched: &Touched) -> Result<()> {
    if touched.marks.is_empty() && touched.appointments.is_empty() {
        return Ok(());
    }
    for _ in 0..TRIES {
        let found = cities_of(tx.db, touched)?;
        let mut passed_on = false;
        let held = tx.attempt(|tx| {
            cities::hold(tx, &found)?;
            passed_on = !cities_of(tx.db, touched)?.is_subset(&found);
            // An error takes the savepoint back, and the locks with it.
            if passed_on { Err(changing()) } else { Ok(()) }
        });
        if !passed_on {
            return held;
        }
    }
    Err(changing())
}

fn cities_of(db: &mut Db, touched: &Touched) -> Result<BTreeSet<CityId>> {
    let mut found = cities::meant(db, &touched.marks)?;
    found.extend(coordinators::cities_of(db, &touched.appointments)?);
    Ok(found)
}

fn changing() -> Error {
    Error::Unavailable("the cities of the file are being changed by others".to_owned())
}
