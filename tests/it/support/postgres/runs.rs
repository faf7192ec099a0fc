//! Test runs that share one database at the same time or one after the other: their names, and what
//! they leave behind. It does not make the schemas of the tests.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection, PgConnection, RunQueryDsl};
use uuid::Uuid;

/// The first key of the advisory locks taken here; the second is the number of a run, or 0 while
/// the extension is made.
const LOCKS: i32 = 0x6369_7479;

/// Gives this run a number that no living run on the same database has, and returns what its names
/// begin with. The lock shows other runs that what bears the number is in use.
pub fn claim(connection: &mut PgConnection) -> diesel::QueryResult<String> {
    loop {
        // The last four bytes of a version 7 UUID are random.
        let number = u32::try_from(Uuid::now_v7().as_u128() & 0xffff_ffff).unwrap_or_default();
        if number != 0 && try_lock(connection, number)? {
            return Ok(format!("cities_test_{number:08x}"));
        }
    }
}

/// Drops the schemas and databases of runs that have ended: nothing drops them at their end, which
/// may be a kill, and a database that many runs use would fill up.
pub fn drop_leftovers(connection: &mut PgConnection) -> diesel::QueryResult<()> {
    let drops = sql::<(Text, Text)>(
        "SELECT name, statement FROM ( \
         SELECT nspname::text AS name, \
         format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) AS statement FROM pg_namespace \
         UNION ALL \
         SELECT datname::text, format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname) \
         FROM pg_database \
         ) AS made WHERE name ~ '^cities_test_[0-9a-f]{8}_[0-9]{4,}$'",
    )
    .load::<(String, String)>(connection)?;
    let mut by_run: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (name, statement) in drops {
        let number = name
            .split('_')
            .nth(2)
            .and_then(|number| u32::from_str_radix(number, 16).ok());
        if let Some(number) = number {
            by_run.entry(number).or_default().push(statement);
        }
    }
    for (number, statements) in by_run {
        if try_lock(connection, number)? {
            // Each by itself: one transaction for all would hold too many locks.
            for statement in statements {
                connection.batch_execute(&statement)?;
            }
            connection.batch_execute(&format!(
                "SELECT pg_advisory_unlock({LOCKS}, {})",
                number.cast_signed()
            ))?;
        }
    }
    Ok(())
}

/// Exclusion constraints need the extension. Two runs that made it at once would disturb each other
/// despite `IF NOT EXISTS`.
pub fn create_extension(connection: &mut PgConnection) -> diesel::QueryResult<()> {
    connection.transaction(|connection| {
        connection.batch_execute(&format!(
            "SELECT pg_advisory_xact_lock({LOCKS}, 0); \
             CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public"
        ))
    })
}

fn try_lock(connection: &mut PgConnection, number: u32) -> diesel::QueryResult<bool> {
    let key = number.cast_signed();
    diesel::select(sql::<Bool>(&format!(
        "pg_try_advisory_lock({LOCKS}, {key})"
    )))
    .get_result(connection)
}
