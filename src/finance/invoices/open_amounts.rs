//! What is open on invoices: total − credited − allocated − written off, now and at the end of any day.
//! The one place where SQL says so; [`Invoice::open_minor`](super::Invoice::open_minor) says it in Rust.
//! What it is not: who may read it.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use uuid::Uuid;

use crate::db::Db;
use crate::db::sql::Sql;
use crate::finance::invoices::model::InvoiceStatus;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, InvoiceId, SellerId};
use crate::kernel::sql_types::Uid;

/// What is open on a row of `invoices` now.
pub(super) const OPEN: &str = "CASE WHEN invoices.status IN ('ISSUED', 'SENT', 'PARTLY_PAID') THEN invoices.total_minor - invoices.credited_minor - invoices.allocated_minor - invoices.written_off_minor ELSE 0 END";

/// What was open on a row of `invoices` that was issued by then, at the end of a day: by the days from
/// which its allocations, credit notes and write-offs count.
pub(super) fn open_on(day: NaiveDate) -> Sql {
    Sql::new("(invoices.total_minor - COALESCE((SELECT SUM(amount_minor) FROM allocations WHERE invoice_id = invoices.id AND allocated_on <= ")
        .bind_date(day)
        .text("), 0) - COALESCE((SELECT SUM(total_minor) FROM credit_notes WHERE invoice_id = invoices.id AND issued_on <= ")
        .bind_date(day)
        .text("), 0) - COALESCE((SELECT SUM(amount_minor) FROM write_offs WHERE invoice_id = invoices.id AND written_on <= ")
        .bind_date(day)
        .text("), 0))")
}

/// How much of each invoice was allocated, credited or written off by the end of a day, in minor units.
///
/// # Errors
/// What the database says.
pub fn settled_until(
    db: &mut Db,
    ids: &[InvoiceId],
    day: NaiveDate,
) -> Result<HashMap<InvoiceId, i64>> {
    let keys: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let found = Sql::new("SELECT invoice_id, CAST(SUM(minor) AS BIGINT) FROM (")
        .text("SELECT invoice_id, amount_minor AS minor FROM allocations WHERE allocated_on <= ")
        .bind_date(day)
        .text(" AND invoice_id")
        .in_uids(keys.clone())
        .text(" UNION ALL SELECT invoice_id, total_minor FROM credit_notes WHERE issued_on <= ")
        .bind_date(day)
        .text(" AND invoice_id")
        .in_uids(keys.clone())
        .text(" UNION ALL SELECT invoice_id, amount_minor FROM write_offs WHERE written_on <= ")
        .bind_date(day)
        .text(" AND invoice_id")
        .in_uids(keys)
        .text(") AS settled GROUP BY invoice_id")
        .load::<(Uid, BigInt), (Uuid, i64)>(db)?;
    Ok(found
        .into_iter()
        .map(|(id, minor)| (InvoiceId::of(id), minor))
        .collect())
}

/// Everything that lessened what is owed on these invoices, or gave it back: each allocation, credit
/// note and write-off with the day from which it counts, in minor units.
///
/// # Errors
/// What the database says.
pub fn settlements_of_many(
    db: &mut Db,
    ids: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<(NaiveDate, i64)>>> {
    let keys: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let found = Sql::new("SELECT invoice_id, allocated_on, amount_minor FROM allocations WHERE invoice_id")
        .in_uids(keys.clone())
        .text(" UNION ALL SELECT invoice_id, issued_on, total_minor FROM credit_notes WHERE issued_on IS NOT NULL AND invoice_id")
        .in_uids(keys.clone())
        .text(" UNION ALL SELECT invoice_id, written_on, amount_minor FROM write_offs WHERE written_on IS NOT NULL AND invoice_id")
        .in_uids(keys)
        .load::<(Uid, Date, BigInt), (InvoiceId, NaiveDate, i64)>(db)?;
    let mut settlements: HashMap<InvoiceId, Vec<(NaiveDate, i64)>> = HashMap::new();
    for (id, day, minor) in found {
        settlements.entry(id).or_default().push((day, minor));
    }
    Ok(settlements)
}

/// What each city still has to pay in a currency, now or at the end of a day, in minor units; cities
/// that never had an invoice are missing.
///
/// # Errors
/// What the database says.
pub fn open_of_cities(
    db: &mut Db,
    cities: &[CityId],
    currency: &str,
    until: Option<NaiveDate>,
) -> Result<HashMap<CityId, i64>> {
    let sum = Sql::new("SELECT invoices.city_id, CAST(SUM(");
    let sum = match until {
        None => sum.text(OPEN).text(") AS BIGINT) FROM invoices WHERE invoices.status IN ('ISSUED', 'SENT', 'PARTLY_PAID')"),
        Some(day) => sum
            .append(open_on(day))
            .text(") AS BIGINT) FROM invoices WHERE invoices.status <> 'DRAFT' AND invoices.issued_on <= ")
            .bind_date(day),
    };
    // What a funder is invoiced for, the city does not owe.
    let found = sum
        .text(" AND invoices.grant_id IS NULL AND invoices.currency = ")
        .bind_text(currency)
        .text(" AND invoices.city_id")
        .in_uids(cities.iter().map(|city| city.uuid()).collect())
        .text(" GROUP BY invoices.city_id")
        .load::<(Uid, BigInt), (Uuid, i64)>(db)?;
    Ok(found
        .into_iter()
        .map(|(id, minor)| (CityId::of(id), minor))
        .collect())
}

/// The latest day from which money, a credit note or a write-off counts to an invoice.
pub(super) fn latest_settlement(db: &mut Db, id: InvoiceId) -> Result<Option<NaiveDate>> {
    let found = Sql::new("SELECT allocated_on AS settled_on FROM allocations WHERE invoice_id = ")
        .bind_uid(id.uuid())
        .text(" UNION ALL SELECT issued_on FROM credit_notes WHERE issued_on IS NOT NULL AND invoice_id = ")
        .bind_uid(id.uuid())
        .text(" UNION ALL SELECT written_on FROM write_offs WHERE written_on IS NOT NULL AND invoice_id = ")
        .bind_uid(id.uuid())
        .text(" ORDER BY settled_on DESC LIMIT 1")
        .load::<Date, NaiveDate>(db)?;
    Ok(found.first().copied())
}

/// The last day on which money was taken off an invoice again, or a write-off taken back; a use that was
/// undone never counted.
///
/// # Errors
/// What the database says.
pub fn reopened_on(db: &mut Db, id: InvoiceId) -> Result<Option<NaiveDate>> {
    let found = Sql::new("SELECT allocated_on AS reopened_on FROM allocations WHERE amount_minor < 0 AND released_id IS NULL AND invoice_id = ")
        .bind_uid(id.uuid())
        .text(" UNION ALL SELECT written_on FROM write_offs WHERE amount_minor < 0 AND invoice_id = ")
        .bind_uid(id.uuid())
        .text(" ORDER BY reopened_on DESC LIMIT 1")
        .load::<Date, NaiveDate>(db)?;
    Ok(found.first().copied())
}

/// Where an invoice that has, or had, money stood before the first of it.
pub(super) fn status_before_money(db: &mut Db, id: InvoiceId) -> Result<InvoiceStatus> {
    let found = Sql::new("SELECT found_status FROM allocations WHERE found_status IN ('ISSUED', 'SENT') AND invoice_id = ")
        .bind_uid(id.uuid())
        .text(" ORDER BY id DESC LIMIT 1")
        .load::<Text, InvoiceStatus>(db)?;
    found
        .first()
        .copied()
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("money is taken off that never came")))
}

/// An invoice that something is open on, as money is matched with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// The invoice.
    pub id: InvoiceId,
    /// Who owes it.
    pub city: CityId,
    /// Its number.
    pub number: String,
    /// What is open, in minor units.
    pub open_minor: i64,
    /// The last day to pay.
    pub due_on: Option<NaiveDate>,
}

/// Every invoice of a seller in a currency that something is open on.
///
/// # Errors
/// What the database says.
pub fn open_of_seller(db: &mut Db, seller: SellerId, currency: &str) -> Result<Vec<OpenItem>> {
    type Row = (Uid, Uid, Text, BigInt, Nullable<Date>);
    let found = Sql::new("SELECT invoices.id, invoices.city_id, invoices.number, CAST(")
        .text(OPEN)
        .text(" AS BIGINT), invoices.due_on FROM invoices WHERE invoices.status IN ('ISSUED', 'SENT', 'PARTLY_PAID') AND invoices.seller_id = ")
        .bind_uid(seller.uuid())
        .text(" AND invoices.currency = ")
        .bind_text(currency)
        .load::<Row, (InvoiceId, CityId, String, i64, Option<NaiveDate>)>(db)?;
    Ok(found
        .into_iter()
        .map(|(id, city, number, open_minor, due_on)| OpenItem {
            id,
            city,
            number,
            open_minor,
            due_on,
        })
        .collect())
}

/// Whose the issued invoices of these numbers are.
///
/// # Errors
/// What the database says.
pub fn cities_of_numbers(db: &mut Db, numbers: Vec<String>) -> Result<Vec<(String, CityId)>> {
    Ok(
        Sql::new("SELECT invoices.number, invoices.city_id FROM invoices WHERE invoices.number")
            .in_texts(numbers)
            .load::<(Text, Uid), (String, CityId)>(db)?,
    )
}
