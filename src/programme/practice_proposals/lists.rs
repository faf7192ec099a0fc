//! Pages of proposals. What it is not: single ones (`store`).

use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::{Bind, Sql};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PracticeProposalId};
use crate::kernel::instant::Instant;
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::sql_types::{Stamp, Uid};
use crate::programme::practice_proposals::model::{PracticeProposal, ProposalFilter};
use crate::programme::practice_proposals::store::RowType;

const SOURCE: Source = Source {
    columns: "practice_proposals",
    from: "practice_proposals",
    id: "practice_proposals.id",
    parent: "practice_proposals.city_id",
};

/// A page of the proposals inside the scope, the latest first.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    filter: &ProposalFilter,
    page: &Page,
) -> Result<Listed<PracticeProposal>> {
    let conditions = conditions(scope, filter);
    listing::list::<RowType, PracticeProposal>(db, &SOURCE, conditions, &order(), page)
}

/// How many there are.
///
/// # Errors
/// What the database says.
pub fn count(db: &mut Db, scope: &Scope, filter: &ProposalFilter) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, filter))
}

/// The proposals of registered cities that wait for somebody to look at them, by the moment they were handed
/// in: a part of them.
///
/// # Errors
/// What the database says.
pub fn waiting(db: &mut Db, part: &Part) -> Result<Vec<(PracticeProposalId, CityId, Instant)>> {
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
        "SELECT p.id, p.city_id, p.submitted_at AS since FROM practice_proposals p WHERE p.status = 'SUBMITTED' AND p.city_id IS NOT NULL",
    ))
}

/// How a list of proposals is sorted: the latest first.
#[must_use]
pub fn order() -> Order<PracticeProposal> {
    Order {
        keys: vec![OrderKey {
            column: "practice_proposals.created_at",
            descending: true,
            nullable: false,
            kind: KeyKind::Stamp,
            value: |proposal| KeyValue::Stamp(proposal.created_at),
        }],
        id: |proposal| proposal.id.uuid(),
    }
}

fn conditions(scope: &Scope, filter: &ProposalFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Scope::Own { .. } = scope {
        conditions =
            conditions.and(Sql::new("practice_proposals.city_id").in_uids(scope.city_keys()));
    }
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(Sql::new("practice_proposals.status").in_texts(words));
    }
    if let Some(cities) = &filter.city {
        let keys = cities.iter().map(|city| city.uuid()).collect();
        conditions = conditions.and(Sql::new("practice_proposals.city_id").in_uids(keys));
    }
    if let Some(from) = filter.updated_from {
        conditions =
            conditions.and(Sql::new("practice_proposals.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions =
            conditions.and(Sql::new("practice_proposals.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}
