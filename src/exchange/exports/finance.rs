//! Invoices and payments as rows, for finance's own spreadsheets. What it is not: importable;
//! invoices are issued and payments recorded.

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::exchange::columns::Column;
use crate::exchange::exports::cells::{Places, amount, date, id, text, word};
use crate::exchange::exports::pages::every;
use crate::exchange::exports::run::Cells;
use crate::exchange::sheet::Value;
use crate::finance::invoices::{self, InvoiceFilter, InvoiceParties, Party};
use crate::finance::payments::{self, PaymentFilter};
use crate::kernel::error::Result;

/// Writes every invoice.
pub(super) fn invoices(db: &mut Db, out: &mut impl FnMut(Cells<'_>) -> Result<()>) -> Result<()> {
    let filter = InvoiceFilter::default();
    let list = |db: &mut Db, page: &_| invoices::list(db, &Scope::All, &filter, &[], page);
    every(db, &invoices::order(&[]), list, |db, rows| {
        let places = Places::of(db, rows.iter().map(|row| Some(row.city_id)))?;
        let keys: Vec<_> = rows.iter().map(|row| row.id).collect();
        let parties = invoices::parties_of_many(db, &keys)?;
        for row in rows {
            let order_reference = order_reference(parties.get(&row.id))?;
            let mut cells = vec![
                (Column::Id, id(row.id)),
                (Column::Number, text(row.number.as_ref())),
                (Column::Kind, word(row.kind.as_str())),
                (Column::Status, word(row.status.as_str())),
                (Column::IssuedOn, date(row.issued_on)),
                (Column::DueOn, date(row.due_on)),
                (Column::Currency, text(Some(&row.currency))),
                (Column::Total, amount(row.total_minor, &row.currency)),
                (Column::Credited, amount(row.credited_minor, &row.currency)),
                (Column::OpenAmount, amount(row.open_minor(), &row.currency)),
                (Column::OrderReference, text(order_reference.as_ref())),
            ];
            cells.extend(places.cells(Some(row.city_id), (Column::City, Column::Country)));
            out(cells)?;
        }
        Ok(())
    })
}

/// What the buyer wanted to read on an invoice; a draft says nothing yet.
fn order_reference(parties: Option<&InvoiceParties>) -> Result<Option<String>> {
    let buyer: Option<Party> = parties.map(|parties| parties.buyer.read()).transpose()?;
    Ok(buyer.and_then(|buyer| buyer.order_reference))
}

/// Writes every payment.
pub(super) fn payments(db: &mut Db, out: &mut impl FnMut(Cells<'_>) -> Result<()>) -> Result<()> {
    let filter = PaymentFilter::default();
    let list = |db: &mut Db, page: &_| payments::list(db, &Scope::All, &filter, &[], page);
    every(db, &payments::order(&[]), list, |db, rows| {
        let places = Places::of(db, rows.iter().map(|row| Some(row.city_id)))?;
        for row in rows {
            let mut cells = vec![
                (Column::Id, id(row.id)),
                (Column::ReceivedOn, Value::Date(row.received_on)),
                (Column::Currency, text(Some(&row.currency))),
                (Column::Amount, amount(row.amount_minor, &row.currency)),
                (
                    Column::Allocated,
                    amount(row.allocated_minor, &row.currency),
                ),
                (
                    Column::Unallocated,
                    amount(row.unallocated_minor(), &row.currency),
                ),
                (Column::Reference, text(row.reference.as_ref())),
            ];
            cells.extend(places.cells(Some(row.city_id), (Column::City, Column::Country)));
            out(cells)?;
        }
        Ok(())
    })
}
