//! What is open by the day it is due, kept in the transactions that change an invoice. What it is not:
//! the truth; that is the invoices, and [`differences`] compares.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Text};

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::invoices::model::Invoice;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;

/// In how many rows a day is split, by city.
const SLOTS: u8 = 4;

/// How what is open by due day moves in a transaction.
#[derive(Debug, Clone, Default)]
pub(super) struct Dues(BTreeMap<(NaiveDate, String, u8), (i64, i64)>);

impl Dues {
    /// An invoice counts so many times more: 1 for what it is now, -1 for what it was.
    ///
    /// # Errors
    /// A fault when a sum does not fit in 64 bits.
    pub(super) fn add(&mut self, invoice: &Invoice, sign: i64) -> Result<()> {
        let Some(due_on) = invoice.due_on.filter(|_| invoice.status.is_open()) else {
            return Ok(());
        };
        let tail = invoice.city_id.uuid().as_bytes().last().copied();
        let slot = tail.unwrap_or_default() % SLOTS;
        let place = (due_on, invoice.currency.clone(), slot);
        let (invoices, open) = self.0.entry(place).or_default();
        let moved = invoice
            .open_minor()
            .checked_mul(sign)
            .and_then(|minor| open.checked_add(minor));
        *open = moved
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a sum of claims is too large")))?;
        *invoices = invoices.saturating_add(sign);
        Ok(())
    }

    /// Moves the stored sums, in the order of their keys.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let mut moved = self
            .0
            .into_iter()
            .filter(|(_, sums)| *sums != (0, 0))
            .peekable();
        if moved.peek().is_none() {
            return Ok(());
        }
        let mut statement = Sql::new(
            "INSERT INTO invoice_dues (due_on, currency, slot, invoices, open_minor) VALUES (",
        );
        for (place, ((due_on, currency, slot), (invoices, open))) in moved.enumerate() {
            statement = statement
                .text(if place == 0 { "" } else { "), (" })
                .bind_date(due_on)
                .text(", ")
                .bind_text(currency)
                .text(", ")
                .bind_int(i64::from(slot))
                .text(", ")
                .bind_int(invoices)
                .text(", ")
                .bind_int(open);
        }
        statement
            .text(") ON CONFLICT (due_on, currency, slot) DO UPDATE SET")
            .text(" invoices = invoice_dues.invoices + excluded.invoices,")
            .text(" open_minor = invoice_dues.open_minor + excluded.open_minor")
            .execute(tx.db)?;
        Ok(())
    }
}

/// What is open on one due day in one currency: the day, the currency, how many invoices, how much.
pub type Due = (NaiveDate, String, i64, i64);
type DueType = (Date, Text, BigInt, BigInt);

/// What is open now, by the day it is due.
///
/// # Errors
/// What the database says.
pub fn open_by_due(db: &mut Db) -> Result<Vec<Due>> {
    Ok(Sql::new("SELECT due_on, currency, CAST(SUM(invoices) AS BIGINT), CAST(SUM(open_minor) AS BIGINT) FROM invoice_dues WHERE invoices <> 0 GROUP BY due_on, currency ORDER BY due_on, currency")
        .load::<DueType, Due>(db)?)
}

/// What was open at the end of a day by the books, by the day it was due.
///
/// # Errors
/// What the database says.
pub fn open_by_due_on(db: &mut Db, day: NaiveDate) -> Result<Vec<Due>> {
    Ok(Sql::new("SELECT invoices.due_on, invoices.currency, count(*), CAST(SUM(owed) AS BIGINT) FROM invoices JOIN (SELECT invoice_id, SUM(amount_minor) AS owed FROM ledger_lines WHERE account = 'RECEIVABLES' AND posted_on <= ")
        .bind_date(day)
        .text(" GROUP BY invoice_id HAVING SUM(amount_minor) <> 0) AS claims ON claims.invoice_id = invoices.id GROUP BY invoices.due_on, invoices.currency ORDER BY invoices.due_on, invoices.currency")
        .load::<DueType, Due>(db)?)
}

/// Where the kept sums differ from the invoices: for checks. Empty when all is well.
///
/// # Errors
/// What the database says.
pub(super) fn differences(db: &mut Db) -> Result<Vec<String>> {
    let kept = open_by_due(db)?;
    let counted = Sql::new(COUNTED).load::<DueType, Due>(db)?;
    let missing = counted.iter().filter(|due| !kept.contains(due));
    let wrong = kept.iter().filter(|due| !counted.contains(due));
    Ok(missing
        .map(|due| format!("not kept: {due:?}"))
        .chain(wrong.map(|due| format!("kept, but not so: {due:?}")))
        .collect())
}

const COUNTED: &str = "SELECT due_on, currency, count(*), CAST(SUM(total_minor - credited_minor - allocated_minor - written_off_minor) AS BIGINT) FROM invoices WHERE status IN ('ISSUED', 'SENT', 'PARTLY_PAID') GROUP BY due_on, currency ORDER BY due_on, currency";

/// Makes the sums anew from the invoices.
///
/// # Errors
/// What the database says.
pub(super) fn rebuild(tx: &mut Tx<'_>) -> Result<()> {
    Sql::new("DELETE FROM invoice_dues").execute(tx.db)?;
    Sql::new("INSERT INTO invoice_dues (due_on, currency, slot, invoices, open_minor) SELECT due_on, currency, 0, invoices, open_minor FROM (")
        .text("SELECT due_on, currency, count(*) AS invoices, CAST(SUM(total_minor - credited_minor - allocated_minor - written_off_minor) AS BIGINT) AS open_minor FROM invoices WHERE status IN ('ISSUED', 'SENT', 'PARTLY_PAID') GROUP BY due_on, currency) AS counted")
        .execute(tx.db)?;
    Ok(())
}
