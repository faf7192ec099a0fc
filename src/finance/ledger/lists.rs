//! Pages of transactions. What it is not: their lines.

use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::ledger::model::{LedgerFilter, LedgerOrder, LedgerTransaction};
use crate::finance::ledger::store::RowType;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const SOURCE: Source = Source {
    columns: "ledger_transactions",
    from: "ledger_transactions",
    id: "ledger_transactions.id",
    parent: "ledger_transactions.city_id",
};

/// A page of the transactions.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    filter: &LedgerFilter,
    order: &[LedgerOrder],
    page: &Page,
) -> Result<Listed<LedgerTransaction>> {
    let (order, conditions) = (self::order(order), conditions(filter));
    listing::list::<RowType, LedgerTransaction>(db, &SOURCE, conditions, &order, page)
}

/// How many transactions a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, filter: &LedgerFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(filter))
}

/// How transactions are sorted: the latest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[LedgerOrder]) -> Order<LedgerTransaction> {
    let asked = if order.is_empty() {
        &[LedgerOrder::PostedOnDesc][..]
    } else {
        order
    };
    let key = |order: &LedgerOrder| OrderKey {
        column: "ledger_transactions.posted_on",
        descending: *order == LedgerOrder::PostedOnDesc,
        nullable: false,
        kind: KeyKind::Date,
        value: |row: &LedgerTransaction| KeyValue::Date(row.posted_on),
    };
    Order {
        keys: asked.iter().map(key).collect(),
        id: |row| row.id.uuid(),
    }
}

fn conditions(filter: &LedgerFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("ledger_transactions.kind").in_texts(words));
    }
    if let Some(account) = filter.account {
        conditions = conditions.and(
            Sql::new("EXISTS (SELECT 1 FROM ledger_lines WHERE ledger_lines.transaction_id = ledger_transactions.id AND ledger_lines.account = ")
                .bind_text(account.as_str())
                .text(")"),
        );
    }
    let bounds = [
        filter
            .city
            .map(|city| ("ledger_transactions.city_id = ", Bind::Uid(city.uuid()))),
        filter
            .posted_from
            .map(|day| ("ledger_transactions.posted_on >= ", Bind::Date(day))),
        filter
            .posted_before
            .map(|day| ("ledger_transactions.posted_on < ", Bind::Date(day))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(conditions, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}
