//! The queries of invoices and their lines. What it is not: pages of lists (`lists`) and the sums
//! over all invoices (`finance/totals`).

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use diesel::upsert::excluded;
use uuid::Uuid;

use crate::db::constraint::{OnConstraint, Unique};
use crate::db::sql::Sql;
use crate::db::tx::ensure_one;
use crate::db::{Db, Tx};
use crate::finance::invoices::model::{Invoice, InvoiceLine, InvoiceParties};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, InvoiceId, InvoiceLineId, PackageId};
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

/// The instalments of a package that have an invoice.
pub(super) fn invoiced_instalments(db: &mut Db, package: PackageId) -> Result<Vec<i32>> {
    let found: Vec<Option<i32>> = invoices::table
        .filter(invoices::package_id.eq(package))
        .filter(invoices::kind.eq("PACKAGE"))
        .filter(invoices::grant_id.is_null())
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

/// Stores what a line of a draft comes to now.
pub(super) fn update_line(tx: &mut Tx<'_>, line: &InvoiceLine) -> Result<()> {
    let rows = diesel::update(invoice_lines::table.find(line.id))
        .set((
            invoice_lines::net_minor.eq(line.net_minor),
            invoice_lines::unit_minor.eq(line.unit_minor),
            invoice_lines::formula_en.eq(&line.formula_en),
            invoice_lines::formula_da.eq(&line.formula_da),
        ))
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

/// Stores new drafts with their lines.
pub(super) fn insert_many(
    tx: &mut Tx<'_>,
    drafts: &[Invoice],
    lines: &[InvoiceLine],
) -> Result<()> {
    for part in drafts.chunks(500) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(invoices::table).values(part).execute(connection))?;
    }
    insert_lines(tx, lines)
}

/// Stores drafts as the issued invoices that they have become. Their rows are there and locked.
pub(super) fn issue_many(tx: &mut Tx<'_>, issued: &[Invoice]) -> Result<()> {
    use invoices::dsl;
    for part in issued.chunks(500) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(invoices::table)
            .values(part)
            .on_conflict(dsl::id)
            .do_update()
            .set((
                dsl::status.eq(excluded(dsl::status)),
                dsl::series.eq(excluded(dsl::series)),
                dsl::year.eq(excluded(dsl::year)),
                dsl::sequence.eq(excluded(dsl::sequence)),
                dsl::number.eq(excluded(dsl::number)),
                dsl::issued_on.eq(excluded(dsl::issued_on)),
                dsl::due_on.eq(excluded(dsl::due_on)),
                dsl::settled_on.eq(excluded(dsl::settled_on)),
                dsl::content_hash.eq(excluded(dsl::content_hash)),
                dsl::updated_at.eq(excluded(dsl::updated_at)),
                dsl::version.eq(excluded(dsl::version)),
            ))
            .execute(connection))?;
    }
    Ok(())
}

/// Stores both sides of invoices that are being issued.
pub(super) fn insert_parties_of_many(tx: &mut Tx<'_>, parties: &[InvoiceParties]) -> Result<()> {
    for part in parties.chunks(500) {
        on_backend!(&mut *tx.db, connection => diesel::insert_into(invoice_parties::table).values(part).execute(connection))?;
    }
    Ok(())
}

/// The cities' own fee invoices of a fee year, but those that were taken back as a whole.
///
/// # Errors
/// What the database says.
pub fn fees_of_year(db: &mut Db, cities: &[CityId], fee_year: i32) -> Result<Vec<Invoice>> {
    Ok(Sql::new("SELECT invoices.* FROM invoices WHERE invoices.kind = 'ANNUAL_FEE' AND invoices.grant_id IS NULL AND invoices.status <> 'CREDITED' AND invoices.fee_year = ")
        .bind_int(i64::from(fee_year))
        .text(" AND invoices.city_id")
        .in_uids(cities.iter().map(|city| city.uuid()).collect())
        .load::<RowType, Invoice>(db)?)
}

/// Removes a draft.
pub(super) fn remove(tx: &mut Tx<'_>, id: InvoiceId) -> Result<()> {
    diesel::delete(invoice_lines::table.filter(invoice_lines::invoice_id.eq(id))).execute(tx.db)?;
    ensure_one(diesel::delete(invoices::table.find(id)).execute(tx.db)?)
}

/// Takes the next numbers of a series in the year of a day, and tells the last of them. The counter's
/// row stays locked until the transaction ends, so numbers follow the order of commits and a
/// transaction that fails burns none.
pub(super) fn next_numbers(
    tx: &mut Tx<'_>,
    series: &'static str,
    issued_on: NaiveDate,
    count: i64,
) -> Result<Option<i64>> {
    let year = issued_on.year();
    Sql::new("INSERT INTO invoice_counters (series, year, last_number, last_issued_on) VALUES (")
        .bind_text(series)
        .text(", ")
        .bind_int(i64::from(year))
        .text(", 0, NULL) ON CONFLICT (series, year) DO NOTHING")
        .execute(tx.db)?;
    let taken = Sql::new("UPDATE invoice_counters SET last_number = last_number + ")
        .bind_int(count)
        .text(", last_issued_on = ")
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

/// The date of the last number of a series in a year; none before the first.
pub(super) fn last_issue(
    db: &mut Db,
    series: &'static str,
    year: i32,
) -> Result<Option<NaiveDate>> {
    let found = Sql::new("SELECT last_issued_on FROM invoice_counters WHERE last_issued_on IS NOT NULL AND series = ")
        .bind_text(series)
        .text(" AND year = ")
        .bind_int(i64::from(year))
        .load::<Date, NaiveDate>(db)?;
    Ok(found.first().copied())
}

fn keys(ids: &[InvoiceId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
