//! SQL types that both databases store natively: a UUID (`uuid`, `BLOB`), an instant
//! (`timestamptz`, microseconds in an `INTEGER`), a JSON document (`jsonb`, `TEXT`). diesel has
//! these for PostgreSQL only, and the orphan rule forbids to teach its own to SQLite.
//! What it is not: their encoding, which is in `db/types.rs`.

use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;

/// A UUID.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Uid;

/// A UTC instant with microseconds.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Stamp;

/// A JSON document.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Doc;
