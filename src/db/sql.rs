//! SQL written by hand with typed values, prepared once. `diesel::sql_query` is parsed and planned
//! on each call, and diesel's `IN` list has another text for each length on SQLite; a statement of
//! this module has the same text for any number of values. What it is not: a way to put a client's
//! words into SQL; the pieces of text are `'static`.

use std::marker::PhantomData;

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{Array, BigInt, Bool, Date, Text};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

use crate::db::Db;
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::page::KeyValue;
use crate::kernel::sql_types::{Doc, Stamp, Uid};

/// A value in a statement.
#[derive(Debug, Clone)]
pub enum Bind {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// A civil date.
    Date(NaiveDate),
    /// An instant.
    Stamp(Instant),
    /// A key.
    Uid(Uuid),
    /// A document.
    Json(Json),
}

impl Bind {
    /// The bind of an order key's value; `None` for null, which has its own text.
    #[must_use]
    pub fn of_key(value: &KeyValue) -> Option<Self> {
        Some(match value {
            KeyValue::Null => return None,
            KeyValue::Text(text) => Self::Text(text.clone()),
            KeyValue::Int(number) => Self::Int(*number),
            KeyValue::Date(date) => Self::Date(*date),
            KeyValue::Stamp(instant) => Self::Stamp(*instant),
        })
    }
}

#[derive(Debug, Clone)]
enum Part {
    Text(&'static str),
    Bind(Bind),
    /// `IN` a set of keys: the PostgreSQL array and the JSON text that SQLite unpacks.
    InUids(Vec<Uuid>, Json),
    InTexts(Vec<String>, Json),
    /// A set of keys as rows with one column, for a join: SQLite and PostgreSQL spell it differently.
    UidRows(Vec<Uuid>),
}

/// A statement, or a piece of one, under construction.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    parts: Vec<Part>,
}

impl Sql {
    /// A statement that begins with this text.
    #[must_use]
    pub fn new(text: &'static str) -> Self {
        Self {
            parts: vec![Part::Text(text)],
        }
    }

    /// Appends text.
    #[must_use]
    pub fn text(mut self, text: &'static str) -> Self {
        self.parts.push(Part::Text(text));
        self
    }

    /// Appends a value.
    #[must_use]
    pub fn bind(mut self, bind: Bind) -> Self {
        self.parts.push(Part::Bind(bind));
        self
    }

    /// Appends a text value.
    #[must_use]
    pub fn bind_text(self, text: impl Into<String>) -> Self {
        self.bind(Bind::Text(text.into()))
    }

    /// Appends a number.
    #[must_use]
    pub fn bind_int(self, number: i64) -> Self {
        self.bind(Bind::Int(number))
    }

    /// Appends a date.
    #[must_use]
    pub fn bind_date(self, date: NaiveDate) -> Self {
        self.bind(Bind::Date(date))
    }

    /// Appends a key.
    #[must_use]
    pub fn bind_uid(self, uuid: Uuid) -> Self {
        self.bind(Bind::Uid(uuid))
    }

    /// Appends ` IN (these keys)`, as one value whatever their number.
    #[must_use]
    pub fn in_uids(mut self, uuids: Vec<Uuid>) -> Self {
        let hex = uuids
            .iter()
            .map(|uuid| serde_json::Value::String(uuid.simple().to_string()))
            .collect();
        self.parts
            .push(Part::InUids(uuids, Json(serde_json::Value::Array(hex))));
        self
    }

    /// Appends ` IN (these words)`, as one value whatever their number.
    #[must_use]
    pub fn in_texts(mut self, words: Vec<String>) -> Self {
        let values = words
            .iter()
            .map(|word| serde_json::Value::String(word.clone()))
            .collect();
        self.parts
            .push(Part::InTexts(words, Json(serde_json::Value::Array(values))));
        self
    }

    /// PostgreSQL only: appends the keys as rows of one column.
    #[must_use]
    pub fn uid_rows(mut self, uuids: Vec<Uuid>) -> Self {
        self.parts.push(Part::UidRows(uuids));
        self
    }

    /// Appends another piece.
    #[must_use]
    pub fn append(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The statement with the SQL type of its rows: that of a table's `all_columns`, or a tuple.
    #[must_use]
    pub fn typed<ST>(self) -> Typed<ST> {
        Typed {
            sql: self,
            row: PhantomData,
        }
    }

    /// Runs the statement and reads all rows.
    ///
    /// # Errors
    /// What the database says.
    pub fn load<ST, R>(self, db: &mut Db) -> QueryResult<Vec<R>>
    where
        Typed<ST>:
            for<'q> LoadQuery<'q, PgConnection, R> + for<'q> LoadQuery<'q, SqliteConnection, R>,
    {
        crate::on_backend!(db, connection => self.typed::<ST>().load::<R>(connection))
    }

    /// Runs the statement and reads its only row's number.
    ///
    /// # Errors
    /// What the database says.
    pub fn number(self, db: &mut Db) -> QueryResult<i64> {
        Ok(self
            .load::<BigInt, i64>(db)?
            .first()
            .copied()
            .unwrap_or_default())
    }

    /// Runs the statement and tells how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub fn execute(self, db: &mut Db) -> QueryResult<usize> {
        crate::on_backend!(db, connection => self.typed::<BigInt>().execute(connection))
    }
}

/// A statement whose rows have the SQL type `ST`.
#[derive(Debug, Clone)]
pub struct Typed<ST> {
    sql: Sql,
    row: PhantomData<ST>,
}

impl<ST> QueryId for Typed<ST> {
    type QueryId = ();
    // The text differs from statement to statement: diesel's cache then goes by the text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Typed<ST> {
    type SqlType = ST;
}

impl<C, ST> RunQueryDsl<C> for Typed<ST> {}

fn push_bind<'b, DB>(out: &mut AstPass<'_, 'b, DB>, bind: &'b Bind) -> QueryResult<()>
where
    DB: diesel::backend::Backend
        + diesel::sql_types::HasSqlType<Uid>
        + diesel::sql_types::HasSqlType<Stamp>
        + diesel::sql_types::HasSqlType<Doc>
        + diesel::sql_types::HasSqlType<Bool>,
    str: diesel::serialize::ToSql<Text, DB>,
    i64: diesel::serialize::ToSql<BigInt, DB>,
    bool: diesel::serialize::ToSql<Bool, DB>,
    NaiveDate: diesel::serialize::ToSql<Date, DB>,
    Instant: diesel::serialize::ToSql<Stamp, DB>,
    Uuid: diesel::serialize::ToSql<Uid, DB>,
    Json: diesel::serialize::ToSql<Doc, DB>,
{
    match bind {
        Bind::Text(text) => out.push_bind_param::<Text, str>(text),
        Bind::Int(number) => out.push_bind_param::<BigInt, i64>(number),
        Bind::Bool(truth) => out.push_bind_param::<Bool, bool>(truth),
        Bind::Date(date) => out.push_bind_param::<Date, NaiveDate>(date),
        Bind::Stamp(instant) => out.push_bind_param::<Stamp, Instant>(instant),
        Bind::Uid(uuid) => out.push_bind_param::<Uid, Uuid>(uuid),
        Bind::Json(document) => out.push_bind_param::<Doc, Json>(document),
    }
}

impl<ST> QueryFragment<Pg> for Typed<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in &self.sql.parts {
            match part {
                Part::Text(text) => out.push_sql(text),
                Part::Bind(bind) => push_bind(&mut out, bind)?,
                Part::InUids(uuids, _) => {
                    out.push_sql(" = ANY(");
                    out.push_bind_param::<Array<Uid>, Vec<Uuid>>(uuids)?;
                    out.push_sql(")");
                }
                Part::InTexts(words, _) => {
                    out.push_sql(" = ANY(");
                    out.push_bind_param::<Array<Text>, Vec<String>>(words)?;
                    out.push_sql(")");
                }
                Part::UidRows(uuids) => {
                    out.push_sql("unnest(");
                    out.push_bind_param::<Array<Uid>, Vec<Uuid>>(uuids)?;
                    out.push_sql(")");
                }
            }
        }
        Ok(())
    }
}

impl<ST> QueryFragment<Sqlite> for Typed<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        for part in &self.sql.parts {
            match part {
                Part::Text(text) => out.push_sql(text),
                Part::Bind(bind) => push_bind(&mut out, bind)?,
                Part::InUids(_, hex) => {
                    out.push_sql(" IN (SELECT unhex(value) FROM json_each(");
                    out.push_bind_param::<Doc, Json>(hex)?;
                    out.push_sql("))");
                }
                Part::InTexts(_, words) => {
                    out.push_sql(" IN (SELECT value FROM json_each(");
                    out.push_bind_param::<Doc, Json>(words)?;
                    out.push_sql("))");
                }
                Part::UidRows(_) => {
                    return Err(diesel::result::Error::QueryBuilderError(
                        "rows of keys are for PostgreSQL only".into(),
                    ));
                }
            }
        }
        Ok(())
    }
}
