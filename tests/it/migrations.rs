//! The migrations of both databases make the tables that `src/schema.rs` says, in the same order of
//! columns, and can be taken back. What it is not: tests of what the tables hold.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use intercultural_cities::db::connect::Use;
use intercultural_cities::db::{Connector, Db, migrate};

use crate::support::databases::{Database, Fresh, empty};

/// Tables that diesel or the databases keep for themselves.
const NOT_OURS: [&str; 1] = ["__diesel_schema_migrations"];

#[derive(Debug, PartialEq, Eq, Clone)]
struct Column {
    name: String,
    nullable: bool,
}

type Tables = BTreeMap<String, Vec<Column>>;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = BigInt)]
    nullable: i64,
}

/// Columns that have to lead some index: a foreign key's, or an index's own, joined by commas.
#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    columns: String,
}

fn ask<T>(db: &mut Db, sqlite: &str, postgres: &str) -> Vec<T>
where
    T: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
{
    match db {
        Db::Sqlite(connection) => diesel::sql_query(sqlite).load(connection).unwrap(),
        Db::Postgres(connection) => diesel::sql_query(postgres).load(connection).unwrap(),
    }
}

fn tables(db: &mut Db) -> Tables {
    let rows: Vec<ColumnRow> = ask(
        db,
        "SELECT t.name AS table_name, c.name AS column_name, CASE WHEN c.\"notnull\" = 0 THEN 1 ELSE 0 END AS nullable \
         FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid",
        "SELECT table_name::text, column_name::text, CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END::bigint AS nullable \
         FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
    );
    let mut tables = Tables::new();
    for row in rows
        .into_iter()
        .filter(|row| !NOT_OURS.contains(&row.table_name.as_str()))
    {
        tables.entry(row.table_name).or_default().push(Column {
            name: row.column_name,
            nullable: row.nullable == 1,
        });
    }
    tables
}

/// The tables of `src/schema.rs`.
fn declared() -> Tables {
    let text = include_str!("../../src/schema.rs");
    let mut tables = Tables::new();
    for block in text.split("diesel::table! {").skip(1) {
        let mut lines = block
            .lines()
            .map(str::trim)
            .skip_while(|line| !line.ends_with(") {"));
        let name = lines.next().unwrap().split(' ').next().unwrap().to_owned();
        let columns = lines
            .take_while(|line| *line != "}")
            .filter_map(|line| line.split_once(" -> "))
            .map(|(name, kind)| Column {
                name: name.to_owned(),
                nullable: kind.starts_with("Nullable<"),
            })
            .collect();
        tables.insert(name, columns);
    }
    assert!(tables.len() > 30, "schema.rs cannot be read");
    tables
}

fn keys(db: &mut Db) -> (BTreeSet<(String, String)>, Vec<(String, String)>) {
    let foreign: Vec<KeyRow> = ask(
        db,
        "SELECT table_name, group_concat(name, ',') AS columns FROM (\
           SELECT t.name AS table_name, f.id AS id, f.\"from\" AS name FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq\
         ) GROUP BY table_name, id",
        "SELECT c.conrelid::regclass::text AS table_name, string_agg(a.attname, ',' ORDER BY k.place) AS columns \
         FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum \
         WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace GROUP BY c.oid, c.conrelid",
    );
    let indexes: Vec<KeyRow> = ask(
        db,
        "SELECT table_name, group_concat(name, ',') AS columns FROM (\
           SELECT t.name AS table_name, i.name AS index_name, coalesce(c.name, '(expression)') AS name FROM sqlite_schema t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c WHERE t.type = 'table' ORDER BY t.name, i.name, c.seqno\
         ) GROUP BY table_name, index_name",
        "SELECT i.indrelid::regclass::text AS table_name, string_agg(coalesce(a.attname, '(expression)'), ',' ORDER BY k.place) AS columns \
         FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k(attnum, place) \
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0 \
         WHERE r.relnamespace = current_schema()::regnamespace GROUP BY i.indexrelid, i.indrelid",
    );
    let pair = |row: KeyRow| (row.table_name, row.columns);
    (
        foreign.into_iter().map(pair).collect(),
        indexes.into_iter().map(pair).collect(),
    )
}

fn open(database: Database) -> Option<(Fresh, Db)> {
    let fresh = empty(database)?;
    let db = Connector::new(&fresh.url, None)
        .unwrap()
        .open(Use::Administration)
        .unwrap();
    Some((fresh, db))
}

fn up_down_up(database: Database) {
    let Some((_fresh, mut db)) = open(database) else {
        return;
    };
    let pending = migrate::pending(&mut db).unwrap();
    assert!(pending.len() > 3, "{pending:?}");
    assert_eq!(migrate::apply(&mut db).unwrap().len(), pending.len());
    let first = tables(&mut db);
    assert_eq!(migrate::apply(&mut db).unwrap(), [""; 0]);
    assert_eq!(migrate::revert_all(&mut db).unwrap().len(), pending.len());
    assert_eq!(tables(&mut db), Tables::new(), "what down leaves behind");
    migrate::apply(&mut db).unwrap();
    assert_eq!(tables(&mut db), first);
}

fn equals_the_schema(database: Database) {
    let Some((_fresh, mut db)) = open(database) else {
        return;
    };
    migrate::apply(&mut db).unwrap();
    let (found, declared) = (tables(&mut db), declared());
    let names = |tables: &Tables| tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&declared));
    for (table, columns) in &declared {
        let names = |columns: &[Column]| {
            columns
                .iter()
                .map(|column| column.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(&found[table]),
            names(columns),
            "the order of the columns of {table}"
        );
        assert_eq!(&found[table], columns, "{table}");
    }
}

fn foreign_keys_are_indexed(database: Database) {
    let Some((_fresh, mut db)) = open(database) else {
        return;
    };
    migrate::apply(&mut db).unwrap();
    let (foreign, indexes) = keys(&mut db);
    assert!(
        foreign.len() > 20 && indexes.len() > 30,
        "{} {}",
        foreign.len(),
        indexes.len()
    );
    let bare: Vec<_> = foreign
        .iter()
        .filter(|(table, columns)| {
            !indexes.iter().any(|(indexed, by)| {
                indexed == table && (by == columns || by.starts_with(&format!("{columns},")))
            })
        })
        .collect();
    assert!(bare.is_empty(), "foreign keys without an index: {bare:?}");
}

#[test]
fn both_databases_have_the_same_foreign_keys() {
    let found: Vec<BTreeSet<(String, String)>> = [Database::Sqlite, Database::Postgres]
        .into_iter()
        .filter_map(open)
        .map(|(_fresh, mut db)| {
            migrate::apply(&mut db).unwrap();
            keys(&mut db).0
        })
        .collect();
    if let [sqlite, postgres] = &found[..] {
        let different: Vec<_> = sqlite.symmetric_difference(postgres).collect();
        assert!(different.is_empty(), "only in one database: {different:?}");
    }
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    let names = |database: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(database);
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(super::Database::Sqlite);
            })*
        }

        mod postgres {
            $(#[test]
            fn $name() {
                super::$name(super::Database::Postgres);
            })*
        }
    };
}

on_both! { up_down_up equals_the_schema foreign_keys_are_indexed }
