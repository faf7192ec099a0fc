//! What did not reach its buyer: for the work list, and for reminders, which pause on it. What it is
//! not: the work list itself.

use std::collections::HashSet;

use diesel::sql_types::{Bool, Text};
use uuid::Uuid;

use crate::db::Db;
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::Sql;
use crate::finance::deliveries::model::{Delivery, DeliveryState};
use crate::finance::deliveries::store;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, InvoiceId};
use crate::kernel::instant::Instant;
use crate::kernel::sql_types::{Stamp, Uid};

/// A document that was turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The invoice or credit note.
    pub document: Uuid,
    /// Whose document it is.
    pub city: CityId,
    /// Since when.
    pub since: Instant,
    /// Its number.
    pub number: String,
    /// Whether it is a credit note.
    pub is_credit_note: bool,
}

/// Which of these invoices are on their way still, or were turned away: their buyers have got no demand.
/// One that was never sent from here was handed over otherwise.
///
/// # Errors
/// What the database says.
pub fn undelivered(db: &mut Db, invoices: &[InvoiceId]) -> Result<HashSet<InvoiceId>> {
    let missing = |delivery: &Delivery| {
        matches!(
            delivery.state,
            DeliveryState::Queued | DeliveryState::Rejected
        )
    };
    let known = store::of_invoices(db, invoices)?;
    let without = known.into_iter().filter(|(_, delivery)| missing(delivery));
    Ok(without.map(|(invoice, _)| invoice).collect())
}

/// The documents that were turned away and that somebody has to look after: a part of them, by the time
/// of the rejection.
///
/// # Errors
/// What the database says.
pub fn rejected(db: &mut Db, part: &Part) -> Result<Vec<Rejected>> {
    type Row = (Uid, Uid, Stamp, Text, Bool);

    let rows = merged::load::<Row, (Uuid, CityId, Instant, String, bool)>(db, candidates(), part)?;
    let read = |(document, city, since, number, is_credit_note)| Rejected {
        document,
        city,
        since,
        number,
        is_credit_note,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many such documents there are, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_rejected(db: &mut Db, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, candidates(), cities)
}

/// An invoice that is settled or taken back as a whole asks for nothing any more.
fn candidates() -> Candidates {
    Candidates(Sql::new(
        "SELECT COALESCE(deliveries.invoice_id, deliveries.credit_note_id) AS id, deliveries.city_id, \
         deliveries.updated_at AS since, deliveries.number, deliveries.invoice_id IS NULL AS is_credit_note \
         FROM deliveries WHERE deliveries.state = 'REJECTED' \
         AND NOT EXISTS (SELECT 1 FROM invoices WHERE invoices.id = deliveries.invoice_id \
         AND invoices.status IN ('PAID', 'CREDITED', 'WRITTEN_OFF'))",
    ))
}
