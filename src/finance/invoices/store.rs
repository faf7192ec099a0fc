//! The queries of invoices and their lines. What it is not: pages of lists (`lists`) and the sums
//! over all invoices (`finance/totals`).

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable};
use uuid::Uuid;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::invoices::model::{Invoice, InvoiceLine, InvoiceParties};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, InvoiceId, InvoiceLineId, MembershipId, PackageId};
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::on_backend;
use crate::schema::{invoice_lines, invoice_parties, invoices};

/// The SQL type of an invoice's row.
pub(super) type RowType = diesel::dsl::SqlTypeOf<<invoices::table as Table>::AllColumns>;
type LineType = diesel::dsl::SqlTypeOf<<invoice_lines::table as Table>::AllColumns>;
type PartiesType = diesel::dsl::SqlTypeOf<<invoice_parties::table as Table>::AllColumns>;

const FEE_YEAR: Unique = Unique::new(
    "invoices_fee_year",
    "invoices.membership_id, invoices.fee_year",
);
const INSTALMENT: Unique = Unique::new(
    "invoices_instalment",
    "invoices.package_id, invoices.instalment",
);

/// The invoice, if there is one.
///
/// # Errors
/// What the database says.
pub fn find(db: &mut Db, id: InvoiceId) -> Result<Option<Invoice>> {
    Ok(invoices::table.find(id).first(db).optional()?)
}

/// The invoice.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: InvoiceId) -> Result<Invoice> {
    find(db, id)?.ok_or_else(|| Error::NotFound {
        kind: InvoiceId::KIND,
        id: id.public(),
    })
}

/// The invoices of these keys.
///
/// # Errors
/// What the database says.
pub fn find_many(db: &mut Db, ids: &[InvoiceId]) -> Result<Vec<Invoice>> {
    Ok(
        Sql::new("SELECT invoices.* FROM invoices WHERE invoices.id")
            .in_uids(keys(ids))
            .load::<RowType, Invoice>(db)?,
    )
}

/// The lines of these invoices, in their order.
///
/// # Errors
/// What the database says.
pub fn lines_of_many(
    db: &mut Db,
    ids: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Vec<InvoiceLine>>> {
    let found =
        Sql::new("SELECT invoice_lines.* FROM invoice_lines WHERE invoice_lines.invoice_id")
            .in_uids(keys(ids))
            .text(" ORDER BY invoice_lines.invoice_id, invoice_lines.position")
            .load::<LineType, InvoiceLine>(db)?;
    let mut lines: HashMap<InvoiceId, Vec<InvoiceLine>> = HashMap::new();
    for line in found {
        lines.entry(line.invoice_id).or_default().push(line);
    }
    Ok(lines)
}

/// Both sides of these invoices; drafts have none yet.
///
/// # Errors
/// What the database says.
pub fn parties_of_many(
    db: &mut Db,
    ids: &[InvoiceId],
) -> Result<HashMap<InvoiceId, InvoiceParties>> {
    let found =
        Sql::new("SELECT invoice_parties.* FROM invoice_parties WHERE invoice_parties.invoice_id")
            .in_uids(keys(ids))
            .load::<PartiesType, InvoiceParties>(db)?;
    Ok(found
        .into_iter()
        .map(|parties| (parties.invoice_id, parties))
        .collect())
}

/// Stores both sides of an invoice that is being issued.
pub(super) fn insert_parties(tx: &mut Tx<'_>, parties: &InvoiceParties) -> Result<()> {
    diesel::insert_into(invoice_parties::table)
        .values(parties)
        .execute(tx.db)?;
    Ok(())
}

/// Locks the invoice's row until the transaction ends.
///
/// # Errors
/// `NotFound`; `Unavailable` when the lock is not had in time.
pub fn lock(tx: &mut Tx<'_>, id: InvoiceId) -> Result<Invoice> {
    tx.lock_row("SELECT 1 FROM invoices WHERE id = ", id.uuid())?;
    get(tx.db, id)
}

/// A fee invoice of the city that charges a day of the period, if there is one.
pub(super) fn fee_invoice_within(
    db: &mut Db,
    city: CityId,
    days: Period,
) -> Result<Option<Invoice>> {
    let mut statement = Sql::new("SELECT invoices.* FROM invoices WHERE invoices.city_id = ")
        .bind_uid(city.uuid())
        .text(" AND invoices.kind = 'ANNUAL_FEE' AND invoices.status <> 'CREDITED' AND EXISTS (")
        .text("SELECT 1 FROM invoice_lines WHERE invoice_lines.invoice_id = invoices.id")
        .text(" AND invoice_lines.net_minor > invoice_lines.credited_minor AND invoice_lines.period_until > ")
        .bind_date(days.from());
    if let Some(until) = days.until() {
        statement = statement
            .text(" AND invoice_lines.period_from < ")
            .bind_date(until);
    }
    let found = statement
        .text(") ORDER BY invoices.created_at LIMIT 1")
        .load::<RowType, Invoice>(db)?;
    Ok(found.into_iter().next())
}

/// The days on the lines of the city's fee invoices for other memberships: the first, and the day
/// after the last.
pub(super) fn charged_beside(
    db: &mut Db,
    city: CityId,
    membership: MembershipId,
) -> Result<Vec<(NaiveDate, Option<NaiveDate>)>> {
    Ok(Sql::new("SELECT invoice_lines.period_from, invoice_lines.period_until FROM invoice_lines")
        .text(" JOIN invoices ON invoices.id = invoice_lines.invoice_id WHERE invoices.city_id = ")
        .bind_uid(city.uuid())
        .text(" AND invoices.kind = 'ANNUAL_FEE' AND invoices.status <> 'CREDITED'")
        .text(" AND invoice_lines.net_minor > invoice_lines.credited_minor AND invoice_lines.period_from IS NOT NULL")
        .text(" AND invoices.membership_id <> ")
        .bind_uid(membership.uuid())
        .load::<(Date, Nullable<Date>), (NaiveDate, Option<NaiveDate>)>(db)?)
}

/// The instalments of a package that have an invoice.
pub(super) fn invoiced_instalments(db: &mut Db, package: PackageId) -> Result<Vec<i32>> {
    let found: Vec<Option<i32>> = invoices::table
        .filter(invoices::package_id.eq(package))
        .filter(invoices::status.ne("CREDITED"))
        .select(invoices::instalment)
        .load(db)?;
    Ok(found.into_iter().flatten().collect())
}

/// Stores a draft with its lines.
pub(super) fn insert(tx: &mut Tx<'_>, invoice: &Invoice, lines: &[InvoiceLine]) -> Result<()> {
    diesel::insert_into(invoices::table)
        .values(invoice)
        .execute(tx.db)
        .on_unique(FEE_YEAR, || {
            Refusal::new(
                RefusalCode::AlreadyInvoiced,
                "feeYear",
                format!(
                    "The fee year {} of this membership has an invoice.",
                    invoice.fee_year
                ),
                format!(
                    "Medlemskabets kontingentår {} har en faktura.",
                    invoice.fee_year
                ),
            )
        })
        .on_unique(INSTALMENT, || {
            Refusal::new(
                RefusalCode::AlreadyInvoiced,
                "instalment",
                "This instalment of the package has an invoice.",
                "Denne rate af pakken har en faktura.",
            )
        })?;
    insert_lines(tx, lines)
}

fn insert_lines(tx: &mut Tx<'_>, lines: &[InvoiceLine]) -> Result<()> {
    for part in lines.chunks(500) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(invoice_lines::table).values(part).execute(connection))?;
    }
    Ok(())
}

/// Stores the invoice as it now is.
pub(super) fn update(tx: &mut Tx<'_>, invoice: &Invoice) -> Result<()> {
    let rows = diesel::update(invoices::table.find(invoice.id))
        .set(invoice)
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Stores how far the invoice is paid and credited.
pub(super) fn update_settlement(tx: &mut Tx<'_>, invoice: &Invoice) -> Result<()> {
    let rows = diesel::update(invoices::table.find(invoice.id))
        .set((
            invoices::status.eq(invoice.status),
            invoices::allocated_minor.eq(invoice.allocated_minor),
            invoices::credited_minor.eq(invoice.credited_minor),
            invoices::written_off_minor.eq(invoice.written_off_minor),
            invoices::settled_on.eq(invoice.settled_on),
            invoices::updated_at.eq(invoice.updated_at),
            invoices::version.eq(invoice.version),
        ))
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Counts a credit to a line.
pub(super) fn credit_line(tx: &mut Tx<'_>, line: InvoiceLineId, minor: i64) -> Result<()> {
    let rows = diesel::update(invoice_lines::table.find(line))
        .set(invoice_lines::credited_minor.eq(invoice_lines::credited_minor + minor))
        .execute(tx.db)?;
    ensure_one(rows)
}

/// Removes a draft.
pub(super) fn remove(tx: &mut Tx<'_>, id: InvoiceId) -> Result<()> {
    diesel::delete(invoice_lines::table.filter(invoice_lines::invoice_id.eq(id))).execute(tx.db)?;
    ensure_one(diesel::delete(invoices::table.find(id)).execute(tx.db)?)
}

/// Takes the next number of a series and year. The counter's row stays locked until the
/// transaction ends, so numbers follow the order of commits and a transaction that fails burns
/// none.
pub(super) fn next_number(
    tx: &mut Tx<'_>,
    series: &'static str,
    year: i32,
    issued_on: NaiveDate,
) -> Result<Option<i64>> {
    Sql::new("INSERT INTO invoice_counters (series, year, last_number, last_issued_on) VALUES (")
        .bind_text(series)
        .text(", ")
        .bind_int(i64::from(year))
        .text(", 0, NULL) ON CONFLICT (series, year) DO NOTHING")
        .execute(tx.db)?;
    let taken =
        Sql::new("UPDATE invoice_counters SET last_number = last_number + 1, last_issued_on = ")
            .bind_date(issued_on)
            .text(" WHERE series = ")
            .bind_text(series)
            .text(" AND year = ")
            .bind_int(i64::from(year))
            .text(" AND (last_issued_on IS NULL OR last_issued_on <= ")
            .bind_date(issued_on)
            .text(") RETURNING last_number")
            .load::<BigInt, i64>(tx.db)?;
    Ok(taken.first().copied())
}

fn keys(ids: &[InvoiceId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
