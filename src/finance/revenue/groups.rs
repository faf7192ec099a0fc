//! How many lines that are alike still earn, kept in the transactions that move them: fees are alike, so what
//! will be earned when costs the same however many lines there are. What it is not: the truth; that is the
//! lines, and [`differences`] compares.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Text};

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::ledger::Account;
use crate::finance::revenue::model::RevenueSchedule;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;

/// In how many rows a number is split, by city, so that two cities' lines seldom wait for each other.
const SLOTS: u8 = 16;

type Place = (&'static str, String, NaiveDate, NaiveDate, i64, i64, u8);

/// How the numbers move in a transaction.
#[derive(Debug, Default)]
pub(super) struct Shifts(BTreeMap<Place, i64>);

impl Shifts {
    /// This line is among those that still earn from now on.
    pub(super) fn comes(&mut self, line: &RevenueSchedule) {
        self.note(line, 1);
    }

    /// This line was among them, as it stood before.
    pub(super) fn goes(&mut self, line: &RevenueSchedule) {
        self.note(line, -1);
    }

    fn note(&mut self, line: &RevenueSchedule, by: i64) {
        if line.is_done {
            return;
        }
        let tail = line.city_id.uuid().as_bytes().last().copied();
        let place = (
            line.account.as_str(),
            line.currency.clone(),
            line.starts_on,
            line.ends_on,
            line.amount_minor,
            line.recognised_minor,
            tail.unwrap_or_default() % SLOTS,
        );
        let lines = self.0.entry(place).or_default();
        *lines = lines.saturating_add(by);
    }

    /// Moves the stored numbers, in the order of their keys, and takes away those that are 0.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn apply(mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.0.retain(|_, lines| *lines != 0);
        if self.0.is_empty() {
            return Ok(());
        }
        let mut statement = Sql::new(
            "INSERT INTO revenue_groups (account, currency, starts_on, ends_on, amount_minor, recognised_minor, slot, lines) VALUES ",
        );
        for (number, (place, lines)) in self.0.into_iter().enumerate() {
            let (account, currency, starts_on, ends_on, amount, recognised, slot) = place;
            statement = statement
                .text(if number == 0 { "(" } else { "), (" })
                .bind_text(account)
                .text(", ")
                .bind_text(currency)
                .text(", ")
                .bind_date(starts_on)
                .text(", ")
                .bind_date(ends_on)
                .text(", ")
                .bind_int(amount)
                .text(", ")
                .bind_int(recognised)
                .text(", ")
                .bind_int(i64::from(slot))
                .text(", ")
                .bind_int(lines);
        }
        statement
            .text(") ON CONFLICT (account, currency, starts_on, ends_on, amount_minor, recognised_minor, slot)")
            .text(" DO UPDATE SET lines = revenue_groups.lines + excluded.lines")
            .execute(tx.db)?;
        Sql::new("DELETE FROM revenue_groups WHERE lines = 0").execute(tx.db)?;
        Ok(())
    }
}

/// What lines still have to earn that are alike: account, currency, first day, day after the last, amount
/// of each, what is recognised of each, and how many they are.
pub type ToCome = (Account, String, NaiveDate, NaiveDate, i64, i64, i64);

type ToComeType = (Text, Text, Date, Date, BigInt, BigInt, BigInt);

/// What all lines that are not done still have to earn.
///
/// # Errors
/// What the database says.
pub fn to_come(db: &mut Db) -> Result<Vec<ToCome>> {
    Ok(Sql::new("SELECT account, currency, starts_on, ends_on, amount_minor, recognised_minor, CAST(SUM(lines) AS BIGINT) FROM revenue_groups GROUP BY account, currency, starts_on, ends_on, amount_minor, recognised_minor ORDER BY account, currency, starts_on, ends_on, amount_minor, recognised_minor")
        .load::<ToComeType, ToCome>(db)?)
}

const COUNTED: &str = "FROM revenue_schedules WHERE NOT is_done GROUP BY account, currency, starts_on, ends_on, amount_minor, recognised_minor";

/// Where the kept numbers differ from the lines: for checks. Empty when all is well.
///
/// # Errors
/// What the database says.
pub fn differences(db: &mut Db) -> Result<Vec<String>> {
    let kept = to_come(db)?;
    let counted = Sql::new(
        "SELECT account, currency, starts_on, ends_on, amount_minor, recognised_minor, COUNT(*) ",
    )
    .text(COUNTED)
    .load::<ToComeType, ToCome>(db)?;
    let missing = counted.iter().filter(|row| !kept.contains(row));
    let wrong = kept.iter().filter(|row| !counted.contains(row));
    Ok(missing
        .map(|row| format!("not kept: {row:?}"))
        .chain(wrong.map(|row| format!("kept, but not so: {row:?}")))
        .collect())
}

/// Counts the lines anew: after records were stored as they are.
///
/// # Errors
/// What the database says.
pub fn rebuild(tx: &mut Tx<'_>) -> Result<()> {
    Sql::new("DELETE FROM revenue_groups").execute(tx.db)?;
    Sql::new("INSERT INTO revenue_groups (account, currency, starts_on, ends_on, amount_minor, recognised_minor, slot, lines) SELECT account, currency, starts_on, ends_on, amount_minor, recognised_minor, 0, COUNT(*) ")
        .text(COUNTED)
        .execute(tx.db)?;
    Ok(())
}
