//! The queries of what is given back of fees. What it is not: which days are left of an invoice; that is
//! known with the invoices.

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::fee_refunds::model::FeeRefund;
use crate::finance::invoices::Invoice;
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, InvoiceId};
use crate::on_backend;
use crate::schema::{fee_refunds, invoices};

type InvoiceType = diesel::dsl::SqlTypeOf<<invoices::table as Table>::AllColumns>;

/// The fee invoices that charge days after the end of their membership, the oldest first.
pub(super) fn charged_past_the_end(db: &mut Db) -> Result<Vec<Invoice>> {
    Ok(Sql::new("SELECT invoices.* FROM invoices JOIN memberships ON memberships.id = invoices.membership_id")
        .text(" WHERE invoices.kind = 'ANNUAL_FEE' AND invoices.status NOT IN ('DRAFT', 'CREDITED') AND memberships.ends_on IS NOT NULL")
        .text(" AND EXISTS (SELECT 1 FROM invoice_lines WHERE invoice_lines.invoice_id = invoices.id")
        .text(" AND invoice_lines.net_minor > invoice_lines.credited_minor AND invoice_lines.period_until > memberships.ends_on)")
        .text(" ORDER BY invoices.issued_on, invoices.id")
        .load::<InvoiceType, Invoice>(db)?)
}

/// Whether a credit note that gives days of the invoice back waits for a second person.
pub(super) fn is_proposed(db: &mut Db, invoice: InvoiceId) -> Result<bool> {
    let found = Sql::new("SELECT count(*) FROM credit_notes JOIN fee_refunds ON fee_refunds.credit_note_id = credit_notes.id WHERE credit_notes.status = 'PROPOSED' AND credit_notes.invoice_id = ")
        .bind_uid(invoice.uuid())
        .number(db)?;
    Ok(found > 0)
}

/// Stores the days that a credit note gives back.
pub(super) fn insert(tx: &mut Tx<'_>, refunds: &[FeeRefund]) -> Result<()> {
    on_backend!(&mut *tx.db, connection => diesel::insert_into(fee_refunds::table).values(refunds).execute(connection))?;
    Ok(())
}
