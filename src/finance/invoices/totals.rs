//! The sums over all invoices by year, status and currency, kept in the transactions that change
//! an invoice, so that reading them costs the same however many invoices there are. What it is
//! not: the truth; that is the invoices, and [`differences`] compares.
//!
//! Every transaction moves its sums once, last, and in the order of their keys, so that two of
//! them never wait for each other in a circle.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Integer, Text};

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::invoices::dues::{self, Dues};
use crate::finance::invoices::model::{Invoice, InvoiceStatus};
use crate::finance::invoices::open_amounts::OPEN;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;

/// In how many rows a sum is split, by city: payments of two cities then seldom wait for the same
/// row.
const SLOTS: u8 = 16;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    fee_year: i32,
    issue_year: i32,
    status: &'static str,
    currency: String,
    slot: u8,
}

impl Place {
    fn of(invoice: &Invoice) -> Self {
        let tail = invoice.city_id.uuid().as_bytes().last().copied();
        Self {
            fee_year: invoice.fee_year,
            issue_year: invoice.year.unwrap_or_default(),
            status: invoice.status.as_str(),
            currency: invoice.currency.clone(),
            slot: tail.unwrap_or_default() % SLOTS,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    invoices: i64,
    total_minor: i64,
    credited_minor: i64,
    open_minor: i64,
}

/// How the sums move in a transaction.
#[derive(Debug, Clone, Default)]
pub struct Shifts {
    sums: BTreeMap<Place, Sums>,
    dues: Dues,
}

impl Shifts {
    /// An invoice was as `before` and is as `after`; none on one side is a new or a discarded one.
    ///
    /// # Errors
    /// A fault when a sum does not fit in 64 bits.
    pub fn note(&mut self, before: Option<&Invoice>, after: Option<&Invoice>) -> Result<()> {
        if let Some(invoice) = before {
            self.add(invoice, -1)?;
        }
        if let Some(invoice) = after {
            self.add(invoice, 1)?;
        }
        Ok(())
    }

    /// Moves the stored sums.
    ///
    /// # Errors
    /// What the database says.
    pub fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        for (place, sums) in self.sums {
            if sums == Sums::default() {
                continue;
            }
            Sql::new("INSERT INTO invoice_totals (fee_year, issue_year, status, currency, slot, invoices, total_minor, credited_minor, open_minor) VALUES (")
                .bind_int(i64::from(place.fee_year))
                .text(", ")
                .bind_int(i64::from(place.issue_year))
                .text(", ")
                .bind_text(place.status)
                .text(", ")
                .bind_text(place.currency)
                .text(", ")
                .bind_int(i64::from(place.slot))
                .text(", ")
                .bind_int(sums.invoices)
                .text(", ")
                .bind_int(sums.total_minor)
                .text(", ")
                .bind_int(sums.credited_minor)
                .text(", ")
                .bind_int(sums.open_minor)
                .text(") ON CONFLICT (fee_year, issue_year, status, currency, slot) DO UPDATE SET")
                .text(" invoices = invoice_totals.invoices + excluded.invoices,")
                .text(" total_minor = invoice_totals.total_minor + excluded.total_minor,")
                .text(" credited_minor = invoice_totals.credited_minor + excluded.credited_minor,")
                .text(" open_minor = invoice_totals.open_minor + excluded.open_minor")
                .execute(tx.db)?;
        }
        self.dues.apply(tx)
    }

    fn add(&mut self, invoice: &Invoice, sign: i64) -> Result<()> {
        self.dues.add(invoice, sign)?;
        let sums = self.sums.entry(Place::of(invoice)).or_default();
        let moved = |sum: i64, minor: i64| {
            minor
                .checked_mul(sign)
                .and_then(|minor| sum.checked_add(minor))
                .ok_or_else(|| Error::Internal(anyhow::anyhow!("a sum of invoices is too large")))
        };
        *sums = Sums {
            invoices: moved(sums.invoices, 1)?,
            total_minor: moved(sums.total_minor, invoice.total_minor)?,
            credited_minor: moved(sums.credited_minor, invoice.credited_minor)?,
            open_minor: moved(sums.open_minor, invoice.open_minor())?,
        };
        Ok(())
    }
}

crate::text_enum! {
    /// Which year sums are grouped by.
    pub enum TotalsBy {
        /// The fee year.
        FeeYear = "FEE_YEAR",
        /// The year of issue; drafts are in none.
        IssueYear = "ISSUE_YEAR",
    }
}

/// The invoices of one year, status and currency together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeTotal {
    /// The year; none for drafts by year of issue.
    pub year: Option<i32>,
    /// The status.
    pub status: InvoiceStatus,
    /// ISO 4217.
    pub currency: String,
    /// How many.
    pub invoices: i64,
    /// Their totals with tax, in minor units.
    pub total_minor: i64,
    /// What credit notes took back of them.
    pub credited_minor: i64,
    /// What is open on them.
    pub open_minor: i64,
}

type TotalType = (Integer, Text, Text, BigInt, BigInt, BigInt, BigInt);
type TotalRow = (i32, InvoiceStatus, String, i64, i64, i64, i64);

/// The sums, by year, status and currency.
///
/// # Errors
/// What the database says.
pub fn totals(db: &mut Db, by: TotalsBy, year: Option<i32>) -> Result<Vec<FeeTotal>> {
    let column = match by {
        TotalsBy::FeeYear => "fee_year",
        TotalsBy::IssueYear => "issue_year",
    };
    let mut statement = Sql::new("SELECT ").text(column).text(
        ", status, currency, CAST(SUM(invoices) AS BIGINT), CAST(SUM(total_minor) AS BIGINT), CAST(SUM(credited_minor) AS BIGINT), CAST(SUM(open_minor) AS BIGINT) FROM invoice_totals",
    );
    if let Some(year) = year {
        statement = statement
            .text(" WHERE ")
            .text(column)
            .text(" = ")
            .bind_int(i64::from(year));
    }
    let rows = statement
        .text(" GROUP BY ")
        .text(column)
        .text(", status, currency HAVING SUM(invoices) <> 0 OR SUM(total_minor) <> 0 OR SUM(credited_minor) <> 0 OR SUM(open_minor) <> 0 ORDER BY ")
        .text(column)
        .text(", status, currency")
        .load::<TotalType, TotalRow>(db)?;
    Ok(rows.into_iter().map(of_row).collect())
}

/// Where the kept sums differ from the invoices: for checks. Empty when all is well.
///
/// # Errors
/// What the database says.
pub fn differences(db: &mut Db) -> Result<Vec<String>> {
    let kept = totals(db, TotalsBy::FeeYear, None)?;
    let counted = counted(db)?;
    let missing = counted.iter().filter(|total| !kept.contains(total));
    let wrong = kept.iter().filter(|total| !counted.contains(total));
    let shown = |what: &str, total: &FeeTotal| format!("{what}: {total:?}");
    Ok(missing
        .map(|total| shown("not kept", total))
        .chain(wrong.map(|total| shown("kept, but not so", total)))
        .chain(dues::differences(db)?)
        .collect())
}

/// Makes the sums anew from the invoices: after records were stored as they are.
///
/// # Errors
/// What the database says.
pub fn rebuild(tx: &mut Tx<'_>) -> Result<()> {
    Sql::new("DELETE FROM invoice_totals").execute(tx.db)?;
    Sql::new("INSERT INTO invoice_totals (fee_year, issue_year, status, currency, slot, invoices, total_minor, credited_minor, open_minor)")
        .text(" SELECT fee_year, COALESCE(year, 0), status, currency, 0, count(*), CAST(SUM(total_minor) AS BIGINT), CAST(SUM(credited_minor) AS BIGINT), CAST(SUM(")
        .text(OPEN)
        .text(") AS BIGINT) FROM invoices GROUP BY fee_year, COALESCE(year, 0), status, currency")
        .execute(tx.db)?;
    dues::rebuild(tx)
}

fn counted(db: &mut Db) -> Result<Vec<FeeTotal>> {
    let rows = Sql::new("SELECT fee_year, status, currency, count(*), CAST(SUM(total_minor) AS BIGINT), CAST(SUM(credited_minor) AS BIGINT), CAST(SUM(")
        .text(OPEN)
        .text(") AS BIGINT) FROM invoices GROUP BY fee_year, status, currency ORDER BY fee_year, status, currency")
        .load::<TotalType, TotalRow>(db)?;
    Ok(rows.into_iter().map(of_row).collect())
}

fn of_row(row: TotalRow) -> FeeTotal {
    let (year, status, currency, invoices, total_minor, credited_minor, open_minor) = row;
    FeeTotal {
        year: (year != 0).then_some(year),
        status,
        currency,
        invoices,
        total_minor,
        credited_minor,
        open_minor,
    }
}
