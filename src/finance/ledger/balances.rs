//! Turnover and balances of the accounts by month, kept in the transactions that post. What it is
//! not: the truth; that is the lines, and [`differences`] compares.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::sql_types::{BigInt, Integer, Text};

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::ledger::model::{Account, AccountClass, LedgerTransaction};
use crate::finance::ledger::postings::Entry;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::Id;

/// In how many rows a sum is split, by city.
const SLOTS: u8 = 16;

/// A month as a number that sorts: 202603.
#[must_use]
pub fn month_of(day: NaiveDate) -> i32 {
    day.year()
        .saturating_mul(100)
        .saturating_add_unsigned(day.month())
}

/// How sums move in a transaction.
#[derive(Debug, Default)]
pub(super) struct Shifts(BTreeMap<(i32, &'static str, String, u8), (i64, i64)>);

impl Shifts {
    /// These entries are posted.
    ///
    /// # Errors
    /// A fault when a sum does not fit.
    pub(super) fn note(
        &mut self,
        transaction: &LedgerTransaction,
        entries: &[Entry],
    ) -> Result<()> {
        let tail = transaction
            .city_id
            .and_then(|city| city.uuid().as_bytes().last().copied());
        let slot = tail.unwrap_or_default() % SLOTS;
        let month = month_of(transaction.posted_on);
        for entry in entries {
            let place = (
                month,
                entry.account.as_str(),
                transaction.currency.clone(),
                slot,
            );
            let (debit, credit) = self.0.entry(place).or_default();
            let side = if entry.minor > 0 { debit } else { credit };
            *side = entry
                .minor
                .checked_abs()
                .and_then(|minor| side.checked_add(minor))
                .ok_or_else(|| Error::Internal(anyhow::anyhow!("a turnover that does not fit")))?;
        }
        Ok(())
    }

    /// Moves the stored sums, in the order of their keys.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut statement = Sql::new(
            "INSERT INTO ledger_balances (month, account, currency, slot, debit_minor, credit_minor) VALUES ",
        );
        for (place, ((month, account, currency, slot), (debit, credit))) in
            self.0.into_iter().enumerate()
        {
            statement = statement
                .text(if place == 0 { "(" } else { "), (" })
                .bind_int(i64::from(month))
                .text(", ")
                .bind_text(account)
                .text(", ")
                .bind_text(currency)
                .text(", ")
                .bind_int(i64::from(slot))
                .text(", ")
                .bind_int(debit)
                .text(", ")
                .bind_int(credit);
        }
        statement
            .text(") ON CONFLICT (month, account, currency, slot) DO UPDATE SET")
            .text(" debit_minor = ledger_balances.debit_minor + excluded.debit_minor,")
            .text(" credit_minor = ledger_balances.credit_minor + excluded.credit_minor")
            .execute(tx.db)?;
        Ok(())
    }
}

/// What an account moved, or stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The account.
    pub account: Account,
    /// ISO 4217.
    pub currency: String,
    /// The sum of the debits, in minor units.
    pub debit_minor: i64,
    /// The sum of the credits.
    pub credit_minor: i64,
}

impl Balance {
    /// Debit above zero, credit below.
    #[must_use]
    pub const fn balance_minor(&self) -> i64 {
        self.debit_minor.saturating_sub(self.credit_minor)
    }
}

type BalanceType = (Text, Text, BigInt, BigInt);
type BalanceRow = (Account, String, i64, i64);

/// What every account moved from the first posting to and with a day, by currency and number of the
/// account.
///
/// # Errors
/// What the database says.
pub fn balances_until(db: &mut Db, day: NaiveDate) -> Result<Vec<Balance>> {
    turnover(db, None, day)
}

/// What every account moved from a day, or from the first posting, to and with another.
///
/// # Errors
/// What the database says.
pub fn turnover(db: &mut Db, from: Option<NaiveDate>, through: NaiveDate) -> Result<Vec<Balance>> {
    let mut sums: BTreeMap<(String, i32), Balance> = BTreeMap::new();
    collect(&mut sums, until(db, through)?, 1)?;
    if let Some(before) = from.and_then(|from| from.pred_opt()) {
        collect(&mut sums, until(db, before)?, -1)?;
    }
    sums.retain(|_, sum| sum.debit_minor != 0 || sum.credit_minor != 0);
    Ok(sums.into_values().collect())
}

/// The balances of the accounts of the result up to and with a day, by currency.
///
/// # Errors
/// What the database says.
pub fn result_accounts_until(
    db: &mut Db,
    day: NaiveDate,
) -> Result<BTreeMap<String, Vec<(Account, i64)>>> {
    let mut results: BTreeMap<String, Vec<(Account, i64)>> = BTreeMap::new();
    for balance in balances_until(db, day)? {
        if balance.account.is_of_result() && balance.balance_minor() != 0 {
            let minor = balance.balance_minor();
            let of_currency = results.entry(balance.currency).or_default();
            of_currency.push((balance.account, minor));
        }
    }
    Ok(results)
}

/// The revenue of a calendar year as it is in the books: the last day of the month, the account, the
/// currency, and what the account earned in the month.
///
/// # Errors
/// What the database says.
pub fn revenue_of_year(db: &mut Db, year: i32) -> Result<Vec<(NaiveDate, Account, String, i64)>> {
    let first = year.saturating_mul(100);
    let rows = Sql::new("SELECT month, account, currency, CAST(SUM(debit_minor) AS BIGINT), CAST(SUM(credit_minor) AS BIGINT) FROM ledger_balances WHERE month > ")
        .bind_int(i64::from(first))
        .text(" AND month <= ")
        .bind_int(i64::from(first.saturating_add(12)))
        .text(" GROUP BY month, account, currency ORDER BY month, account, currency")
        .load::<MonthType, MonthRow>(db)?;
    // The closing of a year empties the accounts into equity; that is no revenue lost.
    let closed = Sql::new("SELECT 12, l.account, l.currency, CAST(SUM(CASE WHEN l.amount_minor > 0 THEN l.amount_minor ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN l.amount_minor < 0 THEN -l.amount_minor ELSE 0 END) AS BIGINT) FROM ledger_lines l JOIN ledger_transactions t ON t.id = l.transaction_id WHERE t.kind = 'YEAR_CLOSED' AND t.document = ")
        .bind_text(year.to_string())
        .text(" GROUP BY l.account, l.currency")
        .load::<MonthType, MonthRow>(db)?;
    let mut months = Vec::new();
    for (month, account, currency, debit, credit) in rows {
        let undone = closed
            .iter()
            .filter(|(_, closed, of, ..)| {
                month % 100 == 12 && *closed == account && *of == currency
            })
            .fold(0_i64, |sum, (_, _, _, debit, credit)| {
                sum.saturating_add(debit.saturating_sub(*credit))
            });
        let minor = credit.saturating_sub(debit).saturating_add(undone);
        let last = u32::try_from(month % 100)
            .ok()
            .and_then(|month| NaiveDate::from_ymd_opt(year, month, 1))
            .and_then(|first| first.with_day(u32::from(first.num_days_in_month())));
        if let Some(last) = last.filter(|_| account.class() == AccountClass::Revenue && minor != 0)
        {
            months.push((last, account, currency, minor));
        }
    }
    Ok(months)
}

/// The whole months before the day's from the kept sums, and the days of its month from the lines.
fn until(db: &mut Db, day: NaiveDate) -> Result<Vec<BalanceRow>> {
    let next = day.succ_opt().unwrap_or(day);
    let mut statement = Sql::new(
        "SELECT account, currency, CAST(SUM(debit_minor) AS BIGINT), CAST(SUM(credit_minor) AS BIGINT) FROM ledger_balances WHERE month <",
    );
    // A month that ends with the day is a whole one.
    if month_of(next) == month_of(day) {
        statement = statement.text(" ");
    } else {
        statement = statement.text("= ");
    }
    let mut rows = statement
        .bind_int(i64::from(month_of(day)))
        .text(" GROUP BY account, currency")
        .load::<BalanceType, BalanceRow>(db)?;
    if let Some(first) = day.with_day(1).filter(|_| month_of(next) == month_of(day)) {
        rows.extend(
            Sql::new("SELECT account, currency, ")
                .text(SIDES)
                .text(" FROM ledger_lines WHERE posted_on >= ")
                .bind_date(first)
                .text(" AND posted_on <= ")
                .bind_date(day)
                .text(" GROUP BY account, currency")
                .load::<BalanceType, BalanceRow>(db)?,
        );
    }
    Ok(rows)
}

fn collect(
    sums: &mut BTreeMap<(String, i32), Balance>,
    rows: Vec<BalanceRow>,
    sign: i64,
) -> Result<()> {
    for (account, currency, debit, credit) in rows {
        let place = (currency.clone(), account.number());
        let sum = sums.entry(place).or_insert(Balance {
            account,
            currency,
            debit_minor: 0,
            credit_minor: 0,
        });
        let moved = |sum: i64, minor: i64| {
            minor
                .checked_mul(sign)
                .and_then(|minor| sum.checked_add(minor))
                .ok_or_else(|| Error::Internal(anyhow::anyhow!("a turnover that does not fit")))
        };
        sum.debit_minor = moved(sum.debit_minor, debit)?;
        sum.credit_minor = moved(sum.credit_minor, credit)?;
    }
    Ok(())
}

type MonthType = (Integer, Text, Text, BigInt, BigInt);
type MonthRow = (i32, Account, String, i64, i64);

/// The month of a line's day as the kept sums write it.
const MONTH: &str = "CAST(substr(CAST(posted_on AS TEXT), 1, 4) || substr(CAST(posted_on AS TEXT), 6, 2) AS INTEGER)";

/// Where the kept sums differ from the lines: for checks. Empty when all is well.
///
/// # Errors
/// What the database says.
pub fn differences(db: &mut Db) -> Result<Vec<String>> {
    let kept = Sql::new("SELECT month, account, currency, CAST(SUM(debit_minor) AS BIGINT), CAST(SUM(credit_minor) AS BIGINT) FROM ledger_balances GROUP BY month, account, currency ORDER BY month, account, currency")
        .load::<MonthType, MonthRow>(db)?;
    let counted = Sql::new("SELECT ")
        .text(MONTH)
        .text(" AS month, account, currency, ")
        .text(SIDES)
        .text(" FROM ledger_lines GROUP BY month, account, currency ORDER BY month, account, currency")
        .load::<MonthType, MonthRow>(db)?;
    let missing = counted.iter().filter(|row| !kept.contains(row));
    let wrong = kept.iter().filter(|row| !counted.contains(row));
    Ok(missing
        .map(|row| format!("not kept: {row:?}"))
        .chain(wrong.map(|row| format!("kept, but not so: {row:?}")))
        .collect())
}

const SIDES: &str = "CAST(SUM(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN amount_minor < 0 THEN -amount_minor ELSE 0 END) AS BIGINT)";

/// Makes the sums anew from the lines: after records were stored as they are.
///
/// # Errors
/// What the database says.
pub fn rebuild(tx: &mut Tx<'_>) -> Result<()> {
    Sql::new("DELETE FROM ledger_balances").execute(tx.db)?;
    Sql::new("INSERT INTO ledger_balances (month, account, currency, slot, debit_minor, credit_minor) SELECT ")
        .text(MONTH)
        .text(" AS month, account, currency, 0, ")
        .text(SIDES)
        .text(" FROM ledger_lines GROUP BY month, account, currency")
        .execute(tx.db)?;
    Ok(())
}
