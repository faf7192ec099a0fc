//! Whether every reference of the database has its row, found by looking at all of them: a
//! constraint that is in force can still stand over rows that were written while it was not. What
//! it is not: the constraints.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::Db;
use crate::db::sql::Sql;
use crate::kernel::error::Result;

/// References of one kind that lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Queryable)]
pub struct Dangling {
    /// The constraint on PostgreSQL; on SQLite, which names none, the two tables.
    #[diesel(sql_type = Text)]
    pub reference: String,
    /// How many rows.
    #[diesel(sql_type = BigInt)]
    pub rows: i64,
}

/// The references that lead nowhere; empty when all is well.
///
/// # Errors
/// What the database says.
pub fn dangling(db: &mut Db) -> Result<Vec<Dangling>> {
    match db {
        Db::Sqlite(_) => Ok(Sql::new(
            "SELECT \"table\" || ' to ' || parent, count(*) FROM pragma_foreign_key_check GROUP BY \"table\", parent ORDER BY 1",
        )
        .load::<(Text, BigInt), Dangling>(db)?),
        Db::Postgres(_) => on_postgres(db),
    }
}

/// How many references the database declares.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db) -> Result<i64> {
    let statement = match db {
        Db::Sqlite(_) => {
            "SELECT count(*) FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) WHERE t.type = 'table'"
        }
        Db::Postgres(_) => {
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        }
    };
    Ok(Sql::new(statement).number(db)?)
}

/// PostgreSQL has no such check of its own: it writes the statement for each of its constraints,
/// names quoted by itself, and each is run.
fn on_postgres(db: &mut Db) -> Result<Vec<Dangling>> {
    let statements = Sql::new(
        "SELECT format('SELECT %L::text AS reference, count(*) AS rows FROM %s AS here WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS there WHERE %s)', \
         c.conname, c.conrelid::regclass, string_agg(format('here.%I IS NOT NULL', own.attname), ' AND '), \
         c.confrelid::regclass, string_agg(format('there.%I = here.%I', other.attname, own.attname), ' AND ')) \
         FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(own, other) \
         JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attnum = k.own \
         JOIN pg_attribute other ON other.attrelid = c.confrelid AND other.attnum = k.other \
         WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace \
         GROUP BY c.oid, c.conname, c.conrelid, c.confrelid ORDER BY c.conname",
    )
    .load::<Text, String>(db)?;
    let mut found = Vec::new();
    if let Db::Postgres(connection) = db {
        for statement in statements {
            let counted: Vec<Dangling> = diesel::sql_query(statement).load(connection)?;
            found.extend(counted.into_iter().filter(|dangling| dangling.rows > 0));
        }
    }
    Ok(found)
}
