//! Taking over a row of an import as an expert: the person is found as in an import of people, and
//! a person is an expert once. What it is not: the reading of the row.

use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::adoption::{Adopted, Given};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, ExpertId};
use crate::kernel::policy_area::PolicyArea;
use crate::registry::experts::model::{ExpertKind, ExpertTerms};
use crate::registry::experts::{actions, store};
use crate::registry::people::{self, PersonRow};

/// What a row says of an expert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpertRow {
    /// The expert, when the row names it.
    pub id: Option<ExpertId>,
    /// Who. The row of an expert has no kind of person; the one who reads it chooses.
    pub person: PersonRow,
    /// Where the expert comes from.
    pub kind: ExpertKind,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// The policy areas the expert knows.
    pub policy_areas: Given<Vec<PolicyArea>>,
    /// Whom the expert works for.
    pub organisation: Given<String>,
    /// Where the expert lives or works.
    pub home_city: Given<CityId>,
    /// The first day on which the expert can be planned.
    pub available_from: Given<NaiveDate>,
    /// The last such day.
    pub last_available: Given<NaiveDate>,
}

/// Takes over a row: registers the expert, revises the record, or finds that nothing changed.
///
/// # Errors
/// `NotFound` for an unknown id; refused as an expert or a person.
pub fn adopt(tx: &mut Tx<'_>, row: &ExpertRow) -> Result<Adopted<ExpertId>> {
    tx.viewer.permit(Permission::RegisterPeople)?;

    let named = match row.id {
        Some(id) => Some(store::lock(tx, id)?.record),
        None => None,
    };
    let person = PersonRow {
        id: named
            .as_ref()
            .map(|named| named.person_id)
            .or(row.person.id),
        ..row.person.clone()
    };
    let adopted = people::adopt(tx, &person)?;
    let known = match named {
        Some(named) => Some(named),
        None => store::find_of_person(tx.db, adopted.id())?,
    };

    let Some(known) = known else {
        let terms = ExpertTerms {
            kind: row.kind,
            languages: row.languages.clone(),
            policy_areas: row.policy_areas.onto(None).unwrap_or_default(),
            organisation: row.organisation.onto(None),
            home_city_id: row.home_city.onto(None),
            available_from: row.available_from.onto(None),
            last_available: row.last_available.onto(None),
        };
        let terms = actions::checked(tx, &terms)?;
        return Ok(Adopted::Created(actions::enlist(tx, adopted.id(), terms)?));
    };
    let known_areas = known.policy_areas()?;
    let known_last = known.available_until.and_then(|until| until.pred_opt());
    let terms = ExpertTerms {
        kind: row.kind,
        languages: row.languages.clone(),
        policy_areas: row.policy_areas.onto(Some(known_areas)).unwrap_or_default(),
        organisation: row.organisation.onto(known.organisation.clone()),
        home_city_id: row.home_city.onto(known.home_city_id),
        available_from: row.available_from.onto(known.available_from),
        last_available: row.last_available.onto(known_last),
    };
    let terms = actions::checked(tx, &terms)?;
    let revised = actions::written(known.clone(), terms)?;
    if revised == known {
        return Ok(match adopted {
            Adopted::Unchanged(_) => Adopted::Unchanged(known.id),
            Adopted::Created(_) | Adopted::Updated(_) => Adopted::Updated(known.id),
        });
    }

    Ok(Adopted::Updated(actions::replace(tx, revised)?))
}
