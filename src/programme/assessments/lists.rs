//! Pages of assessments. What it is not: single ones (`store`).

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::{Bind, Sql};
use crate::kernel::error::Result;
use crate::kernel::ids::{AssessmentId, CityId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::sql_types::{Stamp, Uid};
use crate::programme::assessments::model::{Assessment, AssessmentFilter};
use crate::programme::assessments::store::RowType;

const SOURCE: Source = Source {
    columns: "assessments",
    from: "assessments",
    id: "assessments.id",
    parent: "assessments.city_id",
};

/// Which of a city's assessments a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// All: for those who see what the city does.
    All,
    /// Those that everybody may see.
    Published,
}

/// A page of the assessments inside the scope and of those that everybody may see.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &AssessmentFilter,
    page: &Page,
) -> Result<Listed<Assessment>> {
    listing::list::<RowType, Assessment>(db, &SOURCE, inside(filter, scope), &order(), page)
}

/// How many there are.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &AssessmentFilter) -> Result<i64> {
    listing::count(db, &SOURCE, inside(filter, scope))
}

/// A page of the assessments of each city.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_of(
    db: &mut Db,
    of: Of,
    cities: &[Uuid],
    filter: &AssessmentFilter,
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Assessment>>> {
    let conditions = visible(filter, of);
    listing::list_for::<RowType, Assessment>(db, &SOURCE, cities, conditions, &order(), page)
}

/// How many assessments each city has.
///
/// # Errors
/// What the database says.
pub fn count_of(
    db: &mut Db,
    of: Of,
    cities: &[Uuid],
    filter: &AssessmentFilter,
) -> Result<HashMap<Uuid, i64>> {
    listing::count_for(db, &SOURCE, cities, visible(filter, of))
}

/// The assessments that were published in these days and still are.
///
/// # Errors
/// What the database says.
pub fn published_between(
    db: &mut Db,
    from: NaiveDate,
    before: NaiveDate,
) -> Result<Vec<AssessmentId>> {
    let statement = Sql::new("SELECT assessments.id FROM assessments WHERE assessments.status = 'PUBLISHED' AND assessments.published_on >= ")
        .bind_date(from)
        .text(" AND assessments.published_on < ")
        .bind_date(before)
        .text(" ORDER BY assessments.published_on, assessments.id");
    Ok(statement.load::<Uid, AssessmentId>(db)?)
}

/// The assessments that wait for approval, by the moment they were submitted: a part of them.
///
/// # Errors
/// What the database says.
pub fn waiting(db: &mut Db, part: &Part) -> Result<Vec<(AssessmentId, CityId, Instant)>> {
    merged::load::<(Uid, Uid, Stamp), _>(db, waiting_candidates(), part)
}

/// How many there are, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_waiting(db: &mut Db, cities: Option<&[Uuid]>) -> Result<i64> {
    merged::count(db, waiting_candidates(), cities)
}

fn waiting_candidates() -> Candidates {
    Candidates(Sql::new(
        "SELECT a.id, a.city_id, a.submitted_at AS since FROM assessments a WHERE a.status = 'SUBMITTED'",
    ))
}

/// How a list of assessments is sorted: the latest first.
#[must_use]
pub fn order() -> Order<Assessment> {
    Order {
        keys: vec![OrderKey {
            column: "assessments.taken_on",
            descending: true,
            nullable: false,
            kind: KeyKind::Date,
            value: |assessment| KeyValue::Date(assessment.taken_on),
        }],
        id: |assessment| assessment.id.uuid(),
    }
}

fn inside(filter: &AssessmentFilter, scope: &Scope) -> Conditions {
    match scope {
        Scope::All => conditions(filter),
        Scope::Own { .. } => conditions(filter).and(
            Sql::new("(assessments.status = 'PUBLISHED' OR assessments.city_id")
                .in_uids(scope.city_keys())
                .text(")"),
        ),
    }
}

fn visible(filter: &AssessmentFilter, of: Of) -> Conditions {
    match of {
        Of::All => conditions(filter),
        Of::Published => conditions(filter).and(Sql::new("assessments.status = 'PUBLISHED'")),
    }
}

fn conditions(filter: &AssessmentFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("assessments.status").in_texts(words));
    }
    if let Some(cities) = &filter.city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("assessments.city_id").in_uids(keys));
    }
    let bounds = [
        filter
            .questionnaire
            .map(|id| ("assessments.questionnaire_id = ", Bind::Uid(id.uuid()))),
        filter
            .taken_from
            .map(|day| ("assessments.taken_on >= ", Bind::Date(day))),
        filter
            .taken_before
            .map(|day| ("assessments.taken_on < ", Bind::Date(day))),
        filter
            .updated_from
            .map(|at| ("assessments.updated_at >= ", Bind::Stamp(at))),
        filter
            .updated_before
            .map(|at| ("assessments.updated_at < ", Bind::Stamp(at))),
    ];
    bounds
        .into_iter()
        .flatten()
        .fold(conditions, |conditions, (text, bind)| {
            conditions.and(Sql::new(text).bind(bind))
        })
}
