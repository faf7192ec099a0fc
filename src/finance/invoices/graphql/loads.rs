//! What invoices show, for many of them at once, to those who may see it. What it is not: the fields.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::finance::invoices::{self, Invoice, InvoiceLine, InvoiceParties, InvoiceStatus};
use crate::kernel::error::Result;
use crate::kernel::ids::InvoiceId;

/// Whether the viewer may know of an invoice: finance and the auditors of all, a city of its own
/// once they are issued.
#[must_use]
pub fn visible(invoice: &Invoice, viewer: &Viewer) -> bool {
    match viewer.scope(Permission::SeeFinance) {
        Scope::All => true,
        own @ Scope::Own { .. } => {
            own.has_city(invoice.city_id) && invoice.status != InvoiceStatus::Draft
        }
    }
}

/// Loads invoices that the viewer may see.
#[derive(Debug)]
pub struct InvoiceById;

impl Load for InvoiceById {
    type Key = InvoiceId;
    type Value = Arc<Invoice>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        Ok(invoices::find_many(db, keys)?
            .into_iter()
            .filter(|invoice| visible(invoice, &operation.viewer))
            .map(|invoice| (invoice.id, Arc::new(invoice)))
            .collect())
    }
}

/// Loads the lines of invoices.
#[derive(Debug)]
pub(super) struct LinesOfInvoice;

impl Load for LinesOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<InvoiceLine>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        Ok(invoices::lines_of_many(db, keys)?
            .into_iter()
            .map(|(invoice, lines)| (invoice, Arc::new(lines)))
            .collect())
    }
}

/// Loads both sides of issued invoices.
#[derive(Debug)]
pub(super) struct PartiesOfInvoice;

impl Load for PartiesOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<InvoiceParties>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        Ok(invoices::parties_of_many(db, keys)?
            .into_iter()
            .map(|(invoice, parties)| (invoice, Arc::new(parties)))
            .collect())
    }
}

/// Loads what was credited of invoices and allocated to them up to and with a day.
#[derive(Debug)]
struct SettledUntil;

impl Load for SettledUntil {
    type Key = (InvoiceId, NaiveDate);
    type Value = i64;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[Self::Key],
    ) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut by_day: HashMap<NaiveDate, Vec<InvoiceId>> = HashMap::new();
        for (invoice, day) in keys {
            by_day.entry(*day).or_default().push(*invoice);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for (day, ids) in by_day {
            let settled = invoices::settled_until(db, &ids, day)?;
            found.extend(settled.into_iter().map(|(id, minor)| ((id, day), minor)));
        }
        Ok(found)
    }
}

/// The day that a balance is asked for when it lies in the past; today's is the one that is kept.
pub(in crate::finance) fn past(operation: &Operation, as_of: Option<Date>) -> Option<NaiveDate> {
    as_of
        .map(|date| date.0)
        .filter(|day| *day < operation.today())
}

/// What was open on an invoice at the end of a day, or now.
pub(in crate::finance) async fn open_on(
    operation: &Operation,
    invoice: &Invoice,
    day: Option<NaiveDate>,
) -> Result<Amount> {
    let Some(day) = day else {
        return stored(invoice.open_minor(), &invoice.currency);
    };
    if invoice.issued_on.is_none_or(|issued_on| issued_on > day) {
        return stored(0, &invoice.currency);
    }
    let settled = operation.load::<SettledUntil>((invoice.id, day)).await?;
    let open = invoice
        .total_minor
        .saturating_sub(settled.unwrap_or_default());
    stored(open, &invoice.currency)
}
