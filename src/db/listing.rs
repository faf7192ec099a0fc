//! Pages of lists by keyset, forwards and backwards, for one list or for one list a parent in a
//! single statement. What it is not: filters; a slice hands its conditions over as [`Sql`].

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use crate::db::Db;
pub use crate::db::keyset::{Order, OrderKey};
use crate::db::keyset::{beyond, order_by};
use crate::db::sql::{Sql, Typed};
use crate::kernel::error::Result;
use crate::kernel::page::Page;
use crate::kernel::sql_types::Uid;

/// Where a list's rows come from.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The table whose columns are read, all of them in the order of `schema.rs`.
    pub columns: &'static str,
    /// What stands after FROM: the table, with joins where the list needs them.
    pub from: &'static str,
    /// The id column, the last key of every order.
    pub id: &'static str,
    /// The column that holds the parent, for lists of a parent; empty for others.
    pub parent: &'static str,
}

/// A page of rows.
#[derive(Debug, Clone)]
pub struct Listed<R> {
    /// The rows in the order of the list, whichever direction was asked for.
    pub rows: Vec<R>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows come before.
    pub has_previous: bool,
}

impl<R> Default for Listed<R> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            has_next: false,
            has_previous: false,
        }
    }
}

/// Conditions that hold together.
#[derive(Debug, Clone, Default)]
pub struct Conditions(Sql);

impl Conditions {
    /// No condition.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One more condition.
    #[must_use]
    pub fn and(self, condition: Sql) -> Self {
        if self.0.is_empty() {
            Self(Sql::new("(").append(condition).text(")"))
        } else {
            Self(self.0.text(" AND (").append(condition).text(")"))
        }
    }
}

/// A page of a list.
///
/// # Errors
/// `BadRequest` for a cursor of another list or order; else what the database says.
pub fn list<ST, R>(
    db: &mut Db,
    source: &Source,
    conditions: Conditions,
    order: &Order<R>,
    page: &Page,
) -> Result<Listed<R>>
where
    Typed<ST>: for<'q> LoadQuery<'q, PgConnection, R> + for<'q> LoadQuery<'q, SqliteConnection, R>,
{
    let conditions = with_bounds(conditions, source, order, page)?;
    let statement = Sql::new("SELECT ")
        .text(source.columns)
        .text(".* FROM ")
        .text(source.from);
    let statement = order_by(
        filtered(statement, conditions),
        source.id,
        order,
        page.backward,
    );
    let rows = statement
        .text(" LIMIT ")
        .bind_int(page.size + 1)
        .load::<ST, R>(db)?;
    Ok(cut(rows, page))
}

/// The same page of one list for each parent, in one statement.
///
/// # Errors
/// `BadRequest` for a cursor of another list or order; else what the database says.
pub fn list_for<ST, R>(
    db: &mut Db,
    source: &Source,
    parents: &[Uuid],
    conditions: Conditions,
    order: &Order<R>,
    page: &Page,
) -> Result<HashMap<Uuid, Listed<R>>>
where
    Typed<(Uid, ST)>: for<'q> LoadQuery<'q, PgConnection, (Uuid, R)>
        + for<'q> LoadQuery<'q, SqliteConnection, (Uuid, R)>,
{
    let conditions = with_bounds(conditions, source, order, page)?;
    let statement = match db {
        Db::Postgres(_) => each_parent_lateral(source, parents, conditions, order, page),
        Db::Sqlite(_) => each_parent_numbered(source, parents, conditions, order, page),
    };
    let mut pages: HashMap<Uuid, Vec<R>> = HashMap::with_capacity(parents.len());
    for (parent, row) in statement.load::<(Uid, ST), (Uuid, R)>(db)? {
        pages.entry(parent).or_default().push(row);
    }
    Ok(pages
        .into_iter()
        .map(|(parent, rows)| (parent, cut(rows, page)))
        .collect())
}

/// How many rows a list has.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, source: &Source, conditions: Conditions) -> Result<i64> {
    let statement = Sql::new("SELECT count(*) FROM ").text(source.from);
    Ok(filtered(statement, conditions).number(db)?)
}

/// How many rows the list of each parent has; a parent without rows is absent.
///
/// # Errors
/// What the database says.
pub fn count_for(
    db: &mut Db,
    source: &Source,
    parents: &[Uuid],
    conditions: Conditions,
) -> Result<HashMap<Uuid, i64>> {
    let of_parents = Sql::new(source.parent).in_uids(parents.to_vec());
    let statement = Sql::new("SELECT ")
        .text(source.parent)
        .text(", count(*) FROM ")
        .text(source.from);
    let statement = filtered(statement, conditions.and(of_parents))
        .text(" GROUP BY ")
        .text(source.parent);
    Ok(statement
        .load::<(Uid, BigInt), (Uuid, i64)>(db)?
        .into_iter()
        .collect())
}

/// One index scan of `size + 1` rows for each parent. The rows of a parent arrive in their order,
/// because a limited LATERAL can only be a nested loop.
fn each_parent_lateral<R>(
    source: &Source,
    parents: &[Uuid],
    conditions: Conditions,
    order: &Order<R>,
    page: &Page,
) -> Sql {
    let of_parent = Sql::new(source.parent).text(" = asked.parent");
    let inner = Sql::new("SELECT ")
        .text(source.columns)
        .text(".* FROM ")
        .text(source.from);
    let inner = order_by(
        filtered(inner, conditions.and(of_parent)),
        source.id,
        order,
        page.backward,
    );
    Sql::new("SELECT asked.parent, part.* FROM ")
        .uid_rows(parents.to_vec())
        .text(" AS asked(parent) CROSS JOIN LATERAL (")
        .append(inner)
        .text(" LIMIT ")
        .bind_int(page.size + 1)
        .text(") AS part")
}

/// SQLite has no LATERAL: the rows of all parents are numbered and cut.
fn each_parent_numbered<R>(
    source: &Source,
    parents: &[Uuid],
    conditions: Conditions,
    order: &Order<R>,
    page: &Page,
) -> Sql {
    let of_parents = Sql::new(source.parent).in_uids(parents.to_vec());
    let window = Sql::new("ROW_NUMBER() OVER (PARTITION BY ").text(source.parent);
    let window = order_by(window, source.id, order, page.backward).text(") AS place");
    let inner = Sql::new("SELECT ")
        .text(source.parent)
        .text(" AS parent, ")
        .text(source.columns)
        .text(".*, ")
        .append(window)
        .text(" FROM ")
        .text(source.from);
    Sql::new("SELECT * FROM (")
        .append(filtered(inner, conditions.and(of_parents)))
        .text(") WHERE place <= ")
        .bind_int(page.size + 1)
        .text(" ORDER BY parent, place")
}

fn filtered(statement: Sql, conditions: Conditions) -> Sql {
    if conditions.0.is_empty() {
        statement
    } else {
        statement.text(" WHERE ").append(conditions.0)
    }
}

fn with_bounds<R>(
    conditions: Conditions,
    source: &Source,
    order: &Order<R>,
    page: &Page,
) -> Result<Conditions> {
    let mut conditions = conditions;
    if let Some(cursor) = &page.after {
        conditions = conditions.and(beyond(source.id, order, cursor, false)?);
    }
    if let Some(cursor) = &page.before {
        conditions = conditions.and(beyond(source.id, order, cursor, true)?);
    }
    Ok(conditions)
}

fn cut<R>(mut rows: Vec<R>, page: &Page) -> Listed<R> {
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    if page.backward {
        rows.reverse();
        Listed {
            rows,
            has_next: page.before.is_some(),
            has_previous: more,
        }
    } else {
        Listed {
            rows,
            has_next: more,
            has_previous: page.after.is_some(),
        }
    }
}
