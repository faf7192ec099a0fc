//! What is known when money is matched: open invoices, names and accounts of cities, payments that were
//! recorded by hand. What it is not: the rules that use it (`matching`, `returns`).

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use diesel::sql_types::{BigInt, Date, Text};

use crate::db::Db;
use crate::db::sql::Sql;
use crate::finance::bank::matching::{Book, OpenInvoice, referred};
use crate::finance::bank::model::{BankEntry, Direction};
use crate::finance::bank::store::EntryType;
use crate::finance::invoices::{self, payment_reference};
use crate::finance::sellers::Seller;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, PaymentId};
use crate::kernel::sql_types::Uid;
use crate::registry::cities;

/// How many days before and after the bank's day a payment may have been recorded by hand.
const DAYS_APART: u64 = 7;

/// A payment of ours that no entry of the bank is linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByHand {
    pub(super) id: PaymentId,
    pub(super) city: CityId,
    pub(super) minor: i64,
    pub(super) received_on: NaiveDate,
}

impl ByHand {
    /// Whether it may be what an entry tells of.
    pub(super) fn fits(&self, entry: &BankEntry) -> bool {
        let near = |day: NaiveDate| {
            day.signed_duration_since(self.received_on)
                .num_days()
                .unsigned_abs()
                <= DAYS_APART
        };
        self.minor == entry.amount_minor && (near(entry.value_on) || near(entry.booked_on))
    }
}

/// What is known for matching these entries.
pub(super) fn book(db: &mut Db, seller: &Seller, entries: &[BankEntry]) -> Result<Book> {
    let open = invoices::open_of_seller(db, seller.id, &seller.currency)?;
    let open = open.into_iter().map(|item| OpenInvoice {
        id: item.id,
        city: item.city,
        number: item.number,
        open_minor: item.open_minor,
        due_on: item.due_on,
    });
    let settled = invoices::cities_of_numbers(db, named(entries))?;
    let names = cities::all_names(db)?;
    let accounts = paid_before(db, entries)?;
    Ok(Book::new(open.collect(), settled, names, accounts))
}

/// The numbers that the entries name, as they are written on invoices.
fn named(entries: &[BankEntry]) -> Vec<String> {
    let numbers: HashSet<String> = entries
        .iter()
        .flat_map(|entry| {
            let reference = entry.creditor_reference.as_deref().unwrap_or_default();
            referred(reference, entry.remittance.as_deref().unwrap_or_default())
        })
        .filter_map(|named| payment_reference::number_of_compact(&named.compact))
        .collect();
    let mut numbers: Vec<String> = numbers.into_iter().collect();
    numbers.sort_unstable();
    numbers
}

/// The cities that the accounts of these entries paid for before.
fn paid_before(db: &mut Db, entries: &[BankEntry]) -> Result<Vec<(String, CityId)>> {
    let mut accounts: Vec<String> = entries
        .iter()
        .filter_map(|entry| entry.counterparty_account.clone())
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    Ok(Sql::new("SELECT DISTINCT bank_entries.counterparty_account, payments.city_id FROM bank_entries JOIN payments ON payments.id = bank_entries.payment_id WHERE bank_entries.state = 'MATCHED' AND bank_entries.direction = 'CREDIT' AND bank_entries.counterparty_account")
        .in_texts(accounts)
        .load::<(Text, Uid), (String, CityId)>(db)?)
}

/// The payments recorded by hand that any of these entries may tell of.
pub(super) fn by_hand(db: &mut Db, seller: &Seller, entries: &[BankEntry]) -> Result<Vec<ByHand>> {
    let came = || {
        entries
            .iter()
            .filter(|entry| entry.direction == Direction::Credit)
    };
    let first = came()
        .map(|entry| entry.value_on.min(entry.booked_on))
        .min();
    let last = came()
        .map(|entry| entry.value_on.max(entry.booked_on))
        .max();
    let Some((first, last)) = first.zip(last) else {
        return Ok(Vec::new());
    };
    let apart = Days::new(DAYS_APART);
    let first = first.checked_sub_days(apart).unwrap_or(first);
    let last = last.checked_add_days(apart).unwrap_or(last);
    let found = Sql::new("SELECT payments.id, payments.city_id, payments.amount_minor, payments.received_on FROM payments WHERE payments.currency = ")
        .bind_text(&seller.currency)
        .text(" AND payments.received_on >= ")
        .bind_date(first)
        .text(" AND payments.received_on <= ")
        .bind_date(last)
        .text(" AND NOT EXISTS (SELECT 1 FROM bank_entries WHERE bank_entries.payment_id = payments.id) AND NOT EXISTS (SELECT 1 FROM payment_reversals WHERE payment_reversals.payment_id = payments.id) ORDER BY payments.received_on, payments.id")
        .load::<(Uid, Uid, BigInt, Date), (PaymentId, CityId, i64, NaiveDate)>(db)?;
    Ok(found
        .into_iter()
        .map(|(id, city, minor, received_on)| ByHand {
            id,
            city,
            minor,
            received_on,
        })
        .collect())
}

/// The matched credits that money of these entries may take back: of the same amounts.
pub(super) fn credits(db: &mut Db, entries: &[BankEntry]) -> Result<Vec<BankEntry>> {
    let gone: Vec<&BankEntry> = entries
        .iter()
        .filter(|entry| entry.direction == Direction::Debit)
        .collect();
    let mut found = Vec::new();
    let mut amounts: Vec<i64> = gone.iter().map(|entry| entry.amount_minor).collect();
    amounts.sort_unstable();
    amounts.dedup();
    for minor in amounts {
        found.extend(
            Sql::new("SELECT bank_entries.* FROM bank_entries WHERE bank_entries.direction = 'CREDIT' AND bank_entries.state = 'MATCHED' AND bank_entries.amount_minor = ")
                .bind_int(minor)
                .text(" AND NOT EXISTS (SELECT 1 FROM payment_reversals WHERE payment_reversals.payment_id = bank_entries.payment_id) ORDER BY bank_entries.id")
                .load::<EntryType, BankEntry>(db)?,
        );
    }
    Ok(found)
}
