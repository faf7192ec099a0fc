//! The order of a list by keys, and the condition "behind this row" that a page begins with. What it
//! is not: pages; those are in `listing.rs`.

use uuid::Uuid;

use crate::db::sql::{Bind, Sql};
use crate::kernel::error::Result;
use crate::kernel::page::{Cursor, KeyKind, KeyValue, wrong_cursor};

/// One key of an order.
#[derive(Debug)]
pub struct OrderKey<R> {
    /// The column or expression.
    pub column: &'static str,
    /// What kind of values it has.
    pub kind: KeyKind,
    /// The largest first.
    pub descending: bool,
    /// Whether the column may be null; such rows come last in either direction.
    pub nullable: bool,
    /// The value in a row, for its cursor.
    pub value: fn(&R) -> KeyValue,
}

impl<R> Clone for OrderKey<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for OrderKey<R> {}

/// How a list is ordered: some keys, then the id in the direction of the last key.
#[derive(Debug)]
pub struct Order<R> {
    /// The keys before the id.
    pub keys: Vec<OrderKey<R>>,
    /// The id of a row.
    pub id: fn(&R) -> Uuid,
}

impl<R> Clone for Order<R> {
    fn clone(&self) -> Self {
        Self {
            keys: self.keys.clone(),
            id: self.id,
        }
    }
}

impl<R> Order<R> {
    /// Where a row stands in a list of this order.
    pub fn cursor(&self, row: &R) -> Cursor {
        Cursor {
            order: self.tag(),
            keys: self.keys.iter().map(|key| (key.value)(row)).collect(),
            id: (self.id)(row),
        }
    }

    fn id_descends(&self) -> bool {
        self.keys.last().is_some_and(|key| key.descending)
    }
}

pub(super) fn order_by<R>(
    statement: Sql,
    id: &'static str,
    order: &Order<R>,
    backward: bool,
) -> Sql {
    let mut statement = statement.text(" ORDER BY ");
    for key in &order.keys {
        if key.nullable {
            // Both databases can sort nulls, but not in one spelling that also uses the index.
            statement = statement.text("(").text(key.column).text(if backward {
                " IS NULL) DESC, "
            } else {
                " IS NULL), "
            });
        }
        statement = statement
            .text(key.column)
            .text(direction(key.descending, backward))
            .text(", ");
    }
    statement
        .text(id)
        .text(direction(order.id_descends(), backward))
}

fn direction(descending: bool, backward: bool) -> &'static str {
    if descending == backward { "" } else { " DESC" }
}

/// The condition "behind the cursor" (or before it). Where all keys run the same way and none is
/// null it is a row comparison, which an index answers; otherwise the keys are compared in turn.
pub(super) fn beyond<R>(
    id: &'static str,
    order: &Order<R>,
    cursor: &Cursor,
    before: bool,
) -> Result<Sql> {
    order.expect(cursor)?;
    let same_way = order
        .keys
        .iter()
        .all(|key| !key.nullable && key.descending == order.id_descends());
    let comparison = |descending: bool| if descending == before { " > " } else { " < " };
    if same_way {
        let mut left = Sql::new("(");
        let mut right = Sql::new("(");
        for (key, value) in order.keys.iter().zip(&cursor.keys) {
            left = left.text(key.column).text(", ");
            right = match Bind::of_key(value) {
                Some(bind) => right.bind(bind).text(", "),
                None => return Err(wrong_cursor()),
            };
        }
        let left = left.text(id).text(")");
        let right = right.bind_uid(cursor.id).text(")");
        return Ok(left.text(comparison(order.id_descends())).append(right));
    }

    let mut alternatives: Option<Sql> = None;
    let mut equal_so_far: Option<Sql> = None;
    let join = |parts: Option<Sql>, word: &'static str, part: Sql| match parts {
        None => part,
        Some(parts) => parts.text(word).append(part),
    };
    for (key, value) in order.keys.iter().zip(&cursor.keys) {
        let bind = Bind::of_key(value);
        // Nulls are last: nothing is behind a null key, everything with a value is before it.
        let further = match (&bind, before) {
            (None, false) => None,
            (None, true) => Some(Sql::new(key.column).text(" IS NOT NULL")),
            (Some(bind), _) => {
                let compared = Sql::new("(")
                    .text(key.column)
                    .text(comparison(key.descending))
                    .bind(bind.clone());
                Some(if key.nullable && !before {
                    compared.text(" OR ").text(key.column).text(" IS NULL)")
                } else {
                    compared.text(")")
                })
            }
        };
        if let Some(further) = further {
            let whole = join(equal_so_far.clone(), " AND ", further);
            alternatives = Some(join(alternatives, ") OR (", whole));
        }
        let equal = match bind {
            None => Sql::new(key.column).text(" IS NULL"),
            Some(bind) => Sql::new(key.column).text(" = ").bind(bind),
        };
        equal_so_far = Some(join(equal_so_far, " AND ", equal));
    }
    let by_id = Sql::new(id)
        .text(comparison(order.id_descends()))
        .bind_uid(cursor.id);
    let whole = join(equal_so_far, " AND ", by_id);
    Ok(Sql::new("(")
        .append(join(alternatives, ") OR (", whole))
        .text(")"))
}
