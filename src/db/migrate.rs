//! Bringing a database to the shape this binary knows, and telling whether it is there. What it is
//! not: the statements; those are in `migrations/`, one folder for each database.

use std::collections::BTreeSet;

use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::db::Db;
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The number of the advisory lock that whoever prepares a PostgreSQL database holds. Each database
/// of a server has its own locks, and this service takes no other of this kind.
const PREPARING: i64 = 2_026_112_214;

/// Applies what is pending and names it, oldest first. Whoever comes while another process applies
/// waits for it, and then finds nothing pending.
///
/// # Errors
/// A migration failed; those before it stay applied.
pub fn apply(db: &mut Db) -> Result<Vec<String>> {
    alone(db, |db| {
        let versions = match db {
            Db::Sqlite(connection) => connection.run_pending_migrations(SQLITE),
            Db::Postgres(connection) => connection.run_pending_migrations(POSTGRES),
        };
        names(versions)
    })
}

/// Runs `work` while no other process prepares the same PostgreSQL database: under an advisory lock,
/// which goes with its connection and may be taken again by who has it. On SQLite the caller holds
/// the lock beside the file.
///
/// # Errors
/// The error of `work`; what the database says.
pub fn alone<T, E: From<Error>>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    if let Db::Sqlite(_) = db {
        return work(db);
    }
    let had = Sql::new("SELECT CASE WHEN pg_try_advisory_lock(")
        .bind_int(PREPARING)
        .text(") THEN 1::bigint ELSE 0::bigint END")
        .number(db)
        .map_err(Error::from)?;
    if had == 0 {
        tracing::info!("waiting for another process that prepares this database");
        Sql::new("SELECT 1::bigint FROM pg_advisory_lock(")
            .bind_int(PREPARING)
            .text(")")
            .number(db)
            .map_err(Error::from)?;
    }
    let done = work(db)?;
    Sql::new("SELECT 1::bigint FROM pg_advisory_unlock(")
        .bind_int(PREPARING)
        .text(")")
        .number(db)
        .map_err(Error::from)?;
    Ok(done)
}

/// Takes every migration back, newest first. Data is lost; only tests ask for it.
///
/// # Errors
/// A migration cannot be taken back.
pub fn revert_all(db: &mut Db) -> Result<Vec<String>> {
    let versions = match db {
        Db::Sqlite(connection) => connection.revert_all_migrations(SQLITE),
        Db::Postgres(connection) => connection.revert_all_migrations(POSTGRES),
    };
    names(versions)
}

/// The migrations that this binary knows and the database has not, oldest first. Nothing is written,
/// also where no migration ever ran.
///
/// # Errors
/// What the database says.
pub fn pending(db: &mut Db) -> Result<Vec<String>> {
    let applied = applied(db)?;
    let mut pending = known(db)?;
    pending.retain(|(version, _)| !applied.contains(version));
    Ok(pending.into_iter().map(|(_, name)| name).collect())
}

/// The versions of the migrations that the database has and this binary does not know, oldest first:
/// a newer release was here.
///
/// # Errors
/// What the database says.
pub fn newer(db: &mut Db) -> Result<Vec<String>> {
    let known: BTreeSet<String> = known(db)?.into_iter().map(|(version, _)| version).collect();
    Ok(applied(db)?.difference(&known).cloned().collect())
}

/// The versions that the database has. diesel's own question would make the table that it reads,
/// which several processes must not do at once.
fn applied(db: &mut Db) -> Result<BTreeSet<String>> {
    let has_table = match db {
        Db::Sqlite(_) => {
            "SELECT count(*) FROM sqlite_schema WHERE name = '__diesel_schema_migrations'"
        }
        Db::Postgres(_) => {
            "SELECT count(*) FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')"
        }
    };
    if Sql::new(has_table).number(db)? == 0 {
        return Ok(BTreeSet::new());
    }
    let versions = Sql::new("SELECT version FROM __diesel_schema_migrations");
    Ok(versions.load::<Text, String>(db)?.into_iter().collect())
}

/// The migrations of this binary for a database, as version and name, oldest first.
fn known(db: &Db) -> Result<Vec<(String, String)>> {
    match db {
        Db::Sqlite(_) => listed::<Sqlite>(&SQLITE),
        Db::Postgres(_) => listed::<Pg>(&POSTGRES),
    }
}

fn listed<B: Backend>(source: &impl MigrationSource<B>) -> Result<Vec<(String, String)>> {
    let migrations = source
        .migrations()
        .map_err(|error| anyhow::anyhow!("the migrations of this program: {error}"))?;
    let mut listed: Vec<(String, String)> = migrations
        .iter()
        .map(|one| (one.name().version().to_string(), one.name().to_string()))
        .collect();
    listed.sort_unstable();
    Ok(listed)
}

fn names<E: std::fmt::Display>(
    versions: std::result::Result<Vec<diesel::migration::MigrationVersion<'_>>, E>,
) -> Result<Vec<String>> {
    let versions = versions.map_err(|error| anyhow::anyhow!("migration: {error}"))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}
