//! Bringing a database to the shape this binary knows, and telling whether it is there. What it is
//! not: the statements; those are in `migrations/`, one folder for each database.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::db::Db;
use crate::kernel::error::Result;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Applies what is pending and names it, oldest first.
///
/// # Errors
/// A migration failed; those before it stay applied.
pub fn apply(db: &mut Db) -> Result<Vec<String>> {
    let versions = match db {
        Db::Sqlite(connection) => connection.run_pending_migrations(SQLITE),
        Db::Postgres(connection) => connection.run_pending_migrations(POSTGRES),
    };
    names(versions)
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

/// The migrations that this binary knows and the database has not, oldest first.
///
/// # Errors
/// What the database says.
pub fn pending(db: &mut Db) -> Result<Vec<String>> {
    let pending = match db {
        Db::Sqlite(connection) => connection.pending_migrations(SQLITE).map(|migrations| {
            migrations
                .iter()
                .map(|one| one.name().to_string())
                .collect()
        }),
        Db::Postgres(connection) => connection.pending_migrations(POSTGRES).map(|migrations| {
            migrations
                .iter()
                .map(|one| one.name().to_string())
                .collect()
        }),
    };
    pending.map_err(|error| anyhow::anyhow!("pending migrations: {error}").into())
}

fn names<E: std::fmt::Display>(
    versions: std::result::Result<Vec<diesel::migration::MigrationVersion<'_>>, E>,
) -> Result<Vec<String>> {
    let versions = versions.map_err(|error| anyhow::anyhow!("migration: {error}"))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}
