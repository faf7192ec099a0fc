//! A list whose rows come from several statements: each gives what stands behind the list's cursor, in
//! the list's order and never more than a page, so that the merge in memory is as short as the page.
//! What it is not: the merge itself, nor lists of one table; those are in `listing.rs`.

use diesel::prelude::*;
use diesel::query_dsl::methods::LoadQuery;
use uuid::Uuid;

use crate::db::Db;
use crate::db::sql::{Bind, Sql, Typed};
use crate::kernel::error::Result;

/// What one of the statements finds: a SELECT with a WHERE, without an order or a limit, of rows of
/// which the first three columns are `id`, `city_id` and `since`, the key that they are ordered by.
#[derive(Debug, Clone)]
pub struct Candidates(pub Sql);

/// Where the rows of a part begin or end.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The key, of the kind of the candidates' `since`.
    pub since: Bind,
    /// The id among rows with the same key.
    pub id: Uuid,
}

/// The part of the candidates that a page of the merged list can need.
#[derive(Debug, Clone)]
pub struct Part {
    /// Only rows about these cities.
    pub cities: Option<Vec<Uuid>>,
    /// Only rows behind it.
    pub after: Option<Bound>,
    /// Only rows before it.
    pub before: Option<Bound>,
    /// From the end: the last rows, the last one first.
    pub backward: bool,
    /// At most so many rows.
    pub limit: i64,
}

/// The rows of a part, in the order that the part is read in.
///
/// # Errors
/// What the database says.
pub fn load<ST, R>(db: &mut Db, candidates: Candidates, part: &Part) -> Result<Vec<R>>
where
    Typed<ST>: for<'q> LoadQuery<'q, PgConnection, R> + for<'q> LoadQuery<'q, SqliteConnection, R>,
{
    let mut statement = among(
        Sql::new("SELECT found.* FROM ("),
        candidates,
        part.cities.as_deref(),
    );
    let bounds = [(&part.after, ") > ("), (&part.before, ") < (")];
    for (bound, comparison) in bounds {
        if let Some(Bound { since, id }) = bound {
            statement = statement
                .text(" AND (found.since, found.id")
                .text(comparison)
                .bind(since.clone())
                .text(", ")
                .bind_uid(*id)
                .text(")");
        }
    }
    let order = if part.backward {
        " ORDER BY found.since DESC, found.id DESC LIMIT "
    } else {
        " ORDER BY found.since, found.id LIMIT "
    };
    Ok(statement
        .text(order)
        .bind_int(part.limit)
        .load::<ST, R>(db)?)
}

/// How many candidates there are, about these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, candidates: Candidates, cities: Option<&[Uuid]>) -> Result<i64> {
    let counted = Sql::new("SELECT count(*) FROM (");
    Ok(among(counted, candidates, cities).number(db)?)
}

/// Both databases look through this parenthesis, so the indexes behind the candidates are used.
fn among(statement: Sql, Candidates(candidates): Candidates, cities: Option<&[Uuid]>) -> Sql {
    let statement = statement
        .append(candidates)
        .text(") AS found WHERE found.since IS NOT NULL");
    match cities {
        None => statement,
        Some(cities) => statement
            .text(" AND found.city_id")
            .in_uids(cities.to_vec()),
    }
}
