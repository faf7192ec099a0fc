//! The queries of reminders, of runs and of late charges. What it is not: pages of lists (`lists`).

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::reminders::model::{LateCharge, Reminder, ReminderRun};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, InvoiceId, ReminderId, ReminderRunId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::sql_types::Uid;
use crate::schema::{late_charges, reminder_runs, reminders};

/// The SQL type of a reminder's row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<reminders::table as Table>::AllColumns>;
/// The SQL type of a run's row.
pub(super) type RunType = diesel::dsl::SqlTypeOf<<reminder_runs::table as Table>::AllColumns>;
type ChargeType = diesel::dsl::SqlTypeOf<<late_charges::table as Table>::AllColumns>;

const LEVEL: Unique = Unique::new("reminders_level", "reminders.invoice_id, reminders.level");
const COMPENSATED: Unique = Unique::new(
    "late_charges_compensated",
    "late_charges.overdue_invoice_id",
);

/// The reminder.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: ReminderId) -> Result<Reminder> {
    let found = reminders::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: ReminderId::KIND,
        id: id.public(),
    })
}

/// The reminders of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[ReminderId]) -> Result<Vec<Reminder>> {
    Ok(
        Sql::new("SELECT reminders.* FROM reminders WHERE reminders.id")
            .in_uids(keys(ids))
            .load::<RowType, Reminder>(db)?,
    )
}

/// The reminders of these invoices, by their levels.
///
/// # Errors
/// What the database says.
pub fn of_invoices(
    db: &mut Db,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<Reminder>>> {
    let found = Sql::new("SELECT reminders.* FROM reminders WHERE reminders.invoice_id")
        .in_uids(keys(invoices))
        .text(" ORDER BY reminders.invoice_id, reminders.level")
        .load::<RowType, Reminder>(db)?;
    let mut sent: HashMap<InvoiceId, Vec<Reminder>> = HashMap::new();
    for reminder in found {
        sent.entry(reminder.invoice_id).or_default().push(reminder);
    }
    Ok(sent)
}

/// What was charged for the lateness of these invoices, as it was charged.
///
/// # Errors
/// What the database says.
pub fn charges_of_invoices(
    db: &mut Db,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<LateCharge>>> {
    let found =
        Sql::new("SELECT late_charges.* FROM late_charges WHERE late_charges.overdue_invoice_id")
            .in_uids(keys(invoices))
            .text(" ORDER BY late_charges.overdue_invoice_id, late_charges.invoice_id")
            .load::<ChargeType, LateCharge>(db)?;
    let mut charged: HashMap<InvoiceId, Vec<LateCharge>> = HashMap::new();
    for charge in found {
        let of = charge.overdue_invoice_id;
        charged.entry(of).or_default().push(charge);
    }
    Ok(charged)
}

/// For these invoices of late charges, the invoice that was late.
///
/// # Errors
/// What the database says.
pub fn overdue_of_charges(
    db: &mut Db,
    charges: &[InvoiceId],
) -> Result<HashMap<InvoiceId, InvoiceId>> {
    let found = Sql::new("SELECT late_charges.* FROM late_charges WHERE late_charges.invoice_id")
        .in_uids(keys(charges))
        .load::<ChargeType, LateCharge>(db)?;
    Ok(found
        .into_iter()
        .map(|charge| (charge.invoice_id, charge.overdue_invoice_id))
        .collect())
}

/// Stores a reminder that was sent.
pub(super) fn insert(tx: &mut Tx<'_>, reminder: &Reminder) -> Result<()> {
    diesel::insert_into(reminders::table)
        .values(reminder)
        .execute(tx.db)
        .on_unique(LEVEL, || {
            Refusal::new(
                RefusalCode::NotInState,
                "invoiceId",
                format!(
                    "Reminder {} of this invoice was sent already.",
                    reminder.level
                ),
                format!(
                    "Rykker {} af denne faktura er allerede sendt.",
                    reminder.level
                ),
            )
        })?;
    Ok(())
}

/// Stores what was charged.
pub(super) fn insert_charge(tx: &mut Tx<'_>, charge: &LateCharge) -> Result<()> {
    diesel::insert_into(late_charges::table)
        .values(charge)
        .execute(tx.db)
        .on_unique(COMPENSATED, || {
            Refusal::new(
                RefusalCode::NotInState,
                "invoiceId",
                "The compensation for this invoice was charged already.",
                "Kompensationen for denne faktura er allerede opkrævet.",
            )
        })?;
    Ok(())
}

/// The run.
///
/// # Errors
/// `NotFound`.
pub fn get_run(db: &mut Db, id: ReminderRunId) -> Result<ReminderRun> {
    let found = reminder_runs::table.find(id).first(db).optional()?;
    found.ok_or_else(|| Error::NotFound {
        kind: ReminderRunId::KIND,
        id: id.public(),
    })
}

/// The runs of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many_runs(db: &mut Db, ids: &[ReminderRunId]) -> Result<Vec<ReminderRun>> {
    Ok(
        Sql::new("SELECT reminder_runs.* FROM reminder_runs WHERE reminder_runs.id")
            .in_uids(keys(ids))
            .load::<RunType, ReminderRun>(db)?,
    )
}

/// Stores a run that begins.
pub(super) fn insert_run(tx: &mut Tx<'_>, run: &ReminderRun) -> Result<()> {
    diesel::insert_into(reminder_runs::table)
        .values(run)
        .execute(tx.db)?;
    Ok(())
}

/// Stores the run as it now is.
pub(super) fn update_run(tx: &mut Tx<'_>, run: &ReminderRun) -> Result<()> {
    let rows = diesel::update(reminder_runs::table.find(run.id))
        .set(run)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// How many reminders a run has sent.
pub(super) fn count_of_run(db: &mut Db, run: ReminderRunId) -> Result<i64> {
    Ok(reminders::table
        .filter(reminders::run_id.eq(run))
        .count()
        .get_result(db)?)
}

/// The open invoices that were due before a day, city by city; those that charge for lateness are none.
pub(super) fn overdue(db: &mut Db, on: NaiveDate) -> Result<Vec<(InvoiceId, CityId)>> {
    Ok(Sql::new("SELECT invoices.id, invoices.city_id FROM invoices")
        .text(" WHERE invoices.status IN ('ISSUED', 'SENT', 'PARTLY_PAID') AND invoices.kind <> 'LATE_CHARGES'")
        .text(" AND invoices.due_on < ")
        .bind_date(on)
        .text(" ORDER BY invoices.city_id, invoices.id")
        .load::<(Uid, Uid), (InvoiceId, CityId)>(db)?)
}

fn keys<I: Id>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
