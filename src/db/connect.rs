//! Opening a connection by the scheme of its URL, with the settings that durability and time
//! limits need. What it is not: a pool; each database worker owns one connection.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::Db;

/// Which database a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as libpq reads it.
    Postgres(String),
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is neither SQLite nor PostgreSQL.
    #[error("DATABASE_URL must begin with sqlite:// or postgres://, not {0:?}")]
    Scheme(String),
    /// The URL names no file.
    #[error(
        "DATABASE_URL names no file: write sqlite://folder/name.db, or sqlite:///folder/name.db for an absolute path"
    )]
    NoFile,
    /// The folder of the SQLite file does not exist.
    #[error(
        "the folder {0} of the database file does not exist; create it or correct DATABASE_URL"
    )]
    NoFolder(PathBuf),
    /// The database refused the connection.
    #[error("the database cannot be reached: {0}")]
    Refused(#[from] ConnectionError),
    /// The connection was opened but cannot be set up.
    #[error("the database cannot be set up: {0}")]
    Setup(#[from] diesel::result::Error),
    /// A durability setting is not in force, so acknowledged writes could be lost.
    #[error("the database runs with {0}; acknowledged writes could be lost")]
    NotDurable(String),
}

impl Target {
    /// Reads a database URL.
    ///
    /// # Errors
    /// An unknown scheme or a URL without a file.
    pub fn parse(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() || path.ends_with('/') {
                return Err(OpenError::NoFile);
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(OpenError::Scheme(
            url.split("://").next().unwrap_or_default().to_owned(),
        ))
    }
}

/// What a connection is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Reads only; SQLite then refuses writes.
    Reading,
    /// Reads and writes with the time limits of a request.
    Serving,
    /// Reads and writes without time limits: migrations, imports, checks.
    Administration,
}

/// Opens connections to one database.
#[derive(Debug, Clone)]
pub struct Connector {
    /// The database.
    pub target: Target,
    /// The most pages a SQLite file may have; tests use it to fill the storage.
    pub sqlite_max_pages: Option<u64>,
    /// Statements sent over all connections of this connector, for metrics.
    pub statements: Arc<AtomicU64>,
}

impl Connector {
    /// A connector for a database URL.
    ///
    /// # Errors
    /// The URL cannot be read.
    pub fn new(url: &str, sqlite_max_pages: Option<u64>) -> Result<Self, OpenError> {
        Ok(Self {
            target: Target::parse(url)?,
            sqlite_max_pages,
            statements: Arc::default(),
        })
    }

    /// Whether the database is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self.target, Target::Sqlite(_))
    }

    /// Opens a connection whose statements are counted.
    ///
    /// # Errors
    /// The database is away, or cannot be set up durably.
    pub fn open(&self, purpose: Use) -> Result<Db, OpenError> {
        let mut db = self.establish(purpose)?;
        let statements = Arc::clone(&self.statements);
        db.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                statements.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(db)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where connections are opened"
    )]
    fn establish(&self, purpose: Use) -> Result<Db, OpenError> {
        match &self.target {
            Target::Sqlite(path) => {
                if let Some(folder) = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
                {
                    return Err(OpenError::NoFolder(folder.to_owned()));
                }
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                self.set_up_sqlite(&mut connection, purpose)?;
                Ok(Db::Sqlite(connection))
            }
            Target::Postgres(url) => {
                let mut connection = PgConnection::establish(&with_liveness(url))?;
                set_up_postgres(&mut connection, purpose)?;
                Ok(Db::Postgres(connection))
            }
        }
    }

    fn set_up_sqlite(
        &self,
        connection: &mut SqliteConnection,
        purpose: Use,
    ) -> Result<(), OpenError> {
        connection.batch_execute(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA cache_size = -4000; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;",
        )?;
        if let Some(pages) = self.sqlite_max_pages {
            connection.batch_execute(&format!("PRAGMA max_page_count = {pages};"))?;
        }
        let mode = pragma(
            connection,
            "SELECT journal_mode AS value FROM pragma_journal_mode",
        )?;
        if mode != "wal" {
            return Err(OpenError::NotDurable(format!("journal_mode={mode}")));
        }
        let synchronous = pragma(
            connection,
            "SELECT CAST(synchronous AS TEXT) AS value FROM pragma_synchronous",
        )?;
        if synchronous != "2" {
            return Err(OpenError::NotDurable(format!("synchronous={synchronous}")));
        }
        if purpose == Use::Reading {
            connection.batch_execute("PRAGMA query_only = ON;")?;
        }
        Ok(())
    }
}

fn set_up_postgres(connection: &mut PgConnection, purpose: Use) -> Result<(), OpenError> {
    connection.batch_execute("SET TIME ZONE 'UTC'; SET client_min_messages = warning;")?;
    if purpose != Use::Administration {
        // Plans of prepared statements are kept; planning again for each value costs more than it
        // gains for lookups by key.
        connection.batch_execute("SET statement_timeout = '5s'; SET lock_timeout = '3s'; SET plan_cache_mode = force_generic_plan;")?;
    }
    Ok(())
}

/// A dead peer is noticed in seconds instead of hours, unless the URL says otherwise.
fn with_liveness(url: &str) -> String {
    let mut url = url.to_owned();
    for setting in [
        "connect_timeout=3",
        "keepalives_idle=5",
        "keepalives_interval=2",
        "keepalives_count=2",
        "tcp_user_timeout=10000",
    ] {
        let name = setting.split('=').next().unwrap_or_default();
        if !url.contains(name) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(setting);
        }
    }
    url
}

#[derive(diesel::QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

fn pragma(connection: &mut SqliteConnection, question: &str) -> QueryResult<String> {
    Ok(diesel::sql_query(question)
        .get_result::<Value>(connection)?
        .value)
}

/// The durability settings of a PostgreSQL server that are not safe, as `name=value`.
///
/// # Errors
/// What the database says.
pub fn unsafe_settings(connection: &mut PgConnection) -> QueryResult<Vec<String>> {
    let rows: Vec<Value> = diesel::sql_query(
        "SELECT name || '=' || setting AS value FROM pg_settings \
         WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off' ORDER BY name",
    )
    .load(connection)?;
    Ok(rows.into_iter().map(|row| row.value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_database_urls() {
        assert_eq!(
            Target::parse("sqlite://var/network.db").unwrap(),
            Target::Sqlite("var/network.db".into())
        );
        assert_eq!(
            Target::parse("sqlite:///srv/network.db").unwrap(),
            Target::Sqlite("/srv/network.db".into())
        );
        assert!(matches!(
            Target::parse("postgres://db/network"),
            Ok(Target::Postgres(_))
        ));
        assert!(
            matches!(Target::parse("mysql://db/network"), Err(OpenError::Scheme(scheme)) if scheme == "mysql")
        );
        assert!(matches!(Target::parse("sqlite://"), Err(OpenError::NoFile)));
    }

    #[test]
    fn keeps_the_liveness_settings_of_a_url() {
        assert_eq!(
            with_liveness("postgres://db/n?connect_timeout=9"),
            "postgres://db/n?connect_timeout=9&keepalives_idle=5&keepalives_interval=2&keepalives_count=2&tcp_user_timeout=10000"
        );
    }
}
