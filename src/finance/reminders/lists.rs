//! Pages of reminders and of their runs. What it is not: single ones (`store`).

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::reminders::model::{Reminder, ReminderFilter, ReminderOrder, ReminderRun};
use crate::finance::reminders::store::{RowType, RunType};
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const SOURCE: Source = Source {
    columns: "reminders",
    from: "reminders",
    id: "reminders.id",
    parent: "reminders.city_id",
};

const RUNS: Source = Source {
    columns: "reminder_runs",
    from: "reminder_runs",
    id: "reminder_runs.id",
    parent: "",
};

/// A page of the reminders that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &ReminderFilter,
    order: &[ReminderOrder],
    page: &Page,
) -> Result<Listed<Reminder>> {
    let (order, conditions) = (self::order(order), conditions(scope, filter));
    listing::list::<RowType, Reminder>(db, &SOURCE, conditions, &order, page)
}

/// How many reminders a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &ReminderFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// How a list of reminders is sorted: the latest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[ReminderOrder]) -> Order<Reminder> {
    let asked = if order.is_empty() {
        &[ReminderOrder::SentOnDesc][..]
    } else {
        order
    };
    let key = |order: &ReminderOrder| OrderKey {
        column: "reminders.sent_on",
        descending: *order == ReminderOrder::SentOnDesc,
        nullable: false,
        kind: KeyKind::Date,
        value: |reminder: &Reminder| KeyValue::Date(reminder.sent_on),
    };
    Order {
        keys: asked.iter().map(key).collect(),
        id: |reminder| reminder.id.uuid(),
    }
}

/// A page of the runs, the newest first.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_runs(db: &mut Db, page: &Page) -> Result<Listed<ReminderRun>> {
    listing::list::<RunType, ReminderRun>(db, &RUNS, Conditions::none(), &order_of_runs(), page)
}

/// How many runs there are.
///
/// # Errors
/// What the database says.
pub fn count_runs(db: &mut Db) -> Result<i64> {
    listing::count(db, &RUNS, Conditions::none())
}

/// As they were started, the newest first.
#[must_use]
pub fn order_of_runs() -> Order<ReminderRun> {
    Order {
        keys: vec![OrderKey {
            column: "reminder_runs.created_at",
            descending: true,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |run| KeyValue::Stamp(run.created_at),
        }],
        id: |run| run.id.uuid(),
    }
}

fn conditions(scope: &Scope, filter: &ReminderFilter) -> Conditions {
    let mut conditions = match scope {
        Scope::All => Conditions::none(),
        Scope::Own { .. } => {
            Conditions::none().and(Sql::new("reminders.city_id").in_uids(scope.city_keys()))
        }
    };
    if let Some(levels) = &filter.level {
        let mut one_of = Sql::new("0 = 1");
        for level in levels {
            one_of = one_of
                .text(" OR reminders.level = ")
                .bind_int(i64::from(*level));
        }
        conditions = conditions.and(one_of);
    }
    let bounds = [
        filter
            .city
            .map(|city| ("reminders.city_id = ", Bind::Uid(city.uuid()))),
        filter
            .invoice
            .map(|invoice| ("reminders.invoice_id = ", Bind::Uid(invoice.uuid()))),
        filter
            .sent_from
            .map(|day| ("reminders.sent_on >= ", Bind::Date(day))),
        filter
            .sent_before
            .map(|day| ("reminders.sent_on < ", Bind::Date(day))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(conditions, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}
