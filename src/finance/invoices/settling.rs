//! What payments, credit notes and write-offs do to an issued invoice. What it is not: these themselves.

use chrono::NaiveDate;

use crate::db::Tx;
use crate::finance::invoices::model::{Invoice, InvoiceStatus};
use crate::finance::invoices::totals::Shifts;
use crate::finance::invoices::{open_amounts, rules, store};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::InvoiceLineId;

/// Counts more of a payment to an issued invoice whose row is locked, or less when the amount is below
/// zero, and tells how the sums move. The allocation is stored already.
///
/// # Errors
/// What the database says; a fault when the amount does not fit.
pub fn settle(tx: &mut Tx<'_>, invoice: &Invoice, minor: i64, shifts: &mut Shifts) -> Result<()> {
    let allocated_minor = invoice
        .allocated_minor
        .checked_add(minor)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("more allocated than fits")))?;
    let unpaid = if minor < 0 {
        open_amounts::status_before_money(tx.db, invoice.id)?
    } else {
        invoice.status
    };
    let status = rules::settled(
        unpaid,
        invoice.total_minor,
        invoice.credited_minor,
        allocated_minor,
        invoice.written_off_minor,
    );
    let settled_on = settled_day(tx, invoice, status)?;
    let settled = Invoice {
        status,
        allocated_minor,
        settled_on,
        updated_at: tx.now,
        version: invoice.version.saturating_add(1),
        ..invoice.clone()
    };
    store::update_settlement(tx, &settled)?;
    shifts.note(Some(invoice), Some(&settled))
}

/// Counts a write-off to an issued invoice whose row is locked, or takes one back when the amount is
/// below zero, and tells how the sums move. The write-off is stored already; `found` is where the invoice
/// stood before the one that is taken back.
///
/// # Errors
/// What the database says; a fault when the amount does not fit.
pub fn write_off(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    minor: i64,
    found: Option<InvoiceStatus>,
    shifts: &mut Shifts,
) -> Result<()> {
    let written_off_minor = invoice
        .written_off_minor
        .checked_add(minor)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("more written off than fits")))?;
    let before = match found {
        None => invoice.status,
        Some(found @ (InvoiceStatus::Issued | InvoiceStatus::Sent)) => found,
        Some(_) => open_amounts::status_before_money(tx.db, invoice.id)?,
    };
    let status = rules::settled(
        before,
        invoice.total_minor,
        invoice.credited_minor,
        invoice.allocated_minor,
        written_off_minor,
    );
    let settled_on = settled_day(tx, invoice, status)?;
    let after = Invoice {
        status,
        written_off_minor,
        settled_on,
        updated_at: tx.now,
        version: invoice.version.saturating_add(1),
        ..invoice.clone()
    };
    store::update_settlement(tx, &after)?;
    shifts.note(Some(invoice), Some(&after))
}

/// The day from which nothing is open; none while something is.
fn settled_day(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    status: InvoiceStatus,
) -> Result<Option<NaiveDate>> {
    if status.is_open() {
        return Ok(None);
    }
    open_amounts::latest_settlement(tx.db, invoice.id)
}

/// What a credit note takes back of an invoice.
#[derive(Debug, Clone, Copy)]
pub struct Credit<'a> {
    /// How much of which lines, without tax.
    pub lines: &'a [(InvoiceLineId, i64)],
    /// The sum with tax.
    pub total_minor: i64,
    /// How much of the allocated money is given back to its payments.
    pub released_minor: i64,
    /// The date of the credit note.
    pub issued_on: NaiveDate,
}

/// Counts a credit note to an issued invoice whose row is locked, and tells how the sums move. The
/// entries that give money back are stored already.
///
/// # Errors
/// What the database says, which refuses more than the invoice has; a fault when an amount does not
/// fit.
pub fn credit(
    tx: &mut Tx<'_>,
    invoice: &Invoice,
    credit: Credit<'_>,
    shifts: &mut Shifts,
) -> Result<Invoice> {
    for (line, minor) in credit.lines {
        store::credit_line(tx, *line, *minor)?;
    }
    let too_much = || Error::Internal(anyhow::anyhow!("more credited than fits"));
    let credited_minor = invoice
        .credited_minor
        .checked_add(credit.total_minor)
        .ok_or_else(too_much)?;
    let allocated_minor = invoice
        .allocated_minor
        .checked_sub(credit.released_minor)
        .ok_or_else(too_much)?;
    let (status, total) = (invoice.status, invoice.total_minor);
    let status = rules::settled(
        status,
        total,
        credited_minor,
        allocated_minor,
        invoice.written_off_minor,
    );
    let credited = Invoice {
        status,
        allocated_minor,
        credited_minor,
        // What was settled before the credit stays settled since then.
        settled_on: (!status.is_open()).then_some(invoice.settled_on.unwrap_or(credit.issued_on)),
        updated_at: tx.now,
        version: invoice.version.saturating_add(1),
        ..invoice.clone()
    };
    store::update_settlement(tx, &credited)?;
    shifts.note(Some(invoice), Some(&credited))?;
    Ok(credited)
}
