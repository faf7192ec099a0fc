//! Pages of documents. What it is not: single ones (`store`).

use chrono::NaiveDate;
use diesel::sql_types::Date;
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::{Bind, Sql};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, DocumentId, Id};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::sql_types::Uid;
use crate::programme::documents::model::{Document, DocumentFilter};
use crate::programme::documents::store::RowType;

const SOURCE: Source = Source {
    columns: "documents",
    from: "documents",
    id: "documents.id",
    parent: "documents.city_id",
};

/// A page of the documents that the viewer may see, the latest first.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    viewer: &Viewer,
    filter: &DocumentFilter,
    page: &Page,
) -> Result<Listed<Document>> {
    let conditions = conditions(viewer, filter);
    listing::list::<RowType, Document>(db, &SOURCE, conditions, &order(), page)
}

/// How many there are.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, viewer: &Viewer, filter: &DocumentFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(viewer, filter))
}

/// The documents of which the city's time to check the facts is over without a word, by its last day: a part
/// of them.
///
/// # Errors
/// What the database says.
pub fn unanswered(
    db: &mut Db,
    today: NaiveDate,
    part: &Part,
) -> Result<Vec<(DocumentId, CityId, NaiveDate)>> {
    merged::load::<(Uid, Uid, Date), _>(db, unanswered_candidates(today), part)
}

/// How many there are, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_unanswered(db: &mut Db, today: NaiveDate, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, unanswered_candidates(today), cities)
}

fn unanswered_candidates(today: NaiveDate) -> Candidates {
    Candidates(
        Sql::new(
            "SELECT d.id, d.city_id, d.fact_check_until AS since FROM documents d \
             WHERE d.status = 'FACT_CHECK' AND d.checked_at IS NULL AND d.fact_check_until < ",
        )
        .bind_date(today),
    )
}

/// How a list of documents is sorted: the latest first.
#[must_use]
pub fn order() -> Order<Document> {
    Order {
        keys: vec![OrderKey {
            column: "documents.created_at",
            descending: true,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |document| KeyValue::Stamp(document.created_at),
        }],
        id: |document| document.id.uuid(),
    }
}

/// What [`super::rules::last_edition`] says of one document, for many; states are those that the viewer
/// reads.
fn conditions(viewer: &Viewer, filter: &DocumentFilter) -> Conditions {
    let mut conditions = Conditions::none();
    let writes = viewer.may(Permission::WriteDocuments);
    if !writes {
        let seen = match viewer.scope(Permission::SeeProgramme) {
            Scope::All => Sql::new(
                "(documents.published_edition IS NOT NULL OR documents.shown_edition IS NOT NULL)",
            ),
            scope @ Scope::Own { .. } => Sql::new(
                "(documents.published_edition IS NOT NULL OR (documents.shown_edition IS NOT NULL AND documents.city_id",
            )
            .in_uids(scope.city_keys())
            .text("))"),
        };
        conditions = conditions
            .and(Sql::new("documents.status <> 'WITHDRAWN'"))
            .and(seen);
    }
    if let Some(cities) = &filter.city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("documents.city_id").in_uids(keys));
    }
    if let Some(kinds) = &filter.kind {
        let words = kinds.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("documents.kind").in_texts(words));
    }
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(status(viewer, writes).in_texts(words));
    }
    if let Some(before) = filter.check_before {
        conditions = conditions.and(
            Sql::new("documents.status = 'FACT_CHECK' AND documents.fact_check_until < ")
                .bind_date(before),
        );
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("documents.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions = conditions.and(Sql::new("documents.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

/// How far a document is for the viewer, as [`super::rules::status_for`] says it of one.
fn status(viewer: &Viewer, writes: bool) -> Sql {
    match viewer.scope(Permission::SeeProgramme) {
        _ if writes => Sql::new("documents.status"),
        Scope::All => Sql::new("documents.status"),
        scope @ Scope::Own { .. } => Sql::new("CASE WHEN documents.city_id")
            .in_uids(scope.city_keys())
            .text(" THEN documents.status ELSE 'PUBLISHED' END"),
    }
}
