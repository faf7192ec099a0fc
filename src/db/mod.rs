//! The database: one connection type over SQLite and PostgreSQL, transactions, and what every
//! `store.rs` needs to say a query once for both. What it is not: queries; those are in the
//! `store.rs` of each slice.

#[expect(
    missing_docs,
    clippy::disallowed_methods,
    reason = "written by diesel's derive"
)]
mod backends;
pub mod bulk;
pub mod connect;
pub mod constraint;
mod keyset;
pub mod listing;
pub mod merged;
pub mod migrate;
mod order_tag;
pub mod references;
pub mod snapshot_id;
pub mod sql;
pub mod tx;
mod types;
pub mod workers;

pub use backends::*;
pub use connect::Connector;
pub use tx::{Mode, Tx};

impl Db {
    /// Whether the other end can go away while the connection lies idle: a server can, a file not.
    #[must_use]
    pub fn may_die_idle(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Postgres(_) => "Db::Postgres",
            Self::Sqlite(_) => "Db::Sqlite",
        })
    }
}

/// Compiles one expression for each database, natively typed: for what `MultiConnection` cannot
/// say (upserts, many rows in one insert).
#[macro_export]
macro_rules! on_backend {
    ($db:expr, $connection:ident => $run:expr) => {
        match $db {
            $crate::db::Db::Postgres($connection) => $run,
            $crate::db::Db::Sqlite($connection) => $run,
        }
    };
}
