//! The queries of revenue over time. What it is not: the ledger's.

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::Tx;
use crate::finance::revenue::model::RevenueSchedule;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, InvoiceLineId};
use crate::on_backend;
use crate::schema::revenue_schedules;

/// How many rows go into one statement.
const ROWS: usize = 500;

/// Locks the line's row until the transaction ends; none when the line is not earned over time.
pub(super) fn lock(tx: &mut Tx<'_>, line: InvoiceLineId) -> Result<Option<RevenueSchedule>> {
    tx.lock_row(
        "SELECT 1 FROM revenue_schedules WHERE line_id = ",
        line.uuid(),
    )?;
    Ok(revenue_schedules::table
        .find(line)
        .first(tx.db)
        .optional()?)
}

/// Stores new lines.
pub(super) fn insert(tx: &mut Tx<'_>, schedules: &[RevenueSchedule]) -> Result<()> {
    for part in schedules.chunks(ROWS) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(revenue_schedules::table).values(part).execute(connection))?;
    }
    Ok(())
}

/// Stores lines as they now are. The rows are there and locked.
pub(super) fn update(tx: &mut Tx<'_>, schedules: &[RevenueSchedule]) -> Result<()> {
    use revenue_schedules::{
        amount_minor, is_done, recognised_minor, recognised_through, updated_at,
    };
    for part in schedules.chunks(ROWS) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(revenue_schedules::table)
            .values(part)
            .on_conflict(revenue_schedules::line_id)
            .do_update()
            .set((
                amount_minor.eq(excluded(amount_minor)),
                recognised_minor.eq(excluded(recognised_minor)),
                recognised_through.eq(excluded(recognised_through)),
                is_done.eq(excluded(is_done)),
                updated_at.eq(excluded(updated_at)),
            ))
            .execute(connection))?;
    }
    Ok(())
}
