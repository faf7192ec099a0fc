//! Pages of the bank's statements and entries. What it is not: single ones (`store`).

use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::bank::model::{BankEntry, BankEntryFilter, BankEntryOrder, BankStatement};
use crate::finance::bank::store::{EntryType, StatementType};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const ENTRIES: Source = Source {
    columns: "bank_entries",
    from: "bank_entries",
    id: "bank_entries.id",
    parent: "bank_entries.statement_id",
};

const STATEMENTS: Source = Source {
    columns: "bank_statements",
    from: "bank_statements",
    id: "bank_statements.id",
    parent: "bank_statements.seller_id",
};

/// A page of entries.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    filter: &BankEntryFilter,
    order: &[BankEntryOrder],
    page: &Page,
) -> Result<Listed<BankEntry>> {
    let (order, conditions) = (self::order(order), conditions(filter));
    listing::list::<EntryType, BankEntry>(db, &ENTRIES, conditions, &order, page)
}

/// How many entries a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, filter: &BankEntryFilter) -> Result<i64> {
    listing::count(db, &ENTRIES, conditions(filter))
}

/// How a list of entries is sorted: the latest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[BankEntryOrder]) -> Order<BankEntry> {
    let asked = if order.is_empty() {
        &[BankEntryOrder::BookedOnDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().copied().map(order_key).collect(),
        id: |entry| entry.id.uuid(),
    }
}

fn order_key(order: BankEntryOrder) -> OrderKey<BankEntry> {
    match order {
        BankEntryOrder::BookedOnAsc | BankEntryOrder::BookedOnDesc => OrderKey {
            column: "bank_entries.booked_on",
            descending: order == BankEntryOrder::BookedOnDesc,
            nullable: false,
            kind: KeyKind::Date,
            value: |entry| KeyValue::Date(entry.booked_on),
        },
        BankEntryOrder::AmountAsc | BankEntryOrder::AmountDesc => OrderKey {
            column: "bank_entries.amount_minor",
            descending: order == BankEntryOrder::AmountDesc,
            nullable: false,
            kind: KeyKind::Int,
            value: |entry| KeyValue::Int(entry.amount_minor),
        },
    }
}

fn conditions(filter: &BankEntryFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(states) = &filter.state {
        let words = states.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("bank_entries.state").in_texts(words));
    }
    if let Some(direction) = filter.direction {
        let word = direction.to_string();
        conditions = conditions.and(Sql::new("bank_entries.direction = ").bind_text(word));
    }
    let bounds = [
        filter
            .statement
            .map(|id| ("bank_entries.statement_id = ", Bind::Uid(id.uuid()))),
        filter
            .booked_from
            .map(|day| ("bank_entries.booked_on >= ", Bind::Date(day))),
        filter
            .booked_before
            .map(|day| ("bank_entries.booked_on < ", Bind::Date(day))),
        filter
            .updated_from
            .map(|at| ("bank_entries.updated_at >= ", Bind::Stamp(at))),
        filter
            .updated_before
            .map(|at| ("bank_entries.updated_at < ", Bind::Stamp(at))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(conditions, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}

/// A page of statements, the latest imported first.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_statements(db: &mut Db, page: &Page) -> Result<Listed<BankStatement>> {
    let order = order_of_statements();
    listing::list::<StatementType, BankStatement>(db, &STATEMENTS, Conditions::none(), &order, page)
}

/// How many statements there are.
///
/// # Errors
/// What the database says.
pub fn count_statements(db: &mut Db) -> Result<i64> {
    listing::count(db, &STATEMENTS, Conditions::none())
}

/// How a list of statements is sorted: the latest imported first.
#[must_use]
pub fn order_of_statements() -> Order<BankStatement> {
    Order {
        keys: vec![OrderKey {
            column: "bank_statements.created_at",
            descending: true,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |statement| KeyValue::Stamp(statement.created_at),
        }],
        id: |statement| statement.id.uuid(),
    }
}
