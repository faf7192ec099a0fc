//! Every database test on both databases: the macro that names them `sqlite::…` and
//! `postgres::…`, and the fresh database each one gets. What it is not: the PostgreSQL cluster
//! (`postgres.rs`).

use std::path::PathBuf;
use std::sync::OnceLock;

use intercultural_cities::db::connect::Use;
use intercultural_cities::db::{Connector, migrate};
use tempfile::TempDir;

use crate::support::postgres;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A migrated, empty database of its own, and the folder for what lies beside it.
#[derive(Debug)]
pub struct Fresh {
    pub url: String,
    pub folder: TempDir,
}

/// A fresh database; none when PostgreSQL is not tested here.
pub fn fresh(database: Database) -> Option<Fresh> {
    let fresh = empty(database)?;
    if database == Database::Postgres {
        let connector = Connector::new(&fresh.url, None).unwrap();
        migrate::apply(&mut connector.open(Use::Administration).unwrap()).unwrap();
    } else {
        std::fs::copy(template(), fresh.folder.path().join("network.db")).unwrap();
    }
    Some(fresh)
}

/// A fresh database without any table; none when PostgreSQL is not tested here.
pub fn empty(database: Database) -> Option<Fresh> {
    let folder = tempfile::tempdir().unwrap();
    let url = match database {
        Database::Sqlite => format!("sqlite://{}", folder.path().join("network.db").display()),
        Database::Postgres => postgres::postgres_url()?,
    };
    Some(Fresh { url, folder })
}

/// Migrations run once; each test copies the file.
fn template() -> PathBuf {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("template.db");
        let url = format!("sqlite://{}", path.display());
        let connector = Connector::new(&url, None).unwrap();
        let mut db = connector.open(Use::Administration).unwrap();
        migrate::apply(&mut db).unwrap();
        drop(db);
        (folder, path)
    });
    path.clone()
}

/// Declares tests that run on both databases. Each takes a [`TestApp`](crate::support::app::TestApp).
///
/// ```text
/// both_databases! {
///     fn admits_a_city(app: &TestApp) { … }
/// }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($(fn $name:ident($app:ident: &TestApp) $body:block)*) => {
        $(fn $name($app: &$crate::support::app::TestApp) $body)*

        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&$crate::support::app::TestApp::sqlite());
            })*
        }

        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(app) = $crate::support::app::TestApp::postgres() {
                    super::$name(&app);
                }
            })*
        }
    };
}
