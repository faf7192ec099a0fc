//! Pages of credit notes. What it is not: single ones (`store`).

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::sql::{Bind, Sql};
use crate::finance::credit_notes::model::{CreditNote, CreditNoteFilter, CreditNoteOrder};
use crate::finance::credit_notes::store::RowType;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;
use crate::kernel::page::{KeyKind, KeyValue, Page};

const SOURCE: Source = Source {
    columns: "credit_notes",
    from: "credit_notes",
    id: "credit_notes.id",
    parent: "credit_notes.city_id",
};

/// A page of the credit notes that the scope lets see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &CreditNoteFilter,
    order: &[CreditNoteOrder],
    page: &Page,
) -> Result<Listed<CreditNote>> {
    let (order, conditions) = (self::order(order), conditions(scope, filter));
    listing::list::<RowType, CreditNote>(db, &SOURCE, conditions, &order, page)
}

/// How many credit notes a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &CreditNoteFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// How a list of credit notes is sorted: the newest first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[CreditNoteOrder]) -> Order<CreditNote> {
    let asked = if order.is_empty() {
        &[CreditNoteOrder::CreatedAtDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().copied().map(order_key).collect(),
        id: |note| note.id.uuid(),
    }
}

fn order_key(order: CreditNoteOrder) -> OrderKey<CreditNote> {
    match order {
        CreditNoteOrder::CreatedAtAsc | CreditNoteOrder::CreatedAtDesc => OrderKey {
            column: "credit_notes.created_at",
            descending: order == CreditNoteOrder::CreatedAtDesc,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |note| KeyValue::Stamp(note.created_at),
        },
        CreditNoteOrder::IssuedOnAsc | CreditNoteOrder::IssuedOnDesc => OrderKey {
            column: "credit_notes.issued_on",
            descending: order == CreditNoteOrder::IssuedOnDesc,
            nullable: true,
            kind: KeyKind::Date,
            value: |note| note.issued_on.map_or(KeyValue::Null, KeyValue::Date),
        },
        CreditNoteOrder::UpdatedAtAsc | CreditNoteOrder::UpdatedAtDesc => OrderKey {
            column: "credit_notes.updated_at",
            descending: order == CreditNoteOrder::UpdatedAtDesc,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |note| KeyValue::Stamp(note.updated_at),
        },
    }
}

/// A proposal is finance's own: a city sees what is issued.
fn conditions(scope: &Scope, filter: &CreditNoteFilter) -> Conditions {
    let mut conditions = match scope {
        Scope::All => Conditions::none(),
        Scope::Own { .. } => Conditions::none()
            .and(Sql::new("credit_notes.city_id").in_uids(scope.city_keys()))
            .and(Sql::new("credit_notes.status = 'ISSUED'")),
    };
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("credit_notes.status").in_texts(words));
    }
    let bounds = [
        filter
            .city
            .map(|city| ("credit_notes.city_id = ", Bind::Uid(city.uuid()))),
        filter
            .invoice
            .map(|invoice| ("credit_notes.invoice_id = ", Bind::Uid(invoice.uuid()))),
        filter
            .issued_from
            .map(|day| ("credit_notes.issued_on >= ", Bind::Date(day))),
        filter
            .issued_before
            .map(|day| ("credit_notes.issued_on < ", Bind::Date(day))),
        filter
            .updated_from
            .map(|at| ("credit_notes.updated_at >= ", Bind::Stamp(at))),
        filter
            .updated_before
            .map(|at| ("credit_notes.updated_at < ", Bind::Stamp(at))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(conditions, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}
